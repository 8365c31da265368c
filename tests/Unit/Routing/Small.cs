using KeyAccountLogistics.Routing.Checking;
using KeyAccountLogistics.Routing.Model;
using KeyAccountLogistics.Routing.Solving;

namespace KeyAccountLogistics.Unit.Routing;

/// <summary>Small problems on a line: place 0 is the depot, place n lies n * 10 away from it; a unit of distance takes a unit of time.</summary>
internal static class Small
{
    public const int Places = 12;

    public static TravelMatrix Line { get; } = TravelMatrix.From(Places, (from, to) => 10 * Math.Abs(from - to));

    public static Vehicle Van { get; } = new() { Id = "V", StartPlace = 0, EndPlace = 0, Shift = new TimeWindow(0, 1_000) };

    public static Stop At(int place, params TimeWindow[] windows) => new() { Id = FormattableString.Invariant($"at {place}"), Place = place, Service = 1, Windows = windows };

    public static RoutingProblem Problem(Stop[] stops, params Vehicle[] vehicles) =>
        new() { Travel = Line, Stops = stops, Vehicles = vehicles.Length == 0 ? [Van] : vehicles, Capacities = stops.Max(stop => Math.Max(stop.Delivered.Count, stop.Collected.Count)) };

    /// <summary>Solves, and has the checker agree.</summary>
    public static Plan Solve(RoutingProblem problem, SolveOptions? options = null)
    {
        var plan = RouteSolver.Solve(problem, options ?? new SolveOptions { Iterations = 300 }, TimeProvider.System);
        var violation = PlanChecker.Check(problem, plan).Violation;
        if (plan.IsComplete) violation.ShouldBeNull();
        else violation!.Kind.ShouldBe(ViolationKind.MandatoryStopUnserved);
        return plan;
    }

    public static int[] StopsOf(Plan plan, int vehicle) => [.. plan.Routes.Where(route => route.Vehicle == vehicle).SelectMany(route => route.Visits).Select(visit => visit.Stop)];
}
