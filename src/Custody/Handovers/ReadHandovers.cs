using System.Globalization;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Handovers;

/// <summary>Handovers read. A run sheet holds parcels of many accounts: who sees some accounts sees the lines of those, and nothing of the others.</summary>
internal sealed class ReadHandovers(CustodyDb db, ICallerScope callers)
{
    private const int PageUsual = 20;
    private const int PageMax = 100;

    internal async Task<Outcome<Handover>> GetAsync(string id, CancellationToken ct)
    {
        var row = await Visible().SingleOrDefaultAsync(h => h.Id == id, ct);
        return row is not null && await ViewAsync(row, ct) is { } view ? view : new Fault.NotFound("handover.unknown", "No handover is known under this id.");
    }

    internal async Task<Outcome<ListHandoversReply>> ListAsync(ListHandoversRequest ask, CancellationToken ct)
    {
        var handovers = Visible().Where(h => h.Phase > 0);
        if (ask.Node.Length > 0) handovers = handovers.Where(h => h.Depot == ask.Node);
        if (ask.State.Length > 0)
        {
            if (!HandoverViews.TryRead(ask.State, out var phase)) return new Fault.Invalid("state", "state.unknown", $"'{ask.State}' is no state of a handover.");
            handovers = handovers.Where(h => h.Phase == (int)phase);
        }
        var skip = 0;
        if (ask.PageToken.Length > 0 && !int.TryParse(ask.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out skip)) return FindParcels.PageFault;
        var size = ask.PageSize <= 0 ? PageUsual : Math.Min(ask.PageSize, PageMax);
        var rows = await handovers.OrderByDescending(h => h.OpenedUs).ThenBy(h => h.Id).Skip(skip).Take(size + 1).ToListAsync(ct);
        var reply = new ListHandoversReply();
        foreach (var row in rows.Take(size))
        {
            if (await ViewAsync(row, ct) is { } view) reply.Handovers.Add(view);
        }
        if (rows.Count > size) reply.NextPageToken = (skip + size).ToString(CultureInfo.InvariantCulture);
        return reply;
    }

    private IQueryable<HandoverRow> Visible() => callers.Current.Accounts is null
        ? db.Handovers.AsNoTracking()
        : db.Handovers.AsNoTracking().Where(h => db.HandoverParcels.Any(p => p.Handover == h.Id && db.Parcels.Any(seen => seen.Code == p.Parcel)));

    private async Task<Handover?> ViewAsync(HandoverRow row, CancellationToken ct)
    {
        if (await RunHandover.LoadAsync(db, row.Id, ct) is not { } state) return null;
        if (callers.Current.Accounts is null) return HandoverViews.Of(state, row.Depot ?? "", null);
        var codes = state.ExpectedByCode.Keys.Concat(state.Lines.Keys).Distinct(StringComparer.Ordinal).ToList();
        var seen = await db.Parcels.AsNoTracking().Where(p => codes.Contains(p.Code)).Select(p => p.Code).ToListAsync(ct);
        return HandoverViews.Of(state, row.Depot ?? "", seen.ToHashSet(StringComparer.Ordinal));
    }
}
