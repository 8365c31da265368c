using System.Collections.Immutable;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Confirmations;
using KeyAccountLogistics.Verdicts.Terms;
using WeighVerdict = KeyAccountLogistics.Verdicts.Weighing.WeighVerdict;
using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Dispatch.Orders;

namespace KeyAccountLogistics.Dispatch.Confirmations;

/// <summary>A refused fact of a courier's phone: the code, the sentence and the figures.</summary>
internal sealed record FactRefusal(string Code, string Message, IReadOnlyDictionary<string, string> Figures)
{
    internal static FactRefusal Of(string code, string message) => new(code, message, ImmutableDictionary<string, string>.Empty);
}

/// <summary>What one fact of a phone is judged by. Pure values, loaded by the slice.</summary>
/// <param name="Courier">Who sends it.</param>
/// <param name="Depots">The courier's depots; null: all.</param>
/// <param name="Parcel">The parcel as it stands; null: not known, or none is named.</param>
/// <param name="Terms">The terms it was accepted under; null: none known.</param>
/// <param name="Door">What is known of its door.</param>
/// <param name="Time">When the fact happened, by the evidence.</param>
/// <param name="CodeMatches">Whether the code that travels in its proof is the parcel's, as the server knows it; null when none does.</param>
/// <param name="Collected">What this phone says it collected for the parcel, in this batch or before: a delivery is held against it.</param>
/// <param name="Order">The pickup order it names; null: none that the courier sees.</param>
/// <param name="Reweigh">The verdict of the parcel's weighing at the door; null: it was not weighed there.</param>
internal sealed record FactContext(string Courier, IReadOnlyList<string>? Depots, ParcelStanding? Parcel, AccountTerms? Terms, DoorState Door, AdjudgedInterval Time, bool? CodeMatches, MoneyMove? Collected,
    OrderAtDoor? Order = null, WeighVerdict? Reweigh = null);

/// <summary>The pickup order that a fact names, as far as the courier sees it.</summary>
/// <param name="HasAgreement">A security agreement of its account is in force: it stands for the sender's identity.</param>
internal sealed record OrderAtDoor(bool HasAgreement);

/// <summary>Whether a fact of a courier's phone is taken; the rules are those of <c>Verdicts/Confirmations</c>. Pure; null means yes.</summary>
internal static class JudgeFact
{
    internal static bool IsACouriers(EventKind kind) => kind is EventKind.PickupArrived or EventKind.AttemptFailed or EventKind.AtPickupPoint or EventKind.Delivered or EventKind.Refused
        or EventKind.Scanned or EventKind.Weighed or EventKind.PhotoTaken or EventKind.Inspected or EventKind.ChecklistAnswered or EventKind.PickupDone or EventKind.PickupMissed
        or EventKind.PickupRefused or EventKind.VehicleChecked or EventKind.MoneyCollected or EventKind.CollectionRefused or EventKind.ConsentRecorded or EventKind.CodeWrong or EventKind.InterceptSeen;

    internal static FactRefusal? WhyNot(ParcelEvent fact, FactContext at)
    {
        if (!IsACouriers(fact.Kind)) return FactRefusal.Of("not_a_couriers_fact", $"An event of kind {fact.Kind} is not a courier's to tell.");
        if (!string.Equals(fact.Actor, at.Courier, StringComparison.Ordinal)) return FactRefusal.Of("other_actor", "The fact names somebody else than you.");
        if (fact.Node.Length > 0 && at.Depots is { } own && !own.Contains(fact.Node, StringComparer.Ordinal)) return FactRefusal.Of("other_depot", "The depot named is not one of yours.");
        // Else a fact that is taken could take back money, wrong codes, or an order to stop the parcel.
        if (!fact.Corrects.IsEmpty) return FactRefusal.Of("correction_at_desk", "What has been told is put right at the desk.");
        if (fact.Kind is EventKind.PickupDone or EventKind.PickupMissed or EventKind.PickupRefused) return OfPickup(fact, at);
        var needsParcel = DoorState.IsOfADoor(fact.Kind) || fact.Kind is EventKind.MoneyCollected or EventKind.CollectionRefused;
        if (!needsParcel) return null;
        if (at.Parcel is not { } parcel) return FactRefusal.Of("parcel_unknown", "No parcel is known under this code.");
        return fact.Kind switch
        {
            EventKind.Delivered or EventKind.AtPickupPoint => OfDelivery(DeliveryRules.WhyNot(DoorOf(parcel, at), ClaimOf(fact, parcel, at))),
            EventKind.AttemptFailed => OfAttempt(fact, at, refused: false),
            EventKind.Refused => OfAttempt(fact, at, refused: true),
            EventKind.MoneyCollected or EventKind.CollectionRefused => WhyNotMoney(fact, parcel, at),
            _ => IsCouriers(parcel, at) ? null : AnotherRun,
        };
    }

