using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.ServiceLevels.Storage.Migrations;

[DbContext(typeof(LevelsDb))]
[Migration("20260510000000_Hours")]
internal sealed class Hours : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("level_hour", t => new
        {
            account = t.Column<string>(),
            figure = t.Column<string>(),
            hour = t.Column<int>(),
            units = t.Column<long>(),
            failures = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_level_hour", x => new { x.account, x.figure, x.hour }));
        migrationBuilder.CreateIndex("ix_level_hour_hour", "level_hour", "hour");
    }
}
