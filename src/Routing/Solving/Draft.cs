namespace KeyAccountLogistics.Routing.Solving;

/// <summary>
/// A plan that is being changed: routes, the units that are left out, and the cost of both. Changes since <see cref="Begin"/> can be taken back; only the routes that were touched are copied.
/// Used by one thread.
/// </summary>
internal sealed class Draft
{
    private readonly Instance _of;
    private readonly Route[] _kept;
    private readonly bool[] _isTouched;
    private readonly int[] _touched;
    private readonly int[] _outBefore;
    private readonly int[][] _saved;
    private readonly long[] _savedVersion;
    private int _touchedCount;
    private int _outCountBefore;
    private int _usedBefore;
    private long _costBefore;
    private long _missingBefore;
    private long _version;

    public readonly Route[] Routes;
    public readonly int[] RouteOf;
    public readonly int[] PositionOf;

    /// <summary>
    /// Names each route's content: the same number, the same stops. Below the number of vehicles: the vehicle is unused. Kept apart from the routes, so that a look over all of them stays in a few lines of cache.
    /// </summary>
    public readonly long[] VersionOf;

    /// <summary>Vehicles that have stops.</summary>
    public int Used;

    /// <summary>Units that are left out: the first <see cref="OutCount"/>.</summary>
    public readonly int[] Out;
    public int OutCount;

    /// <summary>Cost of the routes and of what is left out, without <see cref="Missing"/>.</summary>
    public long Cost;

    /// <summary>Weight of what must be served and is left out.</summary>
    public long Missing;

    public Draft(Instance of)
    {
        _of = of;
        Routes = [.. Enumerable.Range(0, of.Vehicles).Select(vehicle => new Route(of, vehicle))];
        _kept = [.. Enumerable.Range(0, of.Vehicles).Select(vehicle => new Route(of, vehicle))];
        _isTouched = new bool[of.Vehicles];
        _touched = new int[of.Vehicles];
        VersionOf = new long[of.Vehicles];
        _saved = new int[of.Vehicles][];
        _savedVersion = new long[of.Vehicles];
        _savedVersion.AsSpan().Fill(-1);
        _version = of.Vehicles;
        RouteOf = new int[of.Stops];
        PositionOf = new int[of.Stops];
        Out = new int[of.Stops];
        _outBefore = new int[of.Stops];
        Load([.. Enumerable.Range(0, of.Vehicles).Select(vehicle => of.Fleet[vehicle].Frozen.Select(visit => visit.Stop).ToArray())]);
    }

    /// <summary>Comparable by what is missing and by cost at once; the search walks by it.</summary>
    public long Value => Cost + (Missing * _of.MissingCost);

    public bool IsBetterThan(long missing, long cost) => Missing < missing || (Missing == missing && Cost < cost);

    /// <summary>Takes whole routes, each with its frozen stops first; what is in none of them is left out.</summary>
    public void Load(int[][] routes)
    {
        RouteOf.AsSpan().Fill(-1);
        Used = 0;
        for (var route = 0; route < Routes.Length; route++)
        {
            Routes[route].Set(routes[route]);
            Name(Routes[route]);
            if (Routes[route].Count > 0) Used++;
            Locate(Routes[route], 1);
        }
        OutCount = 0;
        for (var unit = 0; unit < _of.Stops; unit++)
        {
            if (_of.UnitOf[unit] == unit && RouteOf[unit] < 0) Out[OutCount++] = unit;
        }
        _touchedCount = 0;
        Recount();
    }

    /// <summary>Forgets what is left out: another worker's draft has it.</summary>
    public void ForgetOut()
    {
        OutCount = 0;
        Recount();
    }

    /// <summary>Each vehicle's stops. Routes that have not changed since they were saved last are the same arrays: do not change them.</summary>
    public int[][] Save()
    {
        for (var route = 0; route < Routes.Length; route++)
        {
            if (_savedVersion[route] == VersionOf[route]) continue;
            _saved[route] = Routes[route].Node.AsSpan(1, Routes[route].Count).ToArray();
            _savedVersion[route] = VersionOf[route];
        }
        return [.. _saved];
    }

    /// <summary>Starts a change that can be taken back.</summary>
    public void Begin()
    {
        (_costBefore, _missingBefore, _outCountBefore, _usedBefore) = (Cost, Missing, OutCount, Used);
        Out.AsSpan(0, OutCount).CopyTo(_outBefore);
    }

