using KeyAccountLogistics.Journal.Databases;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>What went wrong with a transaction, as far as the writer must act differently.</summary>
internal enum StoreFailure
{
    /// <summary>A bug, or something no second attempt mends.</summary>
    Broken,

    /// <summary>Another writer of the same chain, position or event id was there first: forget what is remembered and do it again.</summary>
    Taken,

    /// <summary>The engine chose this transaction to give way: do it again.</summary>
    GaveWay,

    /// <summary>No space left: accept nothing (law 6).</summary>
    DiskFull,

    /// <summary>The database does not answer; whether the commit happened is not known, so the sender sends again.</summary>
    Unreachable,
}

/// <summary>One engine's connection as an append transaction sees it. One owner at a time.</summary>
internal abstract class AppendStore : IJournalWrites
{
    private readonly List<(BulkSql Sql, RowBlock Rows)> _queue = [];
    private readonly List<(string Topic, ReadOnlyMemory<byte> Payload)> _messages = [];

    public abstract Engine Engine { get; }

    protected IReadOnlyList<(BulkSql Sql, RowBlock Rows)> Queue => _queue;

    public void Write(BulkSql sql, RowBlock rows)
    {
        if (rows.Count > 0) _queue.Add((sql, rows));
    }

    public void Publish(string topic, ReadOnlyMemory<byte> payload) => _messages.Add((topic, payload));

    public abstract ValueTask QueryAsync(BulkSql sql, RowBlock keys, Action<IRow> onRow, CancellationToken ct);

    public abstract ValueTask FlushAsync(CancellationToken ct);

    public ValueTask ReadParcelsAsync(IReadOnlyCollection<long> parcelIds, Action<JournalledEvent> onEvent, CancellationToken ct)
    {
        var keys = new RowBlock(ColumnKind.Long);
        foreach (var id in parcelIds.Order()) keys.Long(id);
        return QueryAsync(JournalSql.EventsOfParcels, keys, row => onEvent(JournalSql.ReadEvent(row)), ct);
    }

    public ValueTask ReadEventsAsync(IReadOnlyCollection<Guid> eventIds, Action<JournalledEvent> onEvent, CancellationToken ct)
    {
        if (eventIds.Count == 0) return ValueTask.CompletedTask;
        var keys = new RowBlock(ColumnKind.Uuid);
        foreach (var id in eventIds.Order()) keys.Uuid(id);
        return QueryAsync(JournalSql.WholeEventsById, keys, row => onEvent(JournalSql.ReadEvent(row)), ct);
    }

    internal IReadOnlyList<(string Topic, ReadOnlyMemory<byte> Payload)> TakeMessages()
    {
        if (_messages.Count == 0) return [];
        var taken = _messages.ToArray();
        _messages.Clear();
        return taken;
    }

    /// <summary>
    /// The sources' rows, locked until the transaction ends. Positions are taken after these locks and never before, so that they ascend with every chain whoever writes it.
    /// </summary>
    internal abstract ValueTask LockSourcesAsync(RowBlock names, Action<IRow> onRow, CancellationToken ct);

    /// <summary>The first of <paramref name="count"/> positions in a row that are this transaction's own.</summary>
    internal abstract ValueTask<long> TakePositionsAsync(int count, CancellationToken ct);

    internal abstract ValueTask BeginAsync(CancellationToken ct);

    /// <summary>
    /// Runs what is queued where that costs no round trip (SQLite), so that projections compute beside it; elsewhere everything travels with the commit.
    /// </summary>
    internal virtual ValueTask WriteOnAsync(CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>Runs what is queued and commits.</summary>
    internal abstract ValueTask CommitAsync(CancellationToken ct);

    /// <summary>Rolls back if anything is open; never throws for a connection that is gone.</summary>
    internal abstract ValueTask RollbackAsync();

    internal abstract StoreFailure Classify(Exception failure);

    protected void Clear()
    {
        _queue.Clear();
        _messages.Clear();
    }

    protected void ClearQueue() => _queue.Clear();
}
