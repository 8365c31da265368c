using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Reflection;
using KeyAccountLogistics.Journal.Databases;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KeyAccountLogistics.TestKit.Databases;

/// <summary>
/// A database of one test's own, gone when it is disposed: a file in a directory of its own, or a fresh database in this process's private PostgreSQL.
/// <see cref="Directory"/> is also where blobs and keys go.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<(Engine Engine, MethodInfo Make), Lazy<Task<TestDatabase>>> Patterns = new();

    // A benchmark fills tables of millions by a statement.
    private const int LongestSeconds = 1_800;
    private readonly PostgresCluster? _cluster;
    private readonly string? _name;

    private TestDatabase(Engine engine, string text, string directory, PostgresCluster? cluster, string? name) =>
        (Engine, Text, Database, Directory, _cluster, _name) = (engine, text, Database.Parse(text).Value, directory, cluster, name);

    /// <summary>Which engine.</summary>
    public Engine Engine { get; }

    /// <summary>What a person would type after <c>--database</c>.</summary>
    public string Text { get; }

    /// <summary>The database, as the product opens it.</summary>
    public Database Database { get; }

    /// <summary>The database as a person writes it on the command line.</summary>
    public string Uri => _cluster is null ? "sqlite:" + Database.Path : _cluster.UriOf(_name!);

    /// <summary>A directory of the test's own.</summary>
    public string Directory { get; }

    /// <summary>An empty database. On PostgreSQL in this process's shared cluster unless another is given; in a fresh directory unless another is given.</summary>
    public static async Task<TestDatabase> CreateAsync(Engine engine, PostgresCluster? cluster = null, string? directory = null)
    {
        directory ??= NewDirectory();
        System.IO.Directory.CreateDirectory(directory);
        if (engine == Engine.Sqlite) return new TestDatabase(engine, "sqlite:" + Path.Combine(directory, "kal.db"), directory, null, null);
        cluster ??= await PostgresCluster.SharedAsync();
        var name = await cluster.CreateDatabaseAsync();
        return new TestDatabase(engine, cluster.UriOf(name), directory, cluster, name);
    }

    /// <summary>A database as the function leaves an empty one, which is asked once a process and engine and copied: what hundreds of tests begin with need not be made hundreds of times.</summary>
    public static async Task<TestDatabase> CopyAsync(Engine engine, Func<TestDatabase, Task> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        var pattern = await Patterns.GetOrAdd((engine, make.Method), _ => new(() => MakePatternAsync(engine, make))).Value;
        var directory = NewDirectory();
        if (engine == Engine.Sqlite)
        {
            File.Copy(pattern.Database.Path!, Path.Combine(directory, "kal.db"));
            return new TestDatabase(engine, "sqlite:" + Path.Combine(directory, "kal.db"), directory, null, null);
        }
        var name = await pattern._cluster!.CreateDatabaseAsync(pattern._name);
        return new TestDatabase(engine, pattern._cluster.UriOf(name), directory, pattern._cluster, name);
    }

    private static async Task<TestDatabase> MakePatternAsync(Engine engine, Func<TestDatabase, Task> make)
    {
        var pattern = await CreateAsync(engine);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.Directory.Delete(pattern.Directory, recursive: true);
        await make(pattern);
        // The copy is of the file alone, and PostgreSQL copies no database that somebody is connected to.
        if (engine == Engine.Sqlite) await pattern.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        pattern.ForgetConnections();
        return pattern;
    }

    /// <summary>A directory under the system's temporary one, for this process; made now, deleted by its user.</summary>
    public static string NewDirectory() => System.IO.Directory.CreateTempSubdirectory("kal-test-").FullName;

    /// <summary>Runs a statement by hand, around everything the product guards.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, LongestSeconds);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Reads one number by hand; null reads as 0.</summary>
    public async Task<long> ScalarAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Reads rows by hand.</summary>
    public async Task<List<T>> RowsAsync<T>(string sql, Func<DbDataReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }

    private async Task<DbConnection> OpenAsync()
    {
        DbConnection connection = Engine == Engine.Sqlite ? new SqliteConnection(Database.ConnectionString) : new NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ForgetConnections();
        if (_cluster is not null) await _cluster.DropDatabaseAsync(_name!);
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private void ForgetConnections()
    {
        if (Engine == Engine.Sqlite) SqliteConnection.ClearPool(new SqliteConnection(Database.ConnectionString));
        else NpgsqlConnection.ClearPool(new NpgsqlConnection(Database.ConnectionString));
    }
}
