using System.Collections.Immutable;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Cases.Weight;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;
using Side = KeyAccountLogistics.Api.Cases.V1.Side;
using static KeyAccountLogistics.Unit.Cases.WeighedBed;

namespace KeyAccountLogistics.Unit.Cases;

/// <summary>The life of a weight case: its stages, clocks, silence, decisions and reopenings.</summary>
public sealed class CaseLifeTests
{
    private const double Day = 1440;

    [Fact]
    public void The_kind_names_no_stage_step_or_outcome_that_it_does_not_have()
    {
        foreach (var kind in CaseKinds.All)
        {
            var stages = kind.Steps.SelectMany(s => s.From.Add(s.To)).Append(kind.ProposedStage).Append(kind.ClosedStage).ToHashSet(StringComparer.Ordinal);
            foreach (var stage in new[] { kind.Begins.ByCarrier, kind.Begins.ByClient, kind.Begins.ByRule, kind.Begins.WithoutSay, kind.ReopenedStage }.Concat(kind.DecidedIn).Concat(kind.Clocks.SelectMany(c => c.RunsIn)))
                stages.Contains(stage).ShouldBeTrue(stage);
            foreach (var silent in kind.Clocks.SelectMany(c => c.OnDue.Values.Append(c.OnDueInDoubt)).OfType<string>()) kind.Step(silent).ShouldNotBeNull().By.ShouldBe([Side.Product]);
            foreach (var step in kind.Steps.Where(s => s.ClosesWith is not null)) (kind.Outcome(step.ClosesWith!), step.To).ShouldBe((kind.Outcome(step.ClosesWith!)!, kind.ClosedStage));
            kind.Outcome("withdrawn").ShouldNotBeNull().ByRuleOnly.ShouldBeTrue();
        }
    }

    [Fact]
    public void The_window_begins_when_the_evidence_is_shown_and_silence_takes_the_new_weight()
    {
        var opened = Opened();
        (opened.Stage, opened.Owner, opened.Clocks["show"].DueUs).ShouldBe(("evidence", "KeyAccountManager", At(60 + Day).ToUnixMicros()));
        // Nobody has shown it: silence means nothing however long it lasts.
        Lapsed(opened, 30 * Day).Closed.ShouldBeFalse();

        var shown = Done(opened, 120, Step(1, Client, "shown"));
        (shown.Stage, shown.ShownUs, shown.Clocks["answer"].DueUs, shown.Clocks["show"].State).ShouldBe(("answer", At(120).ToUnixMicros(), At(120 + (7 * Day)).ToUnixMicros(), ClockState.Stopped));
        Lapsed(shown, 120 + (7 * Day) - 1).Closed.ShouldBeFalse();
        var silent = Lapsed(shown, 120 + (7 * Day));
        (silent.Closed, silent.Stage, silent.Outcome!.Outcome, silent.Outcome.BillsMg, silent.Outcome.Charge.Minor).ShouldBe((true, "closed", "take_new", 2_500_000, 500));
    }

    [Fact]
    public void Silence_lets_a_person_decide_where_the_contract_says_so_and_the_time_to_decide_runs_from_the_windows_end()
    {
        var shown = Done(Opened(Say with { OnSilence = OnSilence.Decide }), 120, Step(1, Manager, "shown"));
        // The job comes a day late: the clock of the decision has been running since.
        var silent = Lapsed(shown, 120 + (8 * Day));
        (silent.Stage, silent.Closed, silent.Clocks["decide"].StartedUs, silent.Clocks["decide"].DueUs).ShouldBe(("deciding", false, At(120 + (7 * Day)).ToUnixMicros(), At(120 + (10 * Day)).ToUnixMicros()));
    }

