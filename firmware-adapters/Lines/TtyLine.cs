using System.Runtime.InteropServices;

namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>
/// A serial port, USB adapter or pseudo-terminal by its path, best the stable one under <c>/dev/serial/by-id</c>. Why not System.IO.Ports: it polls
/// every millisecond, cannot see parity errors, and does not notice an unplugged adapter (devices.md, 4.1).
/// </summary>
public sealed unsafe class TtyLine : ILine
{
    private readonly WakeSignal _wake = new();
    private readonly LineSettings _settings;
    private readonly string? _expectedUsb;
    private readonly MarkedBytes? _marks;
    private int _fd = -1;
    private bool _pathMissing;

    /// <summary>
    /// A line not yet open. With <paramref name="expectedUsb"/> (<c>0403:6001:A50285BI</c>) a port that shows another adapter is refused when opened.
    /// </summary>
    public TtyLine(string path, LineSettings settings, string? expectedUsb = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(settings);
        Name = path;
        _settings = settings;
        _expectedUsb = expectedUsb;
        _marks = settings.Parity == Parity.None ? null : new MarkedBytes();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public LineIdentity Identity { get; private set; } = LineIdentity.Unknown;

    /// <inheritdoc/>
    public LineOpening Open()
    {
        Close();
        _pathMissing = false;
        var fd = Libc.Open(Name, Libc.OpenReadWrite | Libc.OpenNoControllingTty | Libc.OpenNonBlocking | Libc.OpenCloseOnExec);
        if (fd < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            _pathMissing = errno is Libc.Enoent or Libc.Enotdir;
            var missing = errno is Libc.Enoent or Libc.Enotdir or Libc.Enxio or Libc.Enodev or Libc.Eio;
            return new LineOpening(missing ? OpenResult.Missing : OpenResult.Refused, Libc.Describe(errno));
        }
        var refusal = Prepare(fd, out var notSupported);
        if (refusal is not null)
        {
            _ = Libc.Close(fd);
            return new LineOpening(OpenResult.Refused, refusal);
        }
        _marks?.Clear();
        _fd = fd;
        return new LineOpening(OpenResult.Opened, Identity.RealPath, notSupported);
    }

    private string? Prepare(int fd, out string? notSupported)
    {
        notSupported = null;
        if (Libc.Flock(fd, Libc.LockExclusiveNow) != 0) return Libc.Describe(Libc.Ebusy);
        Identity = UsbIdentity.Of(Name);
        if (_expectedUsb is not null && !string.Equals(_expectedUsb, Identity.Usb, StringComparison.OrdinalIgnoreCase))
            return $"another adapter than expected: '{Identity.Usb}' instead of '{_expectedUsb}'";
        _ = Libc.Ioctl(fd, Libc.TiocExclusive, 0);
        if (Termios.Apply(fd, _settings, out notSupported) is { } cannot) return cannot;
        if (!SetModemLine(fd, Libc.ModemDtr, _settings.Dtr) || !SetModemLine(fd, Libc.ModemRts, _settings.Rts))
            notSupported = (notSupported is null ? "" : notSupported + "; ") + "modem lines are not supported here";
        if (Identity.VendorId.Length > 0) AskForLowLatency(fd);
        _ = Libc.Ioctl(fd, Libc.TcFlush, 0);
        return null;
    }

    // A USB adapter may keep bytes back for 16 ms to fill its packets (FTDI's latency timer); the flag asks it not to. Which drivers heed it is theirs to know: a line
    // without it is slower and nothing else, so nobody is told.
    private static void AskForLowLatency(int fd)
    {
        // struct serial_struct; with room to spare for a kernel that knows a longer one.
        var serial = stackalloc byte[2 * Libc.SerialStructBytes];
        if (Libc.Ioctl(fd, Libc.TiocGetSerial, (nint)serial) != 0) return;
        *(int*)(serial + Libc.SerialFlagsAt) |= Libc.AsyncLowLatency;
        _ = Libc.Ioctl(fd, Libc.TiocSetSerial, (nint)serial);
    }

    private static bool SetModemLine(int fd, int line, bool? level) =>
        level is not { } raised || Libc.Ioctl(fd, raised ? Libc.TiocModemSet : Libc.TiocModemClear, &line) == 0;

    /// <inheritdoc/>
    public LineRead Read(Span<byte> buffer, TimeSpan? wait)
    {
        if (_fd < 0) return new LineRead(LineEvent.Lost, Reason: "not open");
        if (_marks is { HasMore: true }) return _marks.Next(buffer);
        var waited = Polling.Wait(_fd, Libc.PollIn, _wake, wait);
        if ((waited.Events & (Libc.PollIn | Libc.PollHup | Libc.PollErr)) != 0) return ReadNow(buffer);
        if ((waited.Events & Libc.PollNval) != 0) return new LineRead(LineEvent.Lost, Reason: "closed");
        return new LineRead(waited.Woken ? LineEvent.Woken : LineEvent.TimedOut);
    }

    /// <summary>Bytes unread at a hang-up still come; then read gives 0 or an error, and the line is lost.</summary>
    private LineRead ReadNow(Span<byte> buffer)
    {
        nint count;
        fixed (byte* at = buffer) count = Libc.Read(_fd, at, buffer.Length);
        if (count > 0)
        {
            if (_marks is null) return new LineRead(LineEvent.Bytes, (int)count);
            _marks.Take(buffer[..(int)count]);
            return _marks.HasMore ? _marks.Next(buffer) : new LineRead(LineEvent.Woken);
        }
        if (count == 0) return new LineRead(LineEvent.Lost, Reason: "hung up: the device is gone");
        var errno = Marshal.GetLastPInvokeError();
        return errno is Libc.Eagain or Libc.Eintr ? new LineRead(LineEvent.Woken) : new LineRead(LineEvent.Lost, Reason: Libc.Describe(errno));
    }

    /// <inheritdoc/>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_fd < 0) return false;
            nint count;
            fixed (byte* at = bytes) count = Libc.Write(_fd, at, bytes.Length);
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

    private static readonly TimeSpan WriteWithin = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public void Close()
    {
        if (_fd < 0) return;
        _ = Libc.Ioctl(_fd, Libc.TiocNotExclusive, 0);
        _ = Libc.Close(_fd);
        _fd = -1;
    }

    /// <inheritdoc/>
    public void WaitForReturn(TimeSpan atMost)
    {
        if (_pathMissing) PathReturn.Wait(Name, _wake, atMost);
        else Polling.Wait(-1, 0, _wake, atMost);
    }

    /// <inheritdoc/>
    public void Wake() => _wake.Set();

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _wake.Dispose();
    }
}
