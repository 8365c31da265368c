using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Dispatch.Rebuild;

/// <summary>
/// Entries along their rows: each as its event says, and under it the lines of its own fact and, where it is a correction that counts, those of what it corrects with the other sign, and of what
/// that one corrects, back to where the chain ends or meets itself.
/// </summary>
internal sealed class RestoreLines(Unrepaired unrepaired, bool dryRun)
{
    private const int PageMax = 200;
    private readonly HashSet<Guid> _looked = [];
    private Guid _after;
    private Guid _afterStray;

    /// <summary>The next page of entries; in a dry run also those that are missing.</summary>
    internal async Task<Page> NextAsync(IJournalWrites writes, CancellationToken ct)
    {
        var (ids, live) = (new List<Guid>(), new Dictionary<Guid, EntryColumns>());
        await writes.QueryAsync(RebuildSql.EntryPage, new RowBlock(ColumnKind.Uuid).Uuid(_after), row =>
        {
            ids.Add(row.Uuid(0));
            live[ids[^1]] = EntryColumns.Read(row);
        }, ct);
        if (ids.Count > 0) return await CompareAsync(writes, ids, live, () => _after = ids[^1], ct);
        ids = dryRun ? [.. unrepaired.Entries.Where(id => !_looked.Contains(id)).Order().Take(PageMax)] : [];
        return ids.Count == 0 ? Page.End : await CompareAsync(writes, ids, live, () => _looked.UnionWith(ids), ct);
    }

    /// <summary>Lines that stand under no entry: nothing in the journal has brought them.</summary>
    internal async Task<Page> NextStraysAsync(IJournalWrites writes, CancellationToken ct)
    {
        var ids = new List<Guid>();
        await writes.QueryAsync(RebuildSql.StrayPage, new RowBlock(ColumnKind.Uuid).Uuid(_afterStray), row => ids.Add(row.Uuid(0)), ct);
        if (ids.Count == 0) return Page.End;
        var strays = ids.Where(id => !unrepaired.Entries.Contains(id)).ToList();
        var page = await LinesAsync(writes, strays, [], ct);
        return page with { Keys = ids.Count, Kept = Then(page.Kept, () => _afterStray = ids[^1]) };
    }

    private async Task<Page> CompareAsync(IJournalWrites writes, List<Guid> ids, Dictionary<Guid, EntryColumns> live, Action kept, CancellationToken ct)
    {
        var known = new Chains(unrepaired, live);
        await known.LoadAsync(writes, ids, ct);
        var (found, lines) = (new List<ProjectionDifference>(), new Dictionary<(Guid, Guid, long), LineRow>());
        var (rows, corrections, superfluous) = (new RowBlock(ColumnKind.Uuid, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long), new RowBlock(ColumnKind.Uuid, ColumnKind.Uuid), new RowBlock(ColumnKind.Uuid));
        foreach (var id in ids)
        {
            var rebuilt = known.ColumnsOf(id);
            if (live.TryGetValue(id, out var columns) && rebuilt != columns)
            {
                if (rebuilt is null)
                {
                    found.Add(Differences.Superfluous("entry", id.ToString("D")));
                    superfluous.Uuid(id);
                }
                else
                {
                    // A correction that the journal's walk has found is told already.
                    var told = unrepaired.Corrections.ContainsKey(id) ? columns with { CorrectedBy = rebuilt.CorrectedBy } : columns;
                    found.AddRange(Differences.Of("entry", id.ToString("D"), told, rebuilt));
                    rows.Uuid(id).Long(rebuilt.Kind).Long(rebuilt.Flaw).Long(rebuilt.AtUs);
                    corrections.Uuid(id).Uuid(rebuilt.CorrectedBy);
                }
            }
            if (rebuilt is null) continue;
            foreach (var line in known.Under(id).SelectMany(p => LineRow.Of(p, rebuilt.AtUs))) lines.Add(line.Key, line);
        }
        if (!dryRun)
        {
            writes.Write(MoneySql.PutEntry, rows);
            writes.Write(MoneySql.PutCorrection, corrections);
            writes.Write(RebuildSql.RemoveEntry, superfluous);
        }
        var under = await LinesAsync(writes, ids, lines, ct);
        return new Page(ids.Count, [.. found, .. under.Found], Then(under.Kept, kept));
    }

