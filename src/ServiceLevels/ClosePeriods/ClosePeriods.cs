using System.Globalization;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Sqi;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Closing;

/// <summary>
/// Publishes a day of some accounts when it is over, and puts beside it what the thirty days before have come to be since. What was first said of a day never changes, and older days are left
/// alone (domain.md 2.3). Closing a day twice is closing it once.
/// </summary>
internal static class ClosePeriods
{
    private const string Columns = "INSERT INTO level_published(account, day, figure, first_numerator, first_denominator, first_left_out, published_us, numerator, denominator, left_out, restated_us, because) ";

    // So far back as days are restated; the closed one is said for the first time.
    private static readonly string Window = string.Create(CultureInfo.InvariantCulture, $"c.day >= {{day}} - {SqiSeries.RestatedDays} AND c.day < {{day}} ");

    /// <summary>Accounts that had something counted by a month.</summary>
    private static readonly BulkSql Counting = new("SELECT DISTINCT account FROM level_month WHERE month <= ?1", "SELECT DISTINCT account FROM level_month WHERE month <= ($1::bigint[])[1]");

    private static readonly BulkSql Publish = Both(
        Columns + "SELECT c.account, c.day, c.figure, c.numerator, c.denominator, c.left_out, {at}, c.numerator, c.denominator, c.left_out, NULL, NULL FROM level_counter c{and} WHERE c.kind = 0 AND c.account = {account} AND c.day = {day} "
        + "ON CONFLICT(account, day, figure) DO NOTHING");

    /// <summary>A closed day has a row for every account it was closed for, also one on which nothing happened: else nobody could tell it from a day never closed.</summary>
    private static readonly BulkSql Mark = Both(
        Columns + "SELECT {account}, {day}, '" + FigureCodes.Parcels + "', 0, 0, 0, {at}, 0, 0, 0, NULL, NULL{from} WHERE 1 = 1 ON CONFLICT(account, day, figure) DO NOTHING");

    /// <summary>Figures that were not there when their day was closed.</summary>
    private static readonly BulkSql Appear = Both(
        Columns + "SELECT c.account, c.day, c.figure, 0, 0, 0, {at}, 0, 0, 0, NULL, NULL FROM level_counter c{and} WHERE c.kind = 0 AND c.account = {account} AND " + Window
        + "AND EXISTS (SELECT 1 FROM level_published p WHERE p.account = c.account AND p.day = c.day) ON CONFLICT(account, day, figure) DO NOTHING");

    private static readonly BulkSql Restate = Both(
        "UPDATE level_published SET numerator = c.numerator, denominator = c.denominator, left_out = c.left_out, "
        + "restated_us = CASE WHEN c.numerator = first_numerator AND c.denominator = first_denominator THEN NULL ELSE {at} END, "
        + "because = CASE WHEN c.numerator = first_numerator AND c.denominator = first_denominator THEN NULL WHEN c.left_out > first_left_out THEN 'exclusion' ELSE 'late_fact' END "
        + "FROM level_counter AS c{and} WHERE c.kind = 0 AND c.account = {account} AND c.account = level_published.account AND c.day = level_published.day AND c.figure = level_published.figure AND " + Window
        + "AND (c.numerator <> level_published.numerator OR c.denominator <> level_published.denominator OR c.left_out <> level_published.left_out)");

    /// <summary>Accounts that had something counted by that day's month.</summary>
    internal static async Task<HashSet<string>> CountingAsync(IJournalWrites writes, LocalDate day, CancellationToken ct)
    {
        var accounts = new HashSet<string>(StringComparer.Ordinal);
        await writes.QueryAsync(Counting, new RowBlock(ColumnKind.Long).Long(AccountDays.MonthOf(day)), row => accounts.Add(row.Text(0)), ct);
        return accounts;
    }

    /// <summary>Queues the close of a day of these accounts.</summary>
    internal static void Close(IJournalWrites writes, IReadOnlyCollection<string> accounts, LocalDate day, Instant now)
    {
        if (accounts.Count == 0) return;
        foreach (var statement in new[] { Publish, Mark, Appear, Restate })
        {
            var rows = new RowBlock(accounts.Count, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long);
            foreach (var account in accounts) rows.Text(account).Long(AccountDays.NumberOf(day)).Long(now.ToUnixMicros());
            writes.Write(statement, rows);
        }
    }

    // The same text for both engines: SQLite runs it for each account with its parameters, PostgreSQL once with all of them beside the counters.
    private static BulkSql Both(string text)
    {
        const string Keys = "unnest($1::text[], $2::int[], $3::bigint[]) AS u(a, d, t)";
        return new(
            Fill(text, ("{account}", "?1"), ("{day}", "?2"), ("{at}", "?3"), ("{and}", ""), ("{from}", "")),
            Fill(text, ("{account}", "u.a"), ("{day}", "u.d"), ("{at}", "u.t"), ("{and}", ", " + Keys), ("{from}", " FROM " + Keys)));
    }

    private static string Fill(string text, params ReadOnlySpan<(string Place, string Value)> places)
    {
        foreach (var (place, value) in places) text = text.Replace(place, value, StringComparison.Ordinal);
        return text;
    }
}
