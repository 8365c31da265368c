using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Sqi;
using static KeyAccountLogistics.Unit.ServiceLevels.Lives;
using static KeyAccountLogistics.Unit.ServiceLevels.Services;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>What a fact of an account's service adds to its figures (domain.md 3.2, 2.3), kind by kind.</summary>
public sealed class ContributeFactTests
{
    private const long Second = 1_000_000, Minute = 60 * Second;

    public static readonly TheoryData<EventKind, string, long, long> Timed = new()
    {
        // Kind, figure, its limit counted from the instant its day is taken from, and that instant.
        { EventKind.ClientQuery, "T5", 30 * Minute, At(9, 10) },
        { EventKind.ExceptionNotice, "O2", 30 * Minute, At(9, 10) },
        { EventKind.ImprovementAction, "O3", 0, At(9, 10) },
        { EventKind.ClientMessage, "O4", 15 * Minute, At(9, 10) },
        { EventKind.ObligationStood, "S4", 0, At(10, 0) },
        { EventKind.RemittanceDue, "C3", 0, At(9, 10) },
    };

    [Theory]
    [MemberData(nameof(Timed))]
    public void Done_in_time_is_met_late_or_told_undone_after_the_limit_missed_and_else_open(EventKind kind, string figure, long within, long at)
    {
        var amount = kind is EventKind.RemittanceDue ? 700 : 1;
        void Of(ServiceFact s, long done) => (s.BeganUs, s.DueUs, s.DoneUs, s.AmountMinor) = (within > 0 ? at : 0, within > 0 ? 0 : at, done, amount);
        Tally Told(long done, long told) => Ask(kind, told, s => Of(s, done)).Tally(figure)!;
        var met = Told(at + within, at + within);
        (met.Numerator, met.Denominator, met.Open, met.Day, met.Events.Single()).ShouldBe((amount, amount, false, Day(9), IdOf(1)));
        var late = Told(at + within + 1, at + within + 1);
        (late.Numerator, late.Denominator, late.DueUs, late.BestUs).ShouldBe((0, amount, at + within, at + within + 1));
        var undone = Told(0, at + within + 1);
        (undone.Numerator, undone.Denominator, undone.Open, undone.BestUs).ShouldBe((0, amount, false, 0));
        var open = Told(0, at + within);
        (open.Numerator, open.Denominator, open.Open).ShouldBe((0, 0, true));
        Ask(kind, at, s => (s.BeganUs, s.DueUs) = (within > 0 ? 0 : at, 0)).Tally(figure)!.Reason.ShouldBe(ContributeFact.Malformed, "without the instant it is judged by");
    }

    [Fact]
    public void SQI_Traces_are_queries_that_scans_did_not_answer_and_O2_needs_the_client_not_to_have_asked_before()
    {
        var c = Ask(EventKind.ClientQuery, At(9, 11), s => (s.BeganUs, s.DoneUs, s.Failed) = (At(9, 10), At(9, 10, 20), true));
        (c.Over("T5"), c.Over(SqiComponents.Traces), c.Tally(SqiComponents.Traces)!.Day).ShouldBe(((1, 1), (1, 1), Day(9)));
        Ask(EventKind.ExceptionNotice, At(9, 11), s => (s.BeganUs, s.DoneUs, s.Failed) = (At(9, 10), At(9, 10, 5), true)).Over("O2").ShouldBe((0, 1));
        Ask(EventKind.ExceptionNotice, At(9, 11), s => (s.BeganUs, s.DoneUs) = (At(9, 10), At(9, 9))).Over("O2").ShouldBe((1, 1), "told before it happened");
    }

