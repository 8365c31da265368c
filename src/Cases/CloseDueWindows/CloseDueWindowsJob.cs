using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;

namespace KeyAccountLogistics.Cases.Closing;

/// <summary>
/// Every minute: escalates clocks and takes the steps of silence. What is due follows from stored instants, so a stop of days is caught up by the next run, and two servers
/// that come for the same case find it done.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class CloseDueWindowsJob(CasesDb db, CaseStore store, IWriteGate gate, TimeProvider time, ILogger<CloseDueWindowsJob> logger) : IJob
{
    internal const string Name = "cases.close-due-windows";
    private const int PageMax = 200;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await RunAsync(cancellationToken);

    internal async Task RunAsync(CancellationToken ct)
    {
        var now = time.Now().ToUnixMicros();
        var (after, afterId) = (long.MinValue, "");
        while (true)
        {
            var due = await db.Cases.AsNoTracking().Where(c => c.TickUs <= now && (c.TickUs > after || (c.TickUs == after && string.Compare(c.Id, afterId) > 0)))
                .OrderBy(c => c.TickUs).ThenBy(c => c.Id).Take(PageMax).Select(c => new { c.Id, c.TickUs }).ToListAsync(ct);
            if (due.Count == 0) return;
            foreach (var one in due) await LapseAsync(one.Id, ct);
            // On from there whatever came of them: a case that cannot be brought forward must not keep the others waiting.
            (after, afterId) = (due[^1].TickUs!.Value, due[^1].Id);
        }
    }

    private async Task LapseAsync(string id, CancellationToken ct)
    {
        IReadOnlyList<Api.Cases.V1.CaseEntry> entries = [];
        var done = await gate.RunAsync<CaseState?>(async (transaction, cancel) =>
        {
            db.ChangeTracker.Clear();
            await transaction.EnlistAsync(db, cancel);
            entries = [];
            if (await store.LockAsync(id, cancel) is not { State: not null } held) return Outcome<CaseState?>.Ok(null);
            var draft = held.Draft(time.Now());
            CaseClocks.Lapse(draft);
            if (draft.Entries.Count > 0 && await store.KeepAsync(transaction, held, draft.Entries, draft.State, cancel) is { } untold) return untold;
            entries = draft.Entries;
            return Outcome<CaseState?>.Ok(draft.State);
        }, ct);
        if (!done.IsOk)
        {
            CasesLog.NotLapsed(logger, id, done.Fault.Message);
            return;
        }
        foreach (var entry in entries.Where(e => e.Kind == Api.Cases.V1.EntryKind.Escalated && e.Escalation.Percent == 100))
            CasesLog.Overdue(logger, id, entry.Escalation.Clock, Clock.FromUnixMicros(entry.Escalation.DueUs), done.Value!.Owner);
    }
}
