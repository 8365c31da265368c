using System.Threading.Channels;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace KeyAccountLogistics.Journal.Postgres;

/// <summary>
/// A few writers side by side, each on a connection of its own; a source always goes to the same one, so that its chain has one writer in this process. Other processes may
/// write the same chain: the source's row lock orders them, and a head that has moved makes a lane read anew. Units of work run beside the lanes.
/// </summary>
internal sealed class PostgresLanes : IAppendLanes, IWriteGate, IAsyncDisposable
{
    private const int AttemptsMax = 5;
    private static readonly AsyncLocal<bool> Inside = new();
    private readonly NpgsqlDataSource _source;
    private readonly JournalOptions _options;
    private readonly IReadOnlyList<IEventProjection> _projections;
    private readonly JournalSignals _signals;
    private readonly DiskSpace _disk;
    private readonly TimeProvider _time;
    private readonly Lane[] _lanes;

    public PostgresLanes(
        NpgsqlDataSource source, JournalOptions options, IEnumerable<IEventProjection> projections, JournalSignals signals, DiskSpace disk, TimeProvider time,
        ILogger<PostgresLanes> logger)
    {
        (_source, _options, _signals, _disk, _time) = (source, options, signals, disk, time);
        _projections = projections.ToArray();
        _lanes = new Lane[options.Lanes];
        for (var i = 0; i < _lanes.Length; i++) _lanes[i] = new Lane(source, options, _projections, signals, time, logger);
    }

    public SourceCache SourcesOf(JournalSource source) => LaneOf(source).Sources;

    public ValueTask EnqueueAsync(ReadyBatch batch, CancellationToken ct)
    {
        Invariant.Holds(!Inside.Value, "an append does not wait for a lane from inside a transaction: append in the transaction");
        return LaneOf(batch.Batch.Source).EnqueueAsync(batch, ct);
    }

    public async Task<Outcome<T>> RunAsync<T>(Func<WriteTransaction, CancellationToken, Task<Outcome<T>>> work, CancellationToken ct)
    {
        Invariant.Holds(!Inside.Value, "a unit of work is not started inside another: enlist the context in the transaction");
        Inside.Value = true;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunOnceAsync(work, ct);
            }
            catch (Exception failure) when (PostgresFailure.Classify(failure) is var kind and not StoreFailure.Broken)
            {
                if (kind is StoreFailure.GaveWay && attempt < AttemptsMax) continue;
                if (kind is StoreFailure.Taken && IsOfTheJournal(failure) && attempt < AttemptsMax) continue;
                if (kind is StoreFailure.Taken) throw;
                return kind == StoreFailure.DiskFull ? Outcome<T>.Failed(Faults.DiskFull) : Outcome<T>.Failed(Faults.DatabaseUnavailable);
            }
        }
    }

    public Task<T> TakeTurnAsync<T>(Func<CancellationToken, Task<T>> write, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(write);
        return write(ct);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes) await lane.DisposeAsync();
    }

    private static bool IsOfTheJournal(Exception failure) =>
        (failure as PostgresException ?? failure.InnerException as PostgresException)?.TableName?.StartsWith("journal_", StringComparison.Ordinal) == true;

    private async Task<Outcome<T>> RunOnceAsync<T>(Func<WriteTransaction, CancellationToken, Task<Outcome<T>>> work, CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        await using var store = new PostgresStore(connection);
        var transaction = await connection.BeginTransactionAsync(ct);
        // A cache of its own, empty: what it learns counts only inside this transaction.
        await using var unit = new UnitOfWork(store, connection, transaction, new SourceCache(), _projections, _signals, _options, _disk, _time);
        return await unit.RunAsync(work, ct);
    }

    // Stable over restarts and processes, so that a source's batches queue behind one another wherever they can.
    private Lane LaneOf(JournalSource source)
    {
        var sum = 17u;
        foreach (var c in source.Name) sum = unchecked((sum * 31) + c);
        return _lanes[sum % (uint)_lanes.Length];
    }

    private sealed class Lane : IAsyncDisposable
    {
        private readonly Channel<ReadyBatch> _queue;
        private readonly PostgresStore _store;
        private readonly GroupCommit _commit;
        private readonly int _groupEventsMax;
        private readonly Lazy<Task> _loop;

        internal Lane(NpgsqlDataSource source, JournalOptions options, IReadOnlyList<IEventProjection> projections, JournalSignals signals, TimeProvider time, ILogger logger)
        {
            _queue = Channel.CreateBounded<ReadyBatch>(new BoundedChannelOptions(options.QueueBatchesMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
            _store = new PostgresStore(source);
            _commit = new GroupCommit(_store, Sources, projections, signals, time, logger);
            _groupEventsMax = options.GroupEventsMax;
            _loop = new Lazy<Task>(() => Task.Run(LoopAsync, CancellationToken.None));
        }

        internal SourceCache Sources { get; } = new();

        internal ValueTask EnqueueAsync(ReadyBatch batch, CancellationToken ct)
        {
            _ = _loop.Value;
            return _queue.Writer.WriteAsync(batch, ct);
        }

        public async ValueTask DisposeAsync()
        {
            if (!_queue.Writer.TryComplete()) return;
            if (_loop.IsValueCreated) await _loop.Value;
            await _store.DisposeAsync();
        }

        private async Task LoopAsync()
        {
            var group = new List<ReadyBatch>();
            while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
            {
                while (_queue.Reader.TryRead(out var first))
                {
                    group.Add(first);
                    var events = first.Events.Length;
                    while (_queue.Reader.TryPeek(out var next) && events + next.Events.Length <= _groupEventsMax)
                    {
                        _queue.Reader.TryRead(out _);
                        group.Add(next);
                        events += next.Events.Length;
                    }
                    await _commit.CommitAsync(group, CancellationToken.None);
                    group.Clear();
                }
            }
        }
    }
}
