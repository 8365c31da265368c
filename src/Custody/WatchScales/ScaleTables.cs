using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Custody.Scales;

/// <summary>The job's own statements: everything in it may be done again.</summary>
internal static class ScaleTables
{
    /// <summary>Where the walk along the journal stands.</summary>
    internal const string Counter = "scale_drift";

    internal static readonly BulkSql AddTwice = new(
        "INSERT INTO custody_weighed_twice(event_id, at_us, first_node, first_device, first_mg, second_node, second_device, second_mg) "
        + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(event_id) DO NOTHING",
        "INSERT INTO custody_weighed_twice(event_id, at_us, first_node, first_device, first_mg, second_node, second_device, second_mg) "
        + "SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::bigint[]) ON CONFLICT(event_id) DO NOTHING");

    internal static readonly BulkSql Forget = new(
        "DELETE FROM custody_weighed_twice WHERE at_us < ?1",
        "DELETE FROM custody_weighed_twice WHERE at_us < ($1::bigint[])[1]");

    internal static readonly BulkSql Register = new(
        "INSERT INTO custody_scale_estimate(depot, device, registered, answer, bias, estimated_us) VALUES (?1, ?2, ?3, 0, x'', 0) "
        + "ON CONFLICT(depot, device) DO UPDATE SET registered = excluded.registered",
        "INSERT INTO custody_scale_estimate(depot, device, registered, answer, bias, estimated_us) SELECT d, s, r, 0, ''::bytea, 0 "
        + "FROM unnest($1::text[], $2::text[], $3::bytea[]) AS u(d, s, r) ON CONFLICT(depot, device) DO UPDATE SET registered = excluded.registered");

    internal static readonly BulkSql Estimate = new(
        "UPDATE custody_scale_estimate SET answer = ?3, bias = ?4, estimated_us = ?5 WHERE depot = ?1 AND device = ?2",
        "UPDATE custody_scale_estimate e SET answer = u.a, bias = u.b, estimated_us = u.t "
        + "FROM unnest($1::text[], $2::text[], $3::int[], $4::bytea[], $5::bigint[]) AS u(d, s, a, b, t) WHERE e.depot = u.d AND e.device = u.s");

    internal static readonly BulkSql MoveOn = new(
        "INSERT INTO custody_counter(name, last) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET last = excluded.last",
        "INSERT INTO custody_counter(name, last) SELECT * FROM unnest($1::text[], $2::bigint[]) ON CONFLICT(name) DO UPDATE SET last = excluded.last");
}
