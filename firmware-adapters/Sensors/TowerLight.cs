using KeyAccountLogistics.FirmwareAdapters.Nodes;

namespace KeyAccountLogistics.FirmwareAdapters.Sensors;

/// <summary>What a tower light tells the room.</summary>
public enum LightSignal : byte
{
    /// <summary>Nothing: all lamps off.</summary>
    Off,

    /// <summary>Take it: green, one short tone.</summary>
    Accept,

    /// <summary>Keep it apart: red blinking, three long tones.</summary>
    Hold,

    /// <summary>Look at the screen: amber, two short tones.</summary>
    Look,

    /// <summary>The station cannot work: amber blinking, silent.</summary>
    Trouble,
}

/// <summary>Lamps and buzzer at one moment.</summary>
public readonly record struct LampState(bool Green, bool Red, bool Amber, bool Buzzer);

/// <summary>When which lamp is on. Pure: time since the signal began goes in.</summary>
public static class LightPlan
{
    private const int BlinkMs = 500;
    private const int ShortMs = 80;
    private const int LongMs = 300;
    private const int GapMs = 120;

    /// <summary>Lamps and buzzer that long after the signal began, and how long it stays so; null when it stays so for good.</summary>
    public static (LampState Lamps, TimeSpan? Until) At(LightSignal signal, TimeSpan elapsed)
    {
        var ms = Math.Max(0, (long)elapsed.TotalMilliseconds);
        var (tones, toneMs) = signal switch { LightSignal.Accept => (1, ShortMs), LightSignal.Look => (2, ShortMs), LightSignal.Hold => (3, LongMs), _ => (0, 1) };
        var cycle = toneMs + GapMs;
        var sounding = ms < (long)tones * cycle;
        var buzzer = sounding && ms % cycle < toneMs;
        long? next = sounding ? ms - (ms % cycle) + (buzzer ? toneMs : cycle) : null;
        var isBlinking = signal is LightSignal.Hold or LightSignal.Trouble;
        var isOn = !isBlinking || ms / BlinkMs % 2 == 0;
        if (isBlinking) next = Math.Min(next ?? long.MaxValue, ((ms / BlinkMs) + 1) * BlinkMs);
        var lamps = new LampState(signal == LightSignal.Accept, signal == LightSignal.Hold && isOn, signal is LightSignal.Look or LightSignal.Trouble && isOn, buzzer);
        return (lamps, next is { } at ? TimeSpan.FromMilliseconds(at - ms) : null);
    }
}

/// <summary>Where a tower light's lamps are wired; null for a lamp that is not there.</summary>
/// <param name="Chip">Path of the GPIO chip.</param>
/// <param name="Green">Offset of the green lamp's line.</param>
/// <param name="Red">Offset of the red lamp's line.</param>
/// <param name="Amber">Offset of the amber lamp's line.</param>
/// <param name="Buzzer">Offset of the buzzer's line.</param>
/// <param name="ActiveLow">True when a low line lights a lamp (relay boards).</param>
public sealed record TowerLightWiring(string Chip, int? Green, int? Red, int? Amber, int? Buzzer, bool ActiveLow = false);

/// <summary>
/// A tower light on GPIO lines. Off when disposed; when the process is killed the kernel takes the lines back, and most chips then let them float: a pull-down (or
/// pull-up, for active-low relays) on the board makes that "off". Thread-safe. A steady light costs no wake-up.
/// </summary>
public sealed class TowerLight : IDisposable
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly IDeviceNodes _nodes;
    private readonly TowerLightWiring _wiring;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private GpioLines? _lines;
    private LightSignal? _signal;
    private long _began;
    private bool _disposed;

    /// <summary>A light whose lines are requested at the first signal.</summary>
    public TowerLight(IDeviceNodes nodes, TowerLightWiring wiring, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_nodes, _wiring, _time) = (nodes, wiring, time);
        _timer = time.CreateTimer(_ => Refresh(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Why the lamps cannot be set; null when they can, or nothing was shown yet.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Shows a signal from its beginning; the same signal again goes on as it is unless <paramref name="again"/> is true.</summary>
    public void Show(LightSignal signal, bool again = false)
    {
        lock (_gate)
        {
            if (_disposed || (signal == _signal && !again && Trouble is null)) return;
            if (signal != _signal || again) (_signal, _began) = (signal, _time.GetTimestamp());
            Refresh();
        }
    }

    private void Refresh()
    {
        lock (_gate)
        {
            if (_disposed) return;
            var (lamps, until) = LightPlan.At(_signal ?? LightSignal.Off, _time.GetElapsedTime(_began));
            if (!Set(lamps)) until = TryAgainAfter;
            _timer.Change(until ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private bool Set(LampState lamps)
    {
        if (_lines is null)
        {
            var offsets = Wired(lamps).Select(static w => w.Line).ToArray();
            _lines = GpioLines.Request(_nodes, _wiring.Chip, offsets, GpioUse.Output | (_wiring.ActiveLow ? GpioUse.ActiveLow : GpioUse.None), out var reason);
            Trouble = _lines is null ? reason : null;
            if (_lines is null) return false;
        }
        var (values, bit) = (0UL, 0);
        foreach (var (_, isOn) in Wired(lamps))
        {
            if (isOn) values |= 1UL << bit;
            bit++;
        }
        if (_lines.Set(values)) return true;
        _lines.Dispose();
        _lines = null;
        Trouble = $"{_wiring.Chip} is gone";
        return false;
    }

    private IEnumerable<(int Line, bool IsOn)> Wired(LampState lamps)
    {
        if (_wiring.Green is { } green) yield return (green, lamps.Green);
        if (_wiring.Red is { } red) yield return (red, lamps.Red);
        if (_wiring.Amber is { } amber) yield return (amber, lamps.Amber);
        if (_wiring.Buzzer is { } buzzer) yield return (buzzer, lamps.Buzzer);
    }

    /// <summary>Lamps off, lines given back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            _timer.Dispose();
            _ = _lines?.Set(0);
            _lines?.Dispose();
        }
    }
}
