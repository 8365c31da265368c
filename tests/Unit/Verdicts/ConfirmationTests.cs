using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Verdicts.Confirmations;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Unit.Verdicts;

/// <summary>What proves a delivery, what an attempt is worth, and who was first.</summary>
public sealed class ConfirmationTests
{
    private static readonly Instant Nine = Instant.FromUtc(2026, 10, 12, 1, 0);

    private static readonly HandoverTerms Terms = Sample.Terms().Handover with
    {
        Insured = InsuredChecks.ItemByItem,
        DeliveryProofs = HandoverTerms.Strictest.DeliveryProofs.SetItem(RiskClass.High, DeliveryProofs.Code | DeliveryProofs.Photo),
    };

    private static readonly ParcelAtDoor Plain = new("P1", IsCouriers: true, Insured: false, 0, 0, "", null, Terms);

    private static readonly DoorClaim Signed = new(HandedTo.Consignee, false, InspectionOffered: true, null, Signed: true, Photographed: false);

    [Fact]
    public void The_proof_is_what_the_risk_class_demands_and_nothing_less()
    {
        DeliveryRules.WhyNot(Plain, Signed).ShouldBeNull();
        Refusal(Plain, Signed with { Signed = false }).ShouldBe((DeliveryRefusalReason.ProofMissing, "signature"));
        var insured = Plain with { Insured = true };
        Refusal(insured, Signed).ShouldBe((DeliveryRefusalReason.ProofMissing, "code photo"));
        DeliveryRules.WhyNot(insured, Signed with { CodeMatches = true, Photographed = true }).ShouldBeNull();
        // Without a contract the full care applies, weighing included.
        Refusal(insured with { Terms = null }, Signed with { CodeMatches = true }).Why.ShouldBe(DeliveryRefusalReason.ReweighMissing);
    }

    [Fact]
    public void No_locker_no_station_and_no_agent_without_consent_and_no_locker_where_the_terms_exclude_it()
    {
        Refusal(Plain, Signed with { To = HandedTo.Agent }).Why.ShouldBe(DeliveryRefusalReason.NoConsentForAgent);
        DeliveryRules.WhyNot(Plain, Signed with { To = HandedTo.Agent, ConsentRecorded = true }).ShouldBeNull();
        var locker = Signed with { To = HandedTo.Locker, InspectionOffered = false, Photographed = true, Signed = false };
        Refusal(Plain, locker).Why.ShouldBe(DeliveryRefusalReason.NoConsentForLocker);
        DeliveryRules.WhyNot(Plain, locker with { ConsentRecorded = true }).ShouldBeNull("the picture of the closed door stands for the signature");
        Refusal(Plain, locker with { ConsentRecorded = true, Photographed = false }).ShouldBe((DeliveryRefusalReason.ProofMissing, "photo"));
        Refusal(Plain with { Constraints = DeliveryConstraints.NoLocker }, locker with { ConsentRecorded = true }).Why.ShouldBe(DeliveryRefusalReason.LockerExcluded);
        Refusal(Plain, Signed with { InspectionOffered = false }).Why.ShouldBe(DeliveryRefusalReason.InspectionNotOffered);
    }

