using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Custody.Projections;

/// <summary>The projection's statements on handovers.</summary>
internal static class HandoverSql
{
    /// <summary>Rows made before they are read under lock, so that two lanes that meet the same new handover do not overwrite each other.</summary>
    internal static readonly BulkSql Touch = new(
        "INSERT INTO custody_handover(id, kind, phase, opened_us) VALUES (?1, 0, 0, 0) ON CONFLICT(id) DO NOTHING RETURNING id",
        "INSERT INTO custody_handover(id, kind, phase, opened_us) SELECT h, 0, 0, 0 FROM unnest($1::text[]) AS t(h) ORDER BY h ON CONFLICT(id) DO NOTHING RETURNING id");

    internal static readonly BulkSql Find = new(
        "SELECT id, phase FROM custody_handover WHERE id = ?1",
        "SELECT id, phase FROM custody_handover WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE");

    internal static readonly BulkSql Steps = new(
        "SELECT handover, best_us, body FROM custody_handover_step WHERE handover = ?1",
        "SELECT handover, best_us, body FROM custody_handover_step WHERE handover = ANY($1::text[])");

    internal static readonly BulkSql AddStep = new(
        "INSERT INTO custody_handover_step(event_id, handover, best_us, body) VALUES (?1, ?2, ?3, ?4) ON CONFLICT(event_id) DO NOTHING",
        "INSERT INTO custody_handover_step(event_id, handover, best_us, body) SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bytea[]) "
        + "ON CONFLICT(event_id) DO NOTHING");

    internal static readonly BulkSql AddExpected = new(
        "INSERT INTO custody_handover_parcel(handover, parcel) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        "INSERT INTO custody_handover_parcel(handover, parcel) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING");

    internal static readonly BulkSql Update = new(
        "UPDATE custody_handover SET kind=?2, phase=?3, depot=?4, opened_us=?5, closed_us=?6 WHERE id=?1",
        "UPDATE custody_handover h SET kind=u.k, phase=u.p, depot=u.d, opened_us=u.o, closed_us=u.c "
        + "FROM unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::bigint[], $6::bigint[]) AS u(id, k, p, d, o, c) WHERE h.id = u.id");

    internal static RowBlock UpdateBlock() => new(ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long);

    internal static RowBlock StepBlock() => new(ColumnKind.Uuid, ColumnKind.Text, ColumnKind.Long, ColumnKind.Bytes);

    internal static void Add(RowBlock rows, string id, HandoverColumns c) =>
        rows.Text(id).Long(c.Kind).Long(c.Phase).Text(c.Depot).Long(c.OpenedUs).Long(c.ClosedUs);
}

/// <summary>What of a handover stands in columns, so that lists need not fold its steps. Phase 0: its opening is still on the way.</summary>
internal readonly record struct HandoverColumns(int Kind, int Phase, string? Depot, long OpenedUs, long? ClosedUs);
