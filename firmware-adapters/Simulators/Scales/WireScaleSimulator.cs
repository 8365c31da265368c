using System.Text;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Simulators.Scales;

/// <summary>A scale that speaks one of the protocols of <see cref="ScaleWire"/>, ten times a second where it repeats by itself.</summary>
public sealed class WireScaleSimulator : ScaleSimulator
{
    private const int CommandBytesMax = 64;
    private readonly Lock _conversation = new();
    private readonly StringBuilder _heard = new();
    private readonly ScaleWire _wire;
    private readonly string _unit;
    private readonly int _decimals;
    private readonly IReadOnlyList<(string Command, Action Act)> _commands;
    private Mass _tare;
    private bool _repeats;

    /// <summary>A scale at <paramref name="linkPath"/>; throws <see cref="KeyNotFoundException"/> for a protocol not written here.</summary>
    public WireScaleSimulator(string protocol, string linkPath, PlatformSettings settings, TimeProvider time, string unit = "kg", int decimals = 3)
        : base(linkPath, settings, time, TimeSpan.FromMilliseconds(100))
    {
        _wire = ScaleWire.All.TryGetValue(protocol, out var wire) ? wire : throw new KeyNotFoundException($"'{protocol}' has no wire; known are: {string.Join(", ", ScaleWire.All.Keys)}.");
        _unit = unit;
        _decimals = decimals;
        _repeats = _wire.Streams;
        _commands = [.. Commands().OrderByDescending(known => known.Command.Length)];
        Pty.FromHost = Take;
    }

    /// <summary>Somebody presses the print key.</summary>
    public void Print() => Say();

    private protected override int DataBits => _wire.DataBits;

    private protected override void Tick()
    {
        if (_repeats) Say();
    }

    private void Say() => SayWeight(_wire.Write(Display));

    private void SayWeight(string? frame)
    {
        if (frame is not null) SendWeight(Encoding.Latin1.GetBytes(frame), Encoding.Latin1.GetBytes(_wire.InsteadOfOld ?? ""));
    }

    private void Answer(string? text)
    {
        if (text is not null) Send(Encoding.Latin1.GetBytes(text));
    }

    private ScaleDisplay Display => new(Platform.Read(), _tare, _unit, _decimals);

    private void Take(ReadOnlySpan<byte> bytes)
    {
        lock (_conversation)
        {
            foreach (var b in bytes)
            {
                if (_heard.Length == CommandBytesMax) _heard.Clear();
                _heard.Append((char)b);
                if (Execute(_heard.ToString())) _heard.Clear();
            }
        }
    }

    /// <summary>Commands end by themselves, what stands before one was not understood; <c>CP</c> is tried before <c>P</c>.</summary>
    private bool Execute(string heard)
    {
        foreach (var (command, act) in _commands)
        {
            if (!heard.EndsWith(command, StringComparison.Ordinal)) continue;
            act();
            return true;
        }
        return false;
    }

    private IEnumerable<(string Command, Action Act)> Commands()
    {
        foreach (var poll in _wire.Polls) yield return (poll, Say);
        foreach (var (command, write) in _wire.Weights) yield return (command, () => SayWeight(write(Display)));
        foreach (var (command, write) in _wire.Answers) yield return (command, () => Answer(write(Display)));
        if (_wire.Start is { } start) yield return (start, () => _repeats = true);
        if (_wire.ClearTare is { } clear) yield return (clear, () => Key(Mass.Zero));
        if (_wire.Tare is { } tare) yield return (tare, () => Key(Platform.Read().Gross));
        if (_wire.Zero is { } zero) yield return (zero, Zero);
    }

    private void Zero()
    {
        Platform.SetZero();
        Key(Mass.Zero);
    }

    private void Key(Mass tare)
    {
        _tare = tare;
        Answer(_wire.Done?.Invoke(Display));
    }
}
