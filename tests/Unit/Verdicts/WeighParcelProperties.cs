using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Weighing;
using static KeyAccountLogistics.Unit.Verdicts.Sample;

namespace KeyAccountLogistics.Unit.Verdicts;

public sealed class WeighParcelProperties
{
    private static readonly Gen<ScaleFacts?> Scales =
        Gen.Elements<ScaleFacts?>(null, Scale(), Scale(60, 20), Scale(150, 50), Scale(6, 2));

    // Milligrams, so that readings fall between a scale's intervals too, and often near the steps of the error table and the minimum.
    private static readonly Gen<long> Masses = Gen.Frequency(
        (2, Gen.Choose(1, 30_000_000).Select(m => (long)m)),
        (1, Gen.Choose(-60_000, 60_000).Select(d => 5_000_000L + d)),
        (1, Gen.Choose(-60_000, 60_000).Select(d => 20_000_000L + d)),
        (1, Gen.Choose(-60_000, 60_000).Select(d => 200_000L + d)),
        (1, Gen.Choose(1, 3_000).Select(i => i * 10_000L)));

    private static readonly Gen<(Mass Allowance, decimal Percent)> Allowances =
        from grams in Gen.Elements(0, 0, 7, 50)
        from percent in Gen.Elements(0m, 0m, 0.5m, 2m)
        select (Mass.FromGrams(grams), percent);

    [Fact]
    public void More_deviation_on_the_same_side_never_improves_the_integrity_answer()
    {
        var anywhere =
            from handedOn in Masses
            from near in Gen.Frequency((2, Gen.Choose(0, 200_000)), (1, Gen.Choose(0, 15_000_000)))
            from further in Gen.Frequency((2, Gen.Choose(1, 30_000)), (1, Gen.Choose(1, 10_000_000)))
            select (handedOn, near, further);

        // Across a step of an error table or a minimum, where the limit itself moves.
        var acrossAStep =
            from step in Gen.Elements(200_000L, 400_000L, 1_000_000L, 5_000_000L, 10_000_000L, 20_000_000L, 25_000_000L)
            from before in Gen.Choose(-80_000, 80_000)
            from near in Gen.Choose(0, 90_000)
            from further in Gen.Choose(1, 25_000)
            select (step + before, near, further);
        var cases =
            from masses in Gen.OneOf(anywhere, acrossAStep)
            from handedOnScale in Scales
            from scale in Scales
            from side in Gen.Elements(-1, 1)
            from allowance in Allowances
            select (handedOn: masses.Item1, handedOnScale, scale, near: masses.Item2, further: masses.Item3, side, allowance);
        Seeded.Holds(
            cases,
            c =>
            {
                var closer = Integrity(c.handedOn, c.handedOnScale, c.handedOn + (c.side * c.near), c.scale, c.allowance);
                var farther = Integrity(c.handedOn, c.handedOnScale, c.handedOn + (c.side * ((long)c.near + c.further)), c.scale, c.allowance);
                return closer is null || farther is null || Rank(farther.Value) >= Rank(closer.Value);
            },
            tests: 20_000);
    }

    [Fact]
    public void On_the_limit_is_within_and_a_milligram_more_is_held()
    {
        var cases =
            from intervals in Gen.Choose(60, 2_900)
            from reference in Scales
            from allowance in Allowances
            select (Measured: intervals * 10_000L, reference, allowance);
        Seeded.Holds(cases, c =>
        {
            // Under side: the measured mass, and with it its error, stays; the reference moves.
            var limit = Scale().InServiceError(Mass.FromMilligrams(c.Measured)) + c.allowance.Allowance;
            var at = Integrity(c.Measured + limit.Milligrams, null, c.Measured, Scale(), (c.allowance.Allowance, 0));
            var beyond = Integrity(c.Measured + limit.Milligrams + 1, null, c.Measured, Scale(), (c.allowance.Allowance, 0));
            return at == IntegrityAnswer.Intact && beyond == IntegrityAnswer.HeldUnder;
        });
    }

    [Fact]
    public void At_whole_intervals_the_limit_is_exactly_the_sum_of_errors_and_terms()
    {
        var cases =
            from handedOn in Gen.Choose(20, 3_000)
            from measured in Gen.Choose(20, 3_000)
            from allowance in Allowances
            where handedOn != measured
            select (Mass.FromGrams(handedOn * 10), Mass.FromGrams(measured * 10), allowance);
        Seeded.Holds(cases, c =>
        {
            var (handedOn, measured, (absolute, percent)) = c;
            var scale = Scale();
            var plain = scale.InServiceError(handedOn) + scale.InServiceError(measured) + absolute
                + Mass.FromMilligrams((long)Math.Floor(handedOn.Milligrams * percent / 100m));
            var held = (measured - handedOn).Abs() > plain;
            var judged = (WeighVerdict.Judged)WeighParcel.Decide(
                Chain(handedOn: new KnownWeight(handedOn, scale)), Terms(absolute.Grams, percent), WeighReading.FromScale(scale, measured, true, true), Today);
            return judged.Held == held;
        });
    }

    [Fact]
    public void What_bills_is_never_below_the_first_weight_and_never_absent_above_the_minimum()
    {
        var cases =
            from declared in Masses
            from measured in Masses
            from scale in Scales
            select (declared, measured, scale);
        Seeded.Holds(cases, c =>
        {
            var verdict = WeighParcel.Decide(Chain(new KnownWeight(Mass.FromMilligrams(c.declared), null)), Terms(), Reading(c.measured, c.scale), Today);
            return verdict is WeighVerdict.NoVerdict || ((WeighVerdict.Judged)verdict).Figures.Bills >= Kg("1");
        });
    }

    private static int Rank(IntegrityAnswer answer) => answer switch
    {
        IntegrityAnswer.Intact => 0,
        IntegrityAnswer.BelowMinimum => 1,
        IntegrityAnswer.HeldOver or IntegrityAnswer.HeldUnder => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    private static IntegrityAnswer? Integrity(long handedOn, ScaleFacts? handedOnScale, long measured, ScaleFacts? scale, (Mass Absolute, decimal Percent) terms) =>
        (WeighParcel.Decide(
            Chain(handedOn: new KnownWeight(Mass.FromMilligrams(handedOn), handedOnScale)),
            Terms(terms.Absolute.Grams, terms.Percent),
            Reading(measured, scale),
            Today) as WeighVerdict.Judged)?.Integrity;

    private static WeighReading Reading(long measured, ScaleFacts? scale) => scale is null
        ? WeighReading.ByHand(Mass.FromMilligrams(measured))
        : WeighReading.FromScale(scale, Mass.FromMilligrams(measured), stable: true, returnedToZero: true);
}
