using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Scales;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Scales;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;
using Judgement = KeyAccountLogistics.Verdicts.Weighing.WeighVerdict;

namespace KeyAccountLogistics.Custody.Handovers;

/// <summary>
/// The verdict of the weight taken in a handover: the same rule as at the station, over the parcel's chain as the backend knows it. A scale that is not believed gives no
/// verdict, and a weight that one in quarantine handed on is no reference (decisions/0007). Pure.
/// </summary>
internal static class Reweigh
{
    /// <summary>Null when the parcel was not weighed since the handover was opened.</summary>
    internal static Judgement? Decide(IReadOnlyList<WeightRecord> weights, ScaleStandings standings, ShipmentRow? shipment, AccountTerms? terms, long openedUs)
    {
        if (weights.Count == 0 || weights[^1] is not { } last || last.AtUs < openedUs) return null;
        var before = weights.Count > 1 && standings.Of(weights[^2]) != ScaleStanding.Quarantined ? weights[^2] : null;
        var mass = Mass.FromMilligrams(last.MassMg);
        var scale = last.Typed ? null : ScaleOf(last);
        var reading = scale is null ? WeighReading.ByHand(mass) : WeighReading.FromScale(scale, mass, stable: true, returnedToZero: true, standing: standings.Of(last));
        var today = Clock.FromUnixMicros(last.AtUs).InUtc().Date;
        var chain = shipment is null ? null : new Verdicts.Weighing.WeightChain(
            shipment.Product, shipment.Origin, shipment.Destination,
            shipment.DeclaredOfPiece is { } declared ? new KnownWeight(Mass.FromMilligrams(declared), null) : null,
            before is null ? null : new KnownWeight(Mass.FromMilligrams(before.MassMg), before.Typed ? null : ScaleOf(before)),
            Dimensions.TryFromMillimetres(shipment.LengthMm ?? 0, shipment.WidthMm ?? 0, shipment.HeightMm ?? 0));
        return WeighParcel.Decide(chain, terms, reading, today);
    }

    private static ScaleFacts? ScaleOf(WeightRecord weight) => ParcelViews.ScaleOf(weight.Scale) is { } scale
        ? scale with { VerifiedUntil = weight.Scale.VerifiedUntilDay > 0 ? new LocalDate(1970, 1, 1).PlusDays(weight.Scale.VerifiedUntilDay) : null }
        : null;
}
