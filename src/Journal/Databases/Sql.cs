using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>Hand-written statements with named parameters, the same text on both engines.</summary>
internal static class Sql
{
    internal static DbCommand Command(DbConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }
        return command;
    }

    internal static DbCommand Command(WriteTransaction transaction, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = Command(transaction.Connection, sql, parameters);
        command.Transaction = transaction.Transaction;
        return command;
    }

    internal static async Task<int> ExecuteAsync(WriteTransaction transaction, string sql, CancellationToken ct, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(transaction, sql, parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>So many parameters, named by a prefix and their number, and the list of them for an IN.</summary>
    internal static (string List, (string Name, object? Value)[] Parameters) In(string prefix, IEnumerable<object> values)
    {
        (string Name, object? Value)[] named = [.. values.Select((value, i) => (string.Create(CultureInfo.InvariantCulture, $"{prefix}{i}"), (object?)value))];
        return (string.Join(", ", named.Select(static p => "@" + p.Name)), named);
    }

    /// <summary>An id as the engine keeps it: 16 bytes on SQLite, uuid on PostgreSQL.</summary>
    internal static object Uuid(DbConnection connection, Guid id) => connection is SqliteConnection ? Databases.Uuid.Bytes(id) : id;

    internal static Guid ReadUuid(DbDataReader reader, int column) => reader.GetValue(column) is byte[] bytes ? Databases.Uuid.From(bytes) : reader.GetGuid(column);
}
