using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>
/// One call on the client. It ends once, by whichever comes first: the server's status, the deadline, the caller's token, a dispose or a broken
/// connection. Ending resets the HTTP stream if it is still open and frees everyone who waits.
/// </summary>
internal sealed partial class ClientCall<TRequest, TResponse> : IClientCall where TRequest : class where TResponse : class
{
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(40);

    private readonly Lock _gate = new();
    private readonly GrpcChannel _channel;
    private readonly CallOptions _options;
    private readonly DateTime? _deadline;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TResponse>? _response;
    private CancellationTokenRegistration _callerToken;
    private ITimer? _timer;
    private HttpResponseMessage? _http;
    private PipeReader? _body;
    private FrameReader? _reader;
    private bool _finished;
    private Status _status;
    private Metadata _trailers = Metadata.Empty;
    private int _reading;
    private int _writing;

    private ClientCall(GrpcChannel channel, Method<TRequest, TResponse> method, CallOptions options)
    {
        _channel = channel;
        Method = method;
        _options = options;
        _deadline = Utc(options.Deadline);
        if (method.Type is MethodType.Unary or MethodType.ClientStreaming) _response = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    internal Method<TRequest, TResponse> Method { get; }

    internal Task<Metadata> HeadersAsync => _headers.Task;

    internal Task<TResponse> ResponseAsync => _response!.Task;

    internal FrameWriter? Writer { get; private set; }

    internal static ClientCall<TRequest, TResponse> Start(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest? request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, options);
        channel.Add(call);
        _ = call.RunAsync(host, request);
        return call;
    }

    internal Status GetStatus()
    {
        lock (_gate) return _finished ? _status : throw new InvalidOperationException("Unable to get the status because the call is not complete.");
    }

    internal Metadata GetTrailers()
    {
        lock (_gate) return _finished ? _trailers : throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");
    }

    public void Dispose() => Finish(new Status(StatusCode.Cancelled, "gRPC call disposed."));

    private async Task RunAsync(string? host, TRequest? request)
    {
        try
        {
            BeginLimits();
            if (IsFinished) return;
            // Not disposed here: its content goes on after the response has begun.
            var message = BuildRequest(host, request);
            if (_options.Credentials is not null || _channel.Credentials is not null) await ApplyCredentialsAsync(message);
            var http = await _channel.SendAsync(message, _ended.Token);
            if (!Accept(http)) return;
            _headers.TrySetResult(ClientStatus.ReadMetadata(http.Headers));
            if (_response is not null) await ReadSingleResponseAsync();
        }
        catch (Exception e)
        {
            // The outermost handler of the call: every exception becomes its status.
            Finish(ClientStatus.Of(e));
        }
    }

