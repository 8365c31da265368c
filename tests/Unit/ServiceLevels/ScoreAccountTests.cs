using System.Globalization;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.ServiceLevels.Figures;
using KeyAccountLogistics.ServiceLevels.Indicators;
using KeyAccountLogistics.ServiceLevels.Scoring;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>TQCSO (SEED-03-TQCSO, domain.md 3.2 to 3.4): the catalogue, the scoring rule, the worked example with its variants.</summary>
public sealed class ScoreAccountTests
{
    [Fact]
    public void The_catalogue_defines_22_indicators_whose_levels_are_scales()
    {
        IndicatorCatalogue.All.Length.ShouldBe(22);
        IndicatorCatalogue.ByCode.Count.ShouldBe(22);
        IndicatorCatalogue.All.ShouldAllBe(i => i.Levels.Flaw == null && i.NameZh.Length > 0 && i.Numerator.Length > 0 && i.Denominator.Length > 0 && i.Source.Length > 0);
        foreach (var dimension in IndicatorCatalogue.All.GroupBy(i => i.Dimension)) dimension.Sum(i => i.Levels.Weight).ShouldBe(100, dimension.Key.ToString());
        IndicatorCatalogue.All.Where(i => i.Levels.LowerIsBetter).Select(i => i.Code).ShouldBe(["T4", "Q1", "Q2", "Q6", "C2", "S3"]);
    }

    [Fact]
    public void The_worked_example_scores_as_domain_md_3_4_says_to_four_decimals()
    {
        var card = WorkedExample.Score();
        foreach (var (figures, score) in WorkedExample.Rows)
            card.Dimensions.SelectMany(d => d.Indicators).Single(i => i.Indicator.Code == figures.Code).Score.Round(4).ShouldBe(score, figures.Code);
        card.Of(ServiceDimension.Time).To4().ShouldBe(86.6058m);
        card.Of(ServiceDimension.Quality).To4().ShouldBe(81.5890m);
        card.Of(ServiceDimension.Cost).To4().ShouldBe(78.7683m);
        card.Of(ServiceDimension.Service).To4().ShouldBe(75.1954m);
        card.Of(ServiceDimension.Openness).To4().ShouldBe(85.3333m);
        card.Score.To4().ShouldBe(82.0863m);
        card.Score!.Value.Round(2).ShouldBe(82.09m);
        card.Grade.ShouldBe(Grade.B);
        card.NotAvailable.ShouldBeEmpty();
        card.KnockOuts.ShouldBeEmpty();
    }

    [Fact]
    public void Variant_nothing_due_for_O3_gives_its_weight_to_the_others()
    {
        var card = WorkedExample.Score(WorkedExample.Of("O3", 0, 0));
        card.Of(ServiceDimension.Openness).To4().ShouldBe(91.6667m);
        card.Score.To4().ShouldBe(82.7197m);
        card.Score!.Value.Round(2).ShouldBe(82.72m);
        card.NotAvailable.ShouldHaveSingleItem().Reason.ShouldBe(NotAvailableReason.NothingDue);
    }

    [Fact]
    public void Variant_contract_weights_40_30_10_10_10()
    {
        var card = ScoreAccount.Of(WorkedExample.Weighted(40, 30, 10, 10, 10), WorkedExample.Figures, []);
        card.Score.To4().ShouldBe(83.0487m);
        card.Score!.Value.Round(2).ShouldBe(83.05m);
    }

