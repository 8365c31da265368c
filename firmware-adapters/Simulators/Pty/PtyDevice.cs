using System.Runtime.InteropServices;

namespace KeyAccountLogistics.Simulators.Pty;

/// <summary>Takes the bytes a host wrote to the simulated device.</summary>
public delegate void HostBytes(ReadOnlySpan<byte> bytes);

/// <summary>
/// The device end of a pseudo-terminal, published as a symbolic link that a host opens like a serial port. Writing never blocks: what does not fit
/// the kernel's 18 KB because nobody reads is dropped, as on a cable without a host. Thread-safe. Dispose unplugs.
/// </summary>
public sealed unsafe class PtyDevice : IDisposable
{
    private readonly Lock _plug = new();
    private readonly Lock _gate = new();
    private readonly int _wake = PtyCalls.NewEventFd();
    private int _master = -1;
    private int _slave = -1;
    private bool _disposed;
    private Thread? _reader;

    private PtyDevice(string linkPath) => LinkPath = linkPath;

    /// <summary>A device that is plugged in at <paramref name="linkPath"/>; its directory is created when missing.</summary>
    public static PtyDevice Create(string linkPath)
    {
        var device = new PtyDevice(Path.GetFullPath(linkPath));
        device.Replug();
        return device;
    }

    /// <summary>Where a host finds the device while it is plugged in.</summary>
    public string LinkPath { get; }

    /// <summary>Bytes dropped because nobody read.</summary>
    public long Dropped { get; private set; }

    /// <summary>Bytes written here that the host has not read yet; 0 while unplugged.</summary>
    public int Unread
    {
        get
        {
            lock (_gate)
            {
                var unread = 0;
                return _master >= 0 && PtyCalls.Ioctl(_slave, PtyCalls.UnreadBytes, &unread) == 0 ? unread : 0;
            }
        }
    }

    /// <summary>What the host writes comes here, on a thread of the device. Set it before the host may write.</summary>
    public HostBytes? FromHost { get; set; }

    /// <summary>True between <see cref="Replug"/> and <see cref="Unplug"/>.</summary>
    public bool IsPlugged
    {
        get
        {
            lock (_gate) return _master >= 0;
        }
    }

    /// <summary>Writes what fits; the rest is dropped. Nothing happens while unplugged.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            while (_master >= 0 && !bytes.IsEmpty)
            {
                nint count;
                fixed (byte* at = bytes) count = PtyCalls.Write(_master, at, bytes.Length);
                if (count < 0 && Marshal.GetLastPInvokeError() == PtyCalls.Eintr) continue;
                if (count <= 0) break;
                bytes = bytes[(int)count..];
            }
            Dropped += bytes.Length;
        }
    }

    /// <summary>Pulls the cable: the host's end hangs up at once and the link is gone. Not from within <see cref="FromHost"/>.</summary>
    public void Unplug()
    {
        lock (_plug)
        {
            int master;
            lock (_gate)
            {
                if (_master < 0) return;
                (master, _master) = (_master, -1);
            }
            File.Delete(LinkPath);
            ulong one = 1;
            _ = PtyCalls.Write(_wake, (byte*)&one, sizeof(ulong));
            _reader!.Join();
            _ = PtyCalls.Close(_slave);
            _ = PtyCalls.Close(master);
        }
    }

    /// <summary>Plugs in again, as a new pseudo-terminal behind the same link. The slave is raw and the reader ready before the link appears.</summary>
    public void Replug()
    {
        lock (_plug)
        {
            if (IsPlugged) return;
            (var master, _slave, var name) = PtyCalls.OpenPair();
            _reader = new Thread(() => ReadHost(master)) { IsBackground = true, Name = "pty reader" };
            _reader.Start();
            lock (_gate) _master = master;
            Directory.CreateDirectory(Path.GetDirectoryName(LinkPath)!);
            var temporary = LinkPath + ".new";
            File.Delete(temporary);
            File.CreateSymbolicLink(temporary, name);
            File.Move(temporary, LinkPath, overwrite: true);
        }
    }

    /// <summary>Drains what the host writes until unplugged. The slave end stays open here, so that the master never reports a hang-up.</summary>
    private void ReadHost(int master)
    {
        var fds = stackalloc PtyCalls.PollFd[2];
        var buffer = stackalloc byte[1024];
        while (true)
        {
            fds[0] = new PtyCalls.PollFd { Fd = _wake, Events = PtyCalls.PollIn };
            fds[1] = new PtyCalls.PollFd { Fd = master, Events = PtyCalls.PollIn };
            if (PtyCalls.Poll(fds, 2, -1) < 0) continue;
            if ((fds[0].Returned & PtyCalls.PollIn) != 0)
            {
                ulong count;
                _ = PtyCalls.Read(_wake, (byte*)&count, sizeof(ulong));
                return;
            }
            var read = PtyCalls.Read(master, buffer, 1024);
            if (read > 0) FromHost?.Invoke(new ReadOnlySpan<byte>(buffer, (int)read));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_plug)
        {
            if (_disposed) return;
            _disposed = true;
            Unplug();
            _ = PtyCalls.Close(_wake);
        }
    }
}
