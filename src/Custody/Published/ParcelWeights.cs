using System.Collections.Immutable;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Published;

/// <summary>What a parcel weighed, where, on which scale and how it was judged, folded from the journal at the moment of asking.</summary>
/// <param name="Id">The parcel's row.</param>
/// <param name="Code">Its canonical code.</param>
/// <param name="Account">The key account; null while no shipment names the parcel.</param>
/// <param name="SealedUnder">The name under which the shipment's personal details are sealed.</param>
/// <param name="Shipment">What the client said; <see cref="ShipmentView.Registered"/> is false when nothing.</param>
/// <param name="Weights">In order of (best time, id), the declared one first; corrected ones are not among them.</param>
/// <param name="Photos">What was photographed, in the same order.</param>
public sealed record WeighedParcel(
    long Id, string Code, string? Account, string SealedUnder, ShipmentView Shipment, ImmutableArray<WeightLink> Weights, ImmutableArray<ParcelPhoto> Photos);

/// <summary>A photo of a parcel: the event that names it, and what it is of.</summary>
public sealed record ParcelPhoto(string EventId, ByteString Sha256, string Subject, string MediaType);

/// <summary>
/// Reads parcels' weights for modules downstream, within the scope of the unit of work's caller. Only what is committed is seen. Registered scoped.
/// </summary>
public sealed class ParcelWeights
{
    private readonly CustodyDb _db;
    private readonly ReadParcel _parcels;
    private readonly IJournalReader _journal;

    internal ParcelWeights(CustodyDb db, ReadParcel parcels, IJournalReader journal) => (_db, _parcels, _journal) = (db, parcels, journal);

    /// <summary>The parcel's row by a code as scanned or typed (a waybill gives its first piece); null when there is none for this caller.</summary>
    public async Task<long?> FindAsync(string text, CancellationToken ct = default) => (await _parcels.FindAsync(text, ct))?.Parcel.Id;

    /// <summary>The codes of the other parcels of its shipment, ascending; none for a single one, and where this caller sees no such parcel.</summary>
    public async Task<IReadOnlyList<string>> OthersOfShipmentAsync(long parcelId, CancellationToken ct = default)
    {
        if (await _db.Parcels.AsNoTracking().Where(p => p.Id == parcelId).Select(p => p.ShipmentId).SingleOrDefaultAsync(ct) is not { } shipment) return [];
        return await _db.Parcels.AsNoTracking().Where(p => p.ShipmentId == shipment && p.Id != parcelId).OrderBy(p => p.Code).Select(p => p.Code).ToListAsync(ct);
    }

    /// <summary>A parcel's weights; null when there is none for this caller.</summary>
    public async Task<WeighedParcel?> OfAsync(long parcelId, CancellationToken ct = default)
    {
        if (await _db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == parcelId, ct) is not { } parcel) return null;
        var shipment = await _db.Shipments.AsNoTracking().SingleOrDefaultAsync(s => s.Id == parcel.ShipmentId, ct);
        var facts = new List<LifeFact>();
        await foreach (var e in _journal.ReadParcelAsync(parcelId, ct)) facts.Add(CustodyRun.FactOf(e));
        var ordered = ParcelFold.InOrder(facts);
        var corrected = Corrections.Of(ordered);
        var photos = ordered.Where(f => f.Event.Photo is { Sha256.IsEmpty: false } && !corrected.ContainsKey(f.Id))
            .Select(f => new ParcelPhoto(ParcelViews.IdOf(f.Id), f.Event.Photo.Sha256, f.Event.Photo.Subject, f.Event.Photo.MediaType));
        return new WeighedParcel(
            parcel.Id, parcel.Code, parcel.Account, shipment?.Waybill ?? parcel.Code, ParcelViews.Shipment(shipment, parcel, names: null),
            [.. ParcelViews.Weights(ParcelFold.Fold(ordered), shipment)], [.. photos]);
    }
}
