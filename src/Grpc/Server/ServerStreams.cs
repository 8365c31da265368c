using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>The requests of a stream.</summary>
internal sealed class ServerStreamReader<T>(ServerCall call, Marshaller<T> marshaller) : IAsyncStreamReader<T> where T : class
{
    private T? _current;
    private int _reading;

    public T Current => _current ?? throw new InvalidOperationException("There is no current message: call MoveNext first.");

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) == 1) throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = call.Reader.ReadAsync(marshaller.ContextualDeserializer, call.CancellationToken);
            if (!read.IsCompletedSuccessfully) return MoveNextAsync(read, cancellationToken);
            // The framework caches both tasks.
            return Task.FromResult(Take(read.Result));
        }
        catch (Exception e)
        {
            Volatile.Write(ref _reading, 0);
            return Task.FromException<bool>(e);
        }
    }

    private async Task<bool> MoveNextAsync(ValueTask<Wire.Received<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            if (!cancellationToken.CanBeCanceled || cancellationToken == call.CancellationToken) return Take(await read);
            await using (cancellationToken.UnsafeRegister(static body => ((System.IO.Pipelines.PipeReader)body!).CancelPendingRead(), call.Http.Request.BodyReader))
            {
                return Take(await read);
            }
        }
        catch (IOException e)
        {
            call.LostBy(e);
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    private bool Take(Wire.Received<T> received)
    {
        Volatile.Write(ref _reading, 0);
        return received.TryGet(out _current);
    }
}

/// <summary>The responses of a stream.</summary>
internal sealed class ServerStreamWriter<T>(ServerCall call, Marshaller<T> marshaller) : IServerStreamWriter<T> where T : class
{
    private int _writing;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Interlocked.Exchange(ref _writing, 1) == 1) throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        Task accepted;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            call.CancellationToken.ThrowIfCancellationRequested();
            accepted = call.Writer.WriteAsync(message, marshaller.ContextualSerializer, call.FlagsOf(WriteOptions));
        }
        catch (Exception e)
        {
            Volatile.Write(ref _writing, 0);
            return Task.FromException(e);
        }

        if (!accepted.IsCompletedSuccessfully) return WaitAsync(accepted, cancellationToken);
        Volatile.Write(ref _writing, 0);
        return Task.CompletedTask;
    }

    private async Task WaitAsync(Task accepted, CancellationToken cancellationToken)
    {
        try
        {
            await accepted.WaitAsync(cancellationToken);
            call.CancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }
}