    [Fact]
    public void An_answer_after_the_window_is_late_even_when_no_job_has_run()
    {
        var shown = Done(Opened(), 120, Step(1, Client, "shown"));
        Run(shown, 120 + (7 * Day), Step(2, Client, "dispute", "declared_is_right")).Refused!.Code.ShouldBe("case.closed");
        Done(shown, 119 + (7 * Day), Step(2, Client, "dispute", "declared_is_right")).Stage.ShouldBe("deciding");
    }

    [Fact]
    public void The_client_accepts_or_disputes_with_a_reason_and_nobody_answers_for_it()
    {
        var shown = Done(Opened(), 120, Step(1, Client, "shown"));
        Done(shown, 130, Step(2, Client, "accept")).Outcome!.Outcome.ShouldBe("take_new");
        Run(shown, 130, Step(2, Client, "dispute")).Refused.ShouldBe(new CaseRefusal { Code = "reason.unknown", Field = "reason", Message = Run(shown, 130, Step(2, Client, "dispute")).Refused!.Message });
        Run(shown, 130, Step(2, Manager, "accept")).Refused!.Code.ShouldBe("step.not_yours");
        Run(shown, 130, Step(2, Client, "silence_accepts")).Refused!.Code.ShouldBe("step.not_yours");
        var either = Done(Opened(Say with { By = DisputeParty.Either }), 120, Step(1, Client, "shown"));
        Done(either, 130, Step(2, Manager, "dispute", "scale_in_doubt")).Stage.ShouldBe("deciding");
    }

    [Fact]
    public void Without_an_agreed_say_the_carrier_decides_and_the_client_sees_it()
    {
        var opened = Opened(noSay: true);
        (opened.Stage, opened.HasSay).ShouldBe(("deciding", false));
        Run(opened, 70, Step(1, Client, "accept")).Refused!.Code.ShouldBe("answer.none_agreed");
    }

    [Fact]
    public void Clocks_are_escalated_at_half_four_fifths_and_the_whole_once_each_however_late_the_look()
    {
        var opened = Opened(noSay: true);
        var draft = Draft(opened, 60 + (10 * Day));
        CaseClocks.Lapse(draft);
        draft.Entries.Select(e => (e.Kind, e.Escalation.Clock, e.Escalation.Percent, e.Escalation.DueUs)).ShouldBe(
        [
            (EntryKind.Escalated, "decide", 50, At(60 + (1.5 * Day)).ToUnixMicros()),
            (EntryKind.Escalated, "decide", 80, At(60 + (2.4 * Day)).ToUnixMicros()),
            (EntryKind.Escalated, "decide", 100, At(60 + (3 * Day)).ToUnixMicros()),
        ]);
        CaseClocks.NextUs(draft.State).ShouldBeNull();
        var again = Draft(draft.State, 60 + (11 * Day));
        CaseClocks.Lapse(again);
        again.Entries.ShouldBeEmpty();
    }

    [Fact]
    public void A_clock_is_paused_for_a_reason_of_its_kind_only_and_goes_on_with_what_was_left()
    {
        var shown = Done(Opened(), 120, Step(1, Client, "shown"));
        Run(shown, 130, new CaseCommand.Pause(Id(2), Manager, "answer", "because", null)).Refused!.Code.ShouldBe("reason.unknown");
        Run(Opened(), 70, new CaseCommand.Pause(Id(2), Manager, "show", "client_asked", null)).Refused!.Code.ShouldBe("clock.never_paused");
        var paused = Done(shown, 120 + Day, new CaseCommand.Pause(Id(2), Manager, "answer", "client_asked", null));
        Lapsed(paused, 120 + (20 * Day)).Closed.ShouldBeFalse();
        var resumed = Done(paused, 120 + (3 * Day), new CaseCommand.Resume(Id(3), Manager, "answer", null));
        resumed.Clocks["answer"].DueUs.ShouldBe(At(120 + (9 * Day)).ToUnixMicros());
        Lapsed(resumed, 120 + (9 * Day)).Outcome!.Outcome.ShouldBe("take_new");
    }

