using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Serves one method: request in, interceptors and service, response out.</summary>
internal abstract class CallHandler(IMethod method, MethodSettings settings, ServerCallEnvironment environment)
{
    protected abstract Task RunAsync(ServerCall call);

    internal async Task HandleAsync(HttpContext http)
    {
        if (!RequestGate.TryAdmit(http, environment.Log, out var isWeb)) return;
        LiftRequestLimits(http);
        using var call = new ServerCall(http, method, settings, environment, isWeb);
        try
        {
            call.Begin();
            await RunAsync(call);
            await call.EndAsync(call.Status);
        }
        catch (Exception e)
        {
            // The outermost handler of the call: every exception becomes a status.
            await FailAsync(call, http, e);
        }
    }

    private async Task FailAsync(ServerCall call, HttpContext http, Exception exception)
    {
        try
        {
            await call.FailAsync(exception);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left while it was being told.
            ServerLog.EndNotSent(environment.Log, method.FullName, e);
        }
    }

    // Messages have a limit of their own, and a stream may be silent for hours; a single request still has to arrive at the host's rate.
    private void LiftRequestLimits(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming && http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}

/// <summary>Makes what a call needs from the request's services, and disposes what the services did not make.</summary>
internal readonly struct Activated<T>(T instance, bool owned) : IAsyncDisposable where T : class
{
    internal T Instance { get; } = instance;

    internal static Activated<T> Make(IServiceProvider services, Type type, object[] arguments, ObjectFactory? factory)
    {
        if (arguments.Length == 0 && services.GetService(type) is T known) return new Activated<T>(known, owned: false);
        return new Activated<T>((T)(factory is null ? ActivatorUtilities.CreateInstance(services, type, arguments) : factory(services, arguments)), owned: true);
    }

    public ValueTask DisposeAsync()
    {
        if (!owned) return ValueTask.CompletedTask;
        if (Instance is IAsyncDisposable asynchronous) return asynchronous.DisposeAsync();
        (Instance as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}

internal delegate Task<TResponse> UnaryServiceMethod<in TService, in TRequest, TResponse>(TService service, TRequest request, ServerCallContext context);

internal delegate Task<TResponse> ClientStreamingServiceMethod<in TService, TRequest, TResponse>(TService service, IAsyncStreamReader<TRequest> requests, ServerCallContext context);

internal delegate Task ServerStreamingServiceMethod<in TService, in TRequest, TResponse>(TService service, TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context);

internal delegate Task DuplexServiceMethod<in TService, TRequest, TResponse>(TService service, IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context);

/// <summary>Wraps interceptors around a handler, the first registered outermost; built once per method.</summary>
internal static class InterceptorChain
{
    internal static THandler Wrap<THandler>(IReadOnlyList<InterceptorRegistration> interceptors, THandler innermost, Func<InterceptorRegistration, THandler, THandler> wrap)
    {
        var handler = innermost;
        for (var i = interceptors.Count - 1; i >= 0; i--) handler = wrap(interceptors[i], handler);
        return handler;
    }

    internal static Activated<Interceptor> Make(InterceptorRegistration registration, ServerCallContext context) =>
        Activated<Interceptor>.Make(context.GetHttpContext().RequestServices, registration.Type, registration.ArgumentArray, factory: null);
}

/// <summary>Makes service instances, from the request's services or by its constructor.</summary>
internal static class ServiceActivator<TService> where TService : class
{
    private static readonly ObjectFactory Factory = ActivatorUtilities.CreateFactory(typeof(TService), []);

    internal static Activated<TService> Make(ServerCallContext context) =>
        Activated<TService>.Make(context.GetHttpContext().RequestServices, typeof(TService), [], Factory);
}

internal sealed class UnaryHandler<TService, TRequest, TResponse> : CallHandler where TService : class where TRequest : class where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly UnaryServerMethod<TRequest, TResponse> _chain;

    internal UnaryHandler(Method<TRequest, TResponse> method, UnaryServiceMethod<TService, TRequest, TResponse> serve, MethodSettings settings, ServerCallEnvironment environment)
        : base(method, settings, environment)
    {
        _method = method;
        _chain = InterceptorChain.Wrap<UnaryServerMethod<TRequest, TResponse>>(
            settings.Interceptors,
            async (request, context) =>
            {
                await using var service = ServiceActivator<TService>.Make(context);
                return await serve(service.Instance, request, context);
            },
            (registration, next) => async (request, context) =>
            {
                await using var interceptor = InterceptorChain.Make(registration, context);
                return await interceptor.Instance.UnaryServerHandler(request, context, next);
            });
    }

    protected override async Task RunAsync(ServerCall call)
    {
        var request = await call.ReadSingleAsync(_method.RequestMarshaller);
        call.BufferResponse(_method, await _chain(request, call));
    }
}

internal sealed class ClientStreamingHandler<TService, TRequest, TResponse> : CallHandler where TService : class where TRequest : class where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly ClientStreamingServerMethod<TRequest, TResponse> _chain;

    internal ClientStreamingHandler(Method<TRequest, TResponse> method, ClientStreamingServiceMethod<TService, TRequest, TResponse> serve, MethodSettings settings, ServerCallEnvironment environment)
        : base(method, settings, environment)
    {
        _method = method;
        _chain = InterceptorChain.Wrap<ClientStreamingServerMethod<TRequest, TResponse>>(
            settings.Interceptors,
            async (requests, context) =>
            {
                await using var service = ServiceActivator<TService>.Make(context);
                return await serve(service.Instance, requests, context);
            },
            (registration, next) => async (requests, context) =>
            {
                await using var interceptor = InterceptorChain.Make(registration, context);
                return await interceptor.Instance.ClientStreamingServerHandler(requests, context, next);
            });
    }

    protected override async Task RunAsync(ServerCall call) =>
        call.BufferResponse(_method, await _chain(new ServerStreamReader<TRequest>(call, _method.RequestMarshaller), call));
}

internal sealed class ServerStreamingHandler<TService, TRequest, TResponse> : CallHandler where TService : class where TRequest : class where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly ServerStreamingServerMethod<TRequest, TResponse> _chain;

