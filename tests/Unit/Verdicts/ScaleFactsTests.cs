using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Weighing;
using static KeyAccountLogistics.Unit.Verdicts.Sample;

namespace KeyAccountLogistics.Unit.Verdicts;

// devices.md section 6: limits of error in service, twice those of OIML R 76-1, table 6.
public sealed class ScaleFactsTests
{
    [Theory]
    [InlineData(30, 10, "0.2", 10)]
    [InlineData(30, 10, "5", 10)]
    [InlineData(30, 10, "5.000001", 20)]
    [InlineData(30, 10, "20", 20)]
    [InlineData(30, 10, "20.000001", 30)]
    [InlineData(30, 10, "30", 30)]
    [InlineData(60, 20, "10", 20)]
    [InlineData(60, 20, "10.02", 40)]
    [InlineData(60, 20, "40", 40)]
    [InlineData(60, 20, "40.02", 60)]
    [InlineData(60, 20, "60", 60)]
    [InlineData(150, 50, "25", 50)]
    [InlineData(150, 50, "25.05", 100)]
    [InlineData(150, 50, "100", 100)]
    [InlineData(150, 50, "100.05", 150)]
    [InlineData(150, 50, "150", 150)]
    public void The_golden_table_of_class_III(int kilograms, int interval, string at, int errorGrams) =>
        Scale(kilograms, interval).InServiceError(Kg(at)).ShouldBe(Mass.FromGrams(errorGrams));

    [Theory]
    [InlineData(30, 10, 200)]
    [InlineData(60, 20, 400)]
    [InlineData(150, 50, 1000)]
    public void Its_minimum_is_twenty_intervals(int kilograms, int interval, int minimumGrams) =>
        Scale(kilograms, interval).Minimum.ShouldBe(Mass.FromGrams(minimumGrams));

    [Theory]
    [InlineData(AccuracyClass.I, 50_000, 200_000)]
    [InlineData(AccuracyClass.II, 5_000, 20_000)]
    [InlineData(AccuracyClass.III, 500, 2_000)]
    [InlineData(AccuracyClass.IIII, 50, 200)]
    public void Every_class_steps_at_its_own_loads(AccuracyClass accuracy, long first, long second)
    {
        var e = Mass.FromMilligrams(7);
        var scale = new ScaleFacts("s", "1", accuracy, e, e * second * 2, Mass.Zero, null);
        var one = Mass.FromMilligrams(1);
        scale.InServiceError(Mass.Zero).ShouldBe(e);
        scale.InServiceError(e * first).ShouldBe(e);
        scale.InServiceError((e * first) + one).ShouldBe(e * 2);
        scale.InServiceError(e * second).ShouldBe(e * 2);
        scale.InServiceError((e * second) + one).ShouldBe(e * 3);
        scale.InServiceError(-(e * first)).ShouldBe(e);
    }

    [Fact]
    public void A_registration_that_no_scale_can_have_is_named()
    {
        Scale().Flaw().ShouldBeNull();
        (Scale() with { Interval = Mass.Zero }).Flaw().ShouldNotBeNull().ShouldContain("above zero");
        (Scale() with { Capacity = Mass.FromGrams(9) }).Flaw().ShouldNotBeNull().ShouldContain("at least one interval");
        (Scale() with { Minimum = Kg("31") }).Flaw().ShouldNotBeNull().ShouldContain("between zero and Max");
        (Scale() with { Minimum = Mass.FromGrams(-1) }).Flaw().ShouldNotBeNull().ShouldContain("between zero and Max");
        (Scale() with { Capacity = Kg("100") }).Flaw().ShouldBeNull();
        (Scale() with { Capacity = Kg("100.001") }).Flaw().ShouldNotBeNull().ShouldContain("10000 intervals");
        (Scale() with { Class = AccuracyClass.I, Capacity = Kg("5000") }).Flaw().ShouldBeNull();
    }
}
