namespace KeyAccountLogistics.Journal;

/// <summary>
/// Reading the journal: committed events only, streamed in pages. It knows no accounts; resolve the parcel through a scoped context before showing an event (law 11).
/// </summary>
public interface IJournalReader
{
    /// <summary>Events in ascending position, both ends included. Positions ascend within a source; on PostgreSQL they have holes.</summary>
    IAsyncEnumerable<JournalledEvent> ReadAsync(long fromPosition, long toPosition, CancellationToken ct = default);

    /// <summary>A parcel's events in ascending position (the order of arrival, not of happening).</summary>
    IAsyncEnumerable<JournalledEvent> ReadParcelAsync(long parcelId, CancellationToken ct = default);

    /// <summary>One event; null when there is none with this id.</summary>
    Task<JournalledEvent?> FindAsync(Guid eventId, CancellationToken ct = default);

    /// <summary>Which of these ids are in the journal. At most 1,000 a call.</summary>
    Task<IReadOnlySet<Guid>> KnownAsync(IReadOnlyCollection<Guid> eventIds, CancellationToken ct = default);

    /// <summary>Where an event came from and what its hash stands on.</summary>
    Task<EventProvenance?> ProvenanceAsync(JournalledEvent item, CancellationToken ct = default);

    /// <summary>The highest position taken; 0 for an empty journal.</summary>
    Task<long> LastPositionAsync(CancellationToken ct = default);

    /// <summary>What waits in the outbox.</summary>
    Task<OutboxStatus> OutboxAsync(CancellationToken ct = default);

    /// <summary>How many events there are; walks an index.</summary>
    Task<long> CountAsync(CancellationToken ct = default);
}

/// <summary>The source's name, the boot (null where the source does not number) and the predecessor's hash (32 zero bytes for the first; empty if the predecessor is gone).</summary>
public sealed record EventProvenance(string Source, Guid? Boot, ReadOnlyMemory<byte> PreviousHash);
