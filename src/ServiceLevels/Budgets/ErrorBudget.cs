using KeyAccountLogistics.ServiceLevels.Figures;
using KeyAccountLogistics.ServiceLevels.Indicators;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Budgets;

/// <summary>What was counted in a stretch of time towards a target: units, and failures among them.</summary>
/// <param name="Units">0 or more: what the indicator's denominator counts.</param>
/// <param name="Failures">0 to <paramref name="Units"/>: units that were not as they should be.</param>
internal readonly record struct BudgetCount(long Units, long Failures)
{
    internal bool IsSound => Units >= 0 && Failures >= 0 && Failures <= Units;

    public static BudgetCount operator +(BudgetCount left, BudgetCount right) => new(left.Units + right.Units, left.Failures + right.Failures);

    internal static BudgetCount Sum(IEnumerable<BudgetCount> counts) => counts.Aggregate(default(BudgetCount), static (sum, c) => sum + c);
}

/// <summary>How long a budget lasts at a pace.</summary>
internal enum BudgetOutlook
{
    /// <summary>At this pace it is gone within the period, on a day.</summary>
    GoneOnDay = 1,

    /// <summary>At this pace it lasts.</summary>
    Lasts = 2,

    /// <summary>It is gone: one failure more, at the latest, misses the target.</summary>
    Gone = 3,

    /// <summary>No day was counted yet.</summary>
    NoPace = 4,
}

/// <summary>
/// The error budget (失误额度) of a target in a period: how many failures the period may have with the target still met. The figures a page's sentence is made of; what it
/// comes to is <see cref="Forecast"/>'s answer, and whether somebody must act now <see cref="BurnRate"/>'s.
/// </summary>
/// <param name="Allowed">Failures that the expected volume may have: ⌊limit × volume⌋.</param>
/// <param name="Consumed">Failures so far.</param>
/// <param name="Left">Allowed less consumed; negative by how many the target is missed.</param>
/// <param name="PacePerDay">Mean failures a day of the last seven days counted; null before the first day.</param>
/// <param name="Outlook">How long it lasts at that pace.</param>
/// <param name="GoneOn">The day on which it is gone; null unless the outlook names one.</param>
internal sealed record ErrorBudget(long Allowed, long Consumed, long Left, Fraction? PacePerDay, BudgetOutlook Outlook, LocalDate? GoneOn)
{
    /// <summary>Days that are this week's pace.</summary>
    internal const int PaceDays = 7;

    /// <summary>
    /// The largest share of failures that meets a target: 3 % for 97 % on time, 0.00002 for 20 ppm lost. Null for an indicator whose value is no share of failures, such as
    /// mean hours: it has no budget.
    /// </summary>
    internal static Fraction? LimitOf(Indicator indicator)
    {
        if (!indicator.IsPart) return null;
        var target = indicator.Kind is ValueKind.PerMillion ? (Fraction)indicator.Levels.Target / 1_000_000 : (Fraction)indicator.Levels.Target / 100;
        return indicator.Levels.LowerIsBetter ? target : 1 - target;
    }

    /// <param name="limit">The largest share of failures that meets the target, 0 to 1.</param>
    /// <param name="counted">The days of the period so far, oldest first.</param>
    /// <param name="unitsToCome">Units expected until the period ends; 0 when it is over.</param>
    /// <param name="next">The first day not counted.</param>
    /// <param name="end">The period's last day.</param>
    internal static ErrorBudget Of(Fraction limit, IReadOnlyList<BudgetCount> counted, long unitsToCome, LocalDate next, LocalDate end)
    {
        Invariant.Holds(limit >= 0 && limit <= 1, "A share lies within 0 and 1.");
        Invariant.Holds(unitsToCome >= 0 && counted.All(c => c.IsSound), "Failures are among the units.");
        var soFar = BudgetCount.Sum(counted);
        var allowed = (long)(limit * (soFar.Units + unitsToCome)).Floor();
        var left = allowed - soFar.Failures;
        var week = counted.Skip(counted.Count - PaceDays).ToList();
        Fraction? pace = week.Count == 0 ? null : (Fraction)BudgetCount.Sum(week).Failures / week.Count;
        var (outlook, goneOn) = Outlooks(left, pace, next, end);
        return new(allowed, soFar.Failures, left, pace, outlook, goneOn);
    }

    // At a pace of 2 a day 3 failures left are gone on the second day.
    private static (BudgetOutlook Outlook, LocalDate? GoneOn) Outlooks(long left, Fraction? pace, LocalDate next, LocalDate end)
    {
        if (left <= 0) return (BudgetOutlook.Gone, null);
        if (pace is not { } perDay) return (BudgetOutlook.NoPace, null);
        if (perDay.Sign == 0) return (BudgetOutlook.Lasts, null);
        var days = (left / perDay).Ceiling();
        var daysToCome = Period.DaysBetween(next, end) + 1;
        return days > daysToCome ? (BudgetOutlook.Lasts, null) : (BudgetOutlook.GoneOnDay, next.PlusDays((int)days - 1));
    }
}
