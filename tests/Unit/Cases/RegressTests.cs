using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Cases.Regress;
using KeyAccountLogistics.Kernel;
using static KeyAccountLogistics.Unit.Cases.ComplaintBed;
using static KeyAccountLogistics.Unit.Cases.WeighedBed;

namespace KeyAccountLogistics.Unit.Cases;

/// <summary>SEED-03-PCR, SEED-03-REGRESS, SEED-03-CRISIS: a key account that slips, before, during and after.</summary>
public sealed class RegressTests
{
    private const double Hour = 60;
    private const double Day = 24 * Hour;

    // Whoever answers for it, the steps in their order, and the words each needs.
    private static readonly (string Step, string Stage)[] Way =
        [("open_room", "incident_room"), ("state_facts", "facts_stated"), ("client_notified", "measures"), ("plan_recovery", "recovery")];

    [Fact]
    public void From_watching_to_the_cause_no_stage_is_left_out_and_somebody_answers_for_it()
    {
        var state = Watched();
        (state.Stage, state.Owner, state.Clocks["watch"].DueUs).ShouldBe(("watch", "KeyAccountManager", At(3 * Day).ToUnixMicros()));
        var number = 1;
        foreach (var (step, stage) in Way)
        {
            foreach (var (other, _) in Way.Where(w => w.Step != step)) Try(state, number, Said(90, Manager, other)).Code.ShouldBe("step.not_now", other);
            foreach (var last in new[] { "retained", "measure" }.Where(l => l == "retained" || state.Stage != "measures")) Try(state, number, Said(91, Manager, last)).Code.ShouldBe("step.not_now", last);
            if (step != "open_room") Try(state, number, Step(92, Manager, step)).Code.ShouldBe("note.missing", step);
            Try(state, number, Remedy(93, Head, "no_compensation", AuthorityLimit.Unlimited)).Code.ShouldBe("decide.window_open");
            state = Did(state, number, Said(number, Manager, step));
            (state.Stage, state.Owner).ShouldBe((stage, Manager.Id));
            number++;
        }
        state = Did(state, 10, Said(10, Manager, "measure"));
        state.Stage.ShouldBe("recovery");
        state = Did(state, 11, Remedy(11, Head, "compensation", AuthorityLimit.Of(Yuan(500)), Yuan(200), "our_doing"));
        (state.Stage, state.Outcome!.Outcome, state.Closed).ShouldBe(("following_up", "compensation", false));

        Try(state, 12, Step(12, Manager, "retained")).Code.ShouldBe("close.no_cause");
        Try(state, 12, Step(12, Manager, "root_cause", "bad_luck")).Code.ShouldBe("reason.unknown");
        state = Did(state, 12, Step(12, Manager, "root_cause", "complaint_unsolved"));
        Try(state, 13, Step(13, Manager, "retained")).Code.ShouldBe("close.not_promised");
        state = Did(state, 13, Promises(13, "follow_up", 5 * Day));
        Try(state, 14, Step(14, Manager, "retained")).Code.ShouldBe("close.promise_waits");
        state = Did(state, 3 * Day, new CaseCommand.PromiseDone(Id(14), Manager, "promise-1", null));
        state = Did(state, 3 * Day, Step(15, Manager, "retained"));
        (state.Closed, state.Stage, state.Outcome!.Outcome, state.Cause, state.Uncontrollable).ShouldBe((true, "closed", "compensation", "complaint_unsolved", false));
        state.Clocks.Values.ShouldAllBe(c => c.State == ClockState.Stopped);
    }

    [Theory]
    [InlineData("rival_better", false)]
    [InlineData("product_unfit", false)]
    [InlineData("complaint_unsolved", false)]
    [InlineData("neglected", false)]
    [InlineData("quality", false)]
    [InlineData("closed_down", true)]
    [InlineData("moved", true)]
    [InlineData("influenced", true)]
    public void An_account_may_be_lost_at_any_time_with_its_cause_and_an_uncontrollable_one_is_marked(string cause, bool uncontrollable)
    {
        var state = Watched();
        Try(state, 5, Said(1, Manager, "lost")).Code.ShouldBe("close.no_cause");
        state = Did(state, 5, Step(1, Manager, "root_cause", cause));
        Try(state, 6, Step(2, Manager, "lost")).Code.ShouldBe("note.missing");
        var lost = Did(state, 6, Said(2, Manager, "lost"));
        (lost.Closed, lost.Outcome!.Outcome, lost.Cause, lost.Uncontrollable).ShouldBe((true, "lost", cause, uncontrollable));
        // Said otherwise it is so; taken up again it has to be said again.
        var reopened = Did(lost, 7, new CaseCommand.Reopen(Id(3), Head, "decided_in_error", null));
        (reopened.Stage, reopened.Cause, reopened.Uncontrollable).ShouldBe(("measures", "", false));
        Did(Did(reopened, 8, Step(4, Manager, "root_cause", "moved")), 9, Step(5, Manager, "root_cause", "neglected")).Uncontrollable.ShouldBeFalse();
    }

