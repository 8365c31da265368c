using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Routing.Checking;

/// <summary>
/// Judges a plan by the words of the model alone: no code of the search is used, times are taken from the plan and looked at one by one, sums are counted anew and checked.
/// That a stop that must be served is left out is judged last, so that of an incomplete plan one sees that nothing else is wrong.
/// </summary>
public static class PlanChecker
{
    /// <summary>Judges a plan for a problem.</summary>
    /// <exception cref="ProblemException">The problem itself cannot be planned.</exception>
    public static CheckedPlan Check(RoutingProblem problem, Plan plan)
    {
        ProblemLimits.Check(problem);
        ArgumentNullException.ThrowIfNull(plan);
        if ((Membership(problem, plan) ?? FrozenFirst(problem, plan)) is { } stray) return new CheckedPlan(stray, null);
        foreach (var route in plan.Routes)
        {
            var violation = Fitness(problem, route) ?? Times(problem, route) ?? Breaks(problem, route) ?? Loads(problem, route);
            if (violation is not null) return new CheckedPlan(violation, null);
        }
        if (Shipments(problem, plan) is { } split) return new CheckedPlan(split, null);
        var cost = CostOf(problem, plan);
        if (cost != plan.Cost) return new CheckedPlan(new Violation(ViolationKind.CostMisstated, $"The plan says {plan.Cost}; it is {cost}."), cost);
        var left = plan.Unserved.Where(stop => problem.Stops[stop].Penalty is null).ToList();
        if (plan.IsComplete != (left.Count == 0))
            return new CheckedPlan(new Violation(ViolationKind.CostMisstated, $"The plan says that it is {(plan.IsComplete ? "" : "not ")}complete, and {left.Count} stops that must be served are left out."), cost);
        var missing = left.Count == 0 ? null : new Violation(ViolationKind.MandatoryStopUnserved, $"Stop {problem.Stops[left[0]].Id} must be served and is left out, with {left.Count - 1} others.");
        return new CheckedPlan(missing, cost);
    }

    private static Violation? Membership(RoutingProblem problem, Plan plan)
    {
        var vehicles = new HashSet<int>();
        var servedBy = new Dictionary<int, int>();
        foreach (var route in plan.Routes)
        {
            if (route.Vehicle < 0 || route.Vehicle >= problem.Vehicles.Count) return new Violation(ViolationKind.UnknownVehicle, $"Vehicle {route.Vehicle} does not exist.");
            var vehicle = problem.Vehicles[route.Vehicle].Id;
            if (!vehicles.Add(route.Vehicle)) return new Violation(ViolationKind.VehicleUsedTwice, $"Vehicle {vehicle} has two routes.");
            if (route.Visits.Count == 0) return new Violation(ViolationKind.EmptyRoute, $"Vehicle {vehicle} has a route without stops.");
            foreach (var stop in route.Visits.Select(visit => visit.Stop))
            {
                if (stop < 0 || stop >= problem.Stops.Count) return new Violation(ViolationKind.UnknownStop, $"Vehicle {vehicle} visits stop {stop}, which does not exist.");
                if (!servedBy.TryAdd(stop, route.Vehicle)) return new Violation(ViolationKind.StopServedTwice, $"Stop {problem.Stops[stop].Id} is served twice, the second time by vehicle {vehicle}.");
            }
        }
        var left = Enumerable.Range(0, problem.Stops.Count).Where(stop => !servedBy.ContainsKey(stop));
        return left.SequenceEqual(plan.Unserved) ? null : new Violation(ViolationKind.StopLostOrListedWrongly, $"The stops in no route are not those the plan lists as left out.");
    }

    // Asked of the vehicles, not of the routes: what was driven must be there also where the plan has no route for it.
    private static Violation? FrozenFirst(RoutingProblem problem, Plan plan)
    {
        for (var vehicle = 0; vehicle < problem.Vehicles.Count; vehicle++)
        {
            var frozen = problem.Vehicles[vehicle].Frozen;
            if (frozen.Count == 0) continue;
            var visits = plan.Routes.FirstOrDefault(route => route.Vehicle == vehicle)?.Visits ?? [];
            for (var at = 0; at < frozen.Count; at++)
            {
                if (at >= visits.Count || visits[at].Stop != frozen[at].Stop || visits[at].Start != frozen[at].Start)
                    return new Violation(ViolationKind.FrozenVisitChanged, $"Vehicle {problem.Vehicles[vehicle].Id}: visit {at + 1} was to stop {problem.Stops[frozen[at].Stop].Id} at {frozen[at].Start}, and {WhereNow(problem, plan, vehicle, frozen[at].Stop)}.");
            }
        }
        return null;
    }

