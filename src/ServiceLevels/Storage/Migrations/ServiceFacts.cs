using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.ServiceLevels.Storage.Migrations;

/// <summary>The facts of accounts' service, and what takes them out.</summary>
[DbContext(typeof(LevelsDb))]
[Migration("20260610000000_ServiceFacts")]
internal sealed class ServiceFacts : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("level_fact", t => new
        {
            event_id = t.Column<Guid>(type: UuidType),
            account = t.Column<string>(),
            kind = t.Column<int>(),
            subject = t.Column<string>(collation: OnSqlite ? null : "C"),
            reference = t.Column<string>(),
            revision = t.Column<long>(),
            earliest_us = t.Column<long>(),
            best_us = t.Column<long>(),
            latest_us = t.Column<long>(),
            corrects = t.Column<Guid>(type: UuidType, nullable: true),
            body = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_level_fact", x => x.event_id));
        migrationBuilder.CreateIndex("ix_level_fact_account_kind_subject", "level_fact", ["account", "kind", "subject"]);
        migrationBuilder.CreateIndex("ix_level_fact_corrects", "level_fact", "corrects", filter: "corrects IS NOT NULL");
    }
}
