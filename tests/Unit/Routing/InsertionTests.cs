using KeyAccountLogistics.Routing.Model;
using KeyAccountLogistics.Routing.Solving;

namespace KeyAccountLogistics.Unit.Routing;

/// <summary>What the search keeps up to date step by step is what counting everything afresh gives; what it says an insertion costs, it costs.</summary>
public sealed class InsertionTests
{
    private const int Problems = 400;

    [Fact]
    public void A_route_after_any_insertions_is_the_route_made_of_its_stops() => Walk((of, draft, _) =>
    {
        foreach (var route in draft.Routes) ShouldBeSame(route, Fresh(of, route.Vehicle, route.Node.AsSpan(1, route.Count)), of);
        var again = new Draft(of);
        again.Load(draft.Save());
        (draft.Cost, draft.Missing, draft.Used).ShouldBe((again.Cost, again.Missing, again.Used));
    });

    [Fact]
    public void The_cheapest_place_is_feasible_and_costs_what_was_said() => Walk((of, draft, _) =>
    {
        foreach (var (route, unit) in OutEverywhere(of, draft))
        {
            var place = Insertion.Find(of, route, unit);
            if (place.Cost == Instance.Never) continue;
            var with = With(of, route, unit, place.At, place.At2);
            with.IsFeasible.ShouldBeTrue();
            (with.Cost - route.Cost).ShouldBe(place.Cost);
        }
    });

    [Fact]
    public void No_place_is_cheaper_than_the_one_found() => Walk((of, draft, problem) =>
    {
        if (!IsMetric(problem)) return;
        foreach (var (route, unit) in OutEverywhere(of, draft))
        {
            if (!route.IsFeasible) continue;
            var cheapest = Instance.Never;
            for (var at = route.Frozen; at <= route.Count; at++)
            {
                for (var at2 = at; at2 <= (of.Second[unit] >= 0 ? route.Count : at); at2++)
                {
                    var with = With(of, route, unit, at, at2);
                    if (with.IsFeasible) cheapest = Math.Min(cheapest, with.Cost - route.Cost);
                }
            }
            Insertion.Find(of, route, unit).Cost.ShouldBe(cheapest);
        }
    }, problem => problem with { Travel = Metric(problem.Travel) });

    [Fact]
    public void Undo_brings_back_what_was()
    {
        for (var seed = 0; seed < Problems; seed++)
        {
            var of = new Instance(DrawnProblem.Draw(seed));
            var (draft, dice) = (new Draft(of), new Dice((ulong)seed));
            var search = new RuinAndRecreate(of, draft, dice);
            search.Complete();
            for (var turn = 0; turn < 10; turn++)
            {
                var before = (Routes(draft), draft.Cost, draft.Missing, draft.Used, string.Join(' ', draft.Out.Take(draft.OutCount)), string.Join(' ', draft.RouteOf), string.Join(' ', draft.VersionOf));
                search.Try(dice.Below(of.Stops));
                draft.Undo();
                (Routes(draft), draft.Cost, draft.Missing, draft.Used, string.Join(' ', draft.Out.Take(draft.OutCount)), string.Join(' ', draft.RouteOf), string.Join(' ', draft.VersionOf)).ShouldBe(before);
                foreach (var stop in Enumerable.Range(0, of.Stops).Where(stop => draft.RouteOf[stop] >= 0)) draft.Routes[draft.RouteOf[stop]].Node[draft.PositionOf[stop]].ShouldBe(stop);
                search.Try(dice.Below(of.Stops));
                draft.Keep();
            }
        }
    }

    private static string Routes(Draft draft) => string.Join('|', draft.Save().Select(route => string.Join(' ', route)));

