using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Unit.Routing;

/// <summary>Random problems with every feature of the model on, small enough that thousands can be solved. The same seed, the same problem.</summary>
internal static class DrawnProblem
{
    private const int Capacities = 3;

    public static RoutingProblem Draw(int seed, int stopsMin = 4, int stopsBelow = 22)
    {
        var random = new Random(seed);
        var count = random.Next(stopsMin, stopsBelow);
        var more = count < 22 ? 0 : count / 12;
        var places = count + 3;
        var stops = Enumerable.Range(0, count).Select(at => StopOf(random, at)).ToArray();
        var shipments = new List<Shipment>();
        for (var at = 0; at + 1 < count && shipments.Count < count / 5; at += 2)
        {
            if (random.Next(2) == 0) continue;
            stops[at] = stops[at] with { Delivered = [], Collected = Amounts(random) };
            stops[at + 1] = stops[at + 1] with { Delivered = [], Collected = [] };
            shipments.Add(new Shipment(at, at + 1));
        }
        return new RoutingProblem
        {
            Travel = TravelOf(random, places),
            Stops = stops,
            Vehicles = [.. Enumerable.Range(0, more + random.Next(1, 6)).Select(at => VehicleOf(random, at, count))],
            Shipments = shipments,
            Capacities = Capacities,
        };
    }

    /// <summary>
    /// The same problem some hours later: some routes have been driven in part, some clients want other windows, and changes cost. What was driven may have come late, past its windows, past the end of a shift
    /// or a break, and with more aboard than there is room for.
    /// </summary>
    public static RoutingProblem Later(RoutingProblem problem, Plan plan, int seed)
    {
        var random = new Random(seed);
        var vehicles = problem.Vehicles.ToArray();
        var running = Enumerable.Range(0, vehicles.Length).Select(_ => (IReadOnlyList<int>)[]).ToArray();
        foreach (var route in plan.Routes)
        {
            running[route.Vehicle] = [.. route.Visits.Select(visit => visit.Stop)];
            var driven = random.Next(0, route.Visits.Count + 1);
            if (driven == 0) continue;
            var vehicle = vehicles[route.Vehicle];
            var taken = route.Breaks.Count(pause => pause.Start < route.Visits[driven - 1].Start);
            var delay = random.Next(3) == 0 ? random.Next(0, 400) : 0;
            var last = route.Visits[driven - 1].Start + delay;
            vehicles[route.Vehicle] = vehicle with
            {
                HasLeft = random.Next(2) == 0,
                Frozen = [.. route.Visits.Take(driven).Select(visit => new FrozenVisit(visit.Stop, visit.Start + delay))],
                Shift = random.Next(4) == 0 ? vehicle.Shift with { Latest = Math.Max(vehicle.Shift.Earliest, last - random.Next(-20, 100)) } : vehicle.Shift,
                Capacities = random.Next(4) == 0 ? [.. vehicle.Capacities.Select(capacity => (long)random.Next(0, (int)capacity + 1))] : vehicle.Capacities,
                Breaks = [.. vehicle.Breaks.Skip(taken)],
            };
        }
        var stops = problem.Stops.Select(stop => random.Next(3) > 0 ? stop : stop with { Windows = Windows(random) });
        return problem with { Stops = [.. stops], Vehicles = vehicles, RunningPlan = running, ChangeCost = random.Next(0, 30) };
    }

    private static Stop StopOf(Random random, int at) => new()
    {
        Id = FormattableString.Invariant($"S{at}"),
        Place = at + 3,
        Service = random.Next(0, 20),
        Windows = Windows(random),
        Promise = random.Next(3) == 0 ? new Promise(random.Next(0, 600), random.Next(0, 4)) : null,
        Delivered = random.Next(3) == 0 ? [] : Amounts(random),
        Collected = random.Next(3) == 0 ? Amounts(random) : [],
        Skills = random.Next(4) == 0 ? 1UL << random.Next(0, 3) : 0,
        Priority = random.Next(0, 101),
        Penalty = random.Next(3) == 0 ? random.Next(0, 400) : null,
    };

    private static List<TimeWindow> Windows(Random random)
    {
        var windows = new List<TimeWindow>();
        long from = random.Next(0, 200);
        for (var count = random.Next(0, 4); windows.Count < count; from = windows[^1].Latest + random.Next(1, 150))
            windows.Add(new TimeWindow(from, from + random.Next(0, 200)));
        return windows;
    }

    private static Vehicle VehicleOf(Random random, int at, int stops)
    {
        var begin = random.Next(0, 100);
        return new Vehicle
        {
            Id = FormattableString.Invariant($"V{at}"),
            StartPlace = random.Next(5) == 0 ? null : random.Next(0, 3),
            EndPlace = random.Next(4) == 0 ? null : random.Next(0, 3),
            Shift = new TimeWindow(begin, begin + random.Next(200, 900)),
            Capacities = [.. Enumerable.Range(0, Capacities).Select(_ => (long)random.Next(3, 3 + (3 * stops)))],
            Skills = (ulong)random.Next(0, 8),
            Breaks = Breaks(random, begin),
            FixedCost = random.Next(0, 200),
            CostPerDistance = random.Next(0, 4),
        };
    }

    private static List<Break> Breaks(Random random, int begin)
    {
        var breaks = new List<Break>();
        long from = begin + random.Next(0, 200);
        for (var count = Math.Max(0, random.Next(-1, 3)); breaks.Count < count; from = breaks[^1].Begin.Latest + random.Next(0, 200))
            breaks.Add(new Break(new TimeWindow(from, from + random.Next(0, 150)), random.Next(1, 45)));
        return breaks;
    }

    private static List<long> Amounts(Random random) => [.. Enumerable.Range(0, Capacities).Select(_ => (long)random.Next(0, 6))];

    // Not symmetric, not the same for time, and not always metric: nothing promises a caller's road network is.
    private static TravelMatrix TravelOf(Random random, int places)
    {
        var at = Enumerable.Range(0, places).Select(_ => (X: random.NextDouble() * 70, Y: random.NextDouble() * 70)).ToArray();
        var (distances, times) = (new int[places * places], new int[places * places]);
        for (var from = 0; from < places; from++)
        {
            for (var to = 0; to < places; to++)
            {
                if (from == to) continue;
                var straight = Math.Sqrt(Math.Pow(at[from].X - at[to].X, 2) + Math.Pow(at[from].Y - at[to].Y, 2));
                distances[(from * places) + to] = (int)(straight * (1 + (0.3 * random.NextDouble())));
                times[(from * places) + to] = (int)(straight * (0.7 + (0.6 * random.NextDouble())));
            }
        }
        return TravelMatrix.Of(places, distances, times);
    }
}
