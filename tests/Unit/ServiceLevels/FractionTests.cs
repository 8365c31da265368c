using System.Globalization;
using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.ServiceLevels.Figures;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>The exact numbers under TQCSO and the service quality index.</summary>
public sealed class FractionTests
{
    [Fact]
    public void Rounding_is_half_away_from_zero_and_keeps_its_zeros()
    {
        (((Fraction)1 / 8).Round(2), ((Fraction)(-1) / 8).Round(2), ((Fraction)1 / 3).Round(4)).ShouldBe((0.13m, -0.13m, 0.3333m));
        ((Fraction)60).Round(4).ToString(CultureInfo.InvariantCulture).ShouldBe("60.0000");
        ((Fraction)(-1) / 100_000).Round(4).ShouldBe(0);
        Should.Throw<OverflowException>(() => ((Fraction)decimal.MaxValue).Round(1));
    }

    [Fact]
    public void The_default_is_zero_and_nothing_is_divided_by_it()
    {
        default(Fraction).ShouldBe((Fraction)0);
        (default(Fraction) + 0.5m).ShouldBe((Fraction)1 / 2);
        Should.Throw<InvariantBrokenException>(() => (Fraction)1 / default(Fraction));
    }

    [Fact]
    public void Every_decimal_is_itself_and_sums_and_quotients_lose_nothing() => Seeded.Holds(
        from a in Seeded.Longs(long.MinValue + 1, long.MaxValue) from b in Seeded.Longs(-1_000_000_007, 1_000_000_007) from scale in Seeded.Ints(0, 10) select (a, b, scale),
        drawn =>
        {
            var number = new decimal((int)(drawn.a & 0x7FFF_FFFF), (int)(drawn.b & 0x7FFF_FFFF), 0, drawn.a < 0, (byte)drawn.scale);
            Fraction of = number;
            var back = of.Round(drawn.scale) == number && of + drawn.b - drawn.b == of && (drawn.b == 0 || of / drawn.b * drawn.b == of);
            var floor = new Fraction[] { (long)((Fraction)drawn.a / 7).Floor(), (long)((Fraction)drawn.a / 7).Ceiling() };
            return back && floor[0] <= (Fraction)drawn.a / 7 && (Fraction)drawn.a / 7 <= floor[1] && floor[1] - floor[0] <= 1 && Math.Abs(((Fraction)drawn.b / 3).ToDouble() - drawn.b / 3.0) <= 1e-6;
        });
}
