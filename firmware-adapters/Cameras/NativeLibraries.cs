using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;

namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>
/// The C libraries this folder calls, by the name Debian gives their file. They are optional: a missing one is a sentence with the package to install,
/// never a crash.
/// </summary>
internal static class NativeLibraries
{
    internal const string Zbar = "libzbar.so.0";
    internal const string Dmtx = "libdmtx.so.0";
    internal const string TurboJpeg = "libturbojpeg.so.0";
    internal const string WebP = "libwebp.so.7";

    private static readonly ConcurrentDictionary<string, bool> Known = new(StringComparer.Ordinal);

    internal static bool Has(string library) =>
        Known.GetOrAdd(library, static name => NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), DllImportSearchPath.SafeDirectories, out _));

    /// <summary>Why something cannot be done without <paramref name="library"/>.</summary>
    internal static string Missing(string library, string what) =>
        $"{what} needs {library}, which is not on this machine. On Debian: apt-get install {PackageOf(library)}";

    private static string PackageOf(string library) => library switch
    {
        Zbar => "libzbar0",
        Dmtx => "libdmtx0b",
        TurboJpeg => "libturbojpeg0",
        _ => "libwebp7",
    };
}
