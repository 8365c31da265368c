using NodaTime;

namespace KeyAccountLogistics.Kernel;

/// <summary>The one bridge from the injected <see cref="TimeProvider"/> to NodaTime; nothing else in the product reads a clock.</summary>
public static class Clock
{
    /// <summary>The present instant, floored to the microsecond, which is what both databases keep exactly.</summary>
    public static Instant Now(this TimeProvider time) => Instant.FromDateTimeOffset(time.GetUtcNow()).ToMicros();

    /// <summary>Floors to the microsecond (also before 1970), so that nothing later rounds.</summary>
    public static Instant ToMicros(this Instant instant) => FromUnixMicros(instant.ToUnixMicros());

    /// <summary>Whole microseconds since 1970-01-01T00:00Z, floored.</summary>
    public static long ToUnixMicros(this Instant instant)
    {
        var ticks = instant.ToUnixTimeTicks();
        return ticks >= 0 ? ticks / 10 : -((-ticks + 9) / 10);
    }

    /// <summary>The instant of whole microseconds since 1970-01-01T00:00Z; outside the years -9998 to 9999 it throws <see cref="ArgumentOutOfRangeException"/> or <see cref="OverflowException"/>.</summary>
    public static Instant FromUnixMicros(long micros) => Instant.FromUnixTimeTicks(checked(micros * 10));
}
