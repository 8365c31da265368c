using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Contributing;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>
/// Counters of days and of months along the contributions they are the sum of, a month of an account at once. One statement reads all three, so it sees them at one moment; followers change them together, so a
/// difference found stays true whatever is followed meanwhile, and is put right by adding it. What spoils sums without it: a server of an older version beside this one, which counts days alone.
/// </summary>
internal static class RestoreCounters
{
    private const int Contributed = 0, OfDay = 1;

    private static readonly BulkSql Accounts = new(AccountsAfter("?1"), AccountsAfter("($1::text[])[1]"));

    private static readonly BulkSql Days = new(DaysOf("?1"), DaysOf("($1::text[])[1]"));

    private static readonly BulkSql Sums = new(SumsOf("?1", "?2", "?3", "?4"), SumsOf("($1::text[])[1]", "($2::bigint[])[1]", "($3::bigint[])[1]", "($4::bigint[])[1]"));

    /// <summary>Accounts that have contributions or counters, in order, each with the months of which sums are kept.</summary>
    internal static async Task<SortedDictionary<string, SortedSet<int>>> AccountsAsync(IJournalWrites writes, CancellationToken ct)
    {
        var accounts = new SortedDictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        await writes.QueryAsync(Accounts, LevelSql.Texts([""]), row =>
        {
            if (!accounts.TryGetValue(row.Text(0), out var months)) accounts.Add(row.Text(0), months = []);
            if (row.Long(1) is >= 0 and var month) months.Add((int)month);
        }, ct);
        return accounts;
    }

    /// <summary>Adds the months in which an account has contributions or counters of days.</summary>
    internal static async Task<SortedSet<int>> MonthsAsync(IJournalWrites writes, string account, SortedSet<int> months, CancellationToken ct)
    {
        await writes.QueryAsync(Days, LevelSql.Texts([account]), row =>
        {
            for (var month = MonthOf(row.Long(0)); month <= MonthOf(row.Long(1)); month++) months.Add(month);
        }, ct);
        return months;
    }

    // Two rebuilds beside each other, of two processes, would both add what is short. SQLite has one writer at a time.
    private static readonly BulkSql OneAtATime = new("SELECT ?1", "SELECT pg_advisory_xact_lock(($1::bigint[])[1])");

    private const long LockOfRebuilds = 0x6b616c5f6c766c73;

    /// <summary>What of a month's sums differs from its contributions.</summary>
    internal static async Task<List<ProjectionDifference>> MonthAsync(IJournalWrites writes, string account, int month, bool dryRun, CancellationToken ct)
    {
        var start = new LocalDate(month / 12, (month % 12) + 1, 1);
        var (first, last) = (AccountDays.NumberOf(start), AccountDays.NumberOf(start.PlusMonths(1)) - 1);
        if (!dryRun) await writes.QueryAsync(OneAtATime, new RowBlock(ColumnKind.Long).Long(LockOfRebuilds), static _ => { }, ct);
        var (counted, days, sums) = (new Counters(), new Counters(), new Dictionary<string, CounterSums>(StringComparer.Ordinal));
        await writes.QueryAsync(
            Sums, new RowBlock(ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long).Text(account).Long(first).Long(last).Long(month),
            row =>
            {
                if (row.Long(0) is Contributed) counted.Add(Contribution.Parser.ParseFrom(row.Bytes(1)), first, last);
                else if (row.Long(0) is OfDay) days.Add(new CounterKey(account, (int)row.Long(2), (CounterKind)row.Long(3), row.Text(4), row.Text(5)), SumsIn(row));
                else sums.Add(row.Text(5), SumsIn(row));
            },
            ct);
        var found = new List<ProjectionDifference>();
        AddToDays(counted, days, found, dryRun, writes);
        AddToMonth(account, month, counted.ByMonth.ToDictionary(static m => m.Key.Figure, static m => m.Value, StringComparer.Ordinal), sums, found, dryRun, writes);
        return found;
    }

    private static void AddToDays(Counters counted, Counters kept, List<ProjectionDifference> found, bool dryRun, IJournalWrites writes)
    {
        var rows = LevelSql.CounterBlock();
        foreach (var (key, difference) in counted.Without(kept).InOrder)
        {
            found.Add(Differs($"{key.Account} {LocalDatePattern.Iso.Format(AccountDays.DayOf(key.Day))} {key.Kind} {key.Member}".TrimEnd(), key.Figure, kept[key], counted[key]));
            LevelSql.Put(rows, key, difference);
        }
        if (!dryRun) writes.Write(LevelSql.AddToCounters, rows);
    }

    private static void AddToMonth(
        string account, int month, Dictionary<string, CounterSums> counted, Dictionary<string, CounterSums> kept, List<ProjectionDifference> found, bool dryRun, IJournalWrites writes)
    {
        var rows = LevelSql.MonthBlock();
        foreach (var figure in counted.Keys.Union(kept.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (right, live) = (counted.GetValueOrDefault(figure), kept.GetValueOrDefault(figure));
            if (right == live) continue;
            found.Add(Differs(FormattableString.Invariant($"{account} {month / 12:0000}-{(month % 12) + 1:00}"), figure, live, right));
            LevelSql.Put(rows, (month, account, figure), right + -live);
        }
        if (!dryRun) writes.Write(LevelSql.AddToMonths, rows);
    }

    private static ProjectionDifference Differs(string key, string figure, CounterSums live, CounterSums rebuilt) => new("level counter", key, figure, live.ToString(), rebuilt.ToString());

    private static CounterSums SumsIn(IRow row) => new(row.Long(6), row.Long(7), row.Long(8), row.Long(9), row.Long(10));

    private static int MonthOf(long day) => AccountDays.MonthOf(AccountDays.DayOf((int)day));

    private static string AccountsAfter(string account) =>
        $"SELECT account, -1 FROM level_subject WHERE account > {account} UNION SELECT account, -1 FROM level_counter WHERE account > {account} UNION SELECT account, month FROM level_month WHERE account > {account}";

    private static string DaysOf(string account) =>
        $"SELECT first_day, last_day FROM level_subject WHERE account = {account} AND first_day IS NOT NULL UNION SELECT day, day FROM level_counter WHERE account = {account}";

    private static string SumsOf(string account, string first, string last, string month) =>
        $"SELECT 0, body, 0, 0, '', '', 0, 0, 0, 0, 0 FROM level_subject WHERE account = {account} AND last_day >= {first} AND first_day <= {last} "
        + $"UNION ALL SELECT 1, NULL, day, kind, member, figure, numerator, denominator, left_out, in_doubt, open FROM level_counter WHERE account = {account} AND day >= {first} AND day <= {last} "
        + $"UNION ALL SELECT 2, NULL, 0, 0, '', figure, numerator, denominator, left_out, in_doubt, open FROM level_month WHERE month = {month} AND account = {account}";
}
