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

    /// <summary>Of a daily volume.</summary>
    internal static WarningAnswer Of(IReadOnlyCollection<decimal?> before, decimal? today) => Of(before, today, WarningFamily.Volatility, WarningReason.AboveUsual, WarningReason.BelowUsual);

    /// <summary>Of the index of a day, per thousand shipments: a day better than usual is looked at, for what it does not tell.</summary>
    internal static WarningAnswer OfIndex(IReadOnlyCollection<decimal?> before, decimal? today) =>
        Of(before, today, WarningFamily.Sqi, WarningReason.IndexAbove, WarningReason.IndexBelow) switch
        {
            WarningAnswer.Raised { Reason: WarningReason.IndexBelow } better => better with { Level = WarningLevel.Watch },
            var answer => answer,
        };

    /// <param name="before">The 28 days before, in any order; null for a day without a figure. More are a programming error.</param>
    /// <param name="today">The day's figure; null when there is none.</param>
    private static WarningAnswer Of(IReadOnlyCollection<decimal?> before, decimal? today, WarningFamily family, WarningReason above, WarningReason below)
    {
        Invariant.Holds(before.Count <= WindowDays, "The window has 28 days.");
        var days = before.OfType<decimal>().ToList();
        if (today is not { } figure) return new WarningAnswer.Unknown(family, "today");
        if (days.Count < DaysMin) return new WarningAnswer.Unknown(family, "days");
        var mean = days.Aggregate(Fraction.Zero, static (sum, d) => sum + d) / days.Count;
        var variance = days.Aggregate(Fraction.Zero, (sum, d) => sum + (d - mean) * (d - mean)) / (days.Count - 1);
        var off = figure - mean;
        // Squared, so that the limit needs no root and is exact: on the limit is within.
        var outside = off * off > Sigmas * Sigmas * variance;
        var sigma = (decimal)Math.Round(Math.Sqrt(variance.ToDouble()), 6);
        WarningFigure[] evidence = [new("today", figure), WarningFigure.Of("mean", mean), new("sigma", sigma), WarningFigure.Of("low", mean - Sigmas * sigma), WarningFigure.Of("high", mean + Sigmas * sigma), new("days", days.Count)];
        return outside
            ? new WarningAnswer.Raised(family, off.Sign > 0 ? above : below, WarningLevel.Act, [.. evidence], [])
            : new WarningAnswer.Clear(family, [.. evidence]);
    }
}
