using System.Collections.Immutable;
using KeyAccountLogistics.ServiceLevels.Figures;

namespace KeyAccountLogistics.ServiceLevels.Budgets;

/// <summary>
/// When a budget burns too fast: over a long window, so that it matters, and over a short one as well, so that it still goes on. A burn rate of 1 uses the budget up
/// exactly with the period.
/// </summary>
/// <param name="LongHours">The long window in hours.</param>
/// <param name="ShortHours">The short window, in hours in which something was counted: a night without parcels neither confirms nor ends an alert.</param>
/// <param name="Factor">The burn rate from which both windows alert, above 0.</param>
/// <param name="FailuresMin">Fewer failures in the long window alert nobody: one parcel of twenty is no trend.</param>
internal sealed record BurnRule(int LongHours, int ShortHours, decimal Factor, int FailuresMin)
{
    /// <summary>A fifth of a month's budget in a day: somebody looks now.</summary>
    internal static BurnRule Fast { get; } = new(24, 2, 6, 5);

    /// <summary>Nearly half of a month's budget in a week: somebody looks this week.</summary>
    internal static BurnRule Slow { get; } = new(7 * 24, 24, 2, 5);
}

/// <summary>What the windows show.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Long">Counted in the long window.</param>
/// <param name="Short">Counted in the short window.</param>
/// <param name="LongRate">Burn rate of the long window; null when nothing was counted, or when the limit is 0 and every failure is over it.</param>
/// <param name="ShortRate">Of the short window.</param>
/// <param name="Alert">True when both windows burn at the factor or faster.</param>
internal sealed record BurnAnswer(BurnRule Rule, BudgetCount Long, BudgetCount Short, Fraction? LongRate, Fraction? ShortRate, bool Alert);

/// <summary>Burn rates of hourly counts: a pure function, so an alert ends by itself when the last hours burn slower.</summary>
internal static class BurnRate
{
    /// <param name="limit">The largest share of failures that meets the target, 0 to 1.</param>
    /// <param name="hours">Counts of whole hours without a gap, oldest first; what is older than the long window is not looked at.</param>
    /// <param name="rule">The windows.</param>
    internal static BurnAnswer Of(Fraction limit, IReadOnlyList<BudgetCount> hours, BurnRule rule)
    {
        Invariant.Holds(limit >= 0 && limit <= 1, "A share lies within 0 and 1.");
        Invariant.Holds(rule is { Factor: > 0, ShortHours: > 0 } && rule.ShortHours <= rule.LongHours, "The short window lies within the long one.");
        Invariant.Holds(hours.All(h => h.IsSound), "Failures are among the units.");
        var window = hours.Skip(hours.Count - rule.LongHours).ToList();
        var (inLong, inShort) = (BudgetCount.Sum(window), BudgetCount.Sum(window.Where(h => h.Units > 0).TakeLast(rule.ShortHours)));
        var alert = inLong.Failures >= rule.FailuresMin && Burns(inLong) && Burns(inShort);
        return new(rule, inLong, inShort, Rate(inLong), Rate(inShort), alert);

        // As a product, so that a limit of 0 needs no case of its own: then each failure burns.
        bool Burns(BudgetCount count) => count.Failures > 0 && count.Failures >= rule.Factor * limit * count.Units;

        Fraction? Rate(BudgetCount count) => count.Units > 0 && limit.Sign > 0 ? (Fraction)count.Failures / count.Units / limit : null;
    }

    /// <summary>Every rule's answer.</summary>
    internal static ImmutableArray<BurnAnswer> Of(Fraction limit, IReadOnlyList<BudgetCount> hours) => [Of(limit, hours, BurnRule.Fast), Of(limit, hours, BurnRule.Slow)];
}
