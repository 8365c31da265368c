using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Following;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using Card = KeyAccountLogistics.Api.Levels.V1.Scorecard;

namespace KeyAccountLogistics.ServiceLevels.Reading;

/// <summary>Scores from the counters, within the caller's scope.</summary>
internal sealed class ReadScorecard(LevelsDb db, FindPlan plans, ICallerScope callers, Settle settle, TimeProvider time)
{
    // Key accounts of one carrier; over this a list is asked for in narrower scope.
    private const int AccountsMax = 5_000;

    private const int FiguresMax = 64;

    internal async Task<Outcome<Card>> GetAsync(GetScorecardRequest ask, CancellationToken ct)
    {
        var read = AskedPeriod.Read(ask);
        if (!read.IsOk) return read.Fault;
        if (ask.Settled && await settle.UntilNowAsync(ct) is { } unsettled) return unsettled;
        var period = await PeriodSums.ReadAsync(db, read.Value, ct);
        // Whoever has figures is known.
        if (period.Sums.Count == 0 && await WhyUnknownAsync(read.Value.Account, ct) is { } unknown) return unknown;
        var plan = plans.For(read.Value);
        var card = ScoreViews.Of(read.Value, plan, period.Sums);
        // What waits has an age; with nothing waiting everything committed is in.
        (card.AsOfUs, card.Zone) = (period.WaitsUs ?? time.Now().ToUnixMicros(), plans.DaysOf(read.Value).Zone.Id);
        await PublishedScores.AddAsync(db, read.Value, plan, period, card, ct);
        return card;
    }

    internal async Task<Outcome<ListScoresReply>> ListAsync(ListScoresRequest ask, CancellationToken ct)
    {
        var read = AskedPeriod.Read("", ask.From, ask.To, needsAccount: false);
        if (!read.IsOk) return read.Fault;
        var skip = 0;
        if (ask.PageToken.Length > 0 && !int.TryParse(ask.PageToken, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out skip))
            return new Fault.Invalid("page_token", "page.malformed", "The page token is not one that this list gave out.");
        if (ask.Settled && await settle.UntilNowAsync(ct) is { } unsettled) return unsettled;
        var scored = (await SumsOfAllAsync(read.Value, ct)).Select(own =>
        {
            var asked = read.Value with { Account = own.Key };
            var card = ScoreViews.Of(asked, plans.For(own.Key, asked.To), own.Value);
            card.Zone = plans.DaysOf(own.Key, asked.To).Zone.Id;
            foreach (var dimension in card.Dimensions) dimension.Indicators.Clear();
            return card;
        });
        // The worst first; who has no score has nothing to be worried about, and comes last.
        var order = scored.OrderBy(static c => c.Score.Length == 0).ThenBy(static c => c.Score.Length == 0 ? 0 : decimal.Parse(c.Score, System.Globalization.CultureInfo.InvariantCulture)).ThenBy(static c => c.Account, StringComparer.Ordinal).ToList();
        var size = AskedPeriod.PageOf(ask.PageSize);
        var reply = new ListScoresReply { Scores = { order.Skip(skip).Take(size) } };
        if (order.Count > skip + size) reply.NextPageToken = (skip + size).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return reply;
    }

    private async Task<Dictionary<string, Dictionary<string, CounterSums>>> SumsOfAllAsync(AskedPeriod asked, CancellationToken ct)
    {
        var all = new Dictionary<string, Dictionary<string, CounterSums>>(StringComparer.Ordinal);
        var (first, last) = (asked.FirstDay, asked.LastDay);
        var rows = asked.Month is { } month
            ? db.Months.AsNoTracking().Where(m => m.Month == month && !m.Figure.StartsWith(FigureCodes.Gate)).OrderBy(m => m.Account)
                .Select(m => new { m.Account, m.Figure, N = m.Numerator, D = m.Denominator, L = m.LeftOut, I = m.InDoubt, O = m.Open })
            : db.Counters.AsNoTracking().Where(c => c.Kind == 0 && c.Day >= first && c.Day <= last && !c.Figure.StartsWith(FigureCodes.Gate)).GroupBy(c => new { c.Account, c.Figure })
                .Select(g => new { g.Key.Account, g.Key.Figure, N = g.Sum(c => c.Numerator), D = g.Sum(c => c.Denominator), L = g.Sum(c => c.LeftOut), I = g.Sum(c => c.InDoubt), O = g.Sum(c => c.Open) })
                .OrderBy(g => g.Account);
        await foreach (var row in rows.Take(AccountsMax * FiguresMax).AsAsyncEnumerable().WithCancellation(ct))
        {
            if (!all.TryGetValue(row.Account, out var own)) all.Add(row.Account, own = new Dictionary<string, CounterSums>(StringComparer.Ordinal));
            own[row.Figure] = new CounterSums(row.N, row.D, row.L, row.I, row.O);
        }
        return all;
    }

    /// <summary>Null when the caller sees the account. Another's is as if it did not exist: the same answer, whether it does or not (law 11).</summary>
    internal async Task<Fault?> WhyUnknownAsync(string account, CancellationToken ct)
    {
        if (await db.Counters.AsNoTracking().AnyAsync(c => c.Kind == 0 && c.Account == account, ct)) return null;
        var mine = callers.Current.Accounts is not { } own || own.Contains(account, StringComparer.Ordinal);
        return mine && plans.Knows(account) ? null : new Fault.NotFound("account.unknown", $"The account {account} is not known.");
    }
}