    private static string WhereNow(RoutingProblem problem, Plan plan, int vehicle, int stop)
    {
        if (plan.Unserved.Contains(stop)) return "is left out";
        var now = plan.Routes.First(route => route.Visits.Any(visit => visit.Stop == stop)).Vehicle;
        return now == vehicle ? "is not any more" : "is given to vehicle " + problem.Vehicles[now].Id;
    }

    /// <summary>The route is what has been driven and nothing more: a fact. The way home from there is driven whenever it ends, and whatever breaks it misses.</summary>
    private static bool IsDriven(RoutingProblem problem, PlannedRoute route) => route.Visits.Count == problem.Vehicles[route.Vehicle].Frozen.Count;

    private static Violation? Fitness(RoutingProblem problem, PlannedRoute route)
    {
        var vehicle = problem.Vehicles[route.Vehicle];
        for (var at = vehicle.Frozen.Count; at < route.Visits.Count; at++)
        {
            var number = route.Visits[at].Stop;
            var stop = problem.Stops[number];
            if ((stop.Skills & vehicle.Skills) != stop.Skills)
                return new Violation(ViolationKind.SkillMissing, $"{Who(problem, route)} lacks skills {stop.Skills & ~vehicle.Skills:X} for stop {stop.Id}.");
            if (!stop.Delivered.Any(amount => amount > 0)) continue;
            var loadedOn = LoadedOn(problem, number);
            if (loadedOn is { } other && other != route.Vehicle && problem.Vehicles[other].HasLeft)
                return new Violation(ViolationKind.GoodsOfAnotherVehicle, $"{Who(problem, route)} cannot deliver at stop {stop.Id}: the goods are on vehicle {problem.Vehicles[other].Id}, which has left.");
            if (vehicle.HasLeft && loadedOn != route.Vehicle)
                return new Violation(ViolationKind.GoodsOfAnotherVehicle, $"{Who(problem, route)} has left without the goods for stop {stop.Id}.");
        }
        return null;
    }

    private static int? LoadedOn(RoutingProblem problem, int stop)
    {
        for (var vehicle = 0; vehicle < (problem.RunningPlan?.Count ?? 0); vehicle++)
        {
            if (problem.RunningPlan![vehicle].Contains(stop)) return vehicle;
        }
        return null;
    }

    private static Violation? Times(RoutingProblem problem, PlannedRoute route)
    {
        var vehicle = problem.Vehicles[route.Vehicle];
        if (vehicle.Frozen.Count == 0 && route.Begin < vehicle.Shift.Earliest)
            return new Violation(ViolationKind.OutsideShift, $"{Who(problem, route)} leaves at {route.Begin}, before its shift begins at {vehicle.Shift.Earliest}.");
        var (place, free) = (vehicle.StartPlace, route.Begin);
        for (var at = 0; at < route.Visits.Count; at++)
        {
            var visit = route.Visits[at];
            var stop = problem.Stops[visit.Stop];
            if (at >= vehicle.Frozen.Count && Visit(problem, route, at, place, free) is { } violation) return violation;
            if (visit.Departure != checked(visit.Start + stop.Service))
                return new Violation(ViolationKind.ServiceCutShort, $"{Who(problem, route)} leaves stop {stop.Id} at {visit.Departure}; the service takes {stop.Service} from {visit.Start}.");
            (place, free) = (stop.Place, visit.Departure);
        }
        var home = checked(free + Travel(problem, place, vehicle.EndPlace));
        if (route.End < home) return new Violation(ViolationKind.FasterThanTravel, $"{Who(problem, route)} ends at {route.End}; it cannot be there before {home}.");
        if (route.End > vehicle.Shift.Latest && !IsDriven(problem, route)) return new Violation(ViolationKind.OutsideShift, $"{Who(problem, route)} ends at {route.End}, after its shift ends at {vehicle.Shift.Latest}.");
        return null;
    }

