using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Custody.Storage.Migrations;

[DbContext(typeof(CustodyDb))]
[Migration("20260301000000_Gates")]
internal sealed class Gates : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<byte[]>("gates", "custody_shipment", nullable: true);
}
