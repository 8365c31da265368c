using System.Numerics;

namespace KeyAccountLogistics.Routing.Solving;

/// <summary>
/// Large-neighbourhood search by slack induction: strings of neighbouring routes are taken out, and what is out is put back greedily, now and then blind to the best place
/// (Christiaens and Vanden Berghe, "Slack Induction by String Removals for Vehicle Routing Problems", Transportation Science 54(2), 2020). Improved here: the best place of a unit in a
/// route is remembered until the route changes, so that an insertion looks at the few routes that did. Used by one thread.
/// </summary>
internal sealed class RuinAndRecreate
{
    private const int RemovedOnAverage = 10;
    private const int StringMax = 10;
    private const double SplitString = 0.5;
    private const double GrowPreserved = 0.01;
    private const double Blink = 0.01;
    private const int PlacesKeptMax = 1 << 21;

    // A plan of as many stops is made in a fraction of a second; a stopped search gives it whole.
    internal const int UnitsBetweenLooks = 1_024;

    // Stops are fewer than 2^13 and versions stay far below 2^50: a place is known by unit and version in one number.
    private const int UnitBits = 13;

    private readonly Instance _of;
    private readonly Draft _draft;
    private readonly Dice _dice;
    private readonly long[] _keptKey;
    private readonly long[] _keptCost;
    private readonly (short At, short At2)[] _keptAt;
    private readonly bool[] _isMarked;
    private readonly bool[] _isRuined;
    private readonly int[] _ruined;
    private readonly int[] _units;
    private readonly long[] _keys;
    private readonly int[] _kindTried;
    private int _unitCount;
    private int _ruinedCount;
    private int _tries;

    /// <summary>Vehicles that may be used and changed now.</summary>
    public readonly bool[] IsOpen;

