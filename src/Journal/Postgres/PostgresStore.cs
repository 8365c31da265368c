using System.Data;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace KeyAccountLogistics.Journal.Postgres;

/// <summary>
/// A transaction on PostgreSQL in few round trips: BEGIN travels with the first query, everything queued with COMMIT in one batch, each statement with whole columns as array
/// parameters, prepared by the driver. A lane owns one for its lifetime; a unit of work has one on its own transaction. Not thread-safe.
/// </summary>
internal sealed class PostgresStore : AppendStore, IAsyncDisposable
{
    private const string NextPositions = "SELECT nextval('journal_position')";
    private readonly NpgsqlDataSource? _source;
    private readonly bool _ownsTransaction;
    private NpgsqlConnection? _connection;
    private long? _positions;
    private bool _begun;
    private bool _beginSent;

    /// <summary>A lane's: opens its connection when needed and again after it broke.</summary>
    internal PostgresStore(NpgsqlDataSource source) => (_source, _ownsTransaction) = (source, true);

    /// <summary>A unit of work's: the transaction is begun and committed by its owner.</summary>
    internal PostgresStore(NpgsqlConnection connection) => (_connection, _begun, _beginSent) = (connection, true, true);

    public override Engine Engine => Engine.Postgres;

    public override async ValueTask QueryAsync(BulkSql sql, RowBlock keys, Action<IRow> onRow, CancellationToken ct)
    {
        await using var batch = NewBatch();
        batch.BatchCommands.Add(Command(sql, keys));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        _beginSent = true;
        var row = new ReaderRow(reader);
        while (await reader.ReadAsync(ct)) onRow(row);
    }

    public override async ValueTask FlushAsync(CancellationToken ct)
    {
        if (Queue.Count == 0) return;
        await using var batch = NewBatch();
        foreach (var (sql, rows) in Queue) batch.BatchCommands.Add(Command(sql, rows));
        ClearQueue();
        await batch.ExecuteNonQueryAsync(ct);
        _beginSent = true;
    }

    // The block of positions comes along in the same round trip, drawn after the locks are held.
    internal override async ValueTask LockSourcesAsync(RowBlock names, Action<IRow> onRow, CancellationToken ct)
    {
        await using var batch = NewBatch();
        batch.BatchCommands.Add(Command(JournalSql.LockSources, names));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(NextPositions));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        _beginSent = true;
        var row = new ReaderRow(reader);
        while (await reader.ReadAsync(ct)) onRow(row);
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        _positions = reader.GetInt64(0);
    }

    internal override async ValueTask<long> TakePositionsAsync(int count, CancellationToken ct)
    {
        Invariant.Holds(count <= JournalOptions.PositionsPerGroup, "a group fits into its block of positions");
        var first = _positions ?? await NextBlockAsync(ct);
        _positions = null;
        return first;
    }

    internal override async ValueTask BeginAsync(CancellationToken ct)
    {
        if (_connection is not { State: ConnectionState.Open })
        {
            if (_connection is not null) await _connection.DisposeAsync();
            _connection = await _source!.OpenConnectionAsync(ct);
        }
        (_begun, _beginSent) = (true, false);
    }

    internal override async ValueTask CommitAsync(CancellationToken ct)
    {
        if (Queue.Count == 0 && !_beginSent)
        {
            _begun = false;   // nothing was asked and nothing is written
            return;
        }
        await using var batch = NewBatch();
        foreach (var (sql, rows) in Queue) batch.BatchCommands.Add(Command(sql, rows));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync(ct);
        _positions = null;
        (_begun, _beginSent) = (false, false);
        Clear();
    }

    internal override async ValueTask RollbackAsync()
    {
        Clear();
        _positions = null;
        if (!_ownsTransaction || _connection is null) return;
        // Also when the very batch that carried BEGIN failed: the transaction may stand, aborted. Without one, ROLLBACK is a mere notice.
        var open = _begun && _connection.State == ConnectionState.Open;
        (_begun, _beginSent) = (false, false);
        if (_connection.State != ConnectionState.Open || !open) return;
        try
        {
            await using var command = new NpgsqlCommand("ROLLBACK", _connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException or IOException)
        {
            // The server rolls back what a lost connection leaves; the next transaction opens another.
            await _connection.DisposeAsync();
            _connection = null;
        }
    }

    internal override StoreFailure Classify(Exception failure) => PostgresFailure.Classify(failure);

    public async ValueTask DisposeAsync()
    {
        if (_ownsTransaction && _connection is not null) await _connection.DisposeAsync();
    }

    private async ValueTask<long> NextBlockAsync(CancellationToken ct)
    {
        await using var batch = NewBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(NextPositions));
        var first = (long)(await batch.ExecuteScalarAsync(ct))!;
        _beginSent = true;
        return first;
    }

    private NpgsqlBatch NewBatch()
    {
        var batch = new NpgsqlBatch(_connection);
        if (_begun && !_beginSent) batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
        return batch;
    }

    private static NpgsqlBatchCommand Command(BulkSql sql, RowBlock rows)
    {
        var command = new NpgsqlBatchCommand(sql.Postgres);
        foreach (var column in rows.Columns) command.Parameters.Add(Parameter(column));
        return command;
    }

    private static NpgsqlParameter Parameter(RowBlock.Column column) => column.Kind switch
    {
        ColumnKind.Long => column.HasNulls
            ? new NpgsqlParameter<long?[]> { TypedValue = [.. column.Longs!.Select((v, i) => column.IsNull(i) ? (long?)null : v)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint }
            : new NpgsqlParameter<List<long>> { TypedValue = column.Longs!, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
        ColumnKind.Text => new NpgsqlParameter<List<string?>> { TypedValue = column.Texts!, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        ColumnKind.Bytes => column.HasNulls
            ? new NpgsqlParameter<byte[]?[]> { TypedValue = [.. column.Blobs!.Select((v, i) => column.IsNull(i) ? null : v.ToArray())], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }
            : new NpgsqlParameter<List<ReadOnlyMemory<byte>>> { TypedValue = column.Blobs!, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
        ColumnKind.Uuid => column.HasNulls
            ? new NpgsqlParameter<Guid?[]> { TypedValue = [.. column.Uuids!.Select((v, i) => column.IsNull(i) ? (Guid?)null : v)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid }
            : new NpgsqlParameter<List<Guid>> { TypedValue = column.Uuids!, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
        _ => new NpgsqlParameter<bool?[]>
        {
            TypedValue = [.. column.Longs!.Select((v, i) => column.IsNull(i) ? (bool?)null : v != 0)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean,
        },
    };
}

internal static class PostgresFailure
{
    internal static StoreFailure Classify(Exception failure)
    {
        if (failure is DbUpdateException { InnerException: { } inner }) failure = inner;
        return failure switch
        {
            // A taken source, chain index, position or event id; or a row a projection met for the first time beside another lane.
            PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => StoreFailure.Taken,
            PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable } => StoreFailure.GaveWay,
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => StoreFailure.DiskFull,
            PostgresException answered when answered.SqlState.StartsWith("57P", StringComparison.Ordinal) || answered.SqlState.StartsWith("08", StringComparison.Ordinal)
                || answered.SqlState.StartsWith("53", StringComparison.Ordinal) => StoreFailure.Unreachable,
            PostgresException => StoreFailure.Broken,
            NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException => StoreFailure.Unreachable,
            _ => StoreFailure.Broken,
        };
    }
}
