using System.Globalization;
using System.Text;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Simulators.Scales;

/// <summary>Setup of a terminal's continuous output.</summary>
public sealed record ToledoSetup
{
    /// <summary>Sends the checksum byte.</summary>
    public bool Checksum { get; init; } = true;

    /// <summary>Puts even parity into the eighth bit, as a 7E1 line looks to a host set to 8N1.</summary>
    public bool EvenParity { get; init; }

    /// <summary>Bits 5 and 6 of the status words the other way round, as some clones send them.</summary>
    public bool CloneBits { get; init; }

    /// <summary>Decimals of the kilograms shown, 0 to 5.</summary>
    public int Decimals { get; init; } = 3;

    /// <summary>Increment in last digits: 1, 2 or 5.</summary>
    public int Increment { get; init; } = 1;
}

/// <summary>Toledo continuous output after the tables of the Wildcat manual E15609900A, pages 40 and 41.</summary>
public sealed class ToledoContinuousSimulator : ScaleSimulator
{
    private readonly ToledoSetup _setup;
    private Mass _tare;

    /// <summary>A scale at <paramref name="linkPath"/> that sends ten frames a second.</summary>
    public ToledoContinuousSimulator(string linkPath, PlatformSettings settings, TimeProvider time, ToledoSetup? setup = null)
        : base(linkPath, settings, time, TimeSpan.FromMilliseconds(100))
    {
        _setup = setup ?? new ToledoSetup();
        Pty.FromHost = Take;
    }

    /// <summary>When set, the terminal says that it has not captured zero since power-up.</summary>
    public bool ZeroNotCaptured { get; set; }

    /// <summary>One frame of kilograms. <paramref name="tare"/> above zero makes it net.</summary>
    public static byte[] Frame(in Indication indication, Mass tare, bool zeroNotCaptured, ToledoSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var net = tare > Mass.Zero;
        var shown = indication.Gross - tare;
        var increment = setup.Increment switch { 2 => 2, 5 => 3, _ => 1 };
        var fixedBits = setup.CloneBits ? 0x40 : 0x20;
        var a = fixedBits | (setup.Decimals + 2) | (increment << 3);
        var b = 0x20 | 0x10 | (net ? 1 : 0) | (shown < Mass.Zero ? 2 : 0) | (indication.Over || indication.Under ? 4 : 0) | (indication.Moving ? 8 : 0) | (zeroNotCaptured ? 0x40 : 0);
        var blank = indication.Over || indication.Under;
        var text = $"\u0002{(char)a}{(char)b}\u0020{(blank ? "      " : Digits(shown, setup.Decimals))}{Digits(tare, setup.Decimals)}\r";
        var frame = Encoding.Latin1.GetBytes(text).ToList();
        if (setup.Checksum) frame.Add((byte)(-frame.Sum(x => x) & 0x7F));
        if (setup.EvenParity)
        {
            for (var i = 0; i < frame.Count; i++) frame[i] |= (byte)((byte.PopCount(frame[i]) & 1) << 7);
        }
        return [.. frame];
    }

    /// <summary>Six digits as displayed with the point left out, leading zeros of the whole part blank.</summary>
    private static string Digits(Mass mass, int decimals) =>
        mass.Abs().Kilograms.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Replace(".", "", StringComparison.Ordinal).PadLeft(6);

    private protected override void Tick() => SendWeight(Frame(Platform.Read(), _tare, ZeroNotCaptured, _setup));

    private void Take(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            switch ((char)b)
            {
                case 'T': _tare = Platform.Read().Gross; break;
                case 'C': _tare = Mass.Zero; break;
                case 'Z':
                    Platform.SetZero();
                    ZeroNotCaptured = false;
                    break;
                default: break;
            }
        }
    }
}