    public RuinAndRecreate(Instance of, Draft draft, Dice dice)
    {
        _of = of;
        _draft = draft;
        _dice = dice;
        var wanted = (long)of.Stops * of.Vehicles;
        var kept = wanted >= PlacesKeptMax ? PlacesKeptMax : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(wanted, 1));
        _keptKey = new long[kept];
        _keptKey.AsSpan().Fill(-1);
        _keptCost = new long[kept];
        _keptAt = new (short, short)[kept];
        _isMarked = new bool[of.Stops];
        _isRuined = new bool[of.Vehicles];
        _ruined = new int[of.Vehicles];
        _units = new int[of.Stops];
        _keys = new long[of.Stops];
        _kindTried = new int[of.Vehicles];
        IsOpen = new bool[of.Vehicles];
        IsOpen.AsSpan().Fill(true);
    }

    /// <summary>Ruins around a seed and recreates; the draft's change is left open for the caller to keep or undo.</summary>
    public void Try(int seed)
    {
        _draft.Begin();
        _unitCount = 0;
        Ruin(seed);
        Recreate();
    }

    /// <summary>Puts back what is left out, as far as it goes, after taking apart routes that cannot be driven. Once the pace says stop, what has no place yet stays out; null: nobody says so.</summary>
    public void Complete(Pace? pace = null)
    {
        _draft.Begin();
        _unitCount = 0;
        foreach (var route in _draft.Routes)
        {
            if (!route.IsFeasible) Strip(route);
        }
        Recreate(pace);
        _draft.Keep();
    }

    /// <summary>Takes all units out of a route.</summary>
    public void Empty(int route)
    {
        _draft.Begin();
        Strip(_draft.Routes[route]);
        while (_unitCount > 0) _draft.LeaveOut(_units[--_unitCount]);
        _draft.Keep();
    }

    private void Ruin(int seed)
    {
        if (_draft.Used == 0) return;
        var average = Math.Max(1, _of.Stops / _draft.Used);
        var stringMax = Math.Min(StringMax, average);
        var strings = 1 + (int)(_dice.Unit() * (4.0 * RemovedOnAverage / (1 + stringMax) - 1));
        _ruinedCount = 0;
        RuinRouteOf(seed, stringMax);
        for (var at = 0; at < _of.NearCount && _ruinedCount < strings; at++) RuinRouteOf(_of.Near[(seed * _of.NearCount) + at], stringMax);
        for (var at = 0; at < _ruinedCount; at++) _isRuined[_ruined[at]] = false;
    }

    private void RuinRouteOf(int stop, int stringMax)
    {
        var at = _draft.RouteOf[stop];
        if (at < 0 || _isRuined[at] || !IsOpen[at] || _of.UnitOf[stop] < 0) return;
        var route = _draft.Routes[at];
        var movable = route.Count - route.Frozen;
        var length = 1 + _dice.Below(Math.Min(movable, stringMax));
        var preserved = 0;
        if (length > 1 && length < movable && _dice.Hits(SplitString))
        {
            preserved = 1;
            while (length + preserved < movable && _dice.Hits(GrowPreserved)) preserved++;
        }
        var whole = length + preserved;
        var position = _draft.PositionOf[stop];
        var first = Math.Max(route.Frozen + 1, position - whole + 1);
        var last = Math.Min(position, route.Count - whole + 1);
        var begin = first + _dice.Below(last - first + 1);
        var hole = begin + (preserved > 0 ? 1 + _dice.Below(length - 1) : 0);
        for (var place = begin; place < begin + whole; place++)
        {
            if (preserved > 0 && place >= hole && place < hole + preserved) continue;
            Mark(route.Node[place]);
        }
        _draft.Remove(at, _isMarked);
        // Where the way over a stop is shorter than the way past it, or goods stay aboard that were to be handed over, less can be too much.
        if (!_draft.Routes[at].IsFeasible) Strip(_draft.Routes[at]);
        _isRuined[at] = true;
        _ruined[_ruinedCount++] = at;
    }

    private void Strip(Route route)
    {
        for (var at = route.Frozen + 1; at <= route.Count; at++) Mark(route.Node[at]);
        _draft.Remove(route.Vehicle, _isMarked);
    }

    private void Mark(int stop)
    {
        if (_isMarked[stop]) return;
        var unit = _of.UnitOf[stop];
        _isMarked[unit] = true;
        if (_of.Second[unit] >= 0) _isMarked[_of.Second[unit]] = true;
        _units[_unitCount++] = unit;
    }

    private void Recreate(Pace? pace = null)
    {
        _unitCount += _draft.TakeOut(_units.AsSpan(_unitCount));
        Sort();
        for (var at = 0; at < _unitCount; at++)
        {
            var unit = _units[at];
            if (pace is not null && at % UnitsBetweenLooks == UnitsBetweenLooks - 1 && pace.IsStopped)
            {
                for (; at < _unitCount; at++) _draft.LeaveOut(_units[at]);
                break;
            }
            var limit = _draft.MissingOf(unit) > 0 ? Instance.Never : _draft.PenaltyOf(unit) + 1;
            if (FindRoute(unit, limit, out var place) is >= 0 and var route) _draft.Insert(unit, route, place);
            else _draft.LeaveOut(unit);
        }
        _unitCount = 0;
    }

    private int FindRoute(int unit, long limit, out Place best)
    {
        var (route, cost) = (-1, limit);
        best = default;
        _tries++;
        var first = unit * _of.Vehicles;
        var mask = _keptKey.Length - 1;
        for (var vehicle = 0; vehicle < _of.Vehicles; vehicle++)
        {
            if (!IsOpen[vehicle]) continue;
            var version = _draft.VersionOf[vehicle];
            if (version < _of.Vehicles)
            {
                if (_kindTried[_of.Kind[vehicle]] == _tries) continue;
                _kindTried[_of.Kind[vehicle]] = _tries;
            }
            if (!_of.Allowed[first + vehicle]) continue;
            var kept = (first + vehicle) & mask;
            var key = (version << UnitBits) | (long)unit;
            if (_keptKey[kept] != key)
            {
                var place = Insertion.Find(_of, _draft.Routes[vehicle], unit);
                (_keptKey[kept], _keptCost[kept], _keptAt[kept]) = (key, place.Cost, ((short)place.At, (short)place.At2));
            }
            if (_keptCost[kept] >= cost || _dice.Hits(Blink)) continue;
            cost = _keptCost[kept];
            (best.At, best.At2) = _keptAt[kept];
            route = vehicle;
        }
        return route;
    }

    /// <summary>Orders the units by a rule drawn anew each time: at random, by size, from far or near, by their windows.</summary>
    private void Sort()
    {
        _dice.Shuffle(_units.AsSpan(0, _unitCount));
        var rule = _dice.Below(17);
        if (rule < 4) return;
        for (var at = 0; at < _unitCount; at++) _keys[at] = KeyOf(_units[at], rule);
        for (var at = 1; at < _unitCount; at++)
        {
            var (key, unit) = (_keys[at], _units[at]);
            var to = at;
            for (; to > 0 && _keys[to - 1] > key; to--) (_keys[to], _units[to]) = (_keys[to - 1], _units[to - 1]);
            (_keys[to], _units[to]) = (key, unit);
        }
    }

    private long KeyOf(int unit, int rule)
    {
        var last = _of.Second[unit] >= 0 ? _of.Second[unit] : unit;
        return rule switch
        {
            < 8 => -SizeOf(unit),
            < 10 => -FromStart(unit),
            < 11 => FromStart(unit),
            < 13 => _of.Due[unit] - _of.Ready[unit],
            < 15 => _of.Ready[unit],
            _ => _of.Due[last],
        };
    }

    private long SizeOf(int unit)
    {
        long size = 0;
        for (var capacity = 0; capacity < _of.Capacities; capacity++)
            size += _of.Delivered[(unit * _of.Capacities) + capacity] + Math.Abs(_of.Collected[(unit * _of.Capacities) + capacity]);
        return size;
    }

    private long FromStart(int unit) => _of.Vehicles == 0 ? 0 : _of.Distance[(_of.Start[0] * _of.Nodes) + unit];
}
