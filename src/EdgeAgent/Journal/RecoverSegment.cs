using KeyAccountLogistics.EdgeAgent.Files;

namespace KeyAccountLogistics.EdgeAgent.Journal;

/// <summary>Bytes of a segment that are no record.</summary>
internal readonly record struct DamagedRange(long Offset, int Length);

/// <summary>What a segment on the disk really holds.</summary>
internal sealed record SegmentFindings
{
    /// <summary>The sequences that are there, in order, as ranges: one range when nothing is missing.</summary>
    public required IReadOnlyList<SequenceRange> Present { get; init; }

    /// <summary>Bytes between whole records, or a whole record's worth of bytes that does not check: something accepted was there.</summary>
    public required IReadOnlyList<DamagedRange> Damaged { get; init; }

    /// <summary>The end of what may be read. What lies behind is the torn end of a write that was never accepted.</summary>
    public required long GoodLength { get; init; }

    /// <summary>Bytes behind <see cref="GoodLength"/> that are not zero.</summary>
    public required int TornBytes { get; init; }
}

/// <summary>Sequences from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
internal readonly record struct SequenceRange(ulong First, ulong Last)
{
    public long Count => checked((long)(Last + 1 - First));
}

/// <summary>
/// Judges a segment after a stop of any kind. Only the end of a boot's last segment can be torn by a stop; anything else that does not check has been
/// damaged afterwards, and is told apart because an accepted event was there.
/// </summary>
internal static class RecoverSegment
{
    public static SegmentFindings Examine(Segment segment, ReadOnlySpan<byte> bytes, bool lastOfBoot)
    {
        var damaged = new List<DamagedRange>();
        var present = new List<SequenceRange>();
        var at = Math.Min(SegmentFormat.HeaderBytes, bytes.Length);
        var neverBegun = lastOfBoot && bytes.Length < SegmentFormat.HeaderBytes;   // stopped while the file was made
        if (!neverBegun && !SegmentFormat.IsHeader(bytes, segment)) damaged.Add(new DamagedRange(0, at));
        var last = segment.FirstSequence - 1;
        var good = at;
        var wholeGroup = (Offset: at, Ranges: 0, Last: last);
        while (at < bytes.Length)
        {
            if (SegmentFormat.TryRead(bytes[at..], out var record) == RecordRead.Whole && record.Sequence > last)
            {
                Note(present, record.Sequence);
                last = record.Sequence;
                at += record.Bytes;
                good = at;
                if (record.Followers == 0) wholeGroup = (at, present.Count, last);
                continue;
            }
            var next = SegmentFormat.FindRecord(bytes, at + 1, last);
            if (next < 0) break;
            damaged.Add(new DamagedRange(at, next - at));
            at = next;
        }
        var tail = bytes[good..];
        if (!lastOfBoot || WasWhole(tail))
        {
            if (tail.ContainsAnyExcept((byte)0)) damaged.Add(new DamagedRange(good, tail.Length));
            return new SegmentFindings { Present = present, Damaged = damaged, GoodLength = good, TornBytes = 0 };
        }
        if (wholeGroup.Offset < good) good = DropOpenGroup(present, wholeGroup.Ranges, wholeGroup.Offset, wholeGroup.Last);
        tail = bytes[good..];
        return new SegmentFindings
        {
            Present = present,
            Damaged = damaged,
            GoodLength = good,
            TornBytes = tail.ContainsAnyExcept((byte)0) ? tail.Length : 0,
        };
    }

    // A stop in the middle of appending leaves the beginning of a record, or zeros where the file had grown already. Anything else was a whole record once.
    private static bool WasWhole(ReadOnlySpan<byte> tail)
    {
        var marked = SegmentFormat.StartsLikeRecord(tail, out var length);
        if (!marked) return tail.Length > 0 && tail[0] != 0;
        return length is { } stated && tail.Length >= SegmentFormat.RecordHeaderBytes + stated && tail[SegmentFormat.RecordHeaderBytes + stated - 1] != 0;
    }

    private static int DropOpenGroup(List<SequenceRange> present, int ranges, int offset, ulong last)
    {
        while (present.Count > ranges) present.RemoveAt(present.Count - 1);
        if (present.Count > 0 && present[^1].Last > last) present[^1] = present[^1] with { Last = last };
        return offset;
    }

    private static void Note(List<SequenceRange> present, ulong sequence)
    {
        if (present.Count > 0 && present[^1].Last + 1 == sequence) present[^1] = present[^1] with { Last = sequence };
        else present.Add(new SequenceRange(sequence, sequence));
    }

    /// <summary>The bytes of the file, whole; a segment never outgrows memory (a few MiB).</summary>
    public static byte[] ReadWhole(IDurableFile file)
    {
        var bytes = new byte[file.Length];
        var read = file.Read(0, bytes);
        return read == bytes.Length ? bytes : bytes[..read];
    }
}
