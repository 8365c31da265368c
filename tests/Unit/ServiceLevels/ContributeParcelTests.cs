using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Sqi;
using static KeyAccountLogistics.Unit.ServiceLevels.Lives;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>What a parcel adds to its account's figures (domain.md 3.2, 2.3), fact by fact.</summary>
public sealed class ContributeParcelTests
{
    private const long Hour = 3_600_000_000;

    [Fact]
    public void A_parcel_on_time_counts_in_every_figure_of_its_way()
    {
        var c = Ask(
            Fact(1, EventKind.Collected, At(8, 10)), Fact(2, EventKind.ArrivedNode, At(9, 4)), Fact(3, EventKind.OutForDelivery, At(10, 8)),
            Fact(4, EventKind.Delivered, At(10, 12), more: e => e.Proof = new DeliveryProof { To = HandedTo.Consignee }));
        c.Over("T2").ShouldBe((1, 1));
        (c.Tally("T2")!.Day, c.Tally("T2")!.Events.Single()).ShouldBe((Day(10), IdOf(4)));
        (c.Over("T3"), c.Tally("T3")!.Day).ShouldBe(((1, 1), Day(8)));
        (c.Over("T4"), c.Tally("T4")!.Day).ShouldBe(((50 * Hour, 1), Day(10)));
        (c.Over("Q1"), c.Over("Q2"), c.Over("Q3"), c.Over("Q4"), c.Over("parcels")).ShouldBe(((0, 1), (0, 1), (1, 1), (4, 4), (0, 1)));
        (c.Account, c.Contract, c.Lane, c.Product, c.Depot, c.Courier, c.Risk).ShouldBe((Account, "K-1 v1", "310115-330106", "STD", "HGH01", "c-1", null));
        c.Tallies.ShouldNotContain(t => FigureCodes.Components.Contains(t.Figure));
    }

    [Theory]
    [InlineData(10, 18, 0, false, 1, false, null)]                              // at the promise itself
    [InlineData(10, 19, 0, false, 0, false, SqiComponents.RightDayLate)]
    [InlineData(11, 9, 0, false, 0, false, SqiComponents.WrongDayLate)]
    [InlineData(10, 18, 60, false, 0, true, SqiComponents.RightDayLate)]        // the interval holds the promise: counts late, and is told
    [InlineData(10, 19, 30, false, 0, false, SqiComponents.RightDayLate)]
    [InlineData(10, 23, 0, true, 1, false, null)]                               // any time of the day
    [InlineData(11, 0, 30, true, 0, true, SqiComponents.WrongDayLate)]          // around midnight
    [InlineData(11, 1, 30, true, 0, false, SqiComponents.WrongDayLate)]
    public void On_time_is_what_lies_before_the_promise_as_a_whole(int day, int hour, int minutes, bool byDate, int onTime, bool inDoubt, string? late)
    {
        var c = ContributeParcel.Of(Lives.Of(Promised, Fact(1, EventKind.Delivered, At(day, hour), minutes * 60_000_000L)), byDate ? ByDate : ByTimestamp);
        (c.Over("T2"), c.Tally("T2")!.InDoubt, c.Tally("T2")!.Day).ShouldBe(((onTime, 1), inDoubt, Day(10)));
        c.Tallies.Where(t => t.Figure.EndsWith("late", StringComparison.Ordinal)).Select(t => t.Figure).ShouldBe(late is null ? [] : [late]);
    }

    [Fact]
    public void A_second_fact_narrows_what_one_clock_leaves_open()
    {
        var attempt = Fact(1, EventKind.AttemptFailed, At(10, 17), 3 * Hour, e => e.Reason = "absent");
        Ask(attempt).Tally("T2")!.InDoubt.ShouldBeTrue();
        Ask(attempt, Fact(2, EventKind.ReturnedToCustody, At(10, 17, 30))).Over("T2").ShouldBe((1, 1), "it was back in the depot before");
        var wentOutLate = Ask(Fact(3, EventKind.OutForDelivery, At(10, 18, 30)), attempt with { BestUs = At(10, 19) });
        (wentOutLate.Over("T2"), wentOutLate.Tally("T2")!.InDoubt).ShouldBe(((0, 1), false), "it went out after the promise");
        Ask(Fact(4, EventKind.OutForDelivery, At(11, 9)), attempt with { BestUs = At(11, 10), LatestUs = At(11, 11) }).Over("T2").ShouldBe((0, 1));
    }

