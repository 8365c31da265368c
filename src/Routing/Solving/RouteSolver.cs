using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Routing.Solving;

/// <summary>
/// Plans routes. Anytime: whenever time, iterations or patience end, the best plan so far is given; it keeps every rule of the problem, and leaves out what it could not place.
/// Memory: two matrices of (stops + starts and ends)^2 ints, doubled if asymmetric, a byte for each stop and vehicle, and for each thread at most 42 MB of remembered places and two routes for each vehicle
/// (README.md has the figures).
/// </summary>
public static class RouteSolver
{
    // After an epoch the workers tell each other what they found, and the caller. One lasts two seconds at most.
    private const int EpochsMin = 24;
    private const double EpochsPerSecond = 0.5;
    private const int EpochsMax = 100_000;
    private const int EpochsBetweenExchanges = 4;
    private const int ReductionEpochs = 12;
    private const double ReductionShare = 0.6;
    private const double ReductionShareMin = 0.3;

    // The next vehicle is looked for three times as long as it took to save the last one.
    private const double ReductionPatience = 3;

    // Temperatures in usual legs.
    private const double Hot = 1.0;
    // With the last vehicle saved, what is near is mostly infeasible: only longer jumps lead on.
    private const double HotWithFewest = 4.0;
    private const double Cold = 0.02;
    private const double ColdReduction = 0.1;

    // The first plans of a population, measured on instances of 100 to 400 stops: below the minimum one long annealing is better.
    private const double PopulationShare = 0.4;
    private const double FirstIterationsPerStopMax = 300;
    private const double FirstIterationsPerStopMin = 100;

    // From here on the workers share one plan's routes instead of each searching the whole.
    private const int StopsOfParts = 300;

