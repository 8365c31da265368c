using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Cases.Storage.Migrations;

/// <summary>A regress's cause that counts against nobody; and no more columns for figures that service levels read from the journal.</summary>
[DbContext(typeof(CasesDb))]
[Migration("20260501000000_Regress")]
internal sealed class Regress : ModuleMigration
{
    private const string Case = "cases_case";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var counted in new[] { "answer_due_us", "statute_due_us", "first_closed_us" }) migrationBuilder.DropIndex($"ix_cases_case_account_{counted}", Case);
        // By hand: for SQLite the generator would make the table anew, from a model of its own that hand-written migrations do not have.
        foreach (var instant in new[] { "answer_due_us", "answered_us", "statute_due_us", "first_closed_us", "first_reopened_us" }) migrationBuilder.Sql($"ALTER TABLE {Case} DROP COLUMN {instant}");
        migrationBuilder.AddColumn<bool>("uncontrollable", Case, defaultValue: false);
    }
}
