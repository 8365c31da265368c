using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.ServiceLevels.Storage.Migrations;

/// <summary>Until when a parcel that was not attempted can still be in time.</summary>
[DbContext(typeof(LevelsDb))]
[Migration("20260721000000_DueAtRisk")]
internal sealed class DueAtRisk : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<long>("due_us", "level_subject", nullable: true);
}
