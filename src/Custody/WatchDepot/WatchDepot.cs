using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KeyAccountLogistics.Custody.Watching;

/// <summary>Looks on at depots: the newest events first, then each as it is committed, of the parcels that the caller may see.</summary>
internal sealed class WatchDepot(
    CommittedFeed feed, IJournalReader journal, SourceNames sources, IEnumerable<IDepotLinks> links, IServiceScopeFactory scopes, ICallerScope callers, TimeProvider time,
    IHostApplicationLifetime host)
{
    private const int FirstPage = 50;
    private const int BatchMax = 100;
    private const long FirstLookBack = 8_192;
    private static readonly TimeSpan HealthEvery = TimeSpan.FromSeconds(5);

    internal async Task<Fault?> RunAsync(string depot, Func<DepotActivity, Task> send, CancellationToken ct)
    {
        var caller = callers.Current;
        if (depot.Length > 0 && caller.Depots is { } own && !own.Contains(depot, StringComparer.Ordinal))
            return new Fault.Forbidden("depot.not_yours", $"The depot {depot} is not one of yours.");
        var depots = depot.Length > 0 ? [depot] : caller.Depots?.ToHashSet(StringComparer.Ordinal);
        bool Wants(CommittedEvent e) => e.Fact.Event.Node.Length > 0 && depots?.Contains(e.Fact.Event.Node) is not false;
        using var watcher = feed.Watch(Wants);
        if (watcher is null) return new Fault.Exhausted("watch.too_many", "Too many watch depots already; close a page or try later.");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct, host.ApplicationStopping);
        try
        {
            await SendAsync(await NewestAsync(Wants, ending.Token), depots, caller, send, ending.Token);
            while (true)
            {
                await WaitAsync(watcher, ending.Token);
                var batch = new List<CommittedEvent>();
                while (batch.Count < BatchMax && watcher.Events.TryRead(out var e)) batch.Add(e);
                await SendAsync(batch, depots, caller, send, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return null;   // the watcher left, or the server stops
        }
    }

    // With nothing to tell for a while the health of the depots is told: it is also what finds a line that is gone.
    private async Task WaitAsync(CommittedFeed.Watcher watcher, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, HealthEvery, Timeout.InfiniteTimeSpan);
        try
        {
            await watcher.Events.WaitToReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Time for the health.
        }
    }

    private async Task<List<CommittedEvent>> NewestAsync(Func<CommittedEvent, bool> wants, CancellationToken ct)
    {
        var newest = new Queue<CommittedEvent>();
        var last = await journal.LastPositionAsync(ct);
        await foreach (var e in journal.ReadAsync(Math.Max(0, last - FirstLookBack), last, ct))
        {
            if (e.Kind is EventKind.Unspecified) continue;
            var committed = new CommittedEvent(e.Id, e.Position, e.SourceId, e.ParcelId, e.ReceivedAt.ToUnixMicros(), CustodyRun.FactOf(e));
            if (!wants(committed)) continue;
            newest.Enqueue(committed);
            if (newest.Count > FirstPage) newest.Dequeue();
        }
        return [.. newest];
    }

    private async Task SendAsync(List<CommittedEvent> events, HashSet<string>? depots, Caller caller, Func<DepotActivity, Task> send, CancellationToken ct)
    {
        var activity = new DepotActivity { Depots = { links.SelectMany(l => l.Now).Where(d => depots?.Contains(d.Depot) is not false) } };
        var codes = await CodesAsync(events, caller, ct);
        foreach (var e in events)
        {
            var code = e.ParcelId is { } id ? codes.GetValueOrDefault(id) : caller.Accounts is null ? "" : null;
            if (code is null) continue;
            activity.Entries.Add(TimelineViews.Entry(e.Fact, e.ReceivedUs, await sources.OfAsync(e.Id, e.SourceId, ct)));
            activity.Parcels.Add(code);
        }
        await send(activity);
    }

    // A scope for each look: a stream lives for hours, a context does not.
    private async Task<Dictionary<long, string>> CodesAsync(List<CommittedEvent> events, Caller caller, CancellationToken ct)
    {
        var ids = events.Select(e => e.ParcelId).OfType<long>().Distinct().ToList();
        if (ids.Count == 0) return [];
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ICallerScope>().Set(caller);
        var db = scope.ServiceProvider.GetRequiredService<CustodyDb>();
        return await db.Parcels.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Code, ct);
    }
}
