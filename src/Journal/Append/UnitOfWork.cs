using System.Data.Common;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>One transaction of a use case: contexts save in it, the journal is appended to in it, and it commits once.</summary>
internal sealed class UnitOfWork(
    AppendStore store, DbConnection connection, DbTransaction transaction, SourceCache sources, IReadOnlyList<IEventProjection> projections, JournalSignals signals,
    JournalOptions options, DiskSpace disk, TimeProvider time) : WriteTransaction, IAsyncDisposable
{
    private readonly List<(DbContext Context, string? ConnectionString)> _enlisted = [];
    private readonly List<AppendRun> _runs = [];
    private bool _published;

    public override DbConnection Connection => connection;

    public override DbTransaction Transaction => transaction;

    public override IJournalWrites Statements => store;

    public override async Task EnlistAsync(DbContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_enlisted.Any(e => ReferenceEquals(e.Context, context))) return;
        _enlisted.Add((context, context.Database.GetConnectionString()));
        context.Database.SetDbConnection(connection);
        await context.Database.UseTransactionAsync(transaction, ct);
    }

    public override async Task<Outcome<AppendResult>> AppendAsync(AppendBatch batch, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Invariant.Holds(batch.Boot is null, "numbered sources append through the journal, whose answers count on what is committed");
        if (disk.IsFull) return Outcome<AppendResult>.Failed(Faults.DiskFull);
        var read = ReadBatch.Read(batch, options);
        if (!read.IsOk) return read.Fault;
        var run = new AppendRun(store, sources, projections, signals.EventTopics, checkIds: true);
        await run.ExecuteAsync([read.Value], time.Now(), ct);
        await store.FlushAsync(ct);
        // A second append in the same transaction starts from the first one's head.
        _runs.Add(run);
        run.KeepSources();
        return run.Results().Single().Result;
    }

    public override void Publish(string topic, ReadOnlyMemory<byte> payload)
    {
        _published = true;
        var row = new RowBlock(ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Bytes, ColumnKind.Long);
        store.Write(JournalSql.AddOutbox, row.Text(topic).Long(0).Long(0).Bytes(payload).Long(time.Now().ToUnixMicros()));
    }

    internal async Task<Outcome<T>> RunAsync<T>(Func<WriteTransaction, CancellationToken, Task<Outcome<T>>> work, CancellationToken ct)
    {
        try
        {
            var outcome = await work(this, ct);
            if (!outcome.IsOk)
            {
                await UndoAsync();
                return outcome;
            }
            await store.FlushAsync(ct);
            await transaction.CommitAsync(ct);
            foreach (var run in _runs) run.Committed();
            signals.Committed(_runs.Sum(r => r.NewEvents), _published || _runs.Any(r => r.HasOutbox));
            return outcome;
        }
        catch (Exception)
        {
            await UndoAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (context, connectionString) in _enlisted)
        {
            await context.Database.UseTransactionAsync(null);
            context.Database.SetDbConnection(null);
            context.Database.SetConnectionString(connectionString);
        }
        await transaction.DisposeAsync();
    }

    private async Task UndoAsync()
    {
        // A connection that is gone has rolled back by itself.
        if (connection.State == System.Data.ConnectionState.Open && transaction.Connection is not null) await transaction.RollbackAsync();
        await store.RollbackAsync();
        sources.Forget(_runs.SelectMany(r => r.SourceNames).ToArray());
    }
}
