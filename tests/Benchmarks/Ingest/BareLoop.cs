using System.Diagnostics;
using KeyAccountLogistics.TestKit.Databases;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using SQLitePCL;

namespace KeyAccountLogistics.Benchmarks.Ingest;

/// <summary>
/// The bound: a loop that does nothing but write, with the facts already taken apart. One connection, batches of 500, the event's id as the one key that recognises
/// duplicates, the parcel's state upserted; synced at every commit.
/// </summary>
internal static class BareLoop
{
    internal const string PostgresStatement = """
        WITH added AS (
          INSERT INTO bare_event(event_id, source, boot, sequence, parcel, kind, captured_us, body)
          SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::bigint[], $5::text[], $6::smallint[], $7::bigint[], $8::bytea[])
          ON CONFLICT DO NOTHING
          RETURNING parcel, kind, captured_us)
        INSERT INTO bare_state(parcel, state, last_us, events)
        SELECT parcel, (array_agg(kind ORDER BY captured_us DESC))[1], max(captured_us), count(*) FROM added GROUP BY parcel
        ON CONFLICT (parcel) DO UPDATE SET state = excluded.state, last_us = excluded.last_us, events = bare_state.events + excluded.events
        """;

    private const string Tables =
        "CREATE TABLE bare_event(event_id {0} PRIMARY KEY, source int, boot int, sequence bigint, parcel text, kind smallint, captured_us bigint, body {1} NOT NULL); "
        + "CREATE TABLE bare_state(parcel text PRIMARY KEY, state smallint, last_us bigint, events bigint);";

    internal static async Task<double> PostgresAsync(TestDatabase database, Workload work)
    {
        await database.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, Tables, "uuid", "bytea"));
        await using var connection = new NpgsqlConnection(database.Database.ConnectionString);
        await connection.OpenAsync();
        await using (var known = new NpgsqlCommand("INSERT INTO bare_state SELECT unnest($1::text[]), 0, 0, 0", connection) { Parameters = { new NpgsqlParameter { Value = Registered(work) } } })
            await known.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(PostgresStatement, connection);
        foreach (var type in new[] { NpgsqlDbType.Uuid, NpgsqlDbType.Integer, NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Text, NpgsqlDbType.Smallint, NpgsqlDbType.Bigint, NpgsqlDbType.Bytea })
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type });
        var one = Enumerable.Repeat(1, Workload.BatchEvents).ToArray();
        var watch = Stopwatch.StartNew();
        foreach (var batch in InOrder(work))
        {
            command.Parameters[0].Value = batch.Ids;
            command.Parameters[1].Value = Enumerable.Repeat(batch.Agent, Workload.BatchEvents).ToArray();
            command.Parameters[2].Value = one;
            command.Parameters[3].Value = Enumerable.Range(0, Workload.BatchEvents).Select(i => batch.FirstSequence + i).ToArray();
            command.Parameters[4].Value = batch.Parcels;
            command.Parameters[5].Value = batch.Kinds;
            command.Parameters[6].Value = batch.CapturedUs;
            command.Parameters[7].Value = batch.Bodies;
            await command.ExecuteNonQueryAsync();
        }
        return work.Events / watch.Elapsed.TotalSeconds;
    }

    internal static async Task<double> SqliteAsync(TestDatabase database, Workload work)
    {
        await database.ExecuteAsync("PRAGMA journal_mode=WAL; " + string.Format(System.Globalization.CultureInfo.InvariantCulture, Tables, "BLOB", "BLOB"));
        await using var connection = new SqliteConnection(database.Database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        var handle = connection.Handle!;
        foreach (var pragma in new[] { "PRAGMA synchronous=FULL", "PRAGMA wal_autocheckpoint=10000", "PRAGMA cache_size=-65536" }) raw.sqlite3_exec(handle, pragma);
        raw.sqlite3_prepare_v2(handle, "INSERT OR IGNORE INTO bare_event VALUES (?1,?2,?3,?4,?5,?6,?7,?8)", out var insert);
        raw.sqlite3_prepare_v2(
            handle,
            "INSERT INTO bare_state VALUES (?1,?2,?3,1) ON CONFLICT(parcel) DO UPDATE SET state = excluded.state, last_us = excluded.last_us, events = events + 1",
            out var upsert);
        raw.sqlite3_exec(handle, "BEGIN");
        foreach (var code in Registered(work)) Upsert(upsert, code, 0, 0);
        raw.sqlite3_exec(handle, "COMMIT");
        var watch = Stopwatch.StartNew();
        foreach (var batch in InOrder(work))
        {
            raw.sqlite3_exec(handle, "BEGIN IMMEDIATE");
            for (var i = 0; i < Workload.BatchEvents; i++) Write(insert, upsert, batch, i);
            if (raw.sqlite3_exec(handle, "COMMIT") != raw.SQLITE_OK) throw new InvalidOperationException(raw.sqlite3_errmsg(handle).utf8_to_string());
        }
        var rate = work.Events / watch.Elapsed.TotalSeconds;
        insert.Dispose();
        upsert.Dispose();
        return rate;
    }

    private static void Write(sqlite3_stmt insert, sqlite3_stmt upsert, Workload.Batch batch, int i)
    {
        Span<byte> id = stackalloc byte[16];
        batch.Ids[i].TryWriteBytes(id, bigEndian: true, out _);
        raw.sqlite3_bind_blob(insert, 1, id);
        raw.sqlite3_bind_int64(insert, 2, batch.Agent);
        raw.sqlite3_bind_int64(insert, 3, 1);
        raw.sqlite3_bind_int64(insert, 4, batch.FirstSequence + i);
        raw.sqlite3_bind_text(insert, 5, batch.Parcels[i]);
        raw.sqlite3_bind_int64(insert, 6, batch.Kinds[i]);
        raw.sqlite3_bind_int64(insert, 7, batch.CapturedUs[i]);
        raw.sqlite3_bind_blob(insert, 8, batch.Bodies[i].Span);
        if (raw.sqlite3_step(insert) != raw.SQLITE_DONE) throw new InvalidOperationException("the bare loop failed");
        raw.sqlite3_reset(insert);
        Upsert(upsert, batch.Parcels[i], batch.Kinds[i], batch.CapturedUs[i]);
    }

    private static void Upsert(sqlite3_stmt upsert, string parcel, long kind, long capturedUs)
    {
        raw.sqlite3_bind_text(upsert, 1, parcel);
        raw.sqlite3_bind_int64(upsert, 2, kind);
        raw.sqlite3_bind_int64(upsert, 3, capturedUs);
        if (raw.sqlite3_step(upsert) != raw.SQLITE_DONE) throw new InvalidOperationException("the bare loop failed");
        raw.sqlite3_reset(upsert);
    }

    // The parcels that clients announced have their state row before the first event, as in the product.
    private static string[] Registered(Workload work) => [.. Enumerable.Range(0, Workload.Agents).SelectMany(work.RegisteredOf)];

    private static IEnumerable<Workload.Batch> InOrder(Workload work)
    {
        for (var b = 0; b < work.Batches[0].Length; b++)
            foreach (var agent in work.Batches) yield return agent[b];
    }
}
