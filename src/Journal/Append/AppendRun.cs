using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>
/// One append transaction over a group of batches, the same on both engines: drop what is known, chain what is new, let projections resolve, queue the rows, let projections
/// apply. It neither begins nor commits. What it learned of the sources is kept only by <see cref="Committed"/>.
/// </summary>
internal sealed class AppendRun(AppendStore store, SourceCache sources, IReadOnlyList<IEventProjection> projections, IReadOnlyList<string> eventTopics, bool checkIds)
{
    // Fewer hashes are made sooner than another thread begins.
    private const int ChainBesideMin = 64;
    private readonly Dictionary<string, SourceState> _drafts = new(StringComparer.Ordinal);
    private readonly List<(AppendedEvent Event, ReadyBatch From)> _new = [];
    private readonly List<AppendedEvent> _facts = [];
    private readonly List<IProjectionRun> _runs = [];
    private readonly List<(ReadyBatch Batch, EventAnswer[] Answers, List<RejectedFact> Rejected)> _answers = [];
    private readonly Dictionary<int, (SequenceRanges Before, SequenceRanges After)> _ranges = [];
    private readonly RowBlock _evidence = new(ColumnKind.Long, ColumnKind.Long, ColumnKind.Bytes);

    internal int NewEvents => _new.Count;

    internal bool HasOutbox { get; private set; }

    internal async ValueTask ExecuteAsync(IReadOnlyList<ReadyBatch> batches, Instant now, CancellationToken ct)
    {
        var claimed = new Dictionary<Guid, ReadOnlyMemory<byte>>();
        await DraftSourcesAsync(batches, ct);
        foreach (var batch in batches)
        {
            foreach (var fact in batch.Events) fact.Reset();
            await SortOutAsync(batch, claimed, ct);
        }
        var first = _new.Count == 0 ? 0 : await store.TakePositionsAsync(_new.Count, ct);
        for (var i = 0; i < _new.Count; i++)
        {
            _new[i].Event.Position = first + i;
            if (_new[i].Event.Rejected is null) _facts.Add(_new[i].Event);
        }
        // Hashing needs no database: it goes on while projections look up their rows.
        var chaining = _new.Count < ChainBesideMin ? Task.CompletedTask : Task.Run(ChainAll, CancellationToken.None);
        try
        {
            await ResolveAsync(ct);
        }
        finally
        {
            // Whatever becomes of this attempt: the next one takes the same events, and nothing may still be writing to them.
            await chaining;
        }
        if (_new.Count < ChainBesideMin) ChainAll();
        QueueRows();
        await store.WriteOnAsync(ct);
        foreach (var run in _runs) await run.ApplyAsync(_facts, ct);
        QueueOutbox(now);
    }

    private async ValueTask ResolveAsync(CancellationToken ct)
    {
        if (_facts.Count == 0) return;
        foreach (var projection in projections) _runs.Add(projection.Begin(store));
        foreach (var run in _runs) await run.ResolveAsync(_facts, ct);
    }

    internal IEnumerable<string> SourceNames => _drafts.Keys;

    internal void KeepSources() => sources.Keep(_drafts.Values);

    internal void Committed()
    {
        KeepSources();
        foreach (var run in _runs) run.Committed();
    }

    internal IEnumerable<(ReadyBatch Batch, AppendResult Result)> Results()
    {
        foreach (var (batch, answers, rejected) in _answers)
        {
            for (var i = 0; i < answers.Length; i++)
                if (answers[i].Fate != EventFate.Known) answers[i] = answers[i] with { Position = batch.Events[i].Position };
            var added = answers.Count(a => a.Position != 0);
            yield return (batch, new AppendResult(answers, rejected) { Added = added });
        }
    }

