using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>
/// One call on the server. The handler's task drives it; two things may end it from outside, the deadline and the draining of a stopping
/// server. Those send the status at once, whatever the handler does, and then the request waits for the handler, because the HTTP stream it
/// holds is reused afterwards. What the handler still writes fails.
/// </summary>
internal sealed partial class ServerCall : ServerCallContext, IFrameSink, IDisposable
{
    /// <summary>How long an early end waits for a client that does not read, before the stream is reset.</summary>
    private static readonly TimeSpan EarlyEndPatience = TimeSpan.FromSeconds(1);

    // Timers of the framework take at most 2^32 - 2 ms; longer deadlines are set again when it fires.
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(40);

    private readonly Lock _gate = new();
    private readonly ServerCallEnvironment _environment;
    private readonly MethodSettings _settings;
    private readonly bool _isWeb;
    private readonly bool _isStream;
    private CancellationTokenRegistration _stopping;
    private CancellationToken _token;
    private DateTime _deadline = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);
    private CancellationTokenSource? _source;
    private ITimer? _deadlineTimer;
    private ITimer? _drainTimer;
    private TaskCompletionSource? _earlyEnd;
    private bool _ending;
    private bool _headersWritten;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private AuthContext? _authContext;
    private Dictionary<object, object>? _userState;

    internal ServerCall(HttpContext http, IMethod method, MethodSettings settings, ServerCallEnvironment environment, bool isWeb)
    {
        Http = http;
        MethodCore = method.FullName;
        _settings = settings;
        _environment = environment;
        _isWeb = isWeb;
        Reader = new FrameReader(http.Request.BodyReader, settings.ReceiveMax);
        Writer = new FrameWriter(this, settings.SendMax);
        _token = http.RequestAborted;
        _isStream = method.Type != MethodType.Unary;
        http.Response.ContentType = isWeb ? HeaderNames.GrpcWebProtoContentType : HeaderNames.GrpcContentType;
    }

    internal HttpContext Http { get; }

    internal FrameReader Reader { get; }

    internal FrameWriter Writer { get; }

    internal ILogger Log => _environment.Log;

    /// <summary>Reads what the request says of the call; throws <see cref="RpcException"/> for what is malformed.</summary>
    internal void Begin()
    {
        var headers = Http.Request.Headers;
        if (headers.GrpcEncoding is [{ } encoding, ..] && !encoding.Equals(HeaderNames.Identity, StringComparison.OrdinalIgnoreCase))
        {
            Reader.Decompression = MessageCompression.Find(_settings.Providers, encoding);
            if (Reader.Decompression is null)
            {
                Reader.UnknownEncoding = encoding;
                Http.Response.Headers.GrpcAcceptEncoding = _settings.AcceptedEncodings;
            }
        }

        ChooseResponseEncoding(headers.GrpcAcceptEncoding.ToString());
        if (headers.GrpcTimeout is [{ } timeout, ..]) BeginDeadline(timeout);
        if (_isStream)
        {
            // A stream can be ended by the server's stop, so its handler needs a token of its own.
            UseOwnToken();
            _stopping = _environment.Lifetime.ApplicationStopping.UnsafeRegister(static call => ((ServerCall)call!).BeginDrain(), this);
        }

        foreach (var header in headers)
        {
            // Bytes that are no base64 end the call now, not in the handler that looks at them.
            if (!header.Key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase)) continue;
            _requestHeaders = ReadRequestHeaders();
            break;
        }
    }

    private void ChooseResponseEncoding(string accepted)
    {
        if (_settings.ResponseEncoding is not { } wanted || wanted.Equals(HeaderNames.Identity, StringComparison.OrdinalIgnoreCase)) return;
        if (!accepted.Split(',', StringSplitOptions.TrimEntries).Contains(wanted, StringComparer.OrdinalIgnoreCase)) return;
        Writer.Compression = MessageCompression.Find(_settings.Providers, wanted);
        Writer.CompressionLevel = _settings.ResponseLevel;
        if (Writer.Compression is not null) Http.Response.Headers.GrpcEncoding = Writer.Compression.EncodingName;
    }

    private void BeginDeadline(string text)
    {
        if (!TimeoutEncoding.TryParse(text, out var timeout))
        {
            // Not ignored: a caller that meant a deadline would otherwise wait for ever.
            throw new RpcException(new Status(StatusCode.Internal, "The grpc-timeout header is malformed: one to eight digits and one of H, M, S, m, u, n."));
        }

        var now = _environment.Time.GetUtcNow().UtcDateTime;
        if (timeout >= DateTime.MaxValue - now) return;
        _deadline = now + timeout;
        UseOwnToken();
        lock (_gate)
        {
            _deadlineTimer = _environment.Time.CreateTimer(static call => ((ServerCall)call!).OnDeadlineTimer(), this, Shorter(timeout), Timeout.InfiniteTimeSpan);
        }
    }

    private static TimeSpan Shorter(TimeSpan due) => due < TimerMax ? due : TimerMax;

    private void UseOwnToken()
    {
        lock (_gate)
        {
            if (_source is not null) return;
            _source = CancellationTokenSource.CreateLinkedTokenSource(Http.RequestAborted);
            _token = _source.Token;
        }
    }

    /// <summary>The only message of the request; anything else throws <see cref="RpcException"/> INTERNAL.</summary>
    internal async ValueTask<T> ReadSingleAsync<T>(Marshaller<T> marshaller)
    {
        var received = await Reader.ReadAsync(marshaller.ContextualDeserializer, CancellationTokenCore);
        if (!received.TryGet(out var message)) throw new RpcException(new Status(StatusCode.Internal, "Incomplete message: the request ended without one."));
        var more = await Reader.ReadAsync(static _ => true, CancellationTokenCore);
        if (more.HasMessage) throw new RpcException(new Status(StatusCode.Internal, "Additional data after the message received."));
        return message;
    }

    /// <summary>Takes the only message of the response; it is sent together with the status.</summary>
    internal void BufferResponse<TRequest, TResponse>(Method<TRequest, TResponse> method, TResponse? response) where TResponse : class
    {
        if (response is null) throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        if (_earlyEnd is null) Writer.Buffer(response, method.ResponseMarshaller.ContextualSerializer, FlagsOf(null));
    }

    internal WriteFlags FlagsOf(WriteOptions? own) => (own ?? WriteOptionsCore)?.Flags ?? WriteFlags.None;

    // --- IFrameSink: the writer's only way to the response ---
    async ValueTask IFrameSink.WriteAsync(ReadOnlyMemory<byte> frames)
    {
        if (!Http.Response.HasStarted) await Http.Response.StartAsync(CancellationToken.None);
        // No token: a flush that is given up leaves Kestrel's writer in the middle; an aborted request ends it anyway.
        await Http.Response.BodyWriter.WriteAsync(frames, CancellationToken.None);
    }

    void IFrameSink.Complete()
    {
    }

    public void Dispose()
    {
        _stopping.Unregister();
        lock (_gate)
        {
            _deadlineTimer?.Dispose();
            _drainTimer?.Dispose();
        }

        Reader.Stop();
        _source?.Dispose();
    }

    // --- ServerCallContext ---
    protected override string MethodCore { get; }

    protected override string HostCore => Http.Request.Host.Value ?? "";

    protected override string PeerCore => Http.Connection.RemoteIpAddress switch
    {
        null => "unknown",
        { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } v6 => string.Create(CultureInfo.InvariantCulture, $"ipv6:[{v6}]:{Http.Connection.RemotePort}"),
        var v4 => string.Create(CultureInfo.InvariantCulture, $"ipv4:{v4.MapToIPv4()}:{Http.Connection.RemotePort}"),
    };

    protected override DateTime DeadlineCore => _deadline;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadRequestHeaders();

    protected override CancellationToken CancellationTokenCore => _token;

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; } = Status.DefaultSuccess;

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => _authContext ??= PeerAuthentication.Of(Http.Connection.ClientCertificate);

    // Wrappers of this context hand the user state through; GetHttpContext finds the request in it.
    protected override IDictionary<object, object> UserStateCore => _userState ??= new Dictionary<object, object> { [ServerCallContextExtensions.HttpContextKey] = Http };

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("CreatePropagationToken is not supported: pass the deadline and the token of this call on yourself.");

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        var lines = responseHeaders.Where(e => !HeaderNames.IsReservedOutgoing(e.Key)).Select(e => (e.Key, Value: MetadataEncoding.ToHeaderValue(e))).ToList();
        lock (_gate)
        {
            if (_ending) throw new InvalidOperationException("Response headers can no longer be sent: the call has ended.");
            if (_headersWritten || Writer.HasWritten || Http.Response.HasStarted) throw new InvalidOperationException("Response headers can only be sent once per call.");
            _headersWritten = true;
            foreach (var (key, value) in lines) Http.Response.Headers.Append(key, value);
        }

        await Writer.FlushAsync();
    }

    private Metadata ReadRequestHeaders()
    {
        var metadata = new Metadata();
        foreach (var (name, values) in Http.Request.Headers)
        {
            if (HeaderNames.IsReservedIncoming(name)) continue;
            foreach (var value in values)
            {
                if (value is not null && !MetadataEncoding.TryAdd(metadata, name, value))
                {
                    throw new RpcException(new Status(StatusCode.Internal, $"The value of metadata '{name.ToLowerInvariant()}' is not base64."));
                }
            }
        }

        return metadata;
    }
}
