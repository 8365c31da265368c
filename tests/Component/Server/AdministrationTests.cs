using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Server;

public sealed class AdministrationTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_same_command_makes_one_person_and_the_same_id_for_another_is_refused(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var people = new People.PeopleClient(await backend.AsAdministratorAsync());
        var request = NewPerson("li.wei");
        var first = await people.CreateAsync(request);
        (await people.CreateAsync(request)).ShouldBe(first);
        (await people.ListAsync(new ListPeopleRequest { PageSize = 500 })).People.Count(p => p.Name == "li.wei").ShouldBe(1);
        request.DisplayName = "Somebody else";
        (await RefusalAsync(people.CreateAsync(request))).ShouldBe((StatusCode.FailedPrecondition, "command.reused"));
        (await RefusalAsync(people.CreateAsync(NewPerson("LI.WEI")))).ShouldBe((StatusCode.FailedPrecondition, "name.taken"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_a_person_may_not_be_is_named_with_its_field(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var people = new People.PeopleClient(await backend.AsAdministratorAsync());
        foreach (var (change, field) in new (Action<CreatePersonRequest>, string)[]
        {
            (p => p.CommandId = ByteString.Empty, "command_id"),
            (p => p.Name = "x", "name"),
            (p => p.Name = "two words", "name"),
            (p => p.DisplayName = " ", "display_name"),
            (p => p.Password = "short", "password"),
            (p => p.Password = p.Pin = string.Empty, "password"),
            (p => p.Pin = "123456", "pin"),
            (p => p.Badge = "a b", "badge"),
            (p => p.Language = "xx", "language"),
            (p => p.Roles.Clear(), "roles"),
            (p => p.Roles.Add("Emperor"), "roles"),
            (p => p.Accounts.Add("*"), "accounts"),
            (p => p.Depots.Add("SHA 01"), "depots"),
        })
        {
            var request = NewPerson("wang.fang");
            change(request);
            var refused = await Should.ThrowAsync<RpcException>(people.CreateAsync(request).ResponseAsync);
            refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
            refused.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations[0].Field.ShouldBe(field);
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_administrator_of_one_account_neither_sees_nor_makes_those_who_reach_further(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var request = NewPerson("local.admin");
        request.Roles.Clear();
        request.Roles.Add(Roles.Administrator);
        await new People.PeopleClient(await backend.AsAdministratorAsync()).CreateAsync(request);
        var people = new People.PeopleClient(backend.With((await backend.SignInAsync("local.admin")).AccessToken));
        (await people.ListAsync(new ListPeopleRequest())).People.Select(p => p.Name).ShouldBe(["local.admin"]);
        (await RefusalAsync(people.SetCredentialsAsync(new SetCredentialsRequest { Person = backend.People[Roles.Administrator], Password = "taken over by me" })))
            .ShouldBe((StatusCode.NotFound, "person.unknown"));
        var further = NewPerson("too.far");
        further.Accounts.Clear();
        further.Accounts.Add("*");
        (await RefusalAsync(people.CreateAsync(further))).ShouldBe((StatusCode.PermissionDenied, "scope.beyond_own"));
        var agents = new Agents.AgentsClient(backend.With((await backend.SignInAsync("local.admin")).AccessToken));
        using var elsewhere = await backend.EnrolAsync("PEK02");
        (await agents.ListAsync(new ListAgentsRequest())).Agents.ShouldBeEmpty();
        (await RefusalAsync(agents.RevokeAsync(new RevokeAgentRequest { Agent = elsewhere.Id, Reason = "mine" }))).ShouldBe((StatusCode.NotFound, "agent.unknown"));
        (await RefusalAsync(agents.CreateEnrolmentCodeAsync(new CreateEnrolmentCodeRequest { Depot = "PEK02" }))).ShouldBe((StatusCode.NotFound, "depot.unknown"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Nobody_locks_himself_out(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var people = new People.PeopleClient(await backend.AsAdministratorAsync());
        var self = backend.People[Roles.Administrator];
        (await RefusalAsync(people.SetStateAsync(new SetPersonStateRequest { Person = self, State = "disabled" }))).ShouldBe((StatusCode.FailedPrecondition, "state.own"));
        (await RefusalAsync(people.SetAccessAsync(new SetAccessRequest { Person = self, Roles = { Roles.Finance }, Accounts = { "*" }, Depots = { "*" } })))
            .ShouldBe((StatusCode.FailedPrecondition, "access.own_administration"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Access_that_is_taken_away_is_gone_at_the_next_call(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var auditor = new Audit.AuditClient(await backend.AsAsync(Roles.Auditor));
        await auditor.ListAsync(new ListAuditRequest());
        await new People.PeopleClient(await backend.AsAdministratorAsync())
            .SetAccessAsync(new SetAccessRequest { Person = backend.People[Roles.Auditor], Roles = { Roles.Finance }, Accounts = { "*" }, Depots = { "*" } });
        (await RefusalAsync(auditor.ListAsync(new ListAuditRequest()))).ShouldBe((StatusCode.PermissionDenied, "access.denied"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_new_password_opens_a_lock_and_ends_the_sessions(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var name = BackendFixture.NameOf(Roles.Courier);
        var signIn = new SignIn.SignInClient(backend.Anonymous());
        for (var i = 0; i < 5; i++) await signIn.WithPasswordAsync(new PasswordSignInRequest { Name = name, Password = "wrong password" });
        var people = new People.PeopleClient(await backend.AsAdministratorAsync());
        (await people.ListAsync(new ListPeopleRequest())).People.Single(p => p.Name == name).State.ShouldBe("locked");
        await people.SetCredentialsAsync(new SetCredentialsRequest { Person = backend.People[Roles.Courier], Password = "a fresh good sentence" });
        await backend.SignInAsync(name, "a fresh good sentence");
        (await people.ListAsync(new ListPeopleRequest())).People.Single(p => p.Name == name).State.ShouldBe("active");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task People_come_in_pages(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var people = new People.PeopleClient(await backend.AsAdministratorAsync());
        var seen = new List<string>();
        var token = string.Empty;
        do
        {
            var page = await people.ListAsync(new ListPeopleRequest { PageSize = 5, PageToken = token });
            page.People.Count.ShouldBeLessThanOrEqualTo(5);
            seen.AddRange(page.People.Select(p => p.Id));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        seen.Order(StringComparer.Ordinal).ShouldBe(backend.People.Values.Order(StringComparer.Ordinal));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_enrolment_code_counts_once_within_its_time(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var agents = new Agents.AgentsClient(await backend.AsAdministratorAsync());
        var code = await agents.CreateEnrolmentCodeAsync(new CreateEnrolmentCodeRequest { Depot = "SHA01", Name = "hall 1", ValidMinutes = 10 });
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var client = new Enrolment.EnrolmentClient(backend.Anonymous());
        var request = new EnrolRequest { Code = code.Code.ToUpperInvariant(), PublicKey = ByteString.CopyFrom(key.ExportSubjectPublicKeyInfo()), Software = "kal 0.1" };
        var enrolled = await client.EnrolAsync(request);
        enrolled.Depot.ShouldBe("SHA01");
        (await client.EnrolAsync(request)).Agent.ShouldBe(enrolled.Agent, "the same code with the same key is the same enrolment, whose answer was lost");
        using var thief = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        (await RefusalAsync(client.EnrolAsync(new EnrolRequest { Code = code.Code, PublicKey = ByteString.CopyFrom(thief.ExportSubjectPublicKeyInfo()) })))
            .ShouldBe((StatusCode.PermissionDenied, "enrolment.code_refused"));
        var late = await agents.CreateEnrolmentCodeAsync(new CreateEnrolmentCodeRequest { Depot = "SHA01", ValidMinutes = 10 });
        backend.Time.Advance(TimeSpan.FromMinutes(10));
        (await RefusalAsync(client.EnrolAsync(new EnrolRequest { Code = late.Code, PublicKey = request.PublicKey }))).ShouldBe((StatusCode.PermissionDenied, "enrolment.code_refused"));
        var listed = (await agents.ListAsync(new ListAgentsRequest())).Agents.ShouldHaveSingleItem();
        (listed.Id, listed.Name, listed.State, listed.Software).ShouldBe((enrolled.Agent, "hall 1", "active", "kal 0.1"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_same_command_gives_the_same_key_and_the_secret_is_kept_nowhere(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var keys = new ApiKeys.ApiKeysClient(await backend.AsAdministratorAsync());
        var request = new CreateApiKeyRequest { CommandId = BackendFixture.NewCommandId(), Name = "WMS", Accounts = { "KA-1" }, Permissions = { Permission.ParcelRead, Permission.ShipmentRegister } };
        var made = await keys.CreateAsync(request);
        (await keys.CreateAsync(request)).Secret.ShouldBe(made.Secret);
        (await keys.ListAsync(new ListApiKeysRequest())).Keys.ShouldHaveSingleItem().LastUsedUs.ShouldBe(0);
        var who = await new SignIn.SignInClient(backend.With(made.Secret)).WhoAmIAsync(new WhoAmIRequest());
        (who.Id, who.Kind).ShouldBe((made.Key.Id, "api_key"));
        who.Accounts.ShouldBe(["KA-1"]);
        (await keys.ListAsync(new ListApiKeysRequest())).Keys.ShouldHaveSingleItem().LastUsedUs.ShouldBeGreaterThan(0);
        (await RefusalAsync(keys.CreateAsync(new CreateApiKeyRequest { CommandId = BackendFixture.NewCommandId(), Name = "x", Accounts = { "KA-1" }, Permissions = { Permission.PeopleAdminister } })))
            .ShouldBe((StatusCode.InvalidArgument, "key.permission_beyond"));
        (await backend.Database.ScalarAsync($"SELECT COUNT(*) FROM identity_api_key WHERE name LIKE '%{made.Secret.Split('_')[2]}%' OR id LIKE '%{made.Secret.Split('_')[2]}%'")).ShouldBe(0);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Privileged_acts_are_in_the_audit_done_or_refused_with_who_what_and_about_whom(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var admin = new People.PeopleClient(await backend.AsAdministratorAsync());
        await admin.SetStateAsync(new SetPersonStateRequest { Person = backend.People[Roles.Finance], State = "disabled" });
        await RefusalAsync(admin.SetStateAsync(new SetPersonStateRequest { Person = "P-NOBODY", State = "disabled" }));
        await RefusalAsync(new People.PeopleClient(await backend.AsAsync(Roles.Courier)).SetStateAsync(new SetPersonStateRequest { Person = backend.People[Roles.Administrator], State = "disabled" }));
        var audit = new Audit.AuditClient(await backend.AsAsync(Roles.Auditor));
        var entries = (await audit.ListAsync(new ListAuditRequest { Act = "People/SetState" })).Entries;
        entries.Select(e => (e.Actor, e.Subject, e.Result)).ShouldBe([
            (backend.People[Roles.Courier], backend.People[Roles.Administrator], "PermissionDenied"),
            (backend.People[Roles.Administrator], "P-NOBODY", "NotFound"),
            (backend.People[Roles.Administrator], backend.People[Roles.Finance], "ok"),
        ]);
        (await audit.ListAsync(new ListAuditRequest { Actor = "local-administrator", Act = "People/Create", PageSize = 500 })).Entries.Count.ShouldBe(Roles.Table.Count, "the local administrator's acts too");
        (await audit.ListAsync(new ListAuditRequest { Act = "Audit/List", PageSize = 1 })).Entries.ShouldHaveSingleItem();
        (await audit.ListAsync(new ListAuditRequest { Act = "SignIn/WithPassword", PageSize = 500 })).Entries.ShouldContain(e => e.Result == "ok" && e.Actor == backend.People[Roles.Courier]);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_database_itself_refuses_to_change_or_remove_an_audit_entry(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        foreach (var sql in new[] { "UPDATE identity_audit SET actor = 'nobody'", "DELETE FROM identity_audit" })
            (await Should.ThrowAsync<System.Data.Common.DbException>(backend.Database.ExecuteAsync(sql))).Message.ShouldContain("only added to");
    }

    private static CreatePersonRequest NewPerson(string name) => new()
    {
        CommandId = BackendFixture.NewCommandId(),
        Name = name,
        DisplayName = name,
        Password = BackendFixture.Password,
        Pin = BackendFixture.Pin,
        Roles = { Roles.DepotClerk },
        Accounts = { "KA-1" },
        Depots = { "SHA01" },
        Language = "zh",
    };

    private static async Task<(StatusCode, string)> RefusalAsync<T>(AsyncUnaryCall<T> call)
    {
        var refused = await Should.ThrowAsync<RpcException>(call.ResponseAsync);
        return (refused.StatusCode, refused.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason ?? string.Empty);
    }
}
