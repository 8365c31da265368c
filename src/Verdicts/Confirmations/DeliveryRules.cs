using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Weighing;

namespace KeyAccountLogistics.Verdicts.Confirmations;

/// <summary>Into whose hands a parcel is given.</summary>
public enum HandedTo
{
    /// <summary>The consignee.</summary>
    Consignee = 1,

    /// <summary>A person the consignee named.</summary>
    Agent = 2,

    /// <summary>A locker.</summary>
    Locker = 3,

    /// <summary>A station or shop that keeps parcels.</summary>
    PickupPoint = 4,
}

/// <summary>Why a delivery is not confirmed; a closed set, translated by the page from its code.</summary>
public enum DeliveryRefusalReason
{
    /// <summary>Another courier answers for the parcel.</summary>
    AnotherRun = 1,

    /// <summary>The parcel is held.</summary>
    ParcelHeld = 2,

    /// <summary>Not to somebody else without the consignee's recorded consent (Market Measures art. 28).</summary>
    NoConsentForAgent = 3,

    /// <summary>Into no locker and no station without the consignee's recorded consent (Market Measures art. 28).</summary>
    NoConsentForLocker = 4,

    /// <summary>The account's terms exclude lockers, even with consent.</summary>
    LockerExcluded = 5,

    /// <summary>The consignee may look at the parcel on the spot (Interim Regulation art. 26, Market Measures art. 27).</summary>
    InspectionNotOffered = 6,

    /// <summary>The code given is not the parcel's.</summary>
    CodeWrong = 7,

    /// <summary>Five wrong codes: a person of the depot must unlock it.</summary>
    CodeLocked = 8,

    /// <summary>The proof that the contract asks for is not there.</summary>
    ProofMissing = 9,

    /// <summary>This parcel is weighed again at the door, and has not been, with a verdict.</summary>
    ReweighMissing = 10,

    /// <summary>The weight differs from what was handed on.</summary>
    WeightHeld = 11,

    /// <summary>What was collected is not the ticket's amount.</summary>
    AmountsDiffer = 12,
}

/// <summary>A refused confirmation: the reason and its figures (law 4).</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Figures">What was expected and what was found, by name.</param>
public sealed record DeliveryRefusal(DeliveryRefusalReason Reason, ImmutableSortedDictionary<string, string> Figures);

/// <summary>The parcel as the courier's run sheet has it.</summary>
/// <param name="Parcel">Its code.</param>
/// <param name="IsCouriers">The courier who confirms answers for it, as far as is known.</param>
/// <param name="Insured">Insured: more is asked for as proof.</param>
/// <param name="CodMinor">Goods money to collect, minor units; 0 = none.</param>
/// <param name="FreightCollectMinor">Freight to collect, minor units; 0 = none.</param>
/// <param name="Currency">Their currency; empty without amounts.</param>
/// <param name="HoldReason">Why it is held; null when it is not.</param>
/// <param name="Terms">What its account asks of a handover; null when none are known: the strictest apply.</param>
/// <param name="Constraints">What its account asks of dispatch.</param>
/// <param name="WrongCodes">Wrong codes given so far, 0 or more.</param>
public sealed record ParcelAtDoor(
    string Parcel,
    bool IsCouriers,
    bool Insured,
    long CodMinor,
    long FreightCollectMinor,
    string Currency,
    string? HoldReason,
    HandoverTerms? Terms,
    DeliveryConstraints Constraints = DeliveryConstraints.None,
    int WrongCodes = 0);

/// <summary>What the courier says happened.</summary>
/// <param name="To">Into whose hands.</param>
/// <param name="ConsentRecorded">The consignee's consent to that receiver is recorded, and before the act.</param>
/// <param name="InspectionOffered">The consignee was told that he may look at it on the spot.</param>
/// <param name="CodeMatches">Whether the code given is the parcel's; null: none was given.</param>
/// <param name="Signed">A signature was taken, bound to this confirmation by its hash.</param>
/// <param name="Photographed">A photograph was taken, bound to this confirmation by its hash.</param>
/// <param name="CodMinor">Goods money collected.</param>
/// <param name="FreightCollectMinor">Freight collected.</param>
/// <param name="Currency">Its currency; empty without amounts.</param>
/// <param name="Reweigh">The verdict of its weighing at the door; null when it was not weighed.</param>
public sealed record DoorClaim(
    HandedTo To,
    bool ConsentRecorded,
    bool InspectionOffered,
    bool? CodeMatches,
    bool Signed,
    bool Photographed,
    long CodMinor = 0,
    long FreightCollectMinor = 0,
    string Currency = "",
    WeighVerdict? Reweigh = null);

/// <summary>
/// Whether a delivery is proved as its risk class demands; the same on the phone without network and in the backend. Pure. Where the courier stood is no part of it: a place is a
/// signal (<see cref="Geofence"/>), never a verdict.
/// </summary>
public static class DeliveryRules
{
    /// <summary>Wrong codes after which a person of the depot must unlock.</summary>
    public const int WrongCodesMax = 5;

    /// <summary>Null: the delivery is confirmed.</summary>
    public static DeliveryRefusal? WhyNot(ParcelAtDoor parcel, DoorClaim claim)
    {
        ArgumentNullException.ThrowIfNull(parcel);
        ArgumentNullException.ThrowIfNull(claim);
        if (!parcel.IsCouriers) return Refuse(DeliveryRefusalReason.AnotherRun);
        if (parcel.HoldReason is { } hold) return Refuse(DeliveryRefusalReason.ParcelHeld, ("hold", hold));
        return WhyNotTo(parcel, claim) ?? WhyNotProved(parcel, claim) ?? WhyNotWeighed(parcel, claim) ?? WhyNotPaid(parcel, claim);
    }

