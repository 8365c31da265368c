using System.Runtime.InteropServices;

namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>
/// A serial port, USB adapter or pseudo-terminal by its path, best the stable one under <c>/dev/serial/by-id</c>. Why not System.IO.Ports: it polls
/// every millisecond, cannot see parity errors, and does not notice an unplugged adapter (devices.md, 4.1).
/// </summary>
public sealed unsafe class TtyLine : ILine
{
    private readonly WakeSignal _wake = new();
    private readonly DeviceFile _file;
    private readonly LineSettings _settings;
    private readonly string? _expectedUsb;
    private readonly MarkedBytes? _marks;
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
        _file = new DeviceFile(_wake);
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
        var refusal = Prepare(fd, out var notSupported) ?? _file.Take(fd, stream: true);
        if (refusal is not null)
        {
            _ = Libc.Close(fd);
            return new LineOpening(OpenResult.Refused, refusal);
        }
        _marks?.Clear();
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
        if (_marks is null) return _file.Read(buffer, wait);
        if (_marks.HasMore) return _marks.Next(buffer);
        var read = _file.Read(buffer, wait);
        if (read.Event != LineEvent.Bytes) return read;
        _marks.Take(buffer[..read.Count]);
        return _marks.HasMore ? _marks.Next(buffer) : new LineRead(LineEvent.Woken);
    }

    /// <inheritdoc/>
    public bool Write(ReadOnlySpan<byte> bytes) => _file.Write(bytes);

    /// <inheritdoc/>
    public void Close()
    {
        if (!_file.IsOpen) return;
        _ = Libc.Ioctl(_file.Fd, Libc.TiocNotExclusive, 0);
        _file.Close();
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
        _file.Dispose();
        _wake.Dispose();
    }
}
