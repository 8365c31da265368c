using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Cases.Storage.Migrations;

/// <summary>What a complaint is about, and what service levels count of it.</summary>
[DbContext(typeof(CasesDb))]
[Migration("20260401000000_Complaints")]
internal sealed class Complaints : ModuleMigration
{
    private const string Case = "cases_case";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("about", Case, nullable: true);
        migrationBuilder.AddColumn<bool>("serious", Case, defaultValue: false);
        foreach (var instant in new[] { "answer_due_us", "answered_us", "statute_due_us", "first_closed_us", "first_reopened_us" }) migrationBuilder.AddColumn<long>(instant, Case, nullable: true);
        foreach (var counted in new[] { "answer_due_us", "statute_due_us", "first_closed_us" })
            migrationBuilder.CreateIndex($"ix_cases_case_account_{counted}", Case, ["account", counted], filter: $"{counted} IS NOT NULL");
    }
}
