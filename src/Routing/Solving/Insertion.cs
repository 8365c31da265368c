using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KeyAccountLogistics.Routing.Solving;

/// <summary>The cheapest place of a unit in one route: behind position <see cref="At"/>, its second stop behind <see cref="At2"/> (both counted before the insertion).</summary>
internal struct Place
{
    /// <summary>Cost added to the route; <see cref="Instance.Never"/>: nowhere.</summary>
    public long Cost;
    public int At;
    public int At2;
}

/// <summary>Finds the cheapest feasible place of a unit in one route, in constant time for each position (plain routes) or by driving on until the times meet (timed routes).</summary>
internal static class Insertion
{
    public static Place Find(Instance of, Route route, int unit)
    {
        var vehicle = of.Fleet[route.Vehicle];
        var once = (route.Count == 0 ? vehicle.FixedCost : 0) + ChangesOf(of, route, unit);
        var best = new Place { Cost = Instance.Never };
        if (of.Second[unit] >= 0) FindPair(of, route, unit, of.Second[unit], vehicle.CostPerDistance, ref best);
        else if (route.IsTimed) FindSingleTimed(of, route, unit, vehicle.CostPerDistance, ref best);
        else FindSingle(of, route, unit, vehicle.CostPerDistance, ref best);
        if (best.Cost != Instance.Never) best.Cost += once;
        return best;
    }

    private static long ChangesOf(Instance of, Route route, int unit)
    {
        if (of.ChangeCost == 0) return 0;
        var cost = of.Running[unit] >= 0 && of.Running[unit] != route.Vehicle ? of.ChangeCost : 0;
        if (of.Second[unit] is >= 0 and var second && of.Running[second] >= 0 && of.Running[second] != route.Vehicle) cost += of.ChangeCost;
        return cost;
    }