    /// <summary>What a delivery of that parcel must show, with what its account adds.</summary>
    public static DeliveryProofs ProofFor(ParcelAtDoor parcel)
    {
        ArgumentNullException.ThrowIfNull(parcel);
        return (parcel.Terms ?? HandoverTerms.Strictest).ProofFor(parcel.Insured ? RiskClass.High : RiskClass.Ordinary);
    }

    private static DeliveryRefusal? WhyNotTo(ParcelAtDoor parcel, DoorClaim claim)
    {
        var isKept = claim.To is HandedTo.Locker or HandedTo.PickupPoint;
        if (isKept && parcel.Constraints.HasFlag(DeliveryConstraints.NoLocker)) return Refuse(DeliveryRefusalReason.LockerExcluded);
        if (isKept && !claim.ConsentRecorded) return Refuse(DeliveryRefusalReason.NoConsentForLocker);
        if (claim.To is HandedTo.Agent && !claim.ConsentRecorded) return Refuse(DeliveryRefusalReason.NoConsentForAgent);
        // Nobody stands at a locker who could look.
        return isKept || claim.InspectionOffered ? null : Refuse(DeliveryRefusalReason.InspectionNotOffered);
    }

    private static DeliveryRefusal? WhyNotProved(ParcelAtDoor parcel, DoorClaim claim)
    {
        var demanded = ProofFor(parcel);
        if (parcel.WrongCodes >= WrongCodesMax && (demanded.HasFlag(DeliveryProofs.Code) || claim.CodeMatches is not null))
            return Refuse(DeliveryRefusalReason.CodeLocked, ("wrong_codes", Text(parcel.WrongCodes)), ("limit", Text(WrongCodesMax)));
        if (claim.CodeMatches is false)
        {
            // This one counts too.
            return parcel.WrongCodes + 1 >= WrongCodesMax
                ? Refuse(DeliveryRefusalReason.CodeLocked, ("wrong_codes", Text(parcel.WrongCodes + 1)), ("limit", Text(WrongCodesMax)))
                : Refuse(DeliveryRefusalReason.CodeWrong, ("tries_left", Text(WrongCodesMax - parcel.WrongCodes - 1)));
        }
        var given = (claim.CodeMatches is true ? DeliveryProofs.Code : DeliveryProofs.None) | (claim.Signed ? DeliveryProofs.Signature : DeliveryProofs.None)
            | (claim.Photographed ? DeliveryProofs.Photo : DeliveryProofs.None);
        // A locker signs nothing: the photograph of the closed door stands for the signature.
        if (claim.To is HandedTo.Locker or HandedTo.PickupPoint && demanded.HasFlag(DeliveryProofs.Signature)) demanded = (demanded & ~DeliveryProofs.Signature) | DeliveryProofs.Photo;
        var lacking = demanded & ~given;
        return lacking == DeliveryProofs.None
            ? null
            : Refuse(DeliveryRefusalReason.ProofMissing, ("missing", WordsOf(lacking)), ("clause", (parcel.Terms ?? HandoverTerms.Strictest).Clause.Value));
    }

    private static DeliveryRefusal? WhyNotWeighed(ParcelAtDoor parcel, DoorClaim claim)
    {
        if (claim.Reweigh is WeighVerdict.Judged { Held: true }) return Refuse(DeliveryRefusalReason.WeightHeld);
        var demanded = parcel.Insured && (parcel.Terms ?? HandoverTerms.Strictest).Insured.HasFlag(InsuredChecks.Reweigh);
        return demanded && claim.Reweigh is not WeighVerdict.Judged ? Refuse(DeliveryRefusalReason.ReweighMissing) : null;
    }

    private static DeliveryRefusal? WhyNotPaid(ParcelAtDoor parcel, DoorClaim claim)
    {
        var hasAmounts = parcel.CodMinor != 0 || parcel.FreightCollectMinor != 0;
        if (claim.CodMinor == parcel.CodMinor && claim.FreightCollectMinor == parcel.FreightCollectMinor && (!hasAmounts || string.Equals(claim.Currency, parcel.Currency, StringComparison.Ordinal)))
            return null;
        return Refuse(
            DeliveryRefusalReason.AmountsDiffer, ("expected_cod_minor", Text(parcel.CodMinor)), ("found_cod_minor", Text(claim.CodMinor)),
            ("expected_freight_collect_minor", Text(parcel.FreightCollectMinor)), ("found_freight_collect_minor", Text(claim.FreightCollectMinor)),
            ("expected_currency", parcel.Currency), ("found_currency", claim.Currency));
    }

    private static string WordsOf(DeliveryProofs proofs) =>
        string.Join(' ', Enum.GetValues<DeliveryProofs>().Where(p => p != DeliveryProofs.None && proofs.HasFlag(p)).Select(p => ReasonCode.Of(p)));

    private static DeliveryRefusal Refuse(DeliveryRefusalReason reason, params ReadOnlySpan<(string Name, string Value)> figures)
    {
        var named = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in figures) named[name] = value;
        return new DeliveryRefusal(reason, named.ToImmutable());
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
