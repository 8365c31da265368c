using System.CommandLine;
using Google.Protobuf;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.ServiceLevels.Published;

namespace KeyAccountLogistics.Cli.ServiceLevels;

/// <summary>
/// <c>kal score</c>: an account's TQCSO score of a period as the backend has it, or as JSON with the API's own names; <c>--recompute</c> counts it again from the journal and ends
/// with code 1 when the kept figures differ. <c>kal score evaluate</c> scores figures stated in a file and asks no backend.
/// </summary>
internal static class ScoreVerbs
{
    // Some thousand indicators fill a tenth of it.
    internal const int MebiBytesMax = 1;

    internal static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true));

    public static Command Build()
    {
        var verb = new Command("score", "Scores service levels (TQCSO): of an account and period, or of figures in a file.");
        var connection = ConnectionOptions.AddTo(verb);
        var account = new Option<string>("--account") { Description = "Key account; without it every account, the worst first.", DefaultValueFactory = _ => "" };
        var (from, to) = Period();
        var dimension = new Option<string>("--dimension") { Description = "contract, lane, product, depot or courier.", DefaultValueFactory = _ => "" };
        var member = new Option<string>("--member") { Description = "Which one of the dimension.", DefaultValueFactory = _ => "" };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        var recompute = new Option<bool>("--recompute") { Description = "Count again from the journal and hold the kept figures against it." };
        foreach (var option in new Option[] { account, from, to, dimension, member, json, recompute }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            var ask = new GetScorecardRequest
            {
                Account = parsed.GetValue(account), From = Given(parsed, from), To = Given(parsed, to), Dimension = parsed.GetValue(dimension), Member = parsed.GetValue(member),
                // Whoever has just imported wants that counted.
                Settled = true,
            };
            await using var backend = await connection.OpenAsync(parsed, ct);
            var (scores, output, asJson) = (new Scorecards.ScorecardsClient(backend.Calls), parsed.InvocationConfiguration.Output, parsed.GetValue(json));
            if (parsed.GetValue(recompute)) return await RecomputeAsync(scores, ask, output, asJson, ct);
            if (string.IsNullOrEmpty(ask.Account)) return await ListAsync(scores, ask, output, asJson, ct);
            var card = await scores.GetAsync(ask, cancellationToken: ct);
            if (asJson) await output.WriteLineAsync(Json.Format(card));
            else ScoreText.Tell(card, output);
            return ExitCode.Ok;
        });
        verb.Subcommands.Add(ReportVerb.Build());
        verb.Subcommands.Add(DeclareVerb.Build());
        verb.Subcommands.Add(Evaluating(
            "Scores the figures of a file and prints one JSON object: score, grade, dimensions, indicators, and what is not available with its reason. "
            + "FILE holds {\"weights\": {\"T\": 30, ...}, \"indicators\": {\"T1\": {\"value\": 0.987903}, \"T2\": {\"numerator\": 11293, \"denominator\": 11850, \"excluded\": 150}}}; "
            + "\"targets\" deviate from the catalogue as a contract does, \"knock_outs\" cap the grade.",
            StatedScore.Evaluate));
        return verb;
    }

    /// <summary>A verb <c>evaluate FILE</c> that prints what a pure function makes of the file.</summary>
    internal static Command Evaluating(string description, Func<string, Outcome<string>> evaluate)
    {
        var verb = new Command("evaluate", description);
        var file = new Argument<string>("FILE") { Description = "The figures, JSON." };
        verb.Arguments.Add(file);
        verb.Runs(async (parsed, ct) =>
        {
            var path = parsed.GetRequiredValue(file);
            var answer = evaluate(await GivenFile.TextAsync(path, MebiBytesMax, ct));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(answer.IsOk ? answer.Value : throw new UsageException($"{path}: {answer.Fault.Message}"));
            return ExitCode.Ok;
        });
        return verb;
    }

    /// <summary>First and last day. Not marked as required, since a subcommand of the same verb needs none.</summary>
    internal static (Option<string?> From, Option<string?> To) Period() =>
        (new Option<string?>("--from") { Description = "First day, such as 2026-10-01." }, new Option<string?>("--to") { Description = "Last day, included." });

    internal static string Given(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) ?? throw new UsageException($"{option.Name} is missing: a day such as 2026-10-01.");

    private static async Task<int> ListAsync(Scorecards.ScorecardsClient scores, GetScorecardRequest ask, TextWriter output, bool json, CancellationToken ct)
    {
        var page = new ListScoresRequest { From = ask.From, To = ask.To, PageSize = 200, Settled = true };
        do
        {
            var reply = await scores.ListAsync(page, cancellationToken: ct);
            foreach (var card in reply.Scores) await output.WriteLineAsync(json ? Json.Format(card) : ScoreText.Line(card));
            (page.PageToken, page.Settled) = (reply.NextPageToken, false);
        }
        while (page.PageToken.Length > 0);
        return ExitCode.Ok;
    }

    private static async Task<int> RecomputeAsync(Scorecards.ScorecardsClient scores, GetScorecardRequest ask, TextWriter output, bool json, CancellationToken ct)
    {
        var reply = await scores.RecomputeAsync(ask, cancellationToken: ct);
        if (json) await output.WriteLineAsync(Json.Format(reply));
        else
        {
            ScoreText.Tell(reply.Counted, output);
            await output.WriteLineAsync(reply.Agrees ? "Counted again from the journal: the kept figures agree." : "Counted again from the journal: the kept figures differ.");
            foreach (var difference in reply.Differences) await output.WriteLineAsync("  " + difference);
        }
        return reply.Agrees ? ExitCode.Ok : ExitCode.Bad;
    }
}
