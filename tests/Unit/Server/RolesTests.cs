using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Server.Access;

namespace KeyAccountLogistics.Unit.Server;

public sealed class RolesTests
{
    [Fact]
    public void The_roles_are_those_of_SEED_03_ROLES_and_the_administrator() => Roles.Table.Keys.Order(StringComparer.Ordinal).ShouldBe([
        "Administrator", "AreaManager", "AreaSales", "Auditor", "ClientUser", "Courier", "CustomerService", "DepotClerk", "Finance", "KeyAccountManager",
        "SalesManager", "StationHead",
    ]);

    [Fact]
    public void The_key_account_manager_sees_all_and_cannot_alter_weights_or_events_SEED_03_KAM()
    {
        var may = Roles.Table[Roles.KeyAccountManager];
        may.ShouldContain(Permission.ParcelRead);
        may.ShouldContain(Permission.EventRawRead);
        may.ShouldContain(Permission.TermsRead);
        may.Overlaps(Roles.AltersFacts).ShouldBeFalse();
    }

    [Fact]
    public void The_auditor_reads_raw_bytes_and_the_audit_and_changes_nothing()
    {
        var may = Roles.Table[Roles.Auditor];
        may.ShouldContain(Permission.EventRawRead);
        may.ShouldContain(Permission.AuditRead);
        may.ShouldContain(Permission.JournalVerify);
        may.Overlaps(Roles.AltersFacts).ShouldBeFalse();
        may.Overlaps([Permission.PeopleAdminister, Permission.AgentsAdminister, Permission.ApiKeysAdminister, Permission.ProjectionsRebuild, Permission.Backup])
            .ShouldBeFalse();
    }

    [Fact]
    public void No_role_and_no_key_may_pose_as_an_agent()
    {
        Roles.Table.Values.ShouldAllBe(may => !may.Contains(Permission.AgentLink));
        Roles.GrantableToApiKeys.ShouldNotContain(Permission.AgentLink);
        Roles.OfLocalAdministrator.ShouldNotContain(Permission.AgentLink);
    }

    [Fact]
    public void Only_the_administrator_administers()
    {
        foreach (var (role, may) in Roles.Table)
        {
            if (role == Roles.Administrator) continue;
            may.Overlaps([Permission.PeopleAdminister, Permission.AgentsAdminister, Permission.ApiKeysAdminister, Permission.Backup, Permission.Import]).ShouldBeFalse(role);
        }
    }

    [Fact]
    public void Every_permission_is_given_to_somebody()
    {
        var given = Roles.Table.Values.SelectMany(may => may).Concat(Roles.OfAgents).ToHashSet();
        Enum.GetValues<Permission>().Except([Permission.Unspecified, Permission.Anyone]).Except(given).ShouldBeEmpty();
    }

    [Fact]
    public void An_unknown_role_gives_nothing_but_being_signed_in() => Roles.PermissionsOf(["Emperor"]).ShouldBe([Permission.SignedIn]);
}