    [Fact]
    public void C1_counts_lines_not_adjusted_and_C2_what_they_cost_above_their_budget()
    {
        var plain = Ask(EventKind.InvoiceLine, At(9, 10), s => (s.BeganUs, s.AmountMinor) = (At(9, 9), 842));
        (plain.Over("C1"), plain.Tally("C2")).ShouldBe(((1, 1), null), "a line without a budget does not count");
        var over = Ask(EventKind.InvoiceLine, At(9, 10), s => (s.BeganUs, s.AmountMinor, s.BudgetMinor, s.HasBudget) = (At(9, 9), 842, 820, true));
        (over.Over("C2"), over.Over("lines_with_budget"), FigureCodes.IsMissed(over.Tally("C2")!)).ShouldBe(((22, 820), (0, 1), true));
        var under = Ask(EventKind.InvoiceLine, At(9, 10), s => (s.BeganUs, s.AmountMinor, s.BudgetMinor, s.HasBudget) = (At(9, 9), 800, 820, true));
        (under.Over("C2"), FigureCodes.IsMissed(under.Tally("C2")!)).ShouldBe(((-20, 820), false));
        Ask(EventKind.InvoiceLine, At(9, 10), s => (s.BeganUs, s.BudgetMinor, s.HasBudget, s.Currency) = (At(9, 9), 820, true, "USD")).Tally("C2")!.Reason.ShouldBe("currency");
        var adjusted = Ask(EventKind.InvoiceLine, At(12, 10), s => (s.BeganUs, s.Failed, s.DoneUs) = (At(9, 9), true, At(11, 9)));
        (adjusted.Over("C1"), adjusted.Tally("C1")!.Day, adjusted.Over(SqiComponents.InvoiceAdjustment), adjusted.Tally(SqiComponents.InvoiceAdjustment)!.Day).ShouldBe(((0, 1), Day(9), (1, 1), Day(11)));
    }

    [Fact]
    public void C3_counts_money_and_beside_it_the_remittances_decided()
    {
        var c = Ask(EventKind.RemittanceDue, At(9, 10), s => (s.DueUs, s.DoneUs, s.AmountMinor) = (At(9, 9), At(9, 8), 85_140));
        (c.Over("C3"), c.Over("remittances")).ShouldBe(((85_140, 85_140), (0, 1)));
        Ask(EventKind.RemittanceDue, At(9, 8), s => (s.DueUs, s.AmountMinor) = (At(9, 9), 1)).Tally("remittances").ShouldBeNull("still open");
        Ask(EventKind.RemittanceDue, At(9, 10), s => s.DueUs = At(9, 9)).Tally("C3")!.LeftOut.ShouldBeTrue("no amount is no remittance");
    }

    [Fact]
    public void S4_due_by_the_end_of_a_day_counts_on_that_day()
    {
        Ask(EventKind.ObligationStood, At(10, 0), s => (s.DueUs, s.DoneUs) = (At(10, 0), At(9, 20))).Tally("S4")!.Day.ShouldBe(Day(9));
        Ask(EventKind.ObligationStood, At(9, 20), s => (s.DueUs, s.DoneUs) = (At(10, 0) - 1, At(9, 20))).Tally("S4")!.Day.ShouldBe(Day(9));
    }

    [Fact]
    public void S1_S2_S3_and_Q6_each_on_its_own_day()
    {
        var c = Ask(EventKind.ComplaintStood, At(30, 9), s => s.Complaint = new Complaint
        {
            About = "false_sign_off", Found = "partly_upheld", OpenedUs = At(9, 9), AnswerDueUs = At(10, 9), AnsweredUs = At(10, 9), StatuteDueUs = At(16, 9), ClosedUs = At(17, 9), ReopenedUs = At(20, 9),
        });
        (c.Over("S1"), c.Tally("S1")!.Day).ShouldBe(((1, 1), Day(10)));
        (c.Over("S2"), c.Tally("S2")!.Day, c.Over(SqiComponents.ComplaintsUnresolved), c.Tally(SqiComponents.ComplaintsUnresolved)!.Day).ShouldBe(((0, 1), Day(16), (1, 1), Day(16)));
        (c.Over("S3"), c.Tally("S3")!.Day, c.Over(SqiComponents.ComplaintsReopened), c.Tally(SqiComponents.ComplaintsReopened)!.Day).ShouldBe(((1, 1), Day(17), (1, 1), Day(20)));
        (c.Over("Q6"), c.Tally("Q6")!.Day, FigureCodes.IsMissed(c.Tally("Q6")!)).ShouldBe(((1, 0), Day(9), true));
    }

