using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace KeyAccountLogistics.Contracts.Storage.Migrations;

[DbContext(typeof(ContractsDb))]
[Migration("20260301000000_Initial")]
internal sealed class Initial : ModuleMigration
{
    private const string SignedColumns = "contract, version, account, document, hash, from_us, until_us, renews, signed_by, client_contact, signed_us";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        Accounts(migrationBuilder);
        People(migrationBuilder);
        Versions(migrationBuilder);
        Authority(migrationBuilder);
        Alerts(migrationBuilder);
        RefuseChanges(migrationBuilder);
    }

    private static void Accounts(MigrationBuilder b)
    {
        b.CreateTable("contracts_account", t => new
        {
            account = t.Column<string>(),
            name_zh = t.Column<string>(),
            name_en = t.Column<string>(),
            grade = t.Column<string>(),
            ownership = t.Column<string>(),
            scope = t.Column<int>(),
            scope_asked = t.Column<int>(),
            scope_asked_by = t.Column<string>(nullable: true),
            owner = t.Column<string>(),
            credit_limit_minor = t.Column<long>(nullable: true),
            credit_currency = t.Column<string>(),
            credit_code = t.Column<string>(nullable: true),
            representative_document = t.Column<string>(nullable: true),
            identity_seen_us = t.Column<long>(nullable: true),
            identity_seen_by = t.Column<string>(nullable: true),
            record = t.Column<byte[]>(),
            created_us = t.Column<long>(),
            revision = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_contracts_account", x => x.account));
        b.CreateIndex("ix_contracts_account_owner", "contracts_account", "owner");
        b.CreateIndex("ix_contracts_account_credit_code", "contracts_account", "credit_code");
        b.CreateTable("contracts_site", t => new
        {
            account = t.Column<string>(),
            code = t.Column<string>(),
            name = t.Column<string>(),
            place = t.Column<string>(),
            address = t.Column<string>(),
            depot = t.Column<string>(),
            closed = t.Column<bool>(),
        }, constraints: t => t.PrimaryKey("pk_contracts_site", x => new { x.account, x.code }));
        b.CreateTable("contracts_pickup_window", t => new
        {
            account = t.Column<string>(),
            site = t.Column<string>(),
            day = t.Column<int>(),
            from_minute = t.Column<int>(),
            until_minute = t.Column<int>(),
        }, constraints: t => t.PrimaryKey("pk_contracts_pickup_window", x => new { x.account, x.site, x.day, x.from_minute }));
        b.CreateTable("contracts_agreement", t => new
        {
            account = t.Column<string>(),
            number = t.Column<string>(),
            signed_on = t.Column<DateOnly>(),
            last_day = t.Column<DateOnly>(),
            recorded_us = t.Column<long>(),
            recorded_by = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("pk_contracts_agreement", x => new { x.account, x.number }));
        b.CreateTable("contracts_account_event", t => new
        {
            account = t.Column<string>(),
            seq = t.Column<int>(),
            at_us = t.Column<long>(),
            who = t.Column<string>(),
            kind = t.Column<string>(),
            note = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("pk_contracts_account_event", x => new { x.account, x.seq }));
    }

    private static void People(MigrationBuilder b)
    {
        b.CreateTable("contracts_contact", t => new
        {
            id = t.Column<string>(),
            account = t.Column<string>(),
            level = t.Column<string>(),
            position = t.Column<string>(),
            signs = t.Column<bool>(),
            consent = t.Column<string>(),
            consent_how = t.Column<string>(),
            consent_us = t.Column<long>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_contracts_contact", x => x.id));
        b.CreateIndex("ix_contracts_contact_account", "contracts_contact", "account");
        b.CreateTable("contracts_owner", t => new
        {
            account = t.Column<string>(),
            seq = t.Column<int>(),
            person = t.Column<string>(),
            since_us = t.Column<long>(),
            reason = t.Column<string>(),
            handed_over = t.Column<string>(),
            changed_by = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("pk_contracts_owner", x => new { x.account, x.seq }));
        b.CreateTable("contracts_group_member", t => new
        {
            account = t.Column<string>(),
            level = t.Column<int>(),
            person = t.Column<string>(),
            duty = t.Column<string>(),
            escalation = t.Column<int>(),
        }, constraints: t => t.PrimaryKey("pk_contracts_group_member", x => new { x.account, x.level, x.person }));
    }

    private static void Versions(MigrationBuilder b)
    {
        b.CreateTable("contracts_contract", t => new
        {
            number = t.Column<string>(),
            account = t.Column<string>(),
            created_us = t.Column<long>(),
            revision = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_contracts_contract", x => x.number));
        b.CreateIndex("ix_contracts_contract_account", "contracts_contract", "account");
        b.CreateTable("contracts_version", t => new
        {
            contract = t.Column<string>(),
            version = t.Column<int>(),
            account = t.Column<string>(),
            document = t.Column<string>(),
            hash = t.Column<byte[]>(),
            from_us = t.Column<long>(nullable: true),
            until_us = t.Column<long>(nullable: true),
            renews = t.Column<bool>(),
            state = t.Column<int>(),
            proposed_by = t.Column<string>(nullable: true),
            awaiting = t.Column<string>(nullable: true),
            announced_us = t.Column<long>(nullable: true),
            signed_by = t.Column<string>(nullable: true),
            client_contact = t.Column<string>(nullable: true),
            signed_us = t.Column<long>(nullable: true),
            ends_us = t.Column<long>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_contracts_version", x => new { x.contract, x.version }));
        b.CreateIndex("ix_contracts_version_account", "contracts_version", "account");
        b.CreateTable("contracts_version_event", t => new
        {
            contract = t.Column<string>(),
            version = t.Column<int>(),
            seq = t.Column<int>(),
            account = t.Column<string>(),
            act = t.Column<int>(),
            who = t.Column<string>(),
            at_us = t.Column<long>(),
            body = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_contracts_version_event", x => new { x.contract, x.version, x.seq }));
    }

    private static void Authority(MigrationBuilder b)
    {
        b.CreateTable("contracts_authority", t => new
        {
            role = t.Column<string>(),
            rank = t.Column<int>(),
            head_office = t.Column<bool>(),
            discount_bp = t.Column<int>(nullable: true),
            compensation_minor = t.Column<long>(nullable: true),
            waiver_days = t.Column<int>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_contracts_authority", x => x.role));
        // Key account manager, area manager, head office; null = no limit. An installation sets its own (Contracts/SetAuthority).
        b.Sql(
            "INSERT INTO contracts_authority(role, rank, head_office, discount_bp, compensation_minor, waiver_days) VALUES "
            + "('KeyAccountManager', 1, false, 1000, 500000, 1), ('AreaManager', 2, false, 2000, 2000000, 3), ('SalesManager', 3, true, NULL, NULL, NULL);");
    }

    private static void Alerts(MigrationBuilder b)
    {
        b.CreateTable("contracts_alert", t => new
        {
            id = t.Column<long>()
                .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn)
                .Annotation("Sqlite:Autoincrement", true),
            kind = t.Column<string>(),
            account = t.Column<string>(),
            contract = t.Column<string>(),
            version = t.Column<int>(),
            due = t.Column<DateOnly>(),
            raised_us = t.Column<long>(),
            closed_us = t.Column<long>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_contracts_alert", x => x.id));
        b.CreateIndex("ux_contracts_alert_kind_account_contract_version_due", "contracts_alert", ["kind", "account", "contract", "version", "due"], unique: true);
        b.CreateTable("contracts_counter", t => new
        {
            name = t.Column<string>(),
            last = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("pk_contracts_counter", x => x.name));
    }

    // Whoever goes around the product with a database client finds the same rule: what was signed stays, and history is only added to.
    private void RefuseChanges(MigrationBuilder b)
    {
        string[] histories = ["contracts_version_event", "contracts_account_event", "contracts_owner"];
        if (OnSqlite)
        {
            var changed = string.Join(" OR ", SignedColumns.Split(", ").Select(c => $"new.{c} IS NOT old.{c}"));
            b.Sql($"CREATE TRIGGER contracts_version_signed_update BEFORE UPDATE ON contracts_version WHEN old.signed_us IS NOT NULL AND ({changed}) BEGIN SELECT RAISE(ABORT, 'a signed contract version never changes'); END;");
            b.Sql("CREATE TRIGGER contracts_version_signed_delete BEFORE DELETE ON contracts_version WHEN old.signed_us IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a signed contract version never changes'); END;");
            foreach (var table in histories)
            {
                foreach (var act in (string[])["UPDATE", "DELETE"])
                    b.Sql($"CREATE TRIGGER {table}_no_{act.ToLowerInvariant()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;");
            }
        }
        else
        {
            var changed = string.Join(" OR ", SignedColumns.Split(", ").Select(c => $"new.{c} IS DISTINCT FROM old.{c}"));
            b.Sql("CREATE FUNCTION contracts_refuse_signed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a signed contract version never changes'; END $$;");
            b.Sql("CREATE FUNCTION contracts_refuse_history() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'history is only added to'; END $$;");
            b.Sql($"CREATE TRIGGER contracts_version_signed_update BEFORE UPDATE ON contracts_version FOR EACH ROW WHEN (old.signed_us IS NOT NULL AND ({changed})) EXECUTE FUNCTION contracts_refuse_signed();");
            b.Sql("CREATE TRIGGER contracts_version_signed_delete BEFORE DELETE ON contracts_version FOR EACH ROW WHEN (old.signed_us IS NOT NULL) EXECUTE FUNCTION contracts_refuse_signed();");
            foreach (var table in histories)
                b.Sql($"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION contracts_refuse_history();");
        }
    }
}
