using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>The one message of a request. It may be sent more than once, when the handler tries again on another connection.</summary>
internal sealed class SingleMessageContent : HttpContent
{
    private readonly byte[] _frame;
    private readonly int _length;

    internal SingleMessageContent(byte[] frame, int length)
    {
        _frame = frame;
        _length = length;
    }

    // Not returned to a pool: the handler may still be sending when the response, and with it the call, has ended.
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_frame, 0, _length, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}

/// <summary>The messages of a request stream: hands the transport's stream to the call's writer, and ends when the writer does.</summary>
internal sealed class StreamContent : HttpContent, IFrameSink
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _callEnded;

    internal StreamContent(CancellationToken callEnded) => _callEnded = callEnded;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
    {
        var stream = _stream.Task.IsCompletedSuccessfully ? _stream.Task.Result : await _stream.Task.WaitAsync(_callEnded);
        await stream.WriteAsync(frames, _callEnded);
        await stream.FlushAsync(_callEnded);
    }

    public void Complete() => _done.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    [SuppressMessage("Usage", "MA0040:Use an overload with a CancellationToken", Justification = "The call's end, which the handler's token follows, ends this.")]
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // A handler that tries again would need what was written before; a stream cannot give it.
        if (!_stream.TrySetResult(stream)) throw new IOException("The request stream was refused by the server and cannot be sent again.");
        // Headers go out now: the server's first word may be what the caller waits for.
        await stream.FlushAsync(_callEnded);
        await using var ended = _callEnded.UnsafeRegister(static done => ((TaskCompletionSource)done!).TrySetCanceled(CancellationToken.None), _done);
        // Not given up when the handler cancels the body because the connection broke: its "cancelled" would hide what broke. The call is
        // told by the response, ends, and that ends this.
        await _done.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}

/// <summary>Writes one message into an array of its own.</summary>
internal sealed class SingleMessage : IFrameSink
{
    internal static SingleMessageContent Write<T>(T message, Marshaller<T> marshaller, ClientEncoding encoding, WriteFlags flags)
    {
        var writer = new FrameWriter(new SingleMessage(), encoding.SendMax) { Compression = encoding.Compression };
        writer.Buffer(message, marshaller.ContextualSerializer, flags);
        writer.TryTakeRest(new InvalidOperationException("The message was taken."), out var rented, out var length);
        var frame = rented.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(rented);
        return new SingleMessageContent(frame, length);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> frames) => throw new NotSupportedException("A single message is taken, not sent.");

    public void Complete()
    {
    }
}

/// <summary>How the messages of a request are written.</summary>
internal readonly record struct ClientEncoding(int? SendMax, Net.Compression.ICompressionProvider? Compression);