    private static void FindSingle(Instance of, Route route, int stop, long rate, ref Place best)
    {
        if (of.OnlyDelivers && route.Delivered + of.Delivered[stop] > of.Capacity[route.Vehicle]) return;
        ref var row = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(of.Distance), (nint)stop * of.Nodes);
        ref var rowTo = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(of.DistanceTo), (nint)stop * of.Nodes);
        ref var time = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(of.Time), (nint)stop * of.Nodes);
        ref var timeTo = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(of.TimeTo), (nint)stop * of.Nodes);
        var (ready, due, service) = (of.Ready[stop], of.Due[stop], of.Service[stop]);
        var hasLoads = of.Capacities > 0 && !of.OnlyDelivers;
        var several = of.WindowsOf[stop] is not null;
        var bestDistance = long.MaxValue;
        int[] node = route.Node, leg = route.Leg;
        long[] departs = route.Depart, latest = route.Latest;
        // Every index below is at most Count + 1 and every node below Nodes; Route keeps both.
        for (var at = route.Frozen; at <= route.Count; at++)
        {
            var depart = departs[at];
            if (depart > due) break;
            int from = node[at], to = node[at + 1];
            var distance = (long)Unsafe.Add(ref rowTo, from) + Unsafe.Add(ref row, to) - leg[at];
            if (distance >= bestDistance) continue;
            var arrival = depart + Unsafe.Add(ref timeTo, from);
            if (arrival > due) continue;
            var start = several ? of.StartAt(stop, arrival) : Math.Max(arrival, ready);
            if (start + service + Unsafe.Add(ref time, to) > latest[at + 1]) continue;
            if (hasLoads && !Fits(of, route, at, stop)) continue;
            bestDistance = distance;
            best.At = at;
        }
        if (bestDistance != long.MaxValue) best.Cost = bestDistance * rate;
    }

    private static void FindSingleTimed(Instance of, Route route, int stop, long rate, ref Place best)
    {
        if (of.OnlyDelivers && route.Delivered + of.Delivered[stop] > of.Capacity[route.Vehicle]) return;
        var hasLoads = of.Capacities > 0 && !of.OnlyDelivers;
        for (var at = route.Frozen; at <= route.Count; at++)
        {
            var cost = rate * Detour(of, route, at, stop);
            if (cost >= best.Cost || (hasLoads && !Fits(of, route, at, stop))) continue;
            var late = route.LateWith(at, stop, -1, -1);
            if (late == Instance.Never) continue;
            cost += late - route.Late;
            if (cost >= best.Cost) continue;
            best.Cost = cost;
            best.At = at;
        }
    }

    private static void FindPair(Instance of, Route route, int pickup, int delivery, long rate, ref Place best)
    {
        for (var at = route.Frozen; at <= route.Count; at++)
        {
            if (!route.IsTimed && route.Depart[at] > of.Due[pickup]) break;
            var begin = Detour(of, route, at, pickup);
            if (rate * begin >= best.Cost && IsMetric(begin)) continue;
            if (of.Capacities > 0 && !FitsAboard(of, route, at, pickup)) continue;
            if (route.IsTimed) PairTimed(of, route, at, pickup, delivery, rate, begin, ref best);
            else PairPlain(of, route, at, pickup, delivery, rate, begin, ref best);
        }
    }

    // Where a detour is no saving, the second stop's will most likely be none either: the search may then leave the position out.
    private static bool IsMetric(long detour) => detour >= 0;

    private static void PairPlain(Instance of, Route route, int at, int pickup, int delivery, long rate, long begin, ref Place best)
    {
        int[] node = route.Node, leg = route.Leg;
        var latest = route.Latest;
        var start = of.StartAt(pickup, route.Depart[at] + of.Time[(node[at] * of.Nodes) + pickup]);
        if (start == Instance.Never) return;
        ref var row = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(of.Distance), (nint)delivery * of.Nodes);
        ref var rowTo = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(of.DistanceTo), (nint)delivery * of.Nodes);
        ref var time = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(of.Time), (nint)delivery * of.Nodes);
        ref var timeTo = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(of.TimeTo), (nint)delivery * of.Nodes);
        var (due, service, hasLoads) = (of.Due[delivery], of.Service[delivery], of.Capacities > 0);
        var depart = start + of.Service[pickup];
        var from = pickup;
        // Right behind the pickup the delivery shares its gap; further on each has its own.
        var whole = (long)of.Distance[(node[at] * of.Nodes) + pickup] - leg[at];
        for (var at2 = at; depart <= due; at2++)
        {
            var to = node[at2 + 1];
            var distance = whole + Unsafe.Add(ref rowTo, from) + Unsafe.Add(ref row, to);
            if (rate * distance < best.Cost)
            {
                var handed = of.StartAt(delivery, depart + Unsafe.Add(ref timeTo, from));
                if (handed != Instance.Never && handed + service + Unsafe.Add(ref time, to) <= latest[at2 + 1])
                {
                    best.Cost = rate * distance;
                    best.At = at;
                    best.At2 = at2;
                }
            }
            if (at2 == route.Count) return;
            var arrival = depart + of.Time[(from * of.Nodes) + to];
            if (arrival > latest[at2 + 1] || (hasLoads && !FitsAboard(of, route, at2 + 1, pickup))) return;
            depart = of.StartAt(to, arrival) + of.Service[to];
            from = to;
            whole = begin - leg[at2 + 1];
        }
    }

    private static void PairTimed(Instance of, Route route, int at, int pickup, int delivery, long rate, long begin, ref Place best)
    {
        for (var at2 = at; at2 <= route.Count; at2++)
        {
            if (at2 > at && of.Capacities > 0 && !FitsAboard(of, route, at2, pickup)) return;
            var to = route.Node[at2 + 1];
            var cost = rate * (at2 == at
                ? DistanceOf(of, pickup, delivery, to) + of.Distance[(route.Node[at] * of.Nodes) + pickup] - route.Leg[at]
                : begin + Detour(of, route, at2, delivery));
            if (cost >= best.Cost) continue;
            var late = route.LateWith(at, pickup, at2, delivery);
            if (late == Instance.Never) continue;
            cost += late - route.Late;
            if (cost >= best.Cost) continue;
            best.Cost = cost;
            best.At = at;
            best.At2 = at2;
        }
    }

    private static long Detour(Instance of, Route route, int at, int stop) => DistanceOf(of, route.Node[at], stop, route.Node[at + 1]) - route.Leg[at];

    private static long DistanceOf(Instance of, int from, int over, int to) => (long)of.Distance[(from * of.Nodes) + over] + of.Distance[(over * of.Nodes) + to];

    private static bool Fits(Instance of, Route route, int at, int stop)
    {
        for (var capacity = 0; capacity < of.Capacities; capacity++)
        {
            var room = of.Capacity[(route.Vehicle * of.Capacities) + capacity];
            if (route.PeakBefore[(at * of.Capacities) + capacity] + of.Delivered[(stop * of.Capacities) + capacity] > room) return false;
            if (route.PeakAfter[(at * of.Capacities) + capacity] + of.Collected[(stop * of.Capacities) + capacity] > room) return false;
        }
        return true;
    }

    /// <summary>Whether what is picked up has room on leaving the position.</summary>
    private static bool FitsAboard(Instance of, Route route, int at, int pickup)
    {
        for (var capacity = 0; capacity < of.Capacities; capacity++)
        {
            if (route.Load[(at * of.Capacities) + capacity] + of.Collected[(pickup * of.Capacities) + capacity] > of.Capacity[(route.Vehicle * of.Capacities) + capacity]) return false;
        }
        return true;
    }
}
