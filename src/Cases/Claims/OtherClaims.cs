using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Custody.Published;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Cases.Claims;

/// <summary>What claims for a shipment's other pieces have been granted: each piece has a claim of its own, and the insured value is the shipment's, once (domain.md 4.5).</summary>
internal sealed class OtherClaims(CasesDb db, CaseStore store, ParcelWeights parcels)
{
    /// <summary>In minor units of the shipment's currency. The claims stay locked until the transaction ends, so that of two decided at once one sees the other; the context is enlisted in it.</summary>
    internal async Task<long> GrantedAsync(long parcelId, CancellationToken ct)
    {
        var granted = 0L;
        List<string> possible = [.. (await parcels.OthersOfShipmentAsync(parcelId, ct)).Select(ClaimCase.IdOf)];
        if (possible.Count == 0) return granted;
        var ids = await db.Cases.AsNoTracking().Where(c => possible.Contains(c.Id)).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(ct);
        foreach (var id in ids)
        {
            // One that is open, or open again, has been granted nothing; when it is decided it sees this one.
            if (await store.LockAsync(id, ct) is { State: { Closed: true, Outcome.Gives: Amount { Known: true } gives } }) granted = checked(granted + gives.Minor);
        }
        return granted;
    }
}
