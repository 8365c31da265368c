using System.Collections.Immutable;

namespace KeyAccountLogistics.ServiceLevels.Budgets;

/// <summary>
/// What is believed of an account's failure rate, and how it moves. Model: a level (log odds) drifts from day to day by a random step of deviation <i>drift</i>; a day's own rate
/// scatters about it by a relative <i>scatter</i> (a late vehicle fails forty parcels at once); its failures are then beta-binomial. Neither drift nor scatter is known: each
/// combination is carried along and believed as far as it foretold the days that came. Sums over a grid, no chance: the same days give the same answer.
/// </summary>
internal sealed class FailureLevel
{
    private const double Step = 0.05;
    private const int HalfWidth = 80;   // steps: rates from a fiftieth to fifty times the mean
    private const int Points = 2 * HalfWidth + 1;

    // The chance that from one day to the next nothing is as it was: a new depot, a flood. With it no day is impossible, and no belief is lost for ever.
    private const double Break = 1e-4;

    private static readonly ImmutableArray<double> Drifts = [0, 0.01, 0.02, 0.04, 0.08, 0.16];
    private static readonly ImmutableArray<double> Scatters = [0, 0.15, 0.3, 0.6];
    private static readonly double Anything = Break / Points / (Drifts.Length * Scatters.Length);
    private static readonly ImmutableArray<double[]> Kernels = [.. Drifts.Select(Kernel)];

    private readonly double[] _rates = new double[Points];
    // By drift and scatter: the belief in each level, all of them together adding to 1.
    private readonly double[][] _beliefs = new double[Drifts.Length * Scatters.Length][];

    /// <summary>Learns from days, oldest first; at least one must have units.</summary>
    internal FailureLevel(IReadOnlyList<BudgetCount> days)
    {
        var all = BudgetCount.Sum(days);
        Invariant.Holds(all.Units > 0, "A rate needs units.");
        var centre = Math.Log((all.Failures + 0.5) / (all.Units - all.Failures + 0.5));
        for (var i = 0; i < Points; i++) _rates[i] = 1 / (1 + Math.Exp(-(centre + (i - HalfWidth) * Step)));
        for (var model = 0; model < _beliefs.Length; model++)
        {
            _beliefs[model] = new double[Points];
            Array.Fill(_beliefs[model], 1.0 / Points / _beliefs.Length);
        }
        foreach (var day in days) Learn(day);
    }

    /// <summary>Mean and variance of the rate over days to come with so many units each, at least one in all.</summary>
    internal (double Mean, double Variance) Ahead(IReadOnlyList<long> unitsByDay)
    {
        double whole = unitsByDay.Sum();
        Invariant.Holds(whole > 0, "A rate needs units.");
        var (mean, square) = (0.0, 0.0);
        for (var model = 0; model < _beliefs.Length; model++)
        {
            // From the last day back: what the sum of the rest will be, and its square, from each level.
            var (kernel, scatter) = (Kernels[model / Scatters.Length], Scatters[model % Scatters.Length]);
            var (sum, squared) = (new double[Points], new double[Points]);
            for (var day = unitsByDay.Count - 1; day >= 0; day--)
            {
                var weight = unitsByDay[day] / whole;
                for (var i = 0; i < Points; i++)
                {
                    var rate = _rates[i];
                    var varianceOfDay = rate * (1 - rate) / (Precision(rate, scatter) + 1);
                    squared[i] += 2 * weight * rate * sum[i] + weight * weight * (rate * rate + varianceOfDay);
                    sum[i] += weight * rate;
                }
                (sum, squared) = (Spread(sum, kernel), Spread(squared, kernel));
            }
            for (var i = 0; i < Points; i++)
            {
                mean += _beliefs[model][i] * sum[i];
                square += _beliefs[model][i] * squared[i];
            }
        }
        return (mean, Math.Max(0, square - mean * mean));
    }

    private void Learn(BudgetCount day)
    {
        for (var drift = 0; drift < Drifts.Length; drift++)
        {
            for (var scatter = 0; scatter < Scatters.Length; scatter++)
            {
                ref var belief = ref _beliefs[drift * Scatters.Length + scatter];
                belief = [.. Spread(belief, Kernels[drift]).Select(static b => (1 - Break) * b + Anything)];
            }
        }
        if (day.Units == 0) return;
        var foretold = Scatters.Select(scatter => _rates.Select(rate => LogChance(day, rate, scatter)).ToArray()).ToArray();
        var best = foretold.Max(f => f.Max());
        var whole = 0.0;
        for (var model = 0; model < _beliefs.Length; model++)
        {
            var chances = foretold[model % Scatters.Length];
            for (var i = 0; i < Points; i++) whole += _beliefs[model][i] *= Math.Exp(chances[i] - best);
        }
        foreach (var belief in _beliefs)
        {
            for (var i = 0; i < Points; i++) belief[i] /= whole;
        }
    }

    /// <summary>The logarithm of the chance of a day's failures, but for what all levels have in common.</summary>
    private static double LogChance(BudgetCount day, double rate, double scatter)
    {
        var (failures, good) = (day.Failures, day.Units - day.Failures);
        if (scatter == 0) return failures * Math.Log(rate) + good * Math.Log(1 - rate);
        var precision = Precision(rate, scatter);
        var (a, b) = (rate * precision, (1 - rate) * precision);
        return LogGamma(a + failures) - LogGamma(a) + LogGamma(b + good) - LogGamma(b) - (LogGamma(precision + day.Units) - LogGamma(precision));
    }

    /// <summary>The precision (α + β) of the beta distribution whose deviation is so large a part of the rate.</summary>
    private static double Precision(double rate, double scatter) => scatter == 0 ? double.PositiveInfinity : Math.Max((1 - rate) / (rate * scatter * scatter) - 1, 1e-3);

    /// <summary>One day's drift as weights of 0, 1, 2… steps to either side. Drifts finer than the grid keep their variance.</summary>
    private static double[] Kernel(double drift)
    {
        if (drift == 0) return [1];
        var steps = drift / Step;
        if (steps < 1) return [1 - steps * steps, steps * steps / 2];
        var side = new double[(int)Math.Ceiling(4 * steps) + 1];
        for (var i = 0; i < side.Length; i++) side[i] = Math.Exp(-i * i / (2 * steps * steps));
        var whole = side[0] + 2 * side.Skip(1).Sum();
        return [.. side.Select(s => s / whole)];
    }

    // The kernel is the same to both sides, so it serves forwards (belief) and backwards (expectation); at the ends what would leave the grid stays.
    private static double[] Spread(double[] over, double[] kernel)
    {
        if (kernel.Length == 1) return over;
        var spread = new double[Points];
        for (var i = 0; i < Points; i++)
        {
            var sum = kernel[0] * over[i];
            for (var k = 1; k < kernel.Length; k++) sum += kernel[k] * (over[Math.Max(i - k, 0)] + over[Math.Min(i + k, Points - 1)]);
            spread[i] = sum;
        }
        return spread;
    }

    /// <summary>ln Γ(x) for x above 0: shifted up to 10, then Stirling's series.</summary>
    private static double LogGamma(double x)
    {
        var shift = 0.0;
        while (x < 10) shift += Math.Log(x++);
        var inverse = 1 / x;
        var square = inverse * inverse;
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) - shift;
    }
}
