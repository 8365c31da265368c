using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>
/// The bytes of one frame exactly as the line delivered them (law 9), held in place so that a reading can be copied and queued without
/// allocating. Longer frames (labels) keep their first <see cref="Capacity"/> bytes; <see cref="Length"/> then says how many there were.
/// Immutable value.
/// </summary>
public readonly struct RawFrame : IEquatable<RawFrame>
{
    /// <summary>Bytes kept of a frame.</summary>
    public const int Capacity = 64;

    private readonly Bytes _bytes;
    private readonly byte _kept;

    /// <summary>Copies up to <see cref="Capacity"/> bytes.</summary>
    public RawFrame(ReadOnlySpan<byte> frame) : this(frame, frame.Length)
    {
    }

    internal RawFrame(ReadOnlySpan<byte> kept, int length)
    {
        if (kept.Length > Capacity) kept = kept[..Capacity];
        kept.CopyTo(_bytes);
        _kept = (byte)kept.Length;
        Length = length;
    }

    /// <summary>Bytes on the wire; may exceed what was kept.</summary>
    public int Length { get; }

    /// <summary>The kept bytes. The span lives as long as the variable that holds this value.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => ((ReadOnlySpan<byte>)_bytes)[.._kept];

    /// <summary>A copy of the kept bytes.</summary>
    public byte[] ToArray() => Span.ToArray();

    /// <summary>Hexadecimal with blanks between the bytes: <c>02 2D 30</c>.</summary>
    public override string ToString() => string.Join(' ', Convert.ToHexString(Span).Chunk(2).Select(pair => new string(pair)));

    /// <inheritdoc/>
    public bool Equals(RawFrame other) => Length == other.Length && Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RawFrame other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Same bytes.</summary>
    public static bool operator ==(RawFrame left, RawFrame right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(RawFrame left, RawFrame right) => !left.Equals(right);

    [InlineArray(Capacity)]
    private struct Bytes
    {
        private byte _first;
    }
}
