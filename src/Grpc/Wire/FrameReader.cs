using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Wire;

/// <summary>
/// Reads length-prefixed messages from a body. Messages are parsed where they lie in the pipe's buffers; several that arrived together are
/// served without going back to the pipe. Throws <see cref="RpcException"/> for what breaks the framing. One reader at a time.
/// </summary>
internal sealed class FrameReader(PipeReader body, int? lengthMax) : DeserializationContext
{
    internal const int PrefixLength = 5;
    private const byte CompressedFlag = 1;
    internal const byte TrailersFlag = 0x80;

    private ReadOnlySequence<byte> _unread;
    private ReadOnlySequence<byte> _payload;
    private bool _holdsBuffer;
    private bool _ended;

    /// <summary>The decoder named by the peer's <c>grpc-encoding</c>; null for identity.</summary>
    internal ICompressionProvider? Decompression { get; set; }

    /// <summary>Set when the peer named an encoding that is not offered here.</summary>
    internal string? UnknownEncoding { get; set; }

    /// <summary>By grpc/doc/compression.md a server answers such a message UNIMPLEMENTED, a client fails its call with INTERNAL.</summary>
    internal StatusCode UnknownEncodingCode { get; init; } = StatusCode.Unimplemented;

    /// <summary>Whether a frame with flag 0x80 ends the stream (gRPC-Web responses).</summary>
    internal bool ExpectsTrailersFrame { get; init; }

    /// <summary>The payload of the trailers frame, once the stream has ended.</summary>
    internal byte[]? TrailersFrame { get; private set; }

    public override int PayloadLength => checked((int)_payload.Length);

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    /// <summary>The next message, or default at the end of the body.</summary>
    internal ValueTask<Received<T>> ReadAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
    {
        return _holdsBuffer && TryRead(deserializer, out var received) ? new(received) : ReadMoreAsync(deserializer, cancellationToken);
    }

    /// <summary>Hands the buffers back to the pipe; nothing may be read afterwards.</summary>
    internal void Stop()
    {
        _ended = true;
        if (!_holdsBuffer) return;
        _holdsBuffer = false;
        body.AdvanceTo(_unread.Start, _unread.End);
        _unread = default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Received<T>> ReadMoreAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_ended) return default;
            if (_holdsBuffer)
            {
                _holdsBuffer = false;
                body.AdvanceTo(_unread.Start, _unread.End);
            }

            var result = await body.ReadAsync(cancellationToken);
            _unread = result.Buffer;
            _holdsBuffer = true;
            if (result.IsCanceled) throw new OperationCanceledException(cancellationToken);
            if (TryRead(deserializer, out var received)) return received;
            if (!result.IsCompleted) continue;
            if (!_ended && !_unread.IsEmpty) throw Broken("The body ended in the middle of a message.");
            _ended = true;
            return default;
        }
    }

    private bool TryRead<T>(Func<DeserializationContext, T> deserializer, out Received<T> received)
    {
        received = default;
        if (_unread.Length < PrefixLength) return false;
        var (flag, length) = ReadPrefix(_unread);
        CheckPrefix(flag, length);
        if (_unread.Length - PrefixLength < length) return false;

        _payload = _unread.Slice(PrefixLength, length);
        _unread = _unread.Slice(_payload.End);
        if (flag == TrailersFlag)
        {
            TrailersFrame = _payload.ToArray();
            _ended = true;
            return true;
        }

        received = new Received<T>(flag == CompressedFlag ? Decompressed(deserializer) : Parsed(deserializer));
        _payload = default;
        if (_unread.IsEmpty)
        {
            // Given back now and not at the next read, so that an idle stream holds no memory.
            _holdsBuffer = false;
            body.AdvanceTo(_unread.End);
        }

        return true;
    }

    private void CheckPrefix(byte flag, uint length)
    {
        if (flag == TrailersFlag && ExpectsTrailersFrame)
        {
            if (length > 64 * 1024) throw Broken("The trailers frame is longer than 64 KiB.");
            return;
        }

        if (flag > CompressedFlag) throw Broken($"The message has compression flag {flag}; only 0 and 1 are defined.");
        if (length > (uint)(lengthMax ?? int.MaxValue))
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, string.Create(
                CultureInfo.InvariantCulture, $"Received message of {length} bytes exceeds the maximum configured message size of {lengthMax ?? int.MaxValue} bytes.")));
        }

        if (flag != CompressedFlag || Decompression is not null) return;
        if (UnknownEncoding is not null) throw new RpcException(new Status(UnknownEncodingCode, $"Unsupported grpc-encoding value '{UnknownEncoding}'."));
        throw Broken("The message has its compression flag set, but no grpc-encoding was named.");
    }

    private T Decompressed<T>(Func<DeserializationContext, T> deserializer)
    {
        var (rented, length) = MessageCompression.Decompress(Decompression!, _payload, lengthMax);
        try
        {
            _payload = new ReadOnlySequence<byte>(rented, 0, length);
            return Parsed(deserializer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private T Parsed<T>(Func<DeserializationContext, T> deserializer)
    {
        try
        {
            return deserializer(this);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The message does not parse as its type.", e));
        }
    }

    private static (byte Flag, uint Length) ReadPrefix(ReadOnlySequence<byte> buffer)
    {
        var first = buffer.FirstSpan;
        if (first.Length >= PrefixLength) return (first[0], BinaryPrimitives.ReadUInt32BigEndian(first[1..]));
        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        return (prefix[0], BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]));
    }

    private static RpcException Broken(string what) => new(new Status(StatusCode.Internal, what));
}

/// <summary>A message, or the end of the stream.</summary>
internal readonly struct Received<T>
{
    private readonly T? _message;

    internal Received(T message)
    {
        _message = message;
        HasMessage = true;
    }

    internal bool HasMessage { get; }

    internal bool TryGet([MaybeNullWhen(false)] out T message)
    {
        message = _message;
        return HasMessage;
    }
}
