using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal;

/// <summary>An event with all that its hash vouches for: whoever holds it can compute the hash without the journal.</summary>
/// <param name="Source">Whose chain it stands in.</param>
/// <param name="ChainIndex">Its place there, from 1.</param>
/// <param name="Boot">Empty where the source does not number.</param>
/// <param name="Sequence">0 likewise.</param>
/// <param name="Id">The event's id.</param>
/// <param name="Kind">What happened.</param>
/// <param name="ParcelId">The parcel's row in this installation, no part of the hash; null for an event of none.</param>
/// <param name="ReceivedUs">Microseconds since 1970, as the three after it.</param>
/// <param name="EarliestUs">The adjudged interval's beginning.</param>
/// <param name="BestUs">Its best estimate.</param>
/// <param name="LatestUs">Its end.</param>
/// <param name="Evidence">Of the source's clock; may be empty.</param>
/// <param name="Body">The fact as it was sent.</param>
/// <param name="Previous">The hash before it in the chain; empty where that event is gone.</param>
/// <param name="Hash">Its own.</param>
public sealed record ExtractedEvent(
    string Source, long ChainIndex, Guid Boot, long Sequence, Guid Id, EventKind Kind, long? ParcelId, long ReceivedUs, long EarliestUs, long BestUs, long LatestUs,
    ReadOnlyMemory<byte> Evidence, ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Previous, ReadOnlyMemory<byte> Hash)
{
    /// <summary>True when the hash is that of what stands here. Pure; false for what no journal could have written, never an exception.</summary>
    public bool IsWhole()
    {
        if (Previous.Length != ChainHash.Length || Hash.Length != ChainHash.Length || Evidence.Length > ushort.MaxValue || Source.Length > ushort.MaxValue / 4) return false;
        Span<byte> hash = stackalloc byte[ChainHash.Length];
        ChainHash.Compute(Previous.Span, new ChainHeader(Source, ChainIndex, Boot, Sequence, Id, Kind, ReceivedUs, EarliestUs, BestUs, LatestUs), Evidence.Span, Body.Span, hash);
        return hash.SequenceEqual(Hash.Span);
    }
}

/// <summary>Reads events with their links, for whoever hands them out. It knows no accounts: resolve parcels and orders within the caller's scope first (law 11).</summary>
public static class JournalExtract
{
    private const string Columns =
        "SELECT s.name, e.chain_index, b.boot, e.sequence, e.event_id, e.kind, e.parcel_id, e.received_us, e.earliest_us, e.best_us, e.latest_us, e.body, e.hash, p.hash, "
        + "(SELECT c.evidence FROM journal_clock c WHERE c.source_id = e.source_id AND c.from_index <= e.chain_index ORDER BY c.from_index DESC LIMIT 1) "
        + "FROM journal_event e JOIN journal_source s ON s.id = e.source_id LEFT JOIN journal_boot b ON b.id = e.boot_id "
        + "LEFT JOIN journal_event p ON p.source_id = e.source_id AND p.chain_index = e.chain_index - 1 WHERE e.kind <> 0 AND ";

    private static readonly BulkSql OfParcels = new(Columns + "e.parcel_id = ?1 ORDER BY e.position", Columns + "e.parcel_id = ANY($1::bigint[]) ORDER BY e.parcel_id, e.position");

    private static readonly BulkSql ById = new(Columns + "e.event_id = ?1", Columns + "e.event_id = ANY($1::uuid[])");

    /// <summary>The events of these parcels, by parcel and arrival; give hundreds, not thousands.</summary>
    public static ValueTask OfParcelsAsync(IJournalWrites writes, IReadOnlyCollection<long> parcels, Action<ExtractedEvent> onEvent, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(parcels);
        var keys = new RowBlock(parcels.Count, ColumnKind.Long);
        foreach (var id in parcels) keys.Long(id);
        return parcels.Count == 0 ? ValueTask.CompletedTask : writes.QueryAsync(OfParcels, keys, row => onEvent(Read(row)), ct);
    }

    /// <summary>These events, in no order; one that is not there is left out.</summary>
    public static ValueTask OfEventsAsync(IJournalWrites writes, IReadOnlyCollection<Guid> events, Action<ExtractedEvent> onEvent, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(events);
        var keys = new RowBlock(events.Count, ColumnKind.Uuid);
        foreach (var id in events) keys.Uuid(id);
        return events.Count == 0 ? ValueTask.CompletedTask : writes.QueryAsync(ById, keys, row => onEvent(Read(row)), ct);
    }

    private static ExtractedEvent Read(IRow row)
    {
        var index = row.Long(1);
        return new ExtractedEvent(
            row.Text(0), index, row.IsNull(2) ? Guid.Empty : row.Uuid(2), row.IsNull(3) ? 0 : row.Long(3), row.Uuid(4), (EventKind)row.Long(5), row.IsNull(6) ? null : row.Long(6), row.Long(7), row.Long(8), row.Long(9),
            row.Long(10), row.IsNull(14) ? default : row.Bytes(14), row.Bytes(11), !row.IsNull(13) ? row.Bytes(13) : index == 1 ? ChainHash.Start : [], row.Bytes(12));
    }
}
