using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Custody.Projections;

/// <summary>Statements on scales. The projection merges with what stands there (the latest of each kind wins); the rebuild puts a row as the journal says.</summary>
internal static class ScaleSql
{
    private const string Into = "INSERT INTO custody_scale(depot, device, checked_us, check_passed, check_body, quarantined_us, released_us, asked_us, doubt_us, bias_body) ";
    private const string Values = "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ";

    private const string Rows =
        "SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::boolean[], $5::bytea[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bytea[]) ";

    private const string Latest =
        "ON CONFLICT(depot, device) DO UPDATE SET "
        + "check_passed = CASE WHEN excluded.checked_us > custody_scale.checked_us THEN excluded.check_passed ELSE custody_scale.check_passed END, "
        + "check_body = CASE WHEN excluded.checked_us > custody_scale.checked_us THEN excluded.check_body ELSE custody_scale.check_body END, "
        + "checked_us = CASE WHEN excluded.checked_us > custody_scale.checked_us THEN excluded.checked_us ELSE custody_scale.checked_us END, "
        + "quarantined_us = CASE WHEN excluded.quarantined_us > custody_scale.quarantined_us THEN excluded.quarantined_us ELSE custody_scale.quarantined_us END, "
        + "released_us = CASE WHEN excluded.released_us > custody_scale.released_us THEN excluded.released_us ELSE custody_scale.released_us END, "
        + "asked_us = CASE WHEN excluded.asked_us > custody_scale.asked_us THEN excluded.asked_us ELSE custody_scale.asked_us END, "
        + "bias_body = CASE WHEN excluded.doubt_us > custody_scale.doubt_us THEN excluded.bias_body ELSE custody_scale.bias_body END, "
        + "doubt_us = CASE WHEN excluded.doubt_us > custody_scale.doubt_us THEN excluded.doubt_us ELSE custody_scale.doubt_us END";

    private const string Whole =
        "ON CONFLICT(depot, device) DO UPDATE SET checked_us = excluded.checked_us, check_passed = excluded.check_passed, check_body = excluded.check_body, "
        + "quarantined_us = excluded.quarantined_us, released_us = excluded.released_us, asked_us = excluded.asked_us, doubt_us = excluded.doubt_us, bias_body = excluded.bias_body";

    internal static readonly BulkSql Merge = new(Into + Values + Latest, Into + Rows + Latest);

    internal static readonly BulkSql Put = new(Into + Values + Whole, Into + Rows + Whole);

    internal static readonly BulkSql All = new(Columns + "WHERE ?1 = ?1", Columns + "WHERE $1::bigint[] IS NOT NULL");

    private const string Columns =
        "SELECT depot, device, checked_us, check_passed, check_body, quarantined_us, released_us, asked_us, doubt_us, bias_body FROM custody_scale ";

    internal static RowBlock Block() => new(
        ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Bool, ColumnKind.Bytes, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Bytes);

    internal static void Add(RowBlock rows, string depot, string device, in ScaleRecord r) => rows
        .Text(depot).Text(device).Long(r.CheckedUs).Bool(r.CheckPassed).Bytes(r.Check.Memory).Long(r.QuarantinedUs).Long(r.ReleasedUs).Long(r.AskedUs).Long(r.DoubtUs)
        .Bytes(r.Bias.Memory);

    internal static ScaleRecord Read(IRow row) => new(
        row.Long(2), row.Bool(3), Google.Protobuf.ByteString.CopyFrom(row.Bytes(4)), row.Long(5), row.Long(6), row.Long(7), row.Long(8),
        Google.Protobuf.ByteString.CopyFrom(row.Bytes(9)));
}
