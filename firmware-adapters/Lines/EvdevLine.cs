using System.Runtime.InteropServices;

namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>
/// A keyboard-like device by the kernel's event file, best <c>/dev/input/by-id/…-event-kbd</c>; each read gives whole events. It is grabbed while open, so that what a scanner types
/// reaches no console and no other program. Nothing can be written to it.
/// </summary>
public sealed class EvdevLine : ILine
{
    /// <summary>What an address of such a line begins with.</summary>
    public const string Scheme = "evdev:";

    /// <summary>EVIOCGRAB of linux/input.h.</summary>
    private const nuint Grab = 0x4004_4590;

    private readonly WakeSignal _wake = new();
    private readonly DeviceFile _file;
    private readonly string? _expectedUsb;
    private bool _pathMissing;

    /// <summary>A line not yet open, to an absolute path. With <paramref name="expectedUsb"/> (<c>0c2e:0b61:17B2</c>) another device is refused when opened.</summary>
    public EvdevLine(string path, string? expectedUsb = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.StartsWith('/')) throw new FormatException($"'{path}' is no event device: use evdev: and an absolute path like /dev/input/by-id/usb-…-event-kbd.");
        Name = path;
        _expectedUsb = expectedUsb;
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
        var fd = Libc.Open(Name, Libc.OpenReadOnly | Libc.OpenNonBlocking | Libc.OpenCloseOnExec);
        if (fd < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            _pathMissing = errno is Libc.Enoent or Libc.Enotdir;
            var missing = errno is Libc.Enoent or Libc.Enotdir or Libc.Enxio or Libc.Enodev or Libc.Eio;
            return new LineOpening(missing ? OpenResult.Missing : OpenResult.Refused, errno is Libc.Eacces ? "no permission (is the agent's user in group input?)" : Libc.Describe(errno));
        }
        if ((Prepare(fd, out var notSupported) ?? _file.Take(fd, stream: false)) is { } refusal)
        {
            _ = Libc.Close(fd);
            return new LineOpening(OpenResult.Refused, refusal);
        }
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
    public LineRead Read(Span<byte> buffer, TimeSpan? wait) => _file.Read(buffer, wait);

    /// <inheritdoc/>
    public bool Write(ReadOnlySpan<byte> bytes) => bytes.IsEmpty;

    /// <inheritdoc/>
    public void Close() => _file.Close();   // which also lets go of the grab

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
        _file.Dispose();
        _wake.Dispose();
    }
}