    [Fact]
    public void A_midnight_by_clause_is_the_end_of_its_day_and_one_the_client_named_is_that_day()
    {
        var midnight = Promised with { PromisedUs = At(11, 0) };
        ContributeParcel.Of(Lives.Of(midnight, Fact(1, EventKind.Delivered, At(11, 9))), ByDate).Over("T2").ShouldBe((1, 1));
        var byClause = ContributeParcel.Of(Lives.Of(midnight with { PromiseClause = "P-1" }, Fact(1, EventKind.Delivered, At(11, 9))), ByDate);
        (byClause.Over("T2"), byClause.Tally("T2")!.Day).ShouldBe(((0, 1), Day(10)));
    }

    [Fact]
    public void What_only_one_person_leaves_out_counts_on()
    {
        LivedFact[] late = [Fact(1, EventKind.Delivered, At(11, 9))];
        LivedFact asked = Fact(2, EventKind.ParcelExcluded, At(12, 9), more: e => (e.Reason, e.Actor) = ("force_majeure", "p-1"));
        LivedFact By(int id, string person) => Fact(id, EventKind.ExclusionConfirmed, At(12, 10), more: e => (e.Reference, e.Actor) = (Exclusion.Name(IdOf(2)), person));
        Ask([.. late, asked]).Over("T2").ShouldBe((0, 1));
        Ask([.. late, asked, By(3, "p-1")]).Over("T2").ShouldBe((0, 1), "the same person");
        var left = Ask([.. late, asked, By(3, "p-2")]);
        foreach (var figure in new[] { "T2", "T3", "T4", "Q3", SqiComponents.WrongDayLate })
            (left.Over(figure), left.Tally(figure)!.LeftOut, left.Tally(figure)!.Reason).ShouldBe(((0, 0), true, "force_majeure"), figure);
        left.Tally("T2")!.Events.ShouldBe([IdOf(1), IdOf(2), IdOf(3)]);
        left.Over("Q4").ShouldBe((1, 4), "what was not scanned has nothing to do with it");
        // Taking the confirmation back is a correction like any other.
        Ask([.. late, asked, By(3, "p-2"), Fact(4, EventKind.Corrected, At(13, 9), more: e => e.Corrects = IdOf(3))]).Over("T2").ShouldBe((0, 1));
    }

    [Fact]
    public void What_has_not_ended_is_open_and_at_risk_by_its_next_gate()
    {
        var gated = Promised with { Gates = [Gate("pickup", At(8, 12)), Gate("depot_out", At(8, 22)), Gate("out_for_delivery", At(10, 9))] };
        var c = ContributeParcel.Of(Lives.Of(gated, Fact(1, EventKind.Collected, At(8, 10))), ByTimestamp);
        (c.Tally("T2")!.Open, c.Over("T2"), c.Tally("T3")!.Open).ShouldBe((true, (0, 0), true));
        (c.Risk.Gate, c.Risk.GateUs, c.Risk.Missing, c.Risk.LastSeen).ShouldBe(("depot_out", At(8, 22), "departed_node", "HGH01"));
        var late = ContributeParcel.Of(Lives.Of(gated, Fact(1, EventKind.Collected, At(8, 10)), Fact(2, EventKind.DepartedNode, At(9, 3)), Fact(3, EventKind.Delivered, At(11, 9))), ByTimestamp);
        (late.Tally("T2")!.ChargedTo, late.Risk).ShouldBe(("depot_out", null), "where the lateness arose");
    }

    [Fact]
    public void Lost_and_found_damaged_and_not_attempted()
    {
        var lost = Ask(Fact(1, EventKind.Lost, At(12, 9)));
        (lost.Over("T2"), lost.Over("Q1"), lost.Over("insured_lost"), lost.Over("lost"), lost.Tally("lost")!.Day).ShouldBe(((0, 1), (1, 1), (1, 1), (1, 1), Day(12)));
        var found = Ask(Fact(1, EventKind.Lost, At(12, 9)), Fact(2, EventKind.Found, At(13, 9)));
        (found.Over("Q1"), found.Tally("lost"), found.Tally("T2")!.Open).ShouldBe(((0, 1), null, true));
        (Ask(Fact(1, EventKind.Damaged, At(9, 9))).Over("Q2"), Ask(Fact(1, EventKind.Damaged, At(9, 9), more: e => e.Reason = "packaging")).Tally("Q2")!.LeftOut).ShouldBe(((1, 1), true));
        Ask(Fact(1, EventKind.AttemptFailed, At(10, 9), more: e => e.Reason = "not_attempted")).Tally("T2")!.Open.ShouldBeTrue();
        Ask(Fact(1, EventKind.AttemptFailed, At(10, 9), more: e => e.Reason = "absent"), Fact(2, EventKind.Delivered, At(11, 9))).Over("Q3").ShouldBe((0, 1));
        Ask(Fact(1, EventKind.Cancelled, At(9, 9))).Tallies.ShouldBeEmpty();
        ContributeParcel.Of(Lives.Of(null, Fact(1, EventKind.Delivered, At(10, 9))), ByDate).ShouldBe(new Contribution(), "nobody's parcel adds to nothing");
    }

