using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Sqi;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Closing;

/// <summary>
/// Publishes a day when it is over, and puts beside it what the thirty days before have come to be since. What was first said of a day never changes, and older days are left
/// alone (domain.md 2.3). Closing a day twice is closing it once.
/// </summary>
internal static class ClosePeriods
{
    private const string Columns = "INSERT INTO level_published(account, day, figure, first_numerator, first_denominator, first_left_out, published_us, numerator, denominator, left_out, restated_us, because) ";

    /// <summary>A closed day has a row for every account that counts parcels, also one on which nothing happened: else nobody could tell it from a day never closed.</summary>
    private static readonly BulkSql Mark = Both(
        Columns + "SELECT a.account, {0}, '" + FigureCodes.Parcels + "', 0, 0, 0, {1}, 0, 0, 0, NULL, NULL FROM (SELECT DISTINCT account FROM level_counter WHERE kind = 0 AND figure = '" + FigureCodes.Parcels + "') a "
        + "WHERE NOT EXISTS (SELECT 1 FROM level_counter c WHERE c.account = a.account AND c.day = {0} AND c.kind = 0 AND c.figure = '" + FigureCodes.Parcels + "') "
        + "ON CONFLICT(account, day, figure) DO NOTHING");

    private static readonly BulkSql Publish = Both(
        Columns + "SELECT account, day, figure, numerator, denominator, left_out, {1}, numerator, denominator, left_out, NULL, NULL FROM level_counter WHERE kind = 0 AND day = {0} "
        + "ON CONFLICT(account, day, figure) DO NOTHING");

    /// <summary>Figures that were not there when their day was closed.</summary>
    private static readonly BulkSql Appear = Both(
        Columns + "SELECT c.account, c.day, c.figure, 0, 0, 0, {2}, 0, 0, 0, NULL, NULL FROM level_counter c WHERE c.kind = 0 AND c.day >= {1} AND c.day < {0} "
        + "AND EXISTS (SELECT 1 FROM level_published p WHERE p.account = c.account AND p.day = c.day) ON CONFLICT(account, day, figure) DO NOTHING");

    private static readonly BulkSql Restate = Both(
        "UPDATE level_published SET numerator = c.numerator, denominator = c.denominator, left_out = c.left_out, "
        + "restated_us = CASE WHEN c.numerator = first_numerator AND c.denominator = first_denominator THEN NULL ELSE {2} END, "
        + "because = CASE WHEN c.numerator = first_numerator AND c.denominator = first_denominator THEN NULL WHEN c.left_out > first_left_out THEN 'exclusion' ELSE 'late_fact' END "
        + "FROM level_counter AS c WHERE c.account = level_published.account AND c.day = level_published.day AND c.figure = level_published.figure AND c.kind = 0 AND c.day >= {1} AND c.day < {0} "
        + "AND (c.numerator <> level_published.numerator OR c.denominator <> level_published.denominator OR c.left_out <> level_published.left_out)");

    /// <summary>Queues the close of a day.</summary>
    internal static void Close(IJournalWrites writes, LocalDate day, Instant now)
    {
        var (number, at) = (AccountDays.NumberOf(day), now.ToUnixMicros());
        writes.Write(Publish, new RowBlock(ColumnKind.Long, ColumnKind.Long).Long(number).Long(at));
        writes.Write(Mark, new RowBlock(ColumnKind.Long, ColumnKind.Long).Long(number).Long(at));
        RowBlock Window() => new RowBlock(ColumnKind.Long, ColumnKind.Long, ColumnKind.Long).Long(number).Long(number - SqiSeries.RestatedDays).Long(at);
        writes.Write(Appear, Window());
        writes.Write(Restate, Window());
    }

    // The same text with the engine's way to a parameter; one row of keys.
    private static BulkSql Both(string text) => new(
        text.Replace("{0}", "?1", StringComparison.Ordinal).Replace("{1}", "?2", StringComparison.Ordinal).Replace("{2}", "?3", StringComparison.Ordinal),
        text.Replace("{0}", "($1::bigint[])[1]::int", StringComparison.Ordinal).Replace("{1}", "($2::bigint[])[1]", StringComparison.Ordinal).Replace("{2}", "($3::bigint[])[1]", StringComparison.Ordinal));
}
