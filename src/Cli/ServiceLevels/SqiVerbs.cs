using System.CommandLine;
using KeyAccountLogistics.ServiceLevels.Published;

namespace KeyAccountLogistics.Cli.ServiceLevels;

/// <summary><c>kal sqi evaluate</c>: weighted failure points of counts stated in a file. No backend is asked.</summary>
internal static class SqiVerbs
{
    public static Command Build()
    {
        var verb = new Command("sqi", "Weighs failures (service quality index).");
        verb.Subcommands.Add(ScoreVerbs.Evaluating(
            "Weighs the failures of a file and prints one JSON object: points, per thousand shipments, in percent of them, by component. "
            + "FILE holds {\"profile\": \"A\", \"shipments\": 12000, \"failures\": {\"lost\": 1, \"right_day_late\": 401, ...}}; \"weights\" in place of \"profile\" state weights of its own.",
            StatedSqi.Evaluate));
        return verb;
    }
}
