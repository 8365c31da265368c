using KeyAccountLogistics.ServiceLevels.Figures;

namespace KeyAccountLogistics.ServiceLevels.Budgets;

/// <summary>
/// The volume of the days to come: as many a day as in the last four weeks, or as long as the figure has been counted. One rule for the budget page, the night's warning and the list of
/// what is at risk, so that they say the same allowed budget. Nothing is rounded before the end: twenty parcels in four weeks are less than one a day, and not none.
/// </summary>
internal static class ExpectedVolume
{
    /// <summary>A mean takes no more days than these: four of each day of the week.</summary>
    internal const int UsualDays = 28;

    /// <summary>How far back it is looked for the first day that counted anything.</summary>
    internal const int LookBackDays = Forecast.DaysMax;

    /// <param name="units">Counted in the days observed.</param>
    /// <param name="daysObserved">See <see cref="Observed"/>.</param>
    /// <param name="daysToCome">0 or less when the period is over.</param>
    internal static long Of(long units, int daysObserved, int daysToCome) =>
        daysToCome <= 0 || units <= 0 ? 0 : (long)((Fraction)units * daysToCome / daysObserved).Round(0);

    /// <param name="learnt">Days without a gap up to the last one counted, oldest first; none is older than <see cref="LookBackDays"/>.</param>
    /// <param name="daysToCome">0 or less when the period is over.</param>
    internal static long Of(IReadOnlyList<BudgetCount> learnt, int daysToCome)
    {
        var (first, units) = (learnt.Count, 0L);
        for (var i = learnt.Count - 1; i >= 0; i--)
        {
            if (learnt[i].Units <= 0) continue;
            first = i;
            if (learnt.Count - i <= UsualDays) units += learnt[i].Units;
        }
        return Of(units, Observed(learnt.Count - first), daysToCome);
    }

    /// <summary>The days that a mean is taken over: a young account is held against its own days alone.</summary>
    /// <param name="daysSinceFirst">Since the first day that counted anything, both ends included.</param>
    internal static int Observed(int daysSinceFirst) => Math.Clamp(daysSinceFirst, 1, UsualDays);

    /// <summary>Spread evenly over the days to come, in whole units that add up to it.</summary>
    internal static IReadOnlyList<long> ByDay(long units, int daysToCome)
    {
        var days = new long[Math.Max(0, daysToCome)];
        for (var i = 0; i < days.Length; i++) days[i] = (units * (i + 1) / days.Length) - (units * i / days.Length);
        return days;
    }
}
