using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Dispatch.Projections;

/// <summary>The projection's statements on the ledger. Sums are added to, so that lanes need not read what they add to.</summary>
internal static class MoneySql
{
    /// <summary>Rows made before they are read under lock: an event and its correction in two lanes wait for each other here.</summary>
    internal static readonly BulkSql Touch = new(
        "INSERT INTO dispatch_entry(event_id, kind, flaw, at_us) VALUES (?1, 0, 0, 0) ON CONFLICT(event_id) DO NOTHING RETURNING event_id",
        "INSERT INTO dispatch_entry(event_id, kind, flaw, at_us) SELECT e, 0, 0, 0 FROM unnest($1::uuid[]) AS t(e) ORDER BY e ON CONFLICT(event_id) DO NOTHING RETURNING event_id");

    internal static readonly BulkSql Find = new(
        "SELECT event_id, corrected_by, at_us FROM dispatch_entry WHERE event_id = ?1",
        "SELECT event_id, corrected_by, at_us FROM dispatch_entry WHERE event_id = ANY($1::uuid[]) ORDER BY event_id FOR UPDATE");

    internal static readonly BulkSql Postings = new(
        Columns + "WHERE event_id = ?1 ORDER BY origin, line", Columns + "WHERE event_id = ANY($1::uuid[]) ORDER BY event_id, origin, line");

    internal static readonly BulkSql PutEntry = new(
        "UPDATE dispatch_entry SET kind = ?2, flaw = ?3, at_us = ?4 WHERE event_id = ?1",
        "UPDATE dispatch_entry d SET kind = u.k, flaw = u.f, at_us = u.a FROM unnest($1::uuid[], $2::int[], $3::int[], $4::bigint[]) AS u(id, k, f, a) WHERE d.event_id = u.id");

    internal static readonly BulkSql PutCorrection = new(
        "UPDATE dispatch_entry SET corrected_by = ?2 WHERE event_id = ?1",
        "UPDATE dispatch_entry d SET corrected_by = u.c FROM unnest($1::uuid[], $2::uuid[]) AS u(id, c) WHERE d.event_id = u.id");

    internal static readonly BulkSql AddPosting = new(
        "INSERT INTO dispatch_posting(event_id, origin, line, ledger, owner, depot, account, minor, currency, parcel, purpose, at_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        "INSERT INTO dispatch_posting(event_id, origin, line, ledger, owner, depot, account, minor, currency, parcel, purpose, at_us) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], "
        + "$4::int[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[], $10::text[], $11::int[], $12::bigint[])");

    internal static readonly BulkSql AddBalance = new(
        "INSERT INTO dispatch_balance(ledger, owner, depot, currency, account, minor) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
        + "ON CONFLICT(ledger, owner, depot, currency) DO UPDATE SET minor = dispatch_balance.minor + excluded.minor",
        "INSERT INTO dispatch_balance(ledger, owner, depot, currency, account, minor) SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) "
        + "ON CONFLICT(ledger, owner, depot, currency) DO UPDATE SET minor = dispatch_balance.minor + excluded.minor");

    /// <summary>Since its latest line, whatever order they come in.</summary>
    internal static readonly BulkSql AddOpen = new(
        "INSERT INTO dispatch_open_money(ledger, owner, depot, currency, parcel, purpose, account, minor, since_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
        + "ON CONFLICT(ledger, owner, depot, currency, parcel, purpose) DO UPDATE SET minor = dispatch_open_money.minor + excluded.minor, since_us = max(dispatch_open_money.since_us, excluded.since_us)",
        "INSERT INTO dispatch_open_money(ledger, owner, depot, currency, parcel, purpose, account, minor, since_us) SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], "
        + "$5::text[], $6::int[], $7::text[], $8::bigint[], $9::bigint[]) "
        + "ON CONFLICT(ledger, owner, depot, currency, parcel, purpose) DO UPDATE SET minor = dispatch_open_money.minor + excluded.minor, since_us = greatest(dispatch_open_money.since_us, excluded.since_us)");

    /// <summary>An act takes the place it moves money from: the second of two desks waits here, and then sees what the first has left.</summary>
    internal static readonly BulkSql LockPlace = new(
        "SELECT minor FROM dispatch_balance WHERE ledger = ?1 AND owner = ?2 AND depot = ?3 AND currency = ?4",
        "SELECT b.minor FROM dispatch_balance b JOIN unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS u(l, o, d, c) "
        + "ON b.ledger = u.l AND b.owner = u.o AND b.depot = u.d AND b.currency = u.c FOR UPDATE OF b");

    private const string Columns = "SELECT event_id, origin, currency, ledger, owner, depot, account, minor, parcel, purpose FROM dispatch_posting ";

    internal static RowBlock PostingBlock() => new(
        ColumnKind.Uuid, ColumnKind.Uuid, ColumnKind.Long, ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Text, ColumnKind.Text,
        ColumnKind.Long, ColumnKind.Long);

    internal static RowBlock BalanceBlock() => new(ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long);

    internal static RowBlock OpenBlock() => new(
        ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long);
}
