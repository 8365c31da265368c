using NodaTime;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// The stated rule for local times that a change of the clocks leaves out or repeats. A skipped time is the moment of the jump. A repeated one is its first occurrence
/// (a deadline or opening holds as soon as the clock shows it) or, for the end of a window, its last; a day ends when the next one first begins.
/// </summary>
internal static class LocalMoments
{
    internal static Instant First(LocalDateTime local, DateTimeZone zone)
    {
        var mapping = zone.MapLocal(local);
        return mapping.Count == 0 ? mapping.LateInterval.Start : mapping.First().ToInstant();
    }

    /// <summary>When a deadline by this time of day falls; 00:00 is the end of the day.</summary>
    internal static Instant Due(LocalDate date, LocalTime by, DateTimeZone zone) => by == LocalTime.Midnight ? zone.AtStartOfDay(date.PlusDays(1)).ToInstant() : First(date.At(by), zone);

    /// <summary>When a window that closes at this time of day does; 00:00 is the end of the day.</summary>
    internal static Instant Closes(LocalDate date, LocalTime closes, DateTimeZone zone)
    {
        if (closes == LocalTime.Midnight) return zone.AtStartOfDay(date.PlusDays(1)).ToInstant();
        var mapping = zone.MapLocal(date.At(closes));
        return mapping.Count == 0 ? mapping.LateInterval.Start : mapping.Last().ToInstant();
    }
}
