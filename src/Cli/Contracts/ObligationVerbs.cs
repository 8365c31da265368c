using System.CommandLine;
using Google.Protobuf;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Cli.Connection;

namespace KeyAccountLogistics.Cli.Contracts;

/// <summary><c>kal obligations list|meet</c>: what carrier and client owe each other regularly, and the word that it was met. A refusal ends with code 2 and its reason.</summary>
internal static class ObligationVerbs
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public static Command Build()
    {
        var verb = new Command("obligations", "What contracts oblige carrier and client to do regularly: due, overdue, met, late.");
        foreach (var sub in new[] { List(), Meet() }) verb.Subcommands.Add(sub);
        return verb;
    }

    private static Command List()
    {
        var verb = new Command("list", "Obligations by the day on which they are due.");
        var connection = ConnectionOptions.AddTo(verb);
        var account = new Option<string>("--account") { Description = "Key account; all when absent.", DefaultValueFactory = _ => "" };
        var from = new Option<string>("--from") { Description = "First due day, 2026-10-01; 90 days ago when absent.", DefaultValueFactory = _ => "" };
        var to = new Option<string>("--to") { Description = "Last due day; in 90 days when absent.", DefaultValueFactory = _ => "" };
        var state = new Option<string>("--state") { Description = "open, overdue, met or late; all when absent.", DefaultValueFactory = _ => "" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        foreach (var option in new Option[] { account, from, to, state, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            var ask = new ListObligationsRequest { Account = parsed.GetValue(account), FirstDue = parsed.GetValue(from), LastDue = parsed.GetValue(to), State = parsed.GetValue(state), PageSize = 200 };
            await using var backend = await connection.OpenAsync(parsed, ct);
            do
            {
                var page = await Client(backend).ListObligationsAsync(ask, cancellationToken: ct);
                foreach (var one in page.Obligations) await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(json) ? Json.Format(one) : Line(one));
                ask.PageToken = page.NextPageToken;
            }
            while (ask.PageToken.Length > 0);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Meet()
    {
        var verb = new Command("meet", "Says that an obligation was met, on which day, and where that can be seen; once.");
        var connection = ConnectionOptions.AddTo(verb);
        var contract = new Argument<string>("CONTRACT") { Description = "The contract's number." };
        var clause = new Argument<string>("CLAUSE") { Description = "The obligation's clause: O-1." };
        var due = new Argument<string>("DUE") { Description = "The day on which it is due, as listed." };
        foreach (var argument in new[] { contract, clause, due }) verb.Arguments.Add(argument);
        var reference = new Option<string>("--reference") { Description = "A report's number, a letter.", Required = true };
        var on = new Option<string>("--on") { Description = "The day on which it was met; today when absent, never later.", DefaultValueFactory = _ => "" };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        foreach (var option in new Option[] { reference, on, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var reply = await Client(backend).MeetObligationAsync(
                new MeetObligationCommand
                {
                    CommandId = VersionVerbs.NewCommand(), Contract = parsed.GetRequiredValue(contract), Clause = parsed.GetRequiredValue(clause), Due = parsed.GetRequiredValue(due), MetOn = parsed.GetValue(on), Reference = parsed.GetRequiredValue(reference),
                },
                cancellationToken: ct);
            if (reply.Refused is { } refused) return await VersionVerbs.SayAsync(parsed.InvocationConfiguration.Error, refused);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(json) ? Json.Format(reply.Obligation) : Line(reply.Obligation));
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Api.Contracts.V1.Contracts.ContractsClient Client(BackendConnection backend) => new(backend.Calls);

    private static string Line(ObligationView o) =>
        $"{o.Due}  {o.State,-7}  {o.Account,-12}  {o.Contract}/{o.Clause}  {o.By,-7}  {(o.En.Length > 0 ? o.En : o.Zh)}, {o.PeriodFirst} to {o.PeriodLast}{(o.MetOn.Length > 0 ? $"  met {o.MetOn}: {o.Reference}" : "")}";
}
