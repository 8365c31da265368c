using KeyAccountLogistics.Routing.Checking;
using KeyAccountLogistics.Routing.Model;
using KeyAccountLogistics.Routing.Solving;
using KeyAccountLogistics.TestKit;

namespace KeyAccountLogistics.Unit.Routing;

/// <summary>Whatever the solver gives keeps every rule, by the word of a checker that shares no code with it.</summary>
public sealed class EveryPlanPassesTests
{
    [Fact]
    public void Of_random_problems_with_every_feature_and_again_with_routes_half_driven()
    {
        var first = (int)(RunSettings.SeedOr(20_261_128) % int.MaxValue);
        var (complete, moved) = (0, 0);
        for (var number = 0; number < RunSettings.RoutingProblems; number++)
        {
            var seed = unchecked(first + number) & int.MaxValue;
            var problem = DrawnProblem.Draw(seed);
            var plan = Solved(problem, seed);
            if (plan.IsComplete) complete++;
            var later = DrawnProblem.Later(problem, plan, seed);
            if (Solved(later, seed).Cost.Changes > 0) moved++;
        }
        // The problems are neither all hopeless nor all trivial.
        complete.ShouldBeGreaterThan(RunSettings.RoutingProblems / 10);
        moved.ShouldBeGreaterThan(RunSettings.RoutingProblems / 100);
    }

    private static Plan Solved(RoutingProblem problem, int seed)
    {
        var plan = RouteSolver.Solve(problem, new SolveOptions { Iterations = 24, Seed = (ulong)seed, FewestVehicles = seed % 5 == 0 }, TimeProvider.System);
        var violation = PlanChecker.Check(problem, plan).Violation;
        var isFine = violation is null || (violation.Kind is ViolationKind.MandatoryStopUnserved && !plan.IsComplete);
        isFine.ShouldBeTrue($"{violation}; replay with KAL_SEED={seed}");
        return plan;
    }
}
