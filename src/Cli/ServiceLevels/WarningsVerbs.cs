using System.CommandLine;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Cli.Cases;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Kernel;
using NodaTime.Text;

namespace KeyAccountLogistics.Cli.ServiceLevels;

/// <summary><c>kal warnings list|act</c>: what is warned of, with why, who answers until when and what was done; and a word on what is done. Only its cause closes a warning.</summary>
internal static class WarningsVerbs
{
    public static Command Build()
    {
        var verb = new Command("warnings", "What is warned of: arrears, progress, cost, change, volatility, neglect, service levels, accounts that may slip.");
        verb.Subcommands.Add(List());
        verb.Subcommands.Add(Act());
        return verb;
    }

    private static Command List()
    {
        var verb = new Command("list", "Warnings that stand, the newest first.");
        var connection = ConnectionOptions.AddTo(verb);
        var account = new Option<string>("--account") { Description = "Key account; without it every one that you see.", DefaultValueFactory = _ => "" };
        var closed = new Option<bool>("--closed") { Description = "Those too that have closed by themselves." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        foreach (var option in new Option[] { account, closed, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            var ask = new ListWarningsRequest { Account = parsed.GetValue(account), ClosedToo = parsed.GetValue(closed), PageSize = 200 };
            await using var backend = await connection.OpenAsync(parsed, ct);
            var (warnings, output) = (new Warnings.WarningsClient(backend.Calls), parsed.InvocationConfiguration.Output);
            do
            {
                var page = await warnings.ListAsync(ask, cancellationToken: ct);
                foreach (var one in page.Warnings) await TellAsync(one, output, parsed.GetValue(json));
                ask.PageToken = page.NextPageToken;
            }
            while (ask.PageToken.Length > 0);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Act()
    {
        var verb = new Command("act", "Says what is done about a warning; by the account's owner it also says that a change is noted.");
        var connection = ConnectionOptions.AddTo(verb);
        var id = new Argument<string>("ID") { Description = "As the list has it." };
        var words = new Argument<string>("WORDS") { Description = "What is done, in at most 500 characters." };
        verb.Arguments.Add(id);
        verb.Arguments.Add(words);
        var command = new Option<string?>("--command-id") { Description = "A UUID that makes a repetition one." };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        verb.Options.Add(command);
        verb.Options.Add(json);
        verb.Runs(async (parsed, ct) =>
        {
            var request = new ActOnWarningCommand { CommandId = CaseVerbs.IdOf(parsed.GetValue(command)), Id = parsed.GetRequiredValue(id), Done = parsed.GetRequiredValue(words) };
            await using var backend = await connection.OpenAsync(parsed, ct);
            await TellAsync(await new Warnings.WarningsClient(backend.Calls).ActAsync(request, cancellationToken: ct), parsed.InvocationConfiguration.Output, parsed.GetValue(json));
            return ExitCode.Ok;
        });
        return verb;
    }

    private static async Task TellAsync(WarningView one, TextWriter output, bool json)
    {
        if (json)
        {
            await output.WriteLineAsync(ScoreVerbs.Json.Format(one));
            return;
        }
        var until = one.ClosedUs > 0 ? $"closed by itself {At(one.ClosedUs)} ({one.ClosedBecause})" : $"{one.Level} by {At(one.DueUs)}{(one.DueUs < TimeProvider.System.Now().ToUnixMicros() ? ", overdue" : "")}";
        await output.WriteLineAsync($"{one.Id}  {one.Account}  {one.Family}: {one.Reason}  {until}  owner {one.Owner}  since {At(one.SinceUs)}");
        await output.WriteLineAsync("  " + string.Join(", ", one.Evidence.OrderBy(static e => e.Key, StringComparer.Ordinal).Select(static e => $"{e.Key} {e.Value}")));
        if (one.Subjects.Count > 0) await output.WriteLineAsync($"  {one.Subjects[0].Kind}: {string.Join(", ", one.Subjects.Select(static s => s.Name))}");
        if (one.CaseId.Length > 0) await output.WriteLineAsync($"  case {one.CaseId}");
        foreach (var act in one.Acts) await output.WriteLineAsync($"  done {At(act.AtUs)} by {act.Who}: {act.Words}");
    }

    private static string At(long us) => InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm'Z'").Format(Clock.FromUnixMicros(us));
}
