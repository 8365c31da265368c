using Google.Protobuf;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>
/// The module's part of an append transaction, and of a registration: it notes whose facts changed, a row for hundreds, and judges nothing (decisions/0022: what is slow
/// follows after the commit).
/// </summary>
internal sealed class LevelsProjection(FollowSignal signal, TimeProvider time) : IEventProjection, IFollowShipments
{
    public string Name => "levels";

    public IProjectionRun Begin(IJournalWrites writes) => new Run(writes, signal);

    public void Registered(IJournalWrites writes, IReadOnlyCollection<long> shipments)
    {
        if (shipments.Count == 0) return;
        var rows = LevelSql.ChangedBlock();
        var now = time.Now().ToUnixMicros();
        foreach (var chunk in shipments.Order().Chunk(FollowFacts.SubjectsAtOnce)) rows.Long(now).Bytes(new Changed { Shipments = { chunk } }.ToByteArray());
        writes.Write(LevelSql.AddChanged, rows);
    }

    private sealed class Run(IJournalWrites writes, FollowSignal signal) : IProjectionRun
    {
        private bool _noted;

        public ValueTask ApplyAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
        {
            var parcels = new HashSet<long>();
            SortedSet<string>? orders = null;
            foreach (var e in events)
            {
                if (e.ParcelId is { } parcel) parcels.Add(parcel);
                else if (PickupOutcomes.IsOfAnOrder(e.Event)) (orders ??= new(StringComparer.Ordinal)).Add(e.Event.Reference);
            }
            if (parcels.Count == 0 && orders is null) return ValueTask.CompletedTask;
            var rows = LevelSql.ChangedBlock();
            var at = events[0].ReceivedAt.ToUnixMicros();
            foreach (var chunk in parcels.Chunk(FollowFacts.SubjectsAtOnce)) rows.Long(at).Bytes(new Changed { Parcels = { chunk } }.ToByteArray());
            foreach (var chunk in (orders ?? []).Chunk(FollowFacts.SubjectsAtOnce)) rows.Long(at).Bytes(new Changed { Orders = { chunk } }.ToByteArray());
            writes.Write(LevelSql.AddChanged, rows);
            _noted = true;
            return ValueTask.CompletedTask;
        }

        public void Committed()
        {
            if (_noted) signal.Raise();
        }
    }
}

/// <summary>Wakes the follower of this process; those of other processes look by themselves. Thread-safe.</summary>
internal sealed class FollowSignal : IDisposable
{
    private readonly SemaphoreSlim _there = new(0, 1);
    private long _raised;

    /// <summary>How often, so that the follower knows whether facts are coming in.</summary>
    internal long Raised => Interlocked.Read(ref _raised);

    internal void Raise()
    {
        Interlocked.Increment(ref _raised);
        try
        {
            _there.Release();
        }
        catch (SemaphoreFullException)
        {
            // Awake already.
        }
    }

    /// <summary>Until something was noted here, or the time is over.</summary>
    internal async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            await _there.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look, or to stop: the caller asks its own token.
        }
    }

    public void Dispose() => _there.Dispose();
}
