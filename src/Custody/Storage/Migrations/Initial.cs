using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace KeyAccountLogistics.Custody.Storage.Migrations;

[DbContext(typeof(CustodyDb))]
[Migration("20260101000000_Initial")]
internal sealed class Initial : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        Shipments(migrationBuilder);
        Parcels(migrationBuilder);
        Handovers(migrationBuilder);
        Papers(migrationBuilder);
    }

    private static void Shipments(MigrationBuilder b)
    {
        b.CreateTable("custody_shipment", t => new
        {
            id = Generated(t.Column<long>()),
            waybill = t.Column<string>(),
            account = t.Column<string>(),
            product = t.Column<string>(),
            origin = t.Column<string>(),
            destination = t.Column<string>(),
            accepted_us = t.Column<long>(nullable: true),
            promised_us = t.Column<long>(nullable: true),
            promise_clause = t.Column<string>(nullable: true),
            declared_mg = t.Column<long>(nullable: true),
            length_mm = t.Column<int>(nullable: true),
            width_mm = t.Column<int>(nullable: true),
            height_mm = t.Column<int>(nullable: true),
            declared_value_minor = t.Column<long>(),
            cod_minor = t.Column<long>(),
            freight_collect_minor = t.Column<long>(),
            currency = t.Column<string>(nullable: true),
            pieces = t.Column<int>(),
            insured = t.Column<bool>(),
            fragile = t.Column<bool>(),
            seal = t.Column<string>(),
            contract = t.Column<string>(nullable: true),
            contract_version = t.Column<int>(nullable: true),
            registered_us = t.Column<long>(),
            content = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_custody_shipment", x => x.id));
        b.CreateIndex("ux_custody_shipment_waybill", "custody_shipment", "waybill", unique: true);
    }

    private void Parcels(MigrationBuilder b)
    {
        b.CreateTable("custody_parcel", t => new
        {
            id = Generated(t.Column<long>()),
            // Prefixes are looked for by range, which needs the order of bytes.
            code = t.Column<string>(collation: OnSqlite ? null : "C"),
            piece = t.Column<int>(),
            shipment_id = t.Column<long>(nullable: true),
            account = t.Column<string>(nullable: true),
            origin = t.Column<string>(nullable: true),
            destination = t.Column<string>(nullable: true),
            stage = t.Column<int>(),
            custodian_kind = t.Column<int>(),
            custodian = t.Column<string>(),
            node = t.Column<string>(),
            next_node = t.Column<string>(),
            held_since_us = t.Column<long>(nullable: true),
            hold_reason = t.Column<string>(nullable: true),
            hold_place = t.Column<string>(nullable: true),
            hold_owner = t.Column<string>(nullable: true),
            hold_node = t.Column<string>(nullable: true),
            exceptions = t.Column<int>(),
            closed = t.Column<bool>(),
            last_best_us = t.Column<long>(),
            events = t.Column<int>(),
            change = t.Column<long>(),
            closed_change = t.Column<long>(nullable: true),
            state = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_custody_parcel", x => x.id));
        b.CreateIndex("ux_custody_parcel_code", "custody_parcel", "code", unique: true);
        b.CreateIndex("ix_custody_parcel_shipment_id", "custody_parcel", "shipment_id");
        b.CreateIndex("ix_custody_parcel_account_id", "custody_parcel", ["account", "id"]);
        b.CreateIndex("ix_custody_parcel_hold_node_held_since_us", "custody_parcel", ["hold_node", "held_since_us"], filter: "held_since_us IS NOT NULL");
        b.CreateIndex("ix_custody_parcel_exceptions", "custody_parcel", "exceptions", filter: "exceptions > 0");
        foreach (var place in (string[])["origin", "destination", "node", "next_node"]) b.CreateIndex("ix_custody_parcel_" + place, "custody_parcel", place, filter: "NOT closed");
        b.CreateIndex("ix_custody_parcel_origin_closed_change", "custody_parcel", ["origin", "closed_change"], filter: "closed");
        b.CreateIndex("ix_custody_parcel_destination_closed_change", "custody_parcel", ["destination", "closed_change"], filter: "closed");
        // Rows are rewritten with every event: room on the page keeps the indexes out of it.
        if (!OnSqlite) b.Sql("ALTER TABLE custody_parcel SET (fillfactor = 45)");
    }

    private void Handovers(MigrationBuilder b)
    {
        b.CreateTable("custody_handover", t => new
        {
            id = t.Column<string>(),
            kind = t.Column<int>(),
            phase = t.Column<int>(),
            depot = t.Column<string>(nullable: true),
            opened_us = t.Column<long>(),
            closed_us = t.Column<long>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_custody_handover", x => x.id));
        b.CreateIndex("ix_custody_handover_depot_opened_us", "custody_handover", ["depot", "opened_us"]);
        b.CreateTable("custody_handover_step", t => new
        {
            event_id = t.Column<Guid>(type: UuidType),
            handover = t.Column<string>(),
            best_us = t.Column<long>(),
            body = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_custody_handover_step", x => x.event_id));
        b.CreateIndex("ix_custody_handover_step_handover_best_us", "custody_handover_step", ["handover", "best_us"]);
        b.CreateTable("custody_handover_parcel", t => new
        {
            handover = t.Column<string>(),
            parcel = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("pk_custody_handover_parcel", x => new { x.handover, x.parcel }));
        b.CreateIndex("ix_custody_handover_parcel_parcel", "custody_handover_parcel", "parcel");
    }

    private void Papers(MigrationBuilder b)
    {
        b.CreateTable("custody_import", t => new
        {
            id = t.Column<string>(),
            lines = t.Column<long>(),
            taken = t.Column<long>(),
            unchanged = t.Column<long>(),
            rejected = t.Column<long>(),
            updated_us = t.Column<long>(),
            done = t.Column<bool>(),
        }, constraints: t => t.PrimaryKey("pk_custody_import", x => x.id));
        b.CreateTable("custody_certificate", t => new
        {
            serial = t.Column<string>(),
            parcel = t.Column<string>(),
            account = t.Column<string>(nullable: true),
            node = t.Column<string>(),
            reason = t.Column<string>(),
            issued_by = t.Column<string>(),
            issued_us = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_custody_certificate", x => x.serial));
        b.CreateIndex("ix_custody_certificate_parcel", "custody_certificate", "parcel");
        b.CreateTable("custody_counter", t => new
        {
            name = t.Column<string>(),
            last = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_custody_counter", x => x.name));
    }

    private static OperationBuilder<AddColumnOperation> Generated(OperationBuilder<AddColumnOperation> column) => column
        .Annotation("Sqlite:Autoincrement", true)
        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn);
}
