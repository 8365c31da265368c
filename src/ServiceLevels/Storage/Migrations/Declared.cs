using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.ServiceLevels.Storage.Migrations;

[DbContext(typeof(LevelsDb))]
[Migration("20260520000000_Declared")]
internal sealed class Declared : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateTable("level_declared", t => new
    {
        id = t.Column<string>(),
        regions = t.Column<string>(),
        from_us = t.Column<long>(),
        until_us = t.Column<long>(),
        why = t.Column<string>(),
        asked_by = t.Column<string>(),
        asked_us = t.Column<long>(),
        confirmed_by = t.Column<string>(nullable: true),
        confirmed_us = t.Column<long>(nullable: true),
        withdrawn_by = t.Column<string>(nullable: true),
        withdrawn_us = t.Column<long>(nullable: true),
        parcels = t.Column<long>(),
    }, constraints: t => t.PrimaryKey("pk_level_declared", x => x.id));
}
