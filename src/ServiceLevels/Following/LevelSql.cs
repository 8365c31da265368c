using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Contributing;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>The follower's statements, both dialects side by side: however many subjects a batch has, each runs once.</summary>
internal static class LevelSql
{
    internal static readonly BulkSql AddChanged = new(
        "INSERT INTO level_changed(at_us, body) VALUES (?1, ?2)", "INSERT INTO level_changed(at_us, body) SELECT * FROM unnest($1::bigint[], $2::bytea[])");

    /// <summary>The oldest that nobody else is at.</summary>
    internal static readonly BulkSql TakeChanged = new(
        "SELECT id, at_us, body FROM level_changed ORDER BY id LIMIT ?1", "SELECT id, at_us, body FROM level_changed ORDER BY id LIMIT ($1::bigint[])[1] FOR UPDATE SKIP LOCKED");

    internal static readonly BulkSql DropChanged = new("DELETE FROM level_changed WHERE id = ?1", "DELETE FROM level_changed WHERE id = ANY($1::bigint[])");

    private const string Stub = "INSERT INTO level_subject(subject, code, contract, lane, product, depot, courier, body) ";

    /// <summary>Rows made before they are locked, so that two followers that meet the same new subject wait for each other.</summary>
    internal static readonly BulkSql Touch = new(
        Stub + "VALUES (?1, '', '', '', '', '', '', x'') ON CONFLICT(subject) DO NOTHING RETURNING subject",
        Stub + "SELECT s, '', '', '', '', '', '', ''::bytea FROM unnest($1::text[]) AS t(s) ORDER BY s COLLATE \"C\" ON CONFLICT(subject) DO NOTHING RETURNING subject");

    /// <summary>In the order of keys, so that followers which share subjects never wait in a circle. Facts are read after this: whoever held a subject before saw no more of it than is seen now.</summary>
    internal static readonly BulkSql Lock = new(
        "SELECT subject, body FROM level_subject WHERE subject = ?1", "SELECT subject, body FROM level_subject WHERE subject = ANY($1::text[]) ORDER BY subject FOR UPDATE");

    internal static readonly BulkSql Update = new(
        "UPDATE level_subject SET code=?2, account=?3, contract=?4, lane=?5, product=?6, depot=?7, courier=?8, first_day=?9, last_day=?10, gate_us=?11, due_us=?12, body=?13 WHERE subject=?1",
        "UPDATE level_subject s SET code=u.co, account=u.a, contract=u.k, lane=u.l, product=u.p, depot=u.d, courier=u.r, first_day=u.f, last_day=u.t, gate_us=u.g, due_us=u.e, body=u.b "
        + "FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::int[], $11::bigint[], $12::bigint[], $13::bytea[]) "
        + "AS u(s, co, a, k, l, p, d, r, f, t, g, e, b) WHERE s.subject = u.s");

    internal static readonly BulkSql DropMarks = new("DELETE FROM level_mark WHERE subject = ?1", "DELETE FROM level_mark WHERE subject = ANY($1::text[])");

    internal static readonly BulkSql AddMarks = new(
        "INSERT INTO level_mark(subject, figure, account, day, outcome, in_doubt) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        "INSERT INTO level_mark(subject, figure, account, day, outcome, in_doubt) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::boolean[])");

    private const string CounterColumns = "INSERT INTO level_counter(account, day, kind, member, figure, numerator, denominator, left_out, in_doubt, open) ";

    private const string Sum = "ON CONFLICT(account, day, kind, member, figure) DO UPDATE SET numerator = level_counter.numerator + excluded.numerator, denominator = level_counter.denominator + excluded.denominator, "
        + "left_out = level_counter.left_out + excluded.left_out, in_doubt = level_counter.in_doubt + excluded.in_doubt, open = level_counter.open + excluded.open";

    /// <summary>Differences, in the order of keys: sums commute, so nothing is read before it is written.</summary>
    internal static readonly BulkSql AddToCounters = new(
        CounterColumns + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) " + Sum,
        CounterColumns + "SELECT * FROM unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[]) " + Sum);

    private const string MonthColumns = "INSERT INTO level_month(month, account, figure, numerator, denominator, left_out, in_doubt, open) ";

    private const string MonthSum = "ON CONFLICT(month, account, figure) DO UPDATE SET numerator = level_month.numerator + excluded.numerator, denominator = level_month.denominator + excluded.denominator, "
        + "left_out = level_month.left_out + excluded.left_out, in_doubt = level_month.in_doubt + excluded.in_doubt, open = level_month.open + excluded.open";

    internal static readonly BulkSql AddToMonths = new(
        MonthColumns + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) " + MonthSum,
        MonthColumns + "SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[]) " + MonthSum);

    private const string HourColumns = "INSERT INTO level_hour(account, figure, hour, units, failures) ";

    private const string HourSum = "ON CONFLICT(account, figure, hour) DO UPDATE SET units = level_hour.units + excluded.units, failures = level_hour.failures + excluded.failures";

    internal static readonly BulkSql AddToHours = new(
        HourColumns + "VALUES (?1, ?2, ?3, ?4, ?5) " + HourSum,
        HourColumns + "SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::bigint[]) " + HourSum);

    internal static readonly BulkSql SweepHours = new("DELETE FROM level_hour WHERE hour < ?1", "DELETE FROM level_hour WHERE hour < ($1::bigint[])[1]");

    internal static RowBlock MonthBlock() => new(
        ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long);

    internal static RowBlock HourBlock() => new(ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long);

    internal static RowBlock ChangedBlock() => new(ColumnKind.Long, ColumnKind.Bytes);

    internal static RowBlock SubjectBlock() => new(
        ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Bytes);

    internal static RowBlock MarkBlock() => new(ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Bool);

    internal static RowBlock CounterBlock() => new(
        ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long);

    internal static void Put(RowBlock rows, CounterKey key, CounterSums sums) => Put(rows.Text(key.Account).Long(key.Day).Long((int)key.Kind).Text(key.Member).Text(key.Figure), sums);

    internal static void Put(RowBlock rows, (int Month, string Account, string Figure) key, CounterSums sums) => Put(rows.Long(key.Month).Text(key.Account).Text(key.Figure), sums);

    private static void Put(RowBlock row, CounterSums sums) => row.Long(sums.Numerator).Long(sums.Denominator).Long(sums.LeftOut).Long(sums.InDoubt).Long(sums.Open);

    internal static RowBlock Texts(IEnumerable<string> keys)
    {
        var rows = new RowBlock(ColumnKind.Text);
        foreach (var key in keys) rows.Text(key);
        return rows;
    }
}
