using System.Buffers;
using System.Buffers.Binary;
using KeyAccountLogistics.FirmwareAdapters.Nodes;

namespace KeyAccountLogistics.TestKit.Devices;

/// <summary>
/// A camera that keeps Video4Linux's rules for streaming with mapped buffers: the format before the buffers, only queued buffers are filled, no frame before the
/// stream is on, a frame that is not there yet is EAGAIN, and each opening begins anew.
/// </summary>
public sealed class FakeVideoDevice(uint pixels, Func<int, byte[]> frame)
{
    private const int Eagain = 11, Einval = 22, Ebusy = 16, Enotty = 25;
    private const int BufferBytes = 1 << 20;

    private uint Pixels { get; } = pixels;

    private Func<int, byte[]> Frame { get; } = frame;

    /// <summary>What the node says it can do; a capture device that streams unless set.</summary>
    public uint Capabilities { get; init; } = 0x0400_0001;

    /// <summary>Width and height that the driver answers, whatever it was asked for.</summary>
    public (int Width, int Height) Size { get; init; } = (64, 48);

    /// <summary>Frames whose error flag is set.</summary>
    public Func<int, bool> IsDamaged { get; init; } = static _ => false;

    /// <summary>True when no frame ever comes.</summary>
    public bool Stuck { get; init; }

    /// <summary>Frames given since it was made.</summary>
    public int Frames { get; private set; }

    /// <summary>True while somebody streams.</summary>
    public bool Streaming { get; private set; }

    public IDeviceNode Open() => new Node(this);

    private sealed class Node(FakeVideoDevice device) : IDeviceNode
    {
        private readonly List<byte[]> _memory = [];
        private readonly Queue<int> _queued = new();
        private bool _formatted;
        private bool _waited;
        private int _mapped;

        public int Ioctl(nuint request, Span<byte> argument)
        {
            switch (request)
            {
                case 0x8068_5600:
                    BinaryPrimitives.WriteUInt32LittleEndian(argument[84..], 0x8000_0000 | device.Capabilities | 0x0400_0001);
                    BinaryPrimitives.WriteUInt32LittleEndian(argument[88..], device.Capabilities);
                    return 0;
                case 0xC0D0_5605:
                    if (_memory.Count > 0) return -Ebusy;
                    BinaryPrimitives.WriteInt32LittleEndian(argument[8..], device.Size.Width);
                    BinaryPrimitives.WriteInt32LittleEndian(argument[12..], device.Size.Height);
                    BinaryPrimitives.WriteUInt32LittleEndian(argument[16..], device.Pixels);
                    BinaryPrimitives.WriteInt32LittleEndian(argument[24..], device.Size.Width * 2);
                    _formatted = true;
                    return 0;
                case 0xC014_5608:
                    if (!_formatted || BinaryPrimitives.ReadInt32LittleEndian(argument[8..]) != 1) return -Einval;
                    var granted = Math.Min(BinaryPrimitives.ReadInt32LittleEndian(argument), 2);
                    for (var i = 0; i < granted; i++) _memory.Add(new byte[BufferBytes]);
                    BinaryPrimitives.WriteInt32LittleEndian(argument, granted);
                    return 0;
                case 0xC058_5609:
                    var index = BinaryPrimitives.ReadInt32LittleEndian(argument);
                    if (index >= _memory.Count) return -Einval;
                    BinaryPrimitives.WriteInt32LittleEndian(argument[64..], index * BufferBytes);
                    BinaryPrimitives.WriteInt32LittleEndian(argument[72..], BufferBytes);
                    return 0;
                case 0xC058_560F:
                    var queue = BinaryPrimitives.ReadInt32LittleEndian(argument);
                    if (queue >= _memory.Count || _queued.Contains(queue)) return -Einval;
                    _queued.Enqueue(queue);
                    return 0;
                case 0x4004_5612: return Start();
                case 0x4004_5613:
                    device.Streaming = false;
                    _queued.Clear();
                    return 0;
                case 0xC058_5611: return Give(argument);
                default: return -Enotty;
            }
        }

        private int Start()
        {
            if (_queued.Count == 0) return -Einval;
            device.Streaming = true;
            return 0;
        }

        private int Give(Span<byte> argument)
        {
            if (!device.Streaming) return -Einval;
            if (device.Stuck || !_waited || _queued.Count == 0) return -Eagain;
            _waited = false;
            var index = _queued.Dequeue();
            var content = device.Frame(device.Frames);
            content.CopyTo(_memory[index], 0);
            BinaryPrimitives.WriteInt32LittleEndian(argument, index);
            BinaryPrimitives.WriteInt32LittleEndian(argument[8..], content.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(argument[12..], device.IsDamaged(device.Frames) ? 0x40u : 0);
            device.Frames++;
            return 0;
        }

        public int Read(Span<byte> buffer, TimeSpan wait) => -Einval;

        public bool WaitReadable(TimeSpan wait) => _waited = !device.Stuck;

        public IDeviceNode Adopt(int descriptor) => throw new NotSupportedException("a camera's ioctls give no descriptors");

        public IMemoryOwner<byte>? Map(long offset, int length)
        {
            _mapped++;
            return new Mapped(this, _memory[(int)(offset / BufferBytes)].AsMemory(0, length));
        }

        public void Dispose()
        {
            if (_mapped > 0) throw new InvalidOperationException("closed while its memory is mapped");
            if (device.Streaming) throw new InvalidOperationException("closed while it streams");
        }

        private sealed class Mapped(Node node, Memory<byte> memory) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory => memory;

            public void Dispose() => node._mapped--;
        }
    }
}