    [Fact]
    public void S1_and_S2_leave_out_what_was_given_up_unanswered_before_its_time_and_keep_what_was_overdue_by_then()
    {
        Contribution GivenUp(long closed, long answered = 0) => Ask(EventKind.ComplaintStood, At(30, 9), s => s.Complaint = new Complaint
        {
            About = "delay", OpenedUs = At(9, 9), AnswerDueUs = At(10, 9), AnsweredUs = answered, StatuteDueUs = At(16, 9), ClosedUs = closed, Withdrawn = true,
        });
        var early = GivenUp(At(10, 9));
        foreach (var (figure, day) in new[] { ("S1", 10), ("S2", 16) })
        {
            var left = early.Tally(figure)!;
            (left.LeftOut, left.Reason, left.Day, left.Denominator, left.Open).ShouldBe((true, "withdrawn", Day(day), 0, false), figure);
        }
        (early.Over("S3"), early.Tally(SqiComponents.ComplaintsUnresolved)).ShouldBe(((0, 1), null));
        var overdue = GivenUp(At(10, 9) + 1);
        (overdue.Over("S1"), overdue.Tally("S2")!.LeftOut).ShouldBe(((0, 1), true), "nobody had answered in time, and the week was not over");
        var late = GivenUp(At(17, 9));
        (late.Over("S1"), late.Over("S2"), late.Over(SqiComponents.ComplaintsUnresolved)).ShouldBe(((0, 1), (0, 1), (1, 1)));
        var answered = GivenUp(At(10, 9), At(9, 10));
        (answered.Over("S1"), answered.Over("S2")).ShouldBe(((1, 1), (1, 1)), "who was answered was served");
        Ask(EventKind.ComplaintStood, At(30, 9), s => s.Complaint = new Complaint { OpenedUs = At(9, 9), Withdrawn = true }).Tally("S1")!.Reason.ShouldBe(ContributeFact.Malformed);
    }

    [Theory]
    [InlineData(15 * 24, true)]
    [InlineData(15 * 24 + 1, false)]
    public void S3_counts_what_is_reopened_within_15_days(int hours, bool counts)
    {
        var c = Ask(EventKind.ComplaintStood, At(30, 9), s => s.Complaint = new Complaint { OpenedUs = At(9, 9), ClosedUs = At(10, 9), ReopenedUs = At(10, 9) + hours * 60 * Minute });
        (c.Over("S3"), c.Tally(SqiComponents.ComplaintsReopened) is not null, c.Tally("S1"), c.Tally("S2"), c.Tally("Q6")).ShouldBe(((counts ? 1 : 0, 1), counts, null, null, null));
    }

    [Theory]
    [InlineData("false_sign_off", "upheld", true)]
    [InlineData("unauthorised_drop", "upheld", true)]
    [InlineData("unauthorised_drop", "not_upheld", false)]
    [InlineData("unauthorised_drop", "", false)]
    [InlineData("delay", "upheld", false)]
    public void Q6_counts_what_was_found_of_false_sign_offs_and_unauthorised_drops(string about, string found, bool counts) =>
        (Ask(EventKind.ComplaintStood, At(30, 9), s => s.Complaint = new Complaint { About = about, Found = found, OpenedUs = At(9, 9) }).Tally("Q6") is not null).ShouldBe(counts);

    [Fact]
    public void SQI_LinehaulDelay_AbandonedCalls_and_the_knock_outs()
    {
        bool Delayed(long done, long told) => Ask(EventKind.LinehaulTrip, told, s => (s.DueUs, s.DoneUs) = (At(9, 9), done)).Tally(SqiComponents.LinehaulDelay) is not null;
        (Delayed(At(9, 9, 30), At(9, 12)), Delayed(At(9, 9, 31), At(9, 12)), Delayed(0, At(9, 9, 31)), Delayed(0, At(9, 9, 30))).ShouldBe((false, true, true, false));
        bool Abandoned(bool failed, long waited) => Ask(EventKind.ClientCall, At(9, 12), s => (s.BeganUs, s.DoneUs, s.Failed) = (At(9, 9), At(9, 9) + waited, failed)).Tally(SqiComponents.AbandonedCalls) is not null;
        (Abandoned(true, 30 * Second), Abandoned(true, 30 * Second - 1), Abandoned(false, Minute)).ShouldBe((true, false, false));
        Ask(EventKind.ServiceIncident, At(9, 12), s => (s.BeganUs, s.Failed) = (At(9, 9), true), "privacy_breach").Over("privacy_breach").ShouldBe((1, 1));
        Ask(EventKind.ServiceIncident, At(9, 12), s => s.Failed = true, "false_events").Tally("false_events_proved")!.Day.ShouldBe(Day(9));
        Ask(EventKind.ServiceIncident, At(9, 12), s => s.BeganUs = At(9, 9), "privacy_breach").Tallies.ShouldBeEmpty("alleged, not proved");
    }

