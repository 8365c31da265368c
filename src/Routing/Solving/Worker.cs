namespace KeyAccountLogistics.Routing.Solving;

/// <summary>A plan of the search: each vehicle's stops, what is missing, what it costs. Immutable.</summary>
internal sealed record Found(int[][] Routes, long Missing, long Cost)
{
    public int Used => Routes.Count(route => route.Length > 0);

    public bool IsBetterThan(Found other) => Missing < other.Missing || (Missing == other.Missing && Cost < other.Cost);
}

/// <summary>One thread's search: simulated annealing over ruin and recreate, and fleet reduction. It owns its draft and its dice and is deterministic for a seed and a number of iterations.</summary>
internal sealed class Worker
{
    // Reading the clock costs as much as a tenth of a small iteration.
    private const int IterationsBetweenLooks = 16;

    // Measured on the Solomon instances, as the temperatures are: decisions/0020.
    internal const int PopulationSize = 8;
    private const int ChildIterationsPerStop = 60;
    private const double ChildHeat = 0.2;
    private const int AttemptsPerStop = 20;
    private const int StartTriesPerStop = 4;
    private const double StartShareMax = 0.05;

    private readonly Instance _of;
    private readonly Dice _dice;
    private readonly Population _plans = new(PopulationSize);
    private readonly RuinAndRecreate _search;
    private readonly long[] _leftOut;
    private readonly bool?[] _isHopeless;
    private readonly bool[] _isSpare;
    private readonly long[] _failures;
    private readonly long _attemptsMax;
    private long _attempts;
    private long _penaltyMax = long.MaxValue;
    private int _closed = -1;

    public readonly Draft Draft;
    public Found Best;

    /// <summary>Iterations done so far.</summary>
    public long Iterations;

    public Worker(Instance of, ulong seed)
    {
        _of = of;
        _dice = new Dice(seed);
        Draft = new Draft(of);
        _search = new RuinAndRecreate(of, Draft, _dice);
        _leftOut = new long[of.Stops];
        _isHopeless = new bool?[of.Stops];
        _isSpare = new bool[of.Stops];
        _failures = new long[of.Vehicles];
        _attemptsMax = Array.Exists(of.Kind, kind => kind != 0) ? AttemptsPerStop * (1L + of.Stops) : long.MaxValue;
        Best = Current();
    }

    public bool[] IsOpen => _search.IsOpen;

    /// <summary>Goes on from a plan, with the vehicles that are open.</summary>
    public void Take(Found plan)
    {
        Draft.Load(plan.Routes);
        Best = Current();
    }

    /// <summary>Goes on from a plan with some vehicles only; with what is left out, or without.</summary>
    public void TakePart(Found plan, ReadOnlySpan<bool> isOpen, bool withOut)
    {
        isOpen.CopyTo(IsOpen);
        Draft.Load(plan.Routes);
        if (!withOut) Draft.ForgetOut();
        Best = Current();
    }

    /// <summary>Begins with what the running plan still allows and puts everything else where it fits.</summary>
    public void Start(Pace pace)
    {
        Draft.Load(RunningPlan.Usable(_of));
        _search.Complete(pace);
        // Vehicles that were opened cheaply may lack in the end: a short look round the stops that are left out mostly finds them room.
        var triesMax = Math.Min(StartTriesPerStop * _of.Stops, pace.IterationsMax);
        for (var tries = 0; tries < triesMax && Draft.Missing > 0 && pace.Done(0) < StartShareMax; tries++) ReduceStep(Draft.Out[_dice.Below(Draft.OutCount)], 0);
        Best = Current();
    }

    public Found Current() => new(Draft.Save(), Draft.Missing, Draft.Cost);

    /// <summary>A plan of whole routes with its cost; the draft holds it afterwards.</summary>
    public Found Counted(int[][] routes)
    {
        Draft.Load(routes);
        return Current();
    }

