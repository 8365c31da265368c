using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Dispatch.Rebuild;

/// <summary>
/// Entries along the journal: the row of each money fact, of each correction and of what it names, and which correction is the one that counts. What stands under them is held against them
/// afterwards (<see cref="RestoreLines"/>).
/// </summary>
internal sealed class RestoreEntries(Unrepaired unrepaired, bool dryRun)
{
    // Positions are drawn before the entry is locked: of two corrections that came at once on two lanes the one that lies a few groups behind may have been the first.
    private const long AtOnce = 16_384;

    internal async Task<Page> OfEventsAsync(IJournalWrites writes, IReadOnlyList<(JournalledEvent Item, ParcelEvent Fact)> events, CancellationToken ct)
    {
        var concerned = events.Where(e => MoneyRun.KindOf(e.Fact) is not EventKind.Unspecified || MoneyRun.NamedBy(e.Fact) is not null).ToList();
        if (concerned.Count == 0) return Page.End;
        var ids = concerned.SelectMany(e => MoneyRun.NamedBy(e.Fact) is { } named ? new[] { e.Item.Id, named } : [e.Item.Id]).ToHashSet();
        var live = new Dictionary<Guid, Guid?>();
        await writes.QueryAsync(MoneySql.Find, MoneyRun.KeysOf(ids), row => live[row.Uuid(0)] = row.IsNull(1) ? null : row.Uuid(1), ct);
        var missing = ids.Where(id => !live.ContainsKey(id) && !unrepaired.Entries.Contains(id)).ToHashSet();
        var found = missing.Order().Select(id => Differences.Missing("entry", id.ToString("D"))).ToList();
        if (!dryRun) await MakeAsync(writes, missing, ct);

        var corrections = await CorrectionsAsync(writes, concerned, live, ct);
        var taken = new RowBlock(ColumnKind.Uuid, ColumnKind.Uuid);
        foreach (var (named, correction) in corrections)
        {
            // Of a row that was missing nothing more is told.
            if (!missing.Contains(named) && !unrepaired.Entries.Contains(named))
                found.Add(new ProjectionDifference("entry", named.ToString("D"), nameof(EntryColumns.CorrectedBy), live[named]?.ToString("D") ?? "", correction.ToString("D")));
            taken.Uuid(named).Uuid(correction);
        }
        if (!dryRun) writes.Write(MoneySql.PutCorrection, taken);
        return new Page(found.Count, found, () =>
        {
            unrepaired.Entries.UnionWith(missing);
            if (!dryRun) return;
            foreach (var (named, correction) in corrections) unrepaired.Corrections[named] = correction;
        });
    }

    private static async Task MakeAsync(IJournalWrites writes, HashSet<Guid> missing, CancellationToken ct)
    {
        if (missing.Count == 0) return;
        await writes.QueryAsync(MoneySql.Touch, MoneyRun.KeysOf(missing), static _ => { }, ct);
        var rows = new RowBlock(ColumnKind.Uuid, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long);
        await writes.ReadEventsAsync(missing, e =>
        {
            var columns = ColumnsOf(e, e.Parse(), null);
            rows.Uuid(e.Id).Long(columns.Kind).Long(columns.Flaw).Long(columns.AtUs);
        }, ct);
        writes.Write(MoneySql.PutEntry, rows);
    }

    /// <summary>The row of an event of the journal; an event that is neither money nor a correction has its time only while it is named, as nought.</summary>
    internal static EntryColumns ColumnsOf(JournalledEvent? item, ParcelEvent? fact, Guid? correctedBy)
    {
        if (item is null || fact is null || !IsConcerned(fact)) return new EntryColumns(correctedBy, 0, 0, 0);
        return new EntryColumns(correctedBy, (int)MoneyRun.KindOf(fact), (int)MoneyRun.OwnOf(item.Id, fact).Flaw, item.Time.Best.ToUnixMicros());
    }

    internal static bool IsConcerned(ParcelEvent fact) => PostingRules.IsMoney(fact.Kind) || MoneyRun.NamedBy(fact) is not null;

    // Those that count and are not the ones of the rows, in the order of the journal.
    private async Task<Dictionary<Guid, Guid>> CorrectionsAsync(
        IJournalWrites writes, List<(JournalledEvent Item, ParcelEvent Fact)> concerned, Dictionary<Guid, Guid?> live, CancellationToken ct)
    {
        var named = concerned.Select(e => (e.Item, Named: MoneyRun.NamedBy(e.Fact))).Where(e => e.Named is { } n && n != e.Item.Id).Select(e => (e.Item, Named: e.Named!.Value)).ToList();
        var counting = new Dictionary<Guid, (long Position, Guid? Names)>();
        await writes.ReadEventsAsync(
            named.Select(n => CountingFor(n.Named, live)).OfType<Guid>().ToHashSet(), e => counting[e.Id] = (e.Position, MoneyRun.NamedBy(e.Parse())), ct);
        var window = writes.Engine is Engine.Postgres ? AtOnce : 0;
        var changed = new Dictionary<Guid, Guid>();
        foreach (var (item, of) in named)
        {
            if (changed.ContainsKey(of)) continue;
            if (CountingFor(of, live) is { } now && (now == item.Id || (counting.TryGetValue(now, out var c) && c.Names == of && c.Position <= item.Position + window))) continue;
            changed[of] = item.Id;
        }
        return changed;
    }

    private Guid? CountingFor(Guid named, Dictionary<Guid, Guid?> live) => unrepaired.Corrections.TryGetValue(named, out var known) ? known : live.GetValueOrDefault(named);
}
