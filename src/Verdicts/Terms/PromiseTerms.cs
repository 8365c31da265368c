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
    /// <summary>The gates on the way, in the order of the way; empty when only the end was agreed.</summary>
    public ImmutableArray<PromiseGate> Gates { get; init; } = [];

    /// <summary>The working days of a lane; null when no row fits: such a parcel has no promise, which is shown as such.</summary>
    public int? DaysFor(string origin, string destination) => Lane.MostSpecific(Transit, t => t.Lane, origin, destination)?.WorkingDays;
}

/// <summary>The transit time of a lane in working days after the day of acceptance, 0 to 60.</summary>
public sealed record LaneTransit(Lane Lane, int WorkingDays);

/// <summary>A gate: by when a parcel must have come so far for its promise to hold.</summary>
/// <param name="Kind">Which gate.</param>
/// <param name="From">From which end of the way the days are counted.</param>
/// <param name="Days">Working days, 0 to 60.</param>
/// <param name="By">The local time of that day.</param>
public sealed record PromiseGate(GateKind Kind, GateCount From, int Days, LocalTime By);

/// <summary>The gates of a parcel's way, in its order.</summary>
public enum GateKind
{
    /// <summary>Picked up from the sender.</summary>
    Pickup = 1,

    /// <summary>Left the depot of origin.</summary>
    DepotOut = 2,

    /// <summary>Left the last hub.</summary>
    Hub = 3,

    /// <summary>On a courier's run sheet.</summary>
    OutForDelivery = 4,
}

/// <summary>From where a gate's days are counted.</summary>
public enum GateCount
{
    /// <summary>Working days after the day of acceptance.</summary>
    AfterAcceptance = 1,

    /// <summary>Working days before the promised day.</summary>
    BeforePromise = 2,
}

/// <summary>What is compared with the promise.</summary>
public enum DecidedBy
{
    /// <summary>The local date: any time on the promised day is on time.</summary>
    Date = 1,

    /// <summary>The instant.</summary>
    Timestamp = 2,
}
