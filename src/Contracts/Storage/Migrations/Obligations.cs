using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Contracts.Storage.Migrations;

/// <summary>Which obligations were met; what is due follows from the contracts.</summary>
[DbContext(typeof(ContractsDb))]
[Migration("20260401000000_Obligations")]
internal sealed class Obligations : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("contracts_obligation_met", t => new
        {
            contract = t.Column<string>(),
            clause = t.Column<string>(),
            due = t.Column<DateOnly>(),
            account = t.Column<string>(),
            met_on = t.Column<DateOnly>(),
            reference = t.Column<string>(),
            who = t.Column<string>(),
            at_us = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_contracts_obligation_met", x => new { x.contract, x.clause, x.due }));
        migrationBuilder.CreateIndex("ix_contracts_obligation_met_account_due", "contracts_obligation_met", ["account", "due"]);
    }
}