    private async Task<Page> LinesAsync(IJournalWrites writes, List<Guid> ids, Dictionary<(Guid Event, Guid Origin, long Number), LineRow> rebuilt, CancellationToken ct)
    {
        var live = new Dictionary<(Guid Event, Guid Origin, long Number), LineRow>();
        await writes.QueryAsync(RebuildSql.FindLines, MoneyRun.KeysOf(ids), row =>
        {
            var line = LineRow.Read(row);
            live.Add(line.Key, line);
        }, ct);
        var (found, wrong, right) = (new List<ProjectionDifference>(), new List<LineRow>(), new List<LineRow>());
        foreach (var key in live.Keys.Union(rebuilt.Keys).OrderBy(k => k))
        {
            var (before, after) = (live.GetValueOrDefault(key), rebuilt.GetValueOrDefault(key));
            if (before == after) continue;
            if (before is null) found.Add(Differences.Missing("posting", after!.Name));
            else if (after is null) found.Add(Differences.Superfluous("posting", before.Name));
            else found.AddRange(Differences.Of("posting", before.Name, before, after));
            if (before is not null) wrong.Add(before);
            if (after is not null) right.Add(after);
        }
        if (!dryRun)
        {
            var (gone, come) = (new RowBlock(ColumnKind.Uuid, ColumnKind.Uuid, ColumnKind.Long), MoneySql.PostingBlock());
            foreach (var line in wrong) gone.Uuid(line.Event).Uuid(line.Origin).Long(line.Number);
            foreach (var line in right) line.Add(come);
            writes.Write(RebuildSql.RemoveLine, gone);
            writes.Write(MoneySql.AddPosting, come);
        }
        var sums = await RestoreSums.MakeMissingAsync(writes, rebuilt.Values, unrepaired, dryRun, ct);
        return new Page(ids.Count, [.. found, .. sums.Found], Then(sums.Kept, () =>
        {
            if (!dryRun) return;
            foreach (var line in wrong) unrepaired.Line(line, -1);
            foreach (var line in right) unrepaired.Line(line, 1);
        }));
    }

    private static Action Then(Action one, Action two) => () =>
    {
        one();
        two();
    };

    /// <summary>What a page's entries hang on: their events, and backwards along the corrections that count.</summary>
    private sealed class Chains(Unrepaired unrepaired, Dictionary<Guid, EntryColumns> live)
    {
        private readonly Dictionary<Guid, (JournalledEvent Item, ParcelEvent Fact)> _events = [];
        private readonly Dictionary<Guid, Guid?> _correctedBy = live.ToDictionary(l => l.Key, l => l.Value.CorrectedBy);

        internal async Task LoadAsync(IJournalWrites writes, IReadOnlyCollection<Guid> ids, CancellationToken ct)
        {
            // Also the corrections that the rows name: whether they name these in their turn.
            await ReadAsync(writes, ids.Concat(live.Values.Select(l => l.CorrectedBy).OfType<Guid>()).ToHashSet(), ct);
            for (var further = Back(ids); further.Count > 0; further = Back(further))
            {
                foreach (var id in further) _correctedBy[id] = null;
                await writes.QueryAsync(RebuildSql.FindEntries, MoneyRun.KeysOf(further), row => _correctedBy[row.Uuid(0)] = EntryColumns.Read(row).CorrectedBy, ct);
                await ReadAsync(writes, further, ct);
            }
        }

        /// <summary>Null: nothing in the journal asks for the row.</summary>
        internal EntryColumns? ColumnsOf(Guid id)
        {
            var by = CorrectionOf(id) is { } c && (unrepaired.Corrections.ContainsKey(id) || (c != id && NamedBy(c) == id)) ? c : (Guid?)null;
            var known = _events.TryGetValue(id, out var e);
            return by is null && !(known && RestoreEntries.IsConcerned(e.Fact)) ? null : RestoreEntries.ColumnsOf(e.Item, e.Fact, by);
        }

        internal IEnumerable<Posting> Under(Guid id)
        {
            var (met, isReversed) = (new HashSet<Guid>(), false);
            for (Guid? at = id; at is { } link && met.Add(link); at = Before(link), isReversed = !isReversed)
            {
                if (!_events.TryGetValue(link, out var e) || MoneyRun.OwnOf(link, e.Fact).Own is not { } own) continue;
                yield return isReversed ? own.ReversedBy(id) : own with { Event = id };
            }
        }

        private HashSet<Guid> Back(IEnumerable<Guid> ids) => [.. ids.Select(NamedBy).OfType<Guid>().Where(n => !_correctedBy.ContainsKey(n))];

        private Guid? Before(Guid id) => NamedBy(id) is { } named && named != id && CorrectionOf(named) == id ? named : null;

        private Guid? CorrectionOf(Guid id) => unrepaired.Corrections.TryGetValue(id, out var known) ? known : _correctedBy.GetValueOrDefault(id);

        private Guid? NamedBy(Guid id) => _events.TryGetValue(id, out var e) ? MoneyRun.NamedBy(e.Fact) : null;

        private ValueTask ReadAsync(IJournalWrites writes, IReadOnlyCollection<Guid> ids, CancellationToken ct) => writes.ReadEventsAsync(ids, e => _events[e.Id] = (e, e.Parse()), ct);
    }
}
