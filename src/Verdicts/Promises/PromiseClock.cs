using System.Collections.Immutable;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Promises;

/// <summary>What was promised of a parcel: the latest time of the first valid attempt, as opposed to a plan of when it will be made.</summary>
/// <param name="By">The promise, as shown to people; an attempt at it is on time.</param>
/// <param name="Date">The promised local date.</param>
/// <param name="LastInstant">The last instant that is on time, by the clause's way of deciding; microseconds.</param>
/// <param name="DecidedBy">Whether the date decides, or the instant.</param>
/// <param name="CrossedUnknownYear">True when it rests on days of a year whose holidays are not published: compute it again when they are.</param>
/// <param name="Clause">The clause.</param>
public sealed record Promise(Instant By, LocalDate Date, Instant LastInstant, DecidedBy DecidedBy, bool CrossedUnknownYear, ClauseId Clause)
{
    /// <summary>By when the parcel must have come how far for the promise to hold, in the order of the clause; empty when only the end was agreed.</summary>
    public ImmutableArray<PromisedGate> Gates { get; init; } = [];

    /// <summary>
    /// Judges an attempt known to lie in an interval (law 2): on time when all of it is, late when none of it is, in doubt between. In doubt counts
    /// as late and is listed.
    /// </summary>
    public Punctuality Judge(Instant earliest, Instant latest)
    {
        Invariant.Holds(earliest <= latest, "An interval ends after it begins.");
        return latest <= LastInstant ? Punctuality.OnTime : earliest > LastInstant ? Punctuality.Late : Punctuality.InDoubt;
    }
}

/// <summary>A gate on the way, with its instant: passed at it is in time.</summary>
public sealed record PromisedGate(GateKind Kind, Instant By);

/// <summary>How an attempt stands to its promise.</summary>
public enum Punctuality
{
    /// <summary>On time, however its time is read.</summary>
    OnTime = 1,

    /// <summary>Late, however its time is read.</summary>
    Late = 2,

    /// <summary>Its time is not known well enough.</summary>
    InDoubt = 3,
}

/// <summary>Why a parcel has no promise.</summary>
public enum NoPromiseReason
{
    /// <summary>The terms make no promise.</summary>
    NoClause = 1,

    /// <summary>No row of the transit table fits the lane.</summary>
    NoLane = 2,

    /// <summary>No working calendar is known for the region.</summary>
    UnknownCalendar = 3,

    /// <summary>The time zone is not known.</summary>
    UnknownZone = 4,
}

/// <summary>A promise, or the reason why there is none; absent is never a date (law 3).</summary>
public abstract record PromiseAnswer
{
    private PromiseAnswer()
    {
    }

    /// <summary>A promise.</summary>
    public sealed record Promised(Promise Promise) : PromiseAnswer;

    /// <summary>No promise.</summary>
    public sealed record None(NoPromiseReason Why) : PromiseAnswer;
}

