using System.Buffers;

namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>Where a decoder puts what it found, in wire order, on the thread that pushes. What is passed by reference is valid during the call: copy to keep.</summary>
public interface IReadingSink
{
    /// <summary>A whole, accepted frame of a scale.</summary>
    void OnWeight(in WeightReading reading);

    /// <summary>A whole, accepted scan.</summary>
    void OnScan(ScanReading reading);

    /// <summary>Bytes that were refused.</summary>
    void OnRejected(in RejectedFrame rejected);

    /// <summary>Bytes the protocol obliges the host to send at once (acknowledge, next step of a handshake). Off a line, ignore them.</summary>
    void OnReply(ReadOnlySpan<byte> bytes);
}

/// <summary>
/// A push parser for one protocol: resynchronises by itself, keeps a bounded buffer, allocates nothing per byte or per weight frame. The readings
/// of a stream do not depend on how it was cut into pushes. One per line; not thread-safe.
/// </summary>
public interface IDecoder
{
    /// <summary>The longest frame it can hold, in bytes.</summary>
    int FrameBytesMax { get; }

    /// <summary>True while bytes are held that only more bytes or silence can decide.</summary>
    bool Pending { get; }

    /// <summary>How long a silence ends what is pending; the owner then calls <see cref="FlushIdle"/>.</summary>
    TimeSpan IdleGap { get; }

    /// <summary>Takes the next bytes of the line.</summary>
    void Push(ReadOnlySpan<byte> bytes, IReadingSink sink);

    /// <summary>The line was silent for <see cref="IdleGap"/>, or the input ended: what is pending is a frame (protocols without terminator) or is rejected.</summary>
    void FlushIdle(IReadingSink sink);

    /// <summary>A byte arrived damaged here: the frame in progress is rejected with <paramref name="reason"/>.</summary>
    void Break(RejectReason reason, IReadingSink sink);

    /// <summary>Forgets everything pending, silently: the line was lost or reopened. What was learned of the device stays.</summary>
    void Reset();
}

/// <summary>Pushing from where pipelines keep their bytes.</summary>
public static class DecoderExtensions
{
    /// <summary>Takes every segment of <paramref name="bytes"/> in order.</summary>
    public static void Push(this IDecoder decoder, in ReadOnlySequence<byte> bytes, IReadingSink sink)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        foreach (var segment in bytes) decoder.Push(segment.Span, sink);
    }
}