    [Theory]
    [InlineData(IntegrityAnswer.Intact, NoVerdictReason.Unspecified, 1, 1, false)]
    [InlineData(IntegrityAnswer.HeldOver, NoVerdictReason.Unspecified, 0, 1, false)]
    [InlineData(IntegrityAnswer.Unspecified, NoVerdictReason.ScaleQuarantined, 0, 0, true)]
    [InlineData(IntegrityAnswer.NoReference, NoVerdictReason.Unspecified, -1, -1, false)]
    public void Weights_count_where_a_reweighing_was_judged(IntegrityAnswer integrity, NoVerdictReason none, int numerator, int denominator, bool leftOut)
    {
        var c = Ask(Fact(1, EventKind.Weighed, At(9, 9), more: e => e.Weight = new Weight { Purpose = WeightPurpose.Depot, Verdict = new WeighVerdict { Integrity = integrity, NoVerdict = none } }));
        (c.Over("Q5"), c.Tally("Q5")?.LeftOut ?? false).ShouldBe(((numerator, denominator), leftOut));
    }

    [Fact]
    public void A_gate_is_charged_with_its_own_step_and_what_others_lost_or_gained_before_it_is_not_its_own()
    {
        // Accepted on the 8th at 10: six hours to be received, ten to leave, four to arrive, six for the second leg, and so on to the door.
        var brought = Promised with
        {
            Gates = [Gate("accepted_at_depot", At(8, 16)), Gate("departed_node", At(9, 2)), Gate("arrived_node", At(9, 6)), Gate("departed_node#2", At(9, 12)), Gate("arrived_node#2", At(9, 20)), Gate("delivered", At(10, 18))],
        };
        WholeLife Life(int second, int door) => Lives.Of(
            brought, Fact(1, EventKind.AcceptedAtDepot, At(8, 18)), Fact(2, EventKind.DepartedNode, At(9, 4)), Fact(3, EventKind.ArrivedNode, At(9, 7)),
            Fact(4, EventKind.DepartedNode, At(9, second)), Fact(5, EventKind.ArrivedNode, At(9, 21)), Fact(6, EventKind.Delivered, At(10, door)));
        var c = ContributeParcel.Of(Life(13, 19), ByTimestamp);
        c.Over("gate.accepted_at_depot").ShouldBe((0, 1), "it took eight hours, and six were planned");
        (c.Over("gate.departed_node"), c.Over("gate.arrived_node")).ShouldBe(((2, 2), (2, 2)), "late as a whole, in time by their own steps: ten hours, and six");
        c.Over("gate.delivered").ShouldBe((1, 1), "22 hours, as planned");
        c.Over("T2").ShouldBe((0, 1), "an hour late all the same");
        (c.Tally("gate.accepted_at_depot")!.Day, c.Tally("gate.accepted_at_depot")!.DueUs, c.Tally("gate.accepted_at_depot")!.Events.Single()).ShouldBe((Day(10), At(8, 16), IdOf(1)));

        var late = ContributeParcel.Of(Life(14, 18), ByTimestamp);
        (late.Over("gate.departed_node"), late.Tally("gate.departed_node")!.ChargedTo, late.Tally("gate.departed_node")!.Events.Single()).ShouldBe(((1, 2), "HGH01", IdOf(4)), "the second one took seven of six hours");
        late.Over("gate.arrived_node").ShouldBe((2, 2), "made good on the road");
    }

    [Fact]
    public void A_gate_nobody_saw_is_judged_by_nobody_and_clocks_that_leave_a_step_open_count_late()
    {
        var brought = Promised with { Gates = [Gate("accepted_at_depot", At(8, 16)), Gate("departed_node", At(9, 2)), Gate("arrived_node", At(9, 6))] };
        var unseen = ContributeParcel.Of(Lives.Of(brought, Fact(1, EventKind.AcceptedAtDepot, At(8, 16)), Fact(2, EventKind.ArrivedNode, At(9, 6))), ByTimestamp);
        (unseen.Over("gate.departed_node"), unseen.Over("gate.arrived_node")).ShouldBe(((-1, -1), (1, 1)), "fourteen hours for two steps of ten and four");
        var open = ContributeParcel.Of(Lives.Of(brought, Fact(1, EventKind.AcceptedAtDepot, At(8, 16), spread: 60_000_000)), ByTimestamp);
        (open.Over("gate.accepted_at_depot"), open.Tally("gate.accepted_at_depot")!.InDoubt).ShouldBe(((0, 1), true));
        ContributeParcel.Of(Lives.Of(brought), ByTimestamp).Risk.ShouldSatisfyAllConditions(r => r!.Gate.ShouldBe("accepted_at_depot"), r => r!.Missing.ShouldBe("accepted_at_depot"));
    }

