using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Dispatch.Rebuild;

/// <summary>Statements of the rebuild. Pages are locked, so that what is compared stands still while live work on other rows goes on.</summary>
internal static class RebuildSql
{
    private const string FactColumns = "SELECT event_id, subject, earliest_us, best_us, latest_us, body FROM dispatch_fact ";

    private const string OrderColumns =
        "SELECT id, account, site, depot, from_us, until_us, parcels, mass_mg, longitude_e5, latitude_e5, standing, phase, done_us, punctuality, taken, was_missed, reason FROM dispatch_order ";

    private const string EntryColumns = "SELECT event_id, corrected_by, kind, flaw, at_us FROM dispatch_entry ";

    private const string LineColumns = "SELECT event_id, origin, line, ledger, owner, depot, account, minor, currency, parcel, purpose, at_us FROM dispatch_posting ";

    internal static readonly BulkSql FindFacts = new("SELECT event_id FROM dispatch_fact WHERE event_id = ?1", "SELECT event_id FROM dispatch_fact WHERE event_id = ANY($1::uuid[])");

    internal static readonly BulkSql FactPage = new(
        FactColumns + "WHERE event_id > ?1 ORDER BY event_id LIMIT 500", FactColumns + "WHERE event_id > ($1::uuid[])[1] ORDER BY event_id LIMIT 500 FOR UPDATE");

    internal static readonly BulkSql RemoveFact = new("DELETE FROM dispatch_fact WHERE event_id = ?1", "DELETE FROM dispatch_fact WHERE event_id = ANY($1::uuid[])");

    internal static readonly BulkSql FindOrders = new("SELECT id FROM dispatch_order WHERE id = ?1", "SELECT id FROM dispatch_order WHERE id = ANY($1::text[])");

    internal static readonly BulkSql OrderPage = new(
        OrderColumns + "WHERE id > ?1 ORDER BY id LIMIT 200", OrderColumns + "WHERE id > ($1::text[])[1] ORDER BY id LIMIT 200 FOR UPDATE");

    internal static readonly BulkSql RemoveOrder = new("DELETE FROM dispatch_order WHERE id = ?1", "DELETE FROM dispatch_order WHERE id = ANY($1::text[])");

    internal static readonly BulkSql EntryPage = new(
        EntryColumns + "WHERE event_id > ?1 ORDER BY event_id LIMIT 200", EntryColumns + "WHERE event_id > ($1::uuid[])[1] ORDER BY event_id LIMIT 200 FOR UPDATE");

    internal static readonly BulkSql FindEntries = new(EntryColumns + "WHERE event_id = ?1", EntryColumns + "WHERE event_id = ANY($1::uuid[])");

    internal static readonly BulkSql RemoveEntry = new("DELETE FROM dispatch_entry WHERE event_id = ?1", "DELETE FROM dispatch_entry WHERE event_id = ANY($1::uuid[])");

    internal static readonly BulkSql FindLines = new(LineColumns + "WHERE event_id = ?1", LineColumns + "WHERE event_id = ANY($1::uuid[])");

    /// <summary>Events that have lines and no entry.</summary>
    internal static readonly BulkSql StrayPage = new(
        "SELECT DISTINCT event_id FROM dispatch_posting p WHERE event_id > ?1 AND NOT EXISTS (SELECT 1 FROM dispatch_entry e WHERE e.event_id = p.event_id) ORDER BY event_id LIMIT 50",
        "SELECT DISTINCT event_id FROM dispatch_posting p WHERE event_id > ($1::uuid[])[1] AND NOT EXISTS (SELECT 1 FROM dispatch_entry e WHERE e.event_id = p.event_id) ORDER BY event_id LIMIT 50");

    internal static readonly BulkSql RemoveLine = new(
        "DELETE FROM dispatch_posting WHERE event_id = ?1 AND origin = ?2 AND line = ?3",
        "DELETE FROM dispatch_posting p USING unnest($1::uuid[], $2::uuid[], $3::int[]) AS u(e, o, n) WHERE p.event_id = u.e AND p.origin = u.o AND p.line = u.n");

    internal static readonly BulkSql FindBalances = new(
        "SELECT ledger, owner, depot, currency FROM dispatch_balance WHERE ledger = ?1 AND owner = ?2 AND depot = ?3 AND currency = ?4",
        "SELECT b.ledger, b.owner, b.depot, b.currency FROM dispatch_balance b JOIN unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS u(l, o, d, c) "
        + "ON b.ledger = u.l AND b.owner = u.o AND b.depot = u.d AND b.currency = u.c");

    // Few rows, some of which stand for many lines.
    internal static readonly BulkSql BalancePage = new(
        "SELECT ledger, owner, depot, currency, account, minor FROM dispatch_balance WHERE (ledger, owner, depot, currency) > (?1, ?2, ?3, ?4) ORDER BY ledger, owner, depot, currency LIMIT 20",
        "SELECT ledger, owner, depot, currency, account, minor FROM dispatch_balance WHERE (ledger, owner, depot, currency) > (($1::int[])[1], ($2::text[])[1], ($3::text[])[1], ($4::text[])[1]) "
        + "ORDER BY ledger, owner, depot, currency LIMIT 20 FOR UPDATE");

