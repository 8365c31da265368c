using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>What a response, or the lack of one, means as a status.</summary>
internal static class ClientStatus
{
    /// <summary>By grpc/doc/http-grpc-status-mapping.md, for answers of proxies and servers that do not speak gRPC.</summary>
    internal static Status OfHttp(HttpStatusCode code) => new(
        code switch
        {
            HttpStatusCode.BadRequest => StatusCode.Internal,
            HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
            HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
            HttpStatusCode.NotFound => StatusCode.Unimplemented,
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        },
        string.Create(CultureInfo.InvariantCulture, $"Bad gRPC response. HTTP status code: {(int)code}"));

    /// <summary>What broke underneath, by grpc/doc/PROTOCOL-HTTP2.md "Errors".</summary>
    internal static Status Of(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case RpcException rpc:
                    return rpc.Status;
                case HttpProtocolException protocol:
                    return new Status(OfHttp2(protocol), $"Error in HTTP/2: {protocol.Message}", exception);
                case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError }:
                    return new Status(StatusCode.Unavailable, $"Error connecting: {e.Message}", exception);
                case HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError }:
                    return new Status(StatusCode.Internal, $"The server does not speak HTTP/2: {e.Message}", exception);
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    return new Status(StatusCode.ResourceExhausted, e.Message, exception);
            }
        }

        return exception switch
        {
            IOException or System.Net.Sockets.SocketException or HttpRequestException => new Status(StatusCode.Unavailable, $"Error in the connection: {exception.Message}", exception),
            OperationCanceledException when exception.InnerException is TimeoutException => new Status(StatusCode.Unavailable, "No connection within the time to connect.", exception),
            // Not by the caller, whose cancelling has ended the call before it came to this.
            OperationCanceledException => new Status(StatusCode.Unavailable, "The connection gave the call up.", exception),
            _ => new Status(StatusCode.Internal, $"Error in the gRPC call. {exception.GetType().Name}: {exception.Message}", exception),
        };
    }

    // The codes are about a stream that the server reset. What befell the whole connection (GOAWAY, a ping without an answer) may carry any of
    // them, and only the text tells which it was.
    private static StatusCode OfHttp2(HttpProtocolException exception) => !exception.Message.Contains("reset the stream", StringComparison.Ordinal) ? StatusCode.Unavailable : exception.ErrorCode switch
    {
        0x7 => StatusCode.Unavailable, // REFUSED_STREAM: not processed
        0x8 => StatusCode.Cancelled, // CANCEL
        0xB => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xC => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };

    /// <summary>The status in headers or trailers; null if there is none.</summary>
    internal static Status? Read(HttpHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(HeaderNames.Status, out var values)) return null;
        var message = headers.NonValidated.TryGetValues(HeaderNames.Message, out var messages) ? PercentEncoding.Decode(messages.ToString()) : "";
        if (!int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            return new Status(StatusCode.Unknown, $"Unexpected grpc-status value '{values}'. {message}".TrimEnd());
        }

        return new Status(code is >= 0 and <= 16 ? (StatusCode)code : StatusCode.Unknown, message);
    }

    /// <summary>The application's part of headers or trailers. Binary values that are not base64 are left out: the peer's mistake must not hide its status.</summary>
    internal static Metadata ReadMetadata(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            if (HeaderNames.IsReservedIncoming(name)) continue;
            foreach (var value in values) MetadataEncoding.TryAdd(metadata, name, value);
        }

        return metadata.Freeze();
    }

    /// <summary>The lines of a gRPC-Web trailers frame as headers.</summary>
    internal static HttpResponseHeaders ReadTrailersFrame(byte[] block)
    {
        var holder = new HttpResponseMessage();
        foreach (var line in Encoding.ASCII.GetString(block).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) holder.Headers.TryAddWithoutValidation(line[..colon].Trim(), line[(colon + 1)..].Trim());
        }

        return holder.Headers;
    }
}
