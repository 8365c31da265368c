using System.Collections.Immutable;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Terms;

/// <summary>How an accepted parcel gets its promise: the latest time of the first valid attempt (domain.md 6).</summary>
/// <param name="Clause">The clause.</param>
/// <param name="CutOff">Accepted after this local time counts as the next working day.</param>
/// <param name="Zone">The zone of the cut-off, of the working days and of the promised time of day; an IANA id known to NodaTime.</param>
/// <param name="CalendarRegion">The region whose working calendar counts the days, e.g. <c>CN</c>.</param>
/// <param name="Transit">Working days from the day of acceptance, per lane; never empty.</param>
/// <param name="By">The promised time of day; null is the end of the day.</param>
/// <param name="DecidedBy">Whether a first attempt is judged by its date or by its instant.</param>
public sealed record PromiseTerms(
    ClauseId Clause,
    LocalTime CutOff,
    string Zone,
    string CalendarRegion,
    ImmutableArray<LaneTransit> Transit,
    LocalTime? By,
    DecidedBy DecidedBy)
{
    /// <summary>The working days of a lane; null when no row fits: such a parcel has no promise, which is shown as such.</summary>
    public int? DaysFor(string origin, string destination) => Lane.MostSpecific(Transit, t => t.Lane, origin, destination)?.WorkingDays;
}

/// <summary>The transit time of a lane in working days after the day of acceptance, 0 to 60.</summary>
public sealed record LaneTransit(Lane Lane, int WorkingDays);

/// <summary>What is compared with the promise.</summary>
public enum DecidedBy
{
    /// <summary>The local date: any time on the promised day is on time.</summary>
    Date = 1,

    /// <summary>The instant.</summary>
    Timestamp = 2,
}
