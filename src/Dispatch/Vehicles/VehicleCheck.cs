using System.Collections.Immutable;
using KeyAccountLogistics.Journal;
using NodaTime;

namespace KeyAccountLogistics.Dispatch.Vehicles;

/// <summary>The four groups of the pre-dispatch check of an e-bike (SEED-03-EBIKE 「派前电动车检查要点」). Numbers are stored.</summary>
internal enum CheckGroup
{
    /// <summary>Tyre pressure.</summary>
    Tyres = 1,

    /// <summary>Steering, brakes, screws, oil on chain and flywheel.</summary>
    Running = 2,

    /// <summary>Battery box, charger plug, lock, charge.</summary>
    Battery = 3,

    /// <summary>Tools complete.</summary>
    Tools = 4,
}

/// <summary>One look at a vehicle before it goes out: each group found good or not, by a courier.</summary>
/// <param name="Vehicle">Which.</param>
/// <param name="Courier">Who looked, and goes out with it.</param>
/// <param name="Found">The groups looked at, with what was found. A group not looked at is not good.</param>
/// <param name="At">When, as far as the evidence carries.</param>
internal sealed record VehicleChecked(string Vehicle, string Courier, ImmutableSortedDictionary<CheckGroup, bool> Found, AdjudgedInterval At)
{
    /// <summary>What is not good, in the order of the check.</summary>
    internal ImmutableArray<CheckGroup> Failed => [.. Enum.GetValues<CheckGroup>().Where(g => !Found.GetValueOrDefault(g))];

    internal bool Passed => Failed.IsEmpty;
}

/// <summary>How a vehicle stands today.</summary>
internal enum VehicleStanding
{
    /// <summary>Passed today.</summary>
    Good = 1,

    /// <summary>Not looked at today.</summary>
    NotChecked = 2,

    /// <summary>The last look today found something wrong.</summary>
    Failed = 3,

    /// <summary>Looked at by somebody else than who takes it out.</summary>
    OtherCourier = 4,
}

/// <summary>No passed check today, no run (SEED-03-EBIKE). Pure.</summary>
internal static class VehicleRules
{
    /// <summary>
    /// The standing of a vehicle for a courier on a day of the depot's zone: the last look of that day counts, so that what was put right passes and what broke afterwards does not. A look
    /// counts for the day in which its whole interval lies; one that midnight falls into is no look of today.
    /// </summary>
    internal static (VehicleStanding Standing, ImmutableArray<CheckGroup> Failed) StandingOf(IEnumerable<VehicleChecked> checks, string courier, LocalDate day, DateTimeZone zone)
    {
        var last = checks.Where(c => c.At.Earliest.InZone(zone).Date == day && c.At.Latest.InZone(zone).Date == day)
            .OrderBy(c => c.At.Best).ThenBy(c => c.Courier, StringComparer.Ordinal).LastOrDefault();
        if (last is null) return (VehicleStanding.NotChecked, []);
        if (!last.Passed) return (VehicleStanding.Failed, last.Failed);
        return string.Equals(last.Courier, courier, StringComparison.Ordinal) ? (VehicleStanding.Good, []) : (VehicleStanding.OtherCourier, []);
    }
}
