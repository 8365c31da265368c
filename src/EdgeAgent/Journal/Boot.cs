namespace KeyAccountLogistics.EdgeAgent.Journal;

/// <summary>A boot with its segments, oldest first. Guarded by the journal's lock.</summary>
internal sealed class Boot(Guid id, int ordinal, bool ofThisProcess)
{
    /// <summary>Begun since this start: it shares the present counter and clock evidence.</summary>
    public bool OfThisProcess { get; } = ofThisProcess;

    public Guid Id { get; } = id;

    public int Ordinal { get; } = ordinal;

    public List<Segment> Segments { get; } = [];

    public ulong Acknowledged { get; set; }

    public BootClock? Clock { get; set; }

    public ulong LastDurable => Segments.Count > 0 ? Segments[^1].LastSequence : Acknowledged;

    /// <summary>The first sequence still to be acknowledged that may be on the disk.</summary>
    public ulong FirstUnsent => Math.Max(Acknowledged + 1, Segments.Count > 0 ? Segments[0].FirstSequence : Acknowledged + 1);

    public bool HasUnsent => LastDurable >= FirstUnsent;

    public long Unsent => HasUnsent ? checked((long)(LastDurable + 1 - FirstUnsent)) : 0;

    public BootState ToState() => new(Id, Ordinal, Acknowledged, Clock);
}

/// <summary>A boot that has events the backend has not acknowledged.</summary>
internal readonly record struct UnsentRange(Guid Boot, ulong First, ulong Last, BootClock? Clock, bool OfThisProcess)
{
    public long Count => checked((long)(Last + 1 - First));
}