    [Theory]
    [InlineData("T2", "98", 100)]
    [InlineData("T2", "97", 100)]
    [InlineData("T2", "95", 80)]
    [InlineData("T2", "93", 60)]
    [InlineData("T2", "86.5", 30)]
    [InlineData("T2", "80", 0)]
    [InlineData("T2", "10", 0)]
    [InlineData("T4", "40", 100)]
    [InlineData("T4", "42", 100)]
    [InlineData("T4", "47.66", 80)]
    [InlineData("T4", "53.32", 60)]
    [InlineData("T4", "62.66", 30)]
    [InlineData("T4", "72", 0)]
    [InlineData("T4", "100", 0)]
    public void Points_run_straight_from_the_floor_over_the_threshold_to_the_target_and_mirrored_when_less_is_better(string code, string value, int points) =>
        IndicatorCatalogue.ByCode[code].Levels.Score(decimal.Parse(value, CultureInfo.InvariantCulture)).ShouldBe((Fraction)points);

    [Fact]
    public void Below_the_minimum_sample_an_indicator_drops_out_with_its_reason_and_exclusions_stay_in_sight()
    {
        var card = WorkedExample.Score(WorkedExample.Of("T2", 49, 49, excluded: 11_801), WorkedExample.Of("T5", 10, 10));
        var without = card.NotAvailable.ShouldHaveSingleItem();
        (without.Indicator.Code, without.Reason, without.Sample, without.Excluded).ShouldBe(("T2", NotAvailableReason.TooFew, 49m, 11_801L));
    }

    [Fact]
    public void The_sample_of_C2_C3_and_T4_is_not_their_denominator()
    {
        // Eight yuan are no eight parcels; who does not say how many there were, has enough.
        WorkedExample.Score(WorkedExample.Of("C3", 0.4m, 0.5m)).NotAvailable.ShouldBeEmpty();
        WorkedExample.Score(new IndicatorFigures.Counted("C3", 0.4m, 0.5m, Sample: 0)).NotAvailable.ShouldHaveSingleItem().Reason.ShouldBe(NotAvailableReason.TooFew);
        WorkedExample.Score(WorkedExample.Of("T4", 49 * 40m, 49)).NotAvailable.ShouldHaveSingleItem().Sample.ShouldBe(49);
        WorkedExample.Score(WorkedExample.Of("T4", 50 * 40m, 50)).NotAvailable.ShouldBeEmpty();
    }

    [Fact]
    public void A_dimension_without_an_indicator_drops_out_and_an_account_without_a_dimension_has_no_score()
    {
        var noCost = ScoreAccount.Of(ScorePlan.Default, WorkedExample.Figures.Where(f => f.Code[0] != 'C'), []);
        noCost.Of(ServiceDimension.Cost).ShouldBeNull();
        noCost.Score.ShouldBe((30 * noCost.Of(ServiceDimension.Time)!.Value + 30 * noCost.Of(ServiceDimension.Quality)!.Value + 15 * noCost.Of(ServiceDimension.Service)!.Value
            + 10 * noCost.Of(ServiceDimension.Openness)!.Value) / 85);
        var nothing = ScoreAccount.Of(ScorePlan.Default, [], []);
        (nothing.Score, nothing.Grade).ShouldBe((null, null));
        nothing.NotAvailable.Length.ShouldBe(22);
        // The only dimension measured weighs nothing.
        ScoreAccount.Of(WorkedExample.Weighted(100, 0, 0, 0, 0), WorkedExample.Figures.Where(f => f.Code[0] == 'Q'), []).Score.ShouldBeNull();
    }

    [Fact]
    public void The_grade_is_taken_on_the_unrounded_score()
    {
        ScoreAccount.GradeOf(90).ShouldBe(Grade.A);
        ScoreAccount.GradeOf((Fraction)90 - (Fraction)1 / 1_000_000_000_000L).ShouldBe(Grade.B);
        (ScoreAccount.GradeOf(75), ScoreAccount.GradeOf(60), ScoreAccount.GradeOf((Fraction)179 / 3)).ShouldBe((Grade.B, Grade.C, Grade.D));
    }

