using System.Collections.Immutable;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Kernel;
using ChargeLine = KeyAccountLogistics.Api.Cases.V1.ChargeLine;

namespace KeyAccountLogistics.Cases.Weight;

/// <summary>
/// From a parcel's weights to what is in dispute: the weight that billed before, the one that would bill now, the charge at both, and the evidence. A pure function of the
/// weights in their order, so the order in which they arrived changes nothing.
/// </summary>
internal static class WeightDispute
{
    internal const string PiecesReason = "MULTI_PIECE";
    internal const string NoReferenceReason = "NO_REFERENCE";
    internal const string NoShipmentReason = "NO_SHIPMENT";

    /// <summary>True for a verdict that opens a case: the bill changes, or the parcel is not what was handed on.</summary>
    internal static bool IsOutside(WeighVerdict? verdict) => verdict is { NoVerdict: NoVerdictReason.Unspecified }
        && (verdict.Billing is BillingAnswer.Over or BillingAnswer.Under || verdict.Integrity is IntegrityAnswer.HeldOver or IntegrityAnswer.HeldUnder);

    /// <summary>What is in dispute; null when no verdict that counts is outside tolerance, unless <paramref name="byHand"/>: then somebody disputes what there is.</summary>
    internal static WeightFigures? Of(WeighedParcel parcel, PriceShipment price, bool byHand = false)
    {
        var judged = parcel.Weights.Where(w => w.Verdict is { NoVerdict: NoVerdictReason.Unspecified, Billing: not BillingAnswer.Unspecified }).ToList();
        var outside = judged.Where(w => IsOutside(w.Verdict)).ToList();
        if (outside.Count == 0 && !byHand) return null;
        var figures = new WeightFigures { ParcelId = parcel.Id, Cause = outside.Count == 0 ? "by_hand" : CauseOf(outside) };
        Compare(figures, judged, outside.Count == 0 ? judged.FirstOrDefault() : outside[0]);
        figures.FirstCharge = ChargeAt(parcel, figures.FirstMg, price);
        figures.NewCharge = ChargeAt(parcel, figures.NewMg, price);
        figures.OnHold = Life.CaseDecide.Minus(figures.NewCharge, figures.FirstCharge);
        figures.Chain.AddRange(parcel.Weights);
        figures.Photos.AddRange(parcel.Photos.Select(p => new EvidenceItem { EventId = p.EventId, Sha256 = p.Sha256, Subject = p.Subject, MediaType = p.MediaType }));
        return figures;
    }

    /// <summary>
    /// True when both say the same of what is to be paid: a later weight that confirms an earlier one is evidence and no new dispute. Nor is it one that an amount, which could
    /// not be said when the case was closed, can be said now, or cannot be said any more.
    /// </summary>
    internal static bool SameDispute(WeightFigures before, WeightFigures now, bool closed) =>
        before.FirstMg == now.FirstMg && before.FirstBillsMg == now.FirstBillsMg && before.NewMg == now.NewMg && before.NewBillsMg == now.NewBillsMg
        && (Equals(before.OnHold, now.OnHold) || !now.OnHold.Known || (closed && !before.OnHold.Known));

    /// <summary>The charge for the parcel at a weight, with its lines; refused where there is none (law 3).</summary>
    internal static Charge ChargeAt(WeighedParcel parcel, long massMg, PriceShipment price)
    {
        var s = parcel.Shipment;
        if (parcel.Account is not { } account || !s.Registered) return NotRated(NoShipmentReason, "该件没有登记运单，无法计价。", "No shipment is registered for the parcel, so it cannot be rated.");
        // What is declared is the shipment's, and what is weighed a piece's: the charge of one piece is nowhere agreed.
        if (s.Pieces > 1) return NotRated(PiecesReason, "一票多件按整票计价，单件重量没有单独的运费。", "A shipment of several pieces is charged as a whole; one piece has no charge of its own.");
        if (massMg <= 0) return NotRated(NoReferenceReason, "没有可比较的重量。", "There is no weight to charge by.");
        return price(account, ToRate(s, massMg)) switch
        {
            RateOutcome.Charged c => new Charge
            {
                Rated = true, Minor = c.Total.Minor, Currency = c.Total.Currency, Contract = c.Contract, ContractVersion = c.Version,
                Lines = { c.Lines.Select(l => new ChargeLine { Clause = l.Clause, Kind = l.Kind, Minor = l.Amount.Minor, TextZh = l.TextZh, TextEn = l.TextEn }) },
            },
            RateOutcome.Refused r => NotRated(r.Reason, r.TextZh, r.TextEn),
            var other => throw new InvariantBrokenException("a price is charged or refused", other.GetType().Name),
        };
    }

    // The reference is the one of the first weight outside: what billed before anything was disputed. With nothing declared that is the last custodian's weight, and a later
    // weight is judged against a disputed one: it says something new only where it is outside itself.
    private static void Compare(WeightFigures figures, List<WeightLink> judged, WeightLink? first)
    {
        if (first?.Verdict is not { } reference) return;
        (figures.FirstMg, figures.FirstFrom) = reference switch
        {
            { HasDeclared: true } => (reference.DeclaredMg, "declared"),
            { HasHandedOn: true } => (reference.HandedOnMg, "handed_on"),
            _ => (0, ""),
        };
        figures.FirstBillsMg = reference.DeclaredBillsMg;
        (figures.NewMg, figures.NewBillsMg) = (figures.FirstMg, figures.FirstBillsMg);
        foreach (var weight in judged.SkipWhile(w => !ReferenceEquals(w, first)))
        {
            var v = weight.Verdict;
            if (v.Billing is BillingAnswer.Over or BillingAnswer.Under) (figures.NewMg, figures.NewBillsMg) = (weight.MassMg, v.BillsMg);
            else if (v.HasDeclared && v.Billing is not BillingAnswer.AnotherScale) (figures.NewMg, figures.NewBillsMg) = (figures.FirstMg, figures.FirstBillsMg);
        }
        var newest = judged[^1];
        (figures.MeasuredMg, figures.MeasuredEvent, figures.Verdict, figures.Depot) = (newest.MassMg, newest.EventId, newest.Verdict, newest.Node);
    }

    private static string CauseOf(List<WeightLink> outside)
    {
        var billing = outside.Exists(w => w.Verdict.Billing is BillingAnswer.Over or BillingAnswer.Under);
        var integrity = outside.Exists(w => w.Verdict.Integrity is IntegrityAnswer.HeldOver or IntegrityAnswer.HeldUnder);
        return billing && integrity ? "billing_and_integrity" : billing ? "billing" : "integrity";
    }

    private static ShipmentToRate ToRate(ShipmentView s, long massMg) => new()
    {
        Waybill = s.Waybill, Service = s.Product, Origin = s.Origin, Destination = s.Destination,
        Accepted = s.AcceptedAtUs == 0 ? null : Clock.FromUnixMicros(s.AcceptedAtUs),
        Pieces = [new PieceToRate(Mass.FromMilligrams(massMg), Dimensions.TryFromMillimetres(s.LengthMm, s.WidthMm, s.HeightMm))],
        DeclaredValueMinor = s.Insured ? s.DeclaredValueMinor : null, CodMinor = s.CodMinor == 0 ? null : s.CodMinor,
        FreightCollect = s.FreightCollectMinor != 0, Fragile = s.Fragile,
    };

    private static Charge NotRated(string reason, string zh, string en) => new() { NotRated = reason, TextZh = zh, TextEn = en };
}
