using System.Collections.Immutable;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Figures;
using KeyAccountLogistics.ServiceLevels.Indicators;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.ServiceLevels.Budgets;

/// <summary>What a period may still lose, from the counters of its days by the pure rules. A day is counted when it is over.</summary>
internal sealed class ReadBudgets(LevelsDb db, ReadScorecard scores, FindPlan plans, TimeProvider time)
{
    internal async Task<Outcome<BudgetsReply>> RunAsync(GetBudgetsRequest ask, CancellationToken ct)
    {
        var read = AskedPeriod.Read(ask.Account, ask.From, ask.To);
        if (!read.IsOk) return read.Fault;
        var asked = read.Value;
        if (await scores.WhyUnknownAsync(asked.Account, ct) is { } unknown) return unknown;
        var now = time.Now();
        var reply = new BudgetsReply { NowUs = now.ToUnixMicros() };
        if (plans.For(asked.Account, asked.To).Plan is not { } plan) return reply;
        var today = AccountDays.NumberOf(now.InZone(plans.DaysOf(asked.Account, asked.To).Zone).Date);
        var (first, last) = (Math.Min(asked.FirstDay, today) - Forecast.DaysMax, asked.LastDay);
        var rows = (await db.Counters.AsNoTracking().Where(c => c.Account == asked.Account && c.Kind == 0 && c.Day >= first && c.Day <= last && c.Day < today).ToListAsync(ct)).ToLookup(static r => r.Figure, StringComparer.Ordinal);
        var hours = await BurnWindows.ReadAsync(db, [asked.Account], now, ct);
        foreach (var indicator in plan.Indicators)
        {
            // Money is no count of failures.
            if (!FigureCodes.IsCounted(indicator.Code) || indicator.Code is FigureCodes.Remitted || ErrorBudget.LimitOf(indicator) is not { } limit) continue;
            var days = rows[indicator.Code].ToDictionary(static r => r.Day);
            if (days.Count == 0) continue;
            var view = Of(indicator, limit, days, asked, today);
            if (asked.FirstDay <= today && today <= asked.LastDay) Burn(view, BurnRate.Of(limit, hours.Of(asked.Account, indicator.Code)));
            reply.Budgets.Add(view);
        }
        return reply;
    }

    /// <param name="today">The first day not counted.</param>
    private static Budget Of(Indicator indicator, Fraction limit, Dictionary<int, CounterRow> days, AskedPeriod asked, int today)
    {
        var next = Math.Max(asked.FirstDay, Math.Min(today, asked.LastDay + 1));
        var period = Enumerable.Range(asked.FirstDay, next - asked.FirstDay).Select(Count).ToList();
        // Of a period that has not begun: days between now and then were not counted, and teach nothing.
        var learnt = Enumerable.Range(Math.Min(next, today) - Forecast.DaysMax, Forecast.DaysMax).Select(Count).ToList();
        var daysToCome = asked.LastDay + 1 - next;
        var toCome = ExpectedVolume.Of(learnt, daysToCome);
        var budget = ErrorBudget.Of(limit, period, toCome, AccountDays.DayOf(next), asked.To);
        var soFar = BudgetCount.Sum(period);
        var view = new Budget
        {
            Indicator = indicator.Code, Target = ScoreViews.Level(indicator.Levels.Target), Expected = soFar.Units + toCome, Allowed = budget.Allowed, Failed = budget.Consumed, Left = budget.Left,
            GoneOn = budget.GoneOn is { } day ? LocalDatePattern.Iso.Format(day) : "",
        };
        // What is over has ended as it is; of what goes on, nothing expected or too few days say nothing of the end.
        if (daysToCome <= 0) (view.HasForecast, view.ForecastFailures, view.ForecastLow, view.ForecastHigh) = (true, budget.Consumed, budget.Consumed, budget.Consumed);
        else if (Forecast.Of(limit, learnt, soFar, ExpectedVolume.ByDay(toCome, daysToCome)) is ForecastAnswer.Made made)
            (view.HasForecast, view.ForecastFailures, view.ForecastLow, view.ForecastHigh) = (true, made.Middle, made.Low, made.High);
        view.Days.Add(Enumerable.Range(asked.FirstDay, next - asked.FirstDay).Where(days.ContainsKey).Select(d => new DayCount
        {
            Day = LocalDatePattern.Iso.Format(AccountDays.DayOf(d)), Numerator = days[d].Numerator, Denominator = days[d].Denominator,
        }));
        return view;

        // A complaint of a sign-off may fall on a day with fewer parcels than that: no failure is lost.
        BudgetCount Count(int d)
        {
            if (!days.TryGetValue(d, out var row)) return default;
            var failures = FigureCodes.CountsFailures(row.Figure) ? row.Numerator : row.Denominator - row.Numerator;
            return new BudgetCount(Math.Max(row.Denominator, failures), failures);
        }
    }

    // Only of a period that goes on: what is over burns no more.
    private static void Burn(Budget view, ImmutableArray<BurnAnswer> answers)
    {
        view.FastBurn = ScoreViews.Text(answers[0].LongRate, 4);
        view.SlowBurn = ScoreViews.Text(answers[1].LongRate, 4);
        view.Alert = answers[0].Alert ? "page" : answers[1].Alert ? "ticket" : "";
    }
}
