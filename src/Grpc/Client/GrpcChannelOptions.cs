using Grpc.Core;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>How a channel connects. Read once, when the channel is made.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>TLS or not, and credentials for every call; by default what the address says.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>The largest request in bytes, before compression; null, the default, for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>The largest response in bytes, after decompression; null for no limit. 4 MiB by default.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>Where the channel logs; null for nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The encodings understood; null for gzip.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    /// <summary>The client to send with, instead of a handler. Its <c>Timeout</c> should be infinite: calls have deadlines.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>The handler to send with; null for <c>GrpcSockets.CreateHandler()</c>.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether disposing the channel disposes the client or handler given; one the channel made itself it always disposes.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>Whether a cancelled call throws <see cref="OperationCanceledException"/> instead of <see cref="RpcException"/> CANCELLED.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>Whether call credentials are also sent over cleartext, where anyone on the line reads them.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }

    /// <summary>The HTTP version of requests; null for 2.</summary>
    public Version? HttpVersion { get; set; }

    /// <summary>Whether another version will do; null for not.</summary>
    public HttpVersionPolicy? HttpVersionPolicy { get; set; }

    /// <summary>The clock of deadlines. Not part of the upstream, which reads the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