    [Fact]
    public void What_contradicts_itself_counts_nowhere_and_is_told()
    {
        foreach (var (kind, more) in new (EventKind, Action<ServiceFact>)[]
        {
            (EventKind.ClientQuery, static s => (s.BeganUs, s.DoneUs) = (At(9, 9), At(9, 8))), (EventKind.InvoiceLine, static s => (s.BeganUs, s.DueUs) = (At(9, 9), At(8, 9))),
            (EventKind.InvoiceLine, static s => (s.BeganUs, s.AmountMinor) = (At(9, 9), long.MaxValue)), (EventKind.InvoiceLine, static s => (s.BeganUs, s.HasBudget, s.BudgetMinor) = (At(9, 9), true, -1)),
            (EventKind.ComplaintStood, static _ => { }), (EventKind.ImprovementAction, static s => s.DueUs = 253_402_300_799_000_000), (EventKind.ComplaintStood, static s => s.Complaint = new Complaint { OpenedUs = At(9, 9), ReopenedUs = At(9, 10) }), (EventKind.ClientCall, static s => (s.BeganUs, s.Failed) = (At(9, 9), true)),
        })
        {
            var tally = Ask(kind, At(9, 12), more).Tallies.ShouldHaveSingleItem();
            (tally.LeftOut, tally.Reason, tally.Numerator, tally.Denominator, tally.Day).ShouldBe((true, "malformed", 0, 0, Day(9)));
        }
        foreach (var kind in new[] { EventKind.ReceivableStood, EventKind.ClientContact, EventKind.PlanStep }) Ask(kind, At(9, 12), static s => s.BeganUs = At(9, 9)).ShouldBe(new Contribution(), "read by warnings alone");
    }

    [Fact]
    public void The_highest_revision_stands_and_what_is_taken_out_adds_nothing()
    {
        var (first, second) = (Told(1, EventKind.ClientQuery, At(9, 12), s => s.BeganUs = At(9, 9)), Told(2, EventKind.ClientQuery, At(9, 10), s => (s.BeganUs, s.DoneUs, s.Revision) = (At(9, 9), At(9, 9, 5), 1)));
        (Ask(first, second).Over("T5"), Ask(second, first, second).Over("T5")).ShouldBe(((1, 1), (1, 1)));
        Ask(first, second, TakenOut(3, 2, At(9, 9))).Over("T5").ShouldBe((0, 1), "the first stands again");
        Ask(first, second, TakenOut(3, 2, At(9, 13)), TakenOut(4, 3, At(9, 14))).Over("T5").ShouldBe((1, 1));
        Ask(first, TakenOut(3, 1, At(9, 13))).ShouldBe(new Contribution());
        var later = Told(5, EventKind.ClientQuery, At(9, 13), s => (s.BeganUs, s.DoneUs, s.Revision) = (At(9, 9), At(9, 10), 1));
        Ask(later, second).Over("T5").ShouldBe((0, 1), "of equal revisions the later word");
    }

    [Fact]
    public void A_subject_can_be_read_back_whatever_an_account_is_called()
    {
        foreach (var key in new FactKey[] { new(EventKind.ClientQuery, "KA-1", "a:b"), new(EventKind.PlanStep, "a:b%3A", "c"), new(EventKind.ComplaintStood, "大客户", "投诉:1") }) FactKey.Read(key.Subject).ShouldBe(key);
        string.Equals(new FactKey(EventKind.ClientQuery, "a", "b:c").Subject, new FactKey(EventKind.ClientQuery, "a:b", "c").Subject, StringComparison.Ordinal).ShouldBeFalse();
        foreach (var none in new[] { "", "p:1", "f:", "f:12:a:b", "f:x:a:b", "f:150:a" }) FactKey.Read(none).ShouldBeNull();
    }
}
