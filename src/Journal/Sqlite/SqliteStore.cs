using System.Globalization;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace KeyAccountLogistics.Journal.Sqlite;

/// <summary>
/// The one writing connection of the process: statements prepared once and driven by <see cref="SqliteStatement"/>, since a command object per row costs as much as the row.
/// The same connection carries units of work through EF. Owned by the writer; not thread-safe.
/// </summary>
internal sealed class SqliteStore : AppendStore, IDisposable
{
    // A checkpoint copies a page once however often it was written, and syncs twice. A morning writes a parcel's page with every visit: 100 MB of WAL spare most copies.
    private const int CheckpointPages = 25_000;
    private const int CacheKib = 64 * 1024;
    private const int BusyTimeoutMs = 10_000;
    private readonly Dictionary<string, SqliteStatement> _prepared = new(StringComparer.Ordinal);
    private readonly BindBuffer _buffer = new();
    private readonly SqliteConnection _connection;
    private long? _nextPosition;
    private bool _open;

    internal SqliteStore(Databases.Database database)
    {
        var builder = new SqliteConnectionStringBuilder(database.ConnectionString) { Pooling = false };
        _connection = new SqliteConnection(builder.ToString());
        _connection.Open();
        Run("PRAGMA journal_mode=WAL");
        Run("PRAGMA synchronous=FULL");
        Run($"PRAGMA wal_autocheckpoint={CheckpointPages}");
        Run($"PRAGMA cache_size=-{CacheKib}");
        raw.sqlite3_busy_timeout(Handle, BusyTimeoutMs);
    }

    public override Engine Engine => Engine.Sqlite;

    internal SqliteConnection Connection => _connection;

    private sqlite3 Handle => _connection.Handle!;

    public override ValueTask QueryAsync(BulkSql sql, RowBlock keys, Action<IRow> onRow, CancellationToken ct)
    {
        var statement = Prepare(sql.Sqlite);
        try
        {
            for (var i = 0; i < keys.Count; i++)
            {
                statement.Bind(keys, i, _buffer);
                int code;
                while ((code = statement.Step()) == raw.SQLITE_ROW) onRow(statement);
                Check(code);
                statement.Reset();
            }
        }
        finally
        {
            statement.Reset();
        }
        return ValueTask.CompletedTask;
    }

    internal override ValueTask WriteOnAsync(CancellationToken ct) => FlushAsync(ct);

    public override ValueTask FlushAsync(CancellationToken ct)
    {
        foreach (var (sql, rows) in Queue) WriteRows(sql, rows);
        ClearQueue();
        return ValueTask.CompletedTask;
    }

    internal override ValueTask LockSourcesAsync(RowBlock names, Action<IRow> onRow, CancellationToken ct) => QueryAsync(JournalSql.LockSources, names, onRow, ct);

    internal override ValueTask<long> TakePositionsAsync(int count, CancellationToken ct)
    {
        _nextPosition ??= Scalar("SELECT COALESCE(MAX(position), 0) FROM journal_event") + 1;
        var first = _nextPosition.Value;
        _nextPosition = first + count;
        return ValueTask.FromResult(first);
    }

    internal override ValueTask BeginAsync(CancellationToken ct)
    {
        Step("BEGIN IMMEDIATE");
        _open = true;
        return ValueTask.CompletedTask;
    }

    internal override async ValueTask CommitAsync(CancellationToken ct)
    {
        await FlushAsync(ct);
        Step("COMMIT");
        _open = false;
        Clear();
    }

    internal override ValueTask RollbackAsync()
    {
        Clear();
        // Positions taken by a transaction that failed are taken again; another process may also have been there.
        _nextPosition = null;
        if (_open && raw.sqlite3_get_autocommit(Handle) == 0) raw.sqlite3_exec(Handle, "ROLLBACK");
        _open = false;
        return ValueTask.CompletedTask;
    }

    internal override StoreFailure Classify(Exception failure) => failure is not SqliteException sqlite ? StoreFailure.Broken : sqlite.SqliteErrorCode switch
    {
        raw.SQLITE_CONSTRAINT => IsTaken(sqlite) ? StoreFailure.Taken : StoreFailure.Broken,
        raw.SQLITE_FULL => StoreFailure.DiskFull,
        raw.SQLITE_BUSY => StoreFailure.Unreachable,
        _ => StoreFailure.Broken,
    };

    public void Dispose()
    {
        foreach (var statement in _prepared.Values) statement.Dispose();
        _prepared.Clear();
        _connection.Dispose();
    }

    private static bool IsTaken(SqliteException failure) => failure.Message.Contains("journal_event.", StringComparison.Ordinal);

    private void WriteRows(BulkSql sql, RowBlock rows)
    {
        var statement = Prepare(sql.Sqlite);
        for (var i = 0; i < rows.Count; i++)
        {
            statement.Bind(rows, i, _buffer);
            Run(statement);
        }
    }

    private SqliteStatement Prepare(string sql)
    {
        if (_prepared.TryGetValue(sql, out var statement)) return statement;
        var code = raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var made);
        if (code != raw.SQLITE_OK) throw Failure(code);
        return _prepared[sql] = new SqliteStatement(made);
    }

    private void Step(string sql) => Run(Prepare(sql));

    private void Run(SqliteStatement statement)
    {
        var code = statement.Step();
        var failure = code is raw.SQLITE_DONE or raw.SQLITE_ROW ? null : Failure(code);
        statement.Reset();
        if (failure is not null) throw failure;
    }

    private long Scalar(string sql)
    {
        var statement = Prepare(sql);
        try
        {
            Invariant.Holds(statement.Step() == raw.SQLITE_ROW, "an aggregate answers one row");
            return statement.Long(0);
        }
        finally
        {
            statement.Reset();
        }
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void Check(int code)
    {
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_OK or raw.SQLITE_ROW)) throw Failure(code);
    }

    private SqliteException Failure(int code) =>
        new(string.Create(CultureInfo.InvariantCulture, $"SQLite error {code}: {raw.sqlite3_errmsg(Handle).utf8_to_string()}"), code & 0xFF, raw.sqlite3_extended_errcode(Handle));
}
