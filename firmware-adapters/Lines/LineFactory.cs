using System.Globalization;

namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>Lines by the address a configuration gives them.</summary>
public static class LineFactory
{
    /// <summary>
    /// <c>tcp://host:port</c> is a device server, <c>evdev:/path</c> an event device of the kernel, <c>/dev/hidrawN</c> or <c>hid:VID:PID</c> a HID device, everything else
    /// that begins with <c>/</c> a tty. Throws <see cref="FormatException"/> for anything else.
    /// </summary>
    public static ILine Create(string address, LineSettings settings, string? expectedUsb = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.StartsWith(EvdevLine.Scheme, StringComparison.Ordinal)) return new EvdevLine(address[EvdevLine.Scheme.Length..], expectedUsb);
        if (address.StartsWith(HidrawLine.Scheme, StringComparison.Ordinal) || Path.GetFileName(address).StartsWith("hidraw", StringComparison.Ordinal)) return new HidrawLine(address, expectedUsb);
        if (address.StartsWith('/')) return new TtyLine(address, settings, expectedUsb);
        const string tcp = "tcp://";
        var colon = address.LastIndexOf(':');
        if (address.StartsWith(tcp, StringComparison.Ordinal) && colon > tcp.Length
            && int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536)
        {
            return new TcpLine(address[tcp.Length..colon].Trim('[', ']'), port);
        }
        throw new FormatException($"'{address}' is no line: use an absolute path like /dev/serial/by-id/usb-…, hid:VID:PID, evdev:/dev/input/by-id/usb-…-event-kbd or tcp://host:port.");
    }
}