    /// <summary>Anneals until the pace has come to <paramref name="until"/>; temperatures are in units of cost.</summary>
    public void Anneal(Pace pace, double until, double hot, double cold)
    {
        if (_of.Stops == 0) return;
        var temperature = hot;
        while (true)
        {
            if (Iterations++ % IterationsBetweenLooks == 0)
            {
                var done = pace.Done(Iterations - 1);
                if (done >= until) return;
                temperature = Between(hot, cold, done);
            }
            if (Step(temperature) && Draft.IsBetterThan(Best.Missing, Best.Cost)) Best = Current();
        }
    }

    /// <summary>Fills a population: plans annealed from nothing, or from <paramref name="start"/>, each for so many iterations.</summary>
    public List<Found> Fill(Pace pace, int plans, long iterations, double hot, double cold, Found? start)
    {
        var made = new List<Found>(plans);
        while (made.Count < plans && pace.Done(Iterations) < 1)
        {
            Draft.Load(start?.Routes ?? RunningPlan.Usable(_of));
            _search.Complete(pace);
            made.Add(Polished(pace, iterations, hot, cold));
        }
        return made;
    }

    /// <summary>Evolves the population until the pace has come to <paramref name="until"/>: two plans are crossed, and the child is annealed shortly and not so hot.</summary>
    public void Evolve(Pace pace, double until, double hot, double cold)
    {
        while (pace.Done(Iterations) < until)
        {
            var (mother, father) = _plans.Parents(_dice);
            Draft.Load(Crossover.Of(_of, mother, father, IsOpen, _dice));
            _search.Complete(pace);
            Welcome(Polished(pace, (long)ChildIterationsPerStop * _of.Stops, hot * ChildHeat, cold));
        }
    }

    /// <summary>A plan joins this worker's population.</summary>
    public void Welcome(Found plan)
    {
        _plans.Join(plan);
        if (plan.IsBetterThan(Best)) Best = plan;
    }

    /// <summary>Whether there are plans to cross.</summary>
    public bool HasParents => _plans.Count > 1;

    /// <summary>The best plan of an annealing of so many iterations from the draft as it is.</summary>
    private Found Polished(Pace pace, long iterations, double hot, double cold)
    {
        var best = Current();
        var temperature = hot;
        for (var done = 0L; done < iterations; done++)
        {
            if (Iterations++ % IterationsBetweenLooks == 0)
            {
                if (pace.Done(Iterations - 1) >= 1) break;
                temperature = Between(hot, cold, (double)done / iterations);
            }
            if (Step(temperature) && Draft.IsBetterThan(best.Missing, best.Cost)) best = Current();
        }
        return best;
    }

    private static double Between(double hot, double cold, double done) => hot * Math.Pow(cold / hot, Math.Min(done, 1));

    /// <summary>One ruin and recreate, kept if it is better or chance lets it pass at the temperature (Metropolis).</summary>
    private bool Step(double temperature)
    {
        var before = Draft.Value;
        _search.Try(Seed());
        if (Draft.Value < before - (temperature * Math.Log(1 - _dice.Unit())))
        {
            Draft.Keep();
            return true;
        }
        Draft.Undo();
        return false;
    }

    /// <summary>
    /// Tries to do with one vehicle less, again and again: a route is closed, and the search goes on until its stops have found a place elsewhere; of those left out, the ones that are left out
    /// often weigh more (the absence counters of Christiaens and Vanden Berghe 2020). What no vehicle can serve, and optional stops as dear as those that were out before, need no place.
    /// </summary>
    public void Reduce(Pace pace, double until, int fewest, double temperature)
    {
        while (true)
        {
            if (Draft.OutCount == 0 || IsWhole())
            {
                Best = Current();
                RememberWhatIsOut();
                if (Best.Used <= fewest || !CloseRoute()) return;
            }
            if (Iterations++ % IterationsBetweenLooks == 0 && pace.Done(Iterations - 1) >= until) return;
            if (_closed >= 0 && _attempts++ == _attemptsMax) GiveUp();
            else ReduceStep(Seed(), temperature);
        }
    }