    /// <summary>Searches until time or iterations are over or <paramref name="stop"/> is signalled, which is no error: the best plan so far is the answer.</summary>
    /// <exception cref="ProblemException">The problem or the options are out of range; the message says what.</exception>
    public static Plan Solve(RoutingProblem problem, SolveOptions options, TimeProvider time, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.Time is null && options.Iterations is null) throw new ProblemException($"Neither a time nor a number of iterations limits the search.");
        if (options.Time < TimeSpan.Zero) throw new ProblemException($"The search may take {options.Time}; a time is not negative.");
        if (options.Iterations < 0) throw new ProblemException($"{options.Iterations} iterations are asked for; a number of iterations is not negative.");
        if (options.Threads is < 1 or > 64) throw new ProblemException($"{options.Threads} threads are asked for; 1 to 64 can be used.");
        var pace = new Pace(time, options.Time, options.Iterations, stop);
        var of = new Instance(problem);
        var run = new Run(of, options, pace);
        return Schedule.PlanOf(of, run.Search().Routes);
    }

    private sealed class Run
    {
        private readonly Instance _of;
        private readonly SolveOptions _options;
        private readonly Pace _pace;
        private readonly Worker[] _workers;
        private readonly Dice _dice;
        private readonly bool[] _isAllowed;

        // A usual leg's cost in the first plan, the natural unit of temperature.
        private readonly double _leg;
        private Found _best;
        private Found _current;
        private long _iterationsBefore;

        public Run(Instance of, SolveOptions options, Pace pace)
        {
            (_of, _options, _pace) = (of, options, pace);
            _dice = new Dice(options.Seed);
            _workers = [.. Enumerable.Range(0, options.Threads).Select(_ => new Worker(of, _dice.Next()))];
            _workers[0].Start(pace);
            _best = _current = _workers[0].Best;
            _leg = Math.Max(1, _workers[0].Draft.Routes.Sum(route => (double)route.Distance * of.Fleet[route.Vehicle].CostPerDistance) / Math.Max(1, of.Stops));
            _isAllowed = new bool[of.Vehicles];
            _isAllowed.AsSpan().Fill(true);
        }

        public Found Search()
        {
            Report();
            foreach (var worker in _workers) worker.Take(_best);
            if (_pace.Done(0) < 1)
            {
                var begin = _options.FewestVehicles ? Reduce() : 0;
                _iterationsBefore = _workers.Min(worker => worker.Iterations);
                Anneal(begin);
            }
            Report();
            return _best;
        }

        private double Reduce()
        {
            var temperature = _leg * ColdReduction;
            var fewest = FewestByCapacity();
            var (until, patience) = (0.0, ReductionShareMin);
            var epochs = Math.Max(ReductionEpochs, ReductionShare * (_options.Time?.TotalSeconds ?? 0) * EpochsPerSecond);
            while (until < patience && _best.Used > fewest)
            {
                until += ReductionShare / epochs;
                var before = _best.Used;
                Together(worker => worker.Reduce(_pace, until, fewest, temperature));
                var best = _workers.MinBy(worker => (worker.Best.Missing, worker.Best.Used, worker.Best.Cost))!.Best;
                // First of all: what was found until somebody stopped the search is found.
                Offer(best);
                if (_pace.IsStopped) break;
                foreach (var worker in _workers.Where(worker => worker.Best.Used > best.Used || worker.Best.Missing > best.Missing)) worker.EndReduction(best);
                if (_best.Used < before) patience = Math.Clamp(ReductionPatience * until, ReductionShareMin, ReductionShare);
            }
            foreach (var worker in _workers) worker.EndReduction(_best);
            _workers[0].IsOpen.CopyTo(_isAllowed, 0);
            _current = _best;
            return until;
        }

        private void Anneal(double begin)
        {
            var (hot, cold) = (_leg * (_options.FewestVehicles ? HotWithFewest : Hot), _leg * Cold);
            var epochs = Epochs();
            for (var epoch = 1; epoch <= epochs && !_pace.IsStopped; epoch++)
            {
                var until = begin + ((1 - begin) * epoch / epochs);
                if (_workers[0].HasParents) Together(worker => worker.Evolve(_pace, until, hot, cold));
                else AnnealOnce(until, hot, cold);
                var best = BestOfWorkers();
                Offer(best);
                if (epoch % EpochsBetweenExchanges == 0) Exchange(best);
                if (epoch == 1) Populate(IterationsExpected(until - begin, 1 - begin), hot, cold);
            }
        }

        private int FewestByCapacity()
        {
            if (!_of.OnlyDelivers || _of.Vehicles == 0) return 1;
            var most = _of.Capacity.Max();
            // What has been driven takes no room any more, and what is optional may stay out.
            var least = Enumerable.Range(0, _of.Stops).Where(stop => _of.FrozenOn[stop] < 0 && _of.Missing[stop] > 0).Sum(stop => _of.Delivered[stop]);
            return most == 0 ? 1 : (int)Math.Clamp((least + most - 1) / most, 1, _of.Vehicles);
        }

        private void Exchange(Found best)
        {
            foreach (var worker in _workers)
            {
                if (worker.HasParents) worker.Welcome(best);
                else if (_of.Stops < StopsOfParts && best.IsBetterThan(worker.Best)) worker.Take(best);
            }
        }

        private int Epochs() => _options.Time is { } time ? (int)Math.Clamp(time.TotalSeconds * EpochsPerSecond, EpochsMin, EpochsMax) : EpochsMin;

        /// <summary>Iterations each worker will do in all, judged by the first epoch.</summary>
        private double IterationsExpected(double share, double whole) => (_workers.Min(worker => worker.Iterations) - _iterationsBefore) * whole / share;

        /// <summary>If there is time for it, the workers fill a population together, of which each gets a copy.</summary>
        private void Populate(double iterations, double hot, double cold)
        {
            var plans = (Worker.PopulationSize + _workers.Length - 1) / _workers.Length;
            var perStop = Math.Min(PopulationShare * iterations / (plans * Math.Max(1.0, _of.Stops)), FirstIterationsPerStopMax);
            if (perStop < FirstIterationsPerStopMin || _pace.IsStopped) return;
            var made = new List<Found>[_workers.Length];
            Together(worker => made[Array.IndexOf(_workers, worker)] = worker.Fill(_pace, plans, (long)(perStop * _of.Stops), hot, cold, _options.FewestVehicles ? _best : null));
            foreach (var plan in made.SelectMany(of => of))
            {
                foreach (var worker in _workers) worker.Welcome(plan);
            }
            Offer(BestOfWorkers());
        }

        private void AnnealOnce(double until, double hot, double cold)
        {
            if (_workers.Length == 1 || _of.Stops < StopsOfParts) Together(worker => worker.Anneal(_pace, until, hot, cold));
            else
            {
                var parts = Divide();
                Together(worker => worker.Anneal(_pace, until, hot, cold));
                Unite(parts);
            }
        }

        private Found BestOfWorkers() => _workers.MinBy(worker => (worker.Best.Missing, worker.Best.Cost))!.Best;

        /// <summary>Gives each worker routes that lie together, seen from a stop drawn anew each time, and its share of the unused vehicles.</summary>
        private bool[][] Divide()
        {
            var parts = Array.ConvertAll(_workers, _ => new bool[_of.Vehicles]);
            var centre = _dice.Below(_of.Stops);
            var routes = Enumerable.Range(0, _of.Vehicles).Where(vehicle => _current.Routes[vehicle].Length > 0)
                .OrderBy(vehicle => _current.Routes[vehicle].Average(stop => (double)_of.Distance[(centre * _of.Nodes) + stop])).ToList();
            var (given, total) = (0, routes.Sum(vehicle => _current.Routes[vehicle].Length));
            foreach (var vehicle in routes)
            {
                parts[given * parts.Length / total][vehicle] = true;
                given += _current.Routes[vehicle].Length;
            }
            for (var vehicle = 0; vehicle < _of.Vehicles; vehicle++)
            {
                if (_current.Routes[vehicle].Length == 0 && _isAllowed[vehicle]) parts[vehicle % parts.Length][vehicle] = true;
            }
            for (var worker = 0; worker < parts.Length; worker++) _workers[worker].TakePart(_current, parts[worker], withOut: worker == 0);
            return parts;
        }

        private void Unite(bool[][] parts)
        {
            int[][] Whole(Func<Worker, int[][]> of) => [.. Enumerable.Range(0, _of.Vehicles).Select(vehicle => Array.FindIndex(parts, part => part[vehicle]) is >= 0 and var owner ? of(_workers[owner])[vehicle] : [])];

            var (found, current) = (Whole(worker => worker.Best.Routes), Whole(worker => worker.Draft.Save()));
            _current = _workers[0].Counted(current);
            // What a worker has found is a part; from here on each has the whole.
            var whole = _workers[0].Counted(found);
            foreach (var worker in _workers)
            {
                worker.Best = whole;
                _isAllowed.CopyTo(worker.IsOpen, 0);
            }
        }

        private void Offer(Found found)
        {
            if (_options.FewestVehicles && found.Missing == _best.Missing && found.Used != _best.Used)
            {
                if (found.Used > _best.Used) return;
            }
            else if (!found.IsBetterThan(_best)) return;
            _best = found;
            Report();
        }

        private void Report() =>
            _options.Progress?.Invoke(new SolveProgress(_pace.Elapsed, _best.Used, _best.Cost, _best.Missing == 0, _workers.Sum(worker => worker.Iterations)));

        /// <summary>Each worker on a thread of its own, the first on the caller's.</summary>
        private void Together(Action<Worker> act)
        {
            var others = _workers.Skip(1).Select(worker => Task.Factory.StartNew(() => act(worker), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            act(_workers[0]);
            Task.WaitAll(others);
        }
    }
}
