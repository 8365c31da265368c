using System.Globalization;
using KeyAccountLogistics.Benchmarks.Reports;
using KeyAccountLogistics.Routing.Files;
using KeyAccountLogistics.Routing.Solving;

namespace KeyAccountLogistics.Benchmarks.Routing;

/// <summary>
/// The router against the best known routes of published instances: every instance with its gap, vehicles and seconds, each with several seeds; last, real courier days beside their plans (--suite lade). Options narrow it: --suite NAME, --only A,B,
/// --seconds N, --iterations N (instead of seconds, for comparisons on a busy machine), --seeds N, --threads N, --table FILE (the rows as Markdown as well).
/// </summary>
internal static class RouteBench
{
    private static readonly Suite[] Suites =
    [
        new("solomon", "solomon", null, false, 10),
        new("homberger-200", "homberger", "_2_", false, 30),
        new("homberger-400", "homberger", "_4_", false, 30),
        new("homberger-1000", "homberger", "_10_", false, 30),
        new("solomon-vehicles", "solomon", null, true, 30),
        new("lilim", "lilim", null, true, 10),
    ];

    internal static int Run(string[] args)
    {
        var arguments = new Arguments(args);
        var folder = Path.Combine(Environment.GetEnvironmentVariable("KAL_ACCEPTANCE_DATA") is { Length: > 0 } set ? set : Path.Combine("..", "shared", "data"), "routing");
        if (!Directory.Exists(folder))
        {
            Targets.Say($"route: skipped, there is no folder {folder}: set KAL_ACCEPTANCE_DATA to the folder that holds 'routing'.");
            return 0;
        }
        var best = BestKnown.Read(Path.Combine(folder, "best_known.csv"));
        var targets = new Targets();
        var (threads, seeds) = (arguments.Number("--threads", 2), arguments.Number("--seeds", 3));
        using var table = arguments.Text("--table") is { } file ? new StreamWriter(file) : null;
        table?.WriteLine("| suite | instance | seed | vehicles | best known | distance | best known | gap % | seconds |\n|---|---|---|---|---|---|---|---|---|");
        foreach (var suite in Suites.Where(suite => arguments.Text("--suite") is not { } only || suite.Name == only))
        {
            var seconds = arguments.Number("--seconds", suite.Seconds);
            Targets.Say($"# {suite.Name}: {(suite.FewestVehicles ? "vehicles first" : "distance")}, {seconds} s, {threads} threads, seeds 1 to {seeds}");
            var names = arguments.Text("--only")?.Split(',');
            var runs = (from path in Directory.EnumerateFiles(Path.Combine(folder, suite.Folder), "*.txt").Order(StringComparer.Ordinal)
                        let name = Path.GetFileNameWithoutExtension(path)
                        where (suite.NamePart is null || name.Contains(suite.NamePart, StringComparison.Ordinal)) && (names is null || names.Contains(name, StringComparer.Ordinal)) && best.ContainsKey(name)
                        from seed in Enumerable.Range(1, seeds)
                        select One(suite, path, best[name], (ulong)seed, seconds, threads, arguments, table)).ToList();
            if (runs.Count > 0) Judge(suite, runs, targets);
        }
        if (arguments.Text("--suite") is null or "lade") CourierDays.Run(Path.Combine(folder, "lade_pickup"));
        return targets.ExitCode;
    }

    private static BenchRun One(Suite suite, string path, BestKnown best, ulong seed, int seconds, int threads, Arguments arguments, TextWriter? table)
    {
        var first = TimeSpan.Zero;
        var iterations = 0L;
        var options = new SolveOptions
        {
            Time = arguments.Number("--iterations", 0) > 0 ? null : TimeSpan.FromSeconds(seconds),
            Iterations = arguments.Number("--iterations", 0) is > 0 and var most ? most : null,
            Threads = threads,
            Seed = seed,
            FewestVehicles = suite.FewestVehicles,
            Progress = progress =>
            {
                if (first == TimeSpan.Zero && progress.IsComplete) first = progress.Elapsed;
                iterations = progress.Iterations;
            },
        };
        var name = Path.GetFileNameWithoutExtension(path);
        var solved = SolvedFile.Solve(BenchmarkFile.Parse(File.ReadAllText(path), name), options, TimeProvider.System);
        var (vehicles, distance) = suite.FewestVehicles ? (best.FewestVehicles, best.DistanceOfFewest) : (best.VehiclesOfShortest, best.Shortest);
        var run = new BenchRun(name, solved.Checked.Violation?.Message, solved.Checked.Vehicles, vehicles, solved.Checked.Distance, 100 * ((solved.Checked.Distance / distance) - 1), first);
        Targets.Say($"{name,-10} seed {seed}  vehicles {run.Vehicles,3} ({vehicles,3})  distance {run.Distance,9:0.00} ({distance,9:0.00})  gap {run.Gap,6:0.00} %  {solved.Elapsed.TotalSeconds,5:0.0} s  first plan {first.TotalSeconds:0.00} s  {iterations} iterations{(run.Violation is { } wrong ? "  NOT FEASIBLE: " + wrong : "")}");
        table?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {suite.Name} | {name} | {seed} | {run.Vehicles} | {vehicles} | {run.Distance:0.00} | {distance:0.00} | {run.Gap:0.00} | {solved.Elapsed.TotalSeconds:0.0} |"));
        table?.Flush();
        return run;
    }

    private static void Judge(Suite suite, List<BenchRun> runs, Targets targets)
    {
        targets.FigureAtMost($"route-{suite.Name}-infeasible", runs.Count(run => run.Violation is not null), 0);
        var met = runs.Where(run => run.Vehicles <= run.BestVehicles).ToList();
        switch (suite.Name)
        {
            case "solomon": targets.FigureAtMost("route-solomon-gap", runs.Average(run => run.Gap), 0.3); break;
            case "homberger-200": targets.FigureAtMost("route-homberger-200-gap", runs.Average(run => run.Gap), 0.8); break;
            case "homberger-400": targets.FigureAtMost("route-homberger-400-gap", runs.Average(run => run.Gap), 2.0); break;
            case "homberger-1000":
                targets.FigureAtMost("route-homberger-1000-gap", runs.Average(run => run.Gap), 5.0);
                targets.FigureAtMost("route-first-plan-1000-seconds", runs.Max(run => run.First.TotalSeconds), 1.0);
                break;
            default:
                targets.FigureAtLeast($"route-{suite.Name}-best-count-percent", 100.0 * met.Count / runs.Count, 90);
                if (suite.Name is "lilim" && met.Count > 0) targets.FigureAtMost("route-lilim-gap-at-best-count", met.Average(run => run.Gap), 1.0);
                break;
        }
    }

    private sealed record Suite(string Name, string Folder, string? NamePart, bool FewestVehicles, int Seconds);

    private sealed record BenchRun(string Name, string? Violation, int Vehicles, int BestVehicles, double Distance, double Gap, TimeSpan First);

    private sealed record BestKnown(int FewestVehicles, double DistanceOfFewest, int VehiclesOfShortest, double Shortest)
    {
        internal static Dictionary<string, BestKnown> Read(string path) => File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Where(cells => cells.Length == 6).ToDictionary(
            cells => cells[0], cells => new BestKnown((int)Number(cells[2]), Number(cells[3]), cells[4].Length == 0 ? 0 : (int)Number(cells[4]), Number(cells[5])), StringComparer.Ordinal);

        private static double Number(string cell) => cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture);
    }
}
