using System.Runtime.InteropServices;

namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>
/// A keyboard-like device by the kernel's event file, best <c>/dev/input/by-id/…-event-kbd</c>; each read gives whole events. It is grabbed while open, so that what a scanner types
/// reaches no console and no other program. Nothing can be written to it.
/// </summary>
public sealed unsafe class EvdevLine : ILine
{
    /// <summary>What an address of such a line begins with.</summary>
    public const string Scheme = "evdev:";

    /// <summary>EVIOCGRAB of linux/input.h.</summary>
    private const nuint Grab = 0x4004_4590;

    private readonly WakeSignal _wake = new();
    private readonly string? _expectedUsb;
    private int _fd = -1;
    private bool _pathMissing;

    /// <summary>A line not yet open, to an absolute path. With <paramref name="expectedUsb"/> (<c>0c2e:0b61:17B2</c>) another device is refused when opened.</summary>
    public EvdevLine(string path, string? expectedUsb = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.StartsWith('/')) throw new FormatException($"'{path}' is no event device: use evdev: and an absolute path like /dev/input/by-id/usb-…-event-kbd.");
        Name = path;
        _expectedUsb = expectedUsb;
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
        var fd = Libc.Open(Name, Libc.OpenReadOnly | Libc.OpenNonBlocking | Libc.OpenCloseOnExec);
        if (fd < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            _pathMissing = errno is Libc.Enoent or Libc.Enotdir;
            var missing = errno is Libc.Enoent or Libc.Enotdir or Libc.Enxio or Libc.Enodev or Libc.Eio;
            return new LineOpening(missing ? OpenResult.Missing : OpenResult.Refused, errno is Libc.Eacces ? "no permission (is the agent's user in group input?)" : Libc.Describe(errno));
        }
        if (Prepare(fd, out var notSupported) is { } refusal)
        {
            _ = Libc.Close(fd);
            return new LineOpening(OpenResult.Refused, refusal);
        }
        _fd = fd;
        return new LineOpening(OpenResult.Opened, Identity.RealPath, notSupported);
    }

    private string? Prepare(int fd, out string? notSupported)
    {
        notSupported = null;
        Identity = UsbIdentity.Of(Name, "input");
        if (_expectedUsb is not null && !string.Equals(_expectedUsb, Identity.Usb, StringComparison.OrdinalIgnoreCase))
            return $"another device than expected: '{Identity.Usb}' instead of '{_expectedUsb}'";
        if (Libc.Ioctl(fd, Grab, 1) == 0) return null;
        var errno = Marshal.GetLastPInvokeError();
        if (errno is Libc.Ebusy) return Libc.Describe(errno);
        notSupported = "what is typed here cannot be kept from other programs";
        return null;
    }

    /// <inheritdoc/>
    public LineRead Read(Span<byte> buffer, TimeSpan? wait)
    {
        if (_fd < 0) return new LineRead(LineEvent.Lost, Reason: "not open");
        var waited = Polling.Wait(_fd, Libc.PollIn, _wake, wait);
        if ((waited.Events & (Libc.PollIn | Libc.PollHup | Libc.PollErr)) != 0) return ReadNow(buffer);
        if ((waited.Events & Libc.PollNval) != 0) return new LineRead(LineEvent.Lost, Reason: "closed");
        return new LineRead(waited.Woken ? LineEvent.Woken : LineEvent.TimedOut);
    }

    private LineRead ReadNow(Span<byte> buffer)
    {
        nint count;
        fixed (byte* at = buffer) count = Libc.Read(_fd, at, buffer.Length);
        if (count > 0) return new LineRead(LineEvent.Bytes, (int)count);
        if (count == 0) return new LineRead(LineEvent.Lost, Reason: "hung up: the device is gone");
        var errno = Marshal.GetLastPInvokeError();
        return errno is Libc.Eagain or Libc.Eintr ? new LineRead(LineEvent.Woken) : new LineRead(LineEvent.Lost, Reason: Libc.Describe(errno));
    }

    /// <inheritdoc/>
    public bool Write(ReadOnlySpan<byte> bytes) => bytes.IsEmpty;

    /// <inheritdoc/>
    public void Close()
    {
        if (_fd < 0) return;
        _ = Libc.Close(_fd);   // which also lets go of the grab
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
