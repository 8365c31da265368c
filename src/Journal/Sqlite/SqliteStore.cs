using System.Globalization;
using System.Runtime.InteropServices;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace KeyAccountLogistics.Journal.Sqlite;

/// <summary>
/// The one writing connection of the process: prepared statements on the bare library, since a command object per row costs as much as the row. The same connection carries
/// units of work through EF. Owned by the writer; not thread-safe.
/// </summary>
internal sealed class SqliteStore : AppendStore, IDisposable
{
    // A checkpoint syncs twice; with 40 MB of WAL between two of them its cost disappears among the commits.
    private const int CheckpointPages = 10_000;
    private const int BusyTimeoutMs = 10_000;
    private readonly Dictionary<string, sqlite3_stmt> _prepared = new(StringComparer.Ordinal);
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
        Run("PRAGMA cache_size=-65536");
        raw.sqlite3_busy_timeout(Handle, BusyTimeoutMs);
    }

    public override Engine Engine => Engine.Sqlite;

    internal SqliteConnection Connection => _connection;

    private sqlite3 Handle => _connection.Handle!;

    public override ValueTask QueryAsync(BulkSql sql, RowBlock keys, Action<IRow> onRow, CancellationToken ct)
    {
        var statement = Prepare(sql.Sqlite);
        var row = new Row(statement);
        try
        {
            for (var i = 0; i < keys.Count; i++)
            {
                Bind(statement, keys, i);
                int code;
                while ((code = raw.sqlite3_step(statement)) == raw.SQLITE_ROW) onRow(row);
                Check(code);
                raw.sqlite3_reset(statement);
            }
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
        return ValueTask.CompletedTask;
    }

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
            Bind(statement, rows, i);
            var code = raw.sqlite3_step(statement);
            if (code != raw.SQLITE_DONE && code != raw.SQLITE_ROW)
            {
                var failure = Failure(code);
                raw.sqlite3_reset(statement);
                throw failure;
            }
            raw.sqlite3_reset(statement);
        }
    }

    private static void Bind(sqlite3_stmt statement, RowBlock rows, int row)
    {
        var columns = rows.Columns;
        for (var c = 0; c < columns.Length; c++)
        {
            var column = columns[c];
            if (column.IsNull(row))
            {
                raw.sqlite3_bind_null(statement, c + 1);
                continue;
            }
            switch (column.Kind)
            {
                case ColumnKind.Long or ColumnKind.Bool: raw.sqlite3_bind_int64(statement, c + 1, column.Longs![row]); break;
                case ColumnKind.Text: raw.sqlite3_bind_text(statement, c + 1, column.Texts![row]); break;
                case ColumnKind.Bytes: BindBytes(statement, c + 1, column.Blobs![row].Span); break;
                default: BindUuid(statement, c + 1, column.Uuids![row]); break;
            }
        }
    }

    private static void BindBytes(sqlite3_stmt statement, int index, ReadOnlySpan<byte> bytes)
    {
        // An empty span would be bound as null.
        if (bytes.IsEmpty) raw.sqlite3_bind_zeroblob(statement, index, 0);
        else raw.sqlite3_bind_blob(statement, index, bytes);
    }

    private static void BindUuid(sqlite3_stmt statement, int index, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        raw.sqlite3_bind_blob(statement, index, bytes);
    }

    private sqlite3_stmt Prepare(string sql)
    {
        ref var statement = ref CollectionsMarshal.GetValueRefOrAddDefault(_prepared, sql, out var exists);
        if (exists) return statement!;
        var code = raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var made);
        if (code != raw.SQLITE_OK)
        {
            _prepared.Remove(sql);
            throw Failure(code);
        }
        return statement = made;
    }

    private void Step(string sql)
    {
        var statement = Prepare(sql);
        var code = raw.sqlite3_step(statement);
        var failure = code is raw.SQLITE_DONE or raw.SQLITE_ROW ? null : Failure(code);
        raw.sqlite3_reset(statement);
        if (failure is not null) throw failure;
    }

    private long Scalar(string sql)
    {
        var statement = Prepare(sql);
        try
        {
            Invariant.Holds(raw.sqlite3_step(statement) == raw.SQLITE_ROW, "an aggregate answers one row");
            return raw.sqlite3_column_int64(statement, 0);
        }
        finally
        {
            raw.sqlite3_reset(statement);
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

    private sealed class Row(sqlite3_stmt statement) : IRow
    {
        public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

        public long Long(int column) { NotNull(column); return raw.sqlite3_column_int64(statement, column); }

        public string Text(int column) { NotNull(column); return raw.sqlite3_column_text(statement, column).utf8_to_string(); }

        public byte[] Bytes(int column) { NotNull(column); return raw.sqlite3_column_blob(statement, column).ToArray(); }

        public Guid Uuid(int column) { NotNull(column); return Databases.Uuid.From(raw.sqlite3_column_blob(statement, column)); }

        public bool Bool(int column) => Long(column) != 0;

        private void NotNull(int column) => Invariant.Holds(!IsNull(column), "a null column is not read as a value");
    }
}
