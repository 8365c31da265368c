using System.Runtime.CompilerServices;
using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Routing.Solving;

/// <summary>
/// One vehicle's route with what makes an insertion cheap to judge: at each position the departure, the latest arrival the rest allows, and the loads before and after.
/// Position 0 is the start, 1 to Count are stops, Count + 1 is the end. A timed route (breaks or promises) keeps labels instead: one departure and lateness for each number of breaks taken.
/// </summary>
internal sealed class Route
{
    private readonly Instance _of;
    private readonly int _capacities;
    private readonly bool _keepsLoads;

    public readonly int Vehicle;
    public readonly int Labels;
    public readonly bool IsTimed;

    /// <summary>Stops at the beginning that stay.</summary>
    public readonly int Frozen;

    public int Count;
    public int[] Node;
    public int[] Leg;
    public long[] Depart;
    public long[] Latest;
    public long[] LateUpTo;
    public long[] Load;
    public long[] PeakBefore;
    public long[] PeakAfter;
    public long Distance;
    public long Late;

    /// <summary>Where <see cref="Instance.OnlyDelivers"/>: what is aboard behind the frozen stops.</summary>
    public long Delivered;
    public int Changes;

    /// <summary>Names this content: two moments with the same number have the same stops.</summary>
    public long Version;

    public Route(Instance of, int vehicle)
    {
        _of = of;
        Vehicle = vehicle;
        IsTimed = of.IsTimed[vehicle];
        Labels = IsTimed ? of.Fleet[vehicle].Breaks.Count + 1 : 1;
        Frozen = of.Fleet[vehicle].Frozen.Count;
        _capacities = of.Capacities;
        _keepsLoads = of.Capacities > 0 && !of.OnlyDelivers;
        var room = Frozen + 16;
        Node = new int[room];
        Leg = new int[room];
        Depart = new long[room * Labels];
        Latest = new long[IsTimed ? 0 : room];
        LateUpTo = new long[IsTimed ? room * Labels : 0];
        Load = new long[_keepsLoads ? room * _capacities : 0];
        PeakBefore = new long[Load.Length];
        PeakAfter = new long[Load.Length];
        Node[0] = of.Start[vehicle];
        Set([.. of.Fleet[vehicle].Frozen.Select(visit => visit.Stop)]);
    }

    /// <summary>What the route costs; an unused vehicle costs nothing.</summary>
    public long Cost => Count == 0 ? 0 : (Distance * _of.Fleet[Vehicle].CostPerDistance) + _of.Fleet[Vehicle].FixedCost + Late + (Changes * _of.ChangeCost);

    /// <summary>Whether the stops as they are keep windows, shift, breaks and capacities. For routes that come from outside; insertions keep them. What was driven is a fact, and the way home from there is driven anyway.</summary>
    public bool IsFeasible => Count == Frozen || (IsInTime && IsInCapacity);

    private bool IsInTime => IsTimed ? Late < Instance.Never : Latest[Frozen] >= ArrivalAt(Frozen) && Depart[Count] + TimeBetween(Count) <= _of.Fleet[Vehicle].Shift.Latest;

    private bool IsInCapacity
    {
        get
        {
            if (_of.OnlyDelivers) return Delivered <= _of.Capacity[Vehicle];
            for (var capacity = 0; capacity < _capacities; capacity++)
            {
                if (PeakBefore[(Count * _capacities) + capacity] > _of.Capacity[(Vehicle * _capacities) + capacity]) return false;
            }
            return true;
        }
    }

    /// <summary>Takes the content of a route of the same vehicle.</summary>
    public void CopyFrom(Route other)
    {
        Room(other.Count);
        (Count, Distance, Late, Delivered, Changes, Version) = (other.Count, other.Distance, other.Late, other.Delivered, other.Changes, other.Version);
        var positions = Count + 2;
        other.Node.AsSpan(0, positions).CopyTo(Node);
        other.Leg.AsSpan(0, positions).CopyTo(Leg);
        other.Depart.AsSpan(0, positions * Labels).CopyTo(Depart);
        if (IsTimed) other.LateUpTo.AsSpan(0, positions * Labels).CopyTo(LateUpTo);
        else other.Latest.AsSpan(0, positions).CopyTo(Latest);
        if (!_keepsLoads) return;
        other.Load.AsSpan(0, positions * _capacities).CopyTo(Load);
        other.PeakBefore.AsSpan(0, positions * _capacities).CopyTo(PeakBefore);
        other.PeakAfter.AsSpan(0, positions * _capacities).CopyTo(PeakAfter);
    }

