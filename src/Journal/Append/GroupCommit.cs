using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>
/// Commits the batches that wait together in one transaction and answers each. What fails because another writer was there first is done again from fresh state; a group
/// that fails for a reason of its own is taken apart, so that one bad batch stops only its own source.
/// </summary>
internal sealed class GroupCommit(
    AppendStore store, SourceCache sources, IReadOnlyList<IEventProjection> projections, JournalSignals signals, TimeProvider time, ILogger logger)
{
    private const int AttemptsMax = 4;

    internal async Task CommitAsync(IReadOnlyList<ReadyBatch> batches, CancellationToken ct)
    {
        var checkIds = false;
        for (var attempt = 1; ; attempt++)
        {
            var run = new AppendRun(store, sources, projections, signals.EventTopics, checkIds);
            try
            {
                await store.BeginAsync(ct);
                await run.ExecuteAsync(batches, time.Now(), ct);
                await store.CommitAsync(ct);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                await store.RollbackAsync();
                sources.Forget(batches.Select(b => b.Batch.Source.Name));
                var kind = store.Classify(failure);
                checkIds |= kind == StoreFailure.Taken;
                if (kind is StoreFailure.Taken or StoreFailure.GaveWay && attempt < AttemptsMax) continue;
                // Still taken after looking everything up anew: a row that no second attempt mends.
                await FailAsync(batches, failure, kind == StoreFailure.Taken ? StoreFailure.Broken : kind, ct);
                return;
            }
            run.Committed();
            signals.Committed(run.NewEvents, run.HasOutbox);
            foreach (var (batch, result) in run.Results()) batch.Answered(result);
            return;
        }
    }

    private async Task FailAsync(IReadOnlyList<ReadyBatch> batches, Exception failure, StoreFailure kind, CancellationToken ct)
    {
        if (kind == StoreFailure.Broken && batches.Count > 1 && failure is not OperationCanceledException)
        {
            foreach (var batch in batches) await CommitAsync([batch], ct);
            return;
        }
        foreach (var batch in batches)
        {
            switch (kind)
            {
                case StoreFailure.DiskFull:
                    JournalLog.DiskFull(logger, batch.Batch.Source.Name, failure.Message);
                    batch.Answered(Faults.DiskFull);
                    break;
                case StoreFailure.Unreachable or StoreFailure.GaveWay:
                    JournalLog.DatabaseUnavailable(logger, batch.Batch.Source.Name, failure.Message);
                    batch.Answered(Faults.DatabaseUnavailable);
                    break;
                default:
                    if (failure is not OperationCanceledException) JournalLog.BatchBroke(logger, failure, batch.Batch.Source.Name, batch.Batch.FirstSequence);
                    batch.Broke(failure);
                    break;
            }
        }
    }
}

internal static class Faults
{
    internal static readonly Fault DiskFull = new Fault.Exhausted(
        "journal.disk_full", "The backend's disk is full: nothing is accepted until space is freed. What was acknowledged is safe; keep the events and send them again.");

    internal static readonly Fault DatabaseUnavailable = new Fault.Unavailable(
        "journal.database_unavailable", "The backend's database did not answer; whether the events were kept is not known. Send them again: they have one effect.");

    internal static readonly Fault Stopping = new Fault.Unavailable("journal.stopping", "The backend is stopping. Send the events again in a moment.");
}
