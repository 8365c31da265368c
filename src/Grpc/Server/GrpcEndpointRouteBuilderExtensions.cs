using Grpc.AspNetCore.Server;
using Grpc.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts conventions, such as authorization, on all methods of a service.</summary>
public sealed class GrpcServiceEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly IReadOnlyList<IEndpointConventionBuilder> _endpoints;

    internal GrpcServiceEndpointConventionBuilder(IReadOnlyList<IEndpointConventionBuilder> endpoints) => _endpoints = endpoints;

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (var endpoint in _endpoints) endpoint.Add(convention);
    }
}

/// <summary>Maps services to endpoints.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Maps the methods of a service whose base class was generated from a .proto.</summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder) where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.ServiceProvider;
        var marker = services.GetService<GrpcMarker>()
            ?? throw new InvalidOperationException("Unable to find the required services: call IServiceCollection.AddGrpc() when the services are configured.");
        var general = services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        var own = services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value;
        var environment = new ServerCallEnvironment(
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IHostApplicationLifetime>(),
            services.GetRequiredService<IOptions<GrpcDrainOptions>>().Value.StreamGrace,
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Server"));

        var binder = new ServiceBinder<TService>(builder, MethodSettings.Merge(general, own), environment);
        binder.Bind();
        foreach (var name in binder.ServiceNames)
        {
            binder.Endpoints.Add(MapUnimplemented(builder, $"/{name}/{{unimplementedMethod}}", "unimplementedMethod", "Method is unimplemented.", environment.Log));
        }

        if (!marker.UnknownServicesMapped && general.IgnoreUnknownServices is not true)
        {
            marker.UnknownServicesMapped = true;
            MapUnimplemented(builder, "/{unimplementedService}/{unimplementedMethod}", "unimplementedService", "Service is unimplemented.", environment.Log);
        }

        return new GrpcServiceEndpointConventionBuilder(binder.Endpoints);
    }

    private static IEndpointConventionBuilder MapUnimplemented(IEndpointRouteBuilder builder, string pattern, string parameter, string detail, ILogger log)
    {
        var policies = new RouteValueDictionary { [parameter] = new GrpcCallConstraint() };
        var endpoint = builder.Map(RoutePatternFactory.Parse(pattern, defaults: null, parameterPolicies: policies), UnimplementedEndpoint.For(detail, log));
        endpoint.Add(e =>
        {
            e.DisplayName = $"gRPC - {detail}";
            e.Metadata.Add(new HttpMethodMetadata([HttpMethods.Post]));
        });
        return endpoint;
    }
}
