using System.Net.Http.Headers;
using Grpc.Wire;

namespace Grpc.Net.Client.Web;

/// <summary>Sends a channel's calls as binary gRPC-Web, so that they pass HTTP/1.1 and proxies. Unary and server-streaming calls only.</summary>
public sealed class GrpcWebHandler : DelegatingHandler
{
    /// <summary>A handler whose inner handler is set later.</summary>
    public GrpcWebHandler()
    {
    }

    /// <summary>A handler.</summary>
    public GrpcWebHandler(HttpMessageHandler innerHandler) : base(innerHandler)
    {
    }

    /// <summary>The HTTP version to use; null for 1.1.</summary>
    public Version? HttpVersion { get; set; }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (HeaderNames.IsMediaType(request.Content?.Headers.ContentType?.MediaType, HeaderNames.GrpcContentType))
        {
            request.Content!.Headers.ContentType = new MediaTypeHeaderValue(HeaderNames.GrpcWebProtoContentType);
            request.Headers.TryAddWithoutValidation("x-grpc-web", "1");
            request.Version = HttpVersion ?? System.Net.HttpVersion.Version11;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher;
        }

        return base.SendAsync(request, cancellationToken);
    }
}
