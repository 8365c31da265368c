using System.CommandLine;
using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Kernel;
using NodaTime;
using CasesClient = KeyAccountLogistics.Api.Cases.V1.Cases.CasesClient;

namespace KeyAccountLogistics.Cli.Cases;

/// <summary><c>kal case list|show|open|answer|decide</c>: cases for a person, or as JSON with the API's own names. A refusal ends with code 2 and its reason.</summary>
internal static class CaseVerbs
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public static Command Build()
    {
        var verb = new Command("case", "Disputes and other matters: weights that differ, complaints, accounts that slip; who answers, what was decided.");
        foreach (var sub in new[] { List(), Show(), CaseOpenVerb.Build(), Answer(), Decide() }) verb.Subcommands.Add(sub);
        return verb;
    }

    private static Command List()
    {
        var verb = new Command("list", "Cases, the newest first.");
        var connection = ConnectionOptions.AddTo(verb);
        var kind = new Option<string>("--kind") { Description = "weight, cash, complaint, claim or regress.", DefaultValueFactory = _ => "" };
        var state = new Option<string>("--state") { Description = "open, proposed, closed, or a stage such as answer.", DefaultValueFactory = _ => "" };
        var account = new Option<string>("--account") { Description = "Key account.", DefaultValueFactory = _ => "" };
        var owner = new Option<string>("--owner") { Description = "A person's id, or a role until somebody has taken it.", DefaultValueFactory = _ => "" };
        var hours = new Option<int?>("--due-within") { Description = "Only those with a clock due within so many hours." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        foreach (var option in new Option[] { kind, state, account, owner, hours, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            var ask = new ListCasesRequest { Kind = parsed.GetValue(kind), State = parsed.GetValue(state), Account = parsed.GetValue(account), Owner = parsed.GetValue(owner), PageSize = 200 };
            if (parsed.GetValue(hours) is { } within) ask.DueBeforeUs = (TimeProvider.System.Now() + Duration.FromHours(within)).ToUnixMicros();
            await using var backend = await connection.OpenAsync(parsed, ct);
            var (cases, output) = (new CasesClient(backend.Calls), parsed.InvocationConfiguration.Output);
            do
            {
                var page = await cases.ListAsync(ask, cancellationToken: ct);
                foreach (var one in page.Cases) await output.WriteLineAsync(parsed.GetValue(json) ? Json.Format(one) : CaseText.Line(one));
                ask.PageToken = page.NextPageToken;
            }
            while (ask.PageToken.Length > 0);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Show()
    {
        var verb = new Command("show", "A case with its figures, evidence, clocks and history.");
        var connection = ConnectionOptions.AddTo(verb);
        var id = CaseArgument(verb);
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        verb.Options.Add(json);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var view = await new CasesClient(backend.Calls).ReadAsync(new ReadCaseRequest { CaseId = parsed.GetRequiredValue(id) }, cancellationToken: ct);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) await output.WriteLineAsync(Json.Format(view));
            else CaseText.Tell(view, output);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Answer()
    {
        var verb = new Command("answer", "The client's word: accepts, disputes, or another answer of the case.");
        var connection = ConnectionOptions.AddTo(verb);
        var id = CaseArgument(verb);
        var answer = new Argument<string>("ANSWER") { Description = "accept or dispute, or what the case shows as answers: withdraw, reopen, ..." };
        verb.Arguments.Add(answer);
        var (reason, note, command) = Said(verb, reasonRequired: false);
        verb.Runs(async (parsed, ct) =>
        {
            var request = new AnswerCaseCommand { CommandId = IdOf(parsed.GetValue(command)), CaseId = parsed.GetRequiredValue(id), Answer = parsed.GetRequiredValue(answer), Reason = parsed.GetValue(reason), Note = parsed.GetValue(note) };
            await using var backend = await connection.OpenAsync(parsed, ct);
            return await SayAsync(await new CasesClient(backend.Calls).AnswerAsync(request, cancellationToken: ct), parsed.InvocationConfiguration);
        });
        return verb;
    }

    private static Command Decide()
    {
        var verb = new Command("decide", "Decides within your limit; over it the decision waits for another person.");
        var connection = ConnectionOptions.AddTo(verb);
        var id = CaseArgument(verb);
        var outcome = new Argument<string>("OUTCOME") { Description = "One of the case's outcomes, such as keep_first, credit, compensation, pay." };
        var amount = new Option<decimal?>("--amount") { Description = "How much is paid back or what it costs, where the outcome asks for it." };
        var currency = new Option<string>("--currency") { Description = "Its currency.", DefaultValueFactory = _ => "CNY" };
        var grams = new Option<decimal?>("--grams") { Description = "With re_rate: the weight to charge by." };
        verb.Arguments.Add(outcome);
        foreach (var option in new Option[] { amount, currency, grams }) verb.Options.Add(option);
        var (reason, note, command) = Said(verb, reasonRequired: true);
        verb.Runs(async (parsed, ct) =>
        {
            var request = new DecideCaseCommand
            {
                CommandId = IdOf(parsed.GetValue(command)), CaseId = parsed.GetRequiredValue(id), Outcome = parsed.GetRequiredValue(outcome), Reason = parsed.GetValue(reason), Note = parsed.GetValue(note),
            };
            if (parsed.GetValue(amount) is { } credit) (request.AmountMinor, request.Currency) = MinorOf(credit, parsed.GetValue(currency)!);
            if (parsed.GetValue(grams) is { } weight) request.BillsMg = Mass.FromGrams(weight).Milligrams;
            await using var backend = await connection.OpenAsync(parsed, ct);
            return await SayAsync(await new CasesClient(backend.Calls).DecideAsync(request, cancellationToken: ct), parsed.InvocationConfiguration);
        });
        return verb;
    }

    private static Argument<string> CaseArgument(Command verb)
    {
        var id = new Argument<string>("CASE") { Description = "The case's id, such as W-KAL0000000017." };
        verb.Arguments.Add(id);
        return id;
    }

    internal static (Option<string> Reason, Option<string> Note, Option<string?> Command) Said(Command verb, bool reasonRequired)
    {
        var reason = new Option<string>("--reason") { Description = "A code; a refusal lists those there are.", Required = reasonRequired, DefaultValueFactory = reasonRequired ? null : _ => "" };
        var note = new Option<string>("--note") { Description = "In your words; kept apart from the history.", DefaultValueFactory = _ => "" };
        var command = new Option<string?>("--command-id") { Description = "A UUID: give the same one when you send this again because no answer came.", HelpName = "UUID" };
        foreach (var option in new Option[] { reason, note, command }) verb.Options.Add(option);
        return (reason, note, command);
    }

    internal static ByteString IdOf(string? given)
    {
        if (given is null) return ByteString.CopyFrom(new RandomIds(TimeProvider.System).New().ToByteArray(bigEndian: true));
        return Guid.TryParse(given, out var id) ? ByteString.CopyFrom(id.ToByteArray(bigEndian: true)) : throw new UsageException($"--command-id {given} is no UUID.");
    }

    internal static (long Minor, string Currency) MinorOf(decimal amount, string currency) => Money.TryFromAmount(amount, currency) is { } money
        ? (money.Minor, currency)
        : throw new UsageException("--amount has more decimals than its --currency, or the currency is not three capital letters.");

    internal static async Task<int> SayAsync(CaseReply reply, InvocationConfiguration said)
    {
        if (reply.Refused is { } refused)
        {
            await said.Error.WriteLineAsync($"kal: Refused ({refused.Code}{(refused.Field.Length > 0 ? ", " + refused.Field : "")}): {refused.Message}");
            return ExitCode.Failed;
        }
        await said.Output.WriteLineAsync(CaseText.Line(reply.Case));
        return ExitCode.Ok;
    }
}
