using KeyAccountLogistics.Routing.Checking;
using KeyAccountLogistics.Routing.Model;
using KeyAccountLogistics.Routing.Solving;

namespace KeyAccountLogistics.Unit.Routing;

/// <summary>The search as a whole: the same again for a seed, stopped when asked, never without a plan.</summary>
public sealed class SearchTests
{
    [Theory]
    [InlineData(1, 60, false)]
    [InlineData(2, 60, false)]
    [InlineData(2, 60, true)]
    [InlineData(2, 420, false)]
    public void The_same_seed_and_iterations_give_the_same_plan(int threads, int stops, bool fewestVehicles)
    {
        var problem = Town(stops, 7);
        var options = new SolveOptions { Iterations = 3_000, Threads = threads, Seed = 42, FewestVehicles = fewestVehicles };
        var first = RouteSolver.Solve(problem, options, TimeProvider.System);
        var second = RouteSolver.Solve(problem, options, TimeProvider.System);
        Text(second).ShouldBe(Text(first));
        string.Equals(Text(RouteSolver.Solve(problem, options with { Seed = 43 }, TimeProvider.System)), Text(first), StringComparison.Ordinal).ShouldBeFalse();
    }

    [Fact]
    public void A_search_that_is_stopped_gives_the_best_plan_so_far()
    {
        var problem = Town(100, 3);
        using var stop = new CancellationTokenSource();
        var calls = 0;
        var options = new SolveOptions { Time = TimeSpan.FromMinutes(1), Threads = 2, Progress = _ => { if (++calls == 2) stop.Cancel(); } };
        var plan = RouteSolver.Solve(problem, options, new Shortened(), stop.Token);
        plan.IsComplete.ShouldBeTrue();
        PlanChecker.Check(problem, plan).Violation.ShouldBeNull();
    }

    [Fact]
    public void A_search_that_is_stopped_before_it_begins_gives_a_first_plan()
    {
        var problem = Town(100, 3);
        var plan = RouteSolver.Solve(problem, new SolveOptions { Iterations = 1_000 }, TimeProvider.System, new CancellationToken(canceled: true));
        plan.IsComplete.ShouldBeTrue();
        PlanChecker.Check(problem, plan).Violation.ShouldBeNull();
    }

    [Fact]
    public void A_large_search_that_is_stopped_before_it_begins_gives_what_it_has_placed()
    {
        var problem = Town(RuinAndRecreate.UnitsBetweenLooks + 200, 3);
        var plan = RouteSolver.Solve(problem, new SolveOptions { Iterations = 1_000 }, TimeProvider.System, new CancellationToken(canceled: true));
        plan.Unserved.Count.ShouldBeInRange(201, 600);
        PlanChecker.Check(problem, plan).Violation!.Kind.ShouldBe(ViolationKind.MandatoryStopUnserved);
    }

    [Fact]
    public void A_search_for_fewer_vehicles_that_is_stopped_gives_the_fewest_found()
    {
        // Who lives at 5 is needed for a skill; of the other two, one can do it all.
        Stop[] stops = [Small.At(1, new TimeWindow(0, 30)), Small.At(10, new TimeWindow(90, 150)), Small.At(1, new TimeWindow(0, 400)), Small.At(10, new TimeWindow(100, 400)), Small.At(5) with { Skills = 1 }];
        Vehicle VanAt(int place) => Small.Van with { Id = "V", StartPlace = place, EndPlace = place, Skills = place == 5 ? 1UL : 0 };
        var problem = Small.Problem(stops, VanAt(1), VanAt(10), VanAt(5));
        using var stop = new CancellationTokenSource();
        var said = new List<SolveProgress>();
        // Of the 40,000 looks of this time, the first round of the search for fewer vehicles takes 2,000.
        var options = new SolveOptions { Time = TimeSpan.FromSeconds(40), FewestVehicles = true, Progress = said.Add };
        var plan = RouteSolver.Solve(problem, options, new StoppedAtLook(stop, 500), stop.Token);
        said[0].Vehicles.ShouldBe(3);
        said[^1].Vehicles.ShouldBe(2);
        plan.Routes.Count.ShouldBe(2);
        PlanChecker.Check(problem, plan).Violation.ShouldBeNull();
    }

    [Fact]
    public void A_search_that_is_stopped_while_it_fills_its_population_gives_the_best_of_it()
    {
        // The first round takes 333 of the 8,000 looks, and each of the eight first plans some 400.
        CostWhenStoppedAt(2_500).ShouldBeLessThan(CostWhenStoppedAt(345));

        static long CostWhenStoppedAt(int look)
        {
            using var stop = new CancellationTokenSource();
            return RouteSolver.Solve(Town(50, 5), new SolveOptions { Time = TimeSpan.FromSeconds(8) }, new StoppedAtLook(stop, look), stop.Token).Cost.Total;
        }
    }

