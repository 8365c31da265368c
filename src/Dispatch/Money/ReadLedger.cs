using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Dispatch.Acting;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using Wire = KeyAccountLogistics.Api.Dispatch.V1;

namespace KeyAccountLogistics.Dispatch.Cash;

/// <summary>The ledger read: sums and open parcels stand in rows, so nothing is added up over its lines. A depot's people see their depots' places, a client his own.</summary>
internal sealed class ReadLedger(DispatchDb db)
{
    internal async Task<Outcome<BalancesReply>> BalancesAsync(BalancesRequest ask, CancellationToken ct)
    {
        var page = PageAsked.Read(ask.PageSize, ask.PageToken, 100, 500);
        if (!page.IsOk) return page.Fault;
        var rows = db.Balances.AsNoTracking();
        if (ask.Ledger is not Wire.LedgerAccount.Unspecified) rows = rows.Where(b => b.Ledger == (int)ask.Ledger);
        if (ask.Owner.Length > 0) rows = rows.Where(b => b.Owner == ask.Owner);
        var found = await rows.OrderBy(b => b.Ledger).ThenBy(b => b.Owner).ThenBy(b => b.Depot).ThenBy(b => b.Currency).Skip(page.Value.Skip).Take(page.Value.Size + 1).ToListAsync(ct);
        return new BalancesReply
        {
            Balances = { found.Take(page.Value.Size).Select(b => new Balance { Ledger = (Wire.LedgerAccount)b.Ledger, Owner = b.Owner, Depot = b.Depot, Currency = b.Currency, Minor = b.Minor }) },
            NextPageToken = page.Value.Next(found.Count),
        };
    }

    internal async Task<Outcome<OpenMoneyReply>> OpenMoneyAsync(OpenMoneyRequest ask, CancellationToken ct)
    {
        if (ask.Ledger is Wire.LedgerAccount.Unspecified) return new Fault.Invalid("ledger", "field.missing", "Say of which account: ledger is missing.");
        if (DispatchActs.Missing(("owner", ask.Owner)) is { } missing) return missing;
        var page = PageAsked.Read(ask.PageSize, ask.PageToken, 200, 1_000);
        if (!page.IsOk) return page.Fault;
        var found = await db.OpenMoney.AsNoTracking().Where(o => o.Ledger == (int)ask.Ledger && o.Owner == ask.Owner && o.Minor != 0)
            .OrderBy(o => o.SinceUs).ThenBy(o => o.Parcel).ThenBy(o => o.Purpose).Skip(page.Value.Skip).Take(page.Value.Size + 1).ToListAsync(ct);
        return new OpenMoneyReply
        {
            Items =
            {
                found.Take(page.Value.Size).Select(o => new OpenMoneyItem
                {
                    Parcel = o.Parcel, Purpose = (MoneyPurpose)o.Purpose, Minor = o.Minor, Currency = o.Currency, Depot = o.Depot, SinceUs = o.SinceUs,
                }),
            },
            NextPageToken = page.Value.Next(found.Count),
        };
    }

    internal async Task<Outcome<PostingsReply>> PostingsAsync(PostingsRequest ask, CancellationToken ct)
    {
        var page = PageAsked.Read(ask.PageSize, ask.PageToken, 100, 500);
        if (!page.IsOk) return page.Fault;
        var byPlace = ask.Ledger is not Wire.LedgerAccount.Unspecified && ask.Owner.Length > 0;
        if (ask.Parcel.Length == 0 && !byPlace) return new Fault.Invalid("parcel", "field.missing", "Name a parcel, or a ledger account and its owner.");
        var rows = ask.Parcel.Length > 0 ? db.Postings.AsNoTracking().Where(p => p.Parcel == ask.Parcel) : db.Postings.AsNoTracking();
        if (byPlace) rows = rows.Where(p => p.Ledger == (int)ask.Ledger && p.Owner == ask.Owner);
        var found = await rows.OrderByDescending(p => p.AtUs).ThenBy(p => p.EventId).ThenBy(p => p.Origin).ThenBy(p => p.Line)
            .Skip(page.Value.Skip).Take(page.Value.Size + 1).ToListAsync(ct);
        return new PostingsReply { Postings = { found.Take(page.Value.Size).Select(ViewOf) }, NextPageToken = page.Value.Next(found.Count) };
    }

    private static PostingView ViewOf(PostingRow p) => new()
    {
        EventId = p.EventId.ToString("D"), OriginEventId = p.Origin.ToString("D"), Ledger = (Wire.LedgerAccount)p.Ledger, Owner = p.Owner, Depot = p.Depot, Minor = p.Minor,
        Currency = p.Currency, Parcel = p.Parcel, Purpose = (MoneyPurpose)p.Purpose, AtUs = p.AtUs,
    };
}
