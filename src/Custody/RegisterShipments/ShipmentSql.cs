using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Custody.Register;

/// <summary>Registering many shipments in a few statements, both dialects side by side.</summary>
internal static class ShipmentSql
{
    private const string Columns =
        "waybill, account, product, origin, destination, accepted_us, promised_us, promise_clause, declared_mg, length_mm, width_mm, height_mm, declared_value_minor, cod_minor, "
        + "freight_collect_minor, currency, pieces, insured, fragile, seal, contract, contract_version, registered_us, content, gates, longitude_e5, latitude_e5";

    private const string ParcelColumns =
        "INSERT INTO custody_parcel(code, piece, shipment_id, account, origin, destination, stage, custodian_kind, custodian, node, next_node, exceptions, closed, "
        + "last_best_us, events, change, state) ";

    // A parcel that was known by its events only gets its shipment; one that belongs to a shipment stays with it.
    private const string GiveShipment =
        " ON CONFLICT(code) DO UPDATE SET piece = excluded.piece, shipment_id = excluded.shipment_id, account = excluded.account, origin = excluded.origin, "
        + "destination = excluded.destination, change = excluded.change, closed_change = CASE WHEN custody_parcel.closed THEN excluded.change END, exceptions = custody_parcel.exceptions - CASE WHEN custody_parcel.piece = 0 AND excluded.piece > 0 THEN 1 ELSE 0 END "
        + "WHERE custody_parcel.piece = 0";

    internal static readonly BulkSql FindShipments = new(
        "SELECT waybill, account, content FROM custody_shipment WHERE waybill = ?1",
        "SELECT waybill, account, content FROM custody_shipment WHERE waybill = ANY($1::text[])");

    /// <summary>Parcel codes that belong to a shipment already.</summary>
    internal static readonly BulkSql FindTaken = new(
        "SELECT p.code, s.waybill FROM custody_parcel p JOIN custody_shipment s ON s.id = p.shipment_id WHERE p.code = ?1 AND p.piece > 0",
        "SELECT p.code, s.waybill FROM custody_parcel p JOIN custody_shipment s ON s.id = p.shipment_id WHERE p.code = ANY($1::text[]) AND p.piece > 0");

    internal static readonly BulkSql AddShipments = new(
        $"INSERT INTO custody_shipment({Columns}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,?26,?27) "
        + "ON CONFLICT(waybill) DO NOTHING RETURNING id, waybill",
        $"INSERT INTO custody_shipment({Columns}) SELECT * FROM unnest($1::text[],$2::text[],$3::text[],$4::text[],$5::text[],$6::bigint[],$7::bigint[],$8::text[],$9::bigint[],"
        + "$10::int[],$11::int[],$12::int[],$13::bigint[],$14::bigint[],$15::bigint[],$16::text[],$17::int[],$18::boolean[],$19::boolean[],$20::text[],$21::text[],$22::int[],"
        + "$23::bigint[],$24::bytea[],$25::bytea[],$26::int[],$27::int[]) ON CONFLICT(waybill) DO NOTHING RETURNING id, waybill");

    internal static readonly BulkSql AddParcels = new(
        ParcelColumns + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, '', '', '', 0, false, 0, 0, ?7, x'')" + GiveShipment,
        ParcelColumns + "SELECT c, p, s, a, o, d, 0, 0, '', '', '', 0, false, 0, 0, pg_current_xact_id()::text::bigint + ch, ''::bytea "
        + "FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[]) AS t(c, p, s, a, o, d, ch)" + GiveShipment);

    /// <summary>Events that named the waybill of several pieces, before it was registered: they belong to the account, and to no piece.</summary>
    internal static readonly BulkSql ClaimBareWaybill = new(
        "UPDATE custody_parcel SET shipment_id=?2, account=?3, origin=?4, destination=?5 WHERE code=?1 AND piece = 0",
        "UPDATE custody_parcel p SET shipment_id=t.s, account=t.a, origin=t.o, destination=t.d FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[]) AS t(c, s, a, o, d) "
        + "WHERE p.code = t.c AND p.piece = 0");

    internal static RowBlock ShipmentBlock() => new(
        ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Text, ColumnKind.Long,
        ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Text, ColumnKind.Long, ColumnKind.Bool,
        ColumnKind.Bool, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Bytes, ColumnKind.Bytes,
        ColumnKind.Long, ColumnKind.Long);

    internal static RowBlock ParcelBlock() =>
        new(ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long);

    internal static void Add(RowBlock rows, NewShipment s, long nowUs)
    {
        var (said, picked) = (s.Said, s.Picked);
        rows.Text(s.Waybill).Text(said.Account).Text(said.Product).Text(said.Origin).Text(said.Destination)
            .Long(Present(said.AcceptedAtUs)).Long(picked.PromisedUs).Text(picked.PromiseClause).Long(Present(said.DeclaredMg))
            .Long(Present(said.LengthMm)).Long(Present(said.WidthMm)).Long(Present(said.HeightMm))
            .Long(said.DeclaredValueMinor).Long(said.CodMinor).Long(said.FreightCollectMinor).Text(said.Currency.Length == 0 ? null : said.Currency)
            .Long(s.Pieces).Bool(picked.Insured).Bool(said.Fragile).Text(said.Seal).Text(picked.Contract).Long(picked.Version).Long(nowUs).Bytes(s.Content).Bytes(picked.Gates)
            .Long(IsPlaced(said) ? said.LongitudeE5 : null).Long(IsPlaced(said) ? said.LatitudeE5 : null);
    }

    private static bool IsPlaced(Api.Custody.V1.ShipmentLine said) => said.LongitudeE5 != 0 || said.LatitudeE5 != 0;

    private static long? Present(long value) => value == 0 ? null : value;
}
