using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Handovers;
using Refusal = KeyAccountLogistics.Verdicts.Handovers.HandoverRefusal;

namespace KeyAccountLogistics.Custody.Handovers;

/// <summary>A refusal in words for people; pages translate by its code.</summary>
internal static class RefusalTexts
{
    internal static HandoverReply Reply(Refusal refusal)
    {
        var figures = string.Join(", ", refusal.Figures.Select(f => $"{f.Key} {f.Value}"));
        return new HandoverReply
        {
            Refused = new Api.Custody.V1.HandoverRefusal
            {
                Code = ReasonCode.Of(refusal.Reason), Parcel = refusal.Parcel ?? "", Message = figures.Length == 0 ? Sentence(refusal.Reason) : $"{Sentence(refusal.Reason)} ({figures})",
            },
        };
    }

    private static string Sentence(HandoverRefusalReason reason) => reason switch
    {
        HandoverRefusalReason.Closed => "The handover is confirmed or abandoned already.",
        HandoverRefusalReason.PartiesDoNotFit => "These two parties cannot do this kind of handover.",
        HandoverRefusalReason.NothingExpected => "No parcel is listed.",
        HandoverRefusalReason.ListedTwice => "The parcel is listed twice.",
        HandoverRefusalReason.TooManyParcels => "More parcels than one handover takes; open several.",
        HandoverRefusalReason.InAnotherHandover => "The parcel is in another open handover; finish or abandon that one first.",
        HandoverRefusalReason.CurrencyUnclear => "The amounts are in two currencies, or in none.",
        HandoverRefusalReason.NotExpected => "The parcel is not on the list: record it as over.",
        HandoverRefusalReason.ExpectedNotOver => "The parcel is on the list: it is not over.",
        HandoverRefusalReason.NotScanned => "The parcel was not scanned in this handover.",
        HandoverRefusalReason.ParcelHeld => "The parcel is held; release it first, or record it as held.",
        HandoverRefusalReason.PackagingNotSound => "An insured parcel needs its packaging looked at and found sound.",
        HandoverRefusalReason.SealMissing => "Read the seal's number.",
        HandoverRefusalReason.SealDiffers => "The seal found is not the one registered.",
        HandoverRefusalReason.TouchNotPassed => "A fragile parcel needs the touch check.",
        HandoverRefusalReason.ReweighMissing => "The parcel must be weighed in this handover, with a verdict.",
        HandoverRefusalReason.ReweighTyped => "A typed weight does not do here: use a scale.",
        HandoverRefusalReason.WeightHeld => "The weight differs from what was handed on: the parcel is held.",
        HandoverRefusalReason.AmountsDiffer => "The amounts confirmed are not those of the ticket.",
        HandoverRefusalReason.ReasonMissing => "Say why.",
        HandoverRefusalReason.NotCounted => "The giver counts first.",
        HandoverRefusalReason.GiverFirst => "The giver confirms first.",
        HandoverRefusalReason.AlreadyConfirmed => "This side has confirmed already.",
        HandoverRefusalReason.SamePerson => "Giver and receiver must be two persons.",
        HandoverRefusalReason.NotThatCourier => "Only the courier named can confirm this side.",
        HandoverRefusalReason.TotalsDiffer => "The totals confirmed are not those counted: count again.",
        HandoverRefusalReason.ProofMissing => "The proof of delivery that the contract asks for is not there.",
        _ => "The handover does not allow it.",
    };
}