    private static readonly FactRefusal AnotherRun = FactRefusal.Of("another_run", "Another courier answers for the parcel.");

    // Where the depot's own journal is still on the way the courier may not be known as custodian yet: only another courier, or an end of its life at another's hands, says no.
    private static bool IsCouriers(ParcelStanding parcel, FactContext at)
    {
        if (parcel.CustodianKind is PartyKind.Courier && parcel.Custodian.Length > 0) return string.Equals(parcel.Custodian, at.Courier, StringComparison.Ordinal);
        return at.Door.Delivered is not { } delivered || string.Equals(delivered.Event.Actor, at.Courier, StringComparison.Ordinal);
    }

    private static ParcelAtDoor DoorOf(ParcelStanding parcel, FactContext at) => new(
        parcel.Code, IsCouriers(parcel, at), parcel.Insured, parcel.CodMinor, parcel.FreightCollectMinor, parcel.Currency, HoldThen(parcel, at),
        CareOf(at), at.Terms?.Dispatch?.Delivery ?? DeliveryConstraints.None, at.Door.WrongCodes);

    // What was certainly done before the hold was not done against it, however late it is heard (law 2).
    private static string? HoldThen(ParcelStanding parcel, FactContext at) => parcel.HeldSince is { } since && at.Time.Latest < since ? null : parcel.HoldReason;

    // Where no terms judge a weight, none is asked for: it would keep the parcel from everybody.
    private static HandoverTerms CareOf(FactContext at) => at.Terms?.Handover is not { } care ? WithoutScale(HandoverTerms.Strictest)
        : at.Reweigh is WeighVerdict.NoVerdict { Why: Verdicts.Weighing.NoVerdictReason.NoTerms } ? WithoutScale(care) : care;

    private static HandoverTerms WithoutScale(HandoverTerms care) => care with { Insured = care.Insured & ~InsuredChecks.Reweigh };

    private static DoorClaim ClaimOf(ParcelEvent fact, ParcelStanding parcel, FactContext at)
    {
        var proof = fact.Proof ?? new DeliveryProof();
        var to = proof.To is Api.Custody.V1.HandedTo.Unspecified
            ? fact.Kind is EventKind.AtPickupPoint ? Verdicts.Confirmations.HandedTo.PickupPoint : Verdicts.Confirmations.HandedTo.Consignee
            : (Verdicts.Confirmations.HandedTo)(int)proof.To;
        var (cod, freight, currency) = PaidOf(at.Collected, parcel.Code);
        return new DoorClaim(
            to, proof.Consent.Length == 16 && at.Door.Consented(Uuid.From(proof.Consent.Span)), proof.InspectionOffered, at.CodeMatches, proof.SignatureSha256.Length == 32,
            proof.PhotoSha256.Length == 32, cod, freight, currency, at.Reweigh);
    }

    private static (long Cod, long Freight, string Currency) PaidOf(MoneyMove? collected, string parcel)
    {
        if (collected is null) return (0, 0, "");
        long Of(MoneyPurpose purpose) => collected.Items.Where(i => i.Purpose == purpose && string.Equals(i.Parcel, parcel, StringComparison.Ordinal)).Sum(i => i.Minor);
        return (Of(MoneyPurpose.Cod), Of(MoneyPurpose.Freight), collected.Currency);
    }

