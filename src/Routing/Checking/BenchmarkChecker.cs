using System.Globalization;
using KeyAccountLogistics.Routing.Files;

namespace KeyAccountLogistics.Routing.Checking;

/// <summary>What the checker says of routes for a benchmark file.</summary>
/// <param name="Violation">The first violation; null: feasible.</param>
/// <param name="Vehicles">Routes that serve somebody.</param>
/// <param name="Distance">Distance in real numbers; NaN where a node does not exist.</param>
public sealed record CheckedRoutes(Violation? Violation, int Vehicles, double Distance);

/// <summary>Judges routes for a benchmark file in real numbers, as its authors define it: distances in double, windows kept to 1e-6.</summary>
public static class BenchmarkChecker
{
    private const double Tolerance = 1e-6;

    /// <summary>Judges routes of node numbers, the depot left out.</summary>
    public static CheckedRoutes Check(BenchmarkFile file, IReadOnlyList<IReadOnlyList<int>> routes)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(routes);
        var servedBy = new int[file.Nodes.Count];
        var used = routes.Count(route => route.Count > 0);
        var distance = 0.0;
        Violation? first = null;
        for (var number = 0; number < routes.Count; number++)
        {
            foreach (var node in routes[number])
            {
                if (node <= 0 || node >= file.Nodes.Count) return new CheckedRoutes(new Violation(ViolationKind.UnknownStop, $"Route {number + 1} visits node {node}; the file has 1 to {file.Nodes.Count - 1}."), used, double.NaN);
                if (servedBy[node] != 0) first ??= new Violation(ViolationKind.StopServedTwice, $"Node {node} is in route {servedBy[node]} and in route {number + 1}.");
                servedBy[node] = number + 1;
            }
            distance += Drive(file, routes[number], number + 1, ref first);
        }
        if (used > file.Vehicles) first ??= new Violation(ViolationKind.UnknownVehicle, $"There are {used} routes; the file has {file.Vehicles} vehicles.");
        if (Array.IndexOf(servedBy, 0, 1) is > 0 and var left) first ??= new Violation(ViolationKind.MandatoryStopUnserved, $"Node {left} is in no route.");
        return new CheckedRoutes(first, used, distance);
    }

    private static double Drive(BenchmarkFile file, IReadOnlyList<int> route, int number, ref Violation? first)
    {
        if (route.Count == 0) return 0;
        var (now, at, distance) = (file.Nodes[0].Ready, 0, 0.0);
        foreach (var node in route.Append(0))
        {
            distance += file.Distance(at, node);
            now = Math.Max(now + file.Distance(at, node), file.Nodes[node].Ready);
            if (now > file.Nodes[node].Due + Tolerance)
                first ??= new Violation(ViolationKind.OutsideWindow, $"Route {number} is at {(node == 0 ? "the depot" : "node " + node.ToString(CultureInfo.InvariantCulture))} at {now:0.######}, after {file.Nodes[node].Due}.");
            now += file.Nodes[node].Service;
            at = node;
        }
        Carry(file, route, number, ref first);
        return distance;
    }

    private static void Carry(BenchmarkFile file, IReadOnlyList<int> route, int number, ref Violation? first)
    {
        var load = file.HasShipments ? 0 : route.Sum(node => file.Nodes[node].Demand);
        if (load > file.Capacity + Tolerance) first ??= new Violation(ViolationKind.OverCapacity, $"Route {number} carries {load}; a vehicle holds {file.Capacity}.");
        if (!file.HasShipments) return;
        var aboard = new HashSet<int>();
        foreach (var node in route)
        {
            load += file.Nodes[node].Demand;
            if (load > file.Capacity + Tolerance) first ??= new Violation(ViolationKind.OverCapacity, $"Route {number} carries {load} on leaving node {node}; a vehicle holds {file.Capacity}.");
            if (file.Nodes[node].Delivery > 0) aboard.Add(node);
            else if (file.Nodes[node].Pickup > 0 && !aboard.Remove(file.Nodes[node].Pickup))
                first ??= new Violation(ViolationKind.DeliveredBeforePickup, $"Route {number} delivers at node {node} without having been at node {file.Nodes[node].Pickup}, where the goods are.");
        }
        if (aboard.Count > 0) first ??= new Violation(ViolationKind.ShipmentSplit, $"Route {number} picks up at node {aboard.Min()} and does not deliver it.");
    }
}
