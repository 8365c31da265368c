using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Routing.Solving;

/// <summary>
/// Plans routes. Anytime: whenever time, iterations or patience end, the best plan so far is given; it keeps every rule of the problem, and leaves out what it could not place.
/// Memory: two matrices of (stops + starts and ends)^2 ints, doubled if asymmetric, and for each thread at most 40 MB beside a few kB for each stop.
/// </summary>
public static class RouteSolver
{
    private const int Epochs = 24;
    private const double ReductionShare = 0.6;
    private const int StopsOfParts = 300;

    /// <summary>Searches until time or iterations are over or <paramref name="stop"/> is signalled, which is no error: the best plan so far is the answer.</summary>
    /// <exception cref="ProblemException">The problem or the options are out of range; the message says what.</exception>
    public static Plan Solve(RoutingProblem problem, SolveOptions options, TimeProvider time, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.Time is null && options.Iterations is null) throw new ProblemException($"Neither a time nor a number of iterations limits the search.");
        if (options.Threads is < 1 or > 64) throw new ProblemException($"{options.Threads} threads are asked for; 1 to 64 can be used.");
        var pace = new Pace(time, options.Time, options.Iterations, stop);
        var of = new Instance(problem);
        var run = new Run(of, options, pace);
        return Schedule.PlanOf(of, run.Search().Routes);
    }

    internal static double E(string n, double d) => Environment.GetEnvironmentVariable(n) is { } v ? double.Parse(v, System.Globalization.CultureInfo.InvariantCulture) : d;

    private sealed class Run
    {
        private readonly Instance _of;
        private readonly SolveOptions _options;
        private readonly Pace _pace;
        private readonly Worker[] _workers;
        private readonly Dice _dice;
        private readonly bool[] _isAllowed;
        private Found _best;
        private Found _current;

        public Run(Instance of, SolveOptions options, Pace pace)
        {
            (_of, _options, _pace) = (of, options, pace);
            _dice = new Dice(options.Seed);
            _workers = [.. Enumerable.Range(0, options.Threads).Select(_ => new Worker(of, _dice.Next()))];
            _workers[0].Start();
            _best = _current = _workers[0].Best;
            _isAllowed = new bool[of.Vehicles];
            _isAllowed.AsSpan().Fill(true);
        }

        public Found Search()
        {
            Report();
            foreach (var worker in _workers) worker.Take(_best);
            var begin = _options.FewestVehicles ? Reduce() : 0;
            Anneal(begin);
            return _best;
        }

        private double Reduce()
        {
            var temperature = Leg() * 0.1;
            var fewest = FewestByCapacity();
            double until = 0;
            while (until < ReductionShare && _best.Used > fewest)
            {
                until += ReductionShare / 12;
                Together(worker => worker.Reduce(_pace, until, fewest, temperature));
                if (_pace.IsStopped) break;
                var best = _workers.MinBy(worker => (worker.Best.Used, worker.Best.Cost))!.Best;
                foreach (var worker in _workers.Where(worker => worker.Best.Used > best.Used)) worker.EndReduction(best);
                Offer(best);
            }
            foreach (var worker in _workers) worker.EndReduction(_best);
            _workers[0].IsOpen.CopyTo(_isAllowed, 0);
            _current = _best;
            return until;
        }

        private void Anneal(double begin)
        {
            var (hot, cold) = (Leg() * E("HOT", 1.0), Leg() * E("COLD", 0.02));
            for (var epoch = 1; epoch <= Epochs && !_pace.IsStopped; epoch++)
            {
                var until = begin + ((1 - begin) * epoch / Epochs);
                var parts = _workers.Length > 1 && _of.Stops >= StopsOfParts ? Divide() : null;
                if (E("EVOLVE", 0) > 0) Together(worker => worker.Evolve(_pace, until, hot, cold));
                else Together(worker => worker.Anneal(_pace, until, hot, cold));
                if (parts is not null) Unite(parts);
                else Exchange(epoch);
            }
            Report();
        }

        /// <summary>A usual leg's cost, the natural unit of temperature.</summary>
        private double Leg() => Math.Max(1, (double)_best.Cost / Math.Max(1, _of.Stops));

        private int FewestByCapacity()
        {
            if (!_of.OnlyDelivers || _of.Vehicles == 0) return 1;
            var most = _of.Capacity.Max();
            return most == 0 ? 1 : (int)((_of.Delivered.Sum() + most - 1) / most);
        }

        private void Exchange(int epoch)
        {
            var best = _workers.MinBy(worker => (worker.Best.Missing, worker.Best.Cost))!.Best;
            Offer(best);
            // Late enough that the others have had their own chance, a part of them goes on from the best.
            if (epoch % 4 != 0) return;
            foreach (var worker in _workers.Where(worker => best.IsBetterThan(worker.Best))) worker.Take(best);
        }

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
            Offer(_workers[0].Counted(found));
            _current = _workers[0].Counted(current);
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

        private void Together(Action<Worker> act)
        {
            if (_workers.Length == 1) act(_workers[0]);
            else Parallel.ForEach(_workers, new ParallelOptions { MaxDegreeOfParallelism = _workers.Length }, act);
        }
    }
}
