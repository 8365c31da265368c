using KeyAccountLogistics.ServiceLevels.Figures;

namespace KeyAccountLogistics.ServiceLevels.Budgets;

/// <summary>Why there is no forecast.</summary>
internal enum NoForecastReason
{
    /// <summary>Fewer days with units than a forecast needs.</summary>
    TooFewDays = 1,

    /// <summary>The period is over, or nothing more is expected: what is, is.</summary>
    NothingToCome = 2,
}

/// <summary>How a period will end.</summary>
internal abstract record ForecastAnswer
{
    private ForecastAnswer()
    {
    }

    /// <summary>A forecast. Statistics, in double: nothing is paid or graded by it (law 8).</summary>
    /// <param name="Units">Units of the whole period, counted and expected.</param>
    /// <param name="Low">Failures of the whole period that it ends at or above in 9 of 10 cases.</param>
    /// <param name="Middle">As likely more as fewer.</param>
    /// <param name="High">At or under in 9 of 10 cases: low to high is the 80 % interval, both ends in it.</param>
    /// <param name="ChanceOfMiss">Chance that the target is missed, 0 to 1.</param>
    /// <param name="ToCome">The distribution of the failures to come.</param>
    internal sealed record Made(long Units, long Low, long Middle, long High, double ChanceOfMiss, BetaBinomial ToCome) : ForecastAnswer;

    /// <summary>None, and why.</summary>
    internal sealed record None(NoForecastReason Why) : ForecastAnswer;
}

/// <summary>Failures at the period's end with an 80 % interval that knows that rates drift (decision 0015). Pure, deterministic.</summary>
internal static class Forecast
{
    /// <summary>Fewer days say nothing of how a rate moves.</summary>
    internal const int DaysMin = 5;

    /// <summary>More days teach nothing about today and cost time.</summary>
    internal const int DaysMax = 56;

    private const double Tail = 0.1;

    /// <param name="limit">The largest share of failures that meets the target, 0 to 1.</param>
    /// <param name="days">What was counted day by day, oldest first; it may reach back before the period, and should.</param>
    /// <param name="soFar">What was counted in the period.</param>
    /// <param name="unitsToCome">Units expected on each day left.</param>
    internal static ForecastAnswer Of(Fraction limit, IReadOnlyList<BudgetCount> days, BudgetCount soFar, IReadOnlyList<long> unitsToCome)
    {
        Invariant.Holds(limit >= 0 && limit <= 1, "A share lies within 0 and 1.");
        Invariant.Holds(soFar.IsSound && days.All(d => d.IsSound) && unitsToCome.All(u => u >= 0), "Failures are among the units.");
        var toCome = unitsToCome.Sum();
        if (toCome == 0) return new ForecastAnswer.None(NoForecastReason.NothingToCome);
        var learnt = days.Skip(days.Count - DaysMax).ToList();
        if (learnt.Count(d => d.Units > 0) < DaysMin) return new ForecastAnswer.None(NoForecastReason.TooFewDays);
        var (mean, variance) = new FailureLevel(learnt).Ahead(unitsToCome);
        var ahead = BetaBinomial.Of(toCome, mean, variance);
        var units = soFar.Units + toCome;
        var left = (long)(limit * units).Floor() - soFar.Failures;
        return new ForecastAnswer.Made(
            units, soFar.Failures + ahead.Quantile(Tail), soFar.Failures + ahead.Quantile(0.5), soFar.Failures + ahead.Quantile(1 - Tail), left < 0 ? 1 : 1 - ahead.AtMost(left), ahead);
    }
}
