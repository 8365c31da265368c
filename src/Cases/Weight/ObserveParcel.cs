using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Cases.Weight;

/// <summary>
/// Brings a parcel's case up to what its weights say now: opens it, lets later ones join, reopens it. As the product itself (<see cref="Caller.System"/>). It
/// looks without a lock first: nothing to do costs no write.
/// </summary>
internal sealed class ObserveParcel(CasesDb db, CaseStore store, ParcelWeights parcels, ITermsInForce terms, PriceShipment price, IWriteGate gate, TimeProvider time)
{
    private static readonly Fault Nothing = new Fault.Conflict("case.nothing", "What a case would have been opened for was put right in this moment.");

    internal static string IdOf(string parcel) => CaseKinds.Weight.Prefix + "-" + parcel;

    internal async Task RunAsync(long parcelId, CancellationToken ct)
    {
        // Looking again after the commit finds the quarantine that came in between; twice is enough, and a third time is somebody else's turn.
        for (var look = 0; look < 3; look++)
        {
            if (await parcels.OfAsync(parcelId, ct) is not { } seen) return;
            var id = IdOf(seen.Code);
            var draft = new CaseDraft(CaseKinds.Weight, id, (await store.FindAsync(id, ct))?.State, time.Now());
            await ObserveAsync(draft, seen, ct);
            if (draft.Entries.Count == 0) return;
            var done = await gate.RunAsync<bool>((transaction, cancel) => KeepAsync(transaction, id, seen, cancel), ct);
            if (!done.IsOk && !ReferenceEquals(done.Fault, Nothing)) throw new InvalidOperationException(done.Fault.Message);
        }
    }

    /// <summary>The version in force at the parcel's acceptance; before it is accepted, at its first weight.</summary>
    internal static AccountTerms? TermsOf(ITermsInForce terms, WeighedParcel parcel)
    {
        var at = parcel.Shipment.AcceptedAtUs != 0 ? parcel.Shipment.AcceptedAtUs : parcel.Weights.FirstOrDefault()?.AtUs ?? 0;
        return parcel.Account is { } account ? terms.For(account, Clock.FromUnixMicros(at)) : null;
    }

    private async Task<Outcome<bool>> KeepAsync(WriteTransaction transaction, string id, WeighedParcel seen, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        await transaction.EnlistAsync(db, ct);
        var now = time.Now();
        var held = await store.MakeAsync(id, new CaseOpened { Kind = CaseKinds.Weight.Name, Subject = seen.Code }, now, ct) ?? await store.LockAsync(id, ct);
        Invariant.Holds(held is not null, "a row that could not be made is there");
        // Once more, behind the lock: whoever held it before may have seen less than is there now, and nobody after may see less than was seen here.
        var parcel = await parcels.OfAsync(seen.Id, ct) ?? seen;
        var draft = held.Draft(now);
        await ObserveAsync(draft, parcel, ct);
        if (draft.Now is not { } state) return Nothing;
        return draft.Entries.Count > 0 && await store.KeepAsync(transaction, held, draft.Entries, state, ct) is { } untold ? untold : true;
    }

    private async Task ObserveAsync(CaseDraft draft, WeighedParcel parcel, CancellationToken ct)
    {
        var figures = WeightDispute.Of(parcel, price, draft.Now is { Opened.ByHand: true });
        WeightCase.Observe(draft, f => WeightCase.Opening(parcel, TermsOf(terms, parcel), f, byHand: false), figures, ScaleDoubts.Of(parcel.Weights, await ChangesAsync(parcel, ct)));
    }

    private async Task<List<ScaleChange>> ChangesAsync(WeighedParcel parcel, CancellationToken ct)
    {
        var depots = parcel.Weights.Where(w => w.EventId.Length > 0 && w.Node.Length > 0).Select(w => w.Node).Distinct(StringComparer.Ordinal).ToList();
        if (depots.Count == 0) return [];
        var rows = await db.ScaleChanges.AsNoTracking().Where(c => depots.Contains(c.Depot)).ToListAsync(ct);
        return rows.ConvertAll(r => new ScaleChange(r.EventId, r.Depot, r.Device, r.Released, r.AtUs, r.Bias.Length == 0 ? null : ScaleBias.Parser.ParseFrom(r.Bias)));
    }
}

/// <summary>Looks at a parcel as the product, whoever's call it is for: what follows from facts does not depend on who reads them.</summary>
internal sealed class LookAgain(IServiceProvider services)
{
    internal async Task AtAsync(long parcelId, CancellationToken ct)
    {
        if (parcelId == 0) return;
        await using var scope = services.CreateScopeAs(Caller.System);
        await scope.ServiceProvider.GetRequiredService<ObserveParcel>().RunAsync(parcelId, ct);
    }
}
