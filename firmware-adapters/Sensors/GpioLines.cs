using System.Buffers.Binary;
using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Nodes;

namespace KeyAccountLogistics.FirmwareAdapters.Sensors;

/// <summary>How GPIO lines are asked for; flags of <c>linux/gpio.h</c>, version 2 of its interface (Linux 5.10 and later).</summary>
[Flags]
internal enum GpioUse : ulong
{
    None = 0,
    ActiveLow = 1 << 1,
    Input = 1 << 2,
    Output = 1 << 3,
    EdgeRising = 1 << 4,
    EdgeFalling = 1 << 5,
}

/// <summary>One edge of an input line. <paramref name="TimestampNs"/> is the kernel's monotonic clock at the interrupt, which no scheduling of ours delays.</summary>
internal readonly record struct GpioEdge(long TimestampNs, bool Rising);

/// <summary>
/// Lines of a GPIO chip requested together through <c>/dev/gpiochipN</c>; nobody else can request them until they are disposed or this process ends, when
/// the kernel takes them back. Values are bits in the order of the offsets.
/// </summary>
internal sealed class GpioLines : IDisposable
{
    internal const int LinesMax = 64;
    internal const nuint GetLine = 0xC250_B407;
    internal const nuint GetValues = 0xC010_B40E;
    internal const nuint SetValues = 0xC010_B40F;

    // struct gpio_v2_line_request, 592 bytes.
    internal const int RequestBytes = 592;
    internal const int ConsumerAt = 256;
    internal const int FlagsAt = 288;
    internal const int AttributeCountAt = 296;
    internal const int AttributesAt = 320;
    internal const int LineCountAt = 560;
    internal const int DescriptorAt = 588;
    internal const uint OutputValuesAttribute = 2;
    internal const int EventBytes = 48;
    private const uint RisingEdge = 1;

    private readonly IDeviceNode _lines;
    private readonly ulong _mask;

    private GpioLines(IDeviceNode lines, int count) => (_lines, _mask) = (lines, count == LinesMax ? ulong.MaxValue : (1UL << count) - 1);

    /// <summary>Requests lines; outputs begin with <paramref name="values"/>, so that no lamp flashes up. Null with the reason when the kernel refuses.</summary>
    internal static GpioLines? Request(IDeviceNodes nodes, string chip, ReadOnlySpan<int> offsets, GpioUse use, out string reason, ulong values = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsets.Length, LinesMax);
        using var node = nodes.Open(chip, out reason);
        if (node is null) return null;
        Span<byte> request = stackalloc byte[RequestBytes];
        request.Clear();
        for (var i = 0; i < offsets.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(request[(i * 4)..], (uint)offsets[i]);
        Encoding.ASCII.GetBytes("kal", request[ConsumerAt..]);
        BinaryPrimitives.WriteUInt64LittleEndian(request[FlagsAt..], (ulong)use);
        BinaryPrimitives.WriteUInt32LittleEndian(request[LineCountAt..], (uint)offsets.Length);
        if (use.HasFlag(GpioUse.Output))
        {
            var all = offsets.Length == LinesMax ? ulong.MaxValue : (1UL << offsets.Length) - 1;
            BinaryPrimitives.WriteUInt32LittleEndian(request[AttributeCountAt..], 1);
            BinaryPrimitives.WriteUInt32LittleEndian(request[AttributesAt..], OutputValuesAttribute);
            BinaryPrimitives.WriteUInt64LittleEndian(request[(AttributesAt + 8)..], values);
            BinaryPrimitives.WriteUInt64LittleEndian(request[(AttributesAt + 16)..], all);
        }
        var result = node.Ioctl(GetLine, request);
        if (result < 0)
        {
            reason = -result == Libc.Ebusy ? $"a line of {chip} is in use by another program or driver" : DeviceNodes.Reason(-result, chip);
            return null;
        }
        return new GpioLines(node.Adopt(BinaryPrimitives.ReadInt32LittleEndian(request[DescriptorAt..])), offsets.Length);
    }

    /// <summary>Sets all outputs; false when the chip is gone.</summary>
    internal bool Set(ulong values)
    {
        Span<byte> argument = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(argument, values);
        BinaryPrimitives.WriteUInt64LittleEndian(argument[8..], _mask);
        return _lines.Ioctl(SetValues, argument) >= 0;
    }

    /// <summary>The lines' values; null when the chip is gone.</summary>
    internal ulong? Get()
    {
        Span<byte> argument = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(argument[8..], _mask);
        return _lines.Ioctl(GetValues, argument) < 0 ? null : BinaryPrimitives.ReadUInt64LittleEndian(argument);
    }

    /// <summary>The next edge; null when none came in that time or the chip is gone (<paramref name="gone"/>).</summary>
    internal GpioEdge? NextEdge(TimeSpan wait, out bool gone)
    {
        Span<byte> happened = stackalloc byte[EventBytes];
        var count = _lines.Read(happened, wait);
        gone = count < 0 || count is > 0 and < EventBytes;
        if (count < EventBytes) return null;
        return new GpioEdge(checked((long)BinaryPrimitives.ReadUInt64LittleEndian(happened)), BinaryPrimitives.ReadUInt32LittleEndian(happened[8..]) == RisingEdge);
    }

    public void Dispose() => _lines.Dispose();
}
