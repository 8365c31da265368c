using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Custody.Storage.Migrations;

/// <summary>Where a consignee's street door is, and the parcels of a depot to be delivered found without looking at all of its parcels.</summary>
[DbContext(typeof(CustodyDb))]
[Migration("20260303000000_Doors")]
internal sealed class Doors : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("longitude_e5", "custody_shipment", nullable: true);
        migrationBuilder.AddColumn<int>("latitude_e5", "custody_shipment", nullable: true);
        migrationBuilder.Sql("CREATE INDEX ix_custody_parcel_for_delivery ON custody_parcel(destination) WHERE NOT closed;");
    }
}
