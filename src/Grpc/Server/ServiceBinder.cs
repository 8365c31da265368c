using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grpc.AspNetCore.Server;

/// <summary>On the endpoint of a method: which it is, and which service serves it.</summary>
/// <param name="serviceType">The service.</param>
/// <param name="method">The method.</param>
public sealed class GrpcMethodMetadata(Type serviceType, IMethod method)
{
    /// <summary>The service.</summary>
    public Type ServiceType { get; } = serviceType;

    /// <summary>The method.</summary>
    public IMethod Method { get; } = method;
}

/// <summary>Receives a service's methods from its generated code and maps each to an endpoint.</summary>
internal sealed class ServiceBinder<TService>(IEndpointRouteBuilder endpoints, MethodSettings settings, ServerCallEnvironment environment) : ServiceBinderBase
    where TService : class
{
    internal List<IEndpointConventionBuilder> Endpoints { get; } = [];

    internal HashSet<string> ServiceNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Has the generated code that stands behind <typeparamref name="TService"/> name its methods.</summary>
    internal void Bind()
    {
        var attribute = typeof(TService).GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
            ?? throw new InvalidOperationException($"{typeof(TService)} has no generated base class: no [BindServiceMethod] was found on it or above.");
        var generatedBase = typeof(TService);
        while (generatedBase.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is null) generatedBase = generatedBase.BaseType!;
        var bind = attribute.BindType.GetMethod(attribute.BindMethodName, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static, [typeof(ServiceBinderBase), generatedBase])
            ?? throw new InvalidOperationException($"{attribute.BindType} has no method {attribute.BindMethodName}(ServiceBinderBase, {generatedBase.Name}).");
        bind.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [this, null], null);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Find(method, typeof(TRequest), typeof(ServerCallContext));
        var serve = implementation.CreateDelegate<UnaryServiceMethod<TService, TRequest, TResponse>>();
        Map(method, implementation, new UnaryHandler<TService, TRequest, TResponse>(method, serve, settings, environment));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Find(method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        var serve = implementation.CreateDelegate<ClientStreamingServiceMethod<TService, TRequest, TResponse>>();
        Map(method, implementation, new ClientStreamingHandler<TService, TRequest, TResponse>(method, serve, settings, environment));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Find(method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var serve = implementation.CreateDelegate<ServerStreamingServiceMethod<TService, TRequest, TResponse>>();
        Map(method, implementation, new ServerStreamingHandler<TService, TRequest, TResponse>(method, serve, settings, environment));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Find(method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var serve = implementation.CreateDelegate<DuplexServiceMethod<TService, TRequest, TResponse>>();
        Map(method, implementation, new DuplexHandler<TService, TRequest, TResponse>(method, serve, settings, environment));
    }

    private static MethodInfo Find(IMethod method, params Type[] parameters) =>
        typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
            ?? throw new InvalidOperationException($"{typeof(TService)} has no method {method.Name} for {method.FullName}.");

    private void Map(IMethod method, MethodInfo implementation, CallHandler handler)
    {
        ServiceNames.Add(method.ServiceName);
        var endpoint = endpoints.Map(RoutePatternFactory.Parse(method.FullName), handler.HandleAsync);
        endpoint.Add(builder =>
        {
            builder.DisplayName = $"gRPC - {method.FullName}";
            builder.Metadata.Add(new GrpcMethodMetadata(typeof(TService), method));
            foreach (var attribute in typeof(TService).GetCustomAttributes(inherit: true)) builder.Metadata.Add(attribute);
            // Those of the method come last, so that they win over the service's.
            foreach (var attribute in implementation.GetCustomAttributes(inherit: true)) builder.Metadata.Add(attribute);
            builder.Metadata.Add(new HttpMethodMetadata([HttpMethods.Post], acceptCorsPreflight: true));
        });
        Endpoints.Add(endpoint);
    }
}
