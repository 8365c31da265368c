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
}