    internal ServerStreamingHandler(Method<TRequest, TResponse> method, ServerStreamingServiceMethod<TService, TRequest, TResponse> serve, MethodSettings settings, ServerCallEnvironment environment)
        : base(method, settings, environment)
    {
        _method = method;
        _chain = InterceptorChain.Wrap<ServerStreamingServerMethod<TRequest, TResponse>>(
            settings.Interceptors,
            async (request, responses, context) =>
            {
                await using var service = ServiceActivator<TService>.Make(context);
                await serve(service.Instance, request, responses, context);
            },
            (registration, next) => async (request, responses, context) =>
            {
                await using var interceptor = InterceptorChain.Make(registration, context);
                await interceptor.Instance.ServerStreamingServerHandler(request, responses, context, next);
            });
    }

    protected override async Task RunAsync(ServerCall call)
    {
        var request = await call.ReadSingleAsync(_method.RequestMarshaller);
        await _chain(request, new ServerStreamWriter<TResponse>(call, _method.ResponseMarshaller), call);
    }
}

internal sealed class DuplexHandler<TService, TRequest, TResponse> : CallHandler where TService : class where TRequest : class where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly DuplexStreamingServerMethod<TRequest, TResponse> _chain;

    internal DuplexHandler(Method<TRequest, TResponse> method, DuplexServiceMethod<TService, TRequest, TResponse> serve, MethodSettings settings, ServerCallEnvironment environment)
        : base(method, settings, environment)
    {
        _method = method;
        _chain = InterceptorChain.Wrap<DuplexStreamingServerMethod<TRequest, TResponse>>(
            settings.Interceptors,
            async (requests, responses, context) =>
            {
                await using var service = ServiceActivator<TService>.Make(context);
                await serve(service.Instance, requests, responses, context);
            },
            (registration, next) => async (requests, responses, context) =>
            {
                await using var interceptor = InterceptorChain.Make(registration, context);
                await interceptor.Instance.DuplexStreamingServerHandler(requests, responses, context, next);
            });
    }

    protected override Task RunAsync(ServerCall call) =>
        _chain(new ServerStreamReader<TRequest>(call, _method.RequestMarshaller), new ServerStreamWriter<TResponse>(call, _method.ResponseMarshaller), call);
}
