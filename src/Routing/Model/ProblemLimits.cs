namespace KeyAccountLogistics.Routing.Model;

/// <summary>A problem that cannot be planned as it stands; the message says what is wrong with what.</summary>
public sealed class ProblemException(FormattableString message) : Exception(FormattableString.Invariant(message));

/// <summary>
/// Limits of what can be planned, and the proof that unchecked sums hold: a route has at most 2^13 stops, so its times stay below 2^42 + 2^14 * 2^42 &lt; 2^57, its distance below
/// 2^14 * 2^31, its distance cost below 2^45 * 2^13 and all routes' below 2^14 * 2^31 * 2^13 = 2^58; penalties and changes below 2^13 * 2^44 = 2^57 each, fixed costs below 2^56; lateness is refused when
/// its bound exceeds 2^58 (<see cref="Check"/>), and what the missing weigh is bounded by 2^58: together below 2^61.
/// </summary>
public static class ProblemLimits
{
    /// <summary>Stops of a problem. The matrices of as many take 0.6 GB.</summary>
    public const int StopsMax = 8_000;

    /// <summary>Vehicles of a problem.</summary>
    public const int VehiclesMax = 4_000;

    /// <summary>Places of a matrix.</summary>
    public const int PlacesMax = 12_000;

    /// <summary>Capacities of a vehicle.</summary>
    public const int CapacitiesMax = 8;

    /// <summary>Breaks of a vehicle.</summary>
    public const int BreaksMax = 3;

    /// <summary>Windows of a stop.</summary>
    public const int WindowsMax = 32;

    /// <summary>Distance or time of one leg.</summary>
    public const int LegMax = 1 << 30;

    /// <summary>Any moment, duration or amount, in either direction of 0 for moments.</summary>
    public const long ValueMax = 1L << 42;

    /// <summary>Cost of a unit of distance.</summary>
    public const long CostPerDistanceMax = 1L << 13;

    /// <summary>Fixed cost, penalty, change cost.</summary>
    public const long CostMax = 1L << 44;

    /// <summary>All lateness there can be, by its cost; and all that leaving out what must be served counts beside cost while the search compares (the search bounds that weight by it).</summary>
    internal const long SumMax = 1L << 58;

    /// <summary>What a time unit of lateness costs, summed over all promises, at most.</summary>
    public const long LatePricesMax = SumMax / (4 * ValueMax);

    /// <summary>Sees that a problem can be planned.</summary>
    /// <exception cref="ProblemException">It cannot; the message says why.</exception>
    public static void Check(RoutingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        Demand(problem.Stops.Count <= StopsMax, $"There are {problem.Stops.Count} stops; at most {StopsMax} can be planned.");
        Demand(problem.Vehicles.Count <= VehiclesMax, $"There are {problem.Vehicles.Count} vehicles; at most {VehiclesMax} can be planned.");
        Demand(problem.Capacities is >= 0 and <= CapacitiesMax, $"There are {problem.Capacities} capacities; 0 to {CapacitiesMax} can be planned.");
        Demand(problem.ChangeCost is >= 0 and <= CostMax, $"The change cost is {problem.ChangeCost}; it is 0 to {CostMax}.");
        foreach (var stop in problem.Stops) CheckStop(problem, stop);
        foreach (var vehicle in problem.Vehicles) CheckVehicle(problem, vehicle);
        CheckShipments(problem);
        CheckOnce(problem, "frozen", problem.Vehicles.Select(vehicle => vehicle.Frozen.Select(visit => visit.Stop)));
        CheckFrozenShipments(problem);
        if (problem.RunningPlan is { } running)
        {
            Demand(running.Count == problem.Vehicles.Count, $"The running plan has {running.Count} routes for {problem.Vehicles.Count} vehicles.");
            CheckOnce(problem, "in the running plan", running);
        }
        var late = problem.Stops.Sum(stop => (stop.Promise?.CostPerUnit ?? 0) * (double)(4 * ValueMax));
        Demand(late <= SumMax, $"Lateness costs so much per time unit that a sum could overflow: choose a larger unit of cost or of time.");
    }

    private static void CheckStop(RoutingProblem problem, Stop stop)
    {
        var who = $"Stop {stop.Id}";
        Demand(stop.Place >= 0 && stop.Place < problem.Travel.Places, $"{who} is at place {stop.Place}; the matrix has {problem.Travel.Places} places.");
        Demand(stop.Service is >= 0 and <= ValueMax, $"{who} takes {stop.Service}; a service takes 0 to {ValueMax}.");
        Demand(stop.Windows.Count <= WindowsMax, $"{who} has {stop.Windows.Count} windows; at most {WindowsMax} can be planned.");
        for (var at = 0; at < stop.Windows.Count; at++)
        {
            CheckWindow(who, stop.Windows[at]);
            Demand(at == 0 || stop.Windows[at - 1].Latest < stop.Windows[at].Earliest, $"{who} has windows that are not ascending and disjoint.");
        }
        if (stop.Promise is { } promise)
        {
            Demand(promise.By is >= -ValueMax and <= ValueMax, $"{who} is promised by {promise.By}, out of range.");
            Demand(promise.CostPerUnit is >= 0 and <= CostMax, $"{who} costs {promise.CostPerUnit} per unit of lateness; it is 0 to {CostMax}.");
        }
        CheckAmounts(problem, who, "delivers", stop.Delivered);
        CheckAmounts(problem, who, "collects", stop.Collected);
        Demand(stop.Priority is >= 0 and <= 100, $"{who} has priority {stop.Priority}; it is 0 to 100.");
        Demand(stop.Penalty is null or (>= 0 and <= CostMax), $"{who} has penalty {stop.Penalty}; it is 0 to {CostMax}.");
    }

