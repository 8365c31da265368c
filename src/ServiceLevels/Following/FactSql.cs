using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>Statements on the facts of accounts' service, both dialects side by side.</summary>
internal static class FactSql
{
    private const string Columns = "event_id, account, kind, subject, reference, revision, earliest_us, best_us, latest_us, corrects, body";

    private const string Stored = "SELECT " + Columns + " FROM level_fact ";

    internal static readonly BulkSql Add = new(
        $"INSERT INTO level_fact({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT(event_id) DO NOTHING",
        $"INSERT INTO level_fact({Columns}) SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::uuid[], $11::bytea[]) "
        + "ON CONFLICT(event_id) DO NOTHING");

    internal static readonly BulkSql Remove = new("DELETE FROM level_fact WHERE event_id = ?1", "DELETE FROM level_fact WHERE event_id = ANY($1::uuid[])");

    internal static readonly BulkSql OfSubjects = new(
        Stored + "WHERE account = ?1 AND kind = ?2 AND subject = ?3",
        "SELECT " + "f." + "event_id, f.account, f.kind, f.subject, f.reference, f.revision, f.earliest_us, f.best_us, f.latest_us, f.corrects, f.body "
        + "FROM unnest($1::text[], $2::int[], $3::text[]) AS u(a, k, s) JOIN level_fact f ON f.account = u.a AND f.kind = u.k AND f.subject = u.s");

    internal static readonly BulkSql OfKind = new(
        Stored + "WHERE account = ?1 AND kind = ?2 AND best_us >= ?3", Stored + "WHERE account = ANY($1::text[]) AND kind = ($2::int[])[1] AND best_us >= ($3::bigint[])[1]");

    internal static readonly BulkSql Correcting = new(Stored + "WHERE corrects = ?1", Stored + "WHERE corrects = ANY($1::uuid[])");

    internal static readonly BulkSql ById = new(Stored + "WHERE event_id = ?1", Stored + "WHERE event_id = ANY($1::uuid[])");

    /// <summary>By event, for a rebuild; locked, so that what is compared stands still.</summary>
    internal static readonly BulkSql Page = new(Stored + "WHERE event_id > ?1 ORDER BY event_id LIMIT 500", Stored + "WHERE event_id > ($1::uuid[])[1] ORDER BY event_id LIMIT 500 FOR UPDATE");

    /// <summary>A subject's kind stands in its key, so that one order serves both.</summary>
    internal static readonly BulkSql OfAccount = new(
        "SELECT DISTINCT kind, subject FROM level_fact WHERE account = ?1 AND (kind, subject) > (?2, ?3) ORDER BY kind, subject LIMIT ?4",
        "SELECT p.kind, p.subject FROM unnest($1::text[], $2::int[], $3::text[], $4::bigint[]) AS u(a, k, s, n) CROSS JOIN LATERAL "
        + "(SELECT DISTINCT kind, subject FROM level_fact WHERE account = u.a AND (kind, subject) > (u.k, u.s) ORDER BY kind, subject LIMIT u.n) p ORDER BY p.kind, p.subject");

    internal static readonly BulkSql AllSubjects = new(
        "SELECT DISTINCT account, kind, subject FROM level_fact WHERE corrects IS NULL AND (account, kind, subject) > (?1, ?2, ?3) ORDER BY account, kind, subject LIMIT ?4",
        "SELECT p.account, p.kind, p.subject FROM unnest($1::text[], $2::int[], $3::text[], $4::bigint[]) AS u(a, k, s, n) CROSS JOIN LATERAL "
        + "(SELECT DISTINCT account, kind, subject FROM level_fact WHERE corrects IS NULL AND (account, kind, subject) > (u.a, u.k, u.s) ORDER BY account, kind, subject LIMIT u.n) p ORDER BY p.account, p.kind, p.subject");

    internal static RowBlock Block() => new(
        ColumnKind.Uuid, ColumnKind.Text, ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Uuid, ColumnKind.Bytes);
}
