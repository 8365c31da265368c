using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Wire;

/// <summary>Takes what a <see cref="FrameWriter"/> has gathered. Called by one caller at a time.</summary>
internal interface IFrameSink
{
    /// <summary>Writes and flushes; done when the transport has room again.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> frames);

    /// <summary>Nothing more follows.</summary>
    void Complete();
}

/// <summary>The transport took no more frames; the call's status, not this, says why.</summary>
internal sealed class TransportBrokenException(Exception cause) : IOException($"The transport takes no more messages: {cause.Message}", cause);

/// <summary>
/// Writes length-prefixed messages. A write serializes into a pooled buffer and returns; a work item takes everything gathered so far to the
/// transport at once. So a producer that goes on writing gets large flushes, and one that pauses gets its message out without delay. Past
/// <see cref="HighWater"/> bytes a write waits until the transport has taken the buffer. Memory of an idle stream: none.
/// </summary>
internal sealed class FrameWriter(IFrameSink sink, int? lengthMax) : SerializationContext, IBufferWriter<byte>, IThreadPoolWorkItem
{
    /// <summary>Bytes gathered before a write waits; what one stream may hold is twice this and a message.</summary>
    internal const int HighWater = 32 * 1024;

    private const int PrefixLength = FrameReader.PrefixLength;
    private const int SmallestBuffer = 1024;

    private readonly Lock _gate = new();
    private byte[] _buffer = [];
    private int _count;
    private int _frameStart;
    private bool _frameDone;
    private bool _flushRequested;
    private bool _draining;
    private bool _completing;
    private bool _completed;
    private Exception? _closed;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _idle;

    /// <summary>The encoder in use; null for identity.</summary>
    internal ICompressionProvider? Compression { get; set; }

    internal CompressionLevel? CompressionLevel { get; set; }

    /// <summary>Whether a message was ever accepted.</summary>
    internal bool HasWritten { get; private set; }

    /// <summary>Accepts a message and sees to it that it is sent. Throws what <see cref="Close"/> was given once closed.</summary>
    internal Task WriteAsync<T>(T message, Action<T, SerializationContext> serializer, WriteFlags flags)
    {
        Task wait;
        lock (_gate)
        {
            Append(message, serializer, flags);
            if (flags.HasFlag(WriteFlags.BufferHint) && _count < HighWater) return Task.CompletedTask;
            ScheduleDrain();
            wait = _count < HighWater ? Task.CompletedTask : (_room ??= NewSource()).Task;
        }

        return wait;
    }

    /// <summary>Accepts a message that may wait until <see cref="FlushAsync"/> or <see cref="TryTakeRest"/>.</summary>
    internal void Buffer<T>(T message, Action<T, SerializationContext> serializer, WriteFlags flags)
    {
        lock (_gate) Append(message, serializer, flags);
    }

    /// <summary>Waits until everything accepted so far is with the transport; the sink is called even if that is nothing, to send headers.</summary>
    internal Task FlushAsync()
    {
        lock (_gate)
        {
            if (_closed is not null) return Task.CompletedTask;
            _flushRequested = true;
            ScheduleDrain();
            return (_idle ??= NewSource()).Task;
        }
    }

    /// <summary>No more messages; the sink is completed when all are out. Does not wait.</summary>
    internal void CompleteStream()
    {
        lock (_gate)
        {
            if (_closed is not null || _completing) return;
            _completing = true;
            ScheduleDrain();
        }
    }

    /// <summary>Refuses every later write with <paramref name="reason"/>, drops what is not yet with the transport and frees those who wait.</summary>
    internal void Close(Exception reason)
    {
        TaskCompletionSource? room, idle = null;
        lock (_gate)
        {
            if (_closed is not null) return;
            _closed = reason;
            ReleaseBuffer();
            room = Take(ref _room);
            if (!_draining) idle = Take(ref _idle);
        }

        // A write that is overtaken by the end of the call is not told: the call's status says why.
        room?.TrySetResult();
        idle?.TrySetResult();
    }

    /// <summary>Waits until the write under way, if any, has left the sink. For use after <see cref="Close"/>.</summary>
    internal Task IdleAsync()
    {
        lock (_gate) return _draining ? (_idle ??= NewSource()).Task : Task.CompletedTask;
    }

