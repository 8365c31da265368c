namespace KeyAccountLogistics.Routing.Solving;

/// <summary>
/// A child of two plans: the first one's routes, of which some that lie together are replaced by the second one's there (after the selective route exchange of Nagata, Bräysy and Dullaert,
/// Computers &amp; Operations Research 37(4), 2010). Units that are then in two routes leave the first one's; units in none are left for the caller to put back.
/// </summary>
internal static class Crossover
{
    public static int[][] Of(Instance of, Found first, Found second, bool[] isOpen, Dice dice)
    {
        var centre = dice.Below(of.Stops);
        var theirs = Enumerable.Range(0, of.Vehicles).Where(vehicle => second.Routes[vehicle].Length > 0)
            .OrderBy(vehicle => second.Routes[vehicle].Min(stop => of.Distance[(centre * of.Nodes) + stop])).ToArray();
        // Where everything is optional and nothing worth its way, a parent may have no route to give.
        if (theirs.Length == 0) return [.. first.Routes];
        var taken = theirs.AsSpan(0, 1 + dice.Below(Math.Max(1, theirs.Length / 2)));
        var child = first.Routes.ToArray();
        // A vehicle that was saved stays saved.
        var isReplaced = Array.ConvertAll(isOpen, open => !open);
        var isTaken = new bool[of.Stops];
        foreach (var vehicle in taken)
        {
            foreach (var stop in second.Routes[vehicle]) isTaken[stop] = true;
            var instead = MostAlike(of, first, second.Routes[vehicle], of.Kind[vehicle], isReplaced);
            isReplaced[instead] = true;
            child[instead] = second.Routes[vehicle];
        }
        for (var vehicle = 0; vehicle < of.Vehicles; vehicle++)
        {
            if (!isReplaced[vehicle]) child[vehicle] = Array.FindAll(child[vehicle], stop => !isTaken[stop]);
        }
        return child;
    }

    /// <summary>The vehicle of a kind, not replaced yet, whose route shares most stops. There is one: both plans use the same open vehicles.</summary>
    private static int MostAlike(Instance of, Found plan, int[] route, int kind, bool[] isReplaced)
    {
        var (best, most) = (-1, -1);
        for (var vehicle = 0; vehicle < of.Vehicles; vehicle++)
        {
            if (of.Kind[vehicle] != kind || isReplaced[vehicle]) continue;
            var shared = plan.Routes[vehicle].Length == 0 ? 0 : route.Intersect(plan.Routes[vehicle]).Count();
            if (shared <= most) continue;
            (best, most) = (vehicle, shared);
        }
        return best;
    }
}
