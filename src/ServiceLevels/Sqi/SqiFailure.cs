using System.Collections.Immutable;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Sqi;

/// <summary>Whose cause a failure was.</summary>
internal enum SqiBlame
{
    /// <summary>The carrier's; whoever says nothing says this.</summary>
    Carrier = 1,

    /// <summary>The client's.</summary>
    Client = 2,

    /// <summary>The consignee's.</summary>
    Consignee = 3,

    /// <summary>Nobody's.</summary>
    ForceMajeure = 4,
}

/// <summary>Where a failure counts.</summary>
/// <param name="Account">The key account.</param>
/// <param name="Depot">The depot that answers for it; null when none does.</param>
/// <param name="Lane">The lane, as origin and destination say it; null when it has none.</param>
internal sealed record SqiPlace(string Account, string? Depot, string? Lane);

/// <summary>One failure, as facts show it.</summary>
/// <param name="Component">Which.</param>
/// <param name="Subject">What failed: a parcel, stop, query, case, line, trip or call. It counts once per component, however often it is reported.</param>
/// <param name="Day">The business day (Asia/Shanghai) it counts for.</param>
/// <param name="Place">Where it counts.</param>
/// <param name="Event">The fact behind it, for whoever asks (law 9).</param>
/// <param name="Blame">Whose cause.</param>
/// <param name="BlameChecked">True once a second person agreed that it was not the carrier's; until then it counts.</param>
internal sealed record SqiFailure(string Component, string Subject, LocalDate Day, SqiPlace Place, string Event, SqiBlame Blame = SqiBlame.Carrier, bool BlameChecked = false)
{
    internal bool Counts => Blame is SqiBlame.Carrier || !BlameChecked;
}

/// <summary>What is a failure once, out of what was reported often: the rules of domain.md 2.3. The order of the reports does not matter.</summary>
internal static class CountFailures
{
    /// <summary>
    /// Each subject once per component, on its first day; a parcel late on a wrong day is not late on the right day besides; what a second person laid at another's door is left out.
    /// </summary>
    internal static ImmutableArray<SqiFailure> Of(IEnumerable<SqiFailure> reported)
    {
        var once = reported
            .Where(f => f.Counts)
            .GroupBy(f => (f.Component, f.Subject))
            .Select(same => same.OrderBy(f => f.Day).ThenBy(f => f.Event, StringComparer.Ordinal).First())
            .ToList();
        var wrongDay = once.Where(f => f.Component is SqiComponents.WrongDayLate).Select(f => f.Subject).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. once.Where(f => f.Component is not SqiComponents.RightDayLate || !wrongDay.Contains(f.Subject))
                .OrderBy(f => f.Day).ThenBy(f => f.Component, StringComparer.Ordinal).ThenBy(f => f.Subject, StringComparer.Ordinal),
        ];
    }

    /// <summary>Failures as counts, without shipments.</summary>
    internal static SqiCounts Counts(IEnumerable<SqiFailure> failures) =>
        new(0, failures.GroupBy(f => f.Component, StringComparer.Ordinal).ToImmutableSortedDictionary(c => c.Key, c => c.LongCount(), StringComparer.Ordinal));
}
