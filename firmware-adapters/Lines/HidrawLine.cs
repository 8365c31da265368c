using System.Globalization;
using System.Runtime.InteropServices;

namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>
/// A USB HID device by its raw report pipe (<c>/dev/hidrawN</c>; the kernel's Documentation/hid/hidraw.rst): each read gives exactly one report, as opposed to a
/// tty, whose reads cut a stream anywhere. Found by path, or by <c>hid:VID:PID</c> and perhaps <c>:serial</c>, since the number N changes with every plug.
/// </summary>
public sealed class HidrawLine : ILine
{
    /// <summary>What an address found by identity begins with.</summary>
    public const string Scheme = "hid:";

    private const int ReportsQueuedMax = 64;   // HIDRAW_BUFFER_SIZE

    private readonly WakeSignal _wake = new();
    private readonly DeviceFile _file;
    private readonly HidIdentity? _wanted;
    private readonly string? _expectedUsb;
    private readonly string _sysClass;
    private readonly string _dev;
    private bool _missing;

    /// <summary>
    /// A line not yet open, to a path (<c>/dev/hidraw0</c>) or an identity (<c>hid:0922:8003</c>, <c>hid:0922:8003:B123</c>). With
    /// <paramref name="expectedUsb"/> a path that leads to another device is refused. Throws <see cref="FormatException"/> for any other address.
    /// </summary>
    public HidrawLine(string address, string? expectedUsb = null) : this(address, expectedUsb, "/sys/class/hidraw", "/dev")
    {
    }

