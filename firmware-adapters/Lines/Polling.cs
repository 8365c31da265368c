using System.Runtime.InteropServices;

namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>The blocking wait of a device thread, but for the reads of a <see cref="DeviceFile"/>, which wait in epoll.</summary>
internal static unsafe class Polling
{
    /// <summary>What a wait ended with.</summary>
    internal readonly record struct Waited(bool Woken, short Events);

    /// <summary>
    /// Waits for <paramref name="events"/> on <paramref name="fd"/> or for the signal (if one is given), for ever when <paramref name="wait"/> is null. A signal is
    /// cleared. Interruptions by Unix signals wait again (at most doubling the time asked for, which no caller minds).
    /// </summary>
    internal static Waited Wait(int fd, short events, WakeSignal? signal, TimeSpan? wait)
    {
        var fds = stackalloc Libc.PollFd[2];
        fds[0] = new Libc.PollFd { Fd = signal?.Fd ?? -1, Events = Libc.PollIn };
        fds[1] = new Libc.PollFd { Fd = fd, Events = events };
        var timeout = Milliseconds(wait);
        int ready;
        do ready = Libc.Poll(fds, 2, timeout);
        while (ready < 0 && Marshal.GetLastPInvokeError() == Libc.Eintr);
        if (ready < 0) throw new IOException($"poll: {Libc.Describe(Marshal.GetLastPInvokeError())}");
        var woken = (fds[0].Returned & Libc.PollIn) != 0;
        if (woken) signal!.Clear();
        return new Waited(woken, fds[1].Returned);
    }

    /// <summary>As poll and epoll take it: rounded up, so that what is due then is due; -1 for ever.</summary>
    internal static int Milliseconds(TimeSpan? wait) =>
        wait is { } span ? (int)Math.Clamp((span.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond, 0, int.MaxValue) : -1;
}
