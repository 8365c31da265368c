using System.ComponentModel;
using System.Runtime.InteropServices;

namespace KeyAccountLogistics.Journal.Blobs;

/// <summary>A rename is safe only when the directory is synced too, which the framework does not offer.</summary>
internal static class DirectorySync
{
    private const int ReadOnlyDirectory = 0x10000;   // O_RDONLY | O_DIRECTORY on Linux

    internal static void Sync(string directory)
    {
        if (!OperatingSystem.IsLinux()) return;
        var handle = Open(directory, ReadOnlyDirectory);
        if (handle < 0) throw new IOException($"The directory {directory} could not be opened to sync it.", new Win32Exception(Marshal.GetLastPInvokeError()));
        var failed = Fsync(handle) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (failed) throw new IOException($"The directory {directory} could not be synced.", new Win32Exception(error));
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int handle);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
