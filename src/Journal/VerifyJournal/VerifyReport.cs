namespace KeyAccountLogistics.Journal;

/// <summary>How a chain is broken at its first bad link.</summary>
public enum BreakReason
{
    /// <summary>The event's bytes, times or hash are not those that were chained.</summary>
    Changed = 1,

    /// <summary>An event that was chained is not there.</summary>
    Removed = 2,

    /// <summary>An event is there that was never chained.</summary>
    Inserted = 3,

    /// <summary>The source's own row (head index and hash) does not fit its events.</summary>
    Head = 4,
}

/// <summary>The first broken link of a source. Position 0 and no id where the event itself is missing.</summary>
public sealed record BrokenLink(string Source, long ChainIndex, long Position, Guid? EventId, BreakReason Reason);

/// <summary>Sequences that a boot counted and never sent, both ends included.</summary>
public sealed record SequenceGap(string Source, Guid Boot, long FirstMissing, long LastMissing);

/// <summary>What has been verified so far; the last one of a run is <see cref="Done"/>.</summary>
public sealed record VerifyReport(long Events, int Sources, bool Done, IReadOnlyList<BrokenLink> Broken, IReadOnlyList<SequenceGap> Gaps, IReadOnlyList<string> MissingBlobs)
{
    /// <summary>True when every link holds and every blob is there; gaps are not a fault of the journal.</summary>
    public bool IsWhole => Broken.Count == 0 && MissingBlobs.Count == 0;
}