    private static void CheckVehicle(RoutingProblem problem, Vehicle vehicle)
    {
        var who = $"Vehicle {vehicle.Id}";
        foreach (var place in new[] { vehicle.StartPlace, vehicle.EndPlace })
            Demand(place is null || (place >= 0 && place < problem.Travel.Places), $"{who} starts or ends at place {place}; the matrix has {problem.Travel.Places} places.");
        CheckWindow(who, vehicle.Shift);
        Demand(vehicle.Capacities.Count == problem.Capacities, $"{who} has {vehicle.Capacities.Count} capacities; the problem has {problem.Capacities}.");
        foreach (var capacity in vehicle.Capacities) Demand(capacity is >= 0 and <= ValueMax, $"{who} has a capacity of {capacity}; it is 0 to {ValueMax}.");
        Demand(vehicle.Breaks.Count <= BreaksMax, $"{who} has {vehicle.Breaks.Count} breaks; at most {BreaksMax} can be planned.");
        foreach (var pause in vehicle.Breaks)
        {
            CheckWindow(who + "'s break", pause.Begin);
            Demand(pause.Duration is >= 0 and <= ValueMax, $"{who} has a break of {pause.Duration}; it is 0 to {ValueMax}.");
        }
        Demand(vehicle.FixedCost is >= 0 and <= CostMax, $"{who} costs {vehicle.FixedCost}; it is 0 to {CostMax}.");
        Demand(vehicle.CostPerDistance is >= 0 and <= CostPerDistanceMax, $"{who} costs {vehicle.CostPerDistance} per unit of distance; it is 0 to {CostPerDistanceMax}.");
        foreach (var visit in vehicle.Frozen) Demand(visit.Start is >= -ValueMax and <= ValueMax, $"{who} was at a stop at {visit.Start}, out of range.");
    }

    private static void CheckShipments(RoutingProblem problem)
    {
        CheckOnce(problem, "in shipments", problem.Shipments.Select(shipment => new[] { shipment.Pickup, shipment.Delivery }));
        foreach (var (pickup, delivery) in problem.Shipments)
        {
            var ends = problem.Stops[delivery].Delivered.Any(amount => amount != 0) || problem.Stops[delivery].Collected.Any(amount => amount != 0);
            Demand(!ends, $"Stop {problem.Stops[delivery].Id} ends a shipment and has amounts of its own; what it unloads is what its pickup collected.");
            Demand(problem.Stops[pickup].Delivered.All(amount => amount == 0), $"Stop {problem.Stops[pickup].Id} begins a shipment and also delivers: make it two stops.");
        }
    }

    private static void CheckFrozenShipments(RoutingProblem problem)
    {
        foreach (var vehicle in problem.Vehicles)
        {
            var frozen = vehicle.Frozen.Select(visit => visit.Stop).ToList();
            foreach (var (pickup, delivery) in problem.Shipments.Where(shipment => frozen.Contains(shipment.Delivery)))
            {
                var before = frozen.IndexOf(pickup);
                Demand(before >= 0 && before < frozen.IndexOf(delivery), $"Vehicle {vehicle.Id} has delivered at {problem.Stops[delivery].Id} what it did not pick up before.");
            }
        }
    }

    private static void CheckOnce(RoutingProblem problem, string where, IEnumerable<IEnumerable<int>> lists)
    {
        var seen = new bool[problem.Stops.Count];
        foreach (var stop in lists.SelectMany(list => list))
        {
            Demand(stop >= 0 && stop < seen.Length, $"Stop {stop} is {where} and does not exist.");
            Demand(!seen[stop], $"Stop {problem.Stops[stop].Id} is {where} twice.");
            seen[stop] = true;
        }
    }

    private static void CheckAmounts(RoutingProblem problem, string who, string verb, IReadOnlyList<long> amounts)
    {
        Demand(amounts.Count == 0 || amounts.Count == problem.Capacities, $"{who} {verb} {amounts.Count} amounts; the problem has {problem.Capacities} capacities.");
        foreach (var amount in amounts) Demand(amount is >= 0 and <= ValueMax, $"{who} {verb} {amount}; an amount is 0 to {ValueMax}.");
    }

    private static void CheckWindow(string who, TimeWindow window) => Demand(
        window.Earliest is >= -ValueMax and <= ValueMax && window.Latest >= window.Earliest && window.Latest <= ValueMax,
        $"{who} has the window {window.Earliest} to {window.Latest}, which is reversed or out of range.");

    private static void Demand(bool holds, FormattableString otherwise)
    {
        if (!holds) throw new ProblemException(otherwise);
    }
}
