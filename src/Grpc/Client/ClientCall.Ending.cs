using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>Reading, writing and the one end of a call.</summary>
internal sealed partial class ClientCall<TRequest, TResponse>
{
    internal bool IsFinished
    {
        get
        {
            lock (_gate) return _finished;
        }
    }

    internal WriteFlags FlagsOf(WriteOptions? own) => (own ?? _options.WriteOptions)?.Flags ?? WriteFlags.None;

    /// <summary>The next response of a stream, or null at its end; throws what the call ended with.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<TResponse?> ReadNextAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) == 1) throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");
        var registration = default(CancellationTokenRegistration);
        try
        {
            if (cancellationToken.CanBeCanceled && cancellationToken != _options.CancellationToken)
            {
                registration = cancellationToken.UnsafeRegister(
                    static call => ((ClientCall<TRequest, TResponse>)call!).Finish(new Status(StatusCode.Cancelled, "Call canceled by the client.")), this);
            }

            if (!_headers.Task.IsCompletedSuccessfully) await _headers.Task;
            if (IsFinished) return Outcome();
            var received = await _reader!.ReadAsync(Method.ResponseMarshaller.ContextualDeserializer, _ended.Token);
            if (received.TryGet(out var message)) return message;
            FinishFromTrailers();
        }
        catch (Exception e)
        {
            Finish(ClientStatus.Of(e));
        }
        finally
        {
            await registration.DisposeAsync();
            Volatile.Write(ref _reading, 0);
        }

