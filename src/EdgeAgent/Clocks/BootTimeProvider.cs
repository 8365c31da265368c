using System.Runtime.InteropServices;

namespace KeyAccountLogistics.EdgeAgent.Clocks;

/// <summary>
/// The system's time with a counter that also runs while the machine sleeps (CLOCK_BOOTTIME): the counter is what a capture's time is adjudged from
/// (law 2), and the framework's own stands still in suspend.
/// </summary>
public sealed partial class BootTimeProvider : TimeProvider
{
    private const int ClockBoottime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <inheritdoc/>
    public override long TimestampFrequency => NanosecondsPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        var failed = ClockGetTime(ClockBoottime, out var now);
        Kernel.Invariant.Holds(failed == 0, "the kernel has CLOCK_BOOTTIME (Linux 2.6.39 and later)");
        return (now.Seconds * NanosecondsPerSecond) + now.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec now);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
