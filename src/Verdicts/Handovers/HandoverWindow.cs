using NodaTime;

namespace KeyAccountLogistics.Verdicts.Handovers;

/// <summary>When a depot hands over to its couriers, by its shift calendar (SEED-03-SHIFT8): the courier is there at the start.</summary>
/// <param name="Start">Local time at which the handover begins, e.g. 08:00.</param>
/// <param name="Grace">How much later still counts as punctual; zero or more.</param>
/// <param name="Zone">The depot's time zone.</param>
public sealed record HandoverWindow(LocalTime Start, Duration Grace, DateTimeZone Zone)
{
    /// <summary>
    /// How late a handover of that shift day began: null when punctual, else measured from the start itself, without the grace. A start that the
    /// local clock skips (daylight saving) is taken as the moment after the gap.
    /// </summary>
    public Duration? Lateness(LocalDate day, Instant began)
    {
        var start = (day + Start).InZoneLeniently(Zone).ToInstant();
        return began <= start + Grace ? null : began - start;
    }

    /// <summary>
    /// How late a handover began by the shift it belongs to: the last one that had begun, or the next one when it is less than an hour off. Null when punctual, or when the
    /// day has no shift before it.
    /// </summary>
    public static Duration? Lateness(IReadOnlyList<HandoverWindow> shifts, Instant began)
    {
        var late = (Duration?)null;
        foreach (var shift in shifts)
        {
            var day = began.InZone(shift.Zone).Date;
            var start = (day + shift.Start).InZoneLeniently(shift.Zone).ToInstant();
            if (start > began && start - began <= EarlyMax) return null;
            if (start > began) continue;
            var by = shift.Lateness(day, began);
            if (by is null) return null;
            if (late is null || by < late) late = by;
        }
        return late;
    }

    private static readonly Duration EarlyMax = Duration.FromHours(1);
}