    /// <summary>Random problems, each looked at after some turns of the search; every second one with frozen visits.</summary>
    private static void Walk(Action<Instance, Draft, RoutingProblem> look, Func<RoutingProblem, RoutingProblem>? change = null)
    {
        for (var seed = 0; seed < Problems; seed++)
        {
            var problem = DrawnProblem.Draw(seed);
            if (change is not null) problem = change(problem);
            if (seed % 2 == 1) problem = DrawnProblem.Later(problem, RouteSolver.Solve(problem, new SolveOptions { Iterations = 10 }, TimeProvider.System), seed);
            var of = new Instance(problem);
            var (draft, dice) = (new Draft(of), new Dice((ulong)seed));
            var search = new RuinAndRecreate(of, draft, dice);
            search.Complete();
            for (var turn = 0; turn < 3; turn++)
            {
                search.Try(dice.Below(of.Stops));
                draft.Keep();
                look(of, draft, problem);
            }
        }
    }

    /// <summary>Every unit that may go into a route and is not in one, with a route it may go into; units are taken out of others for it.</summary>
    private static IEnumerable<(Route Route, int Unit)> OutEverywhere(Instance of, Draft draft) =>
        from unit in Enumerable.Range(0, of.Stops)
        where of.UnitOf[unit] == unit
        from route in draft.Routes
        where of.MayServe(unit, route.Vehicle) && draft.RouteOf[unit] != route.Vehicle
        select (route, unit);

    private static Route With(Instance of, Route route, int unit, int at, int at2)
    {
        var stops = route.Node.AsSpan(1, route.Count).ToArray().ToList();
        if (of.Second[unit] >= 0) stops.Insert(at2, of.Second[unit]);
        stops.Insert(at, unit);
        return Fresh(of, route.Vehicle, stops.ToArray());
    }

    private static Route Fresh(Instance of, int vehicle, ReadOnlySpan<int> stops)
    {
        var route = new Route(of, vehicle);
        route.Set(stops);
        return route;
    }

    private static void ShouldBeSame(Route route, Route fresh, Instance of)
    {
        var positions = route.Count + 2;
        (route.Count, route.Distance, route.Late, route.Delivered, route.Changes, route.Cost).ShouldBe((fresh.Count, fresh.Distance, fresh.Late, fresh.Delivered, fresh.Changes, fresh.Cost));
        route.Leg.Take(positions - 1).ShouldBe(fresh.Leg.Take(positions - 1));
        if (route.IsTimed && route.Count > 0) route.Depart.Take((positions - 1) * route.Labels).ShouldBe(fresh.Depart.Take((positions - 1) * route.Labels));
        if (!route.IsTimed)
        {
            route.Depart.Take(positions - 1).ShouldBe(fresh.Depart.Take(positions - 1));
            route.Latest.Skip(route.Frozen).Take(positions - route.Frozen).ShouldBe(fresh.Latest.Skip(route.Frozen).Take(positions - route.Frozen));
        }
        route.Load.Take((positions - 1) * of.Capacities).ShouldBe(fresh.Load.Take((positions - 1) * of.Capacities));
        route.PeakBefore.Take((positions - 1) * of.Capacities).ShouldBe(fresh.PeakBefore.Take((positions - 1) * of.Capacities));
        route.PeakAfter.Take((positions - 1) * of.Capacities).ShouldBe(fresh.PeakAfter.Take((positions - 1) * of.Capacities));
    }

    private static bool IsMetric(RoutingProblem problem) => problem.Travel.TimesAreDistances;

    /// <summary>Shortest paths of a matrix, as distances and times alike: places beyond a saving are rightly left out only there.</summary>
    private static TravelMatrix Metric(TravelMatrix travel)
    {
        var shortest = new int[travel.Places, travel.Places];
        for (var from = 0; from < travel.Places; from++)
        {
            for (var to = 0; to < travel.Places; to++) shortest[from, to] = travel.Distance(from, to);
        }
        for (var over = 0; over < travel.Places; over++)
        {
            for (var from = 0; from < travel.Places; from++)
            {
                for (var to = 0; to < travel.Places; to++) shortest[from, to] = Math.Min(shortest[from, to], shortest[from, over] + shortest[over, to]);
            }
        }
        return TravelMatrix.From(travel.Places, (from, to) => shortest[from, to]);
    }
}
