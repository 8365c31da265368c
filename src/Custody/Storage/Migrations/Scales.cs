using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Custody.Storage.Migrations;

[DbContext(typeof(CustodyDb))]
[Migration("20260201000000_Scales")]
internal sealed class Scales : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("custody_scale", t => new
        {
            depot = t.Column<string>(),
            device = t.Column<string>(),
            checked_us = t.Column<long>(),
            check_passed = t.Column<bool>(),
            check_body = t.Column<byte[]>(),
            quarantined_us = t.Column<long>(),
            released_us = t.Column<long>(),
            asked_us = t.Column<long>(),
            doubt_us = t.Column<long>(),
            bias_body = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_custody_scale", x => new { x.depot, x.device }));
        migrationBuilder.CreateTable("custody_scale_estimate", t => new
        {
            depot = t.Column<string>(),
            device = t.Column<string>(),
            registered = t.Column<byte[]>(),
            answer = t.Column<int>(),
            bias = t.Column<byte[]>(),
            estimated_us = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_custody_scale_estimate", x => new { x.depot, x.device }));
        migrationBuilder.CreateTable("custody_weighed_twice", t => new
        {
            event_id = t.Column<Guid>(type: UuidType),
            at_us = t.Column<long>(),
            first_node = t.Column<string>(),
            first_device = t.Column<string>(),
            first_mg = t.Column<long>(),
            second_node = t.Column<string>(),
            second_device = t.Column<string>(),
            second_mg = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_custody_weighed_twice", x => x.event_id));
        migrationBuilder.CreateIndex("ix_custody_weighed_twice_at_us", "custody_weighed_twice", "at_us");
    }
}
