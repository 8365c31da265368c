using System.Globalization;
using System.Text;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Simulators.Scales;

/// <summary>
/// MT-SICS levels 0 and 1 as the manual has them: S, SI, SIR, Z, ZI, T, TI, TA, TAC, @, I2 to I4. Upper case only, everything else is answered ES.
/// </summary>
public sealed class SicsScaleSimulator : ScaleSimulator
{
    private static readonly TimeSpan StableWithin = TimeSpan.FromSeconds(4);
    private readonly Lock _conversation = new();
    private readonly StringBuilder _line = new();
    private readonly string _unit;
    private readonly int _decimals;
    private Mass _tare;
    private bool _repeats;
    private string? _awaitsStable;
    private long _awaitedSince;

    /// <summary>A scale at <paramref name="linkPath"/> whose stream, once asked for, repeats ten times a second.</summary>
    public SicsScaleSimulator(string linkPath, PlatformSettings settings, TimeProvider time, string unit = "kg", int decimals = 3)
        : base(linkPath, settings, time, TimeSpan.FromMilliseconds(100))
    {
        _unit = unit;
        _decimals = decimals;
        Pty.FromHost = Take;
    }

    /// <summary>One weight answer: id, state, ten characters of weight right aligned, unit.</summary>
    public static string Weight(char state, Mass shown, string unit, int decimals)
    {
        var number = string.Equals(unit, "g", StringComparison.Ordinal) ? shown.Grams : shown.Kilograms;
        return $"S {state} {number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),10} {unit}\r\n";
    }

    private protected override void Tick()
    {
        lock (_conversation)
        {
            if (_repeats) Answer(Immediate("S"));
            if (_awaitsStable is not { } id) return;
            if (!Platform.Read().Moving) Answer(Immediate(id));
            else if (Time.GetElapsedTime(_awaitedSince) > StableWithin) Answer($"{id} I\r\n");
            else return;
            _awaitsStable = null;
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        lock (_conversation)
        {
            foreach (var b in bytes)
            {
                if (b != (byte)'\n')
                {
                    if (_line.Length < 64) _line.Append((char)b);
                    continue;
                }
                var command = _line.ToString().TrimEnd('\r');
                _line.Clear();
                Execute(command);
            }
        }
    }

    private void Execute(string command)
    {
        if (command is "S" or "SI" or "@") _repeats = false;
        switch (command)
        {
            case "SI": Answer(Immediate("S")); break;
            case "SIR":
                _repeats = true;
                Answer(Immediate("S"));
                break;
            case "S" or "Z" or "T": AwaitStable(command); break;
            case "ZI":
                Answer(Platform.Read().Moving ? "ZI D\r\n" : "ZI S\r\n");
                Platform.SetZero();
                _tare = Mass.Zero;
                break;
            case "TI": Answer(Tare(Platform.Read(), "TI")); break;
            case "TA": Answer($"TA A {Number(_tare)} {_unit}\r\n"); break;
            case "TAC":
                _tare = Mass.Zero;
                Answer("TAC A\r\n");
                break;
            case "I2": Answer($"I2 A \"SIM OU {Platform.Settings.Capacity.Kilograms.ToString("F2", CultureInfo.InvariantCulture)} kg\"\r\n"); break;
            case "I3": Answer("I3 A \"1.0\"\r\n"); break;
            case "I4" or "@": Answer("I4 A \"0123456789\"\r\n"); break;
            default: Answer("ES\r\n"); break;
        }
    }

    private void AwaitStable(string id)
    {
        if (!Platform.Read().Moving)
        {
            Answer(Immediate(id));
            return;
        }
        _awaitsStable = id;
        _awaitedSince = Time.GetTimestamp();
    }

    private string Immediate(string id)
    {
        var indication = Platform.Read();
        if (string.Equals(id, "T", StringComparison.Ordinal)) return Tare(indication, id);
        if (string.Equals(id, "Z", StringComparison.Ordinal))
        {
            Platform.SetZero();
            _tare = Mass.Zero;
            return "Z A\r\n";
        }
        if (indication.Over) return "S +\r\n";
        if (indication.Under) return "S -\r\n";
        return Weight(indication.Moving ? 'D' : 'S', indication.Gross - _tare, _unit, _decimals);
    }

    private string Tare(in Indication indication, string id)
    {
        if (indication.Over) return $"{id} +\r\n";
        if (indication.Under) return $"{id} -\r\n";
        _tare = indication.Gross;
        return $"{id} {(indication.Moving ? 'D' : 'S')} {Number(_tare)} {_unit}\r\n";
    }

    private string Number(Mass mass) =>
        $"{(string.Equals(_unit, "g", StringComparison.Ordinal) ? mass.Grams : mass.Kilograms).ToString("F" + _decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),10}";

    private void Answer(string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        if (text.StartsWith("S ", StringComparison.Ordinal)) SendWeight(bytes);
        else Send(bytes);
    }
}
