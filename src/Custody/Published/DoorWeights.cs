using System.Collections.Immutable;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Handovers;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Scales;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Judgement = KeyAccountLogistics.Verdicts.Weighing.WeighVerdict;

namespace KeyAccountLogistics.Custody.Published;

/// <summary>Judges what parcels weigh at the consignee's door by what was handed on: the rule of the station and of handovers. Scoped; not thread-safe.</summary>
public sealed class DoorWeights
{
    private readonly CustodyDb _db;

    internal DoorWeights(CustodyDb db) => _db = db;

    /// <summary>The chains of the parcels of these canonical codes that the caller sees. At most 5,000 a call.</summary>
    public async Task<IReadOnlyDictionary<string, DoorChain>> OfAsync(IReadOnlyCollection<string> codes, CancellationToken ct)
    {
        if (codes.Count == 0) return ImmutableDictionary<string, DoorChain>.Empty;
        var rows = await (
            from p in _db.Parcels.AsNoTracking()
            where codes.Contains(p.Code)
            join s in _db.Shipments.AsNoTracking() on p.ShipmentId equals (long?)s.Id into found
            from shipment in found.DefaultIfEmpty()
            select new { p.Code, p.State, Shipment = shipment }).ToListAsync(ct);
        var weights = rows.ToDictionary(r => r.Code, r => ParcelState.Parser.ParseFrom(r.State).Weights, StringComparer.Ordinal);
        var standings = await ScaleStandings.OfAsync(_db, [.. weights.Values.SelectMany(w => w)], ct);
        return rows.ToDictionary(r => r.Code, r => new DoorChain(weights[r.Code], standings, r.Shipment), StringComparer.Ordinal);
    }
}

/// <summary>One parcel's weights so far.</summary>
public sealed class DoorChain
{
    private readonly IReadOnlyList<WeightRecord> _before;
    private readonly WeightRecord? _atDoor;
    private readonly ScaleStandings _standings;
    private readonly ShipmentRow? _shipment;

    internal DoorChain(IReadOnlyList<WeightRecord> weights, ScaleStandings standings, ShipmentRow? shipment)
    {
        (_standings, _shipment) = (standings, shipment);
        _atDoor = weights.Count > 0 && weights[^1].Purpose is WeightPurpose.Delivery ? weights[^1] : null;
        // Whoever weighs twice at the door is held against what he was given, not against himself.
        _before = [.. weights.Reverse().SkipWhile(static w => w.Purpose is WeightPurpose.Delivery).Reverse()];
    }

    /// <summary>The weight that was handed on to the courier; null when nobody weighed it.</summary>
    public Mass? HandedOn => _before.Count == 0 ? null : Mass.FromMilligrams(_before[^1].MassMg);

    /// <summary>
    /// The verdict of a weighing at the door, made at <paramref name="at"/>; without one, of the last that has been told. Null when it was not weighed there.
    /// </summary>
    public Judgement? Judge(Weight? weighed, Instant at, AccountTerms? terms)
    {
        var last = weighed is null ? _atDoor : new WeightRecord
        {
            Purpose = WeightPurpose.Delivery, MassMg = weighed.MassMg, Typed = weighed.Typed, TypedReason = weighed.TypedReason, Scale = weighed.Scale, AtUs = at.ToUnixMicros(),
        };
        return last is null || last.MassMg <= 0 ? null : Reweigh.Decide([.. _before, last], _standings, _shipment, terms, last.AtUs);
    }

    /// <summary>How far a weight typed at the door may lie from what was handed on; null without a reference or terms.</summary>
    public Mass? Limit(Instant now, AccountTerms? terms) =>
        HandedOn is { } mass && Judge(new Weight { MassMg = mass.Milligrams, Typed = true }, now, terms) is Judgement.Judged judged ? judged.Figures.IntegrityLimit : null;
}
