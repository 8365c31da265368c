using System.Data.Common;
using KeyAccountLogistics.Journal.Databases;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KeyAccountLogistics.TestKit.Databases;

/// <summary>A database's schema as a set of sentences, so that two ways to make it can be compared. Column order does not count; the tools' own tables do not either.</summary>
public static class SchemaShape
{
    private const string SqliteTables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'";

    private static readonly string[] SqliteQueries =
    [
        "SELECT 'column ' || t.name || '.' || c.name || ' ' || c.type || ' notnull=' || c.\"notnull\" || ' default=' || COALESCE(c.dflt_value, '') || ' pk=' || c.pk || ' hidden=' || c.hidden "
            + $"FROM ({SqliteTables}) t, pragma_table_xinfo(t.name) c",
        "SELECT 'index ' || CASE WHEN i.origin = 'pk' THEN t.name || ' primary key' ELSE i.name END || ' unique=' || i.\"unique\" || ' partial=' || i.partial || ' on ' || t.name || '(' || "
            + "(SELECT group_concat(COALESCE(x.name, 'expression') || CASE WHEN x.desc THEN ' desc' ELSE '' END) FROM pragma_index_xinfo(i.name) x WHERE x.key = 1) || ')' "
            + $"FROM ({SqliteTables}) t, pragma_index_list(t.name) i",
        "SELECT 'filter ' || name || ' ' || substr(sql, instr(upper(sql), ' WHERE ')) FROM sqlite_master WHERE type = 'index' AND instr(upper(sql), ' WHERE ') > 0",
        $"SELECT 'foreign key ' || t.name || '.' || f.\"from\" || ' to ' || f.\"table\" || '.' || f.\"to\" || ' on delete ' || f.on_delete FROM ({SqliteTables}) t, pragma_foreign_key_list(t.name) f",
        $"SELECT 'autoincrement ' || name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%' AND name IN ({SqliteTables})",
        "SELECT 'check ' || name || ' ' || substr(sql, instr(sql, 'CHECK')) FROM sqlite_master WHERE type = 'table' AND instr(sql, 'CHECK') > 0",
        "SELECT 'object ' || type || ' ' || name FROM sqlite_master WHERE type NOT IN ('table', 'index', 'trigger')",
    ];

    private static readonly string[] PostgresQueries =
    [
        "SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' null=' || is_nullable || ' default=' || COALESCE(column_default, '') || ' identity=' || is_identity "
            + "|| ' length=' || COALESCE(character_maximum_length::text, '') || ' precision=' || COALESCE(numeric_precision::text, '') FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT 'index ' || tablename || ' ' || indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT 'constraint ' || conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
        "SELECT 'sequence ' || sequencename || ' ' || increment_by || ' from ' || start_value || ' ' || data_type FROM pg_sequences WHERE schemaname = 'public'",
    ];

    /// <summary>What stands in the database now, sorted.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(Database database)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using DbConnection connection = database.Engine == Engine.Sqlite ? new SqliteConnection(database.ConnectionString) : new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var query in database.Engine == Engine.Sqlite ? SqliteQueries : PostgresQueries)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = query;
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        }
        lines.RemoveWhere(l => l.Contains(" __", StringComparison.Ordinal) || l.Contains(" qrtz_", StringComparison.OrdinalIgnoreCase));
        return [.. lines];
    }
}
