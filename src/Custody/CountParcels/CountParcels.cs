using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Operations.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Counting;

/// <summary>The parcels of the overview, in the caller's scope: of its accounts, and where it has depots, those that begin, end or lie there. One pass over the table.</summary>
internal sealed class CountParcels(CustodyDb db, ICallerScope callers) : IOverviewPart
{
    public async Task FillAsync(OverviewReply overview, CancellationToken ct)
    {
        var parcels = db.Parcels.AsNoTracking();
        if (callers.Current.Depots is { } own) parcels = parcels.Where(p => own.Contains(p.Origin!) || own.Contains(p.Destination!) || own.Contains(p.Node));
        var counted = await parcels.GroupBy(static _ => 1).Select(all => new
        {
            All = all.LongCount(),
            Held = all.LongCount(p => p.HeldSinceUs != null),
            Delivered = all.LongCount(p => p.Stage == (int)ParcelStage.Delivered),
            Exceptions = all.LongCount(p => p.Exceptions > 0),
        }).SingleOrDefaultAsync(ct);
        if (counted is null) return;
        (overview.Parcels, overview.Held, overview.Delivered, overview.Exceptions) = (counted.All, counted.Held, counted.Delivered, counted.Exceptions);
    }
}
