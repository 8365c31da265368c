using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Grpc.Hosting;

/// <summary>How streams end when the server stops. Not part of the upstream: see the README for what to do without it.</summary>
public sealed class GrpcDrainOptions
{
    /// <summary>
    /// How long a stream may go on after the host began to stop, so that a handler that watches <c>ApplicationStopping</c> can end in order;
    /// then it is ended with UNAVAILABLE. 2 s by default; keep it below <c>HostOptions.ShutdownTimeout</c>, which aborts connections.
    /// </summary>
    public TimeSpan StreamGrace { get; set; } = TimeSpan.FromSeconds(2);
}

/// <summary>Kestrel's limits for many long streams. Not part of the upstream.</summary>
public static class KestrelGrpcLimits
{
    /// <summary>
    /// 4000 streams per connection (the 101st call of a client would otherwise wait in silence), pings on an idle connection after 20 s with
    /// 10 s to answer (a cut cable would otherwise leave streams open for ever), and a request rate of which only a dead client falls short.
    /// </summary>
    public static KestrelServerOptions UseGrpcLimits(this KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        kestrel.Limits.Http2.MaxStreamsPerConnection = 4000;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(20);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        // A line that pauses is not an attack; 30 s without the bytes of a single request is.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 100, gracePeriod: TimeSpan.FromSeconds(30));
        kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 100, gracePeriod: TimeSpan.FromSeconds(30));
        return kestrel;
    }
}