    internal static readonly BulkSql SumBalances = new(
        "SELECT ?1, ?2, ?3, ?4, COALESCE(SUM(minor), 0), COUNT(*), COALESCE(MAX(account), '') FROM dispatch_posting WHERE ledger = ?1 AND owner = ?2 AND depot = ?3 AND currency = ?4",
        "SELECT u.l, u.o, u.d, u.c, COALESCE(SUM(p.minor), 0)::bigint, COUNT(p.minor), COALESCE(MAX(p.account), '') FROM unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS u(l, o, d, c) "
        + "LEFT JOIN dispatch_posting p ON p.ledger = u.l AND p.owner = u.o AND p.depot = u.d AND p.currency = u.c GROUP BY u.l, u.o, u.d, u.c");

    internal static readonly BulkSql PutBalance = new(
        "UPDATE dispatch_balance SET account = ?5, minor = ?6 WHERE ledger = ?1 AND owner = ?2 AND depot = ?3 AND currency = ?4",
        "UPDATE dispatch_balance b SET account = u.a, minor = u.m FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) AS u(l, o, d, c, a, m) "
        + "WHERE b.ledger = u.l AND b.owner = u.o AND b.depot = u.d AND b.currency = u.c");

    internal static readonly BulkSql RemoveBalance = new(
        "DELETE FROM dispatch_balance WHERE ledger = ?1 AND owner = ?2 AND depot = ?3 AND currency = ?4",
        "DELETE FROM dispatch_balance b USING unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS u(l, o, d, c) WHERE b.ledger = u.l AND b.owner = u.o AND b.depot = u.d AND b.currency = u.c");

    internal static readonly BulkSql FindOpen = new(
        "SELECT ledger, owner, depot, currency, parcel, purpose FROM dispatch_open_money WHERE ledger = ?1 AND owner = ?2 AND depot = ?3 AND currency = ?4 AND parcel = ?5 AND purpose = ?6",
        "SELECT b.ledger, b.owner, b.depot, b.currency, b.parcel, b.purpose FROM dispatch_open_money b JOIN unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[]) "
        + "AS u(l, o, d, c, p, w) ON " + OpenIsOf);

    internal static readonly BulkSql OpenPage = new(
        "SELECT ledger, owner, depot, currency, parcel, purpose, account, minor, since_us FROM dispatch_open_money WHERE (ledger, owner, depot, currency, parcel, purpose) > (?1, ?2, ?3, ?4, ?5, ?6) "
        + "ORDER BY ledger, owner, depot, currency, parcel, purpose LIMIT 200",
        "SELECT ledger, owner, depot, currency, parcel, purpose, account, minor, since_us FROM dispatch_open_money WHERE (ledger, owner, depot, currency, parcel, purpose) > "
        + "(($1::int[])[1], ($2::text[])[1], ($3::text[])[1], ($4::text[])[1], ($5::text[])[1], ($6::int[])[1]) ORDER BY ledger, owner, depot, currency, parcel, purpose LIMIT 200 FOR UPDATE");

    internal static readonly BulkSql SumOpen = new(
        "SELECT ?1, ?2, ?3, ?4, ?5, ?6, COALESCE(SUM(minor), 0), COUNT(*), COALESCE(MAX(account), ''), COALESCE(MAX(at_us), 0) FROM dispatch_posting "
        + "WHERE ledger = ?1 AND owner = ?2 AND depot = ?3 AND currency = ?4 AND parcel = ?5 AND purpose = ?6",
        "SELECT u.l, u.o, u.d, u.c, u.p, u.w, COALESCE(SUM(b.minor), 0)::bigint, COUNT(b.minor), COALESCE(MAX(b.account), ''), COALESCE(MAX(b.at_us), 0) "
        + "FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[]) AS u(l, o, d, c, p, w) LEFT JOIN dispatch_posting b ON " + OpenIsOf + " GROUP BY u.l, u.o, u.d, u.c, u.p, u.w");

    internal static readonly BulkSql PutOpen = new(
        "UPDATE dispatch_open_money SET account = ?7, minor = ?8, since_us = ?9 WHERE ledger = ?1 AND owner = ?2 AND depot = ?3 AND currency = ?4 AND parcel = ?5 AND purpose = ?6",
        "UPDATE dispatch_open_money b SET account = u.a, minor = u.m, since_us = u.s FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::bigint[], "
        + "$9::bigint[]) AS u(l, o, d, c, p, w, a, m, s) WHERE " + OpenIsOf);

    internal static readonly BulkSql RemoveOpen = new(
        "DELETE FROM dispatch_open_money WHERE ledger = ?1 AND owner = ?2 AND depot = ?3 AND currency = ?4 AND parcel = ?5 AND purpose = ?6",
        "DELETE FROM dispatch_open_money b USING unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[]) AS u(l, o, d, c, p, w) WHERE " + OpenIsOf);

    private const string OpenIsOf = "b.ledger = u.l AND b.owner = u.o AND b.depot = u.d AND b.currency = u.c AND b.parcel = u.p AND b.purpose = u.w";

    internal static RowBlock BalanceKeys(IEnumerable<BalanceKey> all)
    {
        var keys = new RowBlock(ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text);
        foreach (var key in all) keys.Long(key.Ledger).Text(key.Owner).Text(key.Depot).Text(key.Currency);
        return keys;
    }

    internal static RowBlock OpenKeys(IEnumerable<OpenKey> all)
    {
        var keys = new RowBlock(ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long);
        foreach (var (place, parcel, purpose) in all) keys.Long(place.Ledger).Text(place.Owner).Text(place.Depot).Text(place.Currency).Text(parcel).Long(purpose);
        return keys;
    }

    internal static BalanceKey ReadBalance(IRow row) => new(row.Long(0), row.Text(1), row.Text(2), row.Text(3));

    internal static OpenKey ReadOpen(IRow row) => new(ReadBalance(row), row.Text(4), row.Long(5));
}