    private async ValueTask SortOutAsync(ReadyBatch ready, Dictionary<Guid, ReadOnlyMemory<byte>> claimed, CancellationToken ct)
    {
        var draft = _drafts[ready.Batch.Source.Name];
        var boot = ready.Batch.Boot is { } id ? await BootAsync(draft, id, ct) : null;
        var byId = boot is null || checkIds;
        if (byId) await LoadIdsAsync(ready.Events, claimed, ct);
        var answers = new EventAnswer[ready.Events.Length];
        var rejected = new List<RejectedFact>(ready.Rejected);
        for (var i = 0; i < answers.Length; i++)
        {
            var fact = ready.Events[i];
            var known = boot is not null && boot.Known.Contains(fact.Sequence);
            if (!known && byId) known = await ClaimIdAsync(fact, i, ready.Batch, claimed, rejected, ct);
            answers[i] = new EventAnswer(fact.Rejected is not null ? EventFate.Rejected : known ? EventFate.Known : EventFate.Recorded, 0);
            if (known)
            {
                fact.Position = 0;
                continue;
            }
            fact.SourceId = draft.Id;
            fact.BootId = boot?.Id;
            PutInChain(draft, ready, fact);
            _new.Add((fact, ready));
        }
        if (boot is not null) KeepRange(draft, boot, ready);
        draft.LastContactUs = Math.Max(draft.LastContactUs, ready.Batch.ReceivedAt.ToUnixMicros());
        _answers.Add((ready, answers, rejected));
    }

    // The same id with the same bytes is the same fact; with other bytes it is another fact under a used name: kept, rejected.
    private async ValueTask<bool> ClaimIdAsync(
        AppendedEvent fact, int index, AppendBatch batch, Dictionary<Guid, ReadOnlyMemory<byte>> claimed, List<RejectedFact> rejected, CancellationToken ct)
    {
        if (claimed.TryGetValue(fact.Id, out var body))
        {
            if (body.Span.SequenceEqual(fact.Body.Span)) return true;
            var why = new Rejection("event.id_reused", $"The id {fact.Id} names another event already; mint a new id for every fact.");
            ReadBatch.MarkRejected(fact, batch, why);
            rejected.Add(new RejectedFact(index, fact.Sequence, why.Code, why.Message));
            await LoadIdsAsync([fact], claimed, ct);
            if (claimed.ContainsKey(fact.Id)) return true;
        }
        claimed[fact.Id] = fact.Body;
        return false;
    }

    private ValueTask LoadIdsAsync(IReadOnlyList<AppendedEvent> events, Dictionary<Guid, ReadOnlyMemory<byte>> claimed, CancellationToken ct)
    {
        var keys = new RowBlock(ColumnKind.Uuid);
        foreach (var fact in events)
            if (!claimed.ContainsKey(fact.Id)) keys.Uuid(fact.Id);
        return keys.Count == 0 ? ValueTask.CompletedTask : store.QueryAsync(JournalSql.EventsById, keys, row => claimed[row.Uuid(0)] = row.Bytes(1), ct);
    }

    // What is remembered of a chain holds as long as its head is where it was left; another process may have moved it.
    private async ValueTask DraftSourcesAsync(IReadOnlyList<ReadyBatch> batches, CancellationToken ct)
    {
        foreach (var (name, row) in await SourceRows.LockAsync(store, batches.Select(b => b.Batch.Source).Distinct().ToArray(), ct))
        {
            if (sources.Find(name) is { } remembered && remembered.HeadIndex == row.HeadIndex && remembered.HeadHash.Span.SequenceEqual(row.HeadHash.Span))
            {
                _drafts[name] = remembered.Draft();
                continue;
            }
            row.LastEvidence = await SourceRows.LoadEvidenceAsync(store, row.Id, ct);
            _drafts[name] = row;
        }
    }

    private async ValueTask<BootState> BootAsync(SourceState draft, Guid boot, CancellationToken ct)
    {
        if (draft.Boots.TryGetValue(boot, out var known)) return known;
        return draft.Boots[boot] = await SourceRows.LoadBootAsync(store, draft.Id, boot, ct);
    }

    private void PutInChain(SourceState draft, ReadyBatch ready, AppendedEvent fact)
    {
        var receivedUs = ready.Batch.ReceivedAt.ToUnixMicros();
        fact.Time = AdjudgeClock.Judge(
            ready.Batch.Clock, fact.Event.CapturedAtUs, fact.Event.OccurredAtUs, fact.Event.MonotonicUs, draft.LastContactUs, receivedUs);
        fact.ChainIndex = ++draft.HeadIndex;
        if (draft.LastEvidence is null || !draft.LastEvidence.AsSpan().SequenceEqual(ready.Evidence))
        {
            draft.LastEvidence = ready.Evidence;
            _evidence.Long(draft.Id).Long(fact.ChainIndex).Bytes(ready.Evidence);
        }
    }