    [Fact]
    public void A_score_of_exactly_90_is_an_A_though_decimals_would_cut_it_to_a_B()
    {
        var card = ScoreAccount.Of(ScorePlan.Default, [WorkedExample.Of("T1", 114, 116), WorkedExample.Of("T2", 564, 582), WorkedExample.Of("T5", 194_051, 225_040)], []);
        (card.Score, card.Grade).ShouldBe(((Fraction)90, Grade.A));

        // The same by quotients that end after 28 digits.
        var cut = (25 * Points(114m / 116, 99, 97) + 40 * Points(564m / 582, 97, 93) + 10 * Points(194_051m / 225_040, 95, 85)) / 75;
        cut.ShouldBeLessThan(90);

        static decimal Points(decimal value, decimal target, decimal threshold) => 60 + 40 * (value * 100 - threshold) / (target - threshold);
    }

    [Theory]
    [InlineData(nameof(KnockOut.InsuredParcelLost))]
    [InlineData(nameof(KnockOut.PrivacyBreach))]
    [InlineData(nameof(KnockOut.FalseEventsProved))]
    public void A_knock_out_caps_the_grade_at_C_and_leaves_the_score(string knockOut)
    {
        var card = ScoreAccount.Of(ScorePlan.Default, WorkedExample.Figures, [Enum.Parse<KnockOut>(knockOut)]);
        (card.Score.To4(), card.Grade).ShouldBe((82.0863m, Grade.C));
        card.KnockOuts.ShouldHaveSingleItem();
    }

    [Fact]
    public void Contract_fulfilment_under_90_percent_knocks_out_by_itself_and_a_cap_never_raises_a_grade()
    {
        WorkedExample.Score(WorkedExample.Of("S4", 36, 40)).KnockOuts.ShouldBeEmpty();
        var card = WorkedExample.Score(WorkedExample.Of("S4", 35, 40));
        card.KnockOuts.ShouldBe([KnockOut.ContractUnfulfilled]);
        card.Grade.ShouldBe(Grade.C);
        ScoreAccount.Of(ScorePlan.Default, [WorkedExample.Of("T1", 0, 100)], [KnockOut.PrivacyBreach]).Grade.ShouldBe(Grade.D);
    }

    [Fact]
    public void Weights_must_add_to_100_and_levels_must_make_a_scale()
    {
        ScorePlan.Of(ScorePlan.DefaultWeights.SetItem(ServiceDimension.Cost, 14), []).Fault.Message.ShouldBe("they add to 99; they must add to 100.");
        foreach (var (levels, field) in new (IndicatorLevels, string)[]
        {
            (new(95, 95, 90, 1, 1), "threshold"), (new(95, 90, 90, 1, 1), "floor"), (new(95, 90, 92, 1, 1), "floor"), (new(0, 5, 3, 1, 1), "floor"), (new(101, 90, 80, 1, 1), "target"), (new(2, 1, -1, 1, 1), "floor"), (new(95, 90, 80, -1, 1), "weight"),
            (new(95, 90, 80, 1, 0), "minimum_sample"),
        })
        {
            var fault = ScorePlan.Of(ScorePlan.DefaultWeights, [IndicatorCatalogue.ByCode["T1"] with { Levels = levels }]).Fault;
            ((Fault.Invalid)fault).Field.ShouldBe($"targets.T1.{field}");
        }
        ((Fault.Invalid)ScorePlan.Of(ScorePlan.DefaultWeights, [IndicatorCatalogue.OfContract("X1", ValueKind.Share, new(95, 90, 80, 1, 1))]).Fault).Field.ShouldBe("targets.X1");
    }

    [Fact]
    public void Figures_that_make_no_sense_never_reach_a_score()
    {
        Should.Throw<InvariantBrokenException>(() => WorkedExample.Score(WorkedExample.Of("T1", 5, 4)));
        Should.Throw<InvariantBrokenException>(() => WorkedExample.Score(WorkedExample.Of("T9", 4, 4)));
        Should.Throw<InvariantBrokenException>(() => ScoreAccount.Of(ScorePlan.Default, [.. WorkedExample.Figures, WorkedExample.Of("T1", 4, 4)], []));
    }
}
