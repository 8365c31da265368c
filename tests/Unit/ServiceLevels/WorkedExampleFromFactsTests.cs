using System.Globalization;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Scoring;
using KeyAccountLogistics.ServiceLevels.Sqi;
using NodaTime;
using static KeyAccountLogistics.Unit.ServiceLevels.Lives;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>
/// The account of domain.md 3.4 with its queries, lines, remittances, complaints, obligations, notices, actions and messages told one by one. What parcels and pickups add is put in as sums:
/// the example expects seven scans of a parcel, and this product's template four.
/// </summary>
public sealed class WorkedExampleFromFactsTests
{
    private const long Minute = 60_000_000;
    private readonly Counters _counters = new();
    private int _ids;

    [Fact]
    public void Domain_3_4_all_22_indicators_give_82_0863_and_grade_B()
    {
        Tell();
        var card = ScoreViews.Of(new AskedPeriod(Account, new LocalDate(2026, 10, 1), new LocalDate(2026, 10, 31), CounterKind.All, ""), Plan, Sums());
        foreach (var (figures, score) in WorkedExample.Rows)
        {
            var i = card.Dimensions.SelectMany(d => d.Indicators).Single(i => i.Indicator == figures.Code);
            (i.Score.Length > 0 ? decimal.Parse(i.Score, CultureInfo.InvariantCulture) : -1, i.ReasonCode).ShouldBe((score, ""), figures.Code);
        }
        (card.Score, card.Grade, string.Join(' ', card.Dimensions.Select(d => d.Score))).ShouldBe(("82.0863", "B", "86.6058 81.5890 78.7683 75.1954 85.3333"));
        var cost = card.Dimensions[2].Indicators;
        (cost[1].Numerator, cost[1].Denominator, cost[2].Numerator, cost[2].Denominator).ShouldBe(("2640", "98400", "851400", "860000"), "money as people write it");
    }

    [Fact]
    public void Domain_2_2_SQI_A_1_takes_its_failures_of_service_from_the_same_facts()
    {
        Tell();
        var sums = Sums();
        string[] ofFacts = [SqiComponents.Traces, SqiComponents.ComplaintsReopened, SqiComponents.InvoiceAdjustment, SqiComponents.LinehaulDelay, SqiComponents.AbandonedCalls];
        ofFacts.Select(c => sums[c].Numerator).ShouldBe([46L, 1, 18, 4, 16]);
    }

    [Fact]
    public void Domain_3_3_a_privacy_breach_and_false_events_proved_cap_the_grade()
    {
        Tell();
        Add(EventKind.ServiceIncident, static s => (s.BeganUs, s.Failed) = (At(9, 9), true), "privacy_breach");
        Add(EventKind.ServiceIncident, static s => (s.BeganUs, s.Failed) = (At(9, 9), true), "false_events");
        var card = ScoreViews.Of(new AskedPeriod(Account, new LocalDate(2026, 10, 1), new LocalDate(2026, 10, 31), CounterKind.All, ""), Plan, Sums());
        (card.Score, card.Grade).ShouldBe(("82.0863", "C"));
        card.KnockOuts.ShouldBe(["privacy_breach", "false_events_proved"]);
    }

    [Fact]
    public void Without_a_fact_each_indicator_says_what_is_missing_and_none_is_100()
    {
        var asked = new AskedPeriod(Account, new LocalDate(2026, 10, 1), new LocalDate(2026, 10, 31), CounterKind.All, "");
        var none = ScoreViews.Of(asked, Plan, new Dictionary<string, CounterSums>(StringComparer.Ordinal));
        (none.Score, none.Grade).ShouldBe(("", ""));
        foreach (var i in none.Dimensions.SelectMany(d => d.Indicators))
        {
            (i.Score, i.Value).ShouldBe(("", ""), i.Indicator);
            i.ReasonCode.ShouldBeOneOf([.. WhyWithout.Sentences.Keys.Where(static c => c.StartsWith("no_", StringComparison.Ordinal) && c is not WhyWithout.NoFigures)]);
        }
        Add(EventKind.ClientQuery, static s => s.BeganUs = At(9, 9), told: At(9, 9));
        Add(EventKind.InvoiceLine, static s => s.BeganUs = At(9, 9));
        Add(EventKind.ClientMessage, static s => s.DueUs = At(9, 9));
        var some = ScoreViews.Of(asked, Plan, Sums()).Dimensions.SelectMany(d => d.Indicators).ToDictionary(i => i.Indicator, StringComparer.Ordinal);
        (some["T5"].ReasonCode, some["C2"].ReasonCode, some["O4"].ReasonCode).ShouldBe(("nothing_decided", "no_budgets", "all_left_out"));
        (some["C1"].ReasonCode, some["C1"].Sample, some["C1"].Minimum).ShouldBe(("too_few", 1, 50));
    }

