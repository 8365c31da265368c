namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>What a protocol decides about the bytes at the head of its buffer.</summary>
internal enum Cut : byte
{
    /// <summary>Undecided: more bytes, or silence.</summary>
    More,

    /// <summary>The first n bytes are a frame.</summary>
    Frame,

    /// <summary>The first n bytes are no part of a frame: noise.</summary>
    Skip,

    /// <summary>The first n bytes mean nothing and are no fault (blank lines).</summary>
    Ignore,
}

/// <summary>A <see cref="Cut"/> with its size and, for noise, the reason.</summary>
internal readonly record struct CutAt(Cut Kind, int Count, RejectReason Reason = RejectReason.Format, string Note = "no frame starts here")
{
    internal static CutAt More => default;

    internal static CutAt Frame(int count) => new(Cut.Frame, count);

    internal static CutAt Skip(int count, RejectReason reason, string note) => new(Cut.Skip, count, reason, note);

    internal static CutAt Ignore(int count) => new(Cut.Ignore, count);
}

/// <summary>
/// The engine under every decoder here: one bounded buffer whose first byte is always undecided. A protocol only says where the next cut falls and
/// what a whole frame means. Cuts must be a function of the bytes from the head on, never of how many happen to follow: that is what makes readings
/// independent of chunking.
/// </summary>
internal abstract class FrameDecoder : IDecoder
{
    private readonly byte[] _buffer;
    private readonly RawRestoringSink? _restoring;
    private readonly byte[] _noise = new byte[RawFrame.Capacity];
    private int _count;
    private int _noiseCount;
    private RejectReason _noiseReason;
    private string _noiseNote = "";

    /// <param name="frameBytesMax">The longest frame.</param>
    /// <param name="sevenBits">
    /// The protocol is ASCII: its bytes are seen with the eighth bit off, because a 7E1 device on an 8N1 line leaves its parity there. What is handed on
    /// holds the bytes as they came.
    /// </param>
    protected FrameDecoder(int frameBytesMax, bool sevenBits = false)
    {
        FrameBytesMax = frameBytesMax;
        _buffer = new byte[Math.Max(frameBytesMax, RawFrame.Capacity)];
        if (sevenBits) _restoring = new RawRestoringSink(_buffer.Length);
    }

    public int FrameBytesMax { get; }

    public bool Pending => _count > 0 || _noiseCount > 0 || HoldsParts;

    /// <summary>Whether whole frames are held that are only part of a message.</summary>
    protected virtual bool HoldsParts => false;

    public abstract TimeSpan IdleGap { get; }

    /// <summary>Where the next cut of <paramref name="head"/> falls. With <paramref name="idle"/> no more bytes will come, so <see cref="Cut.More"/> means "cut off".</summary>
    protected abstract CutAt FindCut(ReadOnlySpan<byte> head, bool idle);

    /// <summary>Turns one whole frame into a reading or a rejection.</summary>
    protected abstract void Read(ReadOnlySpan<byte> frame, IReadingSink sink);

    /// <summary>Forgets framing state of the protocol (not what it learned); <paramref name="damaged"/> when the rest of the frame is still to come.</summary>
    protected virtual void ForgetFrame(bool damaged)
    {
    }

    /// <summary>Called after all that could be cut was cut, at a silence (<paramref name="idle"/>) after the rest was rejected: the place for answers and for giving up.</summary>
    protected virtual void Drained(bool idle, IReadingSink sink)
    {
    }

    public void Push(ReadOnlySpan<byte> bytes, IReadingSink sink)
    {
        while (!bytes.IsEmpty)
        {
            var taken = Math.Min(bytes.Length, _buffer.Length - _count);
            bytes[..taken].CopyTo(_buffer.AsSpan(_count));
            if (_restoring is not null)
            {
                bytes[..taken].CopyTo(_restoring.Bytes.AsSpan(_count));
                foreach (ref var b in _buffer.AsSpan(_count, taken)) b &= 0x7F;
            }
            _count += taken;
            bytes = bytes[taken..];
            Drain(sink, idle: false);
            Drained(idle: false, sink);
        }
    }

    public void FlushIdle(IReadingSink sink)
    {
        Drain(sink, idle: true);
        ReportNoise(sink);
        Drained(idle: true, sink);
        ForgetFrame(damaged: false);
    }

