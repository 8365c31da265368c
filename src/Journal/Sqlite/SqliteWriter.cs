using System.Threading.Channels;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Journal.Sqlite;

/// <summary>
/// The single writer of the file: appends (grouped), units of work and contexts' saves take turns in the order they came. SQLite serialises writers anyway; a queue here
/// does it without busy waits and lets waiting appends share one sync.
/// </summary>
internal sealed class SqliteWriter : IAppendLanes, IWriteGate, IAsyncDisposable
{
    private static readonly AsyncLocal<bool> Inside = new();
    private readonly Channel<object> _queue;
    private readonly Databases.Database _database;
    private readonly JournalOptions _options;
    private readonly IReadOnlyList<IEventProjection> _projections;
    private readonly JournalSignals _signals;
    private readonly DiskSpace _disk;
    private readonly TimeProvider _time;
    private readonly ILogger<SqliteWriter> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SourceCache _sources = new();
    private readonly Lazy<Task> _loop;

    public SqliteWriter(
        Databases.Database database, JournalOptions options, IEnumerable<IEventProjection> projections, JournalSignals signals, DiskSpace disk, TimeProvider time,
        ILogger<SqliteWriter> logger)
    {
        (_database, _options, _signals, _disk, _time, _logger) = (database, options, signals, disk, time, logger);
        _projections = projections.ToArray();
        _queue = Channel.CreateBounded<object>(new BoundedChannelOptions(options.QueueBatchesMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _loop = new Lazy<Task>(() => Task.Run(LoopAsync, CancellationToken.None));
    }

    public SourceCache SourcesOf(JournalSource source) => _sources;

    public async ValueTask EnqueueAsync(ReadyBatch batch, CancellationToken ct)
    {
        Invariant.Holds(!Inside.Value, "an append does not wait for the writer from inside the writer: append in the transaction");
        _ = _loop.Value;
        await _queue.Writer.WriteAsync(batch, ct);
    }

    public async Task<Outcome<T>> RunAsync<T>(Func<WriteTransaction, CancellationToken, Task<Outcome<T>>> work, CancellationToken ct)
    {
        try
        {
            return await InTurnAsync(store => RunUnitAsync(store, work, ct), ct);
        }
        catch (Exception failure) when ((failure.InnerException ?? failure) is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL })
        {
            return Outcome<T>.Failed(Faults.DiskFull);
        }
    }

    public Task<T> TakeTurnAsync<T>(Func<CancellationToken, Task<T>> write, CancellationToken ct) => InTurnAsync(_ => write(ct), ct);

    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete()) return;
        if (_loop.IsValueCreated) await _loop.Value;
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    // The work runs in its caller's context (trace, log scope), on the writer's connection, while the writer waits.
    private async Task<T> InTurnAsync<T>(Func<SqliteStore, Task<T>> work, CancellationToken ct)
    {
        Invariant.Holds(!Inside.Value, "a write does not wait for the writer from inside the writer: enlist the context in the transaction");
        _ = _loop.Value;
        var turn = new Turn();
        await _queue.Writer.WriteAsync(turn, ct);
        await using var given = ct.Register(() => turn.Granted.TrySetCanceled(ct));
        var store = await turn.Granted.Task;
        Inside.Value = true;
        try
        {
            return await work(store);
        }
        finally
        {
            turn.Done.SetResult();
        }
    }

    private async Task<Outcome<T>> RunUnitAsync<T>(SqliteStore store, Func<WriteTransaction, CancellationToken, Task<Outcome<T>>> work, CancellationToken ct)
    {
        await using var unit = new UnitOfWork(store, store.Connection, store.Connection.BeginTransaction(deferred: false), _sources, _projections, _signals, _options, _disk, _time);
        return await unit.RunAsync(work, ct);
    }

    private async Task LoopAsync()
    {
        using var store = new SqliteStore(_database);
        var commit = new GroupCommit(store, _sources, _projections, _signals, _time, _logger);
        var group = new List<ReadyBatch>();
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (_queue.Reader.TryRead(out var item))
            {
                if (item is ReadyBatch first)
                {
                    Gather(first, group);
                    await commit.CommitAsync(group, _stop.Token);
                    group.Clear();
                }
                else
                {
                    var turn = (Turn)item;
                    // Refused when whoever asked has given up waiting.
                    if (turn.Granted.TrySetResult(store)) await turn.Done.Task;
                }
            }
        }
    }

    private void Gather(ReadyBatch first, List<ReadyBatch> group)
    {
        group.Add(first);
        var events = first.Events.Length;
        while (_queue.Reader.TryPeek(out var next) && next is ReadyBatch batch && events + batch.Events.Length <= _options.GroupEventsMax)
        {
            _queue.Reader.TryRead(out _);
            group.Add(batch);
            events += batch.Events.Length;
        }
    }

    private sealed class Turn
    {
        internal TaskCompletionSource<SqliteStore> Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
