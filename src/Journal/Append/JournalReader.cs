using System.Data.Common;
using System.Runtime.CompilerServices;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>
/// Reading what is journalled, in pages, so that no reader holds a transaction open for long (a long one stops SQLite's checkpoint). The journal knows no accounts: whoever
/// shows an event to a caller has resolved its parcel through a scoped context first (law 11).
/// </summary>
internal sealed class JournalReader(Database database) : IJournalReader
{
    private const int PageEvents = 1_000;
    private const int KnownMax = 1_000;

    public async IAsyncEnumerable<JournalledEvent> ReadAsync(long fromPosition, long toPosition, [EnumeratorCancellation] CancellationToken ct)
    {
        var sql = JournalSql.EventSelect("WHERE position >= @from AND position <= @to ORDER BY position LIMIT @count");
        var from = fromPosition;
        while (from <= toPosition)
        {
            var page = await PageAsync(sql, ct, ("from", from), ("to", toPosition), ("count", PageEvents));
            foreach (var item in page) yield return item;
            if (page.Count < PageEvents) yield break;
            from = page[^1].Position + 1;
        }
    }

    public async IAsyncEnumerable<JournalledEvent> ReadParcelAsync(long parcelId, [EnumeratorCancellation] CancellationToken ct)
    {
        var sql = JournalSql.EventSelect("WHERE parcel_id = @parcel AND position > @after ORDER BY position LIMIT @count");
        var after = 0L;
        while (true)
        {
            var page = await PageAsync(sql, ct, ("parcel", parcelId), ("after", after), ("count", PageEvents));
            foreach (var item in page) yield return item;
            if (page.Count < PageEvents) yield break;
            after = page[^1].Position;
        }
    }

    public async Task<JournalledEvent?> FindAsync(Guid eventId, CancellationToken ct)
    {
        object key = database.Engine == Engine.Sqlite ? Uuid.Bytes(eventId) : eventId;
        return (await PageAsync(JournalSql.EventSelect("WHERE event_id = @id"), ct, ("id", key))).SingleOrDefault();
    }

    public async Task<IReadOnlySet<Guid>> KnownAsync(IReadOnlyCollection<Guid> eventIds, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(eventIds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(eventIds.Count, KnownMax, nameof(eventIds));
        var known = new HashSet<Guid>();
        if (eventIds.Count == 0) return known;
        await using var connection = await OpenAsync(ct);
        var (list, values) = Sql.In("i", eventIds.Select(id => Sql.Uuid(connection, id)));
        await using var command = Sql.Command(connection, $"SELECT event_id FROM journal_event WHERE event_id IN ({list})", values);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) known.Add(Sql.ReadUuid(rows, 0));
        return known;
    }

    public async Task<EventProvenance?> ProvenanceAsync(JournalledEvent item, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(item);
        await using var connection = await OpenAsync(ct);
        await using var command = Sql.Command(
            connection,
            "SELECT s.name, b.boot, p.hash FROM journal_source s LEFT JOIN journal_boot b ON b.id = @boot "
            + "LEFT JOIN journal_event p ON p.source_id = s.id AND p.chain_index = @previous WHERE s.id = @source",
            ("boot", item.BootId ?? 0), ("previous", item.ChainIndex - 1), ("source", item.SourceId));
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        Guid? boot = await reader.IsDBNullAsync(1, ct) ? null : Sql.ReadUuid(reader, 1);
        var previous = await reader.IsDBNullAsync(2, ct) ? item.ChainIndex == 1 ? ChainHash.Start : [] : (byte[])reader.GetValue(2);
        return new EventProvenance(reader.GetString(0), boot, previous);
    }

    public async Task<long> LastPositionAsync(CancellationToken ct) => await ScalarAsync("SELECT COALESCE(MAX(position), 0) FROM journal_event", ct);

    public async Task<OutboxStatus> OutboxAsync(CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = Sql.Command(connection, "SELECT COUNT(*), COUNT(parked_us) FROM journal_outbox");
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new OutboxStatus(reader.GetInt64(0) - reader.GetInt64(1), reader.GetInt64(1));
    }

    public async Task<long> CountAsync(CancellationToken ct) => await ScalarAsync("SELECT COUNT(*) FROM journal_event", ct);

    internal async Task<long> SafeUpToAsync(string source, Guid boot, CancellationToken ct)
    {
        object key = database.Engine == Engine.Sqlite ? Uuid.Bytes(boot) : boot;
        return await ScalarAsync(
            "SELECT COALESCE(MAX(r.last_sequence), 0) FROM journal_range r JOIN journal_boot b ON b.id = r.boot_id JOIN journal_source s ON s.id = b.source_id "
            + "WHERE s.name = @name AND b.boot = @boot AND r.first_sequence = 1",
            ct, ("name", source), ("boot", key));
    }

    internal async Task<DbConnection> OpenAsync(CancellationToken ct)
    {
        DbConnection connection = database.Engine == Engine.Sqlite ? new SqliteConnection(database.ConnectionString) : new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    internal static JournalledEvent ReadEvent(DbDataReader reader) => JournalSql.ReadEvent(new ReaderRow(reader));

    private async Task<long> ScalarAsync(string sql, CancellationToken ct, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = Sql.Command(connection, sql, parameters);
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<List<JournalledEvent>> PageAsync(string sql, CancellationToken ct, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = Sql.Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var page = new List<JournalledEvent>();
        while (await reader.ReadAsync(ct)) page.Add(ReadEvent(reader));
        return page;
    }
}

internal sealed class ReaderRow(DbDataReader reader) : IRow
{
    public bool IsNull(int column) => reader.IsDBNull(column);

    public long Long(int column) => reader.GetInt64(column);

    public string Text(int column) => reader.GetString(column);

    public byte[] Bytes(int column) => (byte[])reader.GetValue(column);

    public Guid Uuid(int column) => Sql.ReadUuid(reader, column);

    public bool Bool(int column) => reader.GetBoolean(column);
}
