using NodaTime;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// The stated rule for local times that a change of the clocks leaves out or repeats. A skipped time is the moment of the jump. A repeated one is its first occurrence
/// (a deadline or opening holds as soon as the clock shows it) or, for the end of a window, its last.
/// </summary>
internal static class LocalMoments
{
    internal static Instant First(LocalDateTime local, DateTimeZone zone)
    {
        var mapping = zone.MapLocal(local);
        return mapping.Count == 0 ? mapping.LateInterval.Start : mapping.First().ToInstant();
    }

    internal static Instant Last(LocalDateTime local, DateTimeZone zone)
    {
        var mapping = zone.MapLocal(local);
        return mapping.Count == 0 ? mapping.LateInterval.Start : mapping.Last().ToInstant();
    }

    /// <summary>A time of day where 00:00 means the end of it.</summary>
    internal static LocalDateTime AtOrEndOf(LocalDate date, LocalTime time) => time == LocalTime.Midnight ? date.PlusDays(1).AtMidnight() : date.At(time);
}
