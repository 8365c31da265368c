using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Holds;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;

namespace KeyAccountLogistics.Custody.Holding;

/// <summary>Says hourly which depots have overdue holds (SEED-03-HOLDAREA): one line a depot, while it lasts. What is overdue follows from the holds alone, so a missed hour owes nothing.</summary>
[DisallowConcurrentExecution]
internal sealed class HoldAgeingJob(CustodyDb db, TimeProvider time, ILogger<HoldAgeingJob> logger) : IJob
{
    internal const string Name = "custody.hold-ageing";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await LookAsync(cancellationToken);

    internal async Task LookAsync(CancellationToken ct)
    {
        var before = (time.Now() - HoldAgeing.Usual.Escalate).ToUnixMicros();
        var overdue = await db.Parcels.AsNoTracking().Where(p => p.HeldSinceUs != null && p.HeldSinceUs <= before)
            .GroupBy(p => p.HoldNode).Select(g => new { Depot = g.Key, Count = g.Count(), Oldest = g.Min(p => p.HeldSinceUs) }).ToListAsync(ct);
        foreach (var depot in overdue)
        {
            var oldest = await db.Parcels.AsNoTracking().Where(p => p.HoldNode == depot.Depot && p.HeldSinceUs == depot.Oldest).OrderBy(p => p.Id)
                .Select(p => new { p.Code, p.HoldReason, p.HoldOwner }).FirstAsync(ct);
            CustodyLog.HoldsOverdue(logger, depot.Depot ?? "", depot.Count, (int)HoldAgeing.Usual.Escalate.TotalHours, oldest.Code, oldest.HoldReason ?? "", oldest.HoldOwner ?? "");
        }
    }
}
