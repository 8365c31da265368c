using Grpc.Core;
using Grpc.Hosting;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grpc.Net.Client;

/// <summary>Connections to one server, opened when first needed and shared by all calls. Make one and keep it; thread-safe.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<IClientCall> _calls = [];
    private readonly HttpMessageInvoker _http;
    private readonly bool _disposesHttp;
    private bool _disposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options) : base(address.Authority)
    {
        Address = address;
        IsSecure = address.Scheme == Uri.UriSchemeHttps;
        if (!IsSecure && address.Scheme != Uri.UriSchemeHttp) throw new ArgumentException($"Address '{address}' must begin with http:// or https://.", nameof(address));
        if (options.Credentials is { } credentials && credentials.IsSecure != IsSecure)
        {
            throw new InvalidOperationException($"The channel's credentials are {(credentials.IsSecure ? "for TLS" : "for cleartext")}, its address '{address}' is not.");
        }

        if (options is { HttpClient: not null, HttpHandler: not null }) throw new ArgumentException("Give an HttpClient or an HttpHandler, not both.", nameof(options));
        _disposesHttp = options.DisposeHttpClient || (options.HttpClient is null && options.HttpHandler is null);
        _http = options.HttpClient ?? new HttpMessageInvoker(options.HttpHandler ?? GrpcSockets.CreateHandler(), _disposesHttp);
        ReceiveMax = options.MaxReceiveMessageSize;
        SendMax = options.MaxSendMessageSize;
        Credentials = options.Credentials?.CallCredentials;
        SendsCredentials = IsSecure || options.UnsafeUseInsecureChannelCallCredentials;
        ThrowsOperationCanceled = options.ThrowOperationCanceledOnCancellation;
        HttpVersion = options.HttpVersion ?? System.Net.HttpVersion.Version20;
        HttpVersionPolicy = options.HttpVersionPolicy ?? System.Net.Http.HttpVersionPolicy.RequestVersionExact;
        Compression = options.CompressionProviders is { } given ? [.. given] : MessageCompression.Default;
        AcceptEncoding = string.Join(',', ["identity", .. Compression.Select(p => p.EncodingName)]);
        Time = options.TimeProvider;
        Log = options.LoggerFactory?.CreateLogger("Grpc.Net.Client") ?? NullLogger.Instance;
    }

    internal Uri Address { get; }

    internal bool IsSecure { get; }

    internal int? ReceiveMax { get; }

    internal int? SendMax { get; }

    internal CallCredentials? Credentials { get; }

    internal bool SendsCredentials { get; }

    internal bool ThrowsOperationCanceled { get; }

    internal Version HttpVersion { get; }

    internal HttpVersionPolicy HttpVersionPolicy { get; }

    internal IReadOnlyList<ICompressionProvider> Compression { get; }

    internal string AcceptEncoding { get; }

    internal TimeProvider Time { get; }

    internal ILogger Log { get; }

    /// <summary>A channel to an address such as <c>https://host:port</c>; <c>http</c> is HTTP/2 without TLS.</summary>
    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>A channel to an address, with options.</summary>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        return ForAddress(new Uri(address, UriKind.Absolute), channelOptions);
    }

    /// <summary>A channel to an address.</summary>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>A channel to an address, with options.</summary>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        return new GrpcChannel(address, channelOptions);
    }

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new HttpCallInvoker(this);
    }

    /// <summary>Cancels the calls under way and closes the connections, if the channel owns them. Safe to repeat.</summary>
    public void Dispose()
    {
        IClientCall[] calls;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            calls = [.. _calls];
            _calls.Clear();
        }

        foreach (var call in calls) call.Dispose();
        if (_disposesHttp) _http.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http is HttpClient client ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken) : _http.SendAsync(request, cancellationToken);

    internal void Add(IClientCall call)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _calls.Add(call);
        }
    }

    internal void Remove(IClientCall call)
    {
        lock (_gate) _calls.Remove(call);
    }
}

/// <summary>A call as its channel sees it: disposing cancels it.</summary>
internal interface IClientCall : IDisposable
{
}

/// <summary>Starts calls on a channel.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        AsyncUnaryCall(method, host, options, request).GetAwaiter().GetResult();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = ClientCall<TRequest, TResponse>.Start(channel, method, host, options, request);
        return new AsyncUnaryCall<TResponse>(call.ResponseAsync, call.HeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = ClientCall<TRequest, TResponse>.Start(channel, method, host, options, request);
        return new AsyncServerStreamingCall<TResponse>(new ClientStreamReader<TRequest, TResponse>(call), call.HeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = ClientCall<TRequest, TResponse>.Start(channel, method, host, options, request: null);
        return new AsyncClientStreamingCall<TRequest, TResponse>(new ClientStreamWriter<TRequest, TResponse>(call), call.ResponseAsync, call.HeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = ClientCall<TRequest, TResponse>.Start(channel, method, host, options, request: null);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            new ClientStreamWriter<TRequest, TResponse>(call), new ClientStreamReader<TRequest, TResponse>(call), call.HeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }
}
