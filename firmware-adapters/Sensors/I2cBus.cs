using System.Runtime.InteropServices;
using KeyAccountLogistics.FirmwareAdapters.Lines;

namespace KeyAccountLogistics.FirmwareAdapters.Sensors;

/// <summary>An I2C bus, or a test's: one write and one read in a single transaction. The owner disposes.</summary>
public interface II2cBus : IDisposable
{
    /// <summary>Writes, then (with a repeated start) reads; either may be empty. Zero, or minus errno.</summary>
    int Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read);
}

/// <summary>A bus of this machine by <c>/dev/i2c-N</c> and I2C_RDWR (<c>linux/i2c-dev.h</c>); opened at the first transfer and anew after a failed one.</summary>
public sealed unsafe class I2cBus(string path) : II2cBus
{
    private const nuint Rdwr = 0x0707;
    private const ushort ReadFlag = 1;
    private int _fd = -1;

    /// <summary>struct i2c_msg.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        internal ushort Address;
        internal ushort Flags;
        internal ushort Length;
        internal byte* Buffer;
    }

    /// <summary>struct i2c_rdwr_ioctl_data.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Messages
    {
        internal Message* First;
        internal uint Count;
    }

    /// <inheritdoc/>
    public int Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        if (_fd < 0) _fd = Libc.Open(path, Libc.OpenReadWrite | Libc.OpenCloseOnExec);
        if (_fd < 0) return -Marshal.GetLastPInvokeError();
        var messages = stackalloc Message[2];
        var count = 0u;
        fixed (byte* sent = write, received = read)
        {
            if (!write.IsEmpty) messages[count++] = new Message { Address = (ushort)address, Length = (ushort)write.Length, Buffer = sent };
            if (!read.IsEmpty) messages[count++] = new Message { Address = (ushort)address, Flags = ReadFlag, Length = (ushort)read.Length, Buffer = received };
            var all = new Messages { First = messages, Count = count };
            if (Libc.Ioctl(_fd, Rdwr, (byte*)&all) >= 0) return 0;
        }
        var errno = Marshal.GetLastPInvokeError();
        Dispose();
        return -errno;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_fd >= 0) _ = Libc.Close(_fd);
        _fd = -1;
    }
}
