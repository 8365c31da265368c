using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Verdicts.Handovers;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Handovers;

internal sealed class HandoversNow(CustodyDb db) : IHandoversNow
{
    public async Task<HandoverState?> FindAsync(string handover, CancellationToken ct) =>
        await db.Handovers.AsNoTracking().AnyAsync(h => h.Id == handover, ct) ? await RunHandover.LoadAsync(db, handover, ct) : null;
}
