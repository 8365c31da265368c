using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.ServiceLevels.Storage.Migrations;

[DbContext(typeof(LevelsDb))]
[Migration("20260720000000_Months")]
internal sealed class Months : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("level_month", t => new
        {
            month = t.Column<int>(),
            account = t.Column<string>(),
            figure = t.Column<string>(),
            numerator = t.Column<long>(),
            denominator = t.Column<long>(),
            left_out = t.Column<long>(),
            in_doubt = t.Column<long>(),
            open = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_level_month", x => new { x.month, x.account, x.figure }));
        // As AccountDays.MonthOf counts months; what was counted by days so far is counted by months too.
        var month = OnSqlite
            ? "CAST(strftime('%Y', day * 86400, 'unixepoch') AS INTEGER) * 12 + CAST(strftime('%m', day * 86400, 'unixepoch') AS INTEGER) - 1"
            : "(EXTRACT(YEAR FROM date '1970-01-01' + day) * 12 + EXTRACT(MONTH FROM date '1970-01-01' + day) - 1)::int";
        migrationBuilder.Sql(
            "INSERT INTO level_month(month, account, figure, numerator, denominator, left_out, in_doubt, open) "
            + $"SELECT {month} AS month, account, figure, SUM(numerator), SUM(denominator), SUM(left_out), SUM(in_doubt), SUM(open) FROM level_counter WHERE kind = 0 GROUP BY 1, account, figure");
    }
}
