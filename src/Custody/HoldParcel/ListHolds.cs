using System.Globalization;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Holding;

/// <summary>What is held, the oldest first: that is what ages.</summary>
internal sealed class ListHolds(CustodyDb db, FindParcels find, ICallerScope callers, TimeProvider time)
{
    internal async Task<Outcome<ListHoldsReply>> RunAsync(ListHoldsRequest ask, CancellationToken ct)
    {
        var held = db.Parcels.AsNoTracking().Where(p => p.HeldSinceUs != null);
        if (ask.Node.Length > 0) held = held.Where(p => p.HoldNode == ask.Node);
        if (callers.Current.Depots is { } own) held = held.Where(p => own.Contains(p.HoldNode!));
        if (ask.PageToken.Length > 0)
        {
            if (ask.PageToken.Split('.') is not [var sinceText, var idText] || !Number(sinceText, out var since) || !Number(idText, out var after)) return FindParcels.PageFault;
            held = held.Where(p => p.HeldSinceUs > since || (p.HeldSinceUs == since && p.Id > after));
        }
        var size = ask.PageSize <= 0 ? 50 : Math.Min(ask.PageSize, FindParcels.PageMax);
        var rows = await held.OrderBy(p => p.HeldSinceUs).ThenBy(p => p.Id).Take(size + 1).ToListAsync(ct);
        var page = rows.Take(size).ToList();
        var summaries = await find.SummariesAsync(page, ct);
        var reply = new ListHoldsReply();
        if (rows.Count > size) reply.NextPageToken = string.Create(CultureInfo.InvariantCulture, $"{page[^1].HeldSinceUs}.{page[^1].Id}");
        var now = time.Now().ToUnixMicros();
        for (var i = 0; i < page.Count; i++)
        {
            var hold = HoldRules.Active(ParcelState.Parser.ParseFrom(page[i].State));
            if (hold is not null) reply.Held.Add(new HeldParcel { Parcel = summaries[i], Hold = ParcelViews.Hold(hold, now) });
        }
        return reply;
    }

    private static bool Number(string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
