using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Nodes;

namespace KeyAccountLogistics.TestKit.Devices;

/// <summary>
/// A GPIO chip that keeps the kernel's rules for version 2 of its character device (linux/gpio.h, drivers/gpio/gpiolib-cdev.c): a line is requested once, by one
/// holder; an output is set only by who requested it as output; edges need an input; a closed request gives its lines back, and they become inputs.
/// </summary>
public sealed class FakeGpioChip(int lines)
{
    private const int Ebusy = 16, Einval = 22, Eperm = 1, Enodev = 19, Enotty = 25;
    private const ulong ActiveLow = 1 << 1, Input = 1 << 2, Output = 1 << 3, Rising = 1 << 4, Falling = 1 << 5;

    private readonly Lock _gate = new();
    private readonly bool[] _level = new bool[lines];
    private readonly LineRequest?[] _holders = new LineRequest?[lines];
    private readonly Dictionary<int, LineRequest> _requests = [];
    private int _descriptors = 100;

    /// <summary>Pulled out: every call fails with ENODEV from now on.</summary>
    public bool Gone { get; set; }

    /// <summary>Called when an output line changes its physical level.</summary>
    public Action<int, bool>? Driven { get; set; }

    /// <summary>The lines that somebody holds.</summary>
    public IReadOnlyList<int> Held
    {
        get
        {
            lock (_gate) return [.. Enumerable.Range(0, lines).Where(i => _holders[i] is not null)];
        }
    }

    /// <summary>Physical level of a line; an output given back reads low, as with a pull-down.</summary>
    public bool Level(int line)
    {
        lock (_gate) return _level[line];
    }

    /// <summary>The outside world drives an input, at that time of the kernel's clock.</summary>
    public void Drive(int line, bool level, long timestampNs = 0)
    {
        lock (_gate)
        {
            if (_level[line] == level) return;
            _level[line] = level;
            if (_holders[line] is { } holder) holder.Edge(line, level, timestampNs);
        }
    }

    public IDeviceNode Open() => new ChipNode(this);

    private int Request(Span<byte> request)
    {
        if (Gone) return -Enodev;
        var flags = BinaryPrimitives.ReadUInt64LittleEndian(request[288..]);
        var count = BinaryPrimitives.ReadInt32LittleEndian(request[560..]);
        if (count is < 1 or > 64) return -Einval;
        var isInput = (flags & Input) != 0;
        var isOutput = (flags & Output) != 0;
        if (isInput == isOutput || ((flags & (Rising | Falling)) != 0 && !isInput)) return -Einval;
        var offsets = new int[count];
        for (var i = 0; i < count; i++)
        {
            offsets[i] = BinaryPrimitives.ReadInt32LittleEndian(request[(i * 4)..]);
            if (offsets[i] < 0 || offsets[i] >= lines) return -Einval;
        }
        if (!Encoding.ASCII.GetString(request.Slice(256, 32)).Contains('\0')) return -Einval;
        lock (_gate)
        {
            if (offsets.Distinct().Count() < count || offsets.Any(o => _holders[o] is not null)) return -Ebusy;
            var made = new LineRequest(this, offsets, flags);
            foreach (var offset in offsets) _holders[offset] = made;
            if (isOutput)
            {
                var hasValues = BinaryPrimitives.ReadInt32LittleEndian(request[296..]) == 1 && BinaryPrimitives.ReadInt32LittleEndian(request[320..]) == 2;
                made.SetAll(hasValues ? BinaryPrimitives.ReadUInt64LittleEndian(request[328..]) : 0, hasValues ? BinaryPrimitives.ReadUInt64LittleEndian(request[336..]) : ulong.MaxValue);
            }
            BinaryPrimitives.WriteInt32LittleEndian(request[588..], ++_descriptors);
            _requests[_descriptors] = made;
            return 0;
        }
    }

    private void Output1(int line, bool level)
    {
        if (_level[line] == level) return;
        _level[line] = level;
        Driven?.Invoke(line, level);
    }

    private sealed class ChipNode(FakeGpioChip chip) : IDeviceNode
    {
        public int Ioctl(nuint request, Span<byte> argument) => request switch
        {
            0xC250_B407 when argument.Length == 592 => chip.Request(argument),
            _ => -Enotty,
        };

        public int Read(Span<byte> buffer, TimeSpan wait) => -Einval;

        public bool WaitReadable(TimeSpan wait) => false;

        public IDeviceNode Adopt(int descriptor) => chip._requests[descriptor];

        public IMemoryOwner<byte>? Map(long offset, int length) => null;

        public void Dispose()
        {
        }
    }

    private sealed class LineRequest(FakeGpioChip chip, int[] offsets, ulong flags) : IDeviceNode
    {
        private readonly Queue<byte[]> _edges = new();
        private uint _sequence;

        internal void Edge(int line, bool level, long timestampNs)
        {
            var rising = level != ((flags & ActiveLow) != 0);
            if ((flags & (rising ? Rising : Falling)) == 0) return;
            var happened = new byte[48];
            BinaryPrimitives.WriteInt64LittleEndian(happened, timestampNs);
            BinaryPrimitives.WriteUInt32LittleEndian(happened.AsSpan(8), rising ? 1u : 2u);
            BinaryPrimitives.WriteInt32LittleEndian(happened.AsSpan(12), line);
            BinaryPrimitives.WriteUInt32LittleEndian(happened.AsSpan(16), ++_sequence);
            _edges.Enqueue(happened);
        }

        internal void SetAll(ulong values, ulong mask)
        {
            for (var i = 0; i < offsets.Length; i++)
            {
                if ((mask >> i & 1) != 0) chip.Output1(offsets[i], ((values >> i) & 1) != 0 != ((flags & ActiveLow) != 0));
            }
        }

        public int Ioctl(nuint request, Span<byte> argument)
        {
            if (chip.Gone) return -Enodev;
            lock (chip._gate)
            {
                var mask = BinaryPrimitives.ReadUInt64LittleEndian(argument[8..]);
                if (mask == 0 || (offsets.Length < 64 && mask >> offsets.Length != 0)) return -Einval;
                switch (request)
                {
                    case 0xC010_B40F when (flags & Output) == 0: return -Eperm;
                    case 0xC010_B40F: SetAll(BinaryPrimitives.ReadUInt64LittleEndian(argument), mask); return 0;
                    case 0xC010_B40E:
                        ulong values = 0;
                        for (var i = 0; i < offsets.Length; i++)
                        {
                            if (chip._level[offsets[i]] != ((flags & ActiveLow) != 0)) values |= 1UL << i;
                        }
                        BinaryPrimitives.WriteUInt64LittleEndian(argument, values & mask);
                        return 0;
                    default: return -Enotty;
                }
            }
        }

        public int Read(Span<byte> buffer, TimeSpan wait)
        {
            if (chip.Gone) return -Enodev;
            lock (chip._gate)
            {
                if (!_edges.TryDequeue(out var happened)) return 0;
                happened.CopyTo(buffer);
                return happened.Length;
            }
        }

        public bool WaitReadable(TimeSpan wait) => _edges.Count > 0;

        public IDeviceNode Adopt(int descriptor) => throw new NotSupportedException("a request has no requests");

        public IMemoryOwner<byte>? Map(long offset, int length) => null;

        public void Dispose()
        {
            lock (chip._gate)
            {
                foreach (var offset in offsets)
                {
                    if (chip._holders[offset] != this) continue;
                    chip._holders[offset] = null;
                    if ((flags & Output) != 0) chip.Output1(offset, false);
                }
            }
        }
    }
}
