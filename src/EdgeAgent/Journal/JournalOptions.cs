namespace KeyAccountLogistics.EdgeAgent.Journal;

/// <summary>Limits of the capture journal. All sizes in bytes.</summary>
internal sealed record JournalOptions
{
    public required string Directory { get; init; }

    /// <summary>A new segment is begun when the next group would not fit.</summary>
    public long SegmentBytes { get; init; } = 8 << 20;

    /// <summary>Acknowledged events kept for support, newest first; more is deleted, oldest first.</summary>
    public long KeepBytes { get; init; } = 64 << 20;

    /// <summary>Acceptance stops when the disk has less than this left: what is accepted must still be sent, signed for and repaired.</summary>
    public long ReserveBytes { get; init; } = 64 << 20;

    /// <summary>Records of one atomic group: the largest handover with everything that follows from its confirmation.</summary>
    public const int GroupRecordsMax = 16_000;

    /// <summary>Bytes of one atomic group.</summary>
    public const int GroupBytesMax = 8 << 20;
}

/// <summary>Why an event was not accepted. A loud answer, shown at the station: nothing that was refused may look accepted.</summary>
internal sealed record JournalRefusal(string Code, string Message)
{
    public const string DiskFull = "journal_full";
    public const string DiskFault = "journal_fault";
    public const string TooLarge = "journal_too_large";
    public const string Closed = "journal_closed";
}

/// <summary>Where an accepted group stands, or why it was refused.</summary>
internal readonly record struct AppendAnswer(Guid Boot, ulong FirstSequence, JournalRefusal? Refused)
{
    public bool Accepted => Refused is null;
}

/// <summary>What opening the journal found, for the log, the health report and the gap events.</summary>
internal sealed record JournalRecovery(
    IReadOnlyList<JournalGap> NewGaps, IReadOnlyList<string> MovedAside, long TornBytes, int TornSegments, bool StateLost, long EventsHeld);