    /// <summary>SEED-03-AUTH: power with supervision; over the limit it goes up to another person.</summary>
    [Fact]
    public void Over_the_limit_a_decision_waits_for_another_person_who_has_it()
    {
        var deciding = Opened(noSay: true);
        var proposed = Done(deciding, 70, Decide(1, Manager, "keep_first", AuthorityLimit.Of(Yuan(0.99m))));
        (proposed.Word, proposed.Stage, proposed.ProposedBy, proposed.Closed).ShouldBe(("proposed", "proposed", Manager.Id, false));
        Run(proposed, 80, Decide(2, Manager, "keep_first", AuthorityLimit.Unlimited)).Refused!.Code.ShouldBe("decide.own_proposal");
        var decided = Done(proposed, 80, Decide(3, Head, "keep_first", AuthorityLimit.Unlimited));
        (decided.Closed, decided.Outcome!.Outcome, decided.Outcome.BillsMg, decided.Outcome.Gives.Minor, decided.Outcome.ProposedBy, decided.Outcome.Limit.Unknown).ShouldBe((true, "keep_first", 2_000_000, 100, Manager.Id, "unlimited"));
        // On the limit is within it.
        Done(deciding, 70, Decide(1, Manager, "keep_first", AuthorityLimit.Of(Yuan(1)))).Closed.ShouldBeTrue();
        Done(deciding, 70, Decide(1, Manager, "keep_first", AuthorityLimit.Of(new Money(100_000, "EUR")))).Word.ShouldBe("proposed", "a limit in another currency is none");
    }

    [Fact]
    public void What_the_contract_says_needs_no_authority_and_an_unknown_amount_needs_all_of_it()
    {
        Done(Opened(noSay: true), 70, Decide(1, Manager, "take_new", AuthorityLimit.None)).Closed.ShouldBeTrue();
        var unrated = Observe(null, 60, Parcel(Weighed(1, 30, 2500, BillingAnswer.Over)), null, NoRating.Refuse)!;
        Done(unrated, 70, Decide(1, Manager, "keep_first", AuthorityLimit.Of(Yuan(1_000_000)))).Word.ShouldBe("proposed");
        Done(unrated, 70, Decide(1, Head, "keep_first", AuthorityLimit.Unlimited)).Closed.ShouldBeTrue();
        Done(unrated, 70, Decide(1, Manager, "take_new", AuthorityLimit.None)).Closed.ShouldBeTrue();
    }

    [Fact]
    public void A_credit_gives_its_amount_and_a_re_rating_the_difference_to_the_weight_that_is_stated()
    {
        var deciding = Opened(noSay: true);
        Run(deciding, 70, Decide(1, Manager, "credit", AuthorityLimit.Unlimited)).Refused!.Field.ShouldBe("amount_minor");
        var credited = Done(deciding, 70, Decide(1, Manager, "credit", AuthorityLimit.Of(Yuan(5)), Yuan(5))).Outcome!;
        (credited.Credit.Minor, credited.Gives.Minor, credited.BillsMg).ShouldBe((500, 500, 2_500_000));
        Run(deciding, 70, Decide(1, Manager, "re_rate", AuthorityLimit.Unlimited)).Refused!.Field.ShouldBe("bills_mg");
        var rerated = Done(deciding, 70, Decide(1, Manager, "re_rate", AuthorityLimit.Of(Yuan(0.6m)), billsMg: 2_200_000, charge: new Charge { Rated = true, Minor = 440, Currency = "CNY" })).Outcome!;
        (rerated.BillsMg, rerated.Charge.Minor, rerated.Gives.Minor).ShouldBe((2_200_000, 440, 60));
    }

