using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Unit.Kernel;

public sealed class MassTests
{
    private static readonly Gen<Mass> Any = Seeded.Longs(long.MinValue, long.MaxValue).Select(Mass.FromMilligrams);

    // Three of these add up without leaving the range.
    private static readonly Gen<Mass> Third = Seeded.Longs(long.MinValue / 3, long.MaxValue / 3).Select(Mass.FromMilligrams);

    [Fact]
    public void Grams_and_kilograms_come_back_exactly() => Seeded.Holds(Any, mass =>
        Mass.FromGrams(mass.Grams) == mass && Mass.FromKilograms(mass.Kilograms) == mass && Mass.FromMilligrams(mass.Milligrams) == mass);

    [Fact]
    public void Every_metric_unit_comes_back_exactly() => Seeded.Holds(Any, mass =>
        Mass.TryFrom(mass.Grams, "g", out var grams) && Mass.TryFrom(mass.Kilograms, " KG ", out var kilograms) && Mass.TryFrom(mass.Milligrams, "mg", out var milligrams)
        && Mass.TryFrom(mass.Milligrams / 1_000_000_000m, "t", out var tonnes)
        && grams == mass && kilograms == mass && milligrams == mass && tonnes == mass);

    [Fact]
    public void Addition_is_associative_and_commutative_and_undone_by_subtraction() => Seeded.Holds(Gen.Three(Third), masses =>
    {
        var (a, b, c) = masses;
        return a + b + c == a + (b + c) && a + b == b + a && a + b - b == a && a + Mass.Zero == a && a + -a == Mass.Zero;
    });

    [Fact]
    public void A_multiple_is_the_repeated_sum() => Seeded.Holds(Gen.Zip(Third, Seeded.Ints(0, 3)), pair =>
        pair.Item1 * pair.Item2 == Enumerable.Repeat(pair.Item1, pair.Item2).Aggregate(Mass.Zero, (sum, each) => sum + each));

    [Fact]
    public void A_sum_leaves_the_range_loudly_or_is_right() => Seeded.Holds(Gen.Two(Any), pair =>
    {
        var exact = (Int128)pair.Item1.Milligrams + pair.Item2.Milligrams;
        try
        {
            return (pair.Item1 + pair.Item2).Milligrams == exact;
        }
        catch (OverflowException)
        {
            return exact > long.MaxValue || exact < long.MinValue;
        }
    });

    [Fact]
    public void Order_is_the_order_of_the_milligrams() => Seeded.Holds(Gen.Two(Any), pair =>
    {
        var (a, b) = pair;
        return a < b == a.Milligrams < b.Milligrams && a <= b == !(a > b) && a >= b == (Mass.Max(a, b) == a) && Math.Sign(a.CompareTo(b)) == Math.Sign(a.Milligrams.CompareTo(b.Milligrams));
    });

    [Theory]
    [InlineData("0.0005", 1)]
    [InlineData("-0.0005", -1)]
    [InlineData("0.0004999", 0)]
    [InlineData("2.0015", 2002)]
    [InlineData("2.345", 2345)]
    public void A_half_milligram_goes_away_from_zero(string grams, long milligrams) =>
        Mass.FromGrams(decimal.Parse(grams, System.Globalization.CultureInfo.InvariantCulture)).Milligrams.ShouldBe(milligrams);

    [Theory]
    [InlineData("1", "lb", 453_592)]
    [InlineData("16", "oz", 453_592)]
    [InlineData("2.5", "LB", 1_133_981)]
    [InlineData("1", "oz", 28_350)]
    public void Pounds_and_ounces_are_the_international_ones(string number, string unit, long milligrams)
    {
        Mass.TryFrom(decimal.Parse(number, System.Globalization.CultureInfo.InvariantCulture), unit, out var mass).ShouldBeTrue();
        mass.Milligrams.ShouldBe(milligrams);
    }

    [Theory]
    [InlineData("")]
    [InlineData("kgs")]
    [InlineData("斤")]
    [InlineData("N")]
    public void A_number_without_a_known_unit_has_no_mass(string unit) => Mass.TryFrom(1, unit, out _).ShouldBeFalse();

    [Fact]
    public void Out_of_range_is_an_overflow_or_a_refusal_and_never_a_mass()
    {
        Mass.FromMilligrams(long.MaxValue).ShouldBe(Mass.FromGrams(long.MaxValue / 1000m));
        Should.Throw<OverflowException>(() => Mass.FromKilograms(decimal.MaxValue));
        Should.Throw<OverflowException>(() => Mass.FromGrams(9_223_372_036_854_775.808m));
        Should.Throw<OverflowException>(() => Mass.FromMilligrams(long.MaxValue) * 2);
        Should.Throw<OverflowException>(() => -Mass.FromMilligrams(long.MinValue));
        Should.Throw<OverflowException>(() => Mass.FromMilligrams(long.MinValue).Abs());
        Mass.TryFrom(decimal.MaxValue, "mg", out _).ShouldBeFalse();
        Mass.TryFrom(long.MaxValue + 1m, "mg", out _).ShouldBeFalse();
        Mass.TryFrom(long.MinValue - 0.5m, "mg", out _).ShouldBeFalse();
        Mass.TryFrom(decimal.MinValue, "t", out _).ShouldBeFalse();
    }

    [Fact]
    public void A_mass_writes_itself_in_kilograms_with_three_decimals_at_least()
    {
        Mass.FromGrams(2345).ToString().ShouldBe("2.345 kg");
        Mass.FromGrams(2000).ToString().ShouldBe("2.000 kg");
        Mass.FromMilligrams(-1).ToString().ShouldBe("-0.000001 kg");
    }
}
