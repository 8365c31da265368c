using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace KeyAccountLogistics.Server.Identity;

[DbContext(typeof(IdentityDb))]
[Migration("20260101000000_Initial")]
internal sealed class InitialMigration : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        MakePeople(migrationBuilder);
        MakeSessions(migrationBuilder);
        MakeAgents(migrationBuilder);
        MakeApiKeys(migrationBuilder);
        MakeAudit(migrationBuilder);
        migrationBuilder.CreateTable("identity_version", t => new { name = t.Column<string>(), version = t.Column<long>() },
            constraints: t => t.PrimaryKey("pk_identity_version", x => x.name));
        migrationBuilder.Sql($"INSERT INTO identity_version (name, version) VALUES ('{IdentityVersion.People}', 1);");
    }

    private static void MakePeople(MigrationBuilder b)
    {
        b.CreateTable("identity_person", t => new
        {
            id = t.Column<string>(),
            name = t.Column<string>(),
            name_key = t.Column<string>(),
            display_name = t.Column<string>(),
            password_hash = t.Column<string>(nullable: true),
            pin_salt = t.Column<byte[]>(nullable: true),
            pin_verifier = t.Column<byte[]>(nullable: true),
            pin_iterations = t.Column<int>(),
            badge = t.Column<string>(nullable: true),
            roles = t.Column<string>(),
            accounts = t.Column<string>(),
            depots = t.Column<string>(),
            state = t.Column<int>(),
            language = t.Column<string>(),
            created_us = t.Column<long>(),
            command_id = t.Column<byte[]>(),
            command_hash = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_identity_person", x => x.id));
        b.CreateIndex("ux_identity_person_name_key", "identity_person", "name_key", unique: true);
        b.CreateIndex("ux_identity_person_badge", "identity_person", "badge", unique: true);
        b.CreateIndex("ux_identity_person_command_id", "identity_person", "command_id", unique: true);
    }

    private static void MakeSessions(MigrationBuilder b)
    {
        b.CreateTable("identity_session", t => new
        {
            id = t.Column<string>(),
            person = t.Column<string>(),
            started_us = t.Column<long>(),
            ends_us = t.Column<long>(),
            revoked_us = t.Column<long>(nullable: true),
            revoked_because = t.Column<string>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_identity_session", x => x.id));
        b.CreateIndex("ix_identity_session_person", "identity_session", "person");
        b.CreateIndex("ix_identity_session_ends_us", "identity_session", "ends_us");
        b.CreateTable("identity_refresh_token", t => new
        {
            hash = t.Column<byte[]>(),
            session = t.Column<string>(),
            expires_us = t.Column<long>(),
            used_us = t.Column<long>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_identity_refresh_token", x => x.hash));
        b.CreateIndex("ix_identity_refresh_token_session", "identity_refresh_token", "session");
        b.CreateTable("identity_sign_in_attempts", t => new
        {
            name_hash = t.Column<byte[]>(),
            failures = t.Column<int>(),
            last_attempt_us = t.Column<long>(),
            locked_until_us = t.Column<long>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_identity_sign_in_attempts", x => x.name_hash));
    }

    private static void MakeAgents(MigrationBuilder b)
    {
        b.CreateTable("identity_agent", t => new
        {
            id = t.Column<string>(),
            depot = t.Column<string>(),
            name = t.Column<string>(),
            public_key = t.Column<byte[]>(),
            enrolled_us = t.Column<long>(),
            last_contact_us = t.Column<long>(nullable: true),
            software = t.Column<string>(),
            revoked_us = t.Column<long>(nullable: true),
            revoked_because = t.Column<string>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_identity_agent", x => x.id));
        b.CreateTable("identity_enrolment_code", t => new
        {
            hash = t.Column<byte[]>(),
            depot = t.Column<string>(),
            name = t.Column<string>(),
            valid_until_us = t.Column<long>(),
            made_by = t.Column<string>(),
            agent = t.Column<string>(nullable: true),
        }, constraints: t => t.PrimaryKey("pk_identity_enrolment_code", x => x.hash));
    }

    private static void MakeApiKeys(MigrationBuilder b)
    {
        b.CreateTable("identity_api_key", t => new
        {
            id = t.Column<string>(),
            name = t.Column<string>(),
            secret_hash = t.Column<byte[]>(),
            accounts = t.Column<string>(),
            permissions = t.Column<string>(),
            created_us = t.Column<long>(),
            last_used_us = t.Column<long>(nullable: true),
            valid_until_us = t.Column<long>(nullable: true),
            revoked_us = t.Column<long>(nullable: true),
            revoked_because = t.Column<string>(nullable: true),
            made_by = t.Column<string>(),
            command_id = t.Column<byte[]>(),
            command_hash = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("pk_identity_api_key", x => x.id));
        b.CreateIndex("ux_identity_api_key_command_id", "identity_api_key", "command_id", unique: true);
    }

    private void MakeAudit(MigrationBuilder b)
    {
        b.CreateTable("identity_audit", t => new
        {
            id = t.Column<long>()
                .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn)
                .Annotation("Sqlite:Autoincrement", true),
            at_us = t.Column<long>(),
            actor = t.Column<string>(),
            act = t.Column<string>(),
            subject = t.Column<string>(),
            result = t.Column<string>(),
            reason = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("pk_identity_audit", x => x.id));
        b.CreateIndex("ix_identity_audit_at_us", "identity_audit", "at_us");
        if (OnSqlite)
        {
            foreach (var act in (string[])["UPDATE", "DELETE"])
                b.Sql($"CREATE TRIGGER identity_audit_no_{act.ToLowerInvariant()} BEFORE {act} ON identity_audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;");
        }
        else
        {
            b.Sql("CREATE FUNCTION identity_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the audit is only added to'; END $$;");
            b.Sql("CREATE TRIGGER identity_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON identity_audit FOR EACH STATEMENT EXECUTE FUNCTION identity_audit_refuse();");
        }
    }
}
