using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal.Personal;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Reading;

internal sealed class ParcelsNow(CustodyDb db, WaybillScheme waybills, PersonalVault vault) : IParcelsNow
{
    private const int CodesMax = 5_000;
    private const int DeliveriesMax = 20_000;

    public async Task<IReadOnlyDictionary<string, ParcelStanding>> FindAsync(IReadOnlyCollection<string> texts, CancellationToken ct)
    {
        var codes = texts.Select(t => ParcelCodes.KeyOf(t, waybills)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (codes.Count > CodesMax) throw new ArgumentOutOfRangeException(nameof(texts), codes.Count, $"At most {CodesMax} parcels are looked for at once.");
        var parcels = await db.Parcels.AsNoTracking().Where(p => codes.Contains(p.Code)).ToListAsync(ct);
        var registered = parcels.Select(p => p.ShipmentId).OfType<long>().Distinct().ToList();
        var shipments = await db.Shipments.AsNoTracking().Where(s => registered.Contains(s.Id)).ToDictionaryAsync(s => s.Id, ct);
        return parcels.ToDictionary(p => p.Code, p => Of(p, p.ShipmentId is { } id ? shipments.GetValueOrDefault(id) : null), StringComparer.Ordinal);
    }

    public async Task<IReadOnlyList<DeliveryDue>> ForDeliveryAsync(string depot, CancellationToken ct)
    {
        // With the depot, on its couriers, or not delivered and on its way back to it. What is still on the road to the depot is not there to be planned.
        var rows = await db.Parcels.AsNoTracking().Where(p => p.Destination == depot && !p.Closed && p.Node == depot && p.ShipmentId != null && p.Stage > (int)ParcelStage.Collected)
            .OrderBy(p => p.Code).Take(DeliveriesMax).Join(db.Shipments.AsNoTracking(), p => p.ShipmentId, s => s.Id, (p, s) => new { Parcel = p, Shipment = s }).ToListAsync(ct);
        return rows.ConvertAll(r => Due(r.Parcel, r.Shipment));
    }

    public async Task<IReadOnlyDictionary<string, DeliveryDue>> DueAsync(IReadOnlyCollection<string> codes, CancellationToken ct)
    {
        if (codes.Count > CodesMax) throw new ArgumentOutOfRangeException(nameof(codes), codes.Count, $"At most {CodesMax} parcels are looked for at once.");
        var rows = await db.Parcels.AsNoTracking().Where(p => codes.Contains(p.Code) && p.ShipmentId != null)
            .Join(db.Shipments.AsNoTracking(), p => p.ShipmentId, s => s.Id, (p, s) => new { Parcel = p, Shipment = s }).ToListAsync(ct);
        return rows.ToDictionary(r => r.Parcel.Code, r => Due(r.Parcel, r.Shipment), StringComparer.Ordinal);
    }

    public async Task<IReadOnlyDictionary<string, DoorDetails>> DoorsAsync(IReadOnlyCollection<string> waybills, CancellationToken ct)
    {
        var stored = await vault.GetManyAsync(waybills, ReadParcel.PersonalKind, ct);
        return stored.ToDictionary(
            s => s.Key,
            s => Shown(PersonalDetails.Parser.ParseFrom(s.Value)),
            StringComparer.Ordinal);
    }

    private static DoorDetails Shown(PersonalDetails full) => new(Masking.Name(full.ConsigneeName), Masking.Phone(full.ConsigneePhone), full.ConsigneeAddress);

    private static DeliveryDue Due(ParcelRow parcel, ShipmentRow shipment) => new(
        Of(parcel, shipment), shipment.Waybill, parcel.Node, parcel.Destination ?? "", shipment.PromisedUs is { } promised ? Clock.FromUnixMicros(promised) : null,
        shipment.DeclaredOfPiece is { } mg ? Mass.FromMilligrams(mg) : null, shipment.LongitudeE5, shipment.LatitudeE5);

    private static ParcelStanding Of(ParcelRow parcel, ShipmentRow? shipment)
    {
        var hasAmounts = shipment is { CodMinor: > 0 } or { FreightCollectMinor: > 0 };
        return new ParcelStanding(
            parcel.Code, parcel.Account ?? "", (PartyKind)parcel.CustodianKind, parcel.Custodian, Stages.WordOf((ParcelStage)parcel.Stage), parcel.HeldSinceUs is null ? null : parcel.HoldReason,
            shipment?.Insured ?? false, shipment?.Fragile ?? false, shipment?.CodMinor ?? 0, shipment?.FreightCollectMinor ?? 0, hasAmounts ? shipment!.Currency ?? "" : "", shipment?.Seal ?? "",
            shipment?.AcceptedUs is { } accepted ? Clock.FromUnixMicros(accepted) : null,
            parcel.HeldSinceUs is { } held ? Clock.FromUnixMicros(held) : null)
        {
            Depots = [.. new[] { parcel.Origin, parcel.Node, parcel.Destination }.OfType<string>().Where(static d => d.Length > 0).Distinct(StringComparer.Ordinal)],
        };
    }
}