    [Fact]
    public void What_turns_out_to_be_nothing_is_closed_while_it_is_watched_only()
    {
        var state = Watched();
        Did(state, 5, Said(1, Manager, "unfounded")).Outcome!.Outcome.ShouldBe("withdrawn");
        Try(Did(state, 5, Said(1, Manager, "open_room")), 6, Said(2, Manager, "unfounded")).Code.ShouldBe("step.not_now");
        Try(state, 5, Said(1, Client, "open_room")).Code.ShouldBe("step.not_yours");
    }

    [Fact]
    public void The_client_is_told_within_a_day_of_the_incident_room_and_compensation_is_within_authority()
    {
        var room = Did(Watched(), Day, Said(1, Manager, "open_room"));
        room.Clocks["notify"].DueUs.ShouldBe(At(2 * Day).ToUnixMicros());
        var facts = Did(room, Day + 1, Said(2, Manager, "state_facts"));
        facts.Clocks["notify"].DueUs.ShouldBe(At(2 * Day).ToUnixMicros(), "it goes on");
        var told = Did(facts, Day + 2, Said(3, Manager, "client_notified"));
        (told.Clocks["notify"].State, told.Clocks["plan"].DueUs).ShouldBe((ClockState.Stopped, At((8 * Day) + 2).ToUnixMicros()));
        Lapse(facts, 3 * Day).Entries.Select(e => (e.Escalation.Clock, e.Escalation.Percent)).ShouldBe([("notify", 50), ("notify", 80), ("notify", 100)]);

        var planned = Did(told, Day + 3, Said(4, Manager, "plan_recovery"));
        var proposed = Did(planned, Day + 4, Remedy(5, Manager, "compensation", AuthorityLimit.Of(Yuan(100)), Yuan(101)));
        (proposed.Stage, proposed.Outcome).ShouldBe(("proposed", null));
        Did(proposed, Day + 5, Remedy(6, Head, "compensation", AuthorityLimit.Unlimited, Yuan(101))).Stage.ShouldBe("following_up");
        // Who opened it by hand decides what gives nothing away, and nothing else.
        var own = Did(planned with { OpenedByHand = planned.OpenedByHand.Add(Manager.Id) }, Day + 4, Remedy(5, Manager, "no_compensation", AuthorityLimit.None));
        own.Stage.ShouldBe("following_up");
        Try(planned with { OpenedByHand = planned.OpenedByHand.Add(Manager.Id) }, Day + 4, Remedy(5, Manager, "compensation", AuthorityLimit.Unlimited, Yuan(1))).Code.ShouldBe("decide.own_case");
    }

    [Fact]
    public void Signs_join_once_whatever_their_figures_and_their_number_has_an_end()
    {
        var first = Observed(null, 0, ("volume_changed", "KA-1.volume.1", "62"));
        Observed(first.State, 5, ("volume_changed", "KA-1.volume.1", "60")).Entries.ShouldBeEmpty();
        var joined = Observed(first.State, 5, ("volume_changed", "KA-1.volume.1", "60"), ("overdue", "KA-1.arrears.3", "31"));
        joined.Entries.ShouldHaveSingleItem().Kind.ShouldBe(EntryKind.Evidence);
        joined.State.Signs.Select(s => (s.Code, s.Figures["is"])).ShouldBe([("volume_changed", "62"), ("overdue", "31")]);
        var full = Observed(joined.State, 6, [.. Enumerable.Range(0, 150).Select(n => ("overdue", "r" + n, "1"))]);
        full.State.Signs.Length.ShouldBe(CaseLimits.SignsMax);
        Observed(full.State, 7, ("overdue", "another", "1")).Entries.ShouldBeEmpty();
        CaseFold.Of(first.Entries.Concat(joined.Entries).Concat(full.Entries)).ShouldNotBeNull().Signs.ShouldBe(full.State.Signs);
    }

    private static CaseState Watched() => Observed(null, 0, ("volume_changed", "w-1", "62")).State;

    private static CaseDraft Observed(CaseState? state, double minute, params (string Code, string Reference, string Is)[] signs)
    {
        var draft = Draft(RegressKind.Kind, state, minute);
        RegressCase.Observe(draft, "KA-1", [.. signs.Select(s => new RegressSign { Code = s.Code, Reference = s.Reference, Figures = { ["is"] = s.Is } })]);
        return draft;
    }
}
