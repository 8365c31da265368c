namespace KeyAccountLogistics.FirmwareAdapters.Commissioning;

/// <summary>A device node that a scale or scanner may be behind.</summary>
/// <param name="Path">What to write into a configuration: the stable name under <c>/dev/serial/by-id</c> where there is one, else the node itself.</param>
/// <param name="Node">The node now: <c>/dev/ttyUSB0</c>.</param>
/// <param name="Kind"><c>serial</c>, <c>hid</c> or <c>keyboard</c> (a scanner that types).</param>
/// <param name="Usb"><c>vendor:product:serial</c> of the adapter; empty where there is none.</param>
/// <param name="Name">Maker and product as the device says; empty where it does not.</param>
public sealed record PluggedDevice(string Path, string Node, string Kind, string Usb, string Name)
{
    /// <summary>True when the path stays the same wherever it is plugged in.</summary>
    public bool IsStable => !string.Equals(Path, Node, StringComparison.Ordinal);
}

/// <summary>What is plugged in, by the kernel's own directories. Opens nothing.</summary>
public static class PluggedDevices
{
    private const int LevelsMax = 8;

    /// <summary>Every serial port with something behind it, HID device and keyboard-like scanner; by node. The roots are for tests.</summary>
    public static IReadOnlyList<PluggedDevice> List(string dev = "/dev", string sys = "/sys")
    {
        var found = new List<PluggedDevice>();
        var stable = StableNames(Path.Combine(dev, "serial", "by-id")).Concat(StableNames(Path.Combine(dev, "input", "by-id"))).ToLookup(static s => s.Node, static s => s.Path, StringComparer.Ordinal);
        foreach (var tty in Entries(Path.Combine(sys, "class", "tty")).Where(tty => IsRealPort(tty))) Add(Path.GetFileName(tty), "serial", tty);
        foreach (var hid in Entries(Path.Combine(sys, "class", "hidraw"))) Add(Path.GetFileName(hid), "hid", hid);
        foreach (var named in stable.Where(static s => s.Key.StartsWith("event", StringComparison.Ordinal)))
        {
            if (named.First().EndsWith("-event-kbd", StringComparison.Ordinal)) Add(Path.Combine("input", named.Key), "keyboard", Path.Combine(sys, "class", "input", named.Key));
        }
        return [.. found.OrderBy(static d => d.Node, StringComparer.Ordinal)];

        void Add(string name, string kind, string entry)
        {
            var node = Path.Combine(dev, name);
            if (!File.Exists(node)) return;
            var (usb, text) = Identity(entry);
            found.Add(new PluggedDevice(stable[Path.GetFileName(name)].Order(StringComparer.Ordinal).FirstOrDefault() ?? node, node, kind, usb, text));
        }
    }

    // ttyS0 to ttyS31 exist on every machine; one whose UART type is 0 has nothing behind it.
    private static bool IsRealPort(string tty)
    {
        if (!Directory.Exists(Path.Combine(tty, "device"))) return false;
        return Text(tty, "type") is not "0";
    }

    private static IEnumerable<(string Node, string Path)> StableNames(string directory)
    {
        foreach (var link in Entries(directory))
        {
            string? node = null;
            try
            {
                node = Path.GetFileName(File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName);
            }
            catch (IOException)
            {
                // Gone while we looked.
            }
            if (node is not null) yield return (node, link);
        }
    }

    // Up the device tree to the USB device: its interface and its ports lie between.
    private static (string Usb, string Name) Identity(string entry)
    {
        var at = Target(Path.Combine(entry, "device")) ?? Path.Combine(entry, "device");
        for (var level = 0; at is not null && level < LevelsMax; level++, at = Path.GetDirectoryName(at))
        {
            if (!File.Exists(Path.Combine(at, "idVendor"))) continue;
            var usb = $"{Text(at, "idVendor")}:{Text(at, "idProduct")}:{Text(at, "serial")}";
            return (usb, $"{Text(at, "manufacturer")} {Text(at, "product")}".Trim());
        }
        return ("", "");
    }

    private static string? Target(string link)
    {
        try
        {
            return Directory.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Text(string directory, string file)
    {
        try
        {
            var path = Path.Combine(directory, file);
            return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static IEnumerable<string> Entries(string directory)
    {
        try
        {
            return Directory.Exists(directory) ? Directory.GetFileSystemEntries(directory) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
