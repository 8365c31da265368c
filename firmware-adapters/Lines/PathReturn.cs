namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>
/// Waiting for a device file to come back. inotify on the nearest directory that exists is only a hint: a watch dies with its directory, and
/// <c>/dev/serial/by-id</c> goes with the last adapter. So the path is looked at again once a second whatever the watch says.
/// </summary>
internal static unsafe class PathReturn
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(0.8);

    /// <summary>Returns when <paramref name="path"/> may exist, when the signal is set, or after <paramref name="atMost"/> or a second, whichever is shortest.</summary>
    internal static void Wait(string path, WakeSignal wake, TimeSpan atMost)
    {
        var wait = atMost < LookAgain ? atMost : LookAgain;
        var watch = Libc.InotifyInit(Libc.OpenNonBlocking | Libc.OpenCloseOnExec);
        if (watch < 0)
        {
            _ = Polling.Wait(-1, 0, wake, wait);
            return;
        }
        try
        {
            AddWatch(watch, path);
            if (File.Exists(path)) return;
            _ = Polling.Wait(watch, Libc.PollIn, wake, wait);
        }
        finally
        {
            _ = Libc.Close(watch);
        }
    }

    private static void AddWatch(int watch, string path)
    {
        for (var directory = Path.GetDirectoryName(path); !string.IsNullOrEmpty(directory); directory = Path.GetDirectoryName(directory))
        {
            if (Libc.InotifyAddWatch(watch, directory, Libc.InotifyHints) >= 0) return;
        }
    }
}