    private void ChainAll()
    {
        var hashes = new byte[_new.Count * ChainHash.Length];
        for (var i = 0; i < _new.Count; i++)
        {
            var (fact, ready) = _new[i];
            var draft = _drafts[ready.Batch.Source.Name];
            var header = new ChainHeader(
                draft.Source.Name, fact.ChainIndex, ready.Batch.Boot ?? Guid.Empty, fact.Sequence, fact.Id, KindOf(fact), fact.ReceivedAt.ToUnixMicros(),
                fact.Time.Earliest.ToUnixMicros(), fact.Time.Best.ToUnixMicros(), fact.Time.Latest.ToUnixMicros());
            var hash = hashes.AsMemory(i * ChainHash.Length, ChainHash.Length);
            ChainHash.Compute(draft.HeadHash.Span, header, ready.Evidence, fact.Body.Span, hash.Span);
            draft.HeadHash = hash;
            fact.Hash = hash;
        }
    }

    private void KeepRange(SourceState draft, BootState boot, ReadyBatch ready)
    {
        var (first, last) = (ready.Batch.FirstSequence, ready.Batch.FirstSequence + ready.Events.Length - 1);
        if (boot.Known.ContainsAll(first, last)) return;
        var ranges = boot.Known.Copy();
        ranges.Add(first, last);
        _ranges[boot.Id] = (_ranges.TryGetValue(boot.Id, out var changed) ? changed.Before : boot.Known, ranges);
        draft.Boots[ready.Batch.Boot!.Value] = boot with { Known = ranges };
    }

    private static EventKind KindOf(AppendedEvent fact) => fact.Rejected is null ? fact.Event.Kind : EventKind.Unspecified;

    private void QueueRows()
    {
        if (_new.Count == 0 && _ranges.Count == 0) return;   // all known: nothing to write, nothing to sync
        var heads = new RowBlock(ColumnKind.Long, ColumnKind.Long, ColumnKind.Bytes, ColumnKind.Long);
        foreach (var draft in _drafts.Values.OrderBy(d => d.Id)) heads.Long(draft.Id).Long(draft.HeadIndex).Bytes(draft.HeadHash).Long(draft.LastContactUs);
        store.Write(JournalSql.MoveHead, heads);
        var rows = new RowBlock(
            _new.Count, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Uuid, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long,
            ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Bytes, ColumnKind.Bytes);
        foreach (var (fact, _) in _new)
        {
            rows.Long(fact.Position).Long(fact.SourceId).Long(fact.ChainIndex);
            if (fact.BootId is { } boot) rows.Long(boot).Long(fact.Sequence);
            else rows.Null().Null();
            rows.Uuid(fact.Id).Long((long)KindOf(fact)).Long(fact.ParcelId).Long(fact.ReceivedAt.ToUnixMicros())
                .Long(fact.Time.Earliest.ToUnixMicros()).Long(fact.Time.Best.ToUnixMicros()).Long(fact.Time.Latest.ToUnixMicros())
                .Bytes(fact.Body).Bytes(fact.Hash);
        }
        store.Write(JournalSql.InsertEvents, rows);
        store.Write(JournalSql.AddEvidence, _evidence);
        QueueRanges();
    }

    // Several batches of one boot may be in the group, in any order: only what stands at its end is written, each row once.
    private void QueueRanges()
    {
        var forgotten = new RowBlock(ColumnKind.Long, ColumnKind.Long);
        var put = new RowBlock(ColumnKind.Long, ColumnKind.Long, ColumnKind.Long);
        foreach (var (boot, (before, after)) in _ranges)
        {
            var firsts = after.Ranges.Select(r => r.First).ToHashSet();
            foreach (var (first, _) in before.Ranges)
                if (!firsts.Contains(first)) forgotten.Long(boot).Long(first);
            foreach (var (first, last) in after.Ranges.Except(before.Ranges)) put.Long(boot).Long(first).Long(last);
        }
        store.Write(JournalSql.ForgetRange, forgotten);
        store.Write(JournalSql.PutRange, put);
    }

    private void QueueOutbox(Instant now)
    {
        var rows = new RowBlock(ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Bytes, ColumnKind.Long);
        var nowUs = now.ToUnixMicros();
        if (_facts.Count > 0)
            foreach (var topic in eventTopics) rows.Text(topic).Long(_new[0].Event.Position).Long(_new[^1].Event.Position).Null().Long(nowUs);
        foreach (var (topic, payload) in store.TakeMessages()) rows.Text(topic).Long(0).Long(0).Bytes(payload).Long(nowUs);
        HasOutbox = rows.Count > 0;
        store.Write(JournalSql.AddOutbox, rows);
    }
}