    private static Violation? Visit(RoutingProblem problem, PlannedRoute route, int at, int? from, long free)
    {
        var visit = route.Visits[at];
        var stop = problem.Stops[visit.Stop];
        var earliest = checked(free + Travel(problem, from, stop.Place));
        if (visit.Arrival < earliest) return new Violation(ViolationKind.FasterThanTravel, $"{Who(problem, route)} is at stop {stop.Id} at {visit.Arrival}; it cannot be there before {earliest}.");
        if (visit.Start < visit.Arrival) return new Violation(ViolationKind.ServedBeforeArrival, $"{Who(problem, route)} serves stop {stop.Id} at {visit.Start} and arrives at {visit.Arrival}.");
        var isOpen = stop.Windows.Count == 0 || stop.Windows.Any(window => visit.Start >= window.Earliest && visit.Start <= window.Latest);
        return isOpen ? null : new Violation(ViolationKind.OutsideWindow, $"{Who(problem, route)} serves stop {stop.Id} at {visit.Start}, outside its windows {string.Join(", ", stop.Windows)}.");
    }

    private static Violation? Breaks(RoutingProblem problem, PlannedRoute route)
    {
        var vehicle = problem.Vehicles[route.Vehicle];
        for (var at = 0; at < route.Breaks.Count; at++)
        {
            if (route.Breaks[at].Break != at || at >= vehicle.Breaks.Count) return new Violation(ViolationKind.BreakMissed, $"{Who(problem, route)} takes break {route.Breaks[at].Break} as number {at}; breaks are taken in order.");
            var (begin, start) = (vehicle.Breaks[at].Begin, route.Breaks[at].Start);
            if (start < begin.Earliest || start > begin.Latest)
                return new Violation(ViolationKind.BreakOutsideWindow, $"{Who(problem, route)} begins its break {at + 1} at {start}, outside {begin.Earliest} to {begin.Latest}.");
            if (BreakBetweenServices(problem, route, at) is { } overlap) return overlap;
        }
        for (var at = route.Breaks.Count; at < vehicle.Breaks.Count; at++)
        {
            if (route.End > vehicle.Breaks[at].Begin.Latest && !IsDriven(problem, route))
                return new Violation(ViolationKind.BreakMissed, $"{Who(problem, route)} takes no break {at + 1}, and ends at {route.End}, after {vehicle.Breaks[at].Begin.Latest}, when it had to begin.");
        }
        return null;
    }

    private static Violation? BreakBetweenServices(RoutingProblem problem, PlannedRoute route, int number)
    {
        var vehicle = problem.Vehicles[route.Vehicle];
        var start = route.Breaks[number].Start;
        var end = checked(start + vehicle.Breaks[number].Duration);
        var (place, free, frozen) = (vehicle.StartPlace, route.Begin, vehicle.Frozen.Count);
        for (var at = 0; at <= route.Visits.Count; at++)
        {
            var isEnd = at == route.Visits.Count;
            var next = isEnd ? route.End : route.Visits[at].Start;
            var nextPlace = isEnd ? vehicle.EndPlace : problem.Stops[route.Visits[at].Stop].Place;
            if (at >= frozen && start >= free && end <= next)
            {
                var isAlone = route.Breaks.Where((_, other) => other != number).All(other => other.Start < free || other.Start >= next);
                var isLongEnough = next - free >= checked(Travel(problem, place, nextPlace) + vehicle.Breaks[number].Duration);
                return isAlone && isLongEnough ? null : new Violation(ViolationKind.BreakOverlaps, $"{Who(problem, route)}: between {free} and {next} there is no time to drive and for break {number + 1}, or there are two breaks.");
            }
            if (isEnd) break;
            (place, free) = (nextPlace, route.Visits[at].Departure);
        }
        return new Violation(ViolationKind.BreakOverlaps, $"{Who(problem, route)}: break {number + 1} from {start} to {end} does not lie between two services.");
    }

    private static Violation? Loads(RoutingProblem problem, PlannedRoute route)
    {
        var vehicle = problem.Vehicles[route.Vehicle];
        var pickupOf = problem.Shipments.ToDictionary(shipment => shipment.Delivery, shipment => shipment.Pickup);
        for (var capacity = 0; capacity < problem.Capacities; capacity++)
        {
            var room = Math.Max(vehicle.Capacities[capacity], Aboard(problem, vehicle, pickupOf, capacity));
            long load = 0;
            foreach (var visit in route.Visits) load = checked(load + Amount(problem.Stops[visit.Stop].Delivered, capacity));
            var where = "its start";
            for (var at = 0; ; at++)
            {
                if (load > room && at >= vehicle.Frozen.Count)
                    return new Violation(ViolationKind.OverCapacity, $"{Who(problem, route)} carries {load} of capacity {capacity + 1} on leaving {where}; it holds {room}.");
                if (at == route.Visits.Count) break;
                var number = route.Visits[at].Stop;
                var stop = problem.Stops[number];
                where = "stop " + stop.Id;
                load = checked(load + Amount(stop.Collected, capacity) - Amount(stop.Delivered, capacity));
                if (pickupOf.TryGetValue(number, out var pickup)) load = checked(load - Amount(problem.Stops[pickup].Collected, capacity));
            }
        }
        return null;
    }

