namespace Grpc.Hosting;

/// <summary>Sockets for channels. Not part of the upstream.</summary>
public static class GrpcSockets
{
    /// <summary>
    /// A handler for gRPC: pings after 20 s without a frame with 10 s to answer while calls are open (a cut cable would otherwise leave them
    /// waiting for ever), 20 s to connect, further connections when the streams of one are used up. The caller may change it before use, for
    /// certificates, and disposes it or gives it to a channel with <c>DisposeHttpClient</c>.
    /// </summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(20),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        ConnectTimeout = TimeSpan.FromSeconds(20),
        AllowAutoRedirect = false,
        UseCookies = false,
    };
}
