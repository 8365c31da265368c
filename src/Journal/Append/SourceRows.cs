using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>Loading what a writer must know of a source it has not met, making its row on first sight.</summary>
internal static class SourceRows
{
    internal static async ValueTask<SourceState> LoadAsync(AppendStore store, JournalSource source, bool locked, CancellationToken ct)
    {
        var found = await FindAsync(store, source, locked, ct);
        if (found is null)
        {
            store.Write(JournalSql.AddSource, new RowBlock(ColumnKind.Text, ColumnKind.Long, ColumnKind.Bytes).Text(source.Name).Long((long)source.Kind).Bytes(ChainHash.Start));
            await store.FlushAsync(ct);
            found = await FindAsync(store, source, locked, ct);
            Invariant.Holds(found is not null, "a source's row stands once it was added");
        }
        byte[]? evidence = null;
        await store.QueryAsync(JournalSql.LastEvidence, new RowBlock(ColumnKind.Long).Long(found.Id), row => evidence = row.Bytes(0), ct);
        found.LastEvidence = evidence;
        return found;
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

    private static async ValueTask<SourceState?> FindAsync(AppendStore store, JournalSource source, bool locked, CancellationToken ct)
    {
        SourceState? found = null;
        await store.QueryAsync(
            locked ? JournalSql.LockSource : JournalSql.FindSource, new RowBlock(ColumnKind.Text).Text(source.Name),
            row => found = new SourceState
            {
                Id = checked((int)row.Long(0)), Source = source, HeadIndex = row.Long(1), HeadHash = row.Bytes(2), LastContactUs = row.Long(3), LastEvidence = null,
            },
            ct);
        return found;
    }

    private static async ValueTask<int?> FindBootAsync(AppendStore store, int sourceId, Guid boot, CancellationToken ct)
    {
        int? id = null;
        await store.QueryAsync(JournalSql.FindBoot, new RowBlock(ColumnKind.Long, ColumnKind.Uuid).Long(sourceId).Uuid(boot), row => id = checked((int)row.Long(0)), ct);
        return id;
    }
}
