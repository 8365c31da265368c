using System.CommandLine;
using Google.Protobuf;
using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Kernel;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Cli.Admin;

/// <summary><c>kal admin …</c>: people, agents and clients' keys. The first administrator is made with <c>--database</c>; there is no default password.</summary>
internal static class AdminVerbs
{
    private const int PageSize = 200;

    public static Command Build()
    {
        var admin = new Command("admin", "People, depots' agents, clients' keys and the record of privileged acts.");
        foreach (var verb in new[] { Create(), People(), Password(), Access(), State(), EnrolCode(), Agents(), RevokeAgent(), ApiKey(), RevokeApiKey(), AuditList() })
            admin.Subcommands.Add(verb);
        return admin;
    }

    private static Option<string[]> Many(string name, string what) => new(name) { Description = what, AllowMultipleArgumentsPerToken = true };

    private static ByteString NewCommand() => ByteString.CopyFrom(new RandomIds(TimeProvider.System).New().ToByteArray(bigEndian: true));

    private static Command Create()
    {
        var verb = new Command("create", "Makes a person's sign-in. Without --role: an administrator. The password is asked for, piped in, or read from KAL_PASSWORD.");
        var connection = ConnectionOptions.AddTo(verb);
        var name = new Option<string>("--name") { Required = true, Description = "Sign-in name." };
        var display = new Option<string?>("--display-name") { Description = "The name that pages show." };
        var roles = Many("--role", "Role, such as DepotClerk or KeyAccountManager; may be repeated.");
        var accounts = Many("--account", "Account in scope, * for every one; may be repeated.");
        var depots = Many("--depot", "Depot in scope, * for every one; may be repeated.");
        var badge = new Option<string?>("--badge") { Description = "Badge code for stations." };
        var pin = new Option<bool>("--with-pin") { Description = "Ask for a PIN for stations too (or read KAL_PIN)." };
        var language = new Option<string>("--language") { Description = "zh or en.", DefaultValueFactory = _ => "zh" };
        foreach (var option in new Option[] { name, display, roles, accounts, depots, badge, pin, language }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            var said = parsed.InvocationConfiguration;
            var password = Secrets.Ask("Password (at least 10 characters)", "KAL_PASSWORD", said.Error);
            var pinText = parsed.GetValue(pin) ? Secrets.Ask("PIN (6 to 12 digits)", "KAL_PIN", said.Error) : "";
            await using var backend = await connection.OpenAsync(parsed, ct);
            var administrator = parsed.GetValue(roles) is not { Length: > 0 };
            var request = new CreatePersonRequest
            {
                CommandId = NewCommand(),
                Name = parsed.GetRequiredValue(name),
                DisplayName = parsed.GetValue(display) ?? parsed.GetRequiredValue(name),
                Password = password,
                Pin = pinText,
                Badge = parsed.GetValue(badge) ?? "",
                Language = parsed.GetValue(language)!,
            };
            request.Roles.Add(administrator ? ["Administrator"] : parsed.GetValue(roles)!);
            request.Accounts.Add(administrator ? ["*"] : parsed.GetValue(accounts) ?? []);
            request.Depots.Add(administrator ? ["*"] : parsed.GetValue(depots) ?? []);
            var made = await new People.PeopleClient(backend.Calls).CreateAsync(request, cancellationToken: ct);
            await said.Output.WriteLineAsync($"{made.Name} ({string.Join(", ", made.Roles)}) can sign in. Id: {made.Id}");
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command People()
    {
        var verb = new Command("people", "Lists who can sign in.");
        var connection = ConnectionOptions.AddTo(verb);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var client = new People.PeopleClient(backend.Calls);
            for (var token = ""; ;)
            {
                var page = await client.ListAsync(new ListPeopleRequest { PageSize = PageSize, PageToken = token }, cancellationToken: ct);
                foreach (var one in page.People)
                {
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(
                        $"{one.Id}  {one.Name,-20} {one.State,-9} {string.Join(",", one.Roles)}  accounts {string.Join(",", one.Accounts)}  depots {string.Join(",", one.Depots)}");
                }
                if ((token = page.NextPageToken).Length == 0) return ExitCode.Ok;
            }
        });
        return verb;
    }