    public void Break(RejectReason reason, IReadingSink sink)
    {
        var held = AsCame(0, _count);
        ReportNoise(sink);
        Reject(held, reason, "damaged byte", sink);
        _count = 0;
        ForgetFrame(damaged: true);
    }

    public void Reset()
    {
        _count = 0;
        _noiseCount = 0;
        ForgetFrame(damaged: false);
    }

    protected internal static void Reject(ReadOnlySpan<byte> frame, RejectReason reason, string note, IReadingSink sink)
    {
        var rejected = new RejectedFrame(reason, note, new RawFrame(frame));
        sink.OnRejected(in rejected);
    }

    private void Drain(IReadingSink sink, bool idle)
    {
        var head = 0;
        while (head < _count)
        {
            var rest = _buffer.AsSpan(head, _count - head);
            var cut = FindCut(rest, idle);
            if (cut.Kind == Cut.More)
            {
                if (idle) cut = CutAt.Skip(rest.Length, RejectReason.Length, "cut off by silence");
                else if (rest.Length == _buffer.Length) cut = CutAt.Skip(1, RejectReason.Length, "frame too long");
                else break;
            }
            Take(head, cut, sink);
            head += cut.Count;
        }
        if (head == 0) return;
        _buffer.AsSpan(head, _count - head).CopyTo(_buffer);
        _restoring?.Bytes.AsSpan(head, _count - head).CopyTo(_restoring.Bytes);
        _count -= head;
    }

    private ReadOnlySpan<byte> AsCame(int at, int count) => (_restoring?.Bytes ?? _buffer).AsSpan(at, count);

    private void Take(int at, in CutAt cut, IReadingSink sink)
    {
        if (cut.Kind == Cut.Skip)
        {
            AddNoise(AsCame(at, cut.Count), cut, sink);
            return;
        }
        ReportNoise(sink);
        if (cut.Kind != Cut.Frame) return;
        ReadOnlySpan<byte> frame = _buffer.AsSpan(at, cut.Count);
        Read(frame, _restoring is null || frame.SequenceEqual(AsCame(at, cut.Count)) ? sink : _restoring.For(at, cut.Count, sink));
    }

    private void AddNoise(ReadOnlySpan<byte> bytes, in CutAt cut, IReadingSink sink)
    {
        while (!bytes.IsEmpty)
        {
            if (_noiseCount == 0) (_noiseReason, _noiseNote) = (cut.Reason, cut.Note);
            var taken = Math.Min(bytes.Length, _noise.Length - _noiseCount);
            bytes[..taken].CopyTo(_noise.AsSpan(_noiseCount));
            _noiseCount += taken;
            bytes = bytes[taken..];
            if (_noiseCount == _noise.Length) ReportNoise(sink);
        }
    }

    private void ReportNoise(IReadingSink sink)
    {
        if (_noiseCount == 0) return;
        var rejected = new RejectedFrame(_noiseReason, _noiseNote, new RawFrame(_noise.AsSpan(0, _noiseCount)));
        _noiseCount = 0;
        sink.OnRejected(in rejected);
    }

    /// <summary>Puts the bytes as they came back into what a decoder of seven bits says.</summary>
    private sealed class RawRestoringSink(int capacity) : IReadingSink
    {
        private IReadingSink? _target;
        private int _at;
        private int _count;

        internal byte[] Bytes { get; } = new byte[capacity];

        internal RawRestoringSink For(int at, int count, IReadingSink target)
        {
            (_at, _count, _target) = (at, count, target);
            return this;
        }

        private RawFrame Raw => new(Bytes.AsSpan(_at, _count));

        public void OnWeight(in WeightReading reading)
        {
            var restored = reading with { Raw = Raw };
            _target!.OnWeight(in restored);
        }

        public void OnScan(ScanReading reading) => _target!.OnScan(reading with { Raw = Raw });

        public void OnRejected(in RejectedFrame rejected)
        {
            var restored = rejected with { Raw = Raw };
            _target!.OnRejected(in restored);
        }

        public void OnReply(ReadOnlySpan<byte> bytes) => _target!.OnReply(bytes);
    }
}
