using KeyAccountLogistics.Routing.Checking;
using KeyAccountLogistics.Routing.Files;
using KeyAccountLogistics.Routing.Solving;

namespace KeyAccountLogistics.Acceptance.Routing;

/// <summary>Every published instance is read and solved; the checker passes the routes, and with two stops swapped it says what plain arithmetic says.</summary>
public sealed class BenchmarkRoutesTests
{
    [AcceptanceTheory("routing")]
    [InlineData("solomon", 29)]
    [InlineData("homberger", 18)]
    [InlineData("lilim", 29)]
    public void Every_instance_is_solved_and_each_swap_that_breaks_a_window_is_found(string folder, int instances)
    {
        var files = Directory.GetFiles(AcceptanceFolder.At("routing", folder), "*.txt");
        files.Length.ShouldBe(instances);
        var (swaps, broken) = (0, 0);
        foreach (var path in files)
        {
            var file = BenchmarkFile.Parse(File.ReadAllText(path), Path.GetFileNameWithoutExtension(path));
            // The look round what the first plan left out is bounded by them too: enough for every instance to be complete.
            var solved = SolvedFile.Solve(file, new SolveOptions { Iterations = 1_000, Seed = 5 }, TimeProvider.System);
            solved.Checked.Violation.ShouldBeNull(path);
            foreach (var (route, at) in solved.Routes.SelectMany((route, number) => Enumerable.Range(0, Math.Max(0, route.Count - 1)).Select(at => (number, at))))
            {
                List<List<int>> swapped = [.. solved.Routes.Select(nodes => nodes.ToList())];
                (swapped[route][at], swapped[route][at + 1]) = (swapped[route][at + 1], swapped[route][at]);
                var isLate = IsLate(file, swapped[route]);
                var kind = BenchmarkChecker.Check(file, swapped).Violation?.Kind;
                (kind is ViolationKind.OutsideWindow).ShouldBe(isLate, $"{path}, route {route + 1}, stop {at + 1}");
                swaps++;
                broken += isLate ? 1 : 0;
            }
        }
        broken.ShouldBeInRange(1, swaps - 1);
    }

    /// <summary>200,000 iterations are some two seconds: enough for the optimum of the easy instances and near it elsewhere.</summary>
    [AcceptanceTheory("routing")]
    [InlineData("solomon", "C101", 0.001)]
    [InlineData("solomon", "C201", 0.001)]
    [InlineData("solomon", "R101", 0.1)]
    [InlineData("solomon", "RC205", 1.0)]
    public void Known_instances_come_near_the_best_known(string folder, string name, double gapPercent)
    {
        var best = File.ReadLines(AcceptanceFolder.At("routing", "best_known.csv")).Select(line => line.Split(',')).Single(cells => cells[0] == name);
        var solved = Solve(folder, name, fewestVehicles: false);
        (100 * ((solved.Checked.Distance / double.Parse(best[5])) - 1)).ShouldBeLessThan(gapPercent);
    }

    [AcceptanceTheory("routing")]
    [InlineData("solomon", "R101")]
    [InlineData("solomon", "RC201")]
    [InlineData("lilim", "lr101")]
    [InlineData("lilim", "lrc201")]
    public void Known_instances_reach_the_fewest_vehicles_known(string folder, string name)
    {
        var best = File.ReadLines(AcceptanceFolder.At("routing", "best_known.csv")).Select(line => line.Split(',')).Single(cells => cells[0] == name);
        Solve(folder, name, fewestVehicles: true).Checked.Vehicles.ShouldBe(int.Parse(best[2]));
    }

    private static SolvedFile Solve(string folder, string name, bool fewestVehicles)
    {
        var file = BenchmarkFile.Parse(File.ReadAllText(AcceptanceFolder.At("routing", folder, name + ".txt")), name);
        var solved = SolvedFile.Solve(file, new SolveOptions { Iterations = 200_000, FewestVehicles = fewestVehicles }, TimeProvider.System);
        solved.Checked.Violation.ShouldBeNull();
        return solved;
    }

    private static bool IsLate(BenchmarkFile file, List<int> route)
    {
        var (now, from) = (file.Nodes[0].Ready, 0);
        foreach (var node in route.Append(0))
        {
            now = Math.Max(file.Nodes[node].Ready, now + Math.Sqrt(Math.Pow(file.Nodes[from].X - file.Nodes[node].X, 2) + Math.Pow(file.Nodes[from].Y - file.Nodes[node].Y, 2)));
            if (now > file.Nodes[node].Due + 1e-6) return true;
            now += file.Nodes[node].Service;
            from = node;
        }
        return false;
    }
}
