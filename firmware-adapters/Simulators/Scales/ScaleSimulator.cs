using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Pty;

namespace KeyAccountLogistics.Simulators.Scales;

/// <summary>How a simulated line misbehaves.</summary>
public enum LineFault
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Says nothing.</summary>
    Silence,

    /// <summary>Random bytes instead of frames, as a wrong baud rate gives.</summary>
    Garbage,

    /// <summary>One byte at a time, with a pause after each.</summary>
    SlowDrip,

    /// <summary>Frames cut off in the middle.</summary>
    CutOff,

    /// <summary>Even parity where the host expects none.</summary>
    Parity,

    /// <summary>Gives each weight once: asked again, the scale says that there is no new one, or nothing.</summary>
    Withheld,

    /// <summary>Repeats the weight it sent last, whatever lies on it.</summary>
    Repeated,
}

/// <summary>
/// A scale on a pseudo-terminal: the mechanics of <see cref="SimulatedPlatform"/> behind the wire of one protocol. Each protocol writes what its
/// manual says and knows nothing of the decoders. Thread-safe; dispose unplugs.
/// </summary>
public abstract class ScaleSimulator : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Random _chance;
    private readonly Queue<byte> _dripping = new();
    private byte[] _sent = [];
    private readonly ITimer _timer;
    private readonly ITimer _drip;

    private protected ScaleSimulator(string linkPath, PlatformSettings settings, TimeProvider time, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        Platform = new SimulatedPlatform(settings, time);
        Time = time;
        _chance = new Random(settings.Seed);
        Pty = PtyDevice.Create(linkPath);
        _timer = time.CreateTimer(_ => Tick(), null, period, period);
        _drip = time.CreateTimer(_ => Drip(), null, DripPause, DripPause);
    }

    private static readonly TimeSpan DripPause = TimeSpan.FromMilliseconds(15);

    /// <summary>The pseudo-terminal.</summary>
    public PtyDevice Pty { get; }

    /// <summary>The mechanics.</summary>
    public SimulatedPlatform Platform { get; }

    /// <summary>How the line misbehaves from now on.</summary>
    public LineFault Fault { get; set; }

    /// <summary>When set, the first frame after plugging in begins in its middle, as a stream does that was running already.</summary>
    public bool StartsMidFrame { get; set; }

    /// <summary>Data bits of the protocol's line: 7 for ASCII, 8 for codes, 0 where there is no serial line.</summary>
    private protected virtual int DataBits => 7;

    private protected TimeProvider Time { get; }

    /// <summary>Puts exactly this load on the platform; completes when the indication is stable.</summary>
    public Task PlaceAsync(Mass load, CancellationToken stop = default)
    {
        Platform.Place(load);
        return Platform.Settled(stop);
    }

    /// <summary>Takes everything off.</summary>
    public void Clear() => Platform.Clear();

    /// <summary>Takes everything off; completes when the indication is stable.</summary>
    public Task ClearAsync(CancellationToken stop = default) => PlaceAsync(Mass.Zero, stop);

    /// <summary>Pulls the cable.</summary>
    public void Unplug() => Pty.Unplug();

    /// <summary>Plugs the cable in again.</summary>
    public void Replug()
    {
        lock (_gate) _midFrame = StartsMidFrame;
        Pty.Replug();
    }

    private bool _midFrame;

    /// <summary>Called at the protocol's rate; streams write a frame.</summary>
    private protected abstract void Tick();

    /// <summary>Sends a weight, or what the line and the scale make of it; <paramref name="insteadOfOld"/> is what a scale says that has sent this one before.</summary>
    private protected void SendWeight(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> insteadOfOld = default)
    {
        lock (_gate)
        {
            if (Fault == LineFault.Repeated && _sent.Length > 0) frame = _sent;
            else if (Fault == LineFault.Withheld && frame.SequenceEqual(_sent)) frame = insteadOfOld;
            else _sent = frame.ToArray();
            Send(frame);
        }
    }

    /// <summary>Sends bytes through whatever the line does to them.</summary>
    private protected void Send(ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            if (_midFrame) frame = frame[(frame.Length / 2)..];
            _midFrame = false;
            if (frame.IsEmpty) return;
            switch (Fault)
            {
                case LineFault.Silence: return;
                case LineFault.Garbage: SendGarbage(frame.Length); return;
                case LineFault.CutOff: Pty.Write(frame[.._chance.Next(frame.Length)]); return;
                case LineFault.Parity: SendWithParity(frame); return;
                case LineFault.SlowDrip:
                    if (_dripping.Count > 0) return;
                    foreach (var b in frame) _dripping.Enqueue(b);
                    return;
                default: Pty.Write(frame); return;
            }
        }
    }

    /// <summary>
    /// The parity bit of a seven-bit line stands in the eighth. Of an eight-bit line it stands where the stop bit should: a byte whose parity is 0 is a
    /// framing error, and lost. A USB report has none.
    /// </summary>
    private void SendWithParity(ReadOnlySpan<byte> frame)
    {
        var sent = new List<byte>(frame.Length);
        foreach (var b in frame)
        {
            if (DataBits == 7) sent.Add((byte)((b & 0x7F) | ((byte.PopCount((byte)(b & 0x7F)) & 1) << 7)));
            else if (DataBits != 8 || (byte.PopCount(b) & 1) != 0) sent.Add(b);
        }
        Pty.Write(sent.ToArray());
    }

    private void SendGarbage(int count)
    {
        Span<byte> garbage = stackalloc byte[count];
        _chance.NextBytes(garbage);
        Pty.Write(garbage);
    }

    private void Drip()
    {
        lock (_gate)
        {
            if (_dripping.TryDequeue(out var b)) Pty.Write([b]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _drip.Dispose();
        Pty.Dispose();
        GC.SuppressFinalize(this);
    }
}
