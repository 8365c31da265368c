using System.Buffers;
using System.Runtime.InteropServices;
using KeyAccountLogistics.FirmwareAdapters.Lines;

namespace KeyAccountLogistics.FirmwareAdapters.Nodes;

/// <summary>The device files of this machine.</summary>
public sealed class DeviceNodes : IDeviceNodes
{
    /// <summary>The one there is.</summary>
    public static DeviceNodes OfThisMachine { get; } = new();

    private DeviceNodes()
    {
    }

    /// <inheritdoc/>
    public IDeviceNode? Open(string path, out string reason)
    {
        var fd = Libc.Open(path, Libc.OpenReadWrite | Libc.OpenNonBlocking | Libc.OpenCloseOnExec);
        reason = fd >= 0 ? "" : Reason(Marshal.GetLastPInvokeError(), path);
        return fd >= 0 ? new DeviceNode(fd) : null;
    }

    /// <summary>What an errno of a device file means, for people.</summary>
    internal static string Reason(int errno, string path) => errno switch
    {
        Libc.Eacces or Libc.Eperm => $"no permission for {path} (is the agent's user in the group that owns it? ls -l {path})",
        Libc.Ebusy => $"{path} is in use by another program",
        Libc.Einval => $"{path} refuses what is asked of it",
        Libc.Etimedout => $"{path} does not answer",
        _ => $"{path}: {Libc.Describe(errno)}",
    };
}

internal sealed unsafe class DeviceNode(int fd) : IDeviceNode
{
    private int _fd = fd;

    public int Ioctl(nuint request, Span<byte> argument)
    {
        fixed (byte* at = argument)
        {
            int result;
            do result = Libc.Ioctl(_fd, request, at);
            while (result < 0 && Marshal.GetLastPInvokeError() == Libc.Eintr);
            return result < 0 ? -Marshal.GetLastPInvokeError() : result;
        }
    }

    public int Read(Span<byte> buffer, TimeSpan wait)
    {
        if (!WaitReadable(wait)) return 0;
        fixed (byte* at = buffer)
        {
            var count = (int)Libc.Read(_fd, at, buffer.Length);
            if (count >= 0) return count;
            var errno = Marshal.GetLastPInvokeError();
            return errno is Libc.Eagain or Libc.Eintr ? 0 : -errno;
        }
    }

    public bool WaitReadable(TimeSpan wait) => Polling.Wait(_fd, Libc.PollIn, signal: null, wait).Events != 0;

    public IDeviceNode Adopt(int descriptor) => new DeviceNode(descriptor);

    public IMemoryOwner<byte>? Map(long offset, int length)
    {
        var address = Libc.Map(0, (nuint)length, Libc.MapReadWrite, Libc.MapShared, _fd, offset);
        return address == -1 ? null : new MappedMemory(address, length);
    }

    public void Dispose()
    {
        if (_fd >= 0) _ = Libc.Close(_fd);
        _fd = -1;
    }

    /// <summary>Mapped pages as memory; gone when disposed, so copy what is kept.</summary>
    private sealed class MappedMemory(nint address, int length) : MemoryManager<byte>
    {
        private nint _address = address;

        public override Span<byte> GetSpan()
        {
            ObjectDisposedException.ThrowIf(_address == 0, this);
            return new Span<byte>((void*)_address, length);
        }

        public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)_address + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
            if (_address != 0) _ = Libc.Unmap(_address, (nuint)length);
            _address = 0;
        }
    }
}