    // What the driven part left aboard is a fact, even where it is more than the vehicle should hold: it may be driven on, and nothing may be added to it.
    private static long Aboard(RoutingProblem problem, Vehicle vehicle, Dictionary<int, int> pickupOf, int capacity)
    {
        long load = 0;
        foreach (var visit in vehicle.Frozen)
        {
            load = checked(load + Amount(problem.Stops[visit.Stop].Collected, capacity));
            if (pickupOf.TryGetValue(visit.Stop, out var pickup)) load = checked(load - Amount(problem.Stops[pickup].Collected, capacity));
        }
        return load;
    }

    private static Violation? Shipments(RoutingProblem problem, Plan plan)
    {
        var at = new Dictionary<int, (int Vehicle, int Position)>();
        foreach (var route in plan.Routes)
        {
            for (var position = 0; position < route.Visits.Count; position++) at[route.Visits[position].Stop] = (route.Vehicle, position);
        }
        foreach (var (pickup, delivery) in problem.Shipments)
        {
            var (isPicked, isHanded) = (at.TryGetValue(pickup, out var from), at.TryGetValue(delivery, out var to));
            if (!isPicked && !isHanded) continue;
            // What a vehicle has picked up already may stay aboard when there is no way to deliver it in time: the delivery is then listed as left out.
            var isAboard = isPicked && !isHanded && problem.Vehicles[from.Vehicle].Frozen.Any(visit => visit.Stop == pickup);
            if (isAboard) continue;
            if (isPicked != isHanded || from.Vehicle != to.Vehicle)
                return new Violation(ViolationKind.ShipmentSplit, $"Stops {problem.Stops[pickup].Id} and {problem.Stops[delivery].Id} are one shipment and not on one route.");
            if (to.Position < from.Position)
                return new Violation(ViolationKind.DeliveredBeforePickup, $"Stop {problem.Stops[delivery].Id} comes before stop {problem.Stops[pickup].Id}, where its goods are picked up.");
        }
        return null;
    }

    private static PlanCost CostOf(RoutingProblem problem, Plan plan)
    {
        checked
        {
            var cost = new PlanCost();
            foreach (var route in plan.Routes)
            {
                var vehicle = problem.Vehicles[route.Vehicle];
                long distance = 0;
                var place = vehicle.StartPlace;
                foreach (var visit in route.Visits)
                {
                    var stop = problem.Stops[visit.Stop];
                    if (place is { } from) distance += problem.Travel.Distance(from, stop.Place);
                    place = stop.Place;
                    if (stop.Promise is { } promise && visit.Start > promise.By) cost = cost with { Late = cost.Late + ((visit.Start - promise.By) * promise.CostPerUnit) };
                    if (problem.ChangeCost > 0 && IsElsewhere(problem, visit.Stop, route.Vehicle)) cost = cost with { Changes = cost.Changes + problem.ChangeCost };
                }
                if (place is { } last && vehicle.EndPlace is { } end) distance += problem.Travel.Distance(last, end);
                cost = cost with { Distance = cost.Distance + distance, Driving = cost.Driving + (distance * vehicle.CostPerDistance), Vehicles = cost.Vehicles + vehicle.FixedCost };
            }
            return cost with { LeftOut = plan.Unserved.Sum(stop => problem.Stops[stop].Penalty ?? 0) };
        }
    }

    private static bool IsElsewhere(RoutingProblem problem, int stop, int vehicle) => LoadedOn(problem, stop) is { } planned && planned != vehicle;

    private static long Travel(RoutingProblem problem, int? from, int? to) => from is { } start && to is { } end ? problem.Travel.Time(start, end) : 0;

    private static long Amount(IReadOnlyList<long> amounts, int capacity) => amounts.Count == 0 ? 0 : amounts[capacity];

    private static string Who(RoutingProblem problem, PlannedRoute route) => "Vehicle " + problem.Vehicles[route.Vehicle].Id;
}
