using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace KeyAccountLogistics.Journal.Tables;

[DbContext(typeof(JournalDb))]
[Migration("20260101000000_Initial")]
internal sealed class Initial : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        Sources(migrationBuilder);
        Events(migrationBuilder);
        Promises(migrationBuilder);
        Personal(migrationBuilder);
    }

    private void Sources(MigrationBuilder b)
    {
        b.CreateTable("journal_source", t => new
        {
            id = Generated(t.Column<int>()),
            name = t.Column<string>(),
            kind = t.Column<int>(),
            head_index = t.Column<long>(),
            head_hash = t.Column<byte[]>(),
            last_contact_us = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_journal_source", x => x.id));
        b.CreateIndex("ux_journal_source_name", "journal_source", "name", unique: true);
        b.CreateTable("journal_boot", t => new
        {
            id = Generated(t.Column<int>()),
            source_id = t.Column<int>(),
            boot = t.Column<Guid>(type: UuidType),
        }, constraints: t => t.PrimaryKey("pk_journal_boot", x => x.id));
        b.CreateIndex("ux_journal_boot_source_id_boot", "journal_boot", ["source_id", "boot"], unique: true);
        b.CreateTable("journal_range", t => new
        {
            boot_id = t.Column<int>(),
            first_sequence = t.Column<long>(),
            last_sequence = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_journal_range", x => new { x.boot_id, x.first_sequence }));
        b.CreateTable("journal_clock", t => new
        {
            source_id = t.Column<int>(),
            from_index = t.Column<long>(),
            evidence = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_journal_clock", x => new { x.source_id, x.from_index }));
    }

    private void Events(MigrationBuilder b)
    {
        if (!OnSqlite) b.CreateSequence<long>("journal_position", incrementBy: JournalOptions.PositionsPerGroup);
        b.CreateTable("journal_event", t => new
        {
            position = t.Column<long>(),
            source_id = t.Column<int>(),
            chain_index = t.Column<long>(),
            boot_id = t.Column<int>(nullable: true),
            sequence = t.Column<long>(nullable: true),
            event_id = t.Column<Guid>(type: UuidType),
            kind = t.Column<short>(),
            parcel_id = t.Column<long>(nullable: true),
            received_us = t.Column<long>(),
            earliest_us = t.Column<long>(),
            best_us = t.Column<long>(),
            latest_us = t.Column<long>(),
            body = t.Column<byte[]>(),
            hash = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_journal_event", x => x.position));
        b.CreateIndex("ux_journal_event_source_id_chain_index", "journal_event", ["source_id", "chain_index"], unique: true);
        b.CreateIndex("ux_journal_event_event_id", "journal_event", "event_id", unique: true);
        b.CreateIndex("ix_journal_event_parcel_id_position", "journal_event", ["parcel_id", "position"], filter: "parcel_id IS NOT NULL");
    }

    private void Promises(MigrationBuilder b)
    {
        b.CreateTable("journal_outbox", t => new
        {
            id = Generated(t.Column<long>()),
            topic = t.Column<string>(),
            first_position = t.Column<long>(),
            last_position = t.Column<long>(),
            payload = t.Column<byte[]>(nullable: true),
            created_us = t.Column<long>(),
            attempts = t.Column<int>(),
            next_try_us = t.Column<long>(),
            parked_us = t.Column<long>(nullable: true),
            last_error = t.Column<string>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_journal_outbox", x => x.id));
        b.CreateIndex("ix_journal_outbox_next_try_us", "journal_outbox", "next_try_us", filter: "parked_us IS NULL");
        b.CreateTable("journal_command", t => new
        {
            command_id = t.Column<Guid>(type: UuidType),
            caller = t.Column<string>(),
            rpc = t.Column<string>(),
            content_hash = t.Column<byte[]>(),
            reply = t.Column<byte[]>(),
            done_us = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_journal_command", x => x.command_id));
        b.CreateIndex("ix_journal_command_done_us", "journal_command", "done_us");
        b.CreateTable("journal_job", t => new
        {
            name = t.Column<string>(),
            last_closed = t.Column<string>(),
            closed_us = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_journal_job", x => x.name));
    }

    private static void Personal(MigrationBuilder b)
    {
        b.CreateTable("journal_shipment_key", t => new
        {
            shipment = t.Column<string>(),
            wrapped_key = t.Column<byte[]>(nullable: true),
            created_us = t.Column<long>(),
            destroyed_us = t.Column<long>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_journal_shipment_key", x => x.shipment));
        b.CreateTable("journal_personal", t => new
        {
            shipment = t.Column<string>(),
            kind = t.Column<string>(),
            @sealed = t.Column<byte[]>(),
            stored_us = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_journal_personal", x => new { x.shipment, x.kind }));
    }

    private static OperationBuilder<AddColumnOperation> Generated(OperationBuilder<AddColumnOperation> column) => column
        .Annotation("Sqlite:Autoincrement", true)
        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn);
}
