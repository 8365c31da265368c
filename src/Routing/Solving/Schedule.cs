using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Routing.Solving;

/// <summary>Gives routes their times: every service as early as it can be, breaks where the search put them.</summary>
internal static class Schedule
{
    public static Plan PlanOf(Instance of, int[][] routes)
    {
        var planned = new List<PlannedRoute>();
        var isServed = new bool[of.Stops];
        var cost = new PlanCost();
        for (var vehicle = 0; vehicle < of.Vehicles; vehicle++)
        {
            if (routes[vehicle].Length == 0) continue;
            foreach (var stop in routes[vehicle]) isServed[stop] = true;
            planned.Add(Timed(of, vehicle, routes[vehicle]));
            cost = Add(cost, of, planned[^1]);
        }
        var unserved = Enumerable.Range(0, of.Stops).Where(stop => !isServed[stop]).ToList();
        cost = cost with { LeftOut = unserved.Sum(stop => of.Penalty[stop]) };
        return new Plan(planned, unserved, cost) { IsComplete = unserved.TrueForAll(stop => of.Missing[stop] == 0) };
    }

    private static PlanCost Add(PlanCost cost, Instance of, PlannedRoute planned)
    {
        var route = new Route(of, planned.Vehicle);
        route.Set([.. planned.Visits.Select(visit => visit.Stop)]);
        return cost with
        {
            Distance = cost.Distance + route.Distance,
            Driving = cost.Driving + (route.Distance * of.Fleet[planned.Vehicle].CostPerDistance),
            Vehicles = cost.Vehicles + of.Fleet[planned.Vehicle].FixedCost,
            Late = cost.Late + planned.Visits.Sum(visit => Math.Max(0, visit.Start - of.PromisedBy[visit.Stop]) * of.LateCost[visit.Stop]),
            Changes = cost.Changes + (route.Changes * of.ChangeCost),
        };
    }

    private static PlannedRoute Timed(Instance of, int vehicle, int[] stops)
    {
        var breaks = BreaksBefore(of, vehicle, stops);
        var (fleet, frozen) = (of.Fleet[vehicle], of.Fleet[vehicle].Frozen);
        var (now, taken) = (fleet.Shift.Earliest, 0);
        var visits = new List<Visit>(stops.Length);
        var pauses = new List<PlannedBreak>();
        for (var at = 0; at <= stops.Length; at++)
        {
            var from = at == 0 ? of.Start[vehicle] : stops[at - 1];
            var to = at == stops.Length ? of.End[vehicle] : stops[at];
            if (at < frozen.Count)
            {
                visits.Add(new Visit(to, frozen[at].Start, frozen[at].Start, frozen[at].Start + of.Service[to]));
                now = visits[^1].Departure;
                continue;
            }
            var arrival = now + of.Time[(from * of.Nodes) + to];
            if (breaks[at])
            {
                var pause = fleet.Breaks[taken];
                pauses.Add(new PlannedBreak(taken++, Math.Max(now, pause.Begin.Earliest)));
                arrival = Math.Max(arrival, pause.Begin.Earliest) + pause.Duration;
            }
            now = arrival;
            if (at == stops.Length) break;
            visits.Add(new Visit(to, arrival, of.StartAt(to, arrival), of.StartAt(to, arrival) + of.Service[to]));
            now = visits[^1].Departure;
        }
        return LeftLate(of, vehicle, new PlannedRoute(vehicle, visits, pauses, fleet.Shift.Earliest, now));
    }

    /// <summary>Leaves the start as late as the first stop allows: nobody waits there who could wait at home.</summary>
    private static PlannedRoute LeftLate(Instance of, int vehicle, PlannedRoute route)
    {
        var first = route.Visits[0];
        var isPaused = route.Breaks.Count > 0 && route.Breaks[0].Start < first.Start;
        if (isPaused || of.Fleet[vehicle].Frozen.Count > 0) return route;
        var begin = first.Start - of.Time[(of.Start[vehicle] * of.Nodes) + first.Stop];
        return route with { Begin = begin, Visits = [first with { Arrival = first.Start }, .. route.Visits.Skip(1)] };
    }

    /// <summary>Before which position a break is taken, read back from the labels of the route.</summary>
    private static bool[] BreaksBefore(Instance of, int vehicle, int[] stops)
    {
        var breaks = new bool[stops.Length + 1];
        if (of.Fleet[vehicle].Breaks.Count == 0) return breaks;
        var route = new Route(of, vehicle);
        route.Set(stops);
        var taken = route.BreaksTaken();
        for (var at = stops.Length + 1; at > 0 && taken > 0; at--)
        {
            if (!route.IsPausedBefore(at, taken)) continue;
            breaks[at - 1] = true;
            taken--;
        }
        return breaks;
    }
}
