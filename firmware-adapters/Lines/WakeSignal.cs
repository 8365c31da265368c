namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>
/// An eventfd: what lets another thread interrupt a poll that would otherwise wait for ever. Setting it is thread-safe also against disposal.
/// </summary>
internal sealed unsafe class WakeSignal : IDisposable
{
    private readonly Lock _gate = new();
    private int _fd;

    internal WakeSignal()
    {
        _fd = Libc.EventFd(0, Libc.OpenNonBlocking | Libc.OpenCloseOnExec);
        if (_fd < 0) throw new IOException($"no eventfd: {Libc.Describe(System.Runtime.InteropServices.Marshal.GetLastPInvokeError())}");
    }

    internal int Fd => _fd;

    internal void Set()
    {
        ulong one = 1;
        lock (_gate)
        {
            if (_fd >= 0) _ = Libc.Write(_fd, (byte*)&one, sizeof(ulong));
        }
    }

    internal void Clear()
    {
        ulong count;
        _ = Libc.Read(_fd, (byte*)&count, sizeof(ulong));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_fd >= 0) _ = Libc.Close(_fd);
            _fd = -1;
        }
    }
}
