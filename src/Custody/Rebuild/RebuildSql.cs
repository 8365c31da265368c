using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Custody.Rebuild;

/// <summary>Statements of the rebuild. Pages are locked, so that what is compared stands still while appends of other parcels go on.</summary>
internal static class RebuildSql
{
    private const string ParcelColumns =
        "SELECT id, code, stage, custodian_kind, custodian, node, next_node, held_since_us, hold_reason, hold_place, hold_owner, hold_node, "
        + "exceptions - CASE WHEN piece = 0 THEN 1 ELSE 0 END, closed, last_best_us, events, state FROM custody_parcel WHERE id > ";

    internal static readonly BulkSql ParcelPage = new(
        ParcelColumns + "?1 ORDER BY id LIMIT 200",
        ParcelColumns + "($1::bigint[])[1] ORDER BY id LIMIT 200 FOR UPDATE");

    internal static readonly BulkSql HandoverPage = new(
        "SELECT id, kind, phase, depot, opened_us, closed_us FROM custody_handover WHERE id > ?1 ORDER BY id LIMIT 50",
        "SELECT id, kind, phase, depot, opened_us, closed_us FROM custody_handover WHERE id COLLATE \"C\" > ($1::text[])[1] ORDER BY id COLLATE \"C\" LIMIT 50 FOR UPDATE");

    /// <summary>Rows that the journal's events name and that are not there: made again under the number the events carry.</summary>
    internal static readonly BulkSql RestoreParcel = new(
        RestoreColumns + "?1, c.code, 0, s.id, s.account, s.origin, s.destination, 0, 0, '', '', '', 1, false, 0, 0, 0, x'' FROM (SELECT ?2 AS code) c "
        + "LEFT JOIN custody_shipment s ON s.waybill = c.code WHERE true ON CONFLICT DO NOTHING",
        RestoreColumns + "c.id, c.code, 0, s.id, s.account, s.origin, s.destination, 0, 0, '', '', '', 1, false, 0, 0, 0, ''::bytea "
        + "FROM unnest($1::bigint[], $2::text[]) AS c(id, code) LEFT JOIN custody_shipment s ON s.waybill = c.code ON CONFLICT DO NOTHING");

    internal static readonly BulkSql ShipmentPage = new(
        "SELECT id, waybill, account, origin, destination, pieces FROM custody_shipment WHERE id > ?1 ORDER BY id LIMIT 200",
        "SELECT id, waybill, account, origin, destination, pieces FROM custody_shipment WHERE id > ($1::bigint[])[1] ORDER BY id LIMIT 200");

    internal static readonly BulkSql FindIds = new(
        "SELECT id FROM custody_parcel WHERE id = ?1",
        "SELECT id FROM custody_parcel WHERE id = ANY($1::bigint[])");

    internal static readonly BulkSql FindSteps = new(
        "SELECT event_id, handover, best_us, body FROM custody_handover_step WHERE event_id = ?1",
        "SELECT event_id, handover, best_us, body FROM custody_handover_step WHERE event_id = ANY($1::uuid[])");

    internal static readonly BulkSql RemoveStep = new(
        "DELETE FROM custody_handover_step WHERE event_id = ?1",
        "DELETE FROM custody_handover_step WHERE event_id = ANY($1::uuid[])");

    internal static readonly BulkSql FindExpected = new(
        "SELECT handover, parcel FROM custody_handover_parcel WHERE handover = ?1",
        "SELECT handover, parcel FROM custody_handover_parcel WHERE handover = ANY($1::text[])");

    /// <summary>After rows were made under given numbers, PostgreSQL's own numbering goes on behind them; SQLite's does so by itself.</summary>
    internal static readonly BulkSql MoveSequence = new(
        "SELECT ?1",
        "SELECT setval(pg_get_serial_sequence('custody_parcel', 'id'), (SELECT max(id) FROM custody_parcel)) FROM unnest($1::bigint[])");

    private const string RestoreColumns =
        "INSERT INTO custody_parcel(id, code, piece, shipment_id, account, origin, destination, stage, custodian_kind, custodian, node, next_node, exceptions, closed, "
        + "last_best_us, events, change, state) SELECT ";

    internal static ParcelColumns ReadColumns(IRow row) => new(
        Int(row, 2), Int(row, 3), row.Text(4), row.Text(5), row.Text(6), row.IsNull(7) ? null : row.Long(7), Maybe(row, 8), Maybe(row, 9), Maybe(row, 10), Maybe(row, 11),
        Int(row, 12), row.Bool(13), row.Long(14), Int(row, 15));

    internal static HandoverColumns ReadHandover(IRow row) =>
        new(Int(row, 1), Int(row, 2), Maybe(row, 3), row.Long(4), row.IsNull(5) ? null : row.Long(5));

    private static int Int(IRow row, int column) => checked((int)row.Long(column));

    private static string? Maybe(IRow row, int column) => row.IsNull(column) ? null : row.Text(column);
}