    private static Command Password()
    {
        var verb = new Command("password", "Gives a person a new password (asked for, piped in, or KAL_PASSWORD).");
        var connection = ConnectionOptions.AddTo(verb);
        var person = new Argument<string>("PERSON") { Description = "The person's id." };
        verb.Arguments.Add(person);
        verb.Runs(async (parsed, ct) =>
        {
            var password = Secrets.Ask("New password (at least 10 characters)", "KAL_PASSWORD", parsed.InvocationConfiguration.Error);
            await using var backend = await connection.OpenAsync(parsed, ct);
            var changed = await new People.PeopleClient(backend.Calls).SetCredentialsAsync(
                new SetCredentialsRequest { Person = parsed.GetRequiredValue(person), Password = password }, cancellationToken: ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{changed.Name} has a new password.");
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Access()
    {
        var verb = new Command("access", "Sets a person's roles and scopes.");
        var connection = ConnectionOptions.AddTo(verb);
        var person = new Argument<string>("PERSON") { Description = "The person's id." };
        var roles = Many("--role", "Role; may be repeated.");
        var accounts = Many("--account", "Account in scope, * for every one.");
        var depots = Many("--depot", "Depot in scope, * for every one.");
        verb.Arguments.Add(person);
        foreach (var option in new[] { roles, accounts, depots }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var request = new SetAccessRequest { Person = parsed.GetRequiredValue(person) };
            request.Roles.Add(parsed.GetValue(roles) ?? []);
            request.Accounts.Add(parsed.GetValue(accounts) ?? []);
            request.Depots.Add(parsed.GetValue(depots) ?? []);
            var changed = await new People.PeopleClient(backend.Calls).SetAccessAsync(request, cancellationToken: ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{changed.Name}: {string.Join(", ", changed.Roles)}");
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command State()
    {
        var verb = new Command("state", "Disables a person's sign-in, or makes it active again (which also unlocks it).");
        var connection = ConnectionOptions.AddTo(verb);
        var person = new Argument<string>("PERSON") { Description = "The person's id." };
        var state = new Argument<string>("STATE") { Description = "active or disabled." };
        verb.Arguments.Add(person);
        verb.Arguments.Add(state);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var changed = await new People.PeopleClient(backend.Calls).SetStateAsync(
                new SetPersonStateRequest { Person = parsed.GetRequiredValue(person), State = parsed.GetRequiredValue(state) }, cancellationToken: ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{changed.Name} is {changed.State}.");
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command EnrolCode()
    {
        var verb = new Command("enrol-code", "Makes a short-lived code with which one agent of a depot enrols itself.");
        var connection = ConnectionOptions.AddTo(verb);
        var depot = new Option<string>("--depot") { Required = true, Description = "The depot's code." };
        var name = new Option<string?>("--name") { Description = "What the agent is called." };
        var minutes = new Option<int>("--minutes") { Description = "How long the code is valid.", DefaultValueFactory = _ => 60 };
        foreach (var option in new Option[] { depot, name, minutes }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var code = await new Agents.AgentsClient(backend.Calls).CreateEnrolmentCodeAsync(
                new CreateEnrolmentCodeRequest { Depot = parsed.GetRequiredValue(depot), Name = parsed.GetValue(name) ?? "", ValidMinutes = parsed.GetValue(minutes) }, cancellationToken: ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{code.Code}  (depot {code.Depot}, until {At(code.ValidUntilUs)})");
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Agents()
    {
        var verb = new Command("agents", "Lists the depots' agents.");
        var connection = ConnectionOptions.AddTo(verb);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var client = new Agents.AgentsClient(backend.Calls);
            for (var token = ""; ;)
            {
                var page = await client.ListAsync(new ListAgentsRequest { PageSize = PageSize, PageToken = token }, cancellationToken: ct);
                foreach (var one in page.Agents)
                    await parsed.InvocationConfiguration.Output.WriteLineAsync($"{one.Id}  {one.Depot,-10} {one.Name,-20} {one.State,-8} last contact {At(one.LastContactUs)}");
                if ((token = page.NextPageToken).Length == 0) return ExitCode.Ok;
            }
        });
        return verb;
    }

    private static Command RevokeAgent()
    {
        var verb = new Command("revoke-agent", "Ends an agent's access at once. Its journal stays and is accepted again only from a newly enrolled agent.");
        var connection = ConnectionOptions.AddTo(verb);
        var agent = new Argument<string>("AGENT") { Description = "The agent's id." };
        var reason = new Option<string>("--reason") { Required = true, Description = "Why; kept in the record." };
        verb.Arguments.Add(agent);
        verb.Options.Add(reason);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var revoked = await new Agents.AgentsClient(backend.Calls).RevokeAsync(
                new RevokeAgentRequest { Agent = parsed.GetRequiredValue(agent), Reason = parsed.GetRequiredValue(reason) }, cancellationToken: ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{revoked.Name} of {revoked.Depot} is {revoked.State}.");
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command ApiKey()
    {
        var verb = new Command("api-key", "Makes a client's API key; its secret is shown once.");
        var connection = ConnectionOptions.AddTo(verb);
        var name = new Option<string>("--name") { Required = true, Description = "What the key is for." };
        var accounts = Many("--account", "Account the key may see; may be repeated.");
        var permissions = Many("--permission", "parcel-read, shipment-register, event-record, event-raw-read; may be repeated.");
        foreach (var option in new Option[] { name, accounts, permissions }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            var request = new CreateApiKeyRequest { CommandId = NewCommand(), Name = parsed.GetRequiredValue(name) };
            request.Accounts.Add(parsed.GetValue(accounts) ?? []);
            foreach (var word in parsed.GetValue(permissions) ?? [])
            {
                if (!Enum.TryParse<Permission>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var permission))
                    throw new UsageException($"--permission {word} is not known; one is parcel-read.");
                request.Permissions.Add(permission);
            }
            await using var backend = await connection.OpenAsync(parsed, ct);
            var made = await new ApiKeys.ApiKeysClient(backend.Calls).CreateAsync(request, cancellationToken: ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(made.Secret);
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"Key {made.Key.Id} for {string.Join(", ", made.Key.Accounts)}. The line above is its secret; it is not shown again.");
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command RevokeApiKey()
    {
        var verb = new Command("revoke-api-key", "Ends a client's API key at once.");
        var connection = ConnectionOptions.AddTo(verb);
        var id = new Argument<string>("KEY") { Description = "The key's id." };
        var reason = new Option<string>("--reason") { Required = true, Description = "Why; kept in the record." };
        verb.Arguments.Add(id);
        verb.Options.Add(reason);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var revoked = await new ApiKeys.ApiKeysClient(backend.Calls).RevokeAsync(new RevokeApiKeyRequest { Id = parsed.GetRequiredValue(id), Reason = parsed.GetRequiredValue(reason) }, cancellationToken: ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"Key {revoked.Id} is {revoked.State}.");
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command AuditList()
    {
        var verb = new Command("audit", "Shows the newest privileged acts.");
        var connection = ConnectionOptions.AddTo(verb);
        var actor = new Option<string?>("--actor") { Description = "Only this actor's." };
        verb.Options.Add(actor);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var page = await new Audit.AuditClient(backend.Calls).ListAsync(new ListAuditRequest { Actor = parsed.GetValue(actor) ?? "", PageSize = PageSize }, cancellationToken: ct);
            foreach (var one in page.Entries)
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{At(one.AtUs)}  {one.Actor,-40} {one.Act} {one.Subject}  {one.Result}");
            return ExitCode.Ok;
        });
        return verb;
    }

    private static string At(long us) => us == 0 ? "never" : InstantPattern.General.Format(Clock.FromUnixMicros(us));
}
