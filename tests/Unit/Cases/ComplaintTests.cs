using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Complaints;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using Side = KeyAccountLogistics.Api.Cases.V1.Side;
using static KeyAccountLogistics.Unit.Cases.ComplaintBed;
using static KeyAccountLogistics.Unit.Cases.WeighedBed;

namespace KeyAccountLogistics.Unit.Cases;

/// <summary>A complaint's life (domain.md 1.7): clocks, steps in their order, promises, remedies, root cause, appeal, reopening.</summary>
public sealed class ComplaintTests
{
    private const double Hour = 60;
    private const double Day = 24 * Hour;

    [Theory]
    [InlineData("home", 12)]
    [InlineData("elsewhere", 24)]
    [InlineData("", 12)]
    public void SEED_04_TL1224_the_first_answer_has_12_hours_at_home_and_24_elsewhere_and_the_law_seven_days(string region, double hours)
    {
        var opened = Complaint("delay", region: region);
        (opened.Stage, opened.Owner, opened.Clocks["first_answer"].DueUs, opened.Clocks["statute"].DueUs).ShouldBe(
            ("received", "CustomerService", At(hours * Hour).ToUnixMicros(), At(7 * Day).ToUnixMicros()));
        var late = Lapse(opened, 8 * Day);
        late.Entries.Select(e => (e.Escalation.Clock, e.Escalation.Percent, e.Escalation.DueUs)).ShouldBe(
        [
            ("first_answer", 50, At(hours * 30).ToUnixMicros()), ("first_answer", 80, At(hours * 48).ToUnixMicros()), ("first_answer", 100, At(hours * 60).ToUnixMicros()),
            ("statute", 50, At(3.5 * Day).ToUnixMicros()), ("statute", 80, At(8064).ToUnixMicros()), ("statute", 100, At(7 * Day).ToUnixMicros()),
        ]);
    }

    [Fact]
    public void The_first_answer_is_read_by_the_client_and_stops_its_clock_and_no_clock_of_the_law_is_paused()
    {
        var opened = Complaint("delay");
        Try(opened, 5, Step(1, Service, "acknowledge")).Code.ShouldBe("note.not_shared");
        Try(opened, 5, Said(1, Service, "acknowledge", shared: false)).Code.ShouldBe("note.not_shared");
        Try(opened, 5, new CaseCommand.Pause(Id(1), Service, "statute", "client_asked", null)).Code.ShouldBe("clock.never_paused");
        Try(opened, 5, new CaseCommand.Pause(Id(1), Service, "first_answer", "client_asked", null)).Code.ShouldBe("clock.never_paused");
        var answered = Did(opened, 11 * Hour, Said(1, Service, "acknowledge"));
        (answered.Stage, answered.Clocks["first_answer"].State, answered.Clocks["statute"].State).ShouldBe(("acknowledged", ClockState.Stopped, ClockState.Running));
        answered.Punctuality.ShouldBe(new Punctuality(At(12 * Hour).ToUnixMicros(), At(11 * Hour).ToUnixMicros(), At(7 * Day).ToUnixMicros(), 0, 0));
    }

    [Fact]
    public void SEED_04_STEP7_the_seven_steps_are_taken_in_their_order_and_none_is_left_out()
    {
        var state = Complaint("delay");
        string[] stages = ["received", "acknowledged", "heard", "expectation_set", "needs_confirmed", "options_offered"];
        for (var at = 0; at < Steps.Length; at++)
        {
            state.Stage.ShouldBe(stages[at]);
            foreach (var other in Steps.Append("verify").Where(s => s != Steps[at])) Try(state, 10 + at, Said(90, Service, other)).Code.ShouldBe("step.not_now", other);
            Try(state, 10 + at, Remedy(91, Head, "apology", AuthorityLimit.Unlimited)).Code.ShouldBe("decide.window_open");
            state = Did(state, 10 + at, Said(at, Service, Steps[at]));
        }
        state.Stage.ShouldBe("options_offered");
        var acting = Did(state, 20, Remedy(10, Head, "apology", AuthorityLimit.None));
        (acting.Stage, acting.Closed, acting.Outcome!.Outcome, acting.Word).ShouldBe(("acting", false, "apology", "open"));
        // Nobody is satisfied by a decision alone: it goes back and is offered again.
        Did(acting, 25, Said(11, Client, "not_satisfied")).Stage.ShouldBe("options_offered");
        var closed = Did(acting, 30, Step(11, Service, "verify"));
        (closed.Stage, closed.Closed, closed.Outcome!.Outcome).ShouldBe(("closed", true, "apology"));
        closed.Clocks.Values.ShouldAllBe(c => c.State == ClockState.Stopped);
    }