    [Fact]
    public void More_complaints_than_parcels_are_all_of_them_and_no_error()
    {
        Add(EventKind.ComplaintStood, static s => s.Complaint = new Complaint { About = "false_sign_off", Found = "upheld", OpenedUs = At(9, 9) });
        var asked = new AskedPeriod(Account, new LocalDate(2026, 10, 1), new LocalDate(2026, 10, 31), CounterKind.All, "");
        ScoreViews.Of(asked, Plan, Sums()).Dimensions[1].Indicators.Single(i => i.Indicator == "Q6").ReasonCode.ShouldBe("no_parcels");
    }

    private static PlanInForce Plan => new("甲", "A", "K-1", 1, ScorePlan.Default, null, SqiProfile.A);

    private Dictionary<string, CounterSums> Sums() => _counters.InOrder.Where(c => c.Key.Kind is CounterKind.All).GroupBy(c => c.Key.Figure, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.Aggregate(default(CounterSums), (sum, c) => sum + c.Value), StringComparer.Ordinal);

    private void Add(EventKind kind, Action<ServiceFact> more, string reason = "", long? told = null) =>
        _counters.Add(Services.Ask(Services.Told(++_ids, kind, told ?? At(31, 9), more, FormattableString.Invariant($"F-{_ids}"), reason)));

    // The first of them well, the others as told.
    private void Many(EventKind kind, int all, int good, Action<ServiceFact, bool> more)
    {
        for (var i = 0; i < all; i++) Add(kind, s => more(s, i < good));
    }

    private void Tell()
    {
        // Of 200 queries 46 had no answer in the scans; most of them somebody answered in time.
        Many(EventKind.ClientQuery, 154, 154, static (s, _) => (s.BeganUs, s.DoneUs) = (At(9, 9), At(9, 9) + 30 * Minute));
        Many(EventKind.ClientQuery, 46, 30, static (s, good) => (s.BeganUs, s.DoneUs, s.Failed) = (At(9, 9), At(9, 9) + (good ? 30 : 31) * Minute, true));
        Many(EventKind.InvoiceLine, 12_000, 11_982, static (s, good) => (s.BeganUs, s.AmountMinor, s.BudgetMinor, s.HasBudget, s.Failed, s.DoneUs) = (At(9, 9), 842, 820, true, !good, good ? 0 : At(20, 9)));
        Many(EventKind.RemittanceDue, 100, 99, static (s, good) => (s.DueUs, s.DoneUs, s.AmountMinor) = (At(9, 9), At(9, good ? 9 : 10), 860_000));
        Many(EventKind.ComplaintStood, 30, 27, static (s, good) => s.Complaint = new Complaint { OpenedUs = At(9, 9), AnswerDueUs = At(10, 9), AnsweredUs = At(10, good ? 9 : 10) });
        for (var i = 0; i < 30; i++)
        {
            Add(EventKind.ComplaintStood, s => s.Complaint = new Complaint { OpenedUs = At(9, 9), StatuteDueUs = At(16, 9), ClosedUs = i > 0 ? At(15, 9) : 0, ReopenedUs = i == 1 ? At(20, 9) : 0 });
        }
        Many(EventKind.ObligationStood, 40, 40, static (s, _) => (s.DueUs, s.DoneUs) = (At(9, 9), At(9, 8)));
        Many(EventKind.ExceptionNotice, 320, 288, static (s, good) => (s.BeganUs, s.DoneUs, s.Failed) = (At(9, 9), At(9, 9, 30), !good));
        Many(EventKind.ImprovementAction, 5, 4, static (s, good) => (s.DueUs, s.DoneUs) = (At(9, 9), good ? At(9, 9) : 0));
        Many(EventKind.ClientMessage, 25_000, 24_950, static (s, good) => (s.BeganUs, s.DoneUs) = (At(9, 9), At(9, 9) + (good ? 15 : 16) * Minute));
        Many(EventKind.LinehaulTrip, 9, 5, static (s, good) => (s.DueUs, s.DoneUs) = (At(9, 9), At(9, good ? 9 : 10)));
        Many(EventKind.ClientCall, 40, 24, static (s, good) => (s.BeganUs, s.DoneUs, s.Failed) = (At(9, 9), At(9, 10), !good));
        foreach (var (figure, numerator, denominator, leftOut) in new (string, long, long, long)[]
        {
            ("T1", 245, 248, 0), ("T2", 11_293, 11_850, 150), ("T3", 9_345, 10_500, 0), ("T4", 476L * 360_000_000 * 10_500, 10_500, 0), ("Q1", 1, 12_000, 0), ("Q2", 3, 12_000, 0), ("Q3", 11_258, 11_850, 0),
            ("Q4", 83_412, 84_000, 0), ("Q5", 11_760, 12_000, 0), ("Q6", 0, 12_000, 0), ("O1", 82_995, 83_412, 0), ("parcels", 0, 12_000, 0),
        }) _counters.Add(new CounterKey(Account, Day(9), CounterKind.All, "", figure), new CounterSums(numerator, denominator, leftOut, 0, 0));
    }
}