    private void ReduceStep(int seed, double temperature)
    {
        var (cost, weight, count) = (Draft.Cost, LeftOutWeight(), Draft.OutCount);
        _search.Try(seed);
        var after = LeftOutWeight();
        var isBetter = after < weight || (Draft.OutCount <= count && after <= weight && Draft.Cost < cost - (temperature * Math.Log(1 - _dice.Unit())));
        if (isBetter) Draft.Keep();
        for (var at = 0; at < Draft.OutCount; at++) _leftOut[Draft.Out[at]]++;
        if (!isBetter) Draft.Undo();
    }

    /// <summary>Gives up the attempt to close a route and goes on from a plan and its vehicles.</summary>
    public void EndReduction(Found best)
    {
        _closed = -1;
        for (var vehicle = 0; vehicle < _of.Vehicles; vehicle++) IsOpen[vehicle] = best.Routes[vehicle].Length > 0;
        Take(best);
        RememberWhatIsOut();
    }

    /// <summary>Where vehicles differ, it may be another one that can be spared.</summary>
    private void GiveUp()
    {
        _failures[_closed]++;
        _closed = -1;
        Draft.Load(Best.Routes);
    }

    private bool CloseRoute()
    {
        (_attempts, _closed) = (0, -1);
        for (var vehicle = 0; vehicle < _of.Vehicles; vehicle++) IsOpen[vehicle] = Draft.Routes[vehicle].Count > 0;
        var least = (long.MaxValue, long.MaxValue);
        foreach (var route in Draft.Routes)
        {
            if (route.Count == 0 || route.Frozen > 0) continue;
            long weight = 0;
            foreach (var stop in route.Node.AsSpan(1, route.Count)) weight += 1 + _leftOut[_of.UnitOf[stop]];
            if ((_failures[route.Vehicle], weight).CompareTo(least) >= 0) continue;
            least = (_failures[route.Vehicle], weight);
            _closed = route.Vehicle;
        }
        if (_closed < 0) return false;
        _search.Empty(_closed);
        IsOpen[_closed] = false;
        return true;
    }

    private long LeftOutWeight()
    {
        long weight = 0;
        for (var at = 0; at < Draft.OutCount; at++)
        {
            if (!_isSpare[Draft.Out[at]]) weight += 1 + _leftOut[Draft.Out[at]];
        }
        return weight;
    }

    /// <summary>Whether no more is out than has to be: of what must be served only what no vehicle can serve, of the optional stops no dearer ones, in all, than <see cref="Best"/> leaves out.</summary>
    private bool IsWhole()
    {
        long penalty = 0;
        for (var at = 0; at < Draft.OutCount; at++)
        {
            var unit = Draft.Out[at];
            if (Draft.MissingOf(unit) > 0 && !IsHopeless(unit)) return false;
            penalty += Draft.PenaltyOf(unit);
        }
        return penalty <= _penaltyMax;
    }

    private void RememberWhatIsOut()
    {
        _isSpare.AsSpan().Clear();
        _penaltyMax = 0;
        for (var at = 0; at < Draft.OutCount; at++)
        {
            var unit = Draft.Out[at];
            _isSpare[unit] = Draft.MissingOf(unit) == 0 || IsHopeless(unit);
            _penaltyMax += Draft.PenaltyOf(unit);
        }
    }

    /// <summary>Whether a unit has no place even in a vehicle that has nothing else to do than what it has driven.</summary>
    private bool IsHopeless(int unit) => _isHopeless[unit] ??= !Enumerable.Range(0, _of.Vehicles).Any(vehicle => _of.MayServe(unit, vehicle) && Insertion.Find(_of, new Route(_of, vehicle), unit).Cost != Instance.Never);

    private int Seed()
    {
        var seed = _dice.Below(_of.Stops);
        // A part of a plan is searched around its own stops.
        for (var tries = 0; tries < 16 && Draft.RouteOf[seed] is >= 0 and var route && !IsOpen[route]; tries++) seed = _dice.Below(_of.Stops);
        return seed;
    }
}
