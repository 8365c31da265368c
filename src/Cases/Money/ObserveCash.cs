using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Cases.Weight;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.Cash;

/// <summary>Keeps cash cases as the product itself. A notice may come twice: a case is made once, and closed once.</summary>
internal sealed class ObserveCash(CasesDb db, CaseStore store, IWriteGate gate, TimeProvider time)
{
    internal Task OpenAsync(CashVariance variance, CancellationToken ct) => KeepAsync(
        CashCase.IdOf(Uuid.From(variance.EventId.Span)), CashCase.Opening(variance), draft => CashCase.Open(draft, variance), ct);

    internal Task WithdrawAsync(Guid count, CancellationToken ct) => KeepAsync(CashCase.IdOf(count), opening: null, CashCase.Withdraw, ct);

    private async Task KeepAsync(string id, Api.Cases.V1.CaseOpened? opening, Action<CaseDraft> act, CancellationToken ct)
    {
        var done = await gate.RunAsync<bool>(async (transaction, cancel) =>
        {
            db.ChangeTracker.Clear();
            await transaction.EnlistAsync(db, cancel);
            var now = time.Now();
            var held = (opening is null ? null : await store.MakeAsync(id, opening, now, cancel)) ?? await store.LockAsync(id, cancel);
            if (held is null) return true;
            var draft = held.Draft(now);
            act(draft);
            return draft.Entries.Count > 0 && await store.KeepAsync(transaction, held, draft.Entries, draft.State, cancel) is { } untold ? untold : true;
        }, ct);
        if (!done.IsOk) throw new InvalidOperationException(done.Fault.Message);
    }
}