    /// <summary>Puts a stop behind a position and brings everything up to date.</summary>
    public void Insert(int at, int stop)
    {
        Room(Count + 1);
        var behind = Count + 1 - at;
        Node.AsSpan(at + 1, behind).CopyTo(Node.AsSpan(at + 2));
        Leg.AsSpan(at + 1, behind).CopyTo(Leg.AsSpan(at + 2));
        if (!IsTimed)
        {
            Depart.AsSpan(at + 1, behind).CopyTo(Depart.AsSpan(at + 2));
            Latest.AsSpan(at + 1, behind).CopyTo(Latest.AsSpan(at + 2));
        }
        Node[at + 1] = stop;
        Count++;
        if (Count == 1)
        {
            Refresh();
            return;
        }
        var distance = Leg[at];
        SetLeg(at);
        SetLeg(at + 1);
        Distance += Leg[at] + Leg[at + 1] - distance;
        if (_of.Running[stop] >= 0 && _of.Running[stop] != Vehicle) Changes++;
        if (IsTimed) RefreshTimed(at + 1);
        else
        {
            Forward(at + 1, mayStop: true);
            Backward(at + 1, mayStop: true);
        }
        if (_keepsLoads) RefreshLoads();
        else if (_capacities == 1) Delivered += _of.Delivered[stop];
    }

    /// <summary>Replaces all stops by those given, which begin with the frozen ones.</summary>
    public void Set(ReadOnlySpan<int> stops)
    {
        Room(stops.Length);
        stops.CopyTo(Node.AsSpan(1));
        Count = stops.Length;
        Node[Count + 1] = _of.End[Vehicle];
        Refresh();
    }

    /// <summary>Brings everything up to date after <see cref="Node"/> and <see cref="Count"/> have changed.</summary>
    public void Refresh()
    {
        Distance = 0;
        Changes = 0;
        Delivered = 0;
        for (var at = 0; at <= Count; at++)
        {
            SetLeg(at);
            Distance += Leg[at];
            if (at == 0) continue;
            if (_of.Running[Node[at]] >= 0 && _of.Running[Node[at]] != Vehicle) Changes++;
            if (_of.OnlyDelivers && at > Frozen) Delivered += _of.Delivered[Node[at]];
        }
        if (IsTimed) RefreshTimed(0);
        else
        {
            Depart[0] = _of.Fleet[Vehicle].Shift.Earliest;
            Forward(1, mayStop: false);
            Latest[Count + 1] = _of.Fleet[Vehicle].Shift.Latest;
            Backward(Count, mayStop: false);
        }
        if (_keepsLoads) RefreshLoads();
    }

    private long ArrivalAt(int at) => at == 0 ? Depart[0] : Depart[at - 1] + TimeBetween(at - 1);

    private int TimeBetween(int at) => _of.Time[(Node[at] * _of.Nodes) + Node[at + 1]];

    // An unused vehicle does not drive from its start to its end.
    private void SetLeg(int at) => Leg[at] = Count == 0 ? 0 : _of.Distance[(Node[at] * _of.Nodes) + Node[at + 1]];

    private void Forward(int from, bool mayStop)
    {
        for (var at = from; at <= Count; at++)
        {
            var stop = Node[at];
            var start = at <= Frozen ? _of.Fleet[Vehicle].Frozen[at - 1].Start : _of.StartAt(stop, Depart[at - 1] + TimeBetween(at - 1));
            var depart = start == Instance.Never ? start : start + _of.Service[stop];
            // The position inserted itself holds what stood there before.
            if (mayStop && at > from && depart == Depart[at]) return;
            Depart[at] = depart;
        }
    }

    private void Backward(int from, bool mayStop)
    {
        for (var at = from; at > Frozen; at--)
        {
            var stop = Node[at];
            var latest = _of.StartBy(stop, Latest[at + 1] - TimeBetween(at) - _of.Service[stop]);
            if (mayStop && at < from && latest == Latest[at]) return;
            Latest[at] = latest;
        }
        if (Frozen == 0) Latest[0] = Latest[1] - TimeBetween(0);
        else Latest[Frozen] = Depart[Frozen] + TimeBetween(Frozen) <= Latest[Frozen + 1] ? Instance.Never : -Instance.Never;
    }

