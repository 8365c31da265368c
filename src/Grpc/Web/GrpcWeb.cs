using Grpc.AspNetCore.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Web
{
    /// <summary>Which services browsers may call.</summary>
    public class GrpcWebOptions
    {
        /// <summary>True for all services but those that say otherwise; false, the default, for those with <c>EnableGrpcWeb</c> only.</summary>
        public bool DefaultEnabled { get; set; }
    }

    /// <summary>On an endpoint: whether browsers may call it.</summary>
    public interface IGrpcWebEnabledMetadata
    {
        /// <summary>Whether they may.</summary>
        bool GrpcWebEnabled { get; }
    }

    /// <summary>Lets browsers call a service or method.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
    public sealed class EnableGrpcWebAttribute : Attribute, IGrpcWebEnabledMetadata
    {
        /// <inheritdoc/>
        public bool GrpcWebEnabled => true;
    }

    /// <summary>Keeps browsers from a service or method.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
    public sealed class DisableGrpcWebAttribute : Attribute, IGrpcWebEnabledMetadata
    {
        /// <inheritdoc/>
        public bool GrpcWebEnabled => false;
    }

    /// <summary>Left on a request by the middleware: this endpoint takes gRPC-Web.</summary>
    internal sealed class GrpcWebFeature
    {
        internal static readonly GrpcWebFeature Enabled = new();
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Turns gRPC-Web on.</summary>
    public static class GrpcWebApplicationBuilderExtensions
    {
        /// <summary>Lets the services with <c>EnableGrpcWeb</c> take gRPC-Web. Between routing and endpoints.</summary>
        public static IApplicationBuilder UseGrpcWeb(this IApplicationBuilder builder) => builder.UseGrpcWeb(new GrpcWebOptions());

        /// <summary>Lets services take gRPC-Web. Between routing and endpoints.</summary>
        public static IApplicationBuilder UseGrpcWeb(this IApplicationBuilder builder, GrpcWebOptions options)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentNullException.ThrowIfNull(options);
            var byDefault = options.DefaultEnabled;
            return builder.Use(next => http =>
            {
                if (Grpc.AspNetCore.Server.RequestGate.IsGrpcWeb(http.Request.ContentType)
                    && (http.GetEndpoint()?.Metadata.GetMetadata<IGrpcWebEnabledMetadata>()?.GrpcWebEnabled ?? byDefault))
                {
                    http.Features.Set(GrpcWebFeature.Enabled);
                    http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
                }

                return next(http);
            });
        }
    }

    /// <summary>Turns gRPC-Web on or off for endpoints.</summary>
    public static class GrpcWebEndpointConventionBuilderExtensions
    {
        /// <summary>Browsers may call these.</summary>
        public static TBuilder EnableGrpcWeb<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new EnableGrpcWebAttribute());

        /// <summary>Browsers may not call these.</summary>
        public static TBuilder DisableGrpcWeb<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new DisableGrpcWebAttribute());
    }
}
