using System.Collections.Immutable;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Sqi;

/// <summary>One published day: what was said first, and what it came to be when facts arrived late.</summary>
/// <param name="Day">The business day.</param>
/// <param name="First">As first published; it stays.</param>
/// <param name="Restated">As it stands since; null while it is as first published.</param>
internal sealed record SqiDay(LocalDate Day, SqiFigures First, SqiFigures? Restated = null)
{
    /// <summary>What holds now.</summary>
    internal SqiFigures Now => Restated ?? First;
}

/// <summary>A sum over the days up to one.</summary>
/// <param name="Until">Its last day.</param>
/// <param name="Window">Days asked for.</param>
/// <param name="Days">Days of the same profile found in it; fewer than the window while a series is young, and the sum is then of so many days.</param>
/// <param name="Figures">The figures of their counts together.</param>
internal sealed record SqiMovingSum(LocalDate Until, int Window, int Days, SqiFigures Figures);

/// <summary>A series of days of one scope: publishing, restating, moving sums (domain.md 2.3).</summary>
internal static class SqiSeries
{
    /// <summary>How far back a late fact changes what was published.</summary>
    internal const int RestatedDays = 30;

    /// <summary>The windows that are published.</summary>
    internal static ImmutableArray<int> Windows { get; } = [7, 28];

    /// <summary>
    /// Publishes or restates a day at a run that counts the days before <paramref name="runDay"/>. What was first published stays; older than 30 days nothing changes any more; a day
    /// is restated by the profile it was published by, since another one is another series.
    /// </summary>
    internal static SqiDay Publish(SqiDay? before, LocalDate day, SqiCounts counts, SqiProfile profile, LocalDate runDay)
    {
        Invariant.Holds(day < runDay, "A day is counted when it is over.");
        if (before is null) return new(day, WeighFailures.Of(profile, counts));
        Invariant.Holds(before.Day == day, "A day is restated by its own counts.");
        if (Period.DaysBetween(day, runDay) > RestatedDays) return before;
        var now = WeighFailures.Of(before.First.Profile, counts);
        return before with { Restated = Same(now, before.First) ? null : now };
    }

    /// <summary>
    /// The sum of the days of a window up to <paramref name="until"/>, by that day's profile; days of another profile or version are not in it. Null when that day is not published.
    /// </summary>
    internal static SqiMovingSum? Sum(IReadOnlyDictionary<LocalDate, SqiDay> days, LocalDate until, int window)
    {
        Invariant.Holds(window > 0, "A window has days.");
        if (!days.TryGetValue(until, out var last)) return null;
        var profile = last.Now.Profile;
        var (sum, found) = (SqiCounts.None, 0);
        for (var back = 0; back < window; back++)
        {
            if (!days.TryGetValue(until.PlusDays(-back), out var day)) continue;
            if (!string.Equals(day.Now.Profile.Key, profile.Key, StringComparison.Ordinal)) break;
            (sum, found) = (sum.Plus(CountsOf(day.Now)), found + 1);
        }
        return new(until, window, found, WeighFailures.Of(profile, sum));
    }

    private static SqiCounts CountsOf(SqiFigures figures) =>
        new(figures.Shipments, figures.Parts.ToImmutableSortedDictionary(p => p.Component, p => p.Failures, StringComparer.Ordinal));

    private static bool Same(SqiFigures one, SqiFigures other) => one.Shipments == other.Shipments && one.Parts.SequenceEqual(other.Parts);
}
