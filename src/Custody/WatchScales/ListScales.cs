using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Holds;
using KeyAccountLogistics.Verdicts.Scales;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Scales;

/// <summary>The scales of the caller's depots: every one that has weighed or been checked.</summary>
internal sealed class ListScales(CustodyDb db)
{
    private const int PageMax = 200;
    private const int HeldLookedAtMax = 1_000;
    private const int HeldShownMax = 50;

    internal async Task<Outcome<ListScalesReply>> RunAsync(ListScalesRequest ask, CancellationToken ct)
    {
        var keys = db.Scales.AsNoTracking().Select(s => new { s.Depot, s.Device }).Union(db.ScaleEstimates.AsNoTracking().Select(s => new { s.Depot, s.Device }));
        if (ask.Depot.Length > 0) keys = keys.Where(k => k.Depot == ask.Depot);
        if (ask.PageToken.Length > 0)
        {
            if (ask.PageToken.Split('\u001f') is not [var depot, var device]) return FindParcels.PageFault;
            keys = keys.Where(k => string.Compare(k.Depot, depot) > 0 || (k.Depot == depot && string.Compare(k.Device, device) > 0));
        }
        var size = ask.PageSize <= 0 ? 50 : Math.Min(ask.PageSize, PageMax);
        var page = await keys.OrderBy(k => k.Depot).ThenBy(k => k.Device).Take(size + 1).ToListAsync(ct);
        var reply = new ListScalesReply();
        if (page.Count > size) reply.NextPageToken = page[size - 1].Depot + "\u001f" + page[size - 1].Device;
        var depots = page.Take(size).Select(k => k.Depot).Distinct(StringComparer.Ordinal).ToList();
        var records = (await db.Scales.AsNoTracking().Where(s => depots.Contains(s.Depot)).ToListAsync(ct)).ToDictionary(s => (s.Depot, s.Device));
        var estimates = (await db.ScaleEstimates.AsNoTracking().Where(s => depots.Contains(s.Depot)).ToListAsync(ct)).ToDictionary(s => (s.Depot, s.Device));
        foreach (var key in page.Take(size)) reply.Scales.Add(View(key.Depot!, key.Device, records.GetValueOrDefault((key.Depot, key.Device)), estimates.GetValueOrDefault((key.Depot, key.Device))));
        await AddHeldAsync(reply.Scales, ct);
        return reply;
    }

    /// <summary>One scale; null when the caller sees none of that name.</summary>
    internal async Task<ScaleView?> FindAsync(string depot, string device, CancellationToken ct)
    {
        var record = await db.Scales.AsNoTracking().SingleOrDefaultAsync(s => s.Depot == depot && s.Device == device, ct);
        var estimate = await db.ScaleEstimates.AsNoTracking().SingleOrDefaultAsync(s => s.Depot == depot && s.Device == device, ct);
        if (record is null && estimate is null) return null;
        var view = View(depot, device, record, estimate);
        await AddHeldAsync([view], ct);
        return view;
    }

    private static ScaleView View(string depot, string device, ScaleRow? record, ScaleEstimateRow? estimate)
    {
        var view = new ScaleView { Depot = depot, Device = device, Standing = StandingOf(record) };
        if (record is not null)
        {
            (view.CheckedAtUs, view.QuarantinedAtUs, view.ReleasedAtUs, view.CheckAskedAtUs) = (record.CheckedUs, record.QuarantinedUs, record.ReleasedUs, record.AskedUs);
            if (record.CheckBody.Length > 0) view.LastCheck = ScaleCheck.Parser.ParseFrom(record.CheckBody);
            if (record.BiasBody.Length > 0) view.Doubt = ScaleBias.Parser.ParseFrom(record.BiasBody);
        }
        if (estimate is not null)
        {
            view.Registered = Scale.Parser.ParseFrom(estimate.Registered);
            view.EstimatedAtUs = estimate.EstimatedUs;
            if (estimate.Answer != 0) view.Answer = ReasonCode.Of((BiasAnswer)estimate.Answer);
            if (estimate.Bias.Length > 0) view.Bias = ScaleBias.Parser.ParseFrom(estimate.Bias);
        }
        return view;
    }

    private static string StandingOf(ScaleRow? record) => ScaleStandings.Of(record) switch
    {
        // The backend knows of no other check that is missed.
        ScaleStanding.CheckMissed => "check_asked",
        var standing => ReasonCode.Of(standing),
    };

    // The scale is out of service, not the parcels: these wait only because of what it showed. One question for all scales of a page.
    private async Task AddHeldAsync(IReadOnlyList<ScaleView> views, CancellationToken ct)
    {
        var quarantined = views.Where(static v => v.Standing is "quarantined").ToDictionary(static v => (v.Depot, v.Device));
        if (quarantined.Count == 0) return;
        string[] reasons = [HoldReasons.WeightOver, HoldReasons.WeightUnder];
        var depots = quarantined.Keys.Select(static k => k.Depot).Distinct(StringComparer.Ordinal).ToList();
        var held = await db.Parcels.AsNoTracking().Where(p => depots.Contains(p.HoldNode!) && p.HeldSinceUs != null && reasons.Contains(p.HoldReason))
            .OrderBy(p => p.HeldSinceUs).Take(HeldLookedAtMax).Select(p => new { p.Code, p.State }).ToListAsync(ct);
        foreach (var parcel in held)
        {
            if (WeightChain.HandedOn(ParcelState.Parser.ParseFrom(parcel.State)) is { Scale: { } scale } last && quarantined.GetValueOrDefault((last.Node, scale.Device)) is { HeldParcels.Count: < HeldShownMax } view)
                view.HeldParcels.Add(parcel.Code);
        }
    }
}
