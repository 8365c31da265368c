using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Reading;

internal sealed class ParcelsNow(CustodyDb db, WaybillScheme waybills) : IParcelsNow
{
    private const int CodesMax = 5_000;

    public async Task<IReadOnlyDictionary<string, ParcelStanding>> FindAsync(IReadOnlyCollection<string> texts, CancellationToken ct)
    {
        var codes = texts.Select(t => ParcelCodes.KeyOf(t, waybills)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (codes.Count > CodesMax) throw new ArgumentOutOfRangeException(nameof(texts), codes.Count, $"At most {CodesMax} parcels are looked for at once.");
        var parcels = await db.Parcels.AsNoTracking().Where(p => codes.Contains(p.Code)).ToListAsync(ct);
        var registered = parcels.Select(p => p.ShipmentId).OfType<long>().Distinct().ToList();
        var shipments = await db.Shipments.AsNoTracking().Where(s => registered.Contains(s.Id)).ToDictionaryAsync(s => s.Id, ct);
        return parcels.ToDictionary(p => p.Code, p => Of(p, p.ShipmentId is { } id ? shipments.GetValueOrDefault(id) : null), StringComparer.Ordinal);
    }

    private static ParcelStanding Of(ParcelRow parcel, ShipmentRow? shipment)
    {
        var hasAmounts = shipment is { CodMinor: > 0 } or { FreightCollectMinor: > 0 };
        return new ParcelStanding(
            parcel.Code, parcel.Account ?? "", (PartyKind)parcel.CustodianKind, parcel.Custodian, Stages.WordOf((ParcelStage)parcel.Stage), parcel.HeldSinceUs is null ? null : parcel.HoldReason,
            shipment?.Insured ?? false, shipment?.Fragile ?? false, shipment?.CodMinor ?? 0, shipment?.FreightCollectMinor ?? 0, hasAmounts ? shipment!.Currency ?? "" : "", shipment?.Seal ?? "",
            shipment?.AcceptedUs is { } accepted ? Clock.FromUnixMicros(accepted) : null);
    }
}