    /// <summary>Makes the changes since <see cref="Begin"/> permanent.</summary>
    public void Keep()
    {
        for (var at = 0; at < _touchedCount; at++) _isTouched[_touched[at]] = false;
        _touchedCount = 0;
    }

    /// <summary>Takes back the changes since <see cref="Begin"/>.</summary>
    public void Undo()
    {
        for (var at = 0; at < OutCount; at++) Forget(Out[at]);
        (Cost, Missing, OutCount, Used) = (_costBefore, _missingBefore, _outCountBefore, _usedBefore);
        for (var at = 0; at < _touchedCount; at++)
        {
            var route = _touched[at];
            (Routes[route], _kept[route]) = (_kept[route], Routes[route]);
            _isTouched[route] = false;
            VersionOf[route] = Routes[route].Version;
            Locate(Routes[route], 1);
        }
        _outBefore.AsSpan(0, OutCount).CopyTo(Out);
        for (var at = 0; at < OutCount; at++) Forget(Out[at]);
        _touchedCount = 0;
    }

    /// <summary>Puts a unit that is in no route into one. It must not be among those left out.</summary>
    public void Insert(int unit, int route, in Place place)
    {
        var into = Touch(route);
        Cost -= into.Cost;
        if (into.Count == 0) Used++;
        var second = _of.Second[unit];
        // The second first, so that the position of the first still counts.
        if (second >= 0) into.Insert(place.At2, second);
        into.Insert(place.At, unit);
        Name(into);
        Cost += into.Cost;
        Locate(into, place.At + 1);
    }

    /// <summary>Takes the marked units out of a route and unmarks them.</summary>
    public void Remove(int route, bool[] isMarked)
    {
        var from = Touch(route);
        Cost -= from.Cost;
        var count = 0;
        for (var at = 1; at <= from.Count; at++)
        {
            var stop = from.Node[at];
            if (isMarked[stop])
            {
                isMarked[stop] = false;
                RouteOf[stop] = -1;
            }
            else
            {
                count++;
                from.Node[count] = stop;
                PositionOf[stop] = count;
            }
        }
        from.Node[count + 1] = _of.End[route];
        from.Count = count;
        from.Refresh();
        Name(from);
        if (count == 0) Used--;
        Cost += from.Cost;
    }

    /// <summary>Leaves a unit out that is in no route.</summary>
    public void LeaveOut(int unit)
    {
        Out[OutCount++] = unit;
        Cost += PenaltyOf(unit);
        Missing += MissingOf(unit);
    }

    /// <summary>Hands over the units that are left out, so that they can be tried again.</summary>
    public int TakeOut(Span<int> units)
    {
        var count = OutCount;
        Out.AsSpan(0, count).CopyTo(units);
        for (var at = 0; at < count; at++)
        {
            Cost -= PenaltyOf(Out[at]);
            Missing -= MissingOf(Out[at]);
        }
        OutCount = 0;
        return count;
    }

    public long PenaltyOf(int unit) => _of.Penalty[unit] + (_of.Second[unit] is >= 0 and var second ? _of.Penalty[second] : 0);

    public long MissingOf(int unit) => _of.Missing[unit] + (_of.Second[unit] is >= 0 and var second ? _of.Missing[second] : 0);

    /// <summary>Cost and missing counted afresh.</summary>
    private void Recount()
    {
        Cost = 0;
        Missing = 0;
        foreach (var route in Routes) Cost += route.Cost;
        for (var at = 0; at < OutCount; at++)
        {
            Cost += PenaltyOf(Out[at]);
            Missing += MissingOf(Out[at]);
        }
    }

    private void Name(Route route) => VersionOf[route.Vehicle] = route.Version = route.Count == 0 ? route.Vehicle : _version++;

    private Route Touch(int route)
    {
        if (!_isTouched[route])
        {
            _isTouched[route] = true;
            _touched[_touchedCount++] = route;
            _kept[route].CopyFrom(Routes[route]);
        }
        return Routes[route];
    }

    private void Forget(int unit)
    {
        RouteOf[unit] = -1;
        if (_of.Second[unit] is >= 0 and var second) RouteOf[second] = -1;
    }

    private void Locate(Route route, int from)
    {
        for (var at = from; at <= route.Count; at++)
        {
            RouteOf[route.Node[at]] = route.Vehicle;
            PositionOf[route.Node[at]] = at;
        }
    }
}