    /// <summary>Closes, and gives what was never handed to the sink; the caller returns the array to the shared pool. False while something drains.</summary>
    internal bool TryTakeRest(Exception reason, out byte[] rented, out int length)
    {
        lock (_gate)
        {
            (rented, length) = ([], 0);
            if (_draining) return false;
            (rented, length) = (_buffer, _count);
            (_buffer, _count) = ([], 0);
            _closed ??= reason;
            return true;
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = DrainAsync();

    private void ScheduleDrain()
    {
        if (_draining) return;
        _draining = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    private async Task DrainAsync()
    {
        try
        {
            while (TakeChunk(out var chunk, out var length))
            {
                try
                {
                    await sink.WriteAsync(chunk.AsMemory(0, length));
                }
                finally
                {
                    if (chunk.Length > 0) ArrayPool<byte>.Shared.Return(chunk);
                }
            }
        }
        catch (Exception e)
        {
            // Thrown to nobody here: whoever writes next is told.
            Close(new TransportBrokenException(e));
            TakeChunk(out _, out _);
        }
    }

    /// <summary>Swaps the gathered buffer out; false, and no longer draining, when there is nothing.</summary>
    private bool TakeChunk(out byte[] chunk, out int length)
    {
        TaskCompletionSource? released;
        bool more, complete = false;
        lock (_gate)
        {
            (chunk, length) = (_buffer, _count);
            (_buffer, _count) = ([], 0);
            more = length > 0 || (_flushRequested && _closed is null);
            _flushRequested = false;
            if (more)
            {
                released = Take(ref _room);
            }
            else
            {
                _draining = false;
                released = Take(ref _idle);
                complete = _completing && !_completed && _closed is null;
                _completed |= complete;
            }
        }

        released?.TrySetResult();
        if (complete) sink.Complete();
        return more;
    }

    private void Append<T>(T message, Action<T, SerializationContext> serializer, WriteFlags flags)
    {
        if (_closed is not null) throw _closed;
        if (_completing) throw new InvalidOperationException("Can't write the message because the stream was completed.");
        _frameStart = _count;
        _frameDone = false;
        try
        {
            Reserve(PrefixLength);
            _count += PrefixLength;
            serializer(message, this);
            if (!_frameDone) throw new InvalidOperationException("The serializer did not complete the message.");
            CheckLength(_count - _frameStart - PrefixLength);
            var compressed = Compression is not null && !flags.HasFlag(WriteFlags.NoCompress);
            if (compressed) CompressFrame();
            _buffer[_frameStart] = compressed ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(_frameStart + 1), (uint)(_count - _frameStart - PrefixLength));
            HasWritten = true;
        }
        catch
        {
            _count = _frameStart;
            if (_count == 0) ReleaseBuffer();
            throw;
        }
    }

    private void CompressFrame()
    {
        var start = _frameStart + PrefixLength;
        using var compressed = MessageCompression.Compress(Compression!, CompressionLevel, _buffer.AsSpan(start, _count - start));
        var length = checked((int)compressed.Length);
        _count = start;
        Reserve(length);
        compressed.GetBuffer().AsSpan(0, length).CopyTo(_buffer.AsSpan(start));
        _count = start + length;
    }

    private void CheckLength(int length)
    {
        if (!(length > lengthMax)) return;
        throw new RpcException(new Status(StatusCode.ResourceExhausted, string.Create(
            CultureInfo.InvariantCulture, $"Sending message of {length} bytes exceeds the maximum configured message size of {lengthMax} bytes.")));
    }

    private void Reserve(int length)
    {
        var needed = checked(_count + length);
        if (needed <= _buffer.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, SmallestBuffer), (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
        _buffer.AsSpan(0, _count).CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void ReleaseBuffer()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _count) = ([], 0);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource? Take(ref TaskCompletionSource? source)
    {
        var taken = source;
        source = null;
        return taken;
    }

    // --- SerializationContext and IBufferWriter: the message being written, under the gate ---
    public override void SetPayloadLength(int payloadLength)
    {
        CheckLength(payloadLength);
        Reserve(payloadLength);
    }

    public override IBufferWriter<byte> GetBufferWriter() => this;

    public override void Complete() => _frameDone = true;

    public override void Complete(byte[] payload)
    {
        CheckLength(payload.Length);
        Reserve(payload.Length);
        payload.CopyTo(_buffer.AsSpan(_count));
        _count += payload.Length;
        _frameDone = true;
    }

    void IBufferWriter<byte>.Advance(int count) => _count = checked(_count + count);

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_count);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_count);
    }
}
