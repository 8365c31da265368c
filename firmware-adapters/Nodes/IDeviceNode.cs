using System.Buffers;

namespace KeyAccountLogistics.FirmwareAdapters.Nodes;

/// <summary>The kernel's device files, or a test's. The seam under sensors, light and camera: what lies above is the same code on a bench and in a test.</summary>
public interface IDeviceNodes
{
    /// <summary>Opens a device file for reading and writing; null with the reason, for people, when it cannot be. The caller disposes the node.</summary>
    IDeviceNode? Open(string path, out string reason);
}

/// <summary>
/// One open device file, spoken to by ioctl. Errors are the kernel's: minus errno. As opposed to an <see cref="Lines.ILine"/>, which carries a stream of
/// bytes, each call here is a question with an answer. Not thread-safe; the owner disposes.
/// </summary>
public interface IDeviceNode : IDisposable
{
    /// <summary>Makes the call with the structure in <paramref name="argument"/>, which the kernel may change. Zero or more, or minus errno.</summary>
    int Ioctl(nuint request, Span<byte> argument);

    /// <summary>Waits at most that long for something to read and reads it. Bytes read; 0 when nothing came; or minus errno.</summary>
    int Read(Span<byte> buffer, TimeSpan wait);

    /// <summary>Waits at most that long until something can be fetched by ioctl (a camera's frame). False when nothing came.</summary>
    bool WaitReadable(TimeSpan wait);

    /// <summary>The node behind a descriptor that an ioctl of this one answered with (GPIO lines). The caller disposes it.</summary>
    IDeviceNode Adopt(int descriptor);

    /// <summary>Memory shared with the driver; null when it refuses. The caller disposes it before the node.</summary>
    IMemoryOwner<byte>? Map(long offset, int length);
}
