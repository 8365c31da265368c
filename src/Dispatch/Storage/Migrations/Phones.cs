using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Dispatch.Storage.Migrations;

[DbContext(typeof(DispatchDb))]
[Migration("20260303000000_Phones")]
internal sealed class Phones : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("dispatch_phone", t => new
        {
            courier = t.Column<string>(),
            device = t.Column<string>(),
            journal = t.Column<Guid>(type: UuidType),
            seen = t.Column<string>(),
            boot = t.Column<Guid>(type: UuidType),
            contact_us = t.Column<long>(),
            contact_monotonic_us = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_phone", x => new { x.courier, x.device }));
        migrationBuilder.CreateTable("dispatch_refused_fact", t => new
        {
            event_id = t.Column<Guid>(type: UuidType),
            courier = t.Column<string>(),
            device = t.Column<string>(),
            at_us = t.Column<long>(),
            body = t.Column<byte[]>(),
            answer = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_refused_fact", x => x.event_id));
    }
}
