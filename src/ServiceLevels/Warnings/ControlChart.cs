using KeyAccountLogistics.ServiceLevels.Figures;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>
/// A control chart of a daily figure, such as volume or index points: outside mean ± 3σ of the 28 days before is no chance (SEED-00-VOLATILITY). The day itself is not among
/// them, or an outlier would widen the limits that are to catch it.
/// </summary>
internal static class ControlChart
{
    internal const int WindowDays = 28;

    /// <summary>With fewer measured days σ says little; the chart then does not say.</summary>
    internal const int DaysMin = 14;

    private const int Sigmas = 3;

    /// <param name="before">The 28 days before, in any order; null for a day without a figure. More are a programming error.</param>
    /// <param name="today">The day's figure; null when there is none.</param>
    internal static WarningAnswer Of(IReadOnlyCollection<decimal?> before, decimal? today)
    {
        Invariant.Holds(before.Count <= WindowDays, "The window has 28 days.");
        var days = before.OfType<decimal>().ToList();
        if (today is not { } figure) return new WarningAnswer.Unknown(WarningFamily.Volatility, "today");
        if (days.Count < DaysMin) return new WarningAnswer.Unknown(WarningFamily.Volatility, "days");
        var mean = days.Aggregate(Fraction.Zero, static (sum, d) => sum + d) / days.Count;
        var variance = days.Aggregate(Fraction.Zero, (sum, d) => sum + (d - mean) * (d - mean)) / (days.Count - 1);
        var off = figure - mean;
        // Squared, so that the limit needs no root and is exact: on the limit is within.
        var outside = off * off > Sigmas * Sigmas * variance;
        var sigma = (decimal)Math.Round(Math.Sqrt(variance.ToDouble()), 6);
        WarningFigure[] evidence = [new("today", figure), WarningFigure.Of("mean", mean), new("sigma", sigma), WarningFigure.Of("low", mean - Sigmas * sigma), WarningFigure.Of("high", mean + Sigmas * sigma), new("days", days.Count)];
        return outside
            ? new WarningAnswer.Raised(WarningFamily.Volatility, off.Sign > 0 ? WarningReason.AboveUsual : WarningReason.BelowUsual, WarningLevel.Act, [.. evidence], [])
            : new WarningAnswer.Clear(WarningFamily.Volatility, [.. evidence]);
    }
}
