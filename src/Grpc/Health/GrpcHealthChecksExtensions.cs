using Grpc.AspNetCore.HealthChecks;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Adds the health service.</summary>
    public static class GrpcHealthChecksServiceExtensions
    {
        /// <summary>Adds the health service; the builder takes the checks.</summary>
        public static IHealthChecksBuilder AddGrpcHealthChecks(this IServiceCollection services)
        {
            ArgumentNullException.ThrowIfNull(services);
            services.TryAddSingleton<HealthBoard>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthCheckPublisher, HealthBoard>(s => s.GetRequiredService<HealthBoard>()));
            services.Configure<GrpcHealthChecksOptions>(o =>
            {
                if (!o.Services.TryGet("", out _)) o.Services.Map("", _ => true);
            });
            return services.AddHealthChecks();
        }

        /// <summary>Adds the health service with a mapping of its own.</summary>
        public static IHealthChecksBuilder AddGrpcHealthChecks(this IServiceCollection services, Action<GrpcHealthChecksOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(configure);
            var builder = services.AddGrpcHealthChecks();
            services.Configure(configure);
            return builder;
        }
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Maps the health service.</summary>
    public static class GrpcHealthChecksEndpointRouteBuilderExtensions
    {
        /// <summary>Maps grpc.health.v1.Health; needs <c>AddGrpc</c> and <c>AddGrpcHealthChecks</c>.</summary>
        public static GrpcServiceEndpointConventionBuilder MapGrpcHealthChecksService(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<HealthService>();
    }
}
