using FsCheck.Fluent;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Rating;

namespace KeyAccountLogistics.Unit.Contracts.Rating;

/// <summary>One amount: exact whatever its numbers, in 64 bits or beyond.</summary>
public sealed class AmountRuleTests
{
    [Fact]
    public void Numbers_that_do_not_fit_into_64_bits_give_the_same_cents() => Seeded.Holds(
        from price in Seeded.Longs(1, 9_999_999_999)
        from scale in Gen.Choose(0, 10)
        from per in Seeded.Longs(1, 999_999_999_989)
        from x in Seeded.Longs(0, 1_000_000_000_000)
        from mode in Gen.Elements(AmountRoundingMode.HalfUp, AmountRoundingMode.Up, AmountRoundingMode.Down)
        select (new decimal((int)(price & 0x7FFFFFFF), (int)(price >> 31), 0, false, (byte)scale), per, x, mode),
        drawn =>
        {
            var (price, per, x, mode) = drawn;
            var terms = new AmountTerms(ChargeKind.Freight, "T-1", "", AmountBasis.Weight, [PriceTerm.Once(TermKind.First, price), new PriceTerm(TermKind.Further, price, 0, per, null, null)], null, null, new AmountRounding(0.01m, mode));
            var exact = Fraction.Of(price) + (Fraction.Of(price) * x / per);
            var cents = exact * 100;
            var expected = AmountRule.Rounded(cents.Numerator, cents.Denominator, mode);
            var isCharged = new AmountRule(terms, 2).TryAt(x, out var minor);
            return expected > AmountRule.AmountMax ? !isCharged : isCharged && minor == expected;
        });

    [Theory]
    [InlineData("0.01", "HalfUp", "1.125", 113)]
    [InlineData("0.01", "Down", "1.129", 112)]
    [InlineData("0.01", "Up", "1.121", 113)]
    [InlineData("0.1", "HalfUp", "1.25", 130)]
    [InlineData("1", "HalfUp", "15.5", 1_600)]
    [InlineData("0.5", "Down", "1.99", 150)]
    public void Rounded_to_a_multiple_of_the_clauses_unit(string unit, string mode, string price, long minor)
    {
        var rounding = new AmountRounding(Number(unit), Enum.Parse<AmountRoundingMode>(mode));
        var rule = new AmountRule(new AmountTerms(ChargeKind.Freight, "T-1", "", AmountBasis.None, [PriceTerm.Once(TermKind.Shipment, Number(price))], null, null, rounding), 2);
        rule.TryAt(0, out var amount).ShouldBeTrue();
        amount.ShouldBe(minor);
    }

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
