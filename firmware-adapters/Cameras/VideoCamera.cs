using System.Buffers;
using System.Buffers.Binary;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Nodes;

namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>A photo, or why there is none. Never both.</summary>
/// <param name="Jpeg">The picture; null when there is none.</param>
/// <param name="Reason">Why there is none, for people; else empty.</param>
public sealed record CameraPhoto(byte[]? Jpeg, string Reason);

/// <summary>
/// A camera by Video4Linux (<c>/dev/videoN</c>; linux/videodev2.h), for photos as evidence: opened for each photo, so that an unplugged camera costs nothing
/// until the next one. MJPEG frames are kept as the camera made them; YUYV frames are packed here.
/// </summary>
/// <param name="nodes">Where the device file is.</param>
/// <param name="path">Its path, best a stable one under <c>/dev/v4l/by-id</c>.</param>
/// <param name="width">Wanted width in pixels; the driver takes the nearest it can.</param>
/// <param name="height">Wanted height in pixels.</param>
public sealed class VideoCamera(IDeviceNodes nodes, string path, int width = 1280, int height = 720)
{
    internal const nuint QueryCapabilities = 0x8068_5600;
    internal const nuint SetFormat = 0xC0D0_5605;
    internal const nuint RequestBuffers = 0xC014_5608;
    internal const nuint QueryBuffer = 0xC058_5609;
    internal const nuint Queue = 0xC058_560F;
    internal const nuint Dequeue = 0xC058_5611;
    internal const nuint StreamOn = 0x4004_5612;
    internal const nuint StreamOff = 0x4004_5613;
    internal const uint Mjpeg = 0x4750_4A4D;
    internal const uint Yuyv = 0x5659_5559;
    internal const int CapabilitiesBytes = 104;
    internal const int FormatBytes = 208;
    internal const int BufferBytes = 88;

    private const uint CapabilityCapture = 0x1;
    private const uint CapabilityStreaming = 0x0400_0000;
    private const uint CapabilityOfNode = 0x8000_0000;
    private const uint FlagError = 0x40;
    private const uint TypeCapture = 1;
    private const uint MemoryMapped = 1;
    private const int Buffers = 3;

    /// <summary>The first frames of a camera that has just woken are dark: exposure needs a few.</summary>
    private const int FramesSkipped = 4;
    private const int FrameBytesMax = 64 << 20;
    private static readonly TimeSpan FrameWithin = TimeSpan.FromSeconds(2);

    /// <summary>Takes a photo; blocks for the camera's start, at most a few seconds. Never throws for what may happen outside.</summary>
    public CameraPhoto Take()
    {
        using var node = nodes.Open(path, out var reason);
        if (node is null) return new CameraPhoto(null, reason);
        if (Refusal(node) is { } refusal) return new CameraPhoto(null, refusal);
        if (Negotiate(node) is not { } format) return new CameraPhoto(null, $"{path} gives neither MJPEG nor YUYV frames");
        var mapped = new List<IMemoryOwner<byte>>();
        try
        {
            if (!Prepare(node, mapped)) return new CameraPhoto(null, $"{path} gives no frame buffers (is it in use by another program?)");
            if (node.Ioctl(StreamOn, Type()) < 0) return new CameraPhoto(null, $"{path} does not start");
            return Stream(node, mapped, format);
        }
        catch (ImageFileException fault)
        {
            return new CameraPhoto(null, fault.Message);
        }
        finally
        {
            _ = node.Ioctl(StreamOff, Type());
            foreach (var memory in mapped) memory.Dispose();
        }
    }

    private readonly record struct Format(uint Pixels, int Width, int Height, int Stride);

    private string? Refusal(IDeviceNode node)
    {
        Span<byte> answer = stackalloc byte[CapabilitiesBytes];
        var result = node.Ioctl(QueryCapabilities, answer);
        if (result < 0) return -result == Libc.Enotty ? $"{path} is no camera" : DeviceNodes.Reason(-result, path);
        // A driver of several nodes says for all of them together, and for this one apart.
        var all = BinaryPrimitives.ReadUInt32LittleEndian(answer[84..]);
        var able = (all & CapabilityOfNode) != 0 ? BinaryPrimitives.ReadUInt32LittleEndian(answer[88..]) : all;
        return (able & CapabilityCapture) != 0 && (able & CapabilityStreaming) != 0 ? null : $"{path} takes no pictures (a camera has several nodes: try the next)";
    }