    private void RefreshLoads()
    {
        for (var capacity = 0; capacity < _capacities; capacity++)
        {
            long load = 0;
            long peak = 0;
            for (var at = 1; at <= Count; at++) load += _of.Delivered[(Node[at] * _capacities) + capacity];
            for (var at = 0; at <= Count; at++)
            {
                if (at > 0) load += _of.Collected[(Node[at] * _capacities) + capacity] - _of.Delivered[(Node[at] * _capacities) + capacity];
                // What was aboard while the frozen stops were driven is not judged: the peak counts from the end of theirs.
                peak = at <= Frozen ? load : Math.Max(peak, load);
                Load[(at * _capacities) + capacity] = load;
                PeakBefore[(at * _capacities) + capacity] = peak;
            }
            peak = load;
            for (var at = Count; at >= 0; at--)
            {
                peak = Math.Max(peak, Load[(at * _capacities) + capacity]);
                PeakAfter[(at * _capacities) + capacity] = peak;
            }
        }
    }

    private void RefreshTimed(int from)
    {
        Span<long> depart = stackalloc long[ProblemLimits.BreaksMax + 1];
        Span<long> late = stackalloc long[ProblemLimits.BreaksMax + 1];
        depart = depart[..Labels];
        late = late[..Labels];
        if (from == 0) Begin(depart, late);
        else Recall(from - 1, depart, late);
        for (var at = from; at <= Count; at++)
        {
            if (at > 0) Step(at, Node[at - 1], Node[at], depart, late);
            depart.CopyTo(Depart.AsSpan(at * Labels));
            late.CopyTo(LateUpTo.AsSpan(at * Labels));
        }
        if (Count == 0) Late = 0;
        else
        {
            Late = Finish(Node[Count], depart, late);
            // Driven past the shift or a break: a fact that costs its lateness, not one that cannot be.
            if (Late == Instance.Never && Count == Frozen) Late = LateUpTo[Count * Labels];
        }
    }

    /// <summary>
    /// The lateness a timed route would have with one stop behind position <paramref name="at"/>, or with two, the second behind position <paramref name="at2"/>; <see cref="Instance.Never"/> if
    /// it cannot be driven.
    /// </summary>
    public long LateWith(int at, int stop, int at2, int stop2)
    {
        Span<long> depart = stackalloc long[ProblemLimits.BreaksMax + 1];
        Span<long> late = stackalloc long[ProblemLimits.BreaksMax + 1];
        depart = depart[..Labels];
        late = late[..Labels];
        Recall(at, depart, late);
        Step(0, Node[at], stop, depart, late);
        var from = stop;
        for (var position = at + 1; position <= Count; position++)
        {
            if (stop2 >= 0 && at2 == position - 1)
            {
                Step(0, from, stop2, depart, late);
                from = stop2;
            }
            Step(0, from, Node[position], depart, late);
            from = Node[position];
            if ((stop2 < 0 || position > at2) && depart.SequenceEqual(Depart.AsSpan(position * Labels, Labels)) && Labels == 1)
                return Late + late[0] - LateUpTo[position];
        }
        if (stop2 >= 0 && at2 >= Count)
        {
            Step(0, from, stop2, depart, late);
            from = stop2;
        }
        return Finish(from, depart, late);
    }

    private void Recall(int at, Span<long> depart, Span<long> late)
    {
        if (Count == 0 && at == 0) Begin(depart, late);
        else
        {
            Depart.AsSpan(at * Labels, Labels).CopyTo(depart);
            LateUpTo.AsSpan(at * Labels, Labels).CopyTo(late);
        }
    }

    private void Begin(Span<long> depart, Span<long> late)
    {
        depart.Fill(Instance.Never);
        late.Clear();
        depart[0] = _of.Fleet[Vehicle].Shift.Earliest;
    }

    /// <summary>Drives to a stop and serves it. A position within the frozen ones takes its time from what happened.</summary>
    private void Step(int at, int from, int stop, Span<long> depart, Span<long> late)
    {
        var travel = _of.Time[(from * _of.Nodes) + stop];
        var isFact = at > 0 && at <= Frozen;
        for (var taken = Labels - 1; taken >= 0; taken--)
        {
            var start = isFact ? (taken == 0 ? _of.Fleet[Vehicle].Frozen[at - 1].Start : Instance.Never) : StartAfter(taken, travel, stop, depart, late);
            depart[taken] = start == Instance.Never ? start : start + _of.Service[stop];
            if (start != Instance.Never && start > _of.PromisedBy[stop]) late[taken] += (start - _of.PromisedBy[stop]) * _of.LateCost[stop];
        }
    }

