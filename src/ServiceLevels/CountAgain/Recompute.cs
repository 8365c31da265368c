using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Following;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime.Text;

namespace KeyAccountLogistics.ServiceLevels.Counting;

/// <summary>
/// Counts a period again from the journal, shipments and contracts, looking at no kept figure, and holds the kept counters against it, sum by sum. What waits to be followed is
/// followed first; facts that come in meanwhile may show as differences, and asking again settles it.
/// </summary>
internal sealed class Recompute(LevelsDb db, ReadScorecard scores, FindPlan plans, FollowFacts follow, Settle settle, ITermsInForce terms, IWriteGate gate)
{
    private const int DifferencesShown = 100;

    internal async Task<Outcome<RecomputeReply>> RunAsync(GetScorecardRequest ask, CancellationToken ct)
    {
        var read = AskedPeriod.Read(ask);
        if (!read.IsOk) return read.Fault;
        if (await scores.WhyUnknownAsync(read.Value.Account, ct) is { } unknown) return unknown;
        if (await settle.UntilNowAsync(ct) is { } unsettled) return unsettled;
        var counted = await CountAsync(read.Value.Account, ct);
        if (!counted.IsOk) return counted.Fault;
        var reply = new RecomputeReply { Counted = ScoreViews.Of(read.Value, plans.For(read.Value), SumsOf(counted.Value, read.Value)) };
        await CompareAsync(read.Value, counted.Value, reply, ct);
        return reply;
    }

    // In batches, each reading in a transaction of its own: on SQLite the writer is free in between.
    private async Task<Outcome<Counters>> CountAsync(string account, CancellationToken ct)
    {
        var (counters, snapshot, walk) = (new Counters(), terms.Now, SubjectWalk.Of(account));
        while (true)
        {
            var from = walk;
            var page = await gate.RunAsync<(IReadOnlyList<FollowFacts.Asked> Asked, SubjectWalk Walk, bool Done)>(
                async (transaction, cancel) =>
                {
                    var (next, after) = await from.NextAsync(transaction.Statements, FollowFacts.SubjectsAtOnce, cancel);
                    return (await follow.AskAsync(transaction.Statements, next, snapshot, cancel), after, next.Count == 0);
                },
                ct);
            if (!page.IsOk) return page.Fault;
            if (page.Value.Done) return counters;
            foreach (var asked in page.Value.Asked) counters.Add(asked.Now);
            walk = page.Value.Walk;
        }
    }

    private static Dictionary<string, CounterSums> SumsOf(Counters counted, AskedPeriod asked)
    {
        var sums = new Dictionary<string, CounterSums>(StringComparer.Ordinal);
        foreach (var (key, value) in counted.InOrder.Where(c => IsAsked(c.Key, asked))) sums[key.Figure] = sums.GetValueOrDefault(key.Figure) + value;
        return sums;
    }

    private static bool IsAsked(CounterKey key, AskedPeriod asked) =>
        key.Kind == asked.Kind && key.Day >= asked.FirstDay && key.Day <= asked.LastDay && string.Equals(key.Member, asked.Member, StringComparison.Ordinal);

    private async Task CompareAsync(AskedPeriod asked, Counters counted, RecomputeReply reply, CancellationToken ct)
    {
        var (first, last, kind) = (asked.FirstDay, asked.LastDay, (int)asked.Kind);
        var rows = await db.Counters.AsNoTracking().Where(c => c.Account == asked.Account && c.Day >= first && c.Day <= last && c.Kind == kind && c.Member == asked.Member).ToListAsync(ct);
        var difference = new Counters();
        var kept = new Counters();
        foreach (var row in rows)
        {
            var (key, sums) = (new CounterKey(row.Account, row.Day, asked.Kind, row.Member, row.Figure), new CounterSums(row.Numerator, row.Denominator, row.LeftOut, row.InDoubt, row.Open));
            difference.Add(key, sums);
            kept.Add(key, sums);
        }
        foreach (var (key, sums) in counted.InOrder.Where(c => IsAsked(c.Key, asked))) difference.Add(key, -sums);
        var differing = difference.InOrder.Select(static d => d.Key).ToList();
        var months = asked.Month is { } month ? await MonthDiffersAsync(asked.Account, month, counted, ct) : [];
        reply.Agrees = differing.Count == 0 && months.Count == 0;
        reply.Differences.Add(months.Take(DifferencesShown));
        reply.Differences.Add(differing.Take(DifferencesShown).Select(key =>
            $"{LocalDatePattern.Iso.Format(AccountDays.DayOf(key.Day))} {key.Figure} {kept[key]}, counted again {counted[key]}"));
    }

    private async Task<List<string>> MonthDiffersAsync(string account, int month, Counters counted, CancellationToken ct)
    {
        var kept = await db.Months.AsNoTracking().Where(m => m.Month == month && m.Account == account)
            .ToDictionaryAsync(static m => m.Figure, static m => new CounterSums(m.Numerator, m.Denominator, m.LeftOut, m.InDoubt, m.Open), StringComparer.Ordinal, ct);
        var again = counted.ByMonth.Where(m => m.Key.Month == month).ToDictionary(static m => m.Key.Figure, static m => m.Value, StringComparer.Ordinal);
        return
        [
            .. kept.Keys.Union(again.Keys, StringComparer.Ordinal).Where(key => kept.GetValueOrDefault(key) != again.GetValueOrDefault(key)).Order(StringComparer.Ordinal)
                .Select(key => FormattableString.Invariant($"{month / 12:0000}-{(month % 12) + 1:00} {key} {kept.GetValueOrDefault(key)}, counted again {again.GetValueOrDefault(key)}")),
        ];
    }
}
