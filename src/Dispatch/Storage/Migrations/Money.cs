using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Dispatch.Storage.Migrations;

[DbContext(typeof(DispatchDb))]
[Migration("20260301000000_Money")]
internal sealed class Money : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("dispatch_entry", t => new
        {
            event_id = t.Column<Guid>(type: UuidType),
            corrected_by = t.Column<Guid>(type: UuidType, nullable: true),
            kind = t.Column<int>(),
            flaw = t.Column<int>(),
            at_us = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_entry", x => x.event_id));
        migrationBuilder.CreateIndex("ix_dispatch_entry_flaw", "dispatch_entry", "flaw", filter: "flaw > 0");
        migrationBuilder.CreateTable("dispatch_posting", t => new
        {
            event_id = t.Column<Guid>(type: UuidType),
            origin = t.Column<Guid>(type: UuidType),
            line = t.Column<int>(),
            ledger = t.Column<int>(),
            owner = t.Column<string>(),
            depot = t.Column<string>(),
            account = t.Column<string>(),
            minor = t.Column<long>(),
            currency = t.Column<string>(),
            parcel = t.Column<string>(),
            purpose = t.Column<int>(),
            at_us = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_posting", x => new { x.event_id, x.origin, x.line }));
        migrationBuilder.CreateIndex("ix_dispatch_posting_parcel", "dispatch_posting", "parcel");
        migrationBuilder.CreateIndex("ix_dispatch_posting_ledger_owner_at_us", "dispatch_posting", ["ledger", "owner", "at_us"]);
        migrationBuilder.CreateTable("dispatch_balance", t => new
        {
            ledger = t.Column<int>(),
            owner = t.Column<string>(),
            depot = t.Column<string>(),
            currency = t.Column<string>(),
            account = t.Column<string>(),
            minor = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_balance", x => new { x.ledger, x.owner, x.depot, x.currency }));
        migrationBuilder.CreateTable("dispatch_open_money", t => new
        {
            ledger = t.Column<int>(),
            owner = t.Column<string>(),
            depot = t.Column<string>(),
            currency = t.Column<string>(),
            parcel = t.Column<string>(),
            purpose = t.Column<int>(),
            account = t.Column<string>(),
            minor = t.Column<long>(),
            since_us = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_open_money", x => new { x.ledger, x.owner, x.depot, x.currency, x.parcel, x.purpose }));
        migrationBuilder.CreateIndex("ix_dispatch_open_money_ledger_owner_since_us", "dispatch_open_money", ["ledger", "owner", "since_us"], filter: "minor <> 0");
        migrationBuilder.CreateIndex("ix_dispatch_open_money_parcel", "dispatch_open_money", "parcel", filter: "minor <> 0");
    }
}