/// <summary>Makes the promise of a parcel at its acceptance, for accounts whose shipments bring none. Pure.</summary>
public static class PromiseClock
{
    /// <summary>
    /// The promise of a parcel: so many working days after the day of acceptance, which after the cut-off, or on a day not worked, is the next working day.
    /// </summary>
    /// <param name="terms">The promise terms in force at acceptance; null when there are none.</param>
    /// <param name="accepted">The instant of acceptance; at the cut-off itself it still counts for the day.</param>
    /// <param name="origin">Place code of the origin.</param>
    /// <param name="destination">Place code of the destination.</param>
    /// <param name="calendars">The working calendar of a region; null when none is known. <see cref="KnownCalendar"/> has the built-in ones.</param>
    public static PromiseAnswer Of(PromiseTerms? terms, Instant accepted, string origin, string destination, Func<string, WorkingCalendar?> calendars)
    {
        ArgumentNullException.ThrowIfNull(calendars);
        if (terms is null) return new PromiseAnswer.None(NoPromiseReason.NoClause);
        if (terms.DaysFor(origin, destination) is not { } days) return new PromiseAnswer.None(NoPromiseReason.NoLane);
        if (calendars(terms.CalendarRegion) is not { } calendar) return new PromiseAnswer.None(NoPromiseReason.UnknownCalendar);
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(terms.Zone) is not { } zone) return new PromiseAnswer.None(NoPromiseReason.UnknownZone);
        var schedule = new WorkingSchedule(zone, calendar, OpeningHours.AroundTheClock, terms.CutOff);
        var day = Deadline.For(accepted, new DeadlineRule.ByTimeOfDay(days, DaysCounted.Working, LocalTime.Midnight), schedule);
        var by = terms.By is { } time ? Deadline.For(accepted, new DeadlineRule.ByTimeOfDay(days, DaysCounted.Working, time), schedule) : day;
        var lastOfDay = day.At - Duration.FromTicks(10);
        var date = lastOfDay.InZone(zone).Date;
        return new PromiseAnswer.Promised(new Promise(
            by.At,
            date,
            terms.DecidedBy == DecidedBy.Date ? lastOfDay : by.At,
            terms.DecidedBy,
            day.CrossedUnknownYear,
            terms.Clause) { Gates = Gates(terms, accepted, date, schedule) });
    }

    /// <summary>
    /// The gates on the way to a promise that the shipment brought, whose local date is the promised day; empty when none are agreed, or the zone or calendar is not known.
    /// </summary>
    public static ImmutableArray<PromisedGate> GatesTo(PromiseTerms? terms, Instant accepted, Instant promisedBy, Func<string, WorkingCalendar?> calendars)
    {
        ArgumentNullException.ThrowIfNull(calendars);
        return terms is not null && calendars(terms.CalendarRegion) is { } calendar && DateTimeZoneProviders.Tzdb.GetZoneOrNull(terms.Zone) is { } zone
            ? Gates(terms, accepted, promisedBy.InZone(zone).Date, new WorkingSchedule(zone, calendar, OpeningHours.AroundTheClock, terms.CutOff))
            : [];
    }

    // Counted from acceptance a gate follows the same rule as the promise; counted back from the promised day, zero days is that day itself, worked or not.
    private static ImmutableArray<PromisedGate> Gates(PromiseTerms terms, Instant accepted, LocalDate promised, WorkingSchedule schedule) =>
    [
        .. terms.Gates.Select(gate => new PromisedGate(gate.Kind, gate.From is GateCount.AfterAcceptance
            ? Deadline.For(accepted, new DeadlineRule.ByTimeOfDay(gate.Days, DaysCounted.Working, gate.By), schedule).At
            : Deadline.On(gate.Days == 0 ? promised : schedule.Calendar.WorkingDaysBefore(promised, gate.Days).Date, gate.By, schedule.Zone))),
    ];

    /// <summary>
    /// The promise that a shipment brought, judged by the clause's way of deciding: by date, any time on that local day is on time.
    /// </summary>
    public static PromiseAnswer Brought(PromiseTerms terms, Instant promisedBy)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(terms.Zone) is not { } zone) return new PromiseAnswer.None(NoPromiseReason.UnknownZone);
        var date = promisedBy.InZone(zone).Date;
        var last = terms.DecidedBy == DecidedBy.Date ? zone.AtStartOfDay(date.PlusDays(1)).ToInstant() - Duration.FromTicks(10) : promisedBy;
        return new PromiseAnswer.Promised(new Promise(promisedBy, date, last, terms.DecidedBy, false, terms.Clause));
    }

    /// <summary>The calendars that the product brings: <c>CN</c>, and <c>none</c> for Monday to Friday without holidays.</summary>
    public static WorkingCalendar? KnownCalendar(string region) => region switch
    {
        "CN" => WorkingCalendar.China,
        "none" => WorkingCalendar.WeekdaysOnly,
        _ => null,
    };
}
