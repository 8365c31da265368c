using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>Loading what a writer must know of a source it has not met, making its row on first sight.</summary>
internal static class SourceRows
{
    /// <summary>
    /// The rows of these sources, locked until the transaction ends (PostgreSQL; SQLite's transaction is the lock). All at once and in one order, before any parcel is locked,
    /// so that writers of the same chain or parcels wait for one another and never in a circle.
    /// </summary>
    internal static async ValueTask<Dictionary<string, SourceState>> LockAsync(AppendStore store, IReadOnlyCollection<JournalSource> sources, CancellationToken ct)
    {
        var found = new Dictionary<string, SourceState>(StringComparer.Ordinal);
        await FindAsync(store, sources, found, ct);
        if (found.Count == sources.Count) return found;
        var added = new RowBlock(ColumnKind.Text, ColumnKind.Long, ColumnKind.Bytes);
        foreach (var source in sources.Where(s => !found.ContainsKey(s.Name)).OrderBy(s => s.Name, StringComparer.Ordinal)) added.Text(source.Name).Long((long)source.Kind).Bytes(ChainHash.Start);
        store.Write(JournalSql.AddSource, added);
        await store.FlushAsync(ct);
        await FindAsync(store, sources, found, ct);
        Invariant.Holds(found.Count == sources.Count, "a source's row stands once it was added");
        return found;
    }

    internal static async ValueTask<byte[]?> LoadEvidenceAsync(AppendStore store, int sourceId, CancellationToken ct)
    {
        byte[]? evidence = null;
        await store.QueryAsync(JournalSql.LastEvidence, new RowBlock(ColumnKind.Long).Long(sourceId), row => evidence = row.Bytes(0), ct);
        return evidence;
    }

    internal static async ValueTask<BootState> LoadBootAsync(AppendStore store, int sourceId, Guid boot, CancellationToken ct)
    {
        var id = await FindBootAsync(store, sourceId, boot, ct);
        if (id is null)
        {
            store.Write(JournalSql.AddBoot, new RowBlock(ColumnKind.Long, ColumnKind.Uuid).Long(sourceId).Uuid(boot));
            await store.FlushAsync(ct);
            id = await FindBootAsync(store, sourceId, boot, ct);
            Invariant.Holds(id is not null, "a boot's row stands once it was added");
        }
        var ranges = new List<(long, long)>();
        await store.QueryAsync(JournalSql.RangesOfBoot, new RowBlock(ColumnKind.Long).Long(id.Value), row => ranges.Add((row.Long(0), row.Long(1))), ct);
        return new BootState(id.Value, SequenceRanges.Of(ranges));
    }

    private static async ValueTask FindAsync(AppendStore store, IReadOnlyCollection<JournalSource> sources, Dictionary<string, SourceState> found, CancellationToken ct)
    {
        var names = new RowBlock(sources.Count, ColumnKind.Text);
        foreach (var source in sources) names.Text(source.Name);
        await store.LockSourcesAsync(
            names,
            row => found[row.Text(0)] = new SourceState
            {
                Source = sources.First(s => string.Equals(s.Name, row.Text(0), StringComparison.Ordinal)), Id = checked((int)row.Long(1)), HeadIndex = row.Long(2), HeadHash = row.Bytes(3),
                LastContactUs = row.Long(4), LastEvidence = null,
            },
            ct);
    }

    private static async ValueTask<int?> FindBootAsync(AppendStore store, int sourceId, Guid boot, CancellationToken ct)
    {
        int? id = null;
        await store.QueryAsync(JournalSql.FindBoot, new RowBlock(ColumnKind.Long, ColumnKind.Uuid).Long(sourceId).Uuid(boot), row => id = checked((int)row.Long(0)), ct);
        return id;
    }
}