    /// <summary>The driver answers what it does, which may be another format than was asked for.</summary>
    private Format? Negotiate(IDeviceNode node)
    {
        Span<byte> format = stackalloc byte[FormatBytes];
        foreach (var pixels in (uint[])[Mjpeg, Yuyv])
        {
            format.Clear();
            BinaryPrimitives.WriteUInt32LittleEndian(format, TypeCapture);
            BinaryPrimitives.WriteInt32LittleEndian(format[8..], width);
            BinaryPrimitives.WriteInt32LittleEndian(format[12..], height);
            BinaryPrimitives.WriteUInt32LittleEndian(format[16..], pixels);
            if (node.Ioctl(SetFormat, format) < 0 || BinaryPrimitives.ReadUInt32LittleEndian(format[16..]) != pixels) continue;
            var (columns, rows) = (BinaryPrimitives.ReadInt32LittleEndian(format[8..]), BinaryPrimitives.ReadInt32LittleEndian(format[12..]));
            if (GrayImage.IsSize(columns, rows)) return new Format(pixels, columns, rows, BinaryPrimitives.ReadInt32LittleEndian(format[24..]));
        }
        return null;
    }

    private static bool Prepare(IDeviceNode node, List<IMemoryOwner<byte>> mapped)
    {
        Span<byte> request = stackalloc byte[20];
        request.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(request, Buffers);
        BinaryPrimitives.WriteUInt32LittleEndian(request[4..], TypeCapture);
        BinaryPrimitives.WriteUInt32LittleEndian(request[8..], MemoryMapped);
        if (node.Ioctl(RequestBuffers, request) < 0) return false;
        var granted = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(request), Buffers);
        for (var i = 0u; i < granted; i++)
        {
            var buffer = Buffer(i);
            if (node.Ioctl(QueryBuffer, buffer) < 0) return false;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(72));
            if (length is 0 or > FrameBytesMax || node.Map(BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(64)), (int)length) is not { } memory) return false;
            mapped.Add(memory);
            if (node.Ioctl(Queue, Buffer(i)) < 0) return false;
        }
        return mapped.Count > 0;
    }

    private CameraPhoto Stream(IDeviceNode node, List<IMemoryOwner<byte>> mapped, Format format)
    {
        for (var frame = 0; frame <= FramesSkipped + Buffers; frame++)
        {
            var buffer = Buffer(0);
            var result = WaitForFrame(node, buffer);
            if (result < 0) return new CameraPhoto(null, -result == Libc.Eagain ? $"{path} sends no frames" : DeviceNodes.Reason(-result, path));
            var (index, used) = (BinaryPrimitives.ReadUInt32LittleEndian(buffer), BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(8)));
            if (index >= mapped.Count) return new CameraPhoto(null, $"{path} names a frame that does not exist");
            var content = mapped[(int)index].Memory.Span;
            var whole = (BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(12)) & FlagError) == 0 && used > 0 && used <= content.Length;
            if (frame >= FramesSkipped && whole) return new CameraPhoto(format.Pixels == Mjpeg ? content[..(int)used].ToArray() : Pack(content[..(int)used], format), "");
            if (node.Ioctl(Queue, Buffer(index)) < 0) return new CameraPhoto(null, $"{path} takes its frame buffers back no more");
        }
        return new CameraPhoto(null, $"{path} sends damaged frames only");
    }

    /// <summary>A camera's frame is no bytes to read: the wait is the node's, the frame the next call's.</summary>
    private static int WaitForFrame(IDeviceNode node, byte[] buffer)
    {
        var result = node.Ioctl(Dequeue, buffer);
        if (-result != Libc.Eagain) return result;
        node.WaitReadable(FrameWithin);
        return node.Ioctl(Dequeue, buffer);
    }

    /// <summary>Two pixels in four bytes: brightness, blue difference, brightness, red difference (ITU-R BT.601).</summary>
    private static byte[] Pack(ReadOnlySpan<byte> yuyv, Format format)
    {
        if (yuyv.Length < format.Stride * format.Height) throw new ImageFileException("The camera's frame is shorter than its format says.");
        var rgb = new byte[format.Width * format.Height * 3];
        for (var y = 0; y < format.Height; y++)
        {
            var row = yuyv.Slice(y * format.Stride, format.Width / 2 * 4);
            for (var x = 0; x < (format.Width & ~1); x++)
            {
                var pair = row.Slice(x / 2 * 4, 4);
                var (luma, blue, red) = ((pair[x % 2 * 2] - 16) * 298, pair[1] - 128, pair[3] - 128);
                var at = ((y * format.Width) + x) * 3;
                rgb[at] = Clamp(luma + (409 * red));
                rgb[at + 1] = Clamp(luma - (100 * blue) - (208 * red));
                rgb[at + 2] = Clamp(luma + (516 * blue));
            }
        }
        return TurboJpeg.Encode(rgb, format.Width, format.Height);

        static byte Clamp(int scaled) => (byte)Math.Clamp((scaled + 128) >> 8, 0, 255);
    }

    private static byte[] Type() => [1, 0, 0, 0];

    /// <summary>struct v4l2_buffer of a mapped capture buffer.</summary>
    private static byte[] Buffer(uint index)
    {
        var buffer = new byte[BufferBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, index);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(4), TypeCapture);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(60), MemoryMapped);
        return buffer;
    }
}
