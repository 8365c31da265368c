using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Verdicts.Terms;

/// <summary>
/// A contract's way to round a weight (domain.md 4.5). Applied to an exact fraction of milligrams, so that a volume that does not divide evenly
/// is not rounded twice. A closed set.
/// </summary>
public abstract record WeightRounding
{
    private WeightRounding()
    {
    }

    /// <summary>Most decimals of a kilogram that a rounding can name: six, the milligram.</summary>
    public const int DecimalsMax = 6;

    /// <summary>Up to the next whole step: 1.4 kg of excess in steps of 0.5 kg bills 1.5 kg.</summary>
    /// <param name="Step">More than zero.</param>
    public sealed record CeilStep(Mass Step) : WeightRounding
    {
        internal override Mass Apply(Int128 numerator, Int128 denominator) => Multiple(-FloorDivide(-numerator, denominator * Step.Milligrams), Step.Milligrams);
    }

    /// <summary>Down to so many decimals of a kilogram.</summary>
    /// <param name="Decimals">0 to <see cref="DecimalsMax"/>.</param>
    public sealed record TruncDecimals(int Decimals) : WeightRounding
    {
        internal override Mass Apply(Int128 numerator, Int128 denominator)
        {
            var unit = UnitOf(Decimals);
            return Multiple(FloorDivide(numerator, denominator * unit), unit);
        }
    }

    /// <summary>To the nearest value of so many decimals of a kilogram, half up.</summary>
    /// <param name="Decimals">0 to <see cref="DecimalsMax"/>.</param>
    public sealed record HalfUpDecimals(int Decimals) : WeightRounding
    {
        internal override Mass Apply(Int128 numerator, Int128 denominator)
        {
            var unit = UnitOf(Decimals);
            return Multiple(FloorDivide((2 * numerator) + (denominator * unit), 2 * denominator * unit), unit);
        }
    }

    /// <summary>Rounds numerator/denominator milligrams; the denominator is above zero, the numerator not below.</summary>
    internal abstract Mass Apply(Int128 numerator, Int128 denominator);

    private static long UnitOf(int decimals)
    {
        var unit = 1_000_000L;
        for (var i = 0; i < decimals; i++) unit /= 10;
        return unit;
    }

    private static Int128 FloorDivide(Int128 a, Int128 b)
    {
        var quotient = a / b;
        return a % b < 0 ? quotient - 1 : quotient;
    }

    private static Mass Multiple(Int128 times, long unit) => Mass.FromMilligrams(checked((long)(times * unit)));
}
