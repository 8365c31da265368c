using System.Collections.Immutable;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Custody.Published;

/// <summary>
/// A fact with its adjudged interval, in microseconds since 1970 (law 2), when it was received and what kind of source told it; 0 where that is not known.
/// </summary>
public readonly record struct LivedFact(ParcelEvent Event, long EarliestUs, long BestUs, long LatestUs, long ReceivedUs = 0, SourceKind Source = default)
{
    /// <summary>The event's id, 16 bytes.</summary>
    public ByteString Id => Event.Id;
}

/// <summary>What was registered of a parcel's shipment. Instants are microseconds since 1970.</summary>
/// <param name="Waybill">Canonical; what personal details of it are sealed under.</param>
/// <param name="Product">The service.</param>
/// <param name="Origin">Place code; may be empty.</param>
/// <param name="Destination">Place code; may be empty.</param>
/// <param name="AcceptedUs">When the carrier accepted it; null when not said.</param>
/// <param name="PromisedUs">The promise; null without.</param>
/// <param name="PromiseClause">The clause that gave it; null when the client named it.</param>
/// <param name="Gates">The gates on the way; empty without.</param>
/// <param name="Insured">Insured.</param>
/// <param name="Contract">The contract its acceptance picked; null when none was in force.</param>
/// <param name="ContractVersion">Its version.</param>
public sealed record RegisteredShipment(
    string Waybill, string Product, string Origin, string Destination, long? AcceptedUs, long? PromisedUs, string? PromiseClause, ImmutableArray<PromiseGate> Gates, bool Insured, string? Contract, int? ContractVersion);

/// <summary>A parcel with everything that counts of it: the whole input of whoever judges its service.</summary>
/// <param name="Id">The parcel's row.</param>
/// <param name="Code">Canonical code.</param>
/// <param name="Account">The key account; null while no shipment names the parcel.</param>
/// <param name="Shipment">Its shipment; null while none is registered.</param>
/// <param name="Facts">In the order of (best time, id), each once, corrected ones left out.</param>
public sealed record WholeLife(long Id, string Code, string? Account, RegisteredShipment? Shipment, IReadOnlyList<LivedFact> Facts);

/// <summary>
/// Reads whole lives in bulk inside a transaction, for projections downstream: they see every account, since what follows from facts does not depend on who reads it.
/// </summary>
public static class ParcelLives
{
    private const string Columns = "SELECT p.id, p.code, p.account, s.id, s.product, s.origin, s.destination, s.accepted_us, s.promised_us, s.promise_clause, s.gates, s.insured, s.contract, s.contract_version, s.waybill "
        + "FROM custody_parcel p LEFT JOIN custody_shipment s ON s.id = p.shipment_id WHERE p.id ";

    private static readonly BulkSql Parcels = new(Columns + "= ?1", Columns + "= ANY($1::bigint[]) ORDER BY p.id");

    private static readonly BulkSql OfShipment = new(
        "SELECT id FROM custody_parcel WHERE shipment_id = ?1", "SELECT id FROM custody_parcel WHERE shipment_id = ANY($1::bigint[]) ORDER BY id");

