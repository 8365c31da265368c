namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>Finds out from sysfs which USB adapter is behind a device file.</summary>
internal static class UsbIdentity
{
    private const int LevelsMax = 8;

    /// <summary>The identity behind <paramref name="path"/>; vendor, product and serial stay empty where there is no USB device. <paramref name="sysClass"/> is the kernel's class of the file: <c>tty</c>, <c>input</c>.</summary>
    internal static LineIdentity Of(string path, string sysClass = "tty")
    {
        var real = RealPath(path);
        var device = new DirectoryInfo($"/sys/class/{sysClass}/{Path.GetFileName(real)}/device");
        if (!real.StartsWith("/dev/", StringComparison.Ordinal) || !device.Exists) return new LineIdentity(real);
        var at = device.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        for (var level = 0; at is not null && level < LevelsMax; level++, at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "idVendor")))
                return new LineIdentity(real, Text(at, "idVendor"), Text(at, "idProduct"), Text(at, "serial"));
        }
        return new LineIdentity(real);
    }

    private static string RealPath(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            return path; // gone since it was opened: the next read will tell
        }
    }

    private static string Text(string directory, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, file)).Trim();
        }
        catch (IOException)
        {
            return ""; // many adapters have no serial number
        }
    }
}
