using System.Collections.Immutable;
using KeyAccountLogistics.ServiceLevels.Sqi;
using NodaTime;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>The service quality index (SEED-03-SQI12, domain.md 2).</summary>
public sealed class SqiTests
{
    private static readonly LocalDate Day = new(2026, 10, 1);

    private static SqiCounts Counts(long shipments, params (string Component, long Count)[] failures) =>
        new(shipments, failures.ToImmutableSortedDictionary(f => f.Component, f => f.Count, StringComparer.Ordinal));

    private static SqiCounts OfProfileB(long shipments, params long[] inOrder) => Counts(shipments, [.. new[]
    {
        SqiComponents.ComplaintsReopened, SqiComponents.Damaged, SqiComponents.International, SqiComponents.InvoiceAdjustment, SqiComponents.LatePickup, SqiComponents.Lost, SqiComponents.MissingPod,
        SqiComponents.RightDayLate, SqiComponents.Traces, SqiComponents.WrongDayLate,
    }.Zip(inOrder)]);

    [Fact]
    public void Golden_B_1()
    {
        var figures = WeighFailures.Of(SqiProfile.B, OfProfileB(425_000, 125, 18, 102, 282, 209, 2, 26, 751, 115, 15));
        (figures.Failures, figures.Points).ShouldBe((1_645, 2_783m));
        figures.Percent!.Value.Round(6).ShouldBe(0.654824m);
        figures.PerThousand!.Value.Round(6).ShouldBe(6.548235m);
    }

    [Fact]
    public void Golden_B_2()
    {
        var figures = WeighFailures.Of(SqiProfile.B, OfProfileB(300_000, 105, 20, 106, 276, 208, 2, 22, 750, 113, 17));
        (figures.Failures, figures.Points).ShouldBe((1_619, 2_737m));
        figures.Percent!.Value.Round(3).ShouldBe(0.912m);
    }

    [Fact]
    public void Golden_A_1_is_the_account_of_the_worked_example()
    {
        var figures = WeighFailures.Of(SqiProfile.A, Counts(12_000, (SqiComponents.RightDayLate, 401), (SqiComponents.WrongDayLate, 156), (SqiComponents.Traces, 46), (SqiComponents.ComplaintsReopened, 1),
            (SqiComponents.MissingPod, 12), (SqiComponents.InvoiceAdjustment, 18), (SqiComponents.MissedPickup, 3), (SqiComponents.Lost, 1), (SqiComponents.Damaged, 3), (SqiComponents.LinehaulDelay, 4),
            (SqiComponents.Overgoods, 2), (SqiComponents.AbandonedCalls, 16)));
        (figures.Failures, figures.Points).ShouldBe((663, 1_378m));
        figures.PerThousand!.Value.Round(3).ShouldBe(114.833m);
        // 557 late parcels of T2 are its two late kinds together.
        (401 + 156).ShouldBe(11_850 - 11_293);
    }

    [Fact]
    public void The_default_profile_has_twelve_components_of_55_points_and_says_that_its_weights_are_unverified()
    {
        SqiProfile.Known[0].ShouldBe(SqiProfile.A);
        (SqiProfile.A.Weights.Count, SqiProfile.A.Weights.Values.Sum(), SqiProfile.A.Verified).ShouldBe((12, 55m, false));
        SqiProfile.A.NameEn.ShouldContain("unverified");
        (SqiProfile.B.Weights.Count, SqiProfile.C.Weights.Count).ShouldBe((10, 9));
        SqiProfile.Known.SelectMany(p => p.Weights.Keys).ShouldAllBe(c => SqiComponents.Known.Contains(c));
    }

    [Fact]
    public void What_the_profile_does_not_weigh_is_told_and_without_shipments_there_is_no_rate()
    {
        var figures = WeighFailures.Of(SqiProfile.B, Counts(0, (SqiComponents.AbandonedCalls, 7), (SqiComponents.Lost, 1)));
        (figures.Failures, figures.Points, figures.PerThousand, figures.Percent).ShouldBe((1, 10m, null, null));
        figures.Parts.Single(p => p.Weight is null).ShouldBe(new SqiPart(SqiComponents.AbandonedCalls, 7, null));
    }

    [Fact]
    public void Moving_sums_take_the_days_there_are_and_never_reach_into_another_series()
    {
        var days = Enumerable.Range(0, 40).Select(d => Day.PlusDays(d)).Where(d => d != Day.PlusDays(35)).ToDictionary(d => d, d => new SqiDay(
            d, WeighFailures.Of(d < Day.PlusDays(20) ? SqiProfile.A : SqiProfile.A with { Version = 2 }, Counts(10, (SqiComponents.Lost, 1)))));
        var week = SqiSeries.Sum(days, Day.PlusDays(39), 7)!;
        (week.Days, week.Figures.Points, week.Figures.Shipments).ShouldBe((6, 60m, 60L));
        var month = SqiSeries.Sum(days, Day.PlusDays(39), 28)!;
        (month.Days, month.Window).ShouldBe((19, 28));
        SqiSeries.Sum(days, Day.PlusDays(35), 7).ShouldBeNull();
        days.Keys.Where(d => SqiSeries.BeginsOn(days, d)).ShouldBe([Day.PlusDays(20)], "the first day known begins nothing: what was before it is not known");
    }
}
