using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Unit.Kernel;

public sealed class MoneyTests
{
    private static readonly Gen<string> Currencies = Gen.Elements("CNY", "BRL", "JPY", "BHD", "CLF");
    private static readonly Gen<Money> Any = from minor in Seeded.Longs(long.MinValue, long.MaxValue) from currency in Currencies select new Money(minor, currency);

    [Fact]
    public void Major_units_come_back_exactly() => Seeded.Holds(Any, money => Money.TryFromAmount(money.Amount, money.Currency) == money
        && Money.Round(money.Amount, money.Currency, MidpointRounding.ToZero) == money);

    [Fact]
    public void Addition_is_associative_and_undone_by_subtraction() => Seeded.Holds(Gen.Three(Seeded.Longs(long.MinValue / 3, long.MaxValue / 3)), minors =>
    {
        var (a, b, c) = (new Money(minors.Item1, "CNY"), new Money(minors.Item2, "CNY"), new Money(minors.Item3, "CNY"));
        return a + b + c == a + (b + c) && a + b == b + a && a + b - b == a && a + -a == Money.Zero("CNY");
    });

    [Fact]
    public void A_sum_leaves_the_range_loudly_or_is_right() => Seeded.Holds(Gen.Two(Seeded.Longs(long.MinValue, long.MaxValue)), pair =>
    {
        var exact = (Int128)pair.Item1 + pair.Item2;
        try
        {
            return (new Money(pair.Item1, "CNY") + new Money(pair.Item2, "CNY")).Minor == exact;
        }
        catch (OverflowException)
        {
            return exact > long.MaxValue || exact < long.MinValue;
        }
    });

    [Fact]
    public void Two_currencies_never_meet()
    {
        var (yuan, real) = (new Money(1, "CNY"), new Money(1, "BRL"));
        Should.Throw<InvalidOperationException>(() => yuan + real).Message.ShouldContain("different currencies");
        Should.Throw<InvalidOperationException>(() => yuan - real);
        Should.Throw<InvalidOperationException>(() => yuan < real);
        yuan.ShouldNotBe(real);
    }

    [Theory]
    [InlineData("cny")]
    [InlineData("CN")]
    [InlineData("CNYX")]
    [InlineData("元")]
    [InlineData("")]
    public void A_currency_is_three_capital_letters(string currency)
    {
        Should.Throw<ArgumentException>(() => new Money(1, currency));
        Money.TryFromAmount(1, currency).ShouldBeNull();
    }

    [Fact]
    public void More_decimals_than_the_currency_has_are_refused_because_rounding_is_a_contracts_business()
    {
        Money.TryFromAmount(12.40m, "CNY").ShouldBe(new Money(1240, "CNY"));
        Money.TryFromAmount(12.345m, "CNY").ShouldBeNull();
        Money.TryFromAmount(12.345m, "BHD").ShouldBe(new Money(12_345, "BHD"));
        Money.TryFromAmount(12.5m, "JPY").ShouldBeNull();
    }

    [Fact]
    public void An_amount_out_of_range_is_refused_or_overflows()
    {
        Money.TryFromAmount(decimal.MaxValue, "CNY").ShouldBeNull();
        Money.TryFromAmount(decimal.MinValue, "CLF").ShouldBeNull();
        Money.TryFromAmount(92_233_720_368_547_758.08m, "CNY").ShouldBeNull();
        Should.Throw<OverflowException>(() => Money.Round(decimal.MaxValue, "CNY", MidpointRounding.ToEven));
    }

    [Theory]
    [InlineData("2.345", MidpointRounding.AwayFromZero, 235)]
    [InlineData("2.345", MidpointRounding.ToEven, 234)]
    [InlineData("-2.345", MidpointRounding.AwayFromZero, -235)]
    [InlineData("2.341", MidpointRounding.ToPositiveInfinity, 235)]
    public void Rounding_is_the_one_the_clause_names(string amount, MidpointRounding rounding, long minor) =>
        Money.Round(decimal.Parse(amount, CultureInfo.InvariantCulture), "CNY", rounding).Minor.ShouldBe(minor);

    [Fact]
    public void A_default_amount_is_none()
    {
        Should.Throw<InvalidOperationException>(() => default(Money).Currency);
        Should.Throw<InvalidOperationException>(() => default(Money) + new Money(1, "CNY"));
    }

    [Fact]
    public void Money_writes_itself_with_the_decimals_of_its_currency()
    {
        new Money(1240, "CNY").ToString().ShouldBe("12.40 CNY");
        new Money(-5, "CNY").ToString().ShouldBe("-0.05 CNY");
        new Money(12, "JPY").ToString().ShouldBe("12 JPY");
        new Money(12_345, "BHD").ToString().ShouldBe("12.345 BHD");
    }
}
