using System.CommandLine;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.ServiceLevels.Published;

namespace KeyAccountLogistics.Cli.ServiceLevels;

/// <summary><c>kal score evaluate</c>: the TQCSO score of figures stated in a file. No backend is asked.</summary>
internal static class ScoreVerbs
{
    // Some thousand indicators fill a tenth of it.
    internal const int MebiBytesMax = 1;

    public static Command Build()
    {
        var verb = new Command("score", "Scores service levels (TQCSO).");
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
}
