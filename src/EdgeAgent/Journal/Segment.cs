using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace KeyAccountLogistics.EdgeAgent.Journal;

/// <summary>
/// One file of the capture journal: the records of one boot from one sequence on. Its name says boot, order and first sequence too, so that a
/// damaged header loses nothing: <c>000012-0198c0de…-000000000001.seg</c>.
/// </summary>
internal sealed class Segment(string path, Guid boot, int ordinal, ulong firstSequence)
{
    internal const string Extension = ".seg";

    public string Path { get; } = path;

    public Guid Boot { get; } = boot;

    /// <summary>Place of the boot among the agent's boots; a clock set back does not change it.</summary>
    public int Ordinal { get; } = ordinal;

    public ulong FirstSequence { get; } = firstSequence;

    /// <summary>The last sequence that is durable; <c>FirstSequence - 1</c> while there is none.</summary>
    public ulong LastSequence { get; set; } = firstSequence - 1;

    /// <summary>Durable bytes. What lies behind them was never accepted.</summary>
    public long Length { get; set; }

    public long Count => checked((long)(LastSequence + 1 - FirstSequence));

    public static string Name(int ordinal, Guid boot, ulong firstSequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{ordinal:D6}-{boot:N}-{firstSequence:D12}{Extension}");

    public static Segment? TryFromPath(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        if (!name.EndsWith(Extension, StringComparison.Ordinal)) return null;
        var parts = name[..^Extension.Length].Split('-');
        return parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            && Guid.TryParseExact(parts[1], "N", out var boot)
            && ulong.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var first) && first > 0
            ? new Segment(path, boot, ordinal, first) : null;
    }
}

/// <summary>
/// The bytes of a segment. Header, 64 bytes: magic (8), boot (16, big-endian), ordinal (4), zero (4), first sequence (8), zero (20), CRC-32C (4).
/// Record: marker (4), body length (4), CRC-32C (4) of all that follows it and of the length, sequence (8), records of the same group still to come (2),
/// zero (2), body. Little-endian. The marker lets a reader find the next record behind damage; the CRC decides.
/// </summary>
internal static class SegmentFormat
{
    public const int HeaderBytes = 64;
    public const int RecordHeaderBytes = 24;
    public const int BodyBytesMax = 1 << 20;

    private const uint Marker = 0x3152_4C4B;                 // "KLR1"
    private static ReadOnlySpan<byte> Magic => "KALSEG\0\u0001"u8;

    public static void WriteHeader(Span<byte> into, Segment segment)
    {
        into[..HeaderBytes].Clear();
        Magic.CopyTo(into);
        segment.Boot.TryWriteBytes(into[8..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(into[24..], segment.Ordinal);
        BinaryPrimitives.WriteUInt64LittleEndian(into[32..], segment.FirstSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(into[60..], Crc32C.Of(into[..60]));
    }

    /// <summary>True when the bytes are the header of exactly this segment.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> bytes, Segment segment)
    {
        Span<byte> expected = stackalloc byte[HeaderBytes];
        WriteHeader(expected, segment);
        return bytes.StartsWith(expected);
    }

    public static void WriteRecord(Span<byte> into, ulong sequence, ushort followers, ReadOnlySpan<byte> body)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(into, Marker);
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], body.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(into[12..], sequence);
        BinaryPrimitives.WriteUInt16LittleEndian(into[20..], followers);
        BinaryPrimitives.WriteUInt16LittleEndian(into[22..], 0);
        body.CopyTo(into[RecordHeaderBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(into[8..], CrcOf(into[..(RecordHeaderBytes + body.Length)]));
    }

    /// <summary>Reads the record at the head of <paramref name="bytes"/>.</summary>
    public static RecordRead TryRead(ReadOnlySpan<byte> bytes, out RecordView record)
    {
        record = default;
        if (bytes.Length < RecordHeaderBytes) return RecordRead.Short;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Marker) return RecordRead.Damaged;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (length is < 0 or > BodyBytesMax) return RecordRead.Damaged;
        if (bytes.Length < RecordHeaderBytes + length) return RecordRead.Short;
        var whole = bytes[..(RecordHeaderBytes + length)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != CrcOf(whole)) return RecordRead.Damaged;
        record = new RecordView(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[20..]), whole[RecordHeaderBytes..]);
        return RecordRead.Whole;
    }

    /// <summary>True when the bytes begin like a record, as far as they go; with the body length it states, if that is plausible and there.</summary>
    public static bool StartsLikeRecord(ReadOnlySpan<byte> bytes, out int? length)
    {
        Span<byte> marker = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(marker, Marker);
        length = null;
        if (bytes.IsEmpty || !bytes.StartsWith(marker[..Math.Min(4, bytes.Length)])) return false;
        if (bytes.Length < 8) return true;
        var stated = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (stated is >= 0 and <= BodyBytesMax) length = stated;
        return true;
    }

    /// <summary>Offset of the next whole record at or behind <paramref name="from"/> with a sequence above <paramref name="above"/>; -1 when there is none.</summary>
    public static int FindRecord(ReadOnlySpan<byte> bytes, int from, ulong above)
    {
        Span<byte> marker = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(marker, Marker);
        while (from < bytes.Length)
        {
            var next = bytes[from..].IndexOf(marker);
            if (next < 0) return -1;
            from += next;
            if (TryRead(bytes[from..], out var record) == RecordRead.Whole && record.Sequence > above) return from;
            from++;
        }
        return -1;
    }

    private static uint CrcOf(ReadOnlySpan<byte> record) => Crc32C.Append(Crc32C.Of(record[4..8]), record[12..]);
}

internal enum RecordRead
{
    /// <summary>A whole record with the right CRC.</summary>
    Whole,

    /// <summary>It may become one with more bytes.</summary>
    Short,

    /// <summary>No record.</summary>
    Damaged,
}

/// <summary>A record in the reader's buffer.</summary>
internal readonly ref struct RecordView(ulong sequence, ushort followers, ReadOnlySpan<byte> body)
{
    public ulong Sequence { get; } = sequence;

    public ushort Followers { get; } = followers;

    public ReadOnlySpan<byte> Body { get; } = body;

    public int Bytes => SegmentFormat.RecordHeaderBytes + Body.Length;
}

/// <summary>CRC-32C (Castagnoli), on the processor's own instruction where it has one.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
