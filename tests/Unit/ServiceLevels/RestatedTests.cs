using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Cli.ServiceLevels;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Reporting;
using KeyAccountLogistics.ServiceLevels.Scoring;
using KeyAccountLogistics.ServiceLevels.Sqi;
using NodaTime;
using SqiDay = KeyAccountLogistics.Api.Levels.V1.SqiDay;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>What was restated, as people read it: in the units of the card, by its name.</summary>
public sealed class RestatedTests
{
    private const long HourUs = 3_600_000_000;
    private static readonly PlanInForce Plan = new("甲", "A", "K-1", 1, ScorePlan.Default, null, SqiProfile.A);

    [Fact]
    public void Hours_money_shares_and_counts_stand_in_the_cards_units()
    {
        Text("T4", (476 * HourUs / 10, 1), (953 * HourUs / 5, 2)).ShouldBe("hours 47.600000/1 = 47.600000, 190.600000/2 = 95.300000");
        Text("C2", (12, 1_640), (-5, 1_640)).ShouldBe("percent CNY 0.12/16.4 = 0.007317, -0.05/16.4 = 0.000000");
        Text("T2", (1, 2), (2, 2)).ShouldBe("percent 1/2 = 0.500000, 2/2 = 1.000000");
        Text("Q1", (1, 12_000), (0, 12_000)).ShouldBe("ppm 1/12000 = 0.000083, 0/12000 = 0.000000");
        Text("gate.hub", (3, 4), (0, 0)).ShouldBe("percent 3/4 = 0.750000, 0/0 = ");
        Text("parcels", (0, 3), (0, 4)).ShouldBe("count 3 = , 4 = ");
        Text("right_day_late", (1, 1), (0, 0)).ShouldBe("count 1 = , 0 = ");
    }

    [Theory]
    [InlineData("T4", "en", "T4 Mean end-to-end hours: 47.60 h (47.6/1) → 95.30 h (190.6/2) (records came late, 2026-11-02 09:00:00)")]
    [InlineData("T4", "zh", "T4 全程时限均值：47.60 小时 (47.6/1) → 95.30 小时 (190.6/2) (记录迟到, 2026-11-02 09:00:00)")]
    [InlineData("right_day_late", "en", "Late on the right day: 47 → 95 (records came late, 2026-11-02 09:00:00)")]
    [InlineData("gate.hub", "zh", "到达节点：枢纽发出：47.00 % (47/100) → 95.00 % (95/100) (记录迟到, 2026-11-02 09:00:00)")]
    [InlineData("insured_lost", "en", "Insured parcel lost: 47 → 95 (records came late, 2026-11-02 09:00:00)")]
    public void A_report_says_it_in_words(string figure, string language, string expected)
    {
        var data = ReportTests.Data();
        var one = figure is "T4" ? Restated(figure, (476 * HourUs / 10, 1), (953 * HourUs / 5, 2)) : Restated(figure, (47, 100), (95, 100));
        (one.AtUs, one.Because) = (Instant.FromUtc(2026, 11, 2, 1, 0).ToUnixMicros(), "late_fact");
        ReportEvidence.RestatedText(one, data, ReportWords.For(language)!).ShouldBe(expected);
        data.Card.Restated.Add(one);
        ReportHtml.Write(data, ReportWords.For(language)!).ShouldContain(expected);
    }

    [Fact]
    public void The_program_says_it_too()
    {
        var card = ReportTests.Data().Card;
        string Said(Restatement one)
        {
            one.Because = "late_fact";
            return ScoreText.Restated(card, one);
        }
        Said(Restated("T4", (476 * HourUs / 10, 1), (953 * HourUs / 5, 2))).ShouldBe("T4 Mean end-to-end hours: was 47.6 hours (47.6/1), is 95.3 hours (190.6/2) (late_fact)");
        Said(Restated("C3", (1_000, 2_500), (2_500, 2_500))).ShouldBe("C3 Cash on delivery remitted on time: was 40 % (10/25 CNY), is 100 % (25/25 CNY) (late_fact)");
        Said(Restated("wrong_day_late", (1, 1), (0, 0))).ShouldBe("wrong day late: was 1, is 0 (late_fact)");
    }

    [Fact]
    public void Points_of_two_series_are_not_added_in_a_report()
    {
        var sqi = new SqiReply { Profile = "C/1" };
        sqi.Days.Add(new SqiDay { Day = "2026-10-11", Shipments = 3, Failures = 1, Points = "5", Profile = "A/1", ByComponent = { ["lost"] = 1 } });
        sqi.Days.Add(new SqiDay { Day = "2026-10-12", Shipments = 4, Failures = 2, Points = "60", Profile = "C/1", BeginsSeries = true, ByComponent = { ["lost"] = 2 } });
        ReportHtml.IndexNote(sqi, ReportWords.For("en")!).Value.ShouldBe("3 parcels, 1 failures, 5 points: Lost 1From 2026-10-12 a new series, weights C/1: 4 parcels, 2 failures, 60 points: Lost 2");
    }

    private static Restatement Restated(string figure, (long Numerator, long Denominator) was, (long Numerator, long Denominator) now) =>
        ScoreViews.Restated(figure, new CounterSums(was.Numerator, was.Denominator, 0, 0, 0), new CounterSums(now.Numerator, now.Denominator, 0, 0, 0), Plan);

    private static string Text(string figure, (long, long) was, (long, long) now)
    {
        var one = Restated(figure, was, now);
        return $"{one.Unit}{(one.Currency.Length > 0 ? " " + one.Currency : "")} {one.Was} = {one.WasValue}, {one.Is} = {one.IsValue}";
    }
}
