using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Cases.Storage.Migrations;

[DbContext(typeof(CasesDb))]
[Migration("20260301000000_Initial")]
internal sealed class Initial : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        Cases(migrationBuilder);
        History(migrationBuilder);
        Scales(migrationBuilder);
    }

    private static void Cases(MigrationBuilder b)
    {
        b.CreateTable("cases_case", t => new
        {
            id = t.Column<string>(),
            kind = t.Column<string>(),
            subject = t.Column<string>(),
            account = t.Column<string>(nullable: true),
            depot = t.Column<string>(nullable: true),
            owner = t.Column<string>(),
            stage = t.Column<string>(),
            state = t.Column<string>(),
            opened_us = t.Column<long>(),
            closed_us = t.Column<long>(nullable: true),
            due_us = t.Column<long>(nullable: true),
            due_clock = t.Column<string>(nullable: true),
            due_started_us = t.Column<long>(nullable: true),
            tick_us = t.Column<long>(nullable: true),
            escalated = t.Column<int>(),
            hold_minor = t.Column<long>(nullable: true),
            currency = t.Column<string>(nullable: true),
            hold_unknown = t.Column<string>(nullable: true),
            outcome = t.Column<string>(nullable: true),
            reopened = t.Column<int>(),
            entries = t.Column<int>(),
        }, constraints: t => t.PrimaryKey("pk_cases_case", x => x.id));
        b.CreateIndex("ix_cases_case_opened_us_id", "cases_case", ["opened_us", "id"]);
        b.CreateIndex("ix_cases_case_account_opened_us", "cases_case", ["account", "opened_us"]);
        b.CreateIndex("ix_cases_case_due_us", "cases_case", "due_us", filter: "due_us IS NOT NULL");
        b.CreateIndex("ix_cases_case_tick_us", "cases_case", "tick_us", filter: "tick_us IS NOT NULL");
    }

    private void History(MigrationBuilder b)
    {
        b.CreateTable("cases_entry", t => new
        {
            case_id = t.Column<string>(),
            number = t.Column<int>(),
            entry_id = t.Column<Guid>(type: UuidType),
            at_us = t.Column<long>(),
            body = t.Column<byte[]>(),
            hash = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_cases_entry", x => new { x.case_id, x.number }));
        b.CreateIndex("ux_cases_entry_case_id_entry_id", "cases_entry", ["case_id", "entry_id"], unique: true);
    }

    private void Scales(MigrationBuilder b)
    {
        b.CreateTable("cases_scale", t => new
        {
            case_id = t.Column<string>(),
            event_id = t.Column<Guid>(type: UuidType),
            parcel_id = t.Column<long>(),
            depot = t.Column<string>(),
            device = t.Column<string>(),
            at_us = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_cases_scale", x => new { x.case_id, x.event_id }));
        b.CreateIndex("ix_cases_scale_depot_device_at_us", "cases_scale", ["depot", "device", "at_us"]);
        b.CreateTable("cases_scale_change", t => new
        {
            event_id = t.Column<Guid>(type: UuidType),
            depot = t.Column<string>(),
            device = t.Column<string>(),
            released = t.Column<bool>(),
            at_us = t.Column<long>(),
            bias = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_cases_scale_change", x => x.event_id));
        b.CreateIndex("ix_cases_scale_change_depot_device", "cases_scale_change", ["depot", "device"]);
    }
}
