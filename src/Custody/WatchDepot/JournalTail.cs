using System.Data.Common;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Custody.Watching;

/// <summary>Finds what other servers on the same PostgreSQL have committed, while somebody looks on. On SQLite there is no other server.</summary>
internal sealed class JournalTail(CommittedFeed feed, IJournalReader journal, Database database, TimeProvider time, ILogger<JournalTail> log) : BackgroundService
{
    // Positions are drawn before they are committed: looking back over a few groups finds those that came late.
    private const long LookBack = 16_384;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database.Engine is not Engine.Postgres) return;
        using var timer = new PeriodicTimer(Every, time);
        var from = 0L;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!feed.IsWatched)
            {
                from = 0;
                continue;
            }
            try
            {
                from = await LookAsync(from, stoppingToken);
            }
            catch (DbException failure)
            {
                CustodyLog.TailFailed(log, failure);
            }
        }
    }

    private async Task<long> LookAsync(long from, CancellationToken ct)
    {
        var last = await journal.LastPositionAsync(ct);
        // The first look only finds where to begin: what was before is the watcher's own first page.
        if (from == 0) return last;
        await foreach (var e in journal.ReadAsync(Math.Max(from, last - LookBack), last, ct))
        {
            if (e.Kind is not EventKind.Unspecified)
                feed.Offer(new CommittedEvent(e.Id, e.Position, e.SourceId, e.ParcelId, e.ReceivedAt.ToUnixMicros(), CustodyRun.FactOf(e)));
        }
        return Math.Max(from, last - LookBack);
    }
}