    private static FactRefusal? WhyNotMoney(ParcelEvent fact, ParcelStanding parcel, FactContext at)
    {
        if (PostingRules.Of(fact) is PostingAnswer.Flawed flawed) return FactRefusal.Of(ReasonCode.Of(flawed.Why), "The amounts make no sense.");
        if (!IsCouriers(parcel, at)) return AnotherRun;
        var money = fact.Money;
        if (fact.Kind is EventKind.MoneyCollected && !string.Equals(money.Courier, at.Courier, StringComparison.Ordinal)) return FactRefusal.Of("other_actor", "The cash is said to be somebody else's.");
        if (at.Depots is { } own && !own.Contains(money.Depot, StringComparer.Ordinal)) return FactRefusal.Of("other_depot", "The depot named is not one of yours.");
        if (money.Items.Any(i => i.Account.Length > 0 && !string.Equals(i.Account, parcel.Account, StringComparison.Ordinal))) return FactRefusal.Of("other_account", "The shipper is not the ticket's.");
        if (fact.Kind is EventKind.CollectionRefused) return null;
        var (cod, freight, currency) = PaidOf(money, parcel.Code);
        if (at.Collected is not null) return FactRefusal.Of("collected_already", "The money for this parcel has been collected.");
        return (cod, freight, currency) == (parcel.CodMinor, parcel.FreightCollectMinor, parcel.Currency) ? null : new FactRefusal(
            "amounts_differ", "What was collected is not the ticket's amount.", new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["expected_cod_minor"] = Text(parcel.CodMinor), ["found_cod_minor"] = Text(cod), ["expected_freight_collect_minor"] = Text(parcel.FreightCollectMinor),
                ["found_freight_collect_minor"] = Text(freight), ["expected_currency"] = parcel.Currency, ["found_currency"] = currency,
            });
    }

    // Whoever knocks without saying why nothing was taken has not knocked; what the law asks at the sender's door is asked of phones too (domain.md 4.2).
    private static FactRefusal? OfPickup(ParcelEvent fact, FactContext at)
    {
        if (at.Order is not { } order) return FactRefusal.Of("order_unknown", "No pickup order of your depots is known under this id.");
        if (fact.Kind is not EventKind.PickupDone) return string.IsNullOrWhiteSpace(fact.Reason) ? FactRefusal.Of("reason_missing", "Say why nothing was taken.") : null;
        var visit = fact.Door ?? new DoorVisit();
        var identity = Enum.GetValues<SenderIdentity>().FirstOrDefault(i => string.Equals(ReasonCode.Of(i), visit.Identity, StringComparison.Ordinal), SenderIdentity.None);
        var why = DoorRules.WhyNotTaken(new DoorFindings(visit.Parcels, visit.Parcels, identity, visit.InspectionMark ? true : null), order.HasAgreement);
        return why is { } reason ? FactRefusal.Of(ReasonCode.Of(reason), SentenceOf(reason)) : null;
    }

    private static string SentenceOf(DoorRefusalReason reason) => reason switch
    {
        DoorRefusalReason.IdentityMissing => "Neither a document nor a security agreement stands for the sender.",
        DoorRefusalReason.InspectionMarkMissing => "The contents were not looked at: no mark, no acceptance.",
        DoorRefusalReason.NothingThere => "A pickup takes at least one parcel; with none it was missed or refused.",
        _ => "The law does not let these parcels be taken.",
    };

    private static FactRefusal? OfAttempt(ParcelEvent fact, FactContext at, bool refused)
    {
        if (!IsCouriers(at.Parcel!, at)) return AnotherRun;
        var action = Enum.GetValues<AttemptAction>().FirstOrDefault(a => string.Equals(ReasonCode.Of(a), fact.Action, StringComparison.Ordinal));
        var consent = fact.Proof is { Consent.Length: 16 } proof && at.Door.Consented(Uuid.From(proof.Consent.Span));
        var why = AttemptRules.WhyNot(fact.Reason, action == default ? null : action, at.Door.Attempts, new Attempt(at.Time.Earliest, at.Time.Latest, refused), consent);
        return why is { } reason ? FactRefusal.Of(ReasonCode.Of(reason), SentenceOf(reason)) : null;
    }

    private static FactRefusal? OfDelivery(DeliveryRefusal? refusal) => refusal is null ? null : new FactRefusal(ReasonCode.Of(refusal.Reason), SentenceOf(refusal.Reason), refusal.Figures);

    private static string SentenceOf(AttemptRefusalReason reason) => reason switch
    {
        AttemptRefusalReason.ReasonMissing => "Say why the parcel was not delivered.",
        AttemptRefusalReason.ActionMissing => "Say what is done about it: try_again, redirect, locker, return or hold.",
        AttemptRefusalReason.ReturnTooEarly => "A parcel that nobody refused goes back after two attempts, at least eight hours apart.",
        AttemptRefusalReason.NoMoreFreeAttempts => "Two free attempts have been made: redirect, a locker by consent, or return.",
        _ => "Into no locker without the consignee's consent.",
    };

    private static string SentenceOf(DeliveryRefusalReason reason) => reason switch
    {
        DeliveryRefusalReason.AnotherRun => "Another courier answers for the parcel.",
        DeliveryRefusalReason.ParcelHeld => "The parcel is held.",
        DeliveryRefusalReason.NoConsentForAgent => "To nobody else without the consignee's recorded consent.",
        DeliveryRefusalReason.NoConsentForLocker => "Into no locker and no station without the consignee's recorded consent.",
        DeliveryRefusalReason.LockerExcluded => "The contract excludes lockers.",
        DeliveryRefusalReason.InspectionNotOffered => "Tell the consignee that he may look at the parcel.",
        DeliveryRefusalReason.CodeWrong => "The code is not the parcel's.",
        DeliveryRefusalReason.CodeLocked => "Five wrong codes: the depot must unlock it.",
        DeliveryRefusalReason.ProofMissing => "The proof of delivery that the contract asks for is not there.",
        DeliveryRefusalReason.ReweighMissing => "The parcel is weighed again at the door.",
        DeliveryRefusalReason.WeightHeld => "The weight differs from what was handed on.",
        _ => "What was collected is not the ticket's amount.",
    };

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
