using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Orders;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Promises;

namespace KeyAccountLogistics.Dispatch.Published;

/// <summary>What became of a pickup order, by its facts.</summary>
/// <param name="Order">Its number.</param>
/// <param name="Due">What it is counted by: the first window that was missed, as it was asked for then; without a miss what was asked for last.</param>
/// <param name="Phase">open | done | missed | cancelled | refused.</param>
/// <param name="Collected">When the courier was there; null while he was not.</param>
/// <param name="Punctuality">How that stands to the end of the window it is counted by; null while nobody was there.</param>
/// <param name="WasMissed">That window ended with nobody there, whatever came after.</param>
/// <param name="Reason">Of a cancellation or refusal; may be empty.</param>
/// <param name="Events">The facts that decide it, ids of 16 bytes, in order.</param>
public sealed record PickupOutcome(
    string Order, PickupOrder Due, string Phase, AdjudgedInterval? Collected, Punctuality? Punctuality, bool WasMissed, string Reason, IReadOnlyList<ByteString> Events);

/// <summary>Reads pickup orders in bulk inside a transaction, for projections downstream.</summary>
public static class PickupOutcomes
{
    private static readonly BulkSql OfAccount = new(
        "SELECT id FROM dispatch_order WHERE account = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        "SELECT p.id FROM unnest($1::text[], $2::text[], $3::bigint[]) AS u(a, i, n) CROSS JOIN LATERAL (SELECT id FROM dispatch_order WHERE account = u.a AND id > u.i ORDER BY id LIMIT u.n) p ORDER BY p.id");

    private static readonly BulkSql All = new(
        "SELECT id FROM dispatch_order WHERE id > ?1 ORDER BY id LIMIT ?2", "SELECT id FROM dispatch_order WHERE id > ($1::text[])[1] ORDER BY id LIMIT ($2::bigint[])[1]");

    /// <summary>True for facts of orders; their <see cref="ParcelEvent.Reference"/> is the order.</summary>
    public static bool IsOfAnOrder(ParcelEvent fact) => OrderRun.IsOfAnOrder(fact);

    /// <summary>These orders; one that nothing has ordered yet is left out. One question however many they are.</summary>
    public static async ValueTask<IReadOnlyList<PickupOutcome>> ReadAsync(IJournalWrites writes, IReadOnlyCollection<string> orders, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(writes);
        if (orders.Count == 0) return [];
        var facts = new SortedDictionary<string, List<DispatchFact>>(StringComparer.Ordinal);
        await writes.QueryAsync(
            FactSql.OfSubjects, FactSql.Keys(orders.Select(static id => OrderRun.Prefix + id)),
            row =>
            {
                var (subject, fact) = FactSql.Read(row);
                var id = subject[OrderRun.Prefix.Length..];
                if (!facts.TryGetValue(id, out var own)) facts.Add(id, own = []);
                own.Add(fact);
            },
            ct);
        return [.. facts.Select(o => Of(o.Key, o.Value)).OfType<PickupOutcome>()];
    }

    /// <summary>The next orders of an account after <paramref name="after"/>, ascending.</summary>
    public static async ValueTask<IReadOnlyList<string>> OfAccountAsync(IJournalWrites writes, string account, string after, int most, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(writes);
        var ids = new List<string>();
        await writes.QueryAsync(OfAccount, new RowBlock(ColumnKind.Text, ColumnKind.Text, ColumnKind.Long).Text(account).Text(after).Long(most), row => ids.Add(row.Text(0)), ct);
        return ids;
    }

    /// <summary>The next orders of any account after <paramref name="after"/>, ascending.</summary>
    public static async ValueTask<IReadOnlyList<string>> AfterAsync(IJournalWrites writes, string after, int most, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(writes);
        var ids = new List<string>();
        await writes.QueryAsync(All, new RowBlock(ColumnKind.Text, ColumnKind.Long).Text(after).Long(most), row => ids.Add(row.Text(0)), ct);
        return ids;
    }

    /// <summary>What became of an order by facts that somebody holds outside the database; null while none of them orders it. Pure.</summary>
    public static PickupOutcome? Of(string order, IEnumerable<(ParcelEvent Event, AdjudgedInterval Time)> facts)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(facts);
        return Of(order, [.. facts.Select(static f => new DispatchFact(Uuid.From(f.Event.Id.Span), f.Event, f.Time))]);
    }

    private static PickupOutcome? Of(string order, List<DispatchFact> facts) => OrderState.Fold(facts) is { } state
        ? new PickupOutcome(
            order, state.Due, ReasonCode.Of(state.Phase), state.Collected, state.JudgedBy(state.Due), state.WasMissed, state.Reason,
            [.. facts.DistinctBy(f => f.Id).OrderBy(f => f.Time.Best).ThenBy(f => f.Id).Select(f => ByteString.CopyFrom(Uuid.Bytes(f.Id)))])
        : null;
}
