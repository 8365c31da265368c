using System.Globalization;

namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>Lines by the address a configuration gives them.</summary>
public static class LineFactory
{
    /// <summary>
    /// <c>tcp://host:port</c> is a device server, <c>evdev:/path</c> an event device of the kernel, everything that begins with <c>/</c> a tty. Throws <see cref="FormatException"/> for anything else.
    /// </summary>
    public static ILine Create(string address, LineSettings settings, string? expectedUsb = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.StartsWith(EvdevLine.Scheme, StringComparison.Ordinal)) return new EvdevLine(address[EvdevLine.Scheme.Length..], expectedUsb);
        if (address.StartsWith('/')) return new TtyLine(address, settings, expectedUsb);
        const string tcp = "tcp://";
        var colon = address.LastIndexOf(':');
        if (address.StartsWith(tcp, StringComparison.Ordinal) && colon > tcp.Length
            && int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536)
        {
            return new TcpLine(address[tcp.Length..colon].Trim('[', ']'), port);
        }
        throw new FormatException($"'{address}' is no line: use an absolute path like /dev/serial/by-id/usb-… or tcp://host:port.");
    }
}
