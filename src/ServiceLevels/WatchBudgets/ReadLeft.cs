using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Budgets;

/// <summary>What the present month may still lose of late parcels, for many accounts at once: what <see cref="ReadBudgets"/> says of T2 for each of them, from sums that the database adds up.</summary>
internal sealed class ReadLeft(LevelsDb db, FindPlan plans)
{
    /// <summary>By account; one without a plan, without that indicator, or of which nothing is counted and nothing expected, is not in it.</summary>
    internal async Task<Dictionary<string, long>> OfAsync(IReadOnlyCollection<string> accounts, Instant now, CancellationToken ct)
    {
        var left = new Dictionary<string, long>(StringComparer.Ordinal);
        var monthEnd = now.InZone(AccountDays.Usual).Date.With(DateAdjusters.EndOfMonth);
        // Whatever zones accounts have, it is one of two or three days there now: a question for each.
        foreach (var own in accounts.GroupBy(account => now.InZone(plans.DaysOf(account, monthEnd).Zone).Date))
        {
            var (day, end, names) = (own.Key, own.Key.With(DateAdjusters.EndOfMonth), own.ToList());
            var (today, first, lately, from) = (AccountDays.NumberOf(day), AccountDays.NumberOf(day) - day.Day + 1, AccountDays.NumberOf(day) - ExpectedVolume.UsualDays, AccountDays.NumberOf(day) - ExpectedVolume.LookBackDays);
            var sums = await db.Counters.AsNoTracking().Where(c => names.Contains(c.Account) && c.Kind == 0 && c.Figure == FigureCodes.Punctual && c.Day >= from && c.Day < today)
                .GroupBy(c => c.Account).Select(g => new
                {
                    Account = g.Key, OnTime = g.Sum(c => c.Day >= first ? c.Numerator : 0L), Units = g.Sum(c => c.Day >= first ? c.Denominator : 0L), Lately = g.Sum(c => c.Day >= lately ? c.Denominator : 0L),
                    Since = g.Min(c => c.Denominator > 0 ? c.Day : today),
                }).ToListAsync(ct);
            foreach (var sum in sums)
            {
                if (plans.For(sum.Account, end).Plan?.Find(FigureCodes.Punctual) is not { } indicator || ErrorBudget.LimitOf(indicator) is not { } limit) continue;
                var toCome = ExpectedVolume.Of(sum.Lately, ExpectedVolume.Observed(today - sum.Since), Period.DaysBetween(day, end) + 1);
                var soFar = new BudgetCount(sum.Units, Math.Clamp(sum.Units - sum.OnTime, 0, sum.Units));
                if (soFar.Units + toCome > 0) left[sum.Account] = ErrorBudget.Of(limit, [soFar], toCome, day, end).Left;
            }
        }
        return left;
    }
}
