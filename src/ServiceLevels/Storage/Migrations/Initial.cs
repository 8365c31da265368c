using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace KeyAccountLogistics.ServiceLevels.Storage.Migrations;

[DbContext(typeof(LevelsDb))]
[Migration("20260501000000_Initial")]
internal sealed class Initial : ModuleMigration
{
    private string? Plain => OnSqlite ? null : "C";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        Changed(migrationBuilder);
        Terms(migrationBuilder);
        Subjects(migrationBuilder);
        Counters(migrationBuilder);
        Warnings(migrationBuilder);
    }

    private void Changed(MigrationBuilder b) => b.CreateTable("level_changed", t => new
    {
        id = Generated(t.Column<long>()),
        at_us = t.Column<long>(),
        body = t.Column<byte[]>(),
    }, constraints: t => t.PrimaryKey("pk_level_changed", x => x.id));

    private static void Terms(MigrationBuilder b) => b.CreateTable("level_terms", t => new
    {
        account = t.Column<string>(),
        digest = t.Column<byte[]>(),
    }, constraints: t => t.PrimaryKey("pk_level_terms", x => x.account));

    private void Subjects(MigrationBuilder b)
    {
        b.CreateTable("level_subject", t => new
        {
            subject = t.Column<string>(collation: Plain),
            code = t.Column<string>(),
            account = t.Column<string>(nullable: true),
            contract = t.Column<string>(),
            lane = t.Column<string>(),
            product = t.Column<string>(),
            depot = t.Column<string>(),
            courier = t.Column<string>(),
            first_day = t.Column<int>(nullable: true),
            last_day = t.Column<int>(nullable: true),
            gate_us = t.Column<long>(nullable: true),
            body = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_level_subject", x => x.subject));
        b.CreateIndex("ix_level_subject_account_last_day", "level_subject", ["account", "last_day"]);
        b.CreateIndex("ix_level_subject_code", "level_subject", "code");
        b.CreateIndex("ix_level_subject_gate_us", "level_subject", "gate_us", filter: "gate_us IS NOT NULL");
        b.CreateTable("level_mark", t => new
        {
            subject = t.Column<string>(collation: Plain),
            figure = t.Column<string>(),
            account = t.Column<string>(),
            day = t.Column<int>(),
            outcome = t.Column<int>(),
            in_doubt = t.Column<bool>(),
        }, constraints: t => t.PrimaryKey("pk_level_mark", x => new { x.subject, x.figure }));
        b.CreateIndex("ix_level_mark_account_figure_day_subject", "level_mark", ["account", "figure", "day", "subject"]);
    }

    private static void Counters(MigrationBuilder b)
    {
        b.CreateTable("level_counter", t => new
        {
            account = t.Column<string>(),
            day = t.Column<int>(),
            kind = t.Column<int>(),
            member = t.Column<string>(),
            figure = t.Column<string>(),
            numerator = t.Column<long>(),
            denominator = t.Column<long>(),
            left_out = t.Column<long>(),
            in_doubt = t.Column<long>(),
            open = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_level_counter", x => new { x.kind, x.account, x.day, x.member, x.figure }));
        b.CreateTable("level_published", t => new
        {
            account = t.Column<string>(),
            day = t.Column<int>(),
            figure = t.Column<string>(),
            first_numerator = t.Column<long>(),
            first_denominator = t.Column<long>(),
            first_left_out = t.Column<long>(),
            published_us = t.Column<long>(),
            numerator = t.Column<long>(),
            denominator = t.Column<long>(),
            left_out = t.Column<long>(),
            restated_us = t.Column<long>(nullable: true),
            because = t.Column<string>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_level_published", x => new { x.account, x.day, x.figure }));
    }

    private static void Warnings(MigrationBuilder b)
    {
        b.CreateTable("level_warning", t => new
        {
            id = t.Column<string>(),
            account = t.Column<string>(),
            rule = t.Column<string>(),
            family = t.Column<string>(),
            reason = t.Column<string>(),
            level = t.Column<int>(),
            evidence = t.Column<string>(),
            since_us = t.Column<long>(),
            due_us = t.Column<long>(),
            done = t.Column<string>(),
            done_by = t.Column<string>(),
            closed_us = t.Column<long>(nullable: true),
            closed_because = t.Column<string>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_level_warning", x => x.id));
        b.CreateIndex("ix_level_warning_since_us_id", "level_warning", ["since_us", "id"]);
        b.CreateIndex("ix_level_warning_account", "level_warning", "account", filter: "closed_us IS NULL");
    }

    private static OperationBuilder<AddColumnOperation> Generated(OperationBuilder<AddColumnOperation> column) => column
        .Annotation("Sqlite:Autoincrement", true)
        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn);
}
