using System.Numerics;
using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Weighing;
using static KeyAccountLogistics.Unit.Verdicts.Sample;

namespace KeyAccountLogistics.Unit.Verdicts;

// domain.md 4.5, the golden cases: actual 2.345 kg, 40 × 30 × 20 cm = 24,000 cm³, first 1 kg.
public sealed class ChargeableWeightTests
{
    private static readonly Dimensions Box = Dimensions.TryFromMillimetres(400, 300, 200)!.Value;
    private static readonly WeightRounding Ceil100 = new WeightRounding.CeilStep(Mass.FromGrams(100));

    public static TheoryData<int, WeightRounding, string> Golden => new()
    {
        { 12000, Ceil100, "2.4" },
        { 12000, new WeightRounding.CeilStep(Mass.FromGrams(500)), "2.5" },
        { 12000, new WeightRounding.TruncDecimals(2), "2.34" },
        { 12000, new WeightRounding.HalfUpDecimals(1), "2.3" },
        { 12000, new WeightRounding.CeilStep(Kg("1")), "3" },
        { 6000, Ceil100, "4" },
        { 6000, new WeightRounding.CeilStep(Mass.FromGrams(500)), "4" },
        { 6000, new WeightRounding.TruncDecimals(2), "4" },
        { 6000, new WeightRounding.HalfUpDecimals(1), "4" },
        { 6000, new WeightRounding.CeilStep(Kg("1")), "4" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void The_golden_cases(int divisor, WeightRounding rounding, string bills) => Of("2.345", Box, divisor, rounding).Bills.ShouldBe(Kg(bills));

    [Theory]
    [InlineData(12000)]
    [InlineData(6000)]
    [InlineData(3000)]
    public void A_small_light_parcel_bills_the_first_weight_whatever_the_mode(int divisor)
    {
        foreach (var rounding in Golden.Select(row => (WeightRounding)row[1]))
        {
            var answer = Of("0.4", Dimensions.TryFromMillimetres(100, 100, 50), divisor, rounding);
            answer.Bills.ShouldBe(Kg("1"));
            answer.Basis.ShouldBe(ChargeBasis.FirstWeight);
        }
    }

    [Fact]
    public void The_answer_says_what_it_was_made_of()
    {
        var answer = Of("2.345", Box, 6000, Ceil100);
        answer.ShouldBe(new ChargeableAnswer(Kg("4"), ChargeBasis.Volumetric, Kg("2.345"), Kg("4"), 6000, ClauseId.Parse("T-3")));
        Of("2.345", Box, 12000, Ceil100).Basis.ShouldBe(ChargeBasis.Actual);
        Of("2.345", null, 12000, Ceil100).Volumetric.ShouldBeNull();
        Of("4.000", Box, 6000, Ceil100).Basis.ShouldBe(ChargeBasis.Actual);   // where both bill the same the scale decides
    }

    [Theory]
    [InlineData(RoundingReadOn.Excess, "1.7")]
    [InlineData(RoundingReadOn.Total, "2")]
    public void The_clause_says_whether_the_excess_or_the_total_is_rounded(RoundingReadOn readOn, string bills)
    {
        var terms = FirstKiloThenHalf with { First = Kg("1.2"), ReadOn = readOn };
        ChargeableWeight.Of(Kg("1.6"), null, terms, "", "").Bills.ShouldBe(Kg(bills));
    }

    [Theory]
    [InlineData(SideRounding.None, 1_000)]       // 104 × 104 × 92.4 → as measured
    [InlineData(SideRounding.NearestCm, 900)]    // 10 × 10 × 9 cm
    [InlineData(SideRounding.UpCm, 1_210)]       // 11 × 11 × 10 cm
    public void Each_side_is_rounded_before_the_volume_is_taken(SideRounding side, int cubicCentimetres)
    {
        var terms = FirstKiloThenHalf with { First = Mass.Zero, Rounding = new WeightRounding.TruncDecimals(6), Volumetric = new VolumetricTerms(1_000, side, null, []) };
        var sides = side == SideRounding.None ? Dimensions.TryFromMillimetres(100, 100, 100) : Dimensions.TryFromMillimetres(104, 104, 92);
        ChargeableWeight.Of(Mass.Zero, sides, terms, "", "").Bills.ShouldBe(Mass.FromGrams(cubicCentimetres));
    }

    [Fact]
    public void A_thin_envelope_keeps_a_centimetre_of_thickness()
    {
        var terms = FirstKiloThenHalf with { First = Mass.Zero, Rounding = new WeightRounding.TruncDecimals(6), Volumetric = new VolumetricTerms(1_000, SideRounding.NearestCm, null, []) };
        ChargeableWeight.Of(Mass.Zero, Dimensions.TryFromMillimetres(100, 100, 3), terms, "", "").Bills.ShouldBe(Mass.FromGrams(100));
    }

    [Fact]
    public void A_volume_that_does_not_divide_evenly_is_not_rounded_down_before_the_step()
    {
        // 229 × 1039 × 1471 mm = 349,996.501 cm³; by 99,999 that is a hundred-thousandth of a milligram over 3.5 kg.
        var terms = FirstKiloThenHalf with { Volumetric = new VolumetricTerms(99_999, SideRounding.None, null, []) };
        var answer = ChargeableWeight.Of(Mass.Zero, Dimensions.TryFromMillimetres(229, 1039, 1471), terms, "", "");
        answer.Volumetric.ShouldBe(Kg("3.5"));
        answer.Bills.ShouldBe(Kg("4"));
    }

    [Fact]
    public void The_volumetric_weight_may_have_a_rounding_of_its_own_first()
    {
        var terms = FirstKiloThenHalf with
        {
            Rounding = new WeightRounding.TruncDecimals(3),
            Volumetric = new VolumetricTerms(5_000, SideRounding.NearestCm, new WeightRounding.CeilStep(Mass.FromGrams(500)), []),
        };
        var answer = ChargeableWeight.Of(Kg("2.345"), Dimensions.TryFromMillimetres(300, 200, 205), terms, "", "");   // 30 × 20 × 21 = 12,600 → 2.52 → 3.0
        answer.Volumetric.ShouldBe(Kg("3"));
        answer.Bills.ShouldBe(Kg("3"));
    }

    [Fact]
    public void The_most_specific_lane_picks_the_divisor()
    {
        var volumetric = new VolumetricTerms(6_000, SideRounding.None, null, [new(new Lane("31*", "31*"), 12_000), new(new Lane("3100", "3101"), 8_000)]);
        volumetric.DivisorFor("3100", "3100").ShouldBe(12_000);
        volumetric.DivisorFor("3100", "3101").ShouldBe(8_000);
        volumetric.DivisorFor("3100", "4401").ShouldBe(6_000);
    }

    [Fact]
    public void It_agrees_with_a_slow_exact_reference_on_any_parcel()
    {
        var cases =
            from actual in Gen.Choose(0, 60_000_000)
            from length in Gen.Choose(1, 2_000)
            from width in Gen.Choose(1, 2_000)
            from height in Gen.Choose(1, 2_000)
            from divisor in Gen.Elements(3_000, 5_000, 6_000, 7_000, 8_000, 12_000, 99_999)
            from first in Gen.Elements(0, 500, 1_000, 1_200)
            from rounding in Gen.Elements<WeightRounding>(
                Ceil100,
                new WeightRounding.CeilStep(Mass.FromGrams(500)),
                new WeightRounding.CeilStep(Mass.FromGrams(7)),
                new WeightRounding.TruncDecimals(0),
                new WeightRounding.TruncDecimals(2),
                new WeightRounding.HalfUpDecimals(1),
                new WeightRounding.HalfUpDecimals(6))
            from readOn in Gen.Elements(RoundingReadOn.Excess, RoundingReadOn.Total)
            select (Mass.FromMilligrams(actual), Dimensions.TryFromMillimetres(length, width, height)!.Value, divisor, Mass.FromGrams(first), rounding, readOn);
        Seeded.Holds(cases, c =>
        {
            var (actual, sides, divisor, first, rounding, readOn) = c;
            var terms = new ChargeableWeightTerms(ClauseId.Parse("T-3"), [], first, rounding, readOn, new VolumetricTerms(divisor, SideRounding.None, null, []));
            return ChargeableWeight.Of(actual, sides, terms, "", "").Bills.Milligrams == Slow(actual, sides, divisor, first, rounding, readOn);
        });
    }

    // Max first, then round, in rational numbers of unlimited size: the text of domain.md 4.5 word by word.
    private static long Slow(Mass actual, Dimensions sides, int divisor, Mass first, WeightRounding rounding, RoundingReadOn readOn)
    {
        var volume = new BigInteger(sides.CubicMillimetres) * 1_000;
        var weight = BigInteger.Max(volume, new BigInteger(actual.Milligrams) * divisor);     // in mg × divisor
        var floor = readOn == RoundingReadOn.Excess ? new BigInteger(first.Milligrams) * divisor : BigInteger.Zero;
        if (weight <= new BigInteger(first.Milligrams) * divisor && readOn == RoundingReadOn.Excess) return first.Milligrams;
        var over = weight - floor;
        var unit = rounding switch
        {
            WeightRounding.CeilStep ceil => ceil.Step.Milligrams,
            WeightRounding.TruncDecimals trunc => (long)Math.Pow(10, 6 - trunc.Decimals),
            WeightRounding.HalfUpDecimals half => (long)Math.Pow(10, 6 - half.Decimals),
            _ => throw new InvalidOperationException(),
        };
        var scale = new BigInteger(unit) * divisor;
        var times = rounding switch
        {
            WeightRounding.CeilStep => (over + scale - 1) / scale,
            WeightRounding.TruncDecimals => over / scale,
            _ => ((2 * over) + scale) / (2 * scale),
        };
        var rounded = (long)(times * unit) + (readOn == RoundingReadOn.Excess ? first.Milligrams : 0);
        return Math.Max(rounded, first.Milligrams);
    }

    private static ChargeableAnswer Of(string actual, Dimensions? sides, int divisor, WeightRounding rounding) => ChargeableWeight.Of(
        Kg(actual),
        sides,
        FirstKiloThenHalf with { Rounding = rounding, Volumetric = new VolumetricTerms(divisor, SideRounding.None, null, []) },
        "3100",
        "4401");
}
