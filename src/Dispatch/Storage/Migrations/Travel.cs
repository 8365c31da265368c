using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Dispatch.Storage.Migrations;

/// <summary>How a depot's couriers get about, as learned from what they drove.</summary>
[DbContext(typeof(DispatchDb))]
[Migration("20260306000000_Travel")]
internal sealed class Travel : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateTable("dispatch_travel", t => new
    {
        depot = t.Column<string>(),
        detour_per_mille = t.Column<long>(),
        legs = t.Column<long>(),
        learned_us = t.Column<long>(),
    }, constraints: t => t.PrimaryKey("pk_dispatch_travel", x => x.depot));
}
