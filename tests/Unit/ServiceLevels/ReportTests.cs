using System.Text;
using System.Xml.Linq;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Indicators;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Reporting;
using NodaTime;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>What the writers of a report make of figures, whatever stands in them.</summary>
public sealed class ReportTests
{
    private const string Nasty = "<script>alert(1)</script> & \"甲\"\u0007 ]]> =1+1";
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 2, 1, 0);

    internal static Reported Data(string name = "华东电商甲", int late = 60)
    {
        var card = new Scorecard
        {
            Account = "KA-1", NameZh = name, NameEn = name, From = "2026-10-01", To = "2026-10-31", Contract = "KA-2026-0001", ContractVersion = 3, Score = "82.0863", Grade = "B", Parcels = 11_850, Excluded = 150, InDoubt = 4,
            FirstScore = "82.5000", FirstGrade = "B", AsOfUs = Now.ToUnixMicros(), PlanHash = new string('a', 64),
        };
        foreach (var (letter, score) in new[] { ("T", "86.6058"), ("Q", "91.2000"), ("C", ""), ("S", "55.0000"), ("O", "") })
        {
            var dimension = new DimensionScore { Dimension = letter, Score = score, Weight = "20" };
            foreach (var of in IndicatorCatalogue.All.Where(i => i.Code.StartsWith(letter, StringComparison.Ordinal)))
            {
                var i = new IndicatorScore
                {
                    Indicator = of.Code, NameZh = of.NameZh, NameEn = of.Code is "O1" ? name : of.NameEn, Target = N(of.Levels.Target), Threshold = N(of.Levels.Threshold), Floor = N(of.Levels.Floor), Weight = N(of.Levels.Weight),
                    Unit = of.Kind is ValueKind.PerMillion ? "ppm" : of.Kind is ValueKind.MeanHours ? "hours" : "percent",
                };
                if (of.Code is "T2") (i.Numerator, i.Denominator, i.Excluded, i.InDoubt, i.Value, i.Score) = ("11293", "11850", 150, 4, "0.952996", "82.9958");
                else if (of.Code is "T4") (i.Numerator, i.Denominator, i.Value, i.Score) = ("532168.123456", "11180", "47.600000", "80.2120");
                else if (of.Code is "Q1") (i.Numerator, i.Denominator, i.Value, i.Score) = ("1", "12000", "0.000083", "68.3333");
                else if (of.Code is "T1") (i.Numerator, i.Denominator, i.Reason, i.ReasonCode, i.Sample, i.Minimum) = ("3", "4", "Too few: 4, and at least 20 are needed.", "too_few", 4, 20);
                else (i.ReasonCode, i.Reason) = of.Code is "O4" ? ("no_messages", WhyWithout.Sentences["no_messages"]) : ("a_later_code", "As a later server says it.");
                dimension.Indicators.Add(i);
            }
            card.Dimensions.Add(dimension);
        }
        var days = Enumerable.Range(1, 31).Select(d => new ReportDay(new LocalDate(2026, 10, d), d % 7 == 0 ? 0 : 380 - d % 5 * 9, d % 7 == 0 ? 0 : 390)).ToList();
        var due = Instant.FromUtc(2026, 10, 10, 10, 0).ToUnixMicros();
        var items = Enumerable.Range(0, late).Select(i => new Behind { Kind = "parcel", Subject = $"ZT{7_300_000_000 + i}", Day = "2026-10-10", DueUs = due, BestUs = due + (i + 1) * 3_700_000_000L, EarliestUs = due - 1, LatestUs = due + 9_000_000_000, InDoubt = i % 9 == 0, Lane = "310115-330106", ChargedTo = i % 2 == 0 ? "hub" : "delivery", Courier = "COURIER-NAME" }).ToList();
        var before = card.Clone();
        (before.From, before.Score, before.Grade) = ("2026-09-01", "91.0000", "A");
        var sqi = new SqiReply { Profile = "A1", Unverified = true };
        sqi.Days.Add(Enumerable.Range(1, 31).Select(d => new SqiDay { Day = $"2026-10-{d:00}", Shipments = 390, Failures = d % 4, Points = (d % 4 * 5).ToString(System.Globalization.CultureInfo.InvariantCulture), ByComponent = { ["right_day_late"] = d % 4 } }));
        return new Reported(card, days, [before, card], sqi, [new Budget { Indicator = "T2", Target = "97", Expected = 11_850, Allowed = 355, Failed = 557, Left = -202 }], new ReportList(items, true), new ReportList([new Behind { Subject = "ZT1", Day = "2026-10-03", Lane = name, Reason = "force_majeure" }], false), DateTimeZoneProviders.Tzdb["Asia/Shanghai"], Now);
    }

    private static string N(decimal number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public void The_page_is_well_formed_loads_nothing_and_runs_nothing_whatever_a_name_holds(string language)
    {
        var html = ReportHtml.Write(Data(Nasty), ReportWords.For(language)!);
        html.ShouldStartWith("<!DOCTYPE html>\n<html");
        var page = XDocument.Parse(html[(html.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        page.Descendants("script").ShouldBeEmpty();
        page.Descendants().Attributes().Where(a => a.Name.LocalName is "src" or "href" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal)).ShouldBeEmpty();
        page.Descendants("h1").Single().Value.ShouldBe(Nasty.Replace("\u0007", "", StringComparison.Ordinal));
        page.Descendants("style").Single().Value.ShouldNotContain("&");
        html.ShouldNotContain("COURIER-NAME");
        // A self-closed element swallows the rest of an HTML page.
        page.Descendants().Where(e => e.IsEmpty && e.Name.LocalName is not ("meta" or "br" or "rect" or "line" or "path")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("zh", "没有推送记录", "数量不足：4，至少需要 20", "As a later server says it.", "准时投递率", "超出 202 件", "数据截至")]
    [InlineData("en", "No messages to the client are recorded.", "Too few: 4, and at least 20 are needed.", "On-time delivery", "over by 202", "Facts up to")]
    public void Every_figure_stands_in_it_and_what_is_not_available_says_why(string language, params string[] expected)
    {
        var html = ReportHtml.Write(Data(), ReportWords.For(language)!);
        foreach (var text in (string[])[.. expected, "82.09", "11,293", "11,850", "95.2996 %", "KA-2026-0001 v3", new string('a', 64), "kal prove check", "82.5000 B", "ZT7300000059", "2026-11-02 09:00:00"]) html.ShouldContain(text);
    }

    [Fact]
    public void Every_reason_that_figures_give_is_said_in_Chinese()
    {
        foreach (var (code, sentence) in WhyWithout.Sentences)
        {
            ReportWords.For("zh")!.Why(new IndicatorScore { ReasonCode = code, Reason = sentence }).Any(char.IsAsciiLetter).ShouldBeFalse(code);
            ReportWords.For("en")!.Why(new IndicatorScore { ReasonCode = code, Reason = "of the wire" }).ShouldBe(sentence);
        }
        ReportWords.For("zh")!.Why("The contract's service clause makes no plan: x").ShouldBe("合同服务条款无法构成评分方案：x");
    }

    [Fact]
    public void A_report_of_nothing_is_a_report()
    {
        var data = Data(late: 0);
        data.Card.Dimensions.Clear();
        (data.Card.Score, data.Card.Grade, data.Card.Reason) = ("", "", "No dimension with a weight has a score.");
        XDocument.Parse(ReportHtml.Write(data with { Trend = [data.Card], Sqi = new SqiReply(), Budgets = [], OnTime = [new ReportDay(new LocalDate(2026, 10, 1), 0, 0)] }, ReportWords.For("zh")!)[15..]).ToString().ShouldContain("没有可评分的维度");
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"")]
    [InlineData("@x", "'@x")]
    [InlineData("+x", "'+x")]
    [InlineData("\tx", "'\tx")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("-12+1", "'-12+1")]
    public void A_field_of_a_table_is_text_to_a_spreadsheet(string value, string field) => ReportCsv.Field(value).ShouldBe(field);

    [Fact]
    public void The_table_has_a_mark_of_UTF8_and_a_row_for_each_indicator_and_parcel()
    {
        var bytes = ReportCsv.Write(Data(), ReportWords.For("zh")!);
        bytes[..3].ShouldBe([0xEF, 0xBB, 0xBF]);
        var lines = Encoding.UTF8.GetString(bytes[3..]).Split("\r\n");
        lines.ShouldContain(l => l == "indicator,T,T2,准时投递率,11293,11850,150,4,0,95.2996,percent,97,93,80,40,82.9958,");
        lines.Count(l => l.StartsWith("parcel,late,", StringComparison.Ordinal)).ShouldBe(60);
        lines.ShouldContain(l => l.StartsWith("parcel,excluded,ZT1,", StringComparison.Ordinal) && l.EndsWith(",不可抗力", StringComparison.Ordinal));
        lines[^1].ShouldBe("");
    }
}
