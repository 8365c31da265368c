using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.ServiceLevels.Indicators;
using KeyAccountLogistics.ServiceLevels.Scoring;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>What holds of a TQCSO score whatever the figures are (SEED-03-TQCSO).</summary>
public sealed class ScoreProperties
{
    // Any indicator with or without figures, small and large samples, nothing due now and then.
    private static Gen<IndicatorFigures[]> Periods =>
        Gen.CollectToArray(IndicatorCatalogue.All, Figures).Select(all => all.OfType<IndicatorFigures>().ToArray());

    private static Gen<IndicatorFigures?> Figures(Indicator indicator) => Gen.Frequency(
        (1, Gen.Constant<IndicatorFigures?>(null)),
        (1, Gen.Constant<IndicatorFigures?>(WorkedExample.Of(indicator.Code, 0, 0))),
        (8, from size in Gen.Elements(5, 60, 3_000, 100_000)
            from denominator in Gen.Choose(1, size)
            from bad in Gen.Choose(0, Math.Max(1, denominator / (indicator.Kind is ValueKind.PerMillion ? 1_000 : 8)))
            select Of(indicator, bad, denominator)),
        (1, from denominator in Gen.Choose(1, 1_000) from bad in Gen.Choose(0, denominator) select Of(indicator, bad, denominator)));

    private static IndicatorFigures? Of(Indicator indicator, int bad, int denominator) => indicator.Kind switch
    {
        ValueKind.MeanHours => WorkedExample.Of(indicator.Code, 40m * denominator + 10m * bad, denominator),
        _ => WorkedExample.Of(indicator.Code, indicator.Levels.LowerIsBetter ? Math.Min(bad, denominator) : Math.Max(0, denominator - bad), denominator),
    };

    [Fact]
    public void A_score_lies_within_0_and_100_and_there_is_one_exactly_when_something_that_weighs_is_available() => Seeded.Holds(Periods, period =>
    {
        var card = Score(period);
        return card.Score is { } score ? score >= 0 && score <= 100 && card.Grade is not null : card.Grade is null && card.Dimensions.All(d => d.Score is null);
    });

    [Fact]
    public void The_order_of_the_figures_does_not_matter() => Seeded.Holds(
        from period in Periods from shuffled in Gen.Shuffle(period) select (period, shuffled),
        both => Equal(Score(both.period), Score(both.shuffled)));

    [Fact]
    public void More_failures_never_raise_a_score() => Seeded.Holds(
        from period in Periods.Where(p => p.Length > 0) from place in Gen.Choose(0, period.Length - 1) from more in Gen.Choose(1, 500) select (period, place, more),
        drawn =>
        {
            var indicator = IndicatorCatalogue.ByCode[drawn.period[drawn.place].Code];
            var figures = (IndicatorFigures.Counted)drawn.period[drawn.place];
            var worse = indicator.Levels.LowerIsBetter ? figures.Numerator + drawn.more : figures.Numerator - drawn.more;
            if (figures.Denominator == 0) return true;
            if (indicator.IsPart) worse = Math.Clamp(worse, 0, figures.Denominator);
            IndicatorFigures[] changed = [.. drawn.period];
            changed[drawn.place] = figures with { Numerator = worse };
            var (before, after) = (Score(drawn.period), Score(changed));
            return before.Score is null ? after.Score is null : after.Score <= before.Score && after.Grade >= before.Grade;
        });

    [Fact]
    public void To_leave_an_indicator_out_is_to_state_that_nothing_was_due() => Seeded.Holds(
        from period in Periods.Where(p => p.Length > 0) from place in Gen.Choose(0, period.Length - 1) select (period, place),
        drawn =>
        {
            IndicatorFigures[] left = [.. drawn.period.Where((_, i) => i != drawn.place)];
            return Equal(Score(left), Score([.. left, WorkedExample.Of(drawn.period[drawn.place].Code, 0, 0)]));
        });

    [Fact]
    public void The_score_lies_between_its_worst_and_its_best_dimension() => Seeded.Holds(Periods, period =>
    {
        var card = Score(period);
        var scores = card.Dimensions.Where(d => d.Score is not null).Select(d => d.Score!.Value).ToList();
        return card.Score is not { } score || (score >= scores.Min() && score <= scores.Max());
    });

    private static Scorecard Score(IEnumerable<IndicatorFigures> period) => ScoreAccount.Of(ScorePlan.Default, period, []);

    private static bool Equal(Scorecard one, Scorecard other) =>
        one.Score == other.Score && one.Grade == other.Grade && one.Dimensions.Select(d => d.Score).SequenceEqual(other.Dimensions.Select(d => d.Score));
}