        return Outcome();
    }

    /// <summary>Sends a request of a stream; throws what the call ended with.</summary>
    internal Task WriteAsync(TRequest message, WriteOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Interlocked.Exchange(ref _writing, 1) == 1) throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        Task accepted;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            accepted = WriterOrThrow().WriteAsync(message, Method.RequestMarshaller.ContextualSerializer, FlagsOf(options));
        }
        catch (Exception e)
        {
            accepted = Task.FromException(e);
        }

        if (!accepted.IsCompletedSuccessfully) return WaitForWriteAsync(accepted, cancellationToken);
        Volatile.Write(ref _writing, 0);
        return Task.CompletedTask;
    }

    private async Task WaitForWriteAsync(Task accepted, CancellationToken cancellationToken)
    {
        var registration = default(CancellationTokenRegistration);
        try
        {
            if (cancellationToken.CanBeCanceled)
            {
                registration = cancellationToken.UnsafeRegister(
                    static call => ((ClientCall<TRequest, TResponse>)call!).Finish(new Status(StatusCode.Cancelled, "Call canceled by the client.")), this);
            }

            await accepted;
            if (IsFinished) throw WriteRefused();
        }
        catch (TransportBrokenException e)
        {
            // Most often because the server ended the call: its status says why, and is on its way.
            if (_response is not null) await EndedAsync();
            throw IsFinished ? WriteRefused() : Thrown(ClientStatus.Of(e), Metadata.Empty);
        }
        finally
        {
            await registration.DisposeAsync();
            Volatile.Write(ref _writing, 0);
        }
    }

    /// <summary>No more requests. Does not wait and does not throw when the call has ended.</summary>
    internal void CompleteRequests()
    {
        FrameWriter? writer;
        lock (_gate) writer = Writer;
        writer?.CompleteStream();
    }

    // Started by the constructor's caller, but the request is built inside RunAsync, which may have ended before it came to that.
    private FrameWriter WriterOrThrow()
    {
        lock (_gate)
        {
            if (_finished) throw WriteRefused();
            return Writer ?? throw new InvalidOperationException("The call has no request stream.");
        }
    }

    private async Task ReadSingleResponseAsync()
    {
        var received = await _reader!.ReadAsync(Method.ResponseMarshaller.ContextualDeserializer, _ended.Token);
        if (received.TryGet(out var message))
        {
            var more = await _reader.ReadAsync(static _ => true, _ended.Token);
            if (more.HasMessage) throw new RpcException(new Status(StatusCode.Internal, "The server sent more than one response message."));
        }

        FinishFromTrailers(message);
    }

    private void FinishFromTrailers(TResponse? message = null)
    {
        var headers = _reader!.TrailersFrame is { } block ? ClientStatus.ReadTrailersFrame(block) : _http!.TrailingHeaders;
        var status = ClientStatus.Read(headers) ?? new Status(StatusCode.Unknown, "The response ended without a grpc-status.");
        if (status.StatusCode == StatusCode.OK && _response is not null && message is null) status = NoMessage();
        // Only here, where nobody reads any more: memory that a pending read writes to must not go back to the pool.
        _reader.Stop();
        _body!.Complete();
        Finish(status, ClientStatus.ReadMetadata(headers), message);
    }

    private void Finish(Status status, Metadata? trailers = null, TResponse? message = null)
    {
        HttpResponseMessage? http;
        FrameWriter? writer;
        lock (_gate)
        {
            if (_finished) return;
            _finished = true;
            // The server's reset at its own deadline may arrive before the local timer fires.
            var broken = trailers is null && status.StatusCode is StatusCode.Cancelled or StatusCode.Unavailable;
            if (broken && _deadline <= Now()) status = new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded", status.DebugException);
            _status = status;
            _trailers = trailers ?? Metadata.Empty;
            (http, writer) = (_http, Writer);
            _timer?.Dispose();
            _callerToken.Unregister();
        }

        _channel.Remove(this);
        if (status.StatusCode != StatusCode.OK) ClientLog.CallFailed(_channel.Log, Method.FullName, _channel.Target, status.StatusCode, status.Detail, status.DebugException);
        writer?.Close(WriteRefused());
        // Ends what is still being sent or awaited; on a response that was read to its end this does nothing on the wire.
        CancelOpenWork();
        http?.Dispose();
        if (message is not null && status.StatusCode == StatusCode.OK)
        {
            _response!.TrySetResult(message);
            return;
        }

        if (status.StatusCode == StatusCode.OK) return;
        Fail(_headers, Thrown(_status, _trailers));
        if (_response is not null) Fail(_response, Thrown(_status, _trailers));
    }

    private void CancelOpenWork()
    {
        try
        {
            _ended.Cancel();
        }
        catch (AggregateException e)
        {
            // Callbacks of credentials or handlers, run here on whatever thread ends the call.
            ClientLog.CancellationCallbackThrew(_channel.Log, Method.FullName, e);
        }
    }

    private static void Fail<T>(TaskCompletionSource<T> source, Exception exception)
    {
        // Observed here: a caller may well look at the one task and not at the other.
        if (source.TrySetException(exception)) _ = source.Task.Exception;
    }

    private async Task EndedAsync()
    {
        try
        {
            await _response!.Task;
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            // The status is read by the one who asked.
        }
    }

    private TResponse? Outcome()
    {
        lock (_gate)
        {
            if (_status.StatusCode == StatusCode.OK) return null;
            throw Thrown(_status, _trailers);
        }
    }

    private Exception WriteRefused() => _status.StatusCode == StatusCode.OK
        ? new InvalidOperationException("Can't write the message because the call is complete.")
        : Thrown(_status, _trailers);

    private Exception Thrown(Status status, Metadata trailers) => status.StatusCode == StatusCode.Cancelled && _channel.ThrowsOperationCanceled
        ? new OperationCanceledException(status.Detail, new RpcException(status, trailers), _options.CancellationToken)
        : new RpcException(status, trailers);
}

/// <summary>The responses of a call.</summary>
internal sealed class ClientStreamReader<TRequest, TResponse>(ClientCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse> where TRequest : class where TResponse : class
{
    private TResponse? _current;

    public TResponse Current => _current ?? throw new InvalidOperationException("There is no current message: call MoveNext first.");

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        var read = call.ReadNextAsync(cancellationToken);
        if (!read.IsCompletedSuccessfully) return MoveNextAsync(read);
        _current = read.Result;
        // The framework caches both tasks.
        return Task.FromResult(_current is not null);
    }

    private async Task<bool> MoveNextAsync(ValueTask<TResponse?> read)
    {
        _current = await read;
        return _current is not null;
    }
}

/// <summary>The requests of a call.</summary>
internal sealed class ClientStreamWriter<TRequest, TResponse>(ClientCall<TRequest, TResponse> call) : IClientStreamWriter<TRequest> where TRequest : class where TResponse : class
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TRequest message) => call.WriteAsync(message, WriteOptions, CancellationToken.None);

    public Task WriteAsync(TRequest message, CancellationToken cancellationToken) => call.WriteAsync(message, WriteOptions, cancellationToken);

    public Task CompleteAsync()
    {
        call.CompleteRequests();
        return Task.CompletedTask;
    }
}