    [Fact]
    public void O1_counts_all_scans_of_agents_and_phones_on_the_day_of_acceptance_and_Q6_the_parcel()
    {
        const long Second = 1_000_000;
        LivedFact Scan(int id, long after, SourceKind source, long spread = 0, EventKind kind = EventKind.ArrivedNode) => Fact(id, kind, At(9, id), spread) with { ReceivedUs = At(9, id) + after, Source = source };
        var c = Ask(
            Scan(1, 60 * Second, SourceKind.Agent), Scan(2, 61 * Second, SourceKind.Device), Scan(3, 50 * Second, SourceKind.Agent, 20 * Second), Scan(4, 0, SourceKind.Device, kind: EventKind.ConsentRecorded),
            Scan(5, 3600 * Second, SourceKind.Import), Scan(6, 3600 * Second, SourceKind.Server));
        (c.Over("O1"), c.Tally("O1")!.Day, c.Tally("O1")!.InDoubt).ShouldBe(((1, 3), Day(8), true));
        c.Tally("O1")!.Events.ShouldBe([IdOf(2), IdOf(3)]);
        (Ask(Scan(1, 61 * Second, SourceKind.Agent)).Tally("O1")!.InDoubt, Ask(Scan(5, 0, SourceKind.Import)).Tally("O1")).ShouldBe((false, null), "history is no scan");
        (c.Over("Q6"), c.Tally("Q6")!.Day).ShouldBe(((0, 1), Day(8)));
    }

    [Theory]
    [InlineData("client_request", "c-2", 1)]
    [InlineData("customs", "c-2", 1)]
    [InlineData("client_request", "c-1", 0)]       // nobody stops the clock alone
    [InlineData("client_request", "", 0)]
    [InlineData("weight_over", "c-2", 0)]          // the carrier's own matter
    [InlineData("", "c-2", 0)]                     // a hold without a reason never stops the clock
    public void Only_a_hold_with_a_reason_that_is_not_the_carriers_and_a_second_person_stops_the_clock(string reason, string releasedBy, int onTime)
    {
        // Held from eight in the morning to noon of the promised day, delivered three hours late.
        LivedFact[] facts =
        [
            Fact(1, EventKind.Held, At(10, 8), more: e => (e.Reason, e.Hold) = (reason, new Hold { Reason = reason })), Fact(2, EventKind.Released, At(10, 12), more: e => e.Actor = releasedBy),
            Fact(3, EventKind.Delivered, At(10, 21)),
        ];
        var c = Ask(facts);
        c.Over("T2").ShouldBe((onTime, 1));
        var t2 = c.Tally("T2")!;
        t2.DueUs.ShouldBe(onTime == 1 ? At(10, 22) : At(10, 18));
        t2.Events.ShouldBe(onTime == 1 ? [IdOf(3), IdOf(1), IdOf(2)] : [IdOf(3)]);
        Ask(facts[0], Fact(3, EventKind.Delivered, At(10, 21)), Fact(4, EventKind.Released, At(11, 12), more: e => e.Actor = "c-2")).Over("T2").ShouldBe((0, 1), "released after the attempt");
    }

    [Fact]
    public void A_clock_that_stood_still_moves_the_promised_day_the_gates_ahead_and_only_by_what_is_certain()
    {
        var gated = Promised with { Gates = [Gate("pickup", At(8, 18)), Gate("out_for_delivery", At(10, 9))] };
        LivedFact Held(long spread = 0) => Fact(1, EventKind.Held, At(9, 8), spread, e => e.Hold = new Hold { Reason = "consignee_request" });
        var released = Fact(2, EventKind.Released, At(10, 8), more: e => e.Actor = "c-2");
        var c = ContributeParcel.Of(Lives.Of(gated, Held(), released, Fact(3, EventKind.Delivered, At(11, 9))), ByTimestamp);
        (c.Over("T2"), c.Tally("T2")!.Day).ShouldBe(((1, 1), Day(11)), "a day in all");
        var waiting = ContributeParcel.Of(Lives.Of(gated, Fact(4, EventKind.Collected, At(8, 12)), Held(), released), ByTimestamp).Risk!;
        (waiting.Gate, waiting.GateUs, waiting.PromisedUs).ShouldBe(("out_for_delivery", At(11, 9), At(11, 18)));
        ContributeParcel.Of(Lives.Of(gated, Held(Hour), released, Fact(3, EventKind.Delivered, At(11, 17, 30))), ByTimestamp).Over("T2").ShouldBe((0, 1), "23 hours are certain");
    }

    private static Contribution Ask(params LivedFact[] facts) => ContributeParcel.Of(Lives.Of(Promised, facts), ByTimestamp);
}
