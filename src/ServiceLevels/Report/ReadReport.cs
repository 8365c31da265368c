using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.ServiceLevels.Budgets;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Sqi;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;
using Card = KeyAccountLogistics.Api.Levels.V1.Scorecard;
using DrillDownSlice = KeyAccountLogistics.ServiceLevels.Drilling.DrillDown;

namespace KeyAccountLogistics.ServiceLevels.Reporting;

/// <summary>Gathers a report by the same questions that the pages ask, within the caller's scope: it cannot show another figure than they do.</summary>
internal sealed class ReadReport(LevelsDb db, ReadScorecard scores, DrillDownSlice drill, ReadBudgets budgets, ReadSqi sqi, FindPlan plans, TimeProvider time)
{
    private const int PeriodsShown = 6;

    internal async Task<Outcome<Reported>> RunAsync(AskedPeriod asked, int parcelsMost, CancellationToken ct)
    {
        var ask = AskOf(asked);
        // What is sent to a client counts what had come when it was asked for.
        var settled = ask.Clone();
        settled.Settled = true;
        var card = await scores.GetAsync(settled, ct);
        if (!card.IsOk) return card.Fault;
        var (late, excluded) = (await ListAsync(ask, "missed", parcelsMost, ct), await ListAsync(ask, "excluded", parcelsMost, ct));
        if (!late.IsOk) return late.Fault;
        if (!excluded.IsOk) return excluded.Fault;
        var index = await sqi.RunAsync(new GetSqiRequest { Account = asked.Account, From = ask.From, To = ask.To }, ct);
        if (!index.IsOk) return index.Fault;
        var left = await budgets.RunAsync(new GetBudgetsRequest { Account = asked.Account, From = ask.From, To = ask.To }, ct);
        if (!left.IsOk) return left.Fault;
        return new Reported(
            card.Value, await OnTimeAsync(asked, ct), await TrendAsync(asked, card.Value, ct), index.Value, left.Value.Budgets, late.Value, excluded.Value,
            plans.DaysOf(asked.Account, asked.To).Zone, time.Now());
    }

    private async Task<Outcome<ReportList>> ListAsync(GetScorecardRequest of, string which, int most, CancellationToken ct)
    {
        var items = new List<Behind>();
        var page = new DrillDownRequest { Of = of, Indicator = FigureCodes.Punctual, Which = which, PageSize = AskedPeriod.PageMax };
        while (true)
        {
            var reply = await drill.RunAsync(page, ct);
            if (!reply.IsOk) return reply.Fault;
            items.AddRange(reply.Value.Items);
            page.PageToken = reply.Value.NextPageToken;
            if (page.PageToken.Length == 0) return new ReportList(items.Take(most).ToList(), items.Count > most);
            if (items.Count >= most) return new ReportList(items.Take(most).ToList(), true);
        }
    }

    private async Task<List<ReportDay>> OnTimeAsync(AskedPeriod asked, CancellationToken ct)
    {
        var (first, last) = (asked.FirstDay, asked.LastDay);
        var rows = (await db.Counters.AsNoTracking().Where(c => c.Account == asked.Account && c.Kind == 0 && c.Figure == FigureCodes.Punctual && c.Day >= first && c.Day <= last).ToListAsync(ct))
            .ToDictionary(static r => r.Day);
        return Enumerable.Range(first, last - first + 1).Select(d => rows.TryGetValue(d, out var row) ? new ReportDay(AccountDays.DayOf(d), row.Numerator, row.Denominator) : new ReportDay(AccountDays.DayOf(d), 0, 0)).ToList();
    }

    // Months go by months, any other period by its own length.
    private async Task<List<Card>> TrendAsync(AskedPeriod asked, Card now, CancellationToken ct)
    {
        var cards = new List<Card> { now };
        var months = asked.From.Day == 1 && asked.To == asked.From.With(DateAdjusters.EndOfMonth);
        var days = Period.DaysBetween(asked.From, asked.To) + 1;
        for (var back = 1; back < PeriodsShown; back++)
        {
            var from = months ? asked.From.PlusMonths(-back) : asked.From.PlusDays(-back * days);
            var before = await scores.GetAsync(AskOf(asked with { From = from, To = months ? from.With(DateAdjusters.EndOfMonth) : from.PlusDays(days - 1) }), ct);
            if (before.IsOk && before.Value.Parcels > 0) cards.Insert(0, before.Value);
        }
        return cards;
    }

    private static GetScorecardRequest AskOf(AskedPeriod asked) => new() { Account = asked.Account, From = LocalDatePattern.Iso.Format(asked.From), To = LocalDatePattern.Iso.Format(asked.To) };
}
