using KeyAccountLogistics.Routing.Checking;
using KeyAccountLogistics.Routing.Solving;

namespace KeyAccountLogistics.Routing.Files;

/// <summary>Routes found for a benchmark file, judged in real numbers.</summary>
/// <param name="Instance">The file.</param>
/// <param name="Routes">Node numbers of the file, the depot left out.</param>
/// <param name="Checked">What the checker says of them.</param>
/// <param name="Elapsed">Time from the call to the routes.</param>
public sealed record SolvedFile(BenchmarkFile Instance, IReadOnlyList<IReadOnlyList<int>> Routes, CheckedRoutes Checked, TimeSpan Elapsed)
{
    /// <summary>Searches as <see cref="RouteSolver.Solve"/> does.</summary>
    public static SolvedFile Solve(BenchmarkFile instance, SolveOptions options, TimeProvider time, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var begin = time.GetTimestamp();
        var problem = instance.ToProblem();
        // Making the matrix is part of the time that was asked for.
        var left = options.Time is { } whole ? options with { Time = TimeSpan.FromTicks(Math.Max(1, (whole - time.GetElapsedTime(begin)).Ticks)) } : options;
        var plan = RouteSolver.Solve(problem, left, time, stop);
        IReadOnlyList<IReadOnlyList<int>> routes = [.. plan.Routes.Select(route => route.Visits.Select(visit => visit.Stop + 1).ToList())];
        return new SolvedFile(instance, routes, BenchmarkChecker.Check(instance, routes), time.GetElapsedTime(begin));
    }
}
