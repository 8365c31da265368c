using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>The journal's own statements, both dialects side by side.</summary>
internal static class JournalSql
{
    private const string EventColumns =
        "position, source_id, chain_index, boot_id, sequence, event_id, kind, parcel_id, received_us, earliest_us, best_us, latest_us, body, hash";

    // The source's kind comes by its key, from a table of a few rows that stays in memory.
    private const string ReadColumns = EventColumns + ", (SELECT s.kind FROM journal_source s WHERE s.id = source_id)";

    // The arrays are unnested side by side in the list of columns, not by one call in FROM: that one gathers all rows before the first is inserted.
    internal static readonly BulkSql InsertEvents = new(
        $"INSERT INTO journal_event({EventColumns}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)",
        $"INSERT INTO journal_event({EventColumns}) SELECT unnest($1::bigint[]), unnest($2::int[]), unnest($3::bigint[]), unnest($4::int[]), unnest($5::bigint[]), "
        + "unnest($6::uuid[]), unnest($7::smallint[]), unnest($8::bigint[]), unnest($9::bigint[]), unnest($10::bigint[]), unnest($11::bigint[]), unnest($12::bigint[]), "
        + "unnest($13::bytea[]), unnest($14::bytea[])");

    internal static readonly BulkSql EventsOfParcels = new(
        $"SELECT {ReadColumns} FROM journal_event WHERE parcel_id = ?1 AND kind <> 0 ORDER BY position",
        $"SELECT {ReadColumns} FROM journal_event WHERE parcel_id = ANY($1) AND kind <> 0 ORDER BY parcel_id, position");

    internal static readonly BulkSql EventsById = new(
        "SELECT event_id, body FROM journal_event WHERE event_id = ?1",
        "SELECT event_id, body FROM journal_event WHERE event_id = ANY($1)");

    internal static readonly BulkSql WholeEventsById = new(
        $"SELECT {ReadColumns} FROM journal_event WHERE event_id = ?1 AND kind <> 0",
        $"SELECT {ReadColumns} FROM journal_event WHERE event_id = ANY($1) AND kind <> 0");

    internal static readonly BulkSql AddSource = new(
        "INSERT INTO journal_source(name, kind, head_index, head_hash, last_contact_us) VALUES (?1, ?2, 0, ?3, 0) ON CONFLICT(name) DO NOTHING",
        "INSERT INTO journal_source(name, kind, head_index, head_hash, last_contact_us) SELECT n, k, 0, h, 0 FROM unnest($1::text[], $2::smallint[], $3::bytea[]) AS t(n, k, h) "
        + "ON CONFLICT(name) DO NOTHING");

    internal static readonly BulkSql LockSources = new(
        "SELECT name, id, head_index, head_hash, last_contact_us FROM journal_source WHERE name = ?1",
        "SELECT name, id, head_index, head_hash, last_contact_us FROM journal_source WHERE name = ANY($1) ORDER BY id FOR UPDATE");

    internal static readonly BulkSql LastEvidence = new(
        "SELECT evidence FROM journal_clock WHERE source_id = ?1 ORDER BY from_index DESC LIMIT 1",
        "SELECT evidence FROM journal_clock WHERE source_id = ANY($1) ORDER BY from_index DESC LIMIT 1");

    internal static readonly BulkSql AddBoot = new(
        "INSERT INTO journal_boot(source_id, boot) VALUES (?1, ?2) ON CONFLICT(source_id, boot) DO NOTHING",
        "INSERT INTO journal_boot(source_id, boot) SELECT * FROM unnest($1::int[], $2::uuid[]) ON CONFLICT(source_id, boot) DO NOTHING");

    internal static readonly BulkSql FindBoot = new(
        "SELECT id FROM journal_boot WHERE source_id = ?1 AND boot = ?2",
        "SELECT id FROM journal_boot WHERE (source_id, boot) IN (SELECT * FROM unnest($1::int[], $2::uuid[]))");

    internal static readonly BulkSql RangesOfBoot = new(
        "SELECT first_sequence, last_sequence FROM journal_range WHERE boot_id = ?1 ORDER BY first_sequence",
        "SELECT first_sequence, last_sequence FROM journal_range WHERE boot_id = ANY($1) ORDER BY first_sequence");

    internal static readonly BulkSql MoveHead = new(
        "UPDATE journal_source SET head_index = ?2, head_hash = ?3, last_contact_us = ?4 WHERE id = ?1",
        "UPDATE journal_source s SET head_index = t.i, head_hash = t.h, last_contact_us = t.c FROM unnest($1::int[], $2::bigint[], $3::bytea[], $4::bigint[]) AS t(id, i, h, c) "
        + "WHERE s.id = t.id");

    internal static readonly BulkSql ForgetRange = new(
        "DELETE FROM journal_range WHERE boot_id = ?1 AND first_sequence = ?2",
        "DELETE FROM journal_range WHERE (boot_id, first_sequence) IN (SELECT * FROM unnest($1::int[], $2::bigint[]))");

    internal static readonly BulkSql PutRange = new(
        "INSERT INTO journal_range(boot_id, first_sequence, last_sequence) VALUES (?1, ?2, ?3) ON CONFLICT(boot_id, first_sequence) DO UPDATE SET last_sequence = excluded.last_sequence",
        "INSERT INTO journal_range(boot_id, first_sequence, last_sequence) SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[]) "
        + "ON CONFLICT(boot_id, first_sequence) DO UPDATE SET last_sequence = excluded.last_sequence");

    internal static readonly BulkSql AddEvidence = new(
        "INSERT INTO journal_clock(source_id, from_index, evidence) VALUES (?1, ?2, ?3)",
        "INSERT INTO journal_clock(source_id, from_index, evidence) SELECT * FROM unnest($1::int[], $2::bigint[], $3::bytea[])");

    internal static readonly BulkSql AddOutbox = new(
        "INSERT INTO journal_outbox(topic, first_position, last_position, payload, created_us, attempts, next_try_us) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?5)",
        "INSERT INTO journal_outbox(topic, first_position, last_position, payload, created_us, attempts, next_try_us) "
        + "SELECT t, f, l, p, c, 0, c FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bigint[]) AS x(t, f, l, p, c)");

    internal static JournalledEvent ReadEvent(IRow row) => new(
        row.Long(0), checked((int)row.Long(1)), row.Long(2), row.IsNull(3) ? null : checked((int)row.Long(3)), row.IsNull(4) ? null : row.Long(4), row.Uuid(5),
        (EventKind)row.Long(6), row.IsNull(7) ? null : row.Long(7), Clock.FromUnixMicros(row.Long(8)),
        new AdjudgedInterval(Clock.FromUnixMicros(row.Long(9)), Clock.FromUnixMicros(row.Long(10)), Clock.FromUnixMicros(row.Long(11))), row.Bytes(12), row.Bytes(13), (SourceKind)row.Long(14));

    internal static string EventSelect(string where) => $"SELECT {ReadColumns} FROM journal_event {where}";
}
