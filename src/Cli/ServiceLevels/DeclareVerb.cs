using System.CommandLine;
using System.Globalization;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Cli.Contracts;
using KeyAccountLogistics.Kernel;
using NodaTime.Text;

namespace KeyAccountLogistics.Cli.ServiceLevels;

/// <summary><c>kal score declare</c>: force majeure of regions for a while. One person declares, another confirms; without options it lists what was declared.</summary>
internal static class DeclareVerb
{
    public static Command Build()
    {
        var verb = new Command("declare", "Declares force majeure: late parcels that were on their way then are left out of punctuality and told beside. Lists what was declared when nothing is given.");
        var connection = ConnectionOptions.AddTo(verb);
        var regions = new Option<string?>("--regions") { Description = "Beginnings of place codes, commas between: 3301 is a city, 33 a province." };
        var from = new Option<string?>("--from") { Description = "Since when, such as 2026-07-01T00:00:00+08:00." };
        var until = new Option<string?>("--until") { Description = "Until when, at most 92 days later." };
        var why = new Option<string?>("--why") { Description = "What happened, and by which notice." };
        var confirm = new Option<string?>("--confirm") { Description = "Confirm a declaration that another person made.", HelpName = "ID" };
        var withdraw = new Option<string?>("--withdraw") { Description = "Withdraw a declaration: what it left out counts again.", HelpName = "ID" };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        foreach (var option in new Option[] { regions, from, until, why, confirm, withdraw, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var (scores, output) = (new Scorecards.ScorecardsClient(backend.Calls), parsed.InvocationConfiguration.Output);
            var command = new DeclareCommand { CommandId = VersionVerbs.NewCommand() };
            if (parsed.GetValue(confirm) is { } confirmed) (command.Act, command.Id) = ("confirm", confirmed);
            else if (parsed.GetValue(withdraw) is { } withdrawn) (command.Act, command.Id) = ("withdraw", withdrawn);
            else if (parsed.GetValue(regions) is { } named)
            {
                command.Regions.Add(named.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
                (command.FromUs, command.UntilUs, command.Why) = (Moment("--from", parsed.GetValue(from)), Moment("--until", parsed.GetValue(until)), parsed.GetValue(why) ?? "");
            }
            else
            {
                var listed = await scores.ListDeclaredAsync(new ListDeclaredRequest { PageSize = 200 }, cancellationToken: ct);
                if (parsed.GetValue(json)) await output.WriteLineAsync(ScoreVerbs.Json.Format(listed));
                else foreach (var one in listed.Declared) await output.WriteLineAsync(Line(one));
                return ExitCode.Ok;
            }
            var reply = await scores.DeclareAsync(command, cancellationToken: ct);
            await output.WriteLineAsync(parsed.GetValue(json) ? ScoreVerbs.Json.Format(reply) : Line(reply.Declared));
            return ExitCode.Ok;
        });
        return verb;
    }

    private static string Line(Declared d) => string.Create(
        CultureInfo.InvariantCulture,
        $"{d.Id}  {string.Join(',', d.Regions)}  {At(d.FromUs)} to {At(d.UntilUs)}  {(d.WithdrawnUs > 0 ? "withdrawn" : d.ConfirmedUs > 0 ? "confirmed" : "waits for a second person")}  {d.Parcels} parcels left out  {d.Why}");

    private static string At(long us) => InstantPattern.General.Format(Clock.FromUnixMicros(us));

    private static long Moment(string option, string? text) => OffsetDateTimePattern.Rfc3339.Parse(text ?? "") is { Success: true } read
        ? read.Value.ToInstant().ToUnixMicros() : throw new UsageException($"{option} is missing, or no moment; write it like 2026-07-01T00:00:00+08:00.");
}
