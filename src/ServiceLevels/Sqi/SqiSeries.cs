using System.Collections.Immutable;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Sqi;

/// <summary>One day of a series.</summary>
/// <param name="Day">The business day.</param>
/// <param name="Figures">Its figures by the profile that holds on it.</param>
internal sealed record SqiDay(LocalDate Day, SqiFigures Figures);

/// <summary>A sum over the days up to one.</summary>
/// <param name="Until">Its last day.</param>
/// <param name="Window">Days asked for.</param>
/// <param name="Days">Days of the same profile found in it; fewer than the window while a series is young, and the sum is then of so many days.</param>
/// <param name="Figures">The figures of their counts together.</param>
internal sealed record SqiMovingSum(LocalDate Until, int Window, int Days, SqiFigures Figures);

/// <summary>A series of days of one scope: where one begins, and moving sums (domain.md 2.3). What was first published of a day is kept by the closing of days.</summary>
internal static class SqiSeries
{
    /// <summary>How far back a late fact changes what was published.</summary>
    internal const int RestatedDays = 30;

    /// <summary>True when the day before has figures by another profile or version: another series.</summary>
    internal static bool BeginsOn(IReadOnlyDictionary<LocalDate, SqiDay> days, LocalDate day) =>
        days.TryGetValue(day, out var now) && days.TryGetValue(day.PlusDays(-1), out var before) && !IsSame(now.Figures.Profile, before.Figures.Profile);

    /// <summary>
    /// The sum of the days of a window up to <paramref name="until"/>, by that day's profile; days of another profile or version are not in it. Null when that day is not there.
    /// </summary>
    internal static SqiMovingSum? Sum(IReadOnlyDictionary<LocalDate, SqiDay> days, LocalDate until, int window)
    {
        Invariant.Holds(window > 0, "A window has days.");
        if (!days.TryGetValue(until, out var last)) return null;
        var profile = last.Figures.Profile;
        var (sum, found) = (SqiCounts.None, 0);
        for (var back = 0; back < window; back++)
        {
            if (!days.TryGetValue(until.PlusDays(-back), out var day)) continue;
            if (!IsSame(day.Figures.Profile, profile)) break;
            (sum, found) = (sum.Plus(CountsOf(day.Figures)), found + 1);
        }
        return new(until, window, found, WeighFailures.Of(profile, sum));
    }

    private static bool IsSame(SqiProfile one, SqiProfile other) => string.Equals(one.Key, other.Key, StringComparison.Ordinal);

    private static SqiCounts CountsOf(SqiFigures figures) =>
        new(figures.Shipments, figures.Parts.ToImmutableSortedDictionary(p => p.Component, p => p.Failures, StringComparer.Ordinal));
}