    private void BeginLimits()
    {
        if (_options.CancellationToken.CanBeCanceled)
        {
            var registration = _options.CancellationToken.UnsafeRegister(
                static call => ((ClientCall<TRequest, TResponse>)call!).Finish(new Status(StatusCode.Cancelled, "Call canceled by the client.")), this);
            lock (_gate) _callerToken = registration;
        }

        if (_deadline is not { } deadline) return;
        var left = deadline - Now();
        if (left <= TimeSpan.Zero)
        {
            Finish(new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded"));
            return;
        }

        lock (_gate)
        {
            if (!_finished) _timer = _channel.Time.CreateTimer(static call => ((ClientCall<TRequest, TResponse>)call!).OnTimer(), this, Due(left), Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        var left = _deadline!.Value - Now();
        if (left <= TimeSpan.Zero)
        {
            Finish(new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded"));
            return;
        }

        // Fired a little early, or the deadline lies beyond the longest timer.
        lock (_gate) _timer?.Change(Due(left), Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Due(TimeSpan left) => left > TimerMax ? TimerMax : left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left;

    private HttpRequestMessage BuildRequest(string? host, TRequest? request)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_channel.Address, Method.FullName)) { Version = _channel.HttpVersion, VersionPolicy = _channel.HttpVersionPolicy };
        if (host is not null) message.Headers.Host = host;
        message.Headers.TryAddWithoutValidation("user-agent", "grpc-csharp-kal/1.0");
        message.Headers.TryAddWithoutValidation("te", "trailers");
        message.Headers.TryAddWithoutValidation(HeaderNames.AcceptEncoding, _channel.AcceptEncoding);
        if (_deadline is { } deadline) message.Headers.TryAddWithoutValidation(HeaderNames.Timeout, TimeoutEncoding.Format(deadline - Now()));

        ICompressionProvider? compression = null;
        foreach (var entry in _options.Headers ?? Metadata.Empty)
        {
            if (entry.Key == HeaderNames.InternalEncodingRequest)
            {
                compression = MessageCompression.Find(_channel.Compression, entry.Value)
                    ?? (entry.Value == HeaderNames.Identity ? null : throw new RpcException(new Status(StatusCode.Internal, $"There is no compression provider for '{entry.Value}'.")));
            }

            AddHeader(message, entry);
        }

        if (compression is not null) message.Headers.TryAddWithoutValidation(HeaderNames.Encoding, compression.EncodingName);
        if (request is null)
        {
            var content = new StreamContent(_ended.Token);
            lock (_gate)
            {
                Writer = new FrameWriter(content, _channel.SendMax) { Compression = compression };
                if (_finished) Writer.Close(WriteRefused());
            }

            message.Content = content;
        }
        else
        {
            message.Content = SingleMessage.Write(request, Method.RequestMarshaller, new ClientEncoding(_channel.SendMax, compression), FlagsOf(null));
        }

        message.Content.Headers.TryAddWithoutValidation(HeaderNames.ContentType, HeaderNames.GrpcContentType);
        return message;
    }

    private static void AddHeader(HttpRequestMessage message, Metadata.Entry entry)
    {
        if (!HeaderNames.IsReservedOutgoing(entry.Key)) message.Headers.TryAddWithoutValidation(entry.Key, MetadataEncoding.ToHeaderValue(entry));
    }

    private async Task ApplyCredentialsAsync(HttpRequestMessage message)
    {
        if (!_channel.SendsCredentials)
        {
            ClientLog.CredentialsNotSent(_channel.Log, Method.FullName, _channel.Target);
            return;
        }

        var metadata = new Metadata();
        var url = $"{_channel.Address.Scheme}://{_channel.Address.Authority}/{Method.ServiceName}";
        var context = new AuthInterceptorContext(url, Method.Name, _ended.Token);
        foreach (var credentials in new[] { _channel.Credentials, _options.Credentials })
        {
            if (credentials is not null) await credentials.ApplyAsync(context, metadata);
        }

        foreach (var entry in metadata) AddHeader(message, entry);
    }

    /// <summary>Looks at the response headers; false if they already end the call.</summary>
    private bool Accept(HttpResponseMessage http)
    {
        var contentType = http.Content.Headers.NonValidated.TryGetValues(HeaderNames.ContentType, out var value) ? value.ToString() : null;
        var isWeb = HeaderNames.IsMediaType(contentType, HeaderNames.GrpcWebContentType);
        var encoding = http.Headers.NonValidated.TryGetValues(HeaderNames.Encoding, out var named) ? named.ToString() : HeaderNames.Identity;
        var status = ClientStatus.Read(http.Headers);
        if (status is null && http.StatusCode != System.Net.HttpStatusCode.OK) status = ClientStatus.OfHttp(http.StatusCode);
        if (status is null && !isWeb && !HeaderNames.IsMediaType(contentType, HeaderNames.GrpcContentType))
        {
            status = new Status(StatusCode.Unknown, $"Bad gRPC response. Invalid content-type value: {contentType ?? "none"}");
        }

        lock (_gate)
        {
            if (_finished)
            {
                http.Dispose();
                return false;
            }

            _http = http;
            if (status is null)
            {
                _body = PipeReader.Create(http.Content.ReadAsStream(_ended.Token), new StreamPipeReaderOptions(bufferSize: 16 * 1024, minimumReadSize: 1024, leaveOpen: true));
                _reader = new FrameReader(_body, _channel.ReceiveMax) { ExpectsTrailersFrame = isWeb, UnknownEncodingCode = StatusCode.Internal };
                if (!encoding.Equals(HeaderNames.Identity, StringComparison.OrdinalIgnoreCase))
                {
                    _reader.Decompression = MessageCompression.Find(_channel.Compression, encoding);
                    if (_reader.Decompression is null) _reader.UnknownEncoding = encoding;
                }

                return true;
            }
        }

        // Trailers-only: the headers are the trailers.
        var trailers = ClientStatus.ReadMetadata(http.Headers);
        if (status.Value.StatusCode == StatusCode.OK) _headers.TrySetResult(Metadata.Empty);
        Finish(status.Value.StatusCode == StatusCode.OK && _response is not null ? NoMessage() : status.Value, trailers);
        return false;
    }

    private static Status NoMessage() => new(StatusCode.Internal, "The server ended the call with OK but without a response message.");

    private DateTime Now() => _channel.Time.GetUtcNow().UtcDateTime;

    private static DateTime? Utc(DateTime? deadline) => deadline switch
    {
        null => null,
        { } d when d == DateTime.MaxValue => null,
        { } d when d == DateTime.MinValue => DateTime.SpecifyKind(d, DateTimeKind.Utc),
        { Kind: DateTimeKind.Utc } d => d,
        _ => throw new InvalidOperationException("Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue."),
    };
}
