using System.Globalization;

namespace Grpc.Wire;

/// <summary><c>grpc-timeout</c>: one to eight digits and a unit, one of H M S m u n.</summary>
internal static class TimeoutEncoding
{
    private const long ValueMax = 99_999_999;

    /// <summary>Reads a timeout. What is longer than a TimeSpan can say is as good as none: <see cref="TimeSpan.MaxValue"/>.</summary>
    internal static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9) return false;
        if (!long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        long ticks;
        switch (text[^1])
        {
            case 'H': ticks = TimeSpan.TicksPerHour; break;
            case 'M': ticks = TimeSpan.TicksPerMinute; break;
            case 'S': ticks = TimeSpan.TicksPerSecond; break;
            case 'm': ticks = TimeSpan.TicksPerMillisecond; break;
            case 'u': ticks = TimeSpan.TicksPerMicrosecond; break;
            case 'n':
                // Rounded up to a tick of 100 ns: a deadline is never earlier than the one asked for.
                timeout = TimeSpan.FromTicks((value + 99) / 100);
                return true;
            default: return false;
        }

        timeout = value > TimeSpan.MaxValue.Ticks / ticks ? TimeSpan.MaxValue : TimeSpan.FromTicks(value * ticks);
        return true;
    }

    /// <summary>Writes a timeout in the finest unit that fits, rounded up.</summary>
    internal static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero) return "1n";
        if (Units(timeout.Ticks, TimeSpan.TicksPerMicrosecond) is <= ValueMax and var u) return Text(u, 'u');
        if (Units(timeout.Ticks, TimeSpan.TicksPerMillisecond) is <= ValueMax and var m) return Text(m, 'm');
        if (Units(timeout.Ticks, TimeSpan.TicksPerSecond) is <= ValueMax and var s) return Text(s, 'S');
        if (Units(timeout.Ticks, TimeSpan.TicksPerMinute) is <= ValueMax and var min) return Text(min, 'M');
        return Text(Math.Min(Units(timeout.Ticks, TimeSpan.TicksPerHour), ValueMax), 'H');
    }

    private static long Units(long ticks, long unit) => (ticks / unit) + (ticks % unit == 0 ? 0 : 1);

    private static string Text(long value, char unit) => string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
}
