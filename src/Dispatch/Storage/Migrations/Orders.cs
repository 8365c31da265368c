using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Dispatch.Storage.Migrations;

[DbContext(typeof(DispatchDb))]
[Migration("20260302000000_Orders")]
internal sealed class Orders : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("dispatch_fact", t => new
        {
            event_id = t.Column<Guid>(type: UuidType),
            subject = t.Column<string>(),
            earliest_us = t.Column<long>(),
            best_us = t.Column<long>(),
            latest_us = t.Column<long>(),
            body = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_fact", x => x.event_id));
        migrationBuilder.CreateIndex("ix_dispatch_fact_subject_best_us", "dispatch_fact", ["subject", "best_us"]);
        migrationBuilder.CreateTable("dispatch_order", t => new
        {
            id = t.Column<string>(),
            account = t.Column<string>(),
            site = t.Column<string>(),
            depot = t.Column<string>(),
            from_us = t.Column<long>(),
            until_us = t.Column<long>(),
            parcels = t.Column<int>(),
            mass_mg = t.Column<long>(),
            longitude_e5 = t.Column<int>(),
            latitude_e5 = t.Column<int>(),
            standing = t.Column<string>(),
            phase = t.Column<int>(),
            done_us = t.Column<long>(nullable: true),
            punctuality = t.Column<int>(),
            taken = t.Column<int>(),
            was_missed = t.Column<bool>(),
            reason = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_order", x => x.id));
        migrationBuilder.CreateIndex("ix_dispatch_order_depot_from_us", "dispatch_order", ["depot", "from_us"]);
        migrationBuilder.CreateIndex("ix_dispatch_order_account_from_us", "dispatch_order", ["account", "from_us"]);
        migrationBuilder.CreateIndex("ix_dispatch_order_until_us", "dispatch_order", "until_us", filter: "phase = 1");
        migrationBuilder.CreateTable("dispatch_standing", t => new
        {
            id = t.Column<string>(),
            account = t.Column<string>(),
            site = t.Column<string>(),
            depot = t.Column<string>(),
            windows = t.Column<string>(),
            zone = t.Column<string>(),
            region = t.Column<string>(),
            make_up_days = t.Column<bool>(),
            first = t.Column<DateOnly>(),
            last = t.Column<DateOnly>(nullable: true),
            parcels = t.Column<int>(),
            longitude_e5 = t.Column<int>(),
            latitude_e5 = t.Column<int>(),
            created_us = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_standing", x => x.id));
        migrationBuilder.CreateIndex("ix_dispatch_standing_account", "dispatch_standing", "account");
    }
}
