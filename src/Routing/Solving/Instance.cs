using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Routing.Solving;

/// <summary>
/// A problem laid out for the search. A node is a stop, or behind the stops a vehicle's start or end, or last the nowhere of open routes, from and to which everything is 0.
/// Matrices are in row order over nodes; <c>…To</c> is the transposed one, so that both directions of a node lie in one row (the same array when symmetric).
/// Immutable after construction; shared by the threads.
/// </summary>
internal sealed class Instance
{
    public const long Never = 1L << 60;
    private const int NearMax = 200;

    public readonly int Stops;
    public readonly int Vehicles;
    public readonly int Nodes;
    public readonly int Capacities;
    public readonly int[] Distance;
    public readonly int[] DistanceTo;
    public readonly int[] Time;
    public readonly int[] TimeTo;

    // Per stop. Ready and Due enclose its windows; where there are several, WindowsOf holds them.
    public readonly long[] Ready;
    public readonly long[] Due;
    public readonly long[] Service;
    public readonly TimeWindow[]?[] WindowsOf;
    public readonly long[] Delivered;
    public readonly long[] Collected;
    public readonly int[] Partner;
    public readonly bool[] IsPickup;
    public readonly long[] PromisedBy;
    public readonly long[] LateCost;
    public readonly long[] Penalty;
    public readonly long[] Missing;
    public readonly int[] Running;
    public readonly int[] FrozenOn;

    /// <summary>What moves together is a unit, named by its first stop: a stop alone, or a shipment. -1: the stop is frozen and does not move.</summary>
    public readonly int[] UnitOf;

    /// <summary>The second stop of a unit, or -1.</summary>
    public readonly int[] Second;
    public readonly int[] Near;
    public readonly int NearCount;

    // Per vehicle.
    public readonly int[] Start;
    public readonly int[] End;
    public readonly int[] Kind;
    public readonly bool[] Allowed;
    public readonly Vehicle[] Fleet;

    /// <summary>What it may carry behind its frozen stops: its capacity, or what they left aboard if that is more.</summary>
    public readonly long[] Capacity;
    public readonly bool[] IsTimed;

    /// <summary>One capacity, nothing collected, no shipment: the load of a route is one sum.</summary>
    public readonly bool OnlyDelivers;
    public readonly bool HasShipments;
    public readonly bool SeveralWindows;
    public readonly long ChangeCost;

    /// <summary>What one unit of <see cref="Missing"/> counts beside cost while the search compares; the best plan is judged by what is missing first.</summary>
    public readonly long MissingCost;

    public readonly RoutingProblem Problem;

    public Instance(RoutingProblem problem)
    {
        ProblemLimits.Check(problem);
        Problem = problem;
        Stops = problem.Stops.Count;
        Fleet = [.. problem.Vehicles];
        Vehicles = Fleet.Length;
        Capacities = problem.Capacities;
        ChangeCost = problem.RunningPlan is null ? 0 : problem.ChangeCost;
        (Ready, Due, Service, Penalty, Missing) = (new long[Stops], new long[Stops], new long[Stops], new long[Stops], new long[Stops]);
        (PromisedBy, LateCost) = (new long[Stops], new long[Stops]);
        (Delivered, Collected) = (new long[Stops * Capacities], new long[Stops * Capacities]);
        WindowsOf = new TimeWindow[Stops][];
        (Partner, IsPickup, Running, FrozenOn) = (new int[Stops], new bool[Stops], new int[Stops], new int[Stops]);
        Partner.AsSpan().Fill(-1);
        Running.AsSpan().Fill(-1);
        FrozenOn.AsSpan().Fill(-1);
        for (var stop = 0; stop < Stops; stop++) ReadStop(stop, problem.Stops[stop]);
        foreach (var (pickup, delivery) in problem.Shipments) Pair(pickup, delivery);
        HasShipments = problem.Shipments.Count > 0;
        SeveralWindows = Array.Exists(WindowsOf, windows => windows is not null);
        OnlyDelivers = Capacities == 1 && !HasShipments && !Array.Exists(Collected, amount => amount != 0);
        for (var vehicle = 0; vehicle < Vehicles; vehicle++)
        {
            foreach (var stop in problem.RunningPlan?[vehicle] ?? []) Running[stop] = vehicle;
            foreach (var visit in Fleet[vehicle].Frozen) FrozenOn[visit.Stop] = vehicle;
        }
        UnitOf = [.. Enumerable.Range(0, Stops).Select(UnitOfStop)];
        Second = [.. Enumerable.Range(0, Stops).Select(stop => UnitOf[stop] == stop && IsPickup[stop] ? Partner[stop] : -1)];
        Capacity = [.. Fleet.SelectMany(vehicle => vehicle.Capacities)];
        for (var vehicle = 0; vehicle < Vehicles; vehicle++) MakeRoomForWhatIsAboard(vehicle);
        var soft = Array.Exists(LateCost, cost => cost > 0);
        IsTimed = [.. Fleet.Select(vehicle => soft || vehicle.Breaks.Count > 0)];
        Kind = KindsOfVehicles();
        Allowed = WhoMayServe();
        var place = PlacesOfNodes(out Start, out End);
        Nodes = place.Length;
        Distance = Legs(place, problem.Travel.Distance);
        Time = problem.Travel.TimesAreDistances ? Distance : Legs(place, problem.Travel.Time);
        DistanceTo = Transposed(Distance);
        TimeTo = ReferenceEquals(Time, Distance) ? DistanceTo : Transposed(Time);
        NearCount = Math.Min(Math.Max(Stops - 1, 0), NearMax);
        Near = Neighbours();
        MissingCost = CostOfMissing();
    }