    [Fact]
    public void Before_the_client_has_answered_only_what_costs_the_carrier_is_decided()
    {
        var shown = Done(Opened(), 120, Step(1, Client, "shown"));
        Run(shown, 130, Decide(2, Manager, "take_new", AuthorityLimit.Unlimited)).Refused!.Code.ShouldBe("decide.window_open");
        Done(shown, 130, Decide(2, Manager, "keep_first", AuthorityLimit.Unlimited)).Outcome!.Outcome.ShouldBe("keep_first");
        // A lighter parcel: keeping the first weight is the carrier's gain.
        var lighter = Observe(null, 60, Parcel(Weighed(1, 30, 1500, BillingAnswer.Under)), Say)!;
        Run(lighter, 130, Decide(2, Manager, "keep_first", AuthorityLimit.Unlimited)).Refused!.Code.ShouldBe("decide.window_open");
    }

    [Fact]
    public void Nobody_decides_a_case_they_opened_or_reopened_by_hand()
    {
        var figures = WeightDispute.Of(Parcel(Weighed(1, 30, 2500, BillingAnswer.SameBill)), TwoAKilogram, byHand: true)!;
        var draft = Draft(null, 60);
        CaseLife.Open(draft, Manager, Id(1), WeightCase.Opening(Parcel(), Terms(null), figures, byHand: true), "weight_wrong", null, figures);
        Run(draft.State, 70, Decide(2, Manager, "take_new", AuthorityLimit.Unlimited)).Refused!.Code.ShouldBe("decide.own_case");
        var decided = Done(draft.State, 70, Decide(3, Head, "take_new", AuthorityLimit.None));
        var reopened = Done(decided, 80, new CaseCommand.Reopen(Id(4), Head, "new_evidence", null));
        (reopened.Stage, reopened.Reopened, reopened.Outcome).ShouldBe(("deciding", 1, null));
        Run(reopened, 90, Decide(5, Head, "take_new", AuthorityLimit.Unlimited)).Refused!.Code.ShouldBe("decide.own_case");
    }

    [Fact]
    public void A_client_who_opens_a_case_has_said_its_word_and_it_goes_to_be_decided()
    {
        var figures = WeightDispute.Of(Parcel(Weighed(1, 30, 2500, BillingAnswer.Within)), TwoAKilogram, byHand: true)!;
        var draft = Draft(null, 60);
        CaseLife.Open(draft, Client, Id(1), WeightCase.Opening(Parcel(), Terms(Say), figures, byHand: true), "weight_wrong", null, figures);
        (draft.State.Stage, draft.State.Weights!.Cause).ShouldBe(("deciding", "by_hand"));
    }

    [Fact]
    public void A_drifted_scale_reopens_what_it_touched_once_with_its_figures_and_of_an_open_case_silence_accepts_nothing_more()
    {
        var parcel = Parcel(Weighed(1, 30, 2500, BillingAnswer.Over));
        var closed = Lapsed(Done(Opened(), 120, Step(1, Client, "shown")), 120 + (7 * Day));
        ScaleChange[] drift = [new(NamedId.From("scale", "1"), "SHA01", "scale-1", Released: false, At(10 * Day).ToUnixMicros(), new ScaleBias { ErrorMg = 480_000, LowMg = 400_000, HighMg = 500_000 })];
        var reopened = ObserveEntries(closed, 11 * Day, parcel, Say, scales: drift);
        var entry = reopened.Entries.ShouldHaveSingleItem();
        (entry.Kind, entry.Reason, entry.Doubt.Estimate.ErrorMg, entry.Doubt.Weights.Single()).ShouldBe((EntryKind.Reopened, "scale_drift", 480_000, EventId(1)));
        (reopened.State.Stage, reopened.State.Closed, reopened.State.Reopened).ShouldBe(("deciding", false, 1));
        ObserveEntries(reopened.State, 12 * Day, parcel, Say, scales: drift).Entries.Where(e => e.Kind is not EntryKind.Escalated).ShouldBeEmpty();

        var shown = Done(Opened(), 120, Step(1, Client, "shown"));
        ScaleChange[] early = [drift[0] with { AtUs = At(200).ToUnixMicros() }];
        var doubted = Observe(shown, 210, parcel, Say, scales: early)!;
        (doubted.Stage, doubted.Clocks["answer"].OnDue).ShouldBe(("answer", "silence_decides"));
        Lapsed(doubted, 120 + (7 * Day)).Stage.ShouldBe("deciding");
    }

