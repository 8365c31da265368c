using System.Globalization;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Cases.Regress;

/// <summary>
/// An account's regresses: one stands at a time, and the next begins when that is closed. Its id is the account with a number, so that two who begin one at once make the same.
/// The context is enlisted in the transaction.
/// </summary>
internal sealed class KeepRegress(CasesDb db, CaseStore store, TimeProvider time)
{
    private IQueryable<CaseRow> Of(string account) => db.Cases.AsNoTracking().Where(c => c.Kind == RegressKind.Kind.Name && c.Account == account);

    /// <summary>The id under which an opening by hand is made: of the one that the same command made before, of the one that stands, or of the next.</summary>
    internal async Task<string> IdAsync(string account, Guid entry, CancellationToken ct) =>
        await (from one in Of(account) join opening in db.Entries.AsNoTracking() on one.Id equals opening.CaseId where opening.Number == 1 && opening.EntryId == entry select one.Id).FirstOrDefaultAsync(ct)
        ?? await StandingOrNextAsync(account, ct);

    /// <summary>Brings signs before the carrier's people; gives the case, and whether it was opened by them.</summary>
    internal async Task<Outcome<(string CaseId, bool Opened)>> ObserveAsync(WriteTransaction transaction, string account, IReadOnlyCollection<RegressSign> signs, CancellationToken ct)
    {
        var (standing, newest, next) = await HeldAsync(account, ct);
        // What has had its case does not open another one by going on: a person has closed that with its cause.
        if (standing is null && newest is not null && await store.FindAsync(newest, ct) is var (_, state, _) && signs.All(s => s.Reference.Length > 0 && RegressCase.Knows(state, s))) return (newest, false);
        var (id, now) = (standing ?? next, time.Now());
        var made = standing is null ? await store.MakeAsync(id, RegressCase.Opening(account, byHand: false), now, ct) : null;
        var held = made ?? await store.LockAsync(id, ct);
        Invariant.Holds(held is not null, "a row that could not be made is there");
        // Closed in this moment: what comes after that is another matter, and is brought again.
        if (held.State is { Closed: true }) return (id, false);
        var draft = held.Draft(now);
        RegressCase.Observe(draft, account, signs);
        if (draft.Entries.Count > 0 && await store.KeepAsync(transaction, held, draft.Entries, draft.State, ct) is { } untold) return untold;
        return (id, made is not null);
    }

    private async Task<string> StandingOrNextAsync(string account, CancellationToken ct) => (await HeldAsync(account, ct)) switch { var (standing, _, next) => standing ?? next };

    // One question: between two, another may make the one that the second then counts, and the first did not see.
    private async Task<(string? Standing, string? Newest, string Next)> HeldAsync(string account, CancellationToken ct)
    {
        var all = await Of(account).OrderByDescending(c => c.OpenedUs).ThenByDescending(c => c.Id).Select(c => new { c.Id, c.State }).ToListAsync(ct);
        return (all.Find(static c => c.State != "closed")?.Id, all.FirstOrDefault()?.Id, string.Create(CultureInfo.InvariantCulture, $"{RegressKind.Kind.Prefix}-{account}-{all.Count + 1}"));
    }
}