    /// <summary>Earliest start of a service on arrival, or <see cref="Never"/>.</summary>
    public long StartAt(int stop, long arrival)
    {
        if (arrival > Due[stop]) return Never;
        if (WindowsOf[stop] is not { } windows) return Math.Max(arrival, Ready[stop]);
        foreach (var window in windows)
        {
            if (arrival <= window.Latest) return Math.Max(arrival, window.Earliest);
        }
        return Never;
    }

    /// <summary>Latest start of a service that is not after the limit, or -<see cref="Never"/>.</summary>
    public long StartBy(int stop, long limit)
    {
        if (limit < Ready[stop]) return -Never;
        if (WindowsOf[stop] is not { } windows) return Math.Min(limit, Due[stop]);
        for (var at = windows.Length - 1; at >= 0; at--)
        {
            if (limit >= windows[at].Earliest) return Math.Min(limit, windows[at].Latest);
        }
        return -Never;
    }

    public bool MayServe(int stop, int vehicle) => Allowed[(stop * Vehicles) + vehicle];

    private void ReadStop(int at, Stop stop)
    {
        Service[at] = stop.Service;
        Ready[at] = stop.Windows.Count == 0 ? -Never : stop.Windows[0].Earliest;
        Due[at] = stop.Windows.Count == 0 ? Never - 1 : stop.Windows[^1].Latest;
        if (stop.Windows.Count > 1) WindowsOf[at] = [.. stop.Windows];
        for (var capacity = 0; capacity < Capacities; capacity++)
        {
            Delivered[(at * Capacities) + capacity] = stop.Delivered.Count == 0 ? 0 : stop.Delivered[capacity];
            Collected[(at * Capacities) + capacity] = stop.Collected.Count == 0 ? 0 : stop.Collected[capacity];
        }
        PromisedBy[at] = stop.Promise?.By ?? Never;
        LateCost[at] = stop.Promise?.CostPerUnit ?? 0;
        Penalty[at] = stop.Penalty ?? 0;
        Missing[at] = stop.Penalty is null ? 1 + stop.Priority : 0;
    }

    private void Pair(int pickup, int delivery)
    {
        (Partner[pickup], Partner[delivery], IsPickup[pickup]) = (delivery, pickup, true);
        // What leaves the vehicle at the second stop, so that every stop changes the load by Collected.
        for (var capacity = 0; capacity < Capacities; capacity++)
            Collected[(delivery * Capacities) + capacity] = -Collected[(pickup * Capacities) + capacity];
    }

    private void MakeRoomForWhatIsAboard(int vehicle)
    {
        for (var capacity = 0; capacity < Capacities; capacity++)
        {
            long aboard = 0;
            foreach (var visit in Fleet[vehicle].Frozen) aboard += Collected[(visit.Stop * Capacities) + capacity];
            ref var room = ref Capacity[(vehicle * Capacities) + capacity];
            room = Math.Max(room, aboard);
        }
    }

    private int UnitOfStop(int stop)
    {
        if (FrozenOn[stop] >= 0) return -1;
        // What has been picked up is only still to be delivered.
        return Partner[stop] < 0 || IsPickup[stop] || FrozenOn[Partner[stop]] >= 0 ? stop : Partner[stop];
    }

    /// <summary>Vehicles of the same kind are interchangeable, so that only one empty one of them need be tried.</summary>
    private int[] KindsOfVehicles()
    {
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        var kind = new int[Vehicles];
        for (var at = 0; at < Vehicles; at++)
        {
            var vehicle = Fleet[at];
            var isAlone = ChangeCost > 0 || vehicle.HasLeft || vehicle.Frozen.Count > 0;
            var key = isAlone
                ? FormattableString.Invariant($"alone {at}")
                : FormattableString.Invariant($"{vehicle.StartPlace}|{vehicle.EndPlace}|{vehicle.Shift}|{string.Join(',', vehicle.Capacities)}|{vehicle.Skills}|{string.Join(',', vehicle.Breaks)}|{vehicle.FixedCost}|{vehicle.CostPerDistance}");
            if (!kinds.TryGetValue(key, out kind[at])) kinds[key] = kind[at] = kinds.Count;
        }
        return kind;
    }