    [Fact]
    public void No_iterations_and_no_time_are_the_first_insertion_only()
    {
        foreach (var options in new[] { new SolveOptions { Iterations = 0 }, new SolveOptions { Time = TimeSpan.Zero }, new SolveOptions { Iterations = 0, FewestVehicles = true, Threads = 2 } })
        {
            var said = new List<SolveProgress>();
            var plan = RouteSolver.Solve(Town(100, 3), options with { Progress = said.Add }, TimeProvider.System);
            plan.IsComplete.ShouldBeTrue();
            said[^1].Iterations.ShouldBe(0);
            said[^1].Cost.ShouldBe(said[0].Cost);
        }
    }

    [Fact]
    public void Time_ends_the_search()
    {
        var plan = RouteSolver.Solve(Town(50, 1), new SolveOptions { Time = TimeSpan.FromSeconds(10) }, new Shortened());
        plan.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void Better_plans_are_reported_and_none_is_worse_than_the_one_before()
    {
        var costs = new List<SolveProgress>();
        var plan = RouteSolver.Solve(Town(80, 5), new SolveOptions { Iterations = 5_000, Progress = costs.Add }, TimeProvider.System);
        costs.Select(progress => progress.Cost).ShouldBe(costs.Select(progress => progress.Cost).OrderDescending());
        costs[^1].Cost.ShouldBe(plan.Cost.Total);
        costs[^1].Iterations.ShouldBeGreaterThanOrEqualTo(5_000);
    }

    [Fact]
    public void Longer_search_finds_shorter_routes()
    {
        var problem = Town(120, 11);
        var shortly = RouteSolver.Solve(problem, new SolveOptions { Iterations = 1 }, TimeProvider.System).Cost.Total;
        var longer = RouteSolver.Solve(problem, new SolveOptions { Iterations = 20_000 }, TimeProvider.System).Cost.Total;
        ((double)longer / shortly).ShouldBeLessThan(0.95);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(65, 1)]
    [InlineData(1, null)]
    [InlineData(1, -1)]
    public void Options_out_of_range_are_refused(int threads, int? iterations) =>
        Should.Throw<ProblemException>(() => RouteSolver.Solve(Town(5, 1), new SolveOptions { Threads = threads, Iterations = iterations }, TimeProvider.System));

    [Fact]
    public void Negative_time_is_refused() =>
        Should.Throw<ProblemException>(() => RouteSolver.Solve(Town(5, 1), new SolveOptions { Time = TimeSpan.FromSeconds(-1) }, TimeProvider.System)).Message.ShouldContain("negative");

    private static string Text(Plan plan) => string.Join('|', plan.Routes.Select(route => FormattableString.Invariant($"{route.Vehicle}:") + string.Join(' ', route.Visits)));

    /// <summary>Stops in a town with windows and loads, one depot, vehicles enough.</summary>
    private static RoutingProblem Town(int stops, int seed)
    {
        var random = new Random(seed);
        var at = Enumerable.Range(0, stops + 1).Select(_ => (X: random.NextDouble() * 1_000, Y: random.NextDouble() * 1_000)).ToArray();
        return new RoutingProblem
        {
            Travel = TravelMatrix.From(stops + 1, (from, to) => (int)Math.Sqrt(Math.Pow(at[from].X - at[to].X, 2) + Math.Pow(at[from].Y - at[to].Y, 2))),
            Capacities = 1,
            Stops = [.. Enumerable.Range(1, stops).Select(place => new Stop { Id = "S", Place = place, Service = 60, Delivered = [random.Next(1, 20)], Windows = [WindowOf(random)] })],
            Vehicles = [.. Enumerable.Range(0, (stops / 4) + 3).Select(_ => new Vehicle { Id = "V", StartPlace = 0, EndPlace = 0, Shift = new TimeWindow(0, 20_000), Capacities = [150] })],
        };
    }

    private static TimeWindow WindowOf(Random random)
    {
        var from = random.Next(1_500, 10_000);
        return new TimeWindow(from, from + random.Next(500, 5_000));
    }

    /// <summary>Each look at the clock, a thousandth of a second has passed; at one of them somebody stops the search.</summary>
    private sealed class StoppedAtLook(CancellationTokenSource stop, int look) : TimeProvider
    {
        private int _looks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            var now = Interlocked.Increment(ref _looks);
            if (now == look) stop.Cancel();
            return now * TimeSpan.TicksPerMillisecond;
        }
    }

    /// <summary>Each look at the clock, a hundredth of a second has passed: time that ends a search without anybody waiting.</summary>
    private sealed class Shortened : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, TimeSpan.TicksPerMillisecond * 10);
    }
}
