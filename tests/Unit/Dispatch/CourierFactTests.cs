using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Confirmations;
using KeyAccountLogistics.Dispatch.Orders;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Unit.Verdicts;
using KeyAccountLogistics.Verdicts.Confirmations;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Weighing;
using NoVerdictReason = KeyAccountLogistics.Verdicts.Weighing.NoVerdictReason;
using WeighVerdict = KeyAccountLogistics.Verdicts.Weighing.WeighVerdict;
using HandedTo = KeyAccountLogistics.Api.Custody.V1.HandedTo;

namespace KeyAccountLogistics.Unit.Dispatch;

/// <summary>Every refusal of a courier's fact has its clear answer (users.md, proof and COD).</summary>
public sealed class CourierFactTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 10, 12, 3, 0);
    private static readonly ByteString Picture = ByteString.CopyFrom(new byte[32]);

    private static readonly ParcelStanding Parcel = new(
        "P1", "HDDS-A", PartyKind.Courier, "c-1", "out_for_delivery", null, Insured: false, Fragile: false, 0, 0, "", "", Now - Duration.FromHours(20));

    [Fact]
    public void A_signed_delivery_with_the_look_offered_is_taken_and_each_lack_says_what_it_is()
    {
        Why(Delivered()).ShouldBeNull();
        Why(Delivered(p => p.SignatureSha256 = ByteString.Empty)).ShouldBe("proof_missing");
        Why(Delivered(p => p.InspectionOffered = false)).ShouldBe("inspection_not_offered");
        Why(Delivered(p => p.To = HandedTo.Locker)).ShouldBe("no_consent_for_locker");
        Why(Delivered(p => p.To = HandedTo.Agent)).ShouldBe("no_consent_for_agent");
        Why(Delivered(), Parcel with { HoldReason = "damaged" }).ShouldBe("parcel_held");
        Why(Delivered(), Parcel with { HoldReason = "damaged", HeldSince = Now + Duration.FromMinutes(1) }).ShouldBeNull("it was delivered before it was held");
        Why(Delivered(), Parcel with { HoldReason = "damaged", HeldSince = Now }).ShouldBe("parcel_held");
        Why(Delivered(), Parcel with { Custodian = "c-2" }).ShouldBe("another_run");
        Why(Delivered(), Parcel with { CustodianKind = PartyKind.Depot, Custodian = "HZ01" }).ShouldBeNull("the depot's own journal may still be on the way");
        var consignees = Parcel with { CustodianKind = PartyKind.Consignee, Custodian = "" };
        Why(Delivered(), consignees, Door((Purse.Id(1), EventKind.Delivered))).ShouldBe("another_run", "somebody else has delivered it");
        var own = new DispatchFact(Purse.Id(1), Delivered(), AdjudgedInterval.Exactly(Now));
        Why(Delivered(), consignees, DoorState.Fold([own])).ShouldBeNull("a second word on one's own delivery is no other run");
        Why(Delivered(), null).ShouldBe("parcel_unknown");
        var other = Delivered();
        other.Actor = "c-2";
        Why(other).ShouldBe("other_actor");
        other = Delivered();
        other.Node = "PEK02";
        Why(other).ShouldBe("other_depot");
        Why(new ParcelEvent { Kind = EventKind.CashCounted, Actor = "c-1" }).ShouldBe("not_a_couriers_fact");
    }

    [Fact]
    public void Consent_is_a_fact_before_the_locker_and_a_fifth_wrong_code_locks()
    {
        var consent = Purse.Id(1);
        var locker = Delivered(p => (p.To, p.Consent, p.PhotoSha256) = (HandedTo.Locker, ByteString.CopyFrom(Uuid.Bytes(consent)), Picture));
        Why(locker).ShouldBe("no_consent_for_locker", "an id that names no consent is none");
        Why(locker, Parcel, Door((consent, EventKind.ConsentRecorded))).ShouldBeNull();
        var insured = Parcel with { Insured = true };
        var byCode = Delivered(p => p.Code = "000001");
        Why(byCode, insured).ShouldBeNull();
        Why(Delivered(p => p.Code = "000002"), insured).ShouldBe("code_wrong");
        (Guid, EventKind)[] wrong = [.. Enumerable.Range(10, 5).Select(i => (Purse.Id(i), EventKind.CodeWrong))];
        Why(byCode, insured, Door(wrong)).ShouldBe("code_locked");
        Why(byCode, insured, Door([.. wrong, (Purse.Id(30), EventKind.CodeUnlocked)])).ShouldBeNull();
    }

    [Fact]
    public void An_order_that_meets_a_courier_without_network_is_adjudged_by_time_whatever_arrives_first()
    {
        DispatchFact Fact(int id, EventKind kind, int minute, string reference = "") => new(
            Purse.Id(id), new ParcelEvent { Kind = kind, Parcel = "P1", Action = "stop", Reference = reference }, AdjudgedInterval.Exactly(Now + Duration.FromMinutes(minute)));
        InterceptionOutcome? Outcome(params DispatchFact[] facts) => DoorState.Fold(facts.Reverse()).InterceptOutcome;
        var order = Fact(1, EventKind.InterceptOrdered, 10);
        DispatchFact Seen(int minute) => Fact(2, EventKind.InterceptSeen, minute, Purse.Id(1).ToString("D"));
        Outcome().ShouldBeNull();
        Outcome(order).ShouldBe(InterceptionOutcome.Stands);
        Outcome(order, Fact(3, EventKind.Delivered, 5)).ShouldBe(InterceptionOutcome.CameTooLate);
        Outcome(order, Fact(3, EventKind.Delivered, 20)).ShouldBe(InterceptionOutcome.NotReached);
        Outcome(order, Fact(3, EventKind.Delivered, 20), Seen(30)).ShouldBe(InterceptionOutcome.NotReached);
        Outcome(order, Seen(15), Fact(3, EventKind.Delivered, 20)).ShouldBe(InterceptionOutcome.Disobeyed);
        Outcome(order, Fact(2, EventKind.InterceptSeen, 15, Purse.Id(9).ToString("D")), Fact(3, EventKind.Delivered, 20)).ShouldBe(InterceptionOutcome.NotReached, "another order was shown");
    }

    [Fact]
    public void Money_is_the_tickets_before_the_delivery_that_brings_it_and_only_once()
    {
        var cod = Parcel with { CodMinor = 10_000, Currency = "CNY" };
        var collected = new ParcelEvent { Kind = EventKind.MoneyCollected, Parcel = "P1", Actor = "c-1", Money = Purse.Collected("P1", 10_000, account: "HDDS-A") };
        Why(collected, cod).ShouldBeNull();
        Why(Delivered(), cod).ShouldBe("amounts_differ", "nothing was collected");
        JudgeFact.WhyNot(Delivered(), Context(cod, Door(), collected.Money)).ShouldBeNull();
        JudgeFact.WhyNot(collected, Context(cod, Door(), collected.Money))!.Code.ShouldBe("collected_already");
        var less = collected.Clone();
        less.Money.Items[0].Minor = 9_000;
        var refusal = JudgeFact.WhyNot(less, Context(cod, Door(), null))!;
        (refusal.Code, refusal.Figures["expected_cod_minor"], refusal.Figures["found_cod_minor"]).ShouldBe(("amounts_differ", "10000", "9000"));
        var others = collected.Clone();
        others.Money.Items[0].Account = "BOLT";
        Why(others, cod).ShouldBe("other_account");
        others = collected.Clone();
        others.Money.Courier = "c-2";
        Why(others, cod).ShouldBe("other_actor");
        others = collected.Clone();
        others.Corrects = ByteString.CopyFrom(Uuid.Bytes(Purse.Id(1)));
        Why(others, cod).ShouldBe("correction_at_desk");
    }

    [Fact]
    public void An_attempt_without_a_reason_or_an_action_is_none()
    {
        ParcelEvent Attempt(string reason, string action) => new() { Kind = EventKind.AttemptFailed, Parcel = "P1", Actor = "c-1", Reason = reason, Action = action };
        Why(Attempt("", "try_again")).ShouldBe("reason_missing");
        Why(Attempt("nobody_there", "")).ShouldBe("action_missing");
        Why(Attempt("nobody_there", "home")).ShouldBe("action_missing");
        Why(Attempt("nobody_there", "return")).ShouldBe("return_too_early");
        Why(Attempt("nobody_there", "try_again")).ShouldBeNull();
        var refused = Attempt("not_ordered", "return");
        refused.Kind = EventKind.Refused;
        Why(refused).ShouldBeNull();
    }

    [Fact]
    public void A_delivery_ends_a_door_whatever_a_phone_started_anew_puts_behind_it_unless_it_was_put_right()
    {
        DispatchFact Fact(int id, EventKind kind, int minute, int? corrects = null) => new(
            Purse.Id(id), new ParcelEvent { Kind = kind, Parcel = "P1", Corrects = corrects is { } named ? ByteString.CopyFrom(Uuid.Bytes(Purse.Id(named))) : ByteString.Empty },
            AdjudgedInterval.Exactly(Now + Duration.FromMinutes(minute)));
        var (delivered, failed) = (Fact(1, EventKind.Delivered, 1), Fact(2, EventKind.AttemptFailed, 2));
        DoorState.EndOf([failed, delivered]).ShouldBe(delivered);
        DoorState.EndOf([failed, delivered, Fact(3, EventKind.Refused, 0, corrects: 1)]).ShouldBe(failed);
        DoorState.EndOf([failed, Fact(4, EventKind.AtPickupPoint, 3), Fact(5, EventKind.CodeWrong, 4)])!.Event.Kind.ShouldBe(EventKind.AtPickupPoint);
        DoorState.EndOf([Fact(5, EventKind.CodeWrong, 4)]).ShouldBeNull();
    }

    [Fact]
    public void Numbers_of_a_journal_that_were_never_seen_are_the_gap_report_in_whatever_order_the_others_came() => Seeded.Holds(
        Gen.Choose(1, 60).ArrayOf(25).SelectMany(n => Gen.Choose(0, int.MaxValue).Select(s => (Numbers: n, Seed: s))),
        drawn =>
        {
            var shuffled = drawn.Numbers.ToArray();
            new Random(drawn.Seed).Shuffle(shuffled);
            var seen = shuffled.Aggregate(SequenceSet.Empty, (set, n) => SequenceSet.Read(set.With(n, n).ToString()));
            var missing = seen.Gaps.SelectMany(g => Enumerable.Range((int)g.First, (int)(g.Last - g.First) + 1));
            return missing.SequenceEqual(Enumerable.Range(1, drawn.Numbers.Max()).Except(drawn.Numbers));
        },
        tests: 300);

    [Fact]
    public void An_insured_parcel_is_weighed_again_at_the_door_and_stays_where_it_differs()
    {
        var insured = Parcel with { Insured = true };
        string? With(WeighVerdict? weighed) => JudgeFact.WhyNot(Delivered(p => p.Code = "000001"), Context(insured, Door(), null) with { CodeMatches = true, Reweigh = weighed })?.Code;
        With(null).ShouldBe("reweigh_missing");
        With(Weighed(0)).ShouldBeNull();
        With(Weighed(-1_500_000_000)).ShouldBe("reweigh_missing", "what is no weight is no weighing");
        With(Weighed(9_000_000_000)).ShouldBe("weight_held");
        With(new WeighVerdict.NoVerdict(NoVerdictReason.NoTerms, null)).ShouldBeNull("where no terms judge a weight none keeps the parcel");
    }

    [Fact]
    public void A_pickup_asks_at_the_door_what_the_law_asks()
    {
        static ParcelEvent Taken(int parcels, string identity, bool inspected) => new()
        {
            Kind = EventKind.PickupDone, Actor = "c-1", Reference = "PO-1", Door = new DoorVisit { Parcels = parcels, Identity = identity, InspectionMark = inspected },
        };
        string? At(ParcelEvent fact, OrderAtDoor? order) => JudgeFact.WhyNot(fact, Context(null, Door(), null) with { Order = order })?.Code;
        At(Taken(3, "agreement", true), new OrderAtDoor(HasAgreement: true)).ShouldBeNull();
        At(Taken(3, "agreement", true), new OrderAtDoor(HasAgreement: false)).ShouldBe("identity_missing");
        At(Taken(3, "document", true), new OrderAtDoor(HasAgreement: false)).ShouldBeNull();
        At(Taken(3, "document", false), new OrderAtDoor(HasAgreement: true)).ShouldBe("inspection_mark_missing");
        At(Taken(0, "document", true), new OrderAtDoor(HasAgreement: true)).ShouldBe("nothing_there");
        At(Taken(3, "document", true), null).ShouldBe("order_unknown");
        At(new ParcelEvent { Kind = EventKind.PickupMissed, Actor = "c-1", Reference = "PO-1" }, new OrderAtDoor(true)).ShouldBe("reason_missing");
        At(new ParcelEvent { Kind = EventKind.PickupMissed, Actor = "c-1", Reference = "PO-1", Reason = "closed" }, new OrderAtDoor(true)).ShouldBeNull();
    }

    private static string? Why(ParcelEvent fact) => Why(fact, Parcel);

    private static string? Why(ParcelEvent fact, ParcelStanding? parcel, DoorState? door = null) => JudgeFact.WhyNot(fact, Context(parcel, door ?? Door(), null) with { CodeMatches = fact.Proof is { Code.Length: > 0 } proof ? proof.Code == "000001" : null })?.Code;

    private static FactContext Context(ParcelStanding? parcel, DoorState door, MoneyMove? collected) =>
        new("c-1", ["HZ01"], parcel, Sample.Terms() with { Handover = HandoverTerms.Strictest }, door, AdjudgedInterval.Exactly(Now), null, collected,
            Reweigh: parcel is { Insured: true } ? Weighed(0) : null);

    // At the door, so many milligrams off what was handed on.
    private static WeighVerdict Weighed(long off) => WeighParcel.Decide(
        Sample.Chain(handedOn: new KnownWeight(Mass.FromGrams(2_000), null)), Sample.Terms(), WeighReading.ByHand(Mass.FromMilligrams(2_000_000 + off)), Now.InUtc().Date);

    private static DoorState Door(params (Guid Id, EventKind Kind)[] facts) =>
        DoorState.Fold(facts.Select((f, i) => new DispatchFact(f.Id, new ParcelEvent { Kind = f.Kind, Parcel = "P1" }, AdjudgedInterval.Exactly(Now + Duration.FromMinutes(i)))));

    private static ParcelEvent Delivered(Action<DeliveryProof>? more = null)
    {
        var proof = new DeliveryProof { To = HandedTo.Consignee, InspectionOffered = true, SignatureSha256 = Picture };
        more?.Invoke(proof);
        return new ParcelEvent { Kind = EventKind.Delivered, Parcel = "P1", Actor = "c-1", Node = "HZ01", Proof = proof };
    }
}
