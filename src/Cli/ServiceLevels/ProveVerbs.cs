using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.ServiceLevels.Published;

namespace KeyAccountLogistics.Cli.ServiceLevels;

/// <summary><c>kal prove</c> exports what a month's score rests on; <c>kal prove check</c> computes the score again from that file alone.</summary>
internal static class ProveVerbs
{
    internal static Command Build()
    {
        var verb = new Command("prove", "Exports the events, contract and result of an account's month, so that the score can be computed again anywhere.");
        var connection = ConnectionOptions.AddTo(verb);
        // Not marked as required: the subcommand needs none of them.
        var account = new Option<string?>("--account") { Description = "Key account." };
        var month = new Option<string?>("--month") { Description = "Such as 2026-10." };
        var target = new Option<FileInfo?>("--out") { Description = "The zip file; one that exists is replaced.", HelpName = "FILE" };
        foreach (var option in new Option[] { account, month, target }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            var file = parsed.GetValue(target) ?? throw new UsageException("--out is missing: the file to write.");
            var (from, to) = ReportVerb.DaysOf(parsed.GetValue(month) ?? throw new UsageException("--month is missing, such as 2026-10."));
            var request = new ProveRequest { Account = parsed.GetValue(account) ?? throw new UsageException("--account is missing."), From = from, To = to };
            await using var backend = await connection.OpenAsync(parsed, ct);
            using var call = new Scorecards.ScorecardsClient(backend.Calls).Prove(request, cancellationToken: ct);
            // Half an extract is none: it gets its name when it is whole.
            var draft = file.FullName + ".part";
            try
            {
                await using (var stream = File.Create(draft)) await ScoreProof.WriteAsync(call.ResponseStream.ReadAllAsync(ct), stream, ct);
                File.Move(draft, file.FullName, overwrite: true);
            }
            finally
            {
                File.Delete(draft);
            }
            file.Refresh();
            await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}: {request.Account}, {from} to {to}, {file.Length} bytes. Check it anywhere with: kal prove check {file.Name}"));
            return ExitCode.Ok;
        });
        verb.Subcommands.Add(Check());
        return verb;
    }

    private static Command Check()
    {
        var verb = new Command("check", "Computes the score from an extract's events, without backend and network; says that it agrees, or what differs (exit code 1).");
        var file = new Argument<string>("FILE") { Description = "What kal prove wrote." };
        verb.Arguments.Add(file);
        verb.Runs(async (parsed, ct) =>
        {
            var path = parsed.GetRequiredValue(file);
            GivenFile.RequireFile(path);
            await using var stream = File.OpenRead(path);
            var answer = await ScoreProof.CheckAsync(stream, ct);
            if (!answer.IsOk) throw new UsageException($"{path}: {answer.Fault.Message}");
            Tell(answer.Value, parsed.InvocationConfiguration.Output);
            return answer.Value.Agrees ? ExitCode.Ok : ExitCode.Bad;
        });
        return verb;
    }

    private static void Tell(ProofAnswer a, TextWriter output)
    {
        output.WriteLine($"{a.Account}, {a.From} to {a.To}: {(a.Score.Length > 0 ? $"{a.Score} {a.Grade}" : "no score: " + a.Reason)} as computed from the events.");
        foreach (var finding in a.Findings) output.WriteLine("  differs: " + finding);
        output.WriteLine(a.Agrees ? "It agrees: every figure of the result follows from the events in this file." : "It does not agree.");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Verified here: {a.Events} events of {a.Subjects} parcels and orders by their hashes, {a.Links} links between neighbours in the chain; chains: {a.Chains}; signed contract documents: {a.Documents}."));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Cannot be verified from an extract: what stands in the {a.Gaps} gaps of the chain (events of other accounts or periods, of which only the last hash is here), that no parcel of yours lies in one of them, and registrations."));
        output.WriteLine("Compare with your own list of parcels, and with earlier extracts: an event's hash never changes.");
    }
}