    [Fact]
    public void A_promise_has_a_time_and_is_kept_or_broken_and_a_broken_one_stays_so()
    {
        var opened = Complaint("delay");
        Try(opened, 10, Promises(1, "call_back", 10)).Code.ShouldBe("promise.due");
        Try(opened, 10, Promises(1, "anything", 200)).Code.ShouldBe("reason.unknown");
        var promised = Did(Did(opened, 10, Promises(1, "call_back", 190)), 20, Promises(2, "send_proof", 400));
        promised.Promises.Values.Select(p => (p.Clock, p.What, p.State, p.By)).ShouldBe([("promise-1", "call_back", PromiseState.Open, Service.Id), ("promise-2", "send_proof", PromiseState.Open, Service.Id)]);

        var kept = Did(promised, 180, new CaseCommand.PromiseDone(Id(3), Service, "promise-1", null));
        (kept.Promises["promise-1"].State, kept.Promises["promise-1"].DoneUs, kept.Clocks["promise-1"].State).ShouldBe((PromiseState.Kept, At(180).ToUnixMicros(), ClockState.Stopped));
        Try(kept, 185, new CaseCommand.PromiseDone(Id(4), Service, "promise-1", null)).Code.ShouldBe("promise.unknown");
        Try(kept, 185, new CaseCommand.PromiseDone(Id(4), Service, "promise-9", null)).Code.ShouldBe("promise.unknown");

        var late = Lapse(promised, 195);
        late.Entries.Where(e => e.Kind == EntryKind.Escalated && e.Escalation.Clock == "promise-1").Select(e => e.Escalation.Percent).ShouldBe([50, 80, 100]);
        late.Entries.Single(e => e.Kind == EntryKind.PromiseBroken).Promise.State.ShouldBe(PromiseState.Broken);
        // It stands as overdue until it is done, and what was late stays late.
        late.State.Nearest!.Clock.ShouldBe("promise-1");
        var done = Did(late.State, 210, new CaseCommand.PromiseDone(Id(5), Service, "promise-1", null));
        (done.Promises["promise-1"].State, done.Clocks["promise-1"].State, Lapse(done, 300).Entries.Any(e => e.Promise is not null)).ShouldBe((PromiseState.Broken, ClockState.Stopped, false));
    }

    [Fact]
    public void A_case_is_not_closed_while_a_promise_or_an_appeal_waits()
    {
        var promised = Did(Acting("delay"), 30, Promises(20, "deliver", 500));
        Try(promised, 40, Step(21, Service, "verify")).Code.ShouldBe("close.promise_waits");
        // Broken is not done.
        Try(promised, 600, Step(21, Service, "verify")).Code.ShouldBe("close.promise_waits");
        Did(Did(promised, 40, new CaseCommand.PromiseDone(Id(21), Service, "promise-1", null)), 41, Step(22, Service, "verify")).Closed.ShouldBeTrue();

        var appealed = Did(Acting("delay"), 30, Step(20, Client, "appealed"));
        (appealed.Stage, appealed.Clocks["appeal"].DueUs).ShouldBe(("acting", At(30 + (30 * Day)).ToUnixMicros()));
        Try(appealed, 31, Step(21, Service, "appealed")).Code.ShouldBe("clock.running");
        Try(appealed, 40, Step(21, Service, "verify")).Code.ShouldBe("close.appealed");
        Try(Acting("delay"), 40, Said(21, Service, "appeal_answered")).Code.ShouldBe("clock.not_running");
        Did(Did(appealed, 40, Said(21, Service, "appeal_answered")), 41, Step(22, Service, "verify")).Closed.ShouldBeTrue();
        // The day that the authority's letter names.
        var named = Did(Acting("delay"), 30, new CaseCommand.TakeStep(Id(20), Service, "appealed", "step", "", null, At(12 * Day).ToUnixMicros()));
        named.Clocks["appeal"].DueUs.ShouldBe(At(12 * Day).ToUnixMicros());
    }

    /// <summary>SEED-04-WANT8, SEED-04-UNHAPPY.</summary>
    [Theory]
    [InlineData("loss")]
    [InlineData("damage")]
    public void A_serious_case_is_not_closed_without_root_cause_and_corrective_action(string about)
    {
        var acting = Acting(about);
        acting.Serious.ShouldBeTrue();
        Try(acting, 30, Step(20, Service, "verify")).Code.ShouldBe("close.no_cause");
        Try(acting, 30, Step(20, Service, "root_cause", "bad_luck")).Code.ShouldBe("reason.unknown");
        var caused = Did(acting, 30, Step(20, Service, "root_cause", "untrained_staff"));
        (caused.Cause, caused.Stage).ShouldBe(("untrained_staff", "acting"));
        Try(caused, 31, Step(21, Service, "verify")).Code.ShouldBe("close.no_action");
        Try(caused, 31, Step(21, Service, "corrective_action")).Code.ShouldBe("note.missing");
        Did(Did(caused, 31, Said(21, Service, "corrective_action", shared: false)), 32, Step(22, Service, "verify")).Closed.ShouldBeTrue();
    }

