namespace Grpc.Wire;

/// <summary>Names and values of grpc/doc/PROTOCOL-HTTP2.md and PROTOCOL-WEB.md.</summary>
internal static class HeaderNames
{
    internal const string ContentType = "content-type";
    internal const string Status = "grpc-status";
    internal const string Message = "grpc-message";
    internal const string StatusDetails = "grpc-status-details-bin";
    internal const string Timeout = "grpc-timeout";
    internal const string Encoding = "grpc-encoding";
    internal const string AcceptEncoding = "grpc-accept-encoding";

    // Upstream's way for a client to ask for compressed requests in the metadata of one call; it is never sent.
    internal const string InternalEncodingRequest = "grpc-internal-encoding-request";

    internal const string GrpcContentType = "application/grpc";
    internal const string GrpcWebContentType = "application/grpc-web";
    internal const string GrpcWebProtoContentType = "application/grpc-web+proto";
    internal const string Identity = "identity";

    /// <summary>Whether a media type is <paramref name="expected"/> or that with a <c>+format</c>, whatever parameters follow.</summary>
    internal static bool IsMediaType(string? value, string expected)
    {
        if (value is null || !value.StartsWith(expected, StringComparison.OrdinalIgnoreCase)) return false;
        if (value.Length == expected.Length) return true;
        return value[expected.Length] is '+' or ';' or ' ';
    }

    /// <summary>Whether a received header belongs to HTTP or gRPC themselves, not to the application.</summary>
    internal static bool IsReservedIncoming(string name) => name.Length == 0 || name[0] == ':' || name.ToLowerInvariant() is
        ContentType or Status or Message or Timeout or Encoding or AcceptEncoding or
        "te" or "host" or "accept-encoding" or "content-length" or "transfer-encoding" or "connection" or "trailer" or "date" or "server";

    /// <summary>Whether an application may not set this header or trailer itself. Status details are its own business.</summary>
    internal static bool IsReservedOutgoing(string name) => name switch
    {
        StatusDetails => false,
        ContentType or "te" or "host" or "content-length" or "transfer-encoding" or "connection" or "trailer" or "accept-encoding" => true,
        _ => name.StartsWith("grpc-", StringComparison.Ordinal),
    };
}
