using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.ServiceLevels.Storage.Migrations;

/// <summary>What a warning is about, who owns it, the case it opened, and everything that was done about it.</summary>
[DbContext(typeof(LevelsDb))]
[Migration("20260710000000_WarningActs")]
internal sealed class WarningActs : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("subjects", "level_warning", defaultValue: "[]");
        migrationBuilder.AddColumn<string>("owner", "level_warning", defaultValue: "");
        migrationBuilder.AddColumn<string>("case_id", "level_warning", nullable: true);
        migrationBuilder.CreateTable("level_warning_act", t => new
        {
            warning_id = t.Column<string>(),
            seq = t.Column<int>(),
            account = t.Column<string>(),
            at_us = t.Column<long>(),
            who = t.Column<string>(),
            as_owner = t.Column<bool>(),
            words = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("pk_level_warning_act", x => new { x.warning_id, x.seq }));
        migrationBuilder.CreateIndex("ix_level_warning_act_account_as_owner", "level_warning_act", ["account", "as_owner"]);
        // What was done before is the first act of its warning; whoever owned it was whoever acted.
        migrationBuilder.Sql("INSERT INTO level_warning_act(warning_id, seq, account, at_us, who, as_owner, words) SELECT id, 1, account, since_us, done_by, " + (OnSqlite ? "0" : "FALSE") + ", done FROM level_warning WHERE done <> ''");
    }
}