    private bool[] WhoMayServe()
    {
        var allowed = new bool[Stops * Vehicles];
        for (var stop = 0; stop < Stops; stop++)
        {
            var tied = TiedTo(stop);
            for (var vehicle = 0; vehicle < Vehicles; vehicle++)
            {
                var isLoaded = !Fleet[vehicle].HasLeft || !IsDelivered(stop) || Running[stop] == vehicle;
                allowed[(stop * Vehicles) + vehicle] =
                    (tied < 0 || tied == vehicle) && isLoaded && (Problem.Stops[stop].Skills & ~Fleet[vehicle].Skills) == 0;
            }
        }
        foreach (var (pickup, delivery) in Problem.Shipments)
        {
            for (var vehicle = 0; vehicle < Vehicles; vehicle++)
                allowed[(pickup * Vehicles) + vehicle] = allowed[(delivery * Vehicles) + vehicle] = allowed[(pickup * Vehicles) + vehicle] && allowed[(delivery * Vehicles) + vehicle];
        }
        return allowed;
    }

    /// <summary>The one vehicle that can serve a stop because of what has happened: it was there, has the goods, or has picked them up.</summary>
    private int TiedTo(int stop)
    {
        if (FrozenOn[stop] >= 0) return FrozenOn[stop];
        if (Partner[stop] >= 0 && FrozenOn[Partner[stop]] >= 0) return FrozenOn[Partner[stop]];
        return IsDelivered(stop) && Running[stop] >= 0 && Fleet[Running[stop]].HasLeft ? Running[stop] : -1;
    }

    private bool IsDelivered(int stop) => Problem.Stops[stop].Delivered.Any(amount => amount > 0);

    private int[] PlacesOfNodes(out int[] start, out int[] end)
    {
        var places = Problem.Stops.Select(stop => stop.Place).ToList();
        var nodes = new Dictionary<int, int>();
        start = new int[Vehicles];
        end = new int[Vehicles];
        foreach (var place in Fleet.SelectMany(vehicle => new[] { vehicle.StartPlace, vehicle.EndPlace }).OfType<int>().Distinct())
        {
            nodes[place] = places.Count;
            places.Add(place);
        }
        for (var vehicle = 0; vehicle < Vehicles; vehicle++)
        {
            start[vehicle] = Fleet[vehicle].StartPlace is { } from ? nodes[from] : places.Count;
            end[vehicle] = Fleet[vehicle].EndPlace is { } to ? nodes[to] : places.Count;
        }
        places.Add(-1);
        return [.. places];
    }

    private static int[] Legs(int[] place, Func<int, int, int> leg)
    {
        var legs = new int[place.Length * place.Length];
        for (var from = 0; from < place.Length - 1; from++)
        {
            for (var to = 0; to < place.Length - 1; to++) legs[(from * place.Length) + to] = leg(place[from], place[to]);
        }
        return legs;
    }

    private int[] Transposed(int[] legs)
    {
        if (IsSymmetric(legs)) return legs;
        var transposed = new int[legs.Length];
        for (var from = 0; from < Nodes; from++)
        {
            for (var to = 0; to < Nodes; to++) transposed[(to * Nodes) + from] = legs[(from * Nodes) + to];
        }
        return transposed;
    }

    private bool IsSymmetric(int[] legs)
    {
        for (var from = 0; from < Nodes; from++)
        {
            for (var to = 0; to < from; to++)
            {
                if (legs[(to * Nodes) + from] != legs[(from * Nodes) + to]) return false;
            }
        }
        return true;
    }

    /// <summary>For each stop the nearest others, nearest first, by distance there or back.</summary>
    private int[] Neighbours()
    {
        var near = new int[Stops * NearCount];
        var keys = new long[Math.Max(Stops - 1, 0)];
        for (var stop = 0; stop < Stops; stop++)
        {
            var count = 0;
            for (var to = 0; to < Stops; to++)
            {
                // Distance first, then the stop itself, so that equals stand in one order.
                if (to != stop) keys[count++] = ((long)Math.Min(Distance[(stop * Nodes) + to], DistanceTo[(stop * Nodes) + to]) * Stops) + to;
            }
            keys.AsSpan().Sort();
            for (var at = 0; at < NearCount; at++) near[(stop * NearCount) + at] = (int)(keys[at] % Stops);
        }
        return near;
    }

    private long CostOfMissing()
    {
        long leg = 0;
        foreach (var distance in Distance) leg = Math.Max(leg, distance);
        var rate = Fleet.Length == 0 ? 1 : Fleet.Max(vehicle => vehicle.CostPerDistance);
        var once = Fleet.Length == 0 ? 0 : Fleet.Max(vehicle => vehicle.FixedCost);
        // Bounded, so that a sum of all that can be missing does not overflow (ProblemLimits).
        return Math.Min((4 * leg * Math.Max(rate, 1)) + once + ChangeCost, ProblemLimits.SumMax / Math.Max(Missing.Sum(), 1));
    }
}