    /// <summary>The same with the kernel's folders elsewhere, for tests.</summary>
    internal HidrawLine(string address, string? expectedUsb, string sysClass, string dev)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.StartsWith('/') && !HidIdentity.TryParse(address, out _wanted))
            throw new FormatException($"'{address}' is no HID device: use /dev/hidrawN, or hid:VID:PID like hid:0922:8003, with a serial number behind it if there are several.");
        Name = address;
        (_expectedUsb, _sysClass, _dev) = (expectedUsb, sysClass, dev);
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
        _missing = false;
        if (!Locate(out var identity, out var refusal)) return refusal;
        var fd = Libc.Open(identity.RealPath, Libc.OpenReadWrite | Libc.OpenNonBlocking | Libc.OpenCloseOnExec);
        if (fd < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            _missing = errno is Libc.Enoent or Libc.Enotdir;
            var gone = errno is Libc.Enoent or Libc.Enotdir or Libc.Enxio or Libc.Enodev or Libc.Eio;
            var reason = errno == Libc.Eacces ? "no permission (a udev rule must give the agent's user the device)" : Libc.Describe(errno);
            return new LineOpening(gone ? OpenResult.Missing : OpenResult.Refused, reason);
        }
        // Two readers would get the same reports, but a second writer would confuse a poll protocol: the rule of ttys holds here too.
        var refused = Libc.Flock(fd, Libc.LockExclusiveNow) != 0 ? Libc.Describe(Libc.Ebusy) : _file.Take(fd, stream: false);
        if (refused is not null)
        {
            _ = Libc.Close(fd);
            return new LineOpening(OpenResult.Refused, refused);
        }
        Identity = identity;
        // A report queued before, when nobody listened, is an old weight.
        _file.Drop(ReportsQueuedMax);
        return new LineOpening(OpenResult.Opened, identity.RealPath);
    }

    private bool Locate(out LineIdentity identity, out LineOpening refusal)
    {
        refusal = default;
        if (_wanted is { } wanted)
        {
            var found = HidIdentity.Devices(_sysClass, _dev).Where(wanted.Matches).ToList();
            identity = found.Count == 1 ? found[0] : LineIdentity.Unknown;
            if (found.Count == 1) return true;
            _missing = found.Count == 0;
            refusal = found.Count == 0
                ? new LineOpening(OpenResult.Missing, "no such device")
                : new LineOpening(OpenResult.Refused, $"{found.Count.ToString(CultureInfo.InvariantCulture)} such devices are plugged in: add the serial number ({string.Join(", ", found.Select(static d => d.Usb))})");
            return false;
        }
        identity = HidIdentity.Of(Name, _sysClass);
        if (_expectedUsb is null || string.Equals(_expectedUsb, identity.Usb, StringComparison.OrdinalIgnoreCase)) return true;
        _missing = !Path.Exists(Name);
        refusal = _missing
            ? new LineOpening(OpenResult.Missing, "no such device")
            : new LineOpening(OpenResult.Refused, $"another device than expected: '{identity.Usb}' instead of '{_expectedUsb}'");
        return false;
    }

    /// <summary>One report, or what else woke the wait. A buffer shorter than the report gets its beginning; 4096 bytes hold every report.</summary>
    public LineRead Read(Span<byte> buffer, TimeSpan? wait) => _file.Read(buffer, wait);

    /// <summary>Writes one output report whole: its number (0 where the device has only one), then its content. False when the line is lost or stuck.</summary>
    public bool Write(ReadOnlySpan<byte> bytes) => _file.Write(bytes, whole: true);

    /// <inheritdoc/>
    public void Close() => _file.Close();

    /// <inheritdoc/>
    public void WaitForReturn(TimeSpan atMost)
    {
        if (!_missing) _ = Polling.Wait(-1, 0, _wake, atMost);
        else PathReturn.Wait(_wanted is null ? Name : Path.Combine(_dev, "hidraw-any"), _wake, atMost);
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

/// <summary>Which HID device is meant, and which are there.</summary>
/// <param name="VendorId">Four hex digits, lower case.</param>
/// <param name="ProductId">Four hex digits, lower case.</param>
/// <param name="Serial">USB serial number; null for any.</param>
internal sealed record HidIdentity(string VendorId, string ProductId, string? Serial)
{
    private const int DevicesMax = 256;

    internal static bool TryParse(string address, out HidIdentity? identity)
    {
        identity = null;
        if (!address.StartsWith(HidrawLine.Scheme, StringComparison.Ordinal)) return false;
        var parts = address[HidrawLine.Scheme.Length..].Split(':', 3);
        if (parts.Length < 2 || !IsId(parts[0]) || !IsId(parts[1]) || (parts.Length == 3 && parts[2].Length == 0)) return false;
        identity = new HidIdentity(parts[0].ToLowerInvariant(), parts[1].ToLowerInvariant(), parts.Length == 3 ? parts[2] : null);
        return true;

        static bool IsId(string text) => text.Length == 4 && text.All(char.IsAsciiHexDigit);
    }

    internal bool Matches(LineIdentity device) =>
        string.Equals(device.VendorId, VendorId, StringComparison.OrdinalIgnoreCase) && string.Equals(device.ProductId, ProductId, StringComparison.OrdinalIgnoreCase)
        && (Serial is null || string.Equals(device.Serial, Serial, StringComparison.Ordinal));

    /// <summary>Every HID device of the machine with its path under <paramref name="dev"/>.</summary>
    internal static IEnumerable<LineIdentity> Devices(string sysClass, string dev) => !Directory.Exists(sysClass)
        ? []
        : Directory.EnumerateFileSystemEntries(sysClass, "hidraw*").Take(DevicesMax).Order(StringComparer.Ordinal).Select(entry => Of(Path.Combine(dev, Path.GetFileName(entry)), sysClass));

    /// <summary>
    /// The identity behind a path, from the <c>uevent</c> of the HID device: <c>HID_ID=0003:00000922:00008003</c> and <c>HID_UNIQ=</c> the serial number.
    /// </summary>
    internal static LineIdentity Of(string path, string sysClass)
    {
        var (real, vendor, product, serial) = (RealPath(path), "", "", "");
        var entry = Directory.Exists(Path.Combine(sysClass, Path.GetFileName(path))) ? path : real;
        foreach (var line in Lines(Path.Combine(sysClass, Path.GetFileName(entry), "device", "uevent")))
        {
            if (line.StartsWith("HID_UNIQ=", StringComparison.Ordinal)) serial = line["HID_UNIQ=".Length..];
            if (!line.StartsWith("HID_ID=", StringComparison.Ordinal) || line.Split(':') is not [_, { Length: 8 } v, { Length: 8 } p]) continue;
            (vendor, product) = (v[4..].ToLowerInvariant(), p[4..].ToLowerInvariant());
        }
        return new LineIdentity(real, vendor, product, serial);
    }

    private static string RealPath(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            return path; // gone in this moment: opening it will tell
        }
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return []; // pulled in this moment, or no HID device at all
        }
    }
}
