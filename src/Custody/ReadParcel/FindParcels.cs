using System.Globalization;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Reading;

/// <summary>Parcels by prefix, account, stage; newest first, in pages.</summary>
internal sealed class FindParcels(CustodyDb db)
{
    internal const int PageMax = 200;
    private const int PageUsual = 50;

    internal async Task<Outcome<FindParcelsReply>> RunAsync(FindParcelsRequest ask, CancellationToken ct)
    {
        var parcels = db.Parcels.AsNoTracking();
        if (ask.PageToken.Length > 0)
        {
            if (!long.TryParse(ask.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out var before)) return PageFault;
            parcels = parcels.Where(p => p.Id < before);
        }
        if (ask.State.Length > 0)
        {
            if (!Stages.TryRead(ask.State, out var stage)) return new Fault.Invalid("state", "state.unknown", $"'{ask.State}' is no state of a parcel.");
            parcels = parcels.Where(p => p.Stage == (int)stage);
        }
        if (ask.Text.Trim().ToUpperInvariant() is { Length: > 0 } prefix)
        {
            // Codes are of A-Z, 0-9 and hyphen, so a tilde closes the range, which an index serves.
            var end = prefix + "~";
            parcels = parcels.Where(p => string.Compare(p.Code, prefix) >= 0 && string.Compare(p.Code, end) < 0);
        }
        if (ask.Account.Length > 0) parcels = parcels.Where(p => p.Account == ask.Account);
        if (ask.HeldOnly) parcels = parcels.Where(p => p.HeldSinceUs != null);
        if (ask.ExceptionsOnly) parcels = parcels.Where(p => p.Exceptions > 0);
        var size = ask.PageSize <= 0 ? PageUsual : Math.Min(ask.PageSize, PageMax);
        var rows = await parcels.OrderByDescending(p => p.Id).Take(size + 1).ToListAsync(ct);
        var reply = new FindParcelsReply { NextPageToken = rows.Count > size ? rows[size - 1].Id.ToString(CultureInfo.InvariantCulture) : "" };
        reply.Parcels.AddRange(await SummariesAsync(rows.Take(size), ct));
        return reply;
    }

    internal async Task<List<ParcelSummary>> SummariesAsync(IEnumerable<ParcelRow> rows, CancellationToken ct)
    {
        var parcels = rows.ToList();
        var ids = parcels.Select(p => p.ShipmentId).OfType<long>().Distinct().ToList();
        var shipments = await db.Shipments.AsNoTracking().Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, ct);
        return parcels.ConvertAll(p => ParcelViews.Summary(p, p.ShipmentId is { } id ? shipments.GetValueOrDefault(id) : null));
    }

    internal static Fault.Invalid PageFault => new("page_token", "page.malformed", "The page token is not one that this list gave out.");
}
