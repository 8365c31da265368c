namespace KeyAccountLogistics.Routing.Solving;

/// <summary>What of the running plan can still be driven: frozen stops first, then its stops in order as far as windows, capacities, skills and shipments allow.</summary>
internal static class RunningPlan
{
    public static int[][] Usable(Instance of)
    {
        var route = new int[of.Vehicles][];
        for (var vehicle = 0; vehicle < of.Vehicles; vehicle++) route[vehicle] = Usable(of, vehicle);
        return route;
    }

    private static int[] Usable(Instance of, int vehicle)
    {
        var frozen = of.Fleet[vehicle].Frozen.Select(visit => visit.Stop).ToList();
        var wanted = (of.Problem.RunningPlan?[vehicle] ?? []).Where(stop => of.UnitOf[stop] >= 0 && of.MayServe(stop, vehicle)).ToList();
        var route = new Route(of, vehicle);
        List<int> usable = [.. frozen, .. wanted];
        while (true)
        {
            RemoveHalves(of, usable, frozen.Count);
            route.Set([.. usable]);
            if (route.IsFeasible || usable.Count == frozen.Count) return [.. usable];
            usable.RemoveAt(FirstThatFails(of, route, usable, frozen.Count));
        }
    }

    private static int FirstThatFails(Instance of, Route route, List<int> stops, int frozen)
    {
        for (var count = frozen + 1; count < stops.Count; count++)
        {
            // Half a shipment at the end of a prefix weighs on, as it would in the whole.
            route.Set([.. stops[..count]]);
            if (!route.IsFeasible) return count - 1;
        }
        return stops.Count - 1;
    }

    private static void RemoveHalves(Instance of, List<int> stops, int frozen)
    {
        for (var at = stops.Count - 1; at >= frozen; at--)
        {
            var partner = of.Partner[stops[at]];
            if (partner < 0) continue;
            var other = stops.IndexOf(partner);
            var isWhole = of.IsPickup[stops[at]] ? other > at : other >= 0 && other < at;
            if (!isWhole) stops.RemoveAt(at);
        }
    }
}
