using System.Globalization;
using KeyAccountLogistics.ServiceLevels.Budgets;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>
/// After a day is closed: asks the rules that counters can answer - volume outside what it usually is, volume against the weeks before, the month's budget of punctuality - and
/// opens, goes on with or closes what stands. An answer that does not say leaves a warning as it is. Asked twice of a day is once.
/// </summary>
internal sealed class WatchWarnings(LevelsDb db, FindPlan plans, KeepWarnings keep)
{
    private const int AccountsAtOnce = 200;
    private const int DaysBack = 2 * ChangeWarning.WindowDays;

    internal async Task<Fault?> RunAsync(LocalDate day, CancellationToken ct)
    {
        var (last, first, after) = (AccountDays.NumberOf(day), AccountDays.NumberOf(day) - DaysBack + 1, "");
        while (true)
        {
            var from = after;
            var accounts = await db.Counters.AsNoTracking().Where(c => c.Kind == 0 && c.Figure == FigureCodes.Parcels && c.Day >= first && c.Day <= last && string.Compare(c.Account, from) > 0)
                .Select(c => c.Account).Distinct().OrderBy(a => a).Take(AccountsAtOnce).ToListAsync(ct);
            if (accounts.Count == 0) return null;
            var rows = await db.Counters.AsNoTracking().Where(c => accounts.Contains(c.Account) && c.Kind == 0 && (c.Figure == FigureCodes.Parcels || c.Figure == FigureCodes.Punctual) && c.Day >= first && c.Day <= last).ToListAsync(ct);
            var answers = rows.GroupBy(static r => r.Account, StringComparer.Ordinal).SelectMany(own => Ask(own.Key, [.. own], day).Select(answer => (Account: own.Key, answer.Rule, answer.Answer))).ToList();
            if (await keep.RunAsync(accounts, answers, AccountDays.NumberOf(day).ToString(CultureInfo.InvariantCulture), ct) is { } fault) return fault;
            after = accounts[^1];
        }
    }

    private IEnumerable<(string Rule, WarningAnswer Answer)> Ask(string account, List<CounterRow> rows, LocalDate day)
    {
        var today = AccountDays.NumberOf(day);
        var parcels = rows.Where(static r => r.Figure is FigureCodes.Parcels).ToDictionary(static r => r.Day, static r => r.Denominator);
        // A day without parcels inside the account's time is a day of none, not one without a figure.
        var known = parcels.Keys.Min();
        decimal? Volume(int d) => d < known ? null : parcels.GetValueOrDefault(d);
        yield return ("volatility", ControlChart.Of([.. Enumerable.Range(today - ControlChart.WindowDays, ControlChart.WindowDays).Select(Volume)], Volume(today)));
        long Sum(int from) => Enumerable.Range(from, ChangeWarning.WindowDays).Sum(d => parcels.GetValueOrDefault(d));
        yield return ("volume", ChangeWarning.Volume(Sum(today - ChangeWarning.WindowDays + 1), known > today - DaysBack + 1 ? 0 : Sum(today - DaysBack + 1), new ChangeThresholds()));
        if (plans.For(account, day).Plan?.Find(FigureCodes.Punctual) is { } indicator && ErrorBudget.LimitOf(indicator) is { } limit) yield return ("budget", BudgetOf(rows, limit, day));
    }

    private static WarningAnswer BudgetOf(List<CounterRow> rows, Figures.Fraction limit, LocalDate day)
    {
        var (first, today) = (AccountDays.NumberOf(new LocalDate(day.Year, day.Month, 1)), AccountDays.NumberOf(day));
        var punctual = rows.Where(static r => r.Figure is FigureCodes.Punctual).ToDictionary(static r => r.Day);
        var counted = Enumerable.Range(first, today - first + 1).Select(d => punctual.TryGetValue(d, out var r) ? new BudgetCount(r.Denominator, r.Denominator - r.Numerator) : default).ToList();
        var end = day.PlusDays(day.Calendar.GetDaysInMonth(day.Year, day.Month) - day.Day);
        var toCome = BudgetCount.Sum(counted).Units / counted.Count * Period.DaysBetween(day, end);
        return BudgetWarning.Of(ErrorBudget.Of(limit, counted, toCome, day.PlusDays(1), end));
    }
}