    [Fact]
    public void Marked_or_reopened_a_case_is_serious_and_a_reopened_one_needs_a_new_cause()
    {
        ComplaintKind.Kind.RootCauses.Length.ShouldBe(8);
        Try(Did(Acting("delay"), 30, Said(20, Service, "mark_serious")), 31, Step(21, Service, "verify")).Code.ShouldBe("close.no_cause");
        var closed = Did(Did(Did(Acting("loss"), 30, Step(20, Service, "root_cause", "ignored")), 31, Said(21, Service, "corrective_action")), 32, Step(22, Service, "verify"));
        var reopened = Did(closed, 3 * Day, new CaseCommand.Reopen(Id(30), Client, "happened_again", null));
        (reopened.Stage, reopened.Serious, reopened.Cause, reopened.Corrected, reopened.Outcome, reopened.Reopened).ShouldBe(("acknowledged", true, "", false, null, 1));
        // The law's week runs again from the new receipt; what counts for service levels is the first.
        reopened.Clocks["statute"].DueUs.ShouldBe(At(10 * Day).ToUnixMicros());
        (reopened.Punctuality.StatuteDueUs, reopened.Punctuality.ClosedUs, reopened.Punctuality.ReopenedUs).ShouldBe((At(7 * Day).ToUnixMicros(), At(32).ToUnixMicros(), At(3 * Day).ToUnixMicros()));
        Try(closed, 3 * Day, new CaseCommand.Reopen(Id(30), Client, "", null)).Code.ShouldBe("reason.unknown");
    }

    /// <summary>SEED-03-AUTH, SEED-04-FIVE.</summary>
    [Fact]
    public void A_remedy_that_costs_is_held_against_authority_and_over_it_confirmed_by_another_person()
    {
        var offered = Offered("delay");
        foreach (var remedy in new[] { "refund_freight", "compensation", "reship", "service_upgrade" })
        {
            Try(offered, 20, Remedy(10, Head, remedy, AuthorityLimit.Unlimited)).Code.ShouldBe("amount.missing", remedy);
            var decided = Did(offered, 20, Remedy(10, Head, remedy, AuthorityLimit.Of(Yuan(50)), Yuan(50)));
            (decided.Stage, decided.Outcome!.Gives.Minor, decided.Outcome.Credit is not null).ShouldBe(("acting", 50_00, remedy is "refund_freight" or "compensation"), remedy);
            var proposed = Did(offered, 20, Remedy(10, Head, remedy, AuthorityLimit.Of(Yuan(50)), Yuan(50.01m)));
            (proposed.Stage, proposed.Word, proposed.Clocks["confirm"].State).ShouldBe(("proposed", "proposed", ClockState.Running));
            Try(proposed, 21, Remedy(11, Head, remedy, AuthorityLimit.Unlimited, Yuan(50.01m))).Code.ShouldBe("decide.own_proposal");
            var confirmed = Did(proposed, 21, Remedy(11, Manager, remedy, AuthorityLimit.Unlimited, Yuan(50.01m)));
            (confirmed.Stage, confirmed.Outcome!.ProposedBy).ShouldBe(("acting", Head.Id));
        }
    }

    [Fact]
    public void Who_took_a_complaint_down_may_apologise_but_gives_no_money()
    {
        var offered = Offered("delay", by: Service);
        Try(offered, 20, Remedy(10, Service, "compensation", AuthorityLimit.Unlimited, Yuan(1))).Code.ShouldBe("decide.own_case");
        Did(offered, 20, Remedy(10, Service, "apology", AuthorityLimit.None)).Stage.ShouldBe("acting");
        CaseDecide.OutcomesOpen(ComplaintKind.Kind, offered, Service).Select(o => o.Name).ShouldBe(["apology"]);
        CaseDecide.OutcomesOpen(ComplaintKind.Kind, offered, Client).ShouldBeEmpty();
    }

    [Fact]
    public void The_client_takes_its_complaint_back_whatever_waits()
    {
        var promised = Did(Complaint("loss"), 10, Promises(1, "call_back", 200));
        var withdrawn = Did(promised, 20, Step(2, Client, "withdraw"));
        (withdrawn.Closed, withdrawn.Outcome!.Outcome).ShouldBe((true, "withdrawn"));
        withdrawn.Clocks.Values.ShouldAllBe(c => c.State == ClockState.Stopped);
        Try(promised, 20, Step(2, Service, "withdraw")).Code.ShouldBe("step.not_yours");
    }

    [Fact]
    public void An_id_follows_from_its_command_and_a_client_comes_by_page_or_by_its_system()
    {
        ComplaintCase.IdOf(Id(1).Span).ShouldBe(ComplaintCase.IdOf(Id(1).Span));
        Enumerable.Range(0, 1_000).Select(n => ComplaintCase.IdOf(Id(n).Span)).Distinct(StringComparer.Ordinal).Count().ShouldBe(1_000);
        ComplaintCase.ChannelOf(new("c", Side.Client), CallerKind.Person, "phone").ShouldBe("page");
        ComplaintCase.ChannelOf(new("c", Side.Client), CallerKind.ApiKey, "").ShouldBe("api");
        ComplaintCase.ChannelOf(new("s", Side.Carrier), CallerKind.Person, "phone").ShouldBe("phone");
    }
}