    private static readonly BulkSql OfAccount = new(
        "SELECT id FROM custody_parcel WHERE account = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        "SELECT p.id FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS u(a, i, n) CROSS JOIN LATERAL (SELECT id FROM custody_parcel WHERE account = u.a AND id > u.i ORDER BY id LIMIT u.n) p ORDER BY p.id");

    private static readonly BulkSql All = new(
        "SELECT id FROM custody_parcel WHERE id > ?1 ORDER BY id LIMIT ?2",
        "SELECT p.id FROM unnest($1::bigint[], $2::bigint[]) AS u(i, n) CROSS JOIN LATERAL (SELECT id FROM custody_parcel WHERE id > u.i ORDER BY id LIMIT u.n) p ORDER BY p.id");

    /// <summary>The lives of these parcels, by row; a row that is not there is left out. Two questions however many they are; give hundreds, not thousands.</summary>
    public static async ValueTask<IReadOnlyList<WholeLife>> ReadAsync(IJournalWrites writes, IReadOnlyCollection<long> parcels, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(parcels);
        if (parcels.Count == 0) return [];
        var found = new SortedDictionary<long, (string Code, string? Account, RegisteredShipment? Shipment, List<LifeFact> Facts)>();
        await writes.QueryAsync(Parcels, Keys(parcels), row => found[row.Long(0)] = (row.Text(1), row.IsNull(2) ? null : row.Text(2), ShipmentOf(row), []), ct);
        await writes.ReadParcelsAsync([.. found.Keys], e =>
        {
            if (e.Kind is not EventKind.Unspecified) found[e.ParcelId!.Value].Facts.Add(CustodyRun.FactOf(e));
        }, ct);
        return [.. found.Select(p => new WholeLife(p.Key, p.Value.Code, p.Value.Account, p.Value.Shipment, Counting(p.Value.Facts)))];
    }

    /// <summary>The rows of these shipments' parcels.</summary>
    public static ValueTask<IReadOnlyList<long>> OfShipmentsAsync(IJournalWrites writes, IReadOnlyCollection<long> shipments, CancellationToken ct) => IdsAsync(writes, OfShipment, Keys(shipments), ct);

    /// <summary>The next rows of an account's parcels after <paramref name="after"/>, ascending.</summary>
    public static ValueTask<IReadOnlyList<long>> OfAccountAsync(IJournalWrites writes, string account, long after, int most, CancellationToken ct) =>
        IdsAsync(writes, OfAccount, new RowBlock(ColumnKind.Text, ColumnKind.Long, ColumnKind.Long).Text(account).Long(after).Long(most), ct);

    /// <summary>The next rows of any parcels after <paramref name="after"/>, ascending.</summary>
    public static ValueTask<IReadOnlyList<long>> AfterAsync(IJournalWrites writes, long after, int most, CancellationToken ct) =>
        IdsAsync(writes, All, new RowBlock(ColumnKind.Long, ColumnKind.Long).Long(after).Long(most), ct);

    /// <summary>What counts of facts in any order, repetitions allowed: sorted by (best time, id), once each, corrected ones left out.</summary>
    public static IReadOnlyList<LivedFact> Counting(IEnumerable<LivedFact> facts) =>
        Counting(facts.Select(static f => new LifeFact(f.Event, f.EarliestUs, f.BestUs, f.LatestUs, f.ReceivedUs, f.Source)).ToList());

    private static List<LivedFact> Counting(List<LifeFact> facts)
    {
        var ordered = ParcelFold.InOrder(facts);
        var corrected = Corrections.Of(ordered);
        return ordered.Where(f => !corrected.ContainsKey(f.Id)).Select(static f => new LivedFact(f.Event, f.EarliestUs, f.BestUs, f.LatestUs, f.ReceivedUs, f.Source)).ToList();
    }

    private static async ValueTask<IReadOnlyList<long>> IdsAsync(IJournalWrites writes, BulkSql sql, RowBlock keys, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(writes);
        var ids = new List<long>();
        await writes.QueryAsync(sql, keys, row => ids.Add(row.Long(0)), ct);
        return ids;
    }

    private static RowBlock Keys(IReadOnlyCollection<long> ids)
    {
        var keys = new RowBlock(ids.Count, ColumnKind.Long);
        foreach (var id in ids) keys.Long(id);
        return keys;
    }

    private static RegisteredShipment? ShipmentOf(IRow row) => row.IsNull(3) ? null : new RegisteredShipment(
        row.Text(14), row.Text(4), row.Text(5), row.Text(6), Long(row, 7), Long(row, 8), Text(row, 9), row.IsNull(10) ? [] : [.. PromiseGates.Parser.ParseFrom(row.Bytes(10)).Gates], row.Bool(11), Text(row, 12),
        row.IsNull(13) ? null : checked((int)row.Long(13)));

    private static long? Long(IRow row, int column) => row.IsNull(column) ? null : row.Long(column);

    private static string? Text(IRow row, int column) => row.IsNull(column) ? null : row.Text(column);
}
