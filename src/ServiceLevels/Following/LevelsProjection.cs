using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.ServiceLevels.Contributing;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>
/// The module's part of an append transaction, and of a registration: it notes whose facts changed, a row for hundreds, and judges nothing (decisions/0022: what is slow
/// follows after the commit).
/// </summary>
internal sealed class LevelsProjection(FollowSignal signal, TimeProvider time, ILogger<LevelsProjection> logger) : IEventProjection, IFollowShipments
{
    public string Name => "levels";

    public IProjectionRun Begin(IJournalWrites writes) => new Run(writes, signal, logger);

    public void Registered(IJournalWrites writes, IReadOnlyCollection<long> shipments)
    {
        if (shipments.Count == 0) return;
        var rows = LevelSql.ChangedBlock();
        var now = time.Now().ToUnixMicros();
        foreach (var chunk in shipments.Order().Chunk(FollowFacts.SubjectsAtOnce)) rows.Long(now).Bytes(new Changed { Shipments = { chunk } }.ToByteArray());
        writes.Write(LevelSql.AddChanged, rows);
    }

    private sealed class Run(IJournalWrites writes, FollowSignal signal, ILogger logger) : IProjectionRun
    {
        private readonly List<Guid> _nobodys = [];
        private bool _noted;

        public ValueTask ApplyAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
        {
            var parcels = new HashSet<long>();
            SortedSet<string>? orders = null, facts = null;
            List<KeptFact>? kept = null;
            foreach (var e in events)
            {
                if (e.ParcelId is { } parcel) parcels.Add(parcel);
                else if (PickupOutcomes.IsOfAnOrder(e.Event)) (orders ??= new(StringComparer.Ordinal)).Add(e.Event.Reference);
                if (e.Event.Kind is not EventKind.Corrected && !FactKey.IsOfService(e.Event.Kind)) continue;
                if (KeptFact.Of(e) is not { } fact)
                {
                    if (e.Event.Kind is not EventKind.Corrected) _nobodys.Add(e.Id);
                    continue;
                }
                (kept ??= []).Add(fact);
                if (fact.Key is { } key && FigureCodes.Counts(key.Kind)) (facts ??= new(StringComparer.Ordinal)).Add(fact.Subject);
            }
            if (parcels.Count == 0 && orders is null && kept is null) return ValueTask.CompletedTask;
            var rows = LevelSql.ChangedBlock();
            var at = events[0].ReceivedAt.ToUnixMicros();
            foreach (var chunk in parcels.Chunk(FollowFacts.SubjectsAtOnce)) rows.Long(at).Bytes(new Changed { Parcels = { chunk } }.ToByteArray());
            foreach (var chunk in (orders ?? []).Chunk(FollowFacts.SubjectsAtOnce)) rows.Long(at).Bytes(new Changed { Orders = { chunk } }.ToByteArray());
            foreach (var chunk in (facts ?? []).Chunk(FollowFacts.SubjectsAtOnce)) rows.Long(at).Bytes(new Changed { Facts = { chunk } }.ToByteArray());
            if (kept is not null) Keep(kept, rows, at);
            if (rows.Count == 0) return ValueTask.CompletedTask;
            writes.Write(LevelSql.AddChanged, rows);
            _noted = true;
            return ValueTask.CompletedTask;
        }

        // What a correction names is looked for when the note is followed: it may be on its way in another transaction, which neither of both sees.
        private void Keep(List<KeptFact> kept, RowBlock notes, long at)
        {
            var rows = FactSql.Block();
            foreach (var fact in kept) fact.Write(rows);
            writes.Write(FactSql.Add, rows);
            foreach (var chunk in kept.Select(static f => f.Corrects).OfType<Guid>().Distinct().Chunk(FollowFacts.SubjectsAtOnce))
                notes.Long(at).Bytes(new Changed { Corrected = { chunk.Select(static id => ByteString.CopyFrom(Uuid.Bytes(id))) } }.ToByteArray());
        }

        public void Committed()
        {
            foreach (var id in _nobodys) LevelsLog.NobodysFact(logger, id);
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
