using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Contracts.Storage.Migrations;

/// <summary>Up to what amount a role decides a case alone, beside what it may grant in a contract; customer service and finance decide cases and grant nothing (rank 0).</summary>
[DbContext(typeof(ContractsDb))]
[Migration("20260302000000_CaseAuthority")]
internal sealed class CaseAuthority : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<long>("case_minor", "contracts_authority", nullable: true);
        migrationBuilder.Sql(
            "UPDATE contracts_authority SET case_minor = CASE role WHEN 'KeyAccountManager' THEN 20000 WHEN 'AreaManager' THEN 50000 ELSE 0 END WHERE role <> 'SalesManager';");
        migrationBuilder.Sql(
            "INSERT INTO contracts_authority(role, rank, head_office, discount_bp, compensation_minor, waiver_days, case_minor) "
            + "SELECT 'CustomerService', 0, false, 0, 0, 0, 5000 WHERE NOT EXISTS (SELECT 1 FROM contracts_authority WHERE role = 'CustomerService') UNION ALL "
            + "SELECT 'Finance', 0, false, 0, 0, 0, 200000 WHERE NOT EXISTS (SELECT 1 FROM contracts_authority WHERE role = 'Finance');");
    }
}
