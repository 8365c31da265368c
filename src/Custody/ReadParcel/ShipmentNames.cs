using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Custody.Reading;

/// <summary>Under which name a parcel's personal details and photos are sealed. As the product itself: whoever asks has been judged before.</summary>
internal sealed class ShipmentNames(IServiceProvider services) : IShipmentNames
{
    public async Task<string> OfParcelAsync(long parcelId, CancellationToken ct)
    {
        await using var scope = services.CreateScopeAs(Caller.System);
        var db = scope.ServiceProvider.GetRequiredService<CustodyDb>();
        var parcel = await db.Parcels.AsNoTracking().Where(p => p.Id == parcelId).Select(p => new { p.Code, p.ShipmentId }).SingleAsync(ct);
        if (parcel.ShipmentId is not { } shipment) return parcel.Code;
        return await db.Shipments.AsNoTracking().Where(s => s.Id == shipment).Select(s => s.Waybill).SingleAsync(ct);
    }
}
