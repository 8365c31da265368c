using System.Collections.Immutable;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Handovers;
using KeyAccountLogistics.Verdicts.Holds;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;
using static KeyAccountLogistics.Unit.Verdicts.Sample;

namespace KeyAccountLogistics.Unit.Verdicts;

public sealed class HandoverTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 0, 0);
    private static readonly Party Depot = new(PartyKind.Depot, "HZ01");
    private static readonly Party Courier = new(PartyKind.Courier, "p-li");
    private static readonly ParcelNow Scanned = new(Scanned: true);
    private static readonly ImmutableDictionary<string, string> NoOthers = ImmutableDictionary<string, string>.Empty;

    [Fact]
    public void Custody_moves_once_at_the_second_confirmation_for_the_accepted_lines()
    {
        // SEED-03-RUNSHEET: the list handed to a courier, two-party sign-off.
        var state = Opened(new("A"), new("B"), new("C"));
        state = Line(state, new("A", LineResult.Accepted));
        state = Line(state, new("B", LineResult.Damaged, Reason: "crushed"));
        state = Line(state, new("X", LineResult.Over));
        state = Done(HandoverRules.Count(state, At, "p-wang"));
        state.Phase.ShouldBe(HandoverPhase.Counted);
        state.Counted.ShouldBe(new HandoverTotals(1, 3, 0, 0, ""));
        state = Confirm(state, Side.Giver, "p-wang");
        state.Phase.ShouldBe(HandoverPhase.ConfirmedGiver);
        state.Outcome.ShouldBeNull();
        state = Confirm(state, Side.Receiver, "p-li");
        state.Phase.ShouldBe(HandoverPhase.Confirmed);
        state.Outcome!.Moves.ShouldBe([new CustodyMove("A", Depot, Courier)]);
        state.Outcome.Stays.ShouldBe(
        [
            new StayingParcel("B", LineResult.Damaged, "crushed", HoldReasons.Damaged),
            new StayingParcel("C", LineResult.Short, "", HoldReasons.Short),
            new StayingParcel("X", LineResult.Over, "", null),
        ]);
    }

    [Fact]
    public void A_line_after_the_count_opens_the_count_again_and_takes_back_the_givers_word()
    {
        var state = Confirm(Done(HandoverRules.Count(Line(Opened(new("A"), new("B")), new("A", LineResult.Accepted)), At, "p-wang")), Side.Giver, "p-wang");
        state = Line(state, new("B", LineResult.Accepted));
        state.Phase.ShouldBe(HandoverPhase.Open);
        state.Counted.ShouldBeNull();
        state.GiverConfirmed.ShouldBeNull();
        Refused(HandoverRules.Confirm(state, Word(state, Side.Receiver, "p-li"), At, _ => null)).Reason.ShouldBe(HandoverRefusalReason.NotCounted);
        state = Done(HandoverRules.Count(state, At, "p-wang"));
        state.Counted!.Accepted.ShouldBe(2);
    }

    [Fact]
    public void A_later_line_of_the_same_parcel_replaces_the_earlier_one()
    {
        var state = Line(Line(Opened(new("A"), new("B")), new("A", LineResult.Damaged, Reason: "wet")), new("A", LineResult.Accepted));
        state.Totals.ShouldBe(new HandoverTotals(1, 0, 0, 0, ""));
        state.Outstanding.Select(e => e.Parcel).ShouldBe(["B"]);
    }

    [Fact]
    public void The_order_is_count_then_giver_then_receiver()
    {
        var open = Line(Opened(new ExpectedParcel("A")), new("A", LineResult.Accepted));
        Refused(HandoverRules.Confirm(open, Word(open, Side.Giver, "p-wang"), At, _ => null)).Reason.ShouldBe(HandoverRefusalReason.NotCounted);
        var counted = Done(HandoverRules.Count(open, At, "p-wang"));
        Refused(HandoverRules.Confirm(counted, Word(counted, Side.Receiver, "p-li"), At, _ => null)).Reason.ShouldBe(HandoverRefusalReason.GiverFirst);
        var given = Confirm(counted, Side.Giver, "p-wang");
        Refused(HandoverRules.Confirm(given, Word(given, Side.Giver, "p-zhao"), At, _ => null)).Reason.ShouldBe(HandoverRefusalReason.AlreadyConfirmed);
    }

    [Fact]
    public void Giver_and_receiver_are_two_persons()
    {
        var given = Confirm(Done(HandoverRules.Count(Line(Opened(new ExpectedParcel("A")), new("A", LineResult.Accepted)), At, "p-li")), Side.Giver, "p-li");
        Refused(HandoverRules.Confirm(given, Word(given, Side.Receiver, "p-li"), At, _ => null)).Reason.ShouldBe(HandoverRefusalReason.SamePerson);
    }

    [Fact]
    public void Only_the_courier_named_confirms_the_couriers_side()
    {
        var given = Confirm(Done(HandoverRules.Count(Opened(new ExpectedParcel("A")), At, "p-wang")), Side.Giver, "p-wang");
        var refusal = Refused(HandoverRules.Confirm(given, Word(given, Side.Receiver, "p-sun"), At, _ => null));
        refusal.Reason.ShouldBe(HandoverRefusalReason.NotThatCourier);
        refusal.Figures.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["expected"] = "p-li", ["found"] = "p-sun" });
    }

    [Fact]
    public void Totals_that_differ_are_refused_with_both_figures()
    {
        var counted = Done(HandoverRules.Count(Line(Opened(new ExpectedParcel("A")), new("A", LineResult.Accepted)), At, "p-wang"));
        var refusal = Refused(HandoverRules.Confirm(counted, Word(counted, Side.Giver, "p-wang") with { Totals = counted.Totals with { Accepted = 2 } }, At, _ => null));
        refusal.Reason.ShouldBe(HandoverRefusalReason.TotalsDiffer);
        refusal.Figures["expected_accepted"].ShouldBe("1");
        refusal.Figures["found_accepted"].ShouldBe("2");
    }

    [Fact]
    public void An_abandoned_handover_moves_nothing_and_takes_no_more_acts()
    {
        var open = Line(Opened(new ExpectedParcel("A")), new("A", LineResult.Accepted));
        Refused(HandoverRules.Abandon(open, " ", At, "p-wang")).Reason.ShouldBe(HandoverRefusalReason.ReasonMissing);
        var abandoned = Done(HandoverRules.Abandon(open, "vehicle_broken", At, "p-wang"));
        abandoned.Phase.ShouldBe(HandoverPhase.Abandoned);
        abandoned.AbandonedFor.ShouldBe("vehicle_broken");
        abandoned.Outcome.ShouldBeNull();
        Refused(HandoverRules.CheckLine(abandoned, new("A", LineResult.Accepted), Scanned, At, "p")).Reason.ShouldBe(HandoverRefusalReason.Closed);
        Refused(HandoverRules.Count(abandoned, At, "p")).Reason.ShouldBe(HandoverRefusalReason.Closed);
        Refused(HandoverRules.Abandon(abandoned, "again", At, "p")).Reason.ShouldBe(HandoverRefusalReason.Closed);
        Refused(HandoverRules.Confirm(abandoned, Word(abandoned, Side.Giver, "p"), At, _ => null)).Reason.ShouldBe(HandoverRefusalReason.Closed);
    }

    [Fact]
    public void A_parcel_is_in_one_open_handover_at_most()
    {
        var refusal = Refused(HandoverRules.Open(Opening(HandoverKind.DepotToCourier, Depot, Courier, new("A"), new("B")), NoOthers.Add("B", "h-9")));
        refusal.Reason.ShouldBe(HandoverRefusalReason.InAnotherHandover);
        refusal.Parcel.ShouldBe("B");
        refusal.Figures["handover"].ShouldBe("h-9");
    }

    [Fact]
    public void A_list_that_cannot_be_handed_over_is_refused()
    {
        Reason(Depot, Courier).ShouldBe(HandoverRefusalReason.NothingExpected);
        Reason(Depot, Courier, new("A"), new("A")).ShouldBe(HandoverRefusalReason.ListedTwice);
        Reason(Courier, Depot, new ExpectedParcel("A")).ShouldBe(HandoverRefusalReason.PartiesDoNotFit);
        Reason(Depot, new Party(PartyKind.Courier, ""), new ExpectedParcel("A")).ShouldBe(HandoverRefusalReason.PartiesDoNotFit);
        Reason(Depot, Courier, new("A", CodMinor: 1, Currency: "CNY"), new("B", CodMinor: 1, Currency: "USD")).ShouldBe(HandoverRefusalReason.CurrencyUnclear);
        Reason(Depot, Courier, new ExpectedParcel("A", CodMinor: 1)).ShouldBe(HandoverRefusalReason.CurrencyUnclear);
        Reason(Depot, Courier, [.. Enumerable.Range(0, HandoverRules.ParcelsMax + 1).Select(i => new ExpectedParcel($"P{i}"))]).ShouldBe(HandoverRefusalReason.TooManyParcels);

        static HandoverRefusalReason Reason(Party giver, Party receiver, params ExpectedParcel[] parcels) =>
            Refused(HandoverRules.Open(Opening(HandoverKind.DepotToCourier, giver, receiver, parcels), NoOthers)).Reason;
    }

    [Theory]
    [InlineData(HandoverKind.ClientToCourier, PartyKind.Client, PartyKind.Courier, CustodyMoveKind.Collected, CustodyMoveKind.Collected)]
    [InlineData(HandoverKind.CourierToDepot, PartyKind.Courier, PartyKind.Depot, CustodyMoveKind.AcceptedAtDepot, CustodyMoveKind.ReturnedToCustody)]
    [InlineData(HandoverKind.DepotToCourier, PartyKind.Depot, PartyKind.Courier, CustodyMoveKind.OutForDelivery, CustodyMoveKind.OutForDelivery)]
    [InlineData(HandoverKind.CourierToConsignee, PartyKind.Courier, PartyKind.Consignee, CustodyMoveKind.Delivered, CustodyMoveKind.Delivered)]
    [InlineData(HandoverKind.ClientToDepot, PartyKind.Client, PartyKind.Depot, CustodyMoveKind.AcceptedAtDepot, CustodyMoveKind.AcceptedAtDepot)]
    public void Each_kind_has_its_two_parties_and_its_name_in_the_parcels_life(HandoverKind kind, PartyKind giver, PartyKind receiver, CustodyMoveKind first, CustodyMoveKind back)
    {
        kind.Fits(new(giver, "a"), new(receiver, "b")).ShouldBeTrue();
        kind.Fits(new(receiver, "b"), new(giver, "a")).ShouldBeFalse();
        kind.MoveKind(wasOutForDelivery: false).ShouldBe(first);
        kind.MoveKind(wasOutForDelivery: true).ShouldBe(back);
    }

    [Fact]
    public void Every_parcel_is_scanned_before_it_is_accepted()
    {
        Refused(Check(Opened(new ExpectedParcel("A")), new("A", LineResult.Accepted), new(Scanned: false))).Reason.ShouldBe(HandoverRefusalReason.NotScanned);
    }

    [Fact]
    public void Over_is_for_what_is_not_on_the_list_and_nothing_else_is()
    {
        var state = Opened(new ExpectedParcel("A"));
        Refused(Check(state, new("X", LineResult.Accepted), Scanned)).Reason.ShouldBe(HandoverRefusalReason.NotExpected);
        Refused(Check(state, new("X", LineResult.Damaged, Reason: "wet"), Scanned)).Reason.ShouldBe(HandoverRefusalReason.NotExpected);
        Refused(Check(state, new("A", LineResult.Over), Scanned)).Reason.ShouldBe(HandoverRefusalReason.ExpectedNotOver);
    }

    [Theory]
    [InlineData(LineResult.Damaged)]
    [InlineData(LineResult.Held)]
    [InlineData(LineResult.Refused)]
    public void A_parcel_that_stays_behind_needs_a_reason(LineResult result) =>
        Refused(Check(Opened(new ExpectedParcel("A")), new("A", result), Scanned)).Reason.ShouldBe(HandoverRefusalReason.ReasonMissing);

    [Theory]
    [InlineData(LineResult.Held, "weight_under", "weight_under")]
    [InlineData(LineResult.Refused, "not_ours", null)]
    public void A_held_line_becomes_a_hold_with_its_reason_and_a_refused_one_just_stays(LineResult result, string reason, string? hold)
    {
        var state = Line(Opened(new ExpectedParcel("A")), new("A", result, Reason: reason));
        state = Confirm(Confirm(Done(HandoverRules.Count(state, At, "p-wang")), Side.Giver, "p-wang"), Side.Receiver, "p-li");
        state.Outcome!.Moves.ShouldBeEmpty();
        state.Outcome.Stays.ShouldHaveSingleItem().ShouldBe(new StayingParcel("A", result, reason, hold));
    }

    [Fact]
    public void Seed_03_INSURED_needs_scan_packaging_seal_and_reweigh_one_by_one()
    {
        var expected = new ExpectedParcel("A", Insured: true, Seal: "S-77");
        var state = Opened(expected);
        var line = new HandoverLine("A", LineResult.Accepted);
        var now = new ParcelNow(Scanned: false);
        HandoverRules.Missing(HandoverKind.DepotToCourier, expected, line, now).ShouldBe([LineCheck.Scan, LineCheck.Packaging, LineCheck.Seal, LineCheck.Reweigh]);
        now = now with { Scanned = true };
        Refused(Check(state, line, now)).Reason.ShouldBe(HandoverRefusalReason.PackagingNotSound);
        line = line with { PackagingOk = true };
        Refused(Check(state, line, now)).Reason.ShouldBe(HandoverRefusalReason.SealMissing);
        var other = Refused(Check(state, line with { SealFound = "S-78" }, now));
        other.Reason.ShouldBe(HandoverRefusalReason.SealDiffers);
        other.Figures.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["expected"] = "S-77", ["found"] = "S-78" });
        line = line with { SealFound = "S-77" };
        Refused(Check(state, line, now)).Reason.ShouldBe(HandoverRefusalReason.ReweighMissing);
        now = now with { Reweigh = Verdict("10.000", "10.040") };
        Refused(Check(state, line, now)).Reason.ShouldBe(HandoverRefusalReason.ReweighMissing);   // weighed, but the line does not say it was in this handover
        line = line with { Reweighed = true };
        Line(state, line, now).Totals.Accepted.ShouldBe(1);
        HandoverRules.Missing(HandoverKind.DepotToCourier, expected, line, now).ShouldBeEmpty();
    }

    [Fact]
    public void A_seal_is_registered_by_the_first_handover_that_finds_one()
    {
        var line = new HandoverLine("A", LineResult.Accepted, SealFound: "S-1", PackagingOk: true, Reweighed: true);
        Line(Opened(new ExpectedParcel("A", Insured: true)), line, Scanned with { Reweigh = Verdict("2.000", "2.000") }).Lines["A"].SealFound.ShouldBe("S-1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Seed_03_REWEIGH_a_weight_that_differs_stops_any_parcel_and_names_the_clause(bool insured)
    {
        var line = new HandoverLine("A", LineResult.Accepted, "S-1", PackagingOk: true, Reweighed: true);
        var refusal = Refused(Check(Opened(new ExpectedParcel("A", insured)), line, Scanned with { Reweigh = Verdict("10.000", "10.050") }));
        refusal.Reason.ShouldBe(HandoverRefusalReason.WeightHeld);
        refusal.Figures["measured_mg"].ShouldBe("10050000");
        refusal.Figures["handed_on_mg"].ShouldBe("10000000");
        refusal.Figures["limit_mg"].ShouldBe("40000");
        refusal.Figures["clause"].ShouldBe("W-2");
        refusal.Figures["contract"].ShouldBe("KA-2026-0001");
        refusal.Figures["contract_version"].ShouldBe("3");
    }

    [Fact]
    public void An_insured_parcel_is_reweighed_on_a_scale_and_not_by_typing()
    {
        var line = new HandoverLine("A", LineResult.Accepted, "S-1", PackagingOk: true, Reweighed: true);
        var state = Opened(new ExpectedParcel("A", Insured: true));
        var typed = WeighParcel.Decide(Chain(handedOn: On(Scale(), "2.000")), Terms(), WeighReading.ByHand(Kg("2")), Today);
        Refused(Check(state, line, Scanned with { Reweigh = typed })).Reason.ShouldBe(HandoverRefusalReason.ReweighTyped);
        var pending = Refused(Check(state, line, Scanned with { Reweigh = new WeighVerdict.NoVerdict(NoVerdictReason.NoTerms, Kg("2")) }));
        pending.Reason.ShouldBe(HandoverRefusalReason.ReweighMissing);
        pending.Figures["why"].ShouldBe("no_terms");
    }

    [Fact]
    public void Below_the_scales_minimum_never_blocks_by_itself()
    {
        var line = new HandoverLine("A", LineResult.Accepted, "S-1", PackagingOk: true, Reweighed: true);
        var verdict = Verdict("0.150", "0.100");
        verdict.ShouldBeOfType<WeighVerdict.Judged>().Integrity.ShouldBe(IntegrityAnswer.BelowMinimum);
        Line(Opened(new ExpectedParcel("A", Insured: true)), line, Scanned with { Reweigh = verdict }).Totals.Accepted.ShouldBe(1);
    }

    [Fact]
    public void At_the_door_there_is_no_scale_and_no_reweigh()
    {
        HandoverRules.ChecksFor(HandoverKind.CourierToConsignee, new("A", Insured: true), null).ShouldBe([LineCheck.Scan, LineCheck.Packaging, LineCheck.Seal]);
        HandoverRules.ChecksFor(HandoverKind.ClientToCourier, new("A", Insured: true), null).ShouldBe([LineCheck.Scan, LineCheck.Packaging, LineCheck.Seal]);
    }

    [Fact]
    public void The_contract_says_which_checks_an_insured_or_fragile_parcel_needs()
    {
        var light = HandoverTerms.Strictest with { Insured = InsuredChecks.Seal, Touch = TouchCheck.FragileInsured };
        HandoverRules.ChecksFor(HandoverKind.DepotToCourier, new("A", Insured: true, Fragile: true), light).ShouldBe([LineCheck.Scan, LineCheck.Seal, LineCheck.Touch]);
        HandoverRules.ChecksFor(HandoverKind.DepotToCourier, new("A", Fragile: true), light).ShouldBe([LineCheck.Scan]);
        HandoverRules.ChecksFor(HandoverKind.DepotToCourier, new("A", Fragile: true), light with { Touch = TouchCheck.None }).ShouldBe([LineCheck.Scan]);
        HandoverRules.ChecksFor(HandoverKind.DepotToCourier, new("A"), light).ShouldBe([LineCheck.Scan]);
        light.IsInsured(100_000).ShouldBeTrue();
        light.IsInsured(0).ShouldBeFalse();
        (light with { InsuredFrom = 500 }).IsInsured(499).ShouldBeFalse();
        (light with { InsuredFrom = null }).IsInsured(1_000_000).ShouldBeFalse();
    }

    [Fact]
    public void Seed_03_FRAGILE_needs_the_touch_check_passed()
    {
        var state = Opened(new ExpectedParcel("A", Fragile: true));
        Refused(Check(state, new("A", LineResult.Accepted), Scanned)).Reason.ShouldBe(HandoverRefusalReason.TouchNotPassed);
        Line(state, new("A", LineResult.Accepted, TouchOk: true)).Totals.Accepted.ShouldBe(1);
    }

    [Fact]
    public void Seed_03_COD_FC_is_confirmed_ticket_by_ticket_and_totalled()
    {
        var state = Opened(
            new("A", CodMinor: 10_000, FreightCollectMinor: 1_240, Currency: "CNY"), new("B", CodMinor: 5_000, Currency: "CNY"), new ExpectedParcel("C"));
        var wrong = Refused(Check(state, new("A", LineResult.Accepted, CodMinor: 10_000, FreightCollectMinor: 1_250, Currency: "CNY"), Scanned));
        wrong.Reason.ShouldBe(HandoverRefusalReason.AmountsDiffer);
        wrong.Figures["expected_freight_collect_minor"].ShouldBe("1240");
        wrong.Figures["found_freight_collect_minor"].ShouldBe("1250");
        Refused(Check(state, new("A", LineResult.Accepted, CodMinor: 10_000, FreightCollectMinor: 1_240, Currency: "USD"), Scanned)).Reason
            .ShouldBe(HandoverRefusalReason.AmountsDiffer);
        state = Line(state, new("A", LineResult.Accepted, CodMinor: 10_000, FreightCollectMinor: 1_240, Currency: "CNY"));
        state = Line(state, new("C", LineResult.Accepted));
        state = Done(HandoverRules.Count(state, At, "p-wang"));
        state.Counted.ShouldBe(new HandoverTotals(2, 1, 10_000, 1_240, "CNY"));   // B is short: its money is not the courier's
    }

    [Fact]
    public void A_held_parcel_goes_only_to_where_parcels_are_held()
    {
        var now = Scanned with { HoldReason = HoldReasons.WaybillMissing };
        var refusal = Refused(Check(Opened(new ExpectedParcel("A")), new("A", LineResult.Accepted), now));
        refusal.Reason.ShouldBe(HandoverRefusalReason.ParcelHeld);
        refusal.Figures["hold"].ShouldBe("waybill_missing");
        var back = Done(HandoverRules.Open(Opening(HandoverKind.CourierToDepot, Courier, Depot, new ExpectedParcel("A")), NoOthers));
        Line(back, new("A", LineResult.Accepted), now).Totals.Accepted.ShouldBe(1);
    }

    [Fact]
    public void Delivery_needs_the_proof_of_the_contract_for_the_parcels_risk()
    {
        var consignee = new Party(PartyKind.Consignee, "c-1");
        var state = Done(HandoverRules.Open(Opening(HandoverKind.CourierToConsignee, Courier, consignee, new("A", Insured: true), new("B")), NoOthers));
        state = Line(state, new("A", LineResult.Accepted, "S-1", PackagingOk: true));
        state = Line(state, new("B", LineResult.Accepted));
        state = Confirm(Done(HandoverRules.Count(state, At, "p-li")), Side.Giver, "p-li");
        var signed = Word(state, Side.Receiver, "c-1") with { Method = ConfirmationMethod.Signature };
        var refusal = Refused(HandoverRules.Confirm(state, signed, At, _ => Terms().Handover));
        refusal.Reason.ShouldBe(HandoverRefusalReason.ProofMissing);
        refusal.Parcel.ShouldBe("A");
        refusal.Figures.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["clause"] = "H-1", ["missing"] = "code" });
        Refused(HandoverRules.Confirm(state, signed with { Method = ConfirmationMethod.Badge }, At, p => p == "A" ? Terms().Handover : null)).Figures["missing"].ShouldBe("code signature");
        Done(HandoverRules.Confirm(state, signed with { Proofs = DeliveryProofs.Code }, At, _ => Terms().Handover)).Outcome!.Moves.Length.ShouldBe(2);
        Done(HandoverRules.Confirm(state, signed with { Method = ConfirmationMethod.Pin, Proofs = DeliveryProofs.Signature }, At, _ => null)).Outcome!.Moves.Length.ShouldBe(2);
    }

    [Fact]
    public void Seed_03_SHIFT8_a_handover_is_late_by_the_time_since_the_start_of_the_shift()
    {
        var window = new HandoverWindow(new LocalTime(8, 0), Duration.FromMinutes(10), DateTimeZoneProviders.Tzdb["Asia/Shanghai"]);
        var eight = Instant.FromUtc(2026, 3, 2, 0, 0);
        window.Lateness(Today, eight).ShouldBeNull();
        window.Lateness(Today, eight + Duration.FromMinutes(10)).ShouldBeNull();
        window.Lateness(Today, eight + Duration.FromMinutes(25)).ShouldBe(Duration.FromMinutes(25));
    }

    [Theory]
    [InlineData(6, 30, null)]     // before the day's first shift
    [InlineData(7, 40, null)]     // the courier is early
    [InlineData(8, 10, null)]     // within the grace
    [InlineData(8, 25, 25)]
    [InlineData(12, 0, 240)]      // the afternoon's shift is still far off
    [InlineData(12, 45, null)]    // it belongs to the afternoon's shift
    [InlineData(14, 0, 30)]
    public void Seed_03_SHIFT8_a_handover_belongs_to_the_shift_that_has_begun_or_is_about_to(int hour, int minute, int? lateMinutes)
    {
        var zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
        HandoverWindow[] shifts = [new(new LocalTime(8, 0), Duration.FromMinutes(10), zone), new(new LocalTime(13, 30), Duration.FromMinutes(10), zone)];
        var began = (Today + new LocalTime(hour, minute)).InZoneStrictly(zone).ToInstant();
        HandoverWindow.Lateness(shifts, began).ShouldBe(lateMinutes is { } late ? Duration.FromMinutes(late) : null);
        HandoverWindow.Lateness([], began).ShouldBeNull();
    }

    [Fact]
    public void The_fold_of_the_journalled_steps_is_the_state_and_misplaced_steps_are_listed()
    {
        var opened = Opening(HandoverKind.DepotToCourier, Depot, Courier, new("A"), new("B"));
        var line = new HandoverStep.LineChecked(At, "p", new("A", LineResult.Accepted));
        var shortB = new HandoverStep.LineChecked(At, "p", new("B", LineResult.Short));
        var totals = new HandoverTotals(1, 1, 0, 0, "");
        var giver = new HandoverStep.Confirmed(At, "p-wang", new(Side.Giver, "p-wang", ConfirmationMethod.Pin, totals));
        var receiver = new HandoverStep.Confirmed(At, "p-li", new(Side.Receiver, "p-li", ConfirmationMethod.Pin, totals));
        var state = HandoverState.Fold([line, opened, opened, line, receiver, shortB, new HandoverStep.Counted(At, "p", totals with { Accepted = 2 }), giver,
            new HandoverStep.Counted(At, "p", totals), giver, giver, receiver with { Confirmation = receiver.Confirmation with { Person = "p-wang" } }, receiver,
            new HandoverStep.Abandoned(At, "p", "late")])!;
        state.Phase.ShouldBe(HandoverPhase.Confirmed);
        state.Misplaced.Select(m => m.Why).ShouldBe(
        [
            HandoverAnomaly.OpenedTwice, HandoverAnomaly.TotalsDiffer, HandoverAnomaly.TotalsDiffer, HandoverAnomaly.OutOfOrder,
            HandoverAnomaly.SamePerson, HandoverAnomaly.SamePerson, HandoverAnomaly.AfterClose,
        ]);
        HandoverState.Fold([line]).ShouldBeNull();
    }

    [Fact]
    public void A_journalled_line_that_takes_over_an_unexpected_parcel_counts_as_over()
    {
        var state = HandoverState.Fold([Opening(HandoverKind.DepotToCourier, Depot, Courier, new("A"), new("A")), new HandoverStep.LineChecked(At, "p", new("X", LineResult.Accepted))])!;
        state.Lines["X"].Result.ShouldBe(LineResult.Over);
        state.Misplaced.ShouldHaveSingleItem().Why.ShouldBe(HandoverAnomaly.AcceptedUnexpected);
        state.Outstanding.Select(e => e.Parcel).ShouldBe(["A"]);
    }

    private static HandoverStep.Opened Opening(HandoverKind kind, Party giver, Party receiver, params ExpectedParcel[] parcels) =>
        new(At, "p-wang", "h-1", kind, giver, receiver, "HZ01", [.. parcels], "RS-1");

    private static HandoverState Opened(params ExpectedParcel[] parcels) =>
        Done(HandoverRules.Open(Opening(HandoverKind.DepotToCourier, Depot, Courier, parcels), NoOthers));

    private static HandoverDecision Check(HandoverState state, HandoverLine line, ParcelNow now) => HandoverRules.CheckLine(state, line, now, At, "p-wang");

    private static HandoverState Line(HandoverState state, HandoverLine line, ParcelNow? now = null) => Done(Check(state, line, now ?? Scanned));

    private static Confirmation Word(HandoverState state, Side side, string person) => new(side, person, ConfirmationMethod.Pin, state.Totals);

    private static HandoverState Confirm(HandoverState state, Side side, string person) => Done(HandoverRules.Confirm(state, Word(state, side, person), At, _ => null));

    private static WeighVerdict Verdict(string handedOn, string measured) => WeighParcel.Decide(Chain(handedOn: On(Scale(), handedOn)), Terms(), Reads(measured), Today);

    private static HandoverState Done(HandoverDecision decision) => decision.ShouldBeOfType<HandoverDecision.Done>().Next;

    private static HandoverRefusal Refused(HandoverDecision decision) => decision.ShouldBeOfType<HandoverDecision.Refused>().Refusal;
}
