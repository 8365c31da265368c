using System.CommandLine;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.ServiceLevels.Published;

namespace KeyAccountLogistics.Cli.ServiceLevels;

/// <summary><c>kal sqi</c>: weighted failure points day by day as the backend has them; <c>kal sqi evaluate</c>: of counts stated in a file, without a backend.</summary>
internal static class SqiVerbs
{
    public static Command Build()
    {
        var verb = new Command("sqi", "Weighs failures (service quality index): of an account or the network by day, or of counts in a file.");
        var connection = ConnectionOptions.AddTo(verb);
        var account = new Option<string>("--account") { Description = "Key account; without it the network.", DefaultValueFactory = _ => "" };
        var depot = new Option<string>("--depot") { Description = "Only what that depot delivers.", DefaultValueFactory = _ => "" };
        var lane = new Option<string>("--lane") { Description = "Only that lane, such as 310115-330106.", DefaultValueFactory = _ => "" };
        var (from, to) = ScoreVerbs.Period();
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        foreach (var option in new Option[] { account, depot, lane, from, to, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            var ask = new GetSqiRequest
            {
                Account = parsed.GetValue(account), Depot = parsed.GetValue(depot), Lane = parsed.GetValue(lane), From = ScoreVerbs.Given(parsed, from), To = ScoreVerbs.Given(parsed, to), Settled = true,
            };
            await using var backend = await connection.OpenAsync(parsed, ct);
            var reply = await new Scorecards.ScorecardsClient(backend.Calls).SqiAsync(ask, cancellationToken: ct);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) await output.WriteLineAsync(ScoreVerbs.Json.Format(reply));
            else await TellAsync(reply, output);
            return ExitCode.Ok;
        });
        verb.Subcommands.Add(ScoreVerbs.Evaluating(
            "Weighs the failures of a file and prints one JSON object: points, per thousand shipments, in percent of them, by component. "
            + "FILE holds {\"profile\": \"A\", \"shipments\": 12000, \"failures\": {\"lost\": 1, \"right_day_late\": 401, ...}}; \"weights\" in place of \"profile\" state weights of its own.",
            StatedSqi.Evaluate));
        return verb;
    }

    private static async Task TellAsync(SqiReply reply, TextWriter output)
    {
        // Where the weights change, each series says its own.
        await output.WriteLineAsync($"profile {(reply.Days.Count > 0 ? reply.Days[0].Profile : reply.Profile)}{(reply.Unverified ? " (weights not verified)" : "")}; counted: {string.Join(", ", reply.Components)}");
        foreach (var day in reply.Days)
        {
            if (day.BeginsSeries) await output.WriteLineAsync($"{day.Day}  a new series begins: profile {day.Profile}; no sum reaches over it");
            var parts = string.Join(", ", day.ByComponent.OrderBy(static c => c.Key, StringComparer.Ordinal).Select(static c => FormattableString.Invariant($"{c.Key} {c.Value}")));
            await output.WriteLineAsync(FormattableString.Invariant($"{day.Day}  shipments {day.Shipments}  points {day.Points}  per 1,000 {(day.PerThousand.Length > 0 ? day.PerThousand : "-")}  7 days {day.Sum7}  28 days {day.Sum28}  {parts}").TrimEnd());
        }
    }
}
