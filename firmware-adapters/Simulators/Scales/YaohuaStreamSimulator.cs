using System.Globalization;
using System.Text;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Simulators.Scales;

/// <summary>The "=" stream of an XK3190-A26: format 1 sends the last digit first, format 2 as shown; nothing tells which, nothing ends a frame.</summary>
public sealed class YaohuaStreamSimulator : ScaleSimulator
{
    private readonly bool _reversed;
    private readonly int _decimals;

    /// <summary>A scale at <paramref name="linkPath"/> that sends ten frames a second.</summary>
    public YaohuaStreamSimulator(string linkPath, PlatformSettings settings, TimeProvider time, bool reversed, int decimals = 3)
        : base(linkPath, settings, time, TimeSpan.FromMilliseconds(100))
    {
        _reversed = reversed;
        _decimals = decimals;
    }

    /// <summary>One frame: <c>=</c> and eight characters, kilograms with leading zeros, a minus before the first digit as shown.</summary>
    public static byte[] Frame(Mass shown, int decimals, bool reversed)
    {
        var pattern = new string('0', 7 - decimals) + "." + new string('0', decimals);
        var digits = shown.Abs().Kilograms.ToString(pattern, CultureInfo.InvariantCulture);
        if (shown < Mass.Zero) digits = "-" + digits[1..];
        if (reversed) digits = new string([.. digits.Reverse()]);
        return Encoding.ASCII.GetBytes("=" + digits);
    }

    /// <summary>The wire has no word for overload: an overloaded indicator stops its stream.</summary>
    private protected override void Tick()
    {
        var indication = Platform.Read();
        if (!indication.Over && !indication.Under) SendWeight(Frame(indication.Gross, _decimals, _reversed));
    }
}
