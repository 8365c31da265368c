using System.CommandLine;
using System.Globalization;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Routing.Checking;
using KeyAccountLogistics.Routing.Files;
using KeyAccountLogistics.Routing.Solving;

namespace KeyAccountLogistics.Cli.Routing;

/// <summary><c>kal route solve|check</c>: the router on published benchmark files (Solomon, Homberger, Li and Lim), and the checker on anybody's routes for them.</summary>
internal static class RouteVerbs
{
    private const int SecondsMax = 86_400;

    // The largest published instances have some 100 KiB.
    private const int MebiBytesMax = 8;

    public static Command Build()
    {
        var verb = new Command("route", "Solves and checks vehicle-routing files.");
        verb.Subcommands.Add(Solve());
        verb.Subcommands.Add(Check());
        return verb;
    }

    private static Command Solve()
    {
        var verb = new Command("solve", "Plans routes for a file of Solomon's, Homberger's or Li and Lim's format. Ctrl-C ends the search early; the best routes so far are printed.");
        var file = new Argument<string>("FILE") { Description = "The instance." };
        var seconds = new Option<double>("--seconds") { Description = "Time the search may take.", DefaultValueFactory = _ => 10 };
        var threads = new Option<int>("--threads") { Description = "Threads, 1 to 64; without it one for each processor.", DefaultValueFactory = _ => Math.Clamp(Environment.ProcessorCount, 1, 64) };
        var objective = new Option<string>("--objective") { Description = "distance: shortest routes; vehicles: fewest vehicles, then shortest routes.", DefaultValueFactory = _ => "distance" };
        objective.AcceptOnlyFromAmong("distance", "vehicles");
        var seed = new Option<ulong>("--seed") { Description = "Seed of the search's chance.", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        verb.Arguments.Add(file);
        foreach (var option in new Option[] { seconds, threads, objective, seed, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            if (parsed.GetValue(seconds) is not (> 0 and <= SecondsMax)) throw new UsageException($"--seconds {parsed.GetValue(seconds)} is out of range: above 0, at most {SecondsMax}.");
            var path = parsed.GetRequiredValue(file);
            var instance = BenchmarkFile.Parse(await GivenFile.TextAsync(path, MebiBytesMax, ct), Path.GetFileNameWithoutExtension(path));
            var options = new SolveOptions
            {
                Time = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                Threads = parsed.GetValue(threads),
                Seed = parsed.GetValue(seed),
                FewestVehicles = parsed.GetValue(objective) is "vehicles",
            };
            var solved = await Task.Run(() => SolvedFile.Solve(instance, options, TimeProvider.System, ct), CancellationToken.None);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) await output.WriteLineAsync(RouteJson.Write(solved, parsed.GetValue(objective)!));
            else Tell(solved, output);
            return solved.Checked.Violation is null ? ExitCode.Ok : ExitCode.Bad;
        });
        return verb;
    }

    private static Command Check()
    {
        var verb = new Command("check", "Checks routes for a file: every window, load and shipment, in real numbers. Exit code 1: they break a rule, which is named.");
        var file = new Argument<string>("FILE") { Description = "The instance." };
        var solution = new Argument<string>("SOLUTION") { Description = "What solve --json printed, or lines like \"Route 1: 5 3 7\"; node numbers of the file, the depot left out." };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        verb.Arguments.Add(file);
        verb.Arguments.Add(solution);
        verb.Options.Add(json);
        verb.Runs(async (parsed, ct) =>
        {
            var path = parsed.GetRequiredValue(file);
            var instance = BenchmarkFile.Parse(await GivenFile.TextAsync(path, MebiBytesMax, ct), Path.GetFileNameWithoutExtension(path));
            var result = BenchmarkChecker.Check(instance, RoutesText.Parse(await GivenFile.TextAsync(parsed.GetRequiredValue(solution), MebiBytesMax, ct)));
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) await output.WriteLineAsync(RouteJson.Write(instance, result));
            else if (result.Violation is { } violation) await output.WriteLineAsync($"{instance.Name}: not feasible. {violation.Message}");
            else await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{instance.Name}: feasible, {result.Vehicles} vehicles, distance {result.Distance:0.00}."));
            return result.Violation is null ? ExitCode.Ok : ExitCode.Bad;
        });
        return verb;
    }

    private static void Tell(SolvedFile solved, TextWriter output)
    {
        output.WriteLine($"{solved.Instance.Name}: {solved.Checked.Vehicles} vehicles, distance {solved.Checked.Distance:0.00}, after {solved.Elapsed.TotalSeconds:0.0} s.");
        if (solved.Checked.Violation is { } violation) output.WriteLine($"NOT FEASIBLE: {violation.Message} More time, or more vehicles in the file, may help.");
        for (var route = 0; route < solved.Routes.Count; route++) output.WriteLine($"Route {route + 1}: {string.Join(' ', solved.Routes[route])}");
    }
}
