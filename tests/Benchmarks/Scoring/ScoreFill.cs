using System.Globalization;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Sqi;
using KeyAccountLogistics.TestKit.Databases;
using NodaTime;

namespace KeyAccountLogistics.Benchmarks.Scoring;

/// <summary>
/// A month of a carrier, written by statements: shipments with a promise, parcels, the delivery of each as a journalled fact, and the counters that follow from them, as the follower would
/// have them. 4 of 100 parcels are late. What figures do not read is left empty, so that the tables are smaller than in life: that favours the query by hand.
/// </summary>
internal sealed class ScoreFill(TestDatabase database, int parcels, int accounts)
{
    internal static readonly LocalDate First = new(2026, 10, 1);
    internal const int Days = 31;
    private const long DayUs = 86_400_000_000;
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    internal static long FirstUs => Zone.AtStartOfDay(First).ToInstant().ToUnixTimeTicks() / 10;

    internal static string AccountOf(int number) => FormattableString.Invariant($"KA-{number:00000}");

    private bool OnSqlite => database.Engine is Engine.Sqlite;

    internal async Task RunAsync()
    {
        await DropIndexesAsync();
        await ParcelsAsync();
        await CountersAsync();
        await database.ExecuteAsync(OnSqlite ? "ANALYZE" : "VACUUM ANALYZE");
    }

    // Indexes that neither side of the comparison uses would only make the filling longer.
    private async Task DropIndexesAsync()
    {
        var names = await database.RowsAsync(
            OnSqlite ? "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('custody_parcel', 'custody_shipment') AND sql IS NOT NULL" : "SELECT indexname FROM pg_indexes WHERE tablename IN ('custody_parcel', 'custody_shipment') AND indexname NOT LIKE 'pk_%'",
            static row => row.GetString(0));
        foreach (var name in names.Where(static n => n is not "ix_custody_parcel_shipment_id")) await database.ExecuteAsync($"DROP INDEX {name}");
    }

    private async Task ParcelsAsync()
    {
        var (n, a, first) = (Text(parcels), Text(accounts), Text(FirstUs));
        var series = OnSqlite ? $"(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {n}) SELECT i FROM n)" : $"generate_series(0::bigint, {n} - 1)";
        var number = OnSqlite ? "printf('%05d', i % " + a + ")" : "lpad((i % " + a + ")::text, 5, '0')";
        await database.ExecuteAsync(
            "CREATE TABLE bench_parcel(i bigint, account text, day int, promised_us bigint, late int, contract text, product text, lane text, depot text, courier text)");
        // An account's parcels follow each other through the month; which of them are late is spread by a multiplication.
        await database.ExecuteAsync(
            $"INSERT INTO bench_parcel SELECT i, 'KA-' || {number}, (i / {a}) % {Text(Days)}, {first} + ((i / {a}) % {Text(Days)}) * {Text(DayUs)} + 64800000000, CASE WHEN (i * 7919) % 100 < 4 THEN 1 ELSE 0 END, "
            + $"'K v1', 'P' || ((i / {a}) % 2), 'L' || ((i / {a}) % 4), 'D' || ((i / {a}) % 2), 'C' || ((i / {a} / 4) % 4) FROM {series} AS s{(OnSqlite ? "" : "(i)")}");
        var (blob, flag, id) = OnSqlite ? ("x''", "0", "randomblob(16)") : ("''::bytea", "false", "gen_random_uuid()");
        await database.ExecuteAsync(
            "INSERT INTO custody_shipment(id, waybill, account, product, origin, destination, accepted_us, promised_us, declared_value_minor, cod_minor, freight_collect_minor, pieces, insured, fragile, seal, registered_us, content) "
            + $"SELECT i + 1, 'W' || i, account, product, lane, depot, promised_us - {Text(2 * DayUs)}, promised_us, 0, 0, 0, 1, {flag}, {flag}, '', 0, {blob} FROM bench_parcel ORDER BY i");
        await database.ExecuteAsync(
            "INSERT INTO custody_parcel(id, code, piece, shipment_id, account, stage, custodian_kind, custodian, node, next_node, exceptions, closed, last_best_us, events, change, state) "
            + $"SELECT i + 1, 'W' || i, 1, i + 1, account, 0, 0, '', '', '', 0, {(OnSqlite ? "1" : "true")}, 0, 1, i, {blob} FROM bench_parcel ORDER BY i");
        await database.ExecuteAsync(
            "INSERT INTO journal_event(position, source_id, chain_index, event_id, kind, parcel_id, received_us, earliest_us, best_us, latest_us, body, hash) "
            + $"SELECT 1000000 + i, 1000000, i, {id}, 12, i + 1, promised_us, at_us, at_us, at_us, {blob}, {blob} FROM (SELECT i, promised_us, promised_us + CASE WHEN late = 1 THEN 10800000000 ELSE -14400000000 END AS at_us FROM bench_parcel) AS p ORDER BY i");
    }

    private async Task CountersAsync()
    {
        (string Figure, string Numerator, string Denominator)[] figures =
        [
            (FigureCodes.Punctual, "n - l", "n"), (FigureCodes.Within72, "n - l", "n"), (FigureCodes.EndToEnd, "n * 171360000000", "n"), (FigureCodes.Loss, "0", "n"), (FigureCodes.Damage, "0", "n"),
            (FigureCodes.FirstAttempt, "n - l", "n"), (FigureCodes.Scans, "4 * n", "4 * n"), (FigureCodes.Weights, "n", "n"), (FigureCodes.Parcels, "0", "n"), (SqiComponents.RightDayLate, "l", "l"), ("O1", "n", "n"),
        ];
        (CounterKind Kind, string Member)[] kinds =
        [
            (CounterKind.All, "''"), (CounterKind.Contract, "contract"), (CounterKind.Lane, "lane"), (CounterKind.Product, "product"), (CounterKind.Depot, "depot"), (CounterKind.Courier, "courier"),
        ];
        var firstDay = AccountDays.NumberOf(First);
        var list = string.Join(" UNION ALL ", figures.Select(static f => $"SELECT '{f.Figure}' AS figure"));
        foreach (var (kind, member) in kinds)
        {
            await database.ExecuteAsync(
                "INSERT INTO level_counter(account, day, kind, member, figure, numerator, denominator, left_out, in_doubt, open) "
                + $"SELECT account, day, {Text((int)kind)}, member, figure, {Case(figures.Select(static f => (f.Figure, f.Numerator)))}, {Case(figures.Select(static f => (f.Figure, f.Denominator)))}, 0, 0, 0 "
                + $"FROM (SELECT account, day + {Text(firstDay)} AS day, {member} AS member, COUNT(*) AS n, SUM(late) AS l FROM bench_parcel GROUP BY account, day, {(member is "''" ? "account" : member)}) AS g CROSS JOIN ({list}) AS f "
                + "ORDER BY account, day, member, figure");
        }
        await database.ExecuteAsync(
            "INSERT INTO level_month(month, account, figure, numerator, denominator, left_out, in_doubt, open) "
            + $"SELECT {Text(AccountDays.MonthOf(First))}, account, figure, SUM(numerator), SUM(denominator), 0, 0, 0 FROM level_counter WHERE kind = 0 GROUP BY account, figure ORDER BY account, figure");
        await database.ExecuteAsync("DROP TABLE bench_parcel");
    }

    private static string Case(IEnumerable<(string Figure, string Text)> of) => "CASE figure " + string.Concat(of.Select(static o => $"WHEN '{o.Figure}' THEN {o.Text} ")) + "END";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