    [Fact]
    public void A_later_verdict_joins_and_where_it_changes_the_dispute_the_client_is_shown_it_anew()
    {
        var one = Weighed(1, 30, 2500, BillingAnswer.Over);
        var shown = Done(Opened(), 120, Step(1, Client, "shown"));
        var confirmed = Observe(shown, 130, Parcel(one, Weighed(2, 125, 2500, BillingAnswer.Over, device: "scale-2")), Say)!;
        (confirmed.Stage, confirmed.Weights!.Chain.Count, confirmed.Clocks["answer"].State).ShouldBe(("answer", 3, ClockState.Running));
        var changed = Observe(shown, 130, Parcel(one, Weighed(2, 125, 3000, BillingAnswer.Over, device: "scale-2")), Say)!;
        (changed.Stage, changed.Weights!.OnHold.Minor, changed.Clocks["answer"].State).ShouldBe(("evidence", 200, ClockState.Stopped));
        var closed = Done(shown, 125, Step(2, Client, "accept"));
        Observe(closed, 130, Parcel(one, Weighed(2, 125, 2500, BillingAnswer.Over)), Say)!.Closed.ShouldBeTrue();
        var reopened = Observe(closed, 130, Parcel(one, Weighed(2, 125, 3000, BillingAnswer.Over)), Say)!;
        (reopened.Closed, reopened.Stage, reopened.Reopened).ShouldBe((false, "evidence", 1));
        // A proposal on the old weights is void.
        var proposed = Done(Done(shown, 122, Step(3, Client, "dispute", "packaging")), 123, Decide(4, Manager, "keep_first", AuthorityLimit.None));
        var voided = Observe(proposed, 130, Parcel(one, Weighed(2, 125, 3000, BillingAnswer.Over)), Say)!;
        (voided.Proposal, voided.Stage).ShouldBe((null, "deciding"));
    }

    [Fact]
    public void A_weight_that_is_put_right_withdraws_its_case_and_a_new_one_takes_it_up_again()
    {
        var withdrawn = Observe(Opened(), 70, Parcel(Weighed(2, 65, 2000, BillingAnswer.SameBill)), Say)!;
        (withdrawn.Closed, withdrawn.Outcome!.Outcome).ShouldBe((true, "withdrawn"));
        var again = Observe(withdrawn, 80, Parcel(Weighed(1, 30, 2500, BillingAnswer.Over)), Say)!;
        (again.Closed, again.Stage).ShouldBe((false, "evidence"));
    }

    [Fact]
    public void An_empty_act_the_same_owner_and_too_much_evidence_are_refused_with_their_field()
    {
        var opened = Opened();
        Run(opened, 70, new CaseCommand.Add(Id(1), Manager, [], "", "", null)).Refused!.Code.ShouldBe("act.empty");
        Run(opened, 70, new CaseCommand.Add(Id(1), Manager, [], opened.Owner, "", null)).Refused!.Field.ShouldBe("owner");
        Done(opened, 70, new CaseCommand.Add(Id(1), Manager, [], "kam-9", "", null)).Owner.ShouldBe("kam-9");
        Run(opened, 70, new CaseCommand.Add(Id(1), Manager, [.. Enumerable.Range(0, CaseLimits.EvidenceMax + 1).Select(_ => new EvidenceItem())], "", "", null)).Refused!.Field.ShouldBe("evidence");
    }

    private static CaseState Lapsed(CaseState state, double minute)
    {
        var draft = Draft(state, minute);
        CaseClocks.Lapse(draft);
        return draft.State;
    }
}