    private long StartAfter(int taken, int travel, int stop, Span<long> depart, Span<long> late)
    {
        var arrival = Arrival(taken, travel, depart, late);
        return arrival == Instance.Never ? arrival : _of.StartAt(stop, arrival);
    }

    /// <summary>Earliest arrival with so many breaks taken, the last of them perhaps on this leg.</summary>
    private long Arrival(int taken, int travel, Span<long> depart, Span<long> late)
    {
        var arrival = depart[taken] == Instance.Never ? Instance.Never : depart[taken] + travel;
        if (taken == 0 || depart[taken - 1] == Instance.Never) return arrival;
        var pause = _of.Fleet[Vehicle].Breaks[taken - 1];
        if (depart[taken - 1] > pause.Begin.Latest) return arrival;
        var paused = Math.Max(depart[taken - 1] + travel, pause.Begin.Earliest) + pause.Duration;
        if (paused > arrival || (paused == arrival && late[taken - 1] >= late[taken])) return arrival;
        late[taken] = late[taken - 1];
        return paused;
    }

    /// <summary>Drives to the end: the least lateness of the labels that are there in the shift with no break missed.</summary>
    private long Finish(int from, Span<long> depart, Span<long> late)
    {
        var travel = _of.Time[(from * _of.Nodes) + _of.End[Vehicle]];
        var best = Instance.Never;
        for (var taken = Labels - 1; taken >= 0; taken--)
        {
            var arrival = Arrival(taken, travel, depart, late);
            if (arrival <= _of.Fleet[Vehicle].Shift.Latest && MissesNoBreak(taken, arrival)) best = Math.Min(best, late[taken]);
        }
        return best;
    }

    private bool MissesNoBreak(int taken, long end)
    {
        for (var pause = taken; pause < Labels - 1; pause++)
        {
            if (end > _of.Fleet[Vehicle].Breaks[pause].Begin.Latest) return false;
        }
        return true;
    }

    /// <summary>Breaks taken at the end of a timed route, of the labels <see cref="Finish"/> allows the one that is there first; 0 if it cannot be driven.</summary>
    public int BreaksTaken()
    {
        Span<long> depart = stackalloc long[ProblemLimits.BreaksMax + 1];
        Span<long> late = stackalloc long[ProblemLimits.BreaksMax + 1];
        depart = depart[..Labels];
        late = late[..Labels];
        var (best, earliest) = (0, Instance.Never);
        for (var taken = Labels - 1; taken >= 0; taken--)
        {
            Recall(Count, depart, late);
            var arrival = Arrival(taken, TimeBetween(Count), depart, late);
            var isFine = late[taken] == Late && arrival <= _of.Fleet[Vehicle].Shift.Latest && MissesNoBreak(taken, arrival);
            if (isFine && arrival < earliest) (best, earliest) = (taken, arrival);
        }
        return best;
    }

    /// <summary>Whether the last of so many breaks lies on the leg to a position.</summary>
    public bool IsPausedBefore(int at, int taken)
    {
        Span<long> depart = stackalloc long[ProblemLimits.BreaksMax + 1];
        Span<long> late = stackalloc long[ProblemLimits.BreaksMax + 1];
        depart = depart[..Labels];
        late = late[..Labels];
        Recall(at - 1, depart, late);
        var without = depart[taken] == Instance.Never ? Instance.Never : depart[taken] + TimeBetween(at - 1);
        var lateWithout = late[taken];
        var arrival = Arrival(taken, TimeBetween(at - 1), depart, late);
        return at > Frozen && (arrival != without || late[taken] != lateWithout);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int positions)
    {
        var room = Math.Max(positions, 2 * Node.Length);
        Array.Resize(ref Node, room);
        Array.Resize(ref Leg, room);
        Array.Resize(ref Depart, room * Labels);
        if (IsTimed) Array.Resize(ref LateUpTo, room * Labels);
        else Array.Resize(ref Latest, room);
        if (!_keepsLoads) return;
        Array.Resize(ref Load, room * _capacities);
        Array.Resize(ref PeakBefore, room * _capacities);
        Array.Resize(ref PeakAfter, room * _capacities);
    }

    private void Room(int stops)
    {
        if (stops + 2 > Node.Length) Grow(stops + 2);
    }
}
