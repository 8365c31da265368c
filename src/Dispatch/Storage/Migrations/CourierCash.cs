using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Dispatch.Storage.Migrations;

/// <summary>What money a courier may carry.</summary>
[DbContext(typeof(DispatchDb))]
[Migration("20260305000000_CourierCash")]
internal sealed class CourierCash : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<long>("cash_max_minor", "dispatch_courier", nullable: true);
}