    [Fact]
    public void Five_wrong_codes_lock_and_the_right_one_no_longer_opens()
    {
        var insured = Plain with { Insured = true };
        var wrong = Signed with { CodeMatches = false, Photographed = true };
        for (var tries = 0; tries < 4; tries++)
        {
            var refusal = DeliveryRules.WhyNot(insured with { WrongCodes = tries }, wrong)!;
            (refusal.Reason, refusal.Figures["tries_left"]).ShouldBe((DeliveryRefusalReason.CodeWrong, (4 - tries).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
        Refusal(insured with { WrongCodes = 4 }, wrong).Why.ShouldBe(DeliveryRefusalReason.CodeLocked);
        Refusal(insured with { WrongCodes = 5 }, wrong with { CodeMatches = true }).Why.ShouldBe(DeliveryRefusalReason.CodeLocked);
    }

    [Fact]
    public void Amounts_are_the_tickets_a_held_parcel_and_another_couriers_are_not_given_SEED_03_COD_FC()
    {
        var cod = Plain with { CodMinor = 10_000, FreightCollectMinor = 1_200, Currency = "CNY" };
        DeliveryRules.WhyNot(cod, Signed with { CodMinor = 10_000, FreightCollectMinor = 1_200, Currency = "CNY" }).ShouldBeNull();
        Refusal(cod, Signed with { CodMinor = 11_200, Currency = "CNY" }).Why.ShouldBe(DeliveryRefusalReason.AmountsDiffer);
        Refusal(cod, Signed).Why.ShouldBe(DeliveryRefusalReason.AmountsDiffer);
        Refusal(cod, Signed with { CodMinor = 10_000, FreightCollectMinor = 1_200, Currency = "USD" }).Why.ShouldBe(DeliveryRefusalReason.AmountsDiffer);
        Refusal(Plain, Signed with { CodMinor = 1, Currency = "CNY" }).Why.ShouldBe(DeliveryRefusalReason.AmountsDiffer);
        Refusal(Plain with { HoldReason = "damaged" }, Signed).Why.ShouldBe(DeliveryRefusalReason.ParcelHeld);
        Refusal(Plain with { IsCouriers = false }, Signed).Why.ShouldBe(DeliveryRefusalReason.AnotherRun);
    }

    [Fact]
    public void More_proof_never_turns_a_confirmed_delivery_into_a_refused_one() => Seeded.Holds(
        from insured in Gen.Elements(true, false)
        from to in Gen.Elements(Enum.GetValues<HandedTo>())
        from consent in Gen.Elements(true, false)
        from flags in Gen.Choose(0, 7)
        select (Plain with { Insured = insured }, Signed with
        {
            To = to, ConsentRecorded = consent, CodeMatches = (flags & 1) != 0 ? true : null, Signed = (flags & 2) != 0, Photographed = (flags & 4) != 0,
        }),
        drawn =>
        {
            var (parcel, claim) = drawn;
            return DeliveryRules.WhyNot(parcel, claim) is not null
                || DeliveryRules.WhyNot(parcel, claim with { CodeMatches = true, Signed = true, Photographed = true, ConsentRecorded = true }) is null;
        });

    [Fact]
    public void Two_attempts_count_when_eight_hours_lie_between_however_the_clocks_are_read()
    {
        Attempt At(double hours, double slack = 0) => new(Nine + Duration.FromHours(hours - slack), Nine + Duration.FromHours(hours + slack));
        AttemptRules.Counting([]).ShouldBe(0);
        AttemptRules.Counting([At(0), At(7.9)]).ShouldBe(1);
        AttemptRules.Counting([At(8), At(0)]).ShouldBe(2);
        AttemptRules.Counting([At(0), At(8, slack: 0.1)]).ShouldBe(1, "in doubt: the second knock is owed");
        AttemptRules.Counting([At(0), At(4), At(8)]).ShouldBe(2, "the one between counts nothing and moves nothing");
        AttemptRules.Counting([At(0), At(1) with { AgreedSooner = true }]).ShouldBe(2);
        AttemptRules.NextFrom([At(0), At(1)]).ShouldBe(Nine + Duration.FromHours(9));
    }

    [Fact]
    public void An_attempt_needs_reason_and_action_and_after_two_the_ways_are_redirect_locker_by_consent_or_return()
    {
        var (first, second) = (new Attempt(Nine, Nine), new Attempt(Nine + Duration.FromHours(9), Nine + Duration.FromHours(9)));
        AttemptRules.WhyNot("", AttemptAction.TryAgain, [], first, false).ShouldBe(AttemptRefusalReason.ReasonMissing);
        AttemptRules.WhyNot("nobody_there", null, [], first, false).ShouldBe(AttemptRefusalReason.ActionMissing);
        AttemptRules.WhyNot("nobody_there", AttemptAction.TryAgain, [], first, false).ShouldBeNull();
        AttemptRules.WhyNot("nobody_there", AttemptAction.Return, [], first, false).ShouldBe(AttemptRefusalReason.ReturnTooEarly);
        AttemptRules.WhyNot("refused", AttemptAction.Return, [], first with { Refused = true }, false).ShouldBeNull();
        AttemptRules.WhyNot("nobody_there", AttemptAction.TryAgain, [first], second, false).ShouldBe(AttemptRefusalReason.NoMoreFreeAttempts);
        AttemptRules.WhyNot("nobody_there", AttemptAction.TryAgain, [first], second, false, paidAttemptAgreed: true).ShouldBeNull();
        AttemptRules.WhyNot("nobody_there", AttemptAction.Locker, [first], second, false).ShouldBe(AttemptRefusalReason.NoConsentForLocker);
        AttemptRules.WhyNot("nobody_there", AttemptAction.Locker, [first], second, true).ShouldBeNull();
        AttemptRules.WhyNot("nobody_there", AttemptAction.Return, [first], second, false).ShouldBeNull();
    }

    [Fact]
    public void An_order_to_stop_a_parcel_is_adjudged_by_time_and_not_by_arrival()
    {
        Instant At(int minutes) => Nine + Duration.FromMinutes(minutes);
        Interception.Judge(At(0), null, null).ShouldBe(InterceptionOutcome.Stands);
        Interception.Judge(At(10), At(60), (At(5), At(9))).ShouldBe(InterceptionOutcome.CameTooLate);
        Interception.Judge(At(10), At(60), (At(20), At(25))).ShouldBe(InterceptionOutcome.NotReached);
        Interception.Judge(At(10), null, (At(20), At(25))).ShouldBe(InterceptionOutcome.NotReached);
        Interception.Judge(At(10), At(15), (At(20), At(25))).ShouldBe(InterceptionOutcome.Disobeyed);
        Interception.Judge(At(10), At(60), (At(5), At(25))).ShouldBe(InterceptionOutcome.InDoubt);
        Interception.Judge(At(10), At(22), (At(20), At(25))).ShouldBe(InterceptionOutcome.InDoubt);
    }

    [Fact]
    public void Where_the_courier_stood_is_a_signal()
    {
        Geofence.Signal(null, 10).ShouldBe(GeofenceSignal.Unknown);
        Geofence.Signal(10, 501).ShouldBe(GeofenceSignal.Unknown);
        Geofence.Signal(150, 0).ShouldBe(GeofenceSignal.Near);
        Geofence.Signal(400, 250).ShouldBe(GeofenceSignal.Near);
        Geofence.Signal(400, 249).ShouldBe(GeofenceSignal.Away);
    }

    private static (DeliveryRefusalReason Why, string Missing) Refusal(ParcelAtDoor parcel, DoorClaim claim)
    {
        var refusal = DeliveryRules.WhyNot(parcel, claim);
        refusal.ShouldNotBeNull();
        return (refusal.Reason, refusal.Figures.GetValueOrDefault("missing", ""));
    }
}
