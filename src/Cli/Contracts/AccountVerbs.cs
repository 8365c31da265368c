using System.CommandLine;
using System.Globalization;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Cli.Connection;

namespace KeyAccountLogistics.Cli.Contracts;

/// <summary><c>kal account list|show|create|identity|agreement|contact|owner</c>: key accounts and the papers without which none of their contracts is active.</summary>
internal static class AccountVerbs
{
    private const int PageSize = 100;

    public static Command Build()
    {
        var verb = new Command("account", "Key accounts: their record, papers, contacts and owner.");
        foreach (var below in new[] { List(), Show(), Create(), Identity(), Agreement(), Contact(), Owner() }) verb.Subcommands.Add(below);
        return verb;
    }

    private static Command List()
    {
        var verb = new Command("list", "Lists the accounts you may see.");
        var connection = ConnectionOptions.AddTo(verb);
        var text = new Option<string?>("--text") { Description = "Part of a code or name." };
        verb.Options.Add(text);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var ask = new ListAccountsRequest { Text = parsed.GetValue(text) ?? "", PageSize = PageSize };
            while (true)
            {
                var page = await Client(backend).ListAsync(ask, cancellationToken: ct);
                foreach (var a in page.Accounts)
                {
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(
                        $"{a.Account,-14} {a.Grade} {a.Ownership,-10} {a.Scope,-10} {a.NameZh}  {a.NameEn}  owner {a.Owner}  identity {(a.HasIdentity ? "recorded" : "MISSING")}  agreement {(a.AgreementUntil.Length > 0 ? "until " + a.AgreementUntil : "MISSING")}");
                }
                if ((ask.PageToken = page.NextPageToken).Length == 0) return ExitCode.Ok;
            }
        });
        return verb;
    }

    private static Command Show()
    {
        var verb = new Command("show", "An account whole; personal details are masked.");
        var connection = ConnectionOptions.AddTo(verb);
        var account = Account(verb);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var view = await Client(backend).ReadAsync(new ReadAccountRequest { Account = parsed.GetRequiredValue(account) }, cancellationToken: ct);
            await SayAsync(parsed.InvocationConfiguration.Output, view);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Create()
    {
        var zh = Needed("--name-zh", "Name in Chinese.");
        var en = Needed("--name-en", "Name in English.");
        var grade = new Option<string>("--grade") { Description = "A, B or C.", DefaultValueFactory = _ => "C" };
        var ownership = new Option<string>("--ownership") { Description = "state, private, foreign, joint or government.", DefaultValueFactory = _ => "private" };
        var owner = new Option<string?>("--owner") { Description = "Who answers for it: a person's id; you when absent." };
        return Act("create", "Makes an account.", [zh, en, grade, ownership, owner], (client, parsed, account, ct) => client.CreateAsync(
            new CreateAccountCommand
            {
                CommandId = VersionVerbs.NewCommand(), Account = account, NameZh = parsed.GetRequiredValue(zh), NameEn = parsed.GetRequiredValue(en), Grade = parsed.GetValue(grade)!,
                Ownership = parsed.GetValue(ownership)!, Owner = parsed.GetValue(owner) ?? "",
            },
            cancellationToken: ct).ResponseAsync);
    }

    private static Command Identity()
    {
        var code = Needed("--credit-code", "Unified social credit code, 18 characters.");
        var document = new Option<string>("--document") { Description = "What of the legal representative was seen: id_card, passport or other. Its number is not kept.", DefaultValueFactory = _ => "id_card" };
        return Act("identity", "Records the organisation's identity.", [code, document], (client, parsed, account, ct) => client.PutIdentityAsync(
            new PutIdentityCommand { CommandId = VersionVerbs.NewCommand(), Account = account, CreditCode = parsed.GetRequiredValue(code), Document = parsed.GetValue(document)! }, cancellationToken: ct).ResponseAsync);
    }

    private static Command Agreement()
    {
        var number = Needed("--number", "Its number.");
        var signed = Needed("--signed", "The day it was signed, yyyy-mm-dd.");
        var until = Needed("--until", "The last day it holds, yyyy-mm-dd.");
        return Act("agreement", "Records a security agreement.", [number, signed, until], (client, parsed, account, ct) => client.PutAgreementAsync(
            new PutAgreementCommand { CommandId = VersionVerbs.NewCommand(), Account = account, Number = parsed.GetRequiredValue(number), Signed = parsed.GetRequiredValue(signed), Until = parsed.GetRequiredValue(until) },
            cancellationToken: ct).ResponseAsync);
    }

    private static Command Contact()
    {
        var level = Needed("--level", "c_level, manager or operator.");
        var position = Needed("--position", "What the person does.");
        var signs = new Option<bool>("--signs") { Description = "Signs contracts for the client." };
        return Act("contact", "Adds a contact by level and position; name and numbers come in by the pages, with the person's consent.", [level, position, signs], (client, parsed, account, ct) => client.PutContactAsync(
            new PutContactCommand
            {
                CommandId = VersionVerbs.NewCommand(), Account = account, Level = parsed.GetRequiredValue(level), Position = parsed.GetRequiredValue(position), Signs = parsed.GetValue(signs), Consent = "none",
            },
            cancellationToken: ct).ResponseAsync);
    }

    private static Command Owner()
    {
        var to = Needed("--to", "The new owner: a person's id.");
        var reason = Needed("--reason", "Why.");
        var handed = new Option<string[]>("--handed-over") { Description = "contacts, contracts, open_cases, promises, visits: all of them.", AllowMultipleArgumentsPerToken = true, Required = true };
        return Act("owner", "Gives an account to another owner, with all that belongs to it.", [to, reason, handed], (client, parsed, account, ct) => client.ChangeOwnerAsync(
            new ChangeOwnerCommand
            {
                CommandId = VersionVerbs.NewCommand(), Account = account, Person = parsed.GetRequiredValue(to), Reason = parsed.GetRequiredValue(reason), HandedOver = { parsed.GetRequiredValue(handed) },
            },
            cancellationToken: ct).ResponseAsync);
    }

    private static Command Act(string name, string description, Option[] options, Func<Accounts.AccountsClient, ParseResult, string, CancellationToken, Task<AccountReply>> act)
    {
        var verb = new Command(name, description);
        var connection = ConnectionOptions.AddTo(verb);
        var account = Account(verb);
        foreach (var option in options) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var reply = await act(Client(backend), parsed, parsed.GetRequiredValue(account), ct);
            if (reply.Refused is { } refused) return await VersionVerbs.SayAsync(parsed.InvocationConfiguration.Error, refused);
            await SayAsync(parsed.InvocationConfiguration.Output, reply.Account);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static async Task SayAsync(TextWriter output, AccountView view)
    {
        var s = view.Summary;
        await output.WriteLineAsync($"{s.Account}  {s.NameZh}  {s.NameEn}  grade {s.Grade}, {s.Ownership}, {s.Scope}{(view.ScopeAsked.Length > 0 ? $" ({view.ScopeAsked} asked)" : "")}, owner {s.Owner}");
        await output.WriteLineAsync(view.CreditLimitMinor < 0 ? "no credit limit" : $"credit limit {(view.CreditLimitMinor / 100m).ToString("0.00", CultureInfo.InvariantCulture)} {view.CreditCurrency}");
        await output.WriteLineAsync(view.Identity is { } identity ? $"identity {identity.CreditCode}, {identity.Document} seen by {identity.SeenBy}" : "identity MISSING");
        if (view.Agreements.Count == 0) await output.WriteLineAsync("agreement MISSING");
        foreach (var a in view.Agreements) await output.WriteLineAsync($"agreement {a.Number}, {a.Signed} until {a.Until}");
        foreach (var c in view.Contacts) await output.WriteLineAsync($"contact {c.Id}  {c.Level}  {c.Position}{(c.Signs ? "  signs" : "")}  consent {c.Consent}  {c.Name} {c.Phone} {c.Email}".TrimEnd());
        foreach (var site in view.Sites) await output.WriteLineAsync($"site {site.Code}  {site.Name}  {site.Place}{(site.Closed ? "  closed" : "")}");
    }

    private static Argument<string> Account(Command verb)
    {
        var account = new Argument<string>("ACCOUNT") { Description = "The account's code." };
        verb.Arguments.Add(account);
        return account;
    }

    private static Option<string> Needed(string name, string description) => new(name) { Description = description, Required = true };

    private static Accounts.AccountsClient Client(BackendConnection backend) => new(backend.Calls);
}
