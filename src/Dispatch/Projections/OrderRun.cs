using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Orders;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Dispatch.Projections;

/// <summary>The pickup orders' part of one append transaction: an order has a handful of facts and is folded anew with each.</summary>
internal static class OrderRun
{
    internal const string Prefix = "order:";

    /// <summary>Rows made before they are read under lock, so that two lanes that meet the same new order do not overwrite each other.</summary>
    internal static readonly BulkSql Touch = new(
        "INSERT INTO dispatch_order(id, account, site, depot, from_us, until_us, parcels, mass_mg, longitude_e5, latitude_e5, standing, phase, punctuality, taken, was_missed, reason) "
        + "VALUES (?1, '', '', '', 0, 0, 0, 0, 0, 0, '', 0, 0, 0, 0, '') ON CONFLICT(id) DO NOTHING RETURNING id",
        "INSERT INTO dispatch_order(id, account, site, depot, from_us, until_us, parcels, mass_mg, longitude_e5, latitude_e5, standing, phase, punctuality, taken, was_missed, reason) "
        + "SELECT o, '', '', '', 0, 0, 0, 0, 0, 0, '', 0, 0, 0, false, '' FROM unnest($1::text[]) AS t(o) ORDER BY o ON CONFLICT(id) DO NOTHING RETURNING id");

    /// <summary>Also for an act that is decided on the order: it waits for the one before it.</summary>
    internal static readonly BulkSql Lock = new(
        "SELECT id FROM dispatch_order WHERE id = ?1", "SELECT id FROM dispatch_order WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE");

    internal static readonly BulkSql Update = new(
        "UPDATE dispatch_order SET account=?2, site=?3, depot=?4, from_us=?5, until_us=?6, parcels=?7, mass_mg=?8, longitude_e5=?9, latitude_e5=?10, standing=?11, phase=?12, done_us=?13, "
        + "punctuality=?14, taken=?15, was_missed=?16, reason=?17 WHERE id=?1",
        "UPDATE dispatch_order o SET account=u.a, site=u.s, depot=u.d, from_us=u.f, until_us=u.t, parcels=u.p, mass_mg=u.m, longitude_e5=u.x, latitude_e5=u.y, standing=u.g, phase=u.h, done_us=u.e, "
        + "punctuality=u.j, taken=u.k, was_missed=u.w, reason=u.r FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::int[], $8::bigint[], $9::int[], "
        + "$10::int[], $11::text[], $12::int[], $13::bigint[], $14::int[], $15::int[], $16::boolean[], $17::text[]) AS u(id, a, s, d, f, t, p, m, x, y, g, h, e, j, k, w, r) WHERE o.id = u.id");

    internal static bool IsOfAnOrder(ParcelEvent e) => e.Kind is >= EventKind.PickupOrdered and <= EventKind.PickupRefused && e.Reference.Length > 0;

    internal static async ValueTask ApplyAsync(IJournalWrites writes, IReadOnlyList<AppendedEvent> events, CancellationToken ct)
    {
        var touched = events.Where(e => IsOfAnOrder(e.Event)).GroupBy(e => e.Event.Reference, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        if (touched.Count == 0) return;
        await writes.QueryAsync(Touch, FactSql.Keys(touched.Keys), static _ => { }, ct);
        await writes.QueryAsync(Lock, FactSql.Keys(touched.Keys), static _ => { }, ct);
        var facts = touched.ToDictionary(t => t.Key, t => t.Value.ConvertAll(FactSql.FactOf), StringComparer.Ordinal);
        await writes.QueryAsync(
            FactSql.OfSubjects, FactSql.Keys(touched.Keys.Select(id => Prefix + id)),
            row =>
            {
                var (subject, fact) = FactSql.Read(row);
                facts[subject[Prefix.Length..]].Add(fact);
            },
            ct);
        var (rows, added) = (OrderColumns.Block(), FactSql.Block());
        foreach (var (id, events1) in touched.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            foreach (var e in events1) FactSql.Write(added, Prefix + id, e);
            OrderColumns.Of(OrderState.Fold(facts[id])).Add(rows, id);
        }
        writes.Write(FactSql.Add, added);
        writes.Write(Update, rows);
    }
}
