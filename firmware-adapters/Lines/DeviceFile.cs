using System.Runtime.InteropServices;

namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>
/// The open file of a tty, a report pipe or an event device: what waits for its bytes, reads, writes and notices that it is gone. What is opened, and how it is set, is
/// its line's business. It waits in epoll, not in poll as the rarer waits do: registered once, a wake-up looks at the device that woke it and at nothing else.
/// One thread's; the signal alone may be set from any.
/// </summary>
internal sealed unsafe class DeviceFile : IDisposable
{
    private const ulong OfDevice = 1;
    private const ulong OfSignal = 2;
    private static readonly TimeSpan WriteWithin = TimeSpan.FromSeconds(1);

    private readonly WakeSignal _wake;
    private readonly int _epoll;
    private int _fd = -1;
    private bool _mayHaveMore;

    internal DeviceFile(WakeSignal wake)
    {
        _wake = wake;
        _epoll = Libc.EpollCreate(Libc.OpenCloseOnExec);
        if (_epoll < 0 || !Register(wake.Fd, Libc.EpollIn, OfSignal)) throw new IOException($"no epoll: {Libc.Describe(Marshal.GetLastPInvokeError())}");
    }

    internal bool IsOpen => _fd >= 0;

    /// <summary>For the line's own settings; -1 while closed.</summary>
    internal int Fd => _fd;

    /// <summary>
    /// Takes over an open, non-blocking descriptor. Null, or why nothing can be waited for there: then it is still the caller's. Of a <paramref name="stream"/> a read gives
    /// all there is, so that the next news is new bytes (epoll(7), question 9): it is told of each once. Of reports, which come one a read, it is told while one waits.
    /// </summary>
    internal string? Take(int fd, bool stream)
    {
        if (!Register(fd, stream ? Libc.EpollIn | Libc.EpollEdge : Libc.EpollIn, OfDevice)) return Libc.Describe(Marshal.GetLastPInvokeError());
        _fd = fd;
        _mayHaveMore = false;
        return null;
    }

    /// <summary>As <see cref="ILine.Read"/>. Bytes unread at a hang-up still come; then read gives 0 or an error, and the file is lost.</summary>
    internal LineRead Read(Span<byte> buffer, TimeSpan? wait)
    {
        if (_fd < 0) return new LineRead(LineEvent.Lost, Reason: "not open");
        if (_mayHaveMore) return ReadNow(buffer);
        var happened = stackalloc byte[2 * Libc.EpollEventBytes];
        var timeout = Polling.Milliseconds(wait);
        int ready;
        do ready = Libc.EpollWait(_epoll, happened, 2, timeout);
        while (ready < 0 && Marshal.GetLastPInvokeError() == Libc.Eintr);
        if (ready < 0) throw new IOException($"epoll: {Libc.Describe(Marshal.GetLastPInvokeError())}");
        if (ready == 0)
        {
            // Bytes may be on their way from the driver to the file, which only a read hastens: no wait ends on what it could have read.
            var late = ReadNow(buffer);
            return late.Event == LineEvent.Woken ? new LineRead(LineEvent.TimedOut) : late;
        }
        var (device, signal) = (false, false);
        for (var i = 0; i < ready; i++)
        {
            if (Libc.EpollTag(happened, i) == OfDevice) device = true;
            else signal = true;
        }
        if (signal) _wake.Clear();
        return device ? ReadNow(buffer) : new LineRead(LineEvent.Woken);
    }

    private LineRead ReadNow(Span<byte> buffer)
    {
        nint count;
        fixed (byte* at = buffer) count = Libc.Read(_fd, at, buffer.Length);
        // A full buffer is no proof that this was all.
        _mayHaveMore = count == buffer.Length;
        if (count > 0) return new LineRead(LineEvent.Bytes, (int)count);
        if (count == 0) return new LineRead(LineEvent.Lost, Reason: "hung up: the device is gone");
        var errno = Marshal.GetLastPInvokeError();
        _mayHaveMore = errno is Libc.Eintr;
        return errno is Libc.Eagain or Libc.Eintr ? new LineRead(LineEvent.Woken) : new LineRead(LineEvent.Lost, Reason: Libc.Describe(errno));
    }

    /// <summary>
    /// As <see cref="ILine.Write"/>. With <paramref name="whole"/> the device takes all of it at once or not at all (a report), as opposed to a stream, which may take it in parts.
    /// </summary>
    internal bool Write(ReadOnlySpan<byte> bytes, bool whole = false)
    {
        while (!bytes.IsEmpty)
        {
            if (_fd < 0) return false;
            nint count;
            fixed (byte* at = bytes) count = Libc.Write(_fd, at, bytes.Length);
            if (count > 0 && whole) return count == bytes.Length;
            if (count > 0)
            {
                bytes = bytes[(int)count..];
                continue;
            }
            if (Marshal.GetLastPInvokeError() is not (Libc.Eagain or Libc.Eintr)) return false;
            var waited = Polling.Wait(_fd, Libc.PollOut, signal: null, WriteWithin);
            if ((waited.Events & Libc.PollOut) == 0) return false;
        }
        return true;
    }

    /// <summary>Throws away what is queued, read by read, at most so many.</summary>
    internal void Drop(int readsMax)
    {
        var old = stackalloc byte[4096];
        for (var i = 0; i < readsMax && Libc.Read(_fd, old, 4096) > 0; i++)
        {
        }
    }

    /// <summary>Idempotent.</summary>
    internal void Close()
    {
        if (_fd < 0) return;
        // A child process between fork and exec may hold a copy for a moment: closing alone would leave it registered.
        _ = Libc.EpollControl(_epoll, Libc.EpollDelete, _fd, null);
        _ = Libc.Close(_fd);
        _fd = -1;
    }

    public void Dispose()
    {
        Close();
        _ = Libc.Close(_epoll);
    }

    private bool Register(int fd, uint events, ulong tag)
    {
        var wanted = stackalloc byte[Libc.EpollEventBytes];
        Libc.SetEpollEvent(wanted, events, tag);
        return Libc.EpollControl(_epoll, Libc.EpollAdd, fd, wanted) == 0;
    }
}
