using System.Collections.Immutable;

namespace KeyAccountLogistics.ServiceLevels.Budgets;

/// <summary>
/// What is believed of an account's failure rate and how it moves: a dynamic beta-binomial model (West, Harrison and Migon 1985). The log odds have a level that wanders from
/// day to day by <i>drift</i>, a <i>trend</i>, and a <i>scatter</i> of the single day (a late vehicle fails forty parcels at once). None of the three is known: each
/// combination foretells every day before it learns from it, and is believed as far as it foretold well. No chance: the same days give the same answer.
/// </summary>
internal sealed class FailureLevel
{
    // A combination's merits fade, by half in seventy days: an account that begins to drift is believed to.
    private const double Memory = 0.99;

    // Deviations of log odds a day: 0.02 is a fiftieth of the rate, 0.32 a rate that triples within days, as real ones do in December.
    private static readonly ImmutableArray<double> Drifts = [0, 0.02, 0.04, 0.08, 0.16, 0.32];
    private static readonly ImmutableArray<double> Scatters = [0, 0.15, 0.3, 0.6];
    private static readonly ImmutableArray<double> Trends = [0, 0.02];

    private readonly Belief[] _beliefs;

    /// <summary>Learns from days, oldest first; at least one must have units.</summary>
    internal FailureLevel(IReadOnlyList<BudgetCount> days)
    {
        var all = BudgetCount.Sum(days);
        Invariant.Holds(all.Units > 0, "A rate needs units.");
        var level = Math.Log((all.Failures + 0.5) / (all.Units - all.Failures + 0.5));
        _beliefs = [.. from drift in Drifts from scatter in Scatters from trend in Trends select new Belief(level, drift, scatter, trend)];
        foreach (var day in days)
        {
            foreach (var belief in _beliefs) belief.Learn(day, Memory);
        }
    }

    /// <summary>Mean and variance of the rate over the days to come with so many units each, at least one in all.</summary>
    internal (double Mean, double Variance) Ahead(IReadOnlyList<long> unitsByDay)
    {
        double whole = unitsByDay.Sum();
        Invariant.Holds(whole > 0, "A rate needs units.");
        double[] weights = [.. unitsByDay.Select(u => u / whole)];
        var best = _beliefs.Max(b => b.Merit);
        var (believed, mean, square) = (0.0, 0.0, 0.0);
        foreach (var belief in _beliefs)
        {
            var share = Math.Exp(belief.Merit - best);
            if (share < 1e-6) continue;
            var (own, variance) = belief.Ahead(weights);
            believed += share;
            mean += share * own;
            square += share * (variance + own * own);
        }
        mean /= believed;
        return (mean, Math.Max(0, square / believed - mean * mean));
    }

    /// <summary>One combination: level and trend with their covariance, and how well it foretold so far.</summary>
    private sealed class Belief(double level, double drift, double scatter, double trend)
    {
        // Beyond it nothing is known of the rate anyway.
        private const double CovarianceMax = 2;

        // The level lies anywhere within some fifty times; the trend itself wanders slowly.
        private readonly double _trendDrift = trend / 10;
        private double _level = level, _trend;
        private double _varLevel = 4, _covariance, _varTrend = trend * trend;

        /// <summary>Logarithm, but for what all have in common.</summary>
        internal double Merit { get; private set; }

        internal void Learn(BudgetCount day, double memory)
        {
            _level += _trend;
            _varLevel += 2 * _covariance + _varTrend + drift * drift;
            _covariance += _varTrend;
            _varTrend += _trendDrift * _trendDrift;
            if (day.Units == 0) return;

            // The day's rate as the beta distribution of the same mean and variance of log odds: what it foretells is beta-binomial, what is learnt is exact for it.
            var variance = _varLevel + scatter * scatter;
            var (a, b) = ((1 + Math.Exp(_level)) / variance, (1 + Math.Exp(-_level)) / variance);
            var (failures, good) = (day.Failures, day.Units - day.Failures);
            Merit = memory * Merit + LogBeta(a + failures, b + good) - LogBeta(a, b);
            var surprise = Math.Log((a + failures) / (b + good)) - _level;
            var learnt = (variance - 1 / (a + failures) - 1 / (b + good)) / (variance * variance);
            _level += _varLevel / variance * surprise;
            _trend += _covariance / variance * surprise;
            (_varLevel, _covariance, _varTrend) = (_varLevel - learnt * _varLevel * _varLevel, _covariance - learnt * _varLevel * _covariance, _varTrend - learnt * _covariance * _covariance);
        }

        /// <summary>Of the mean rate over days of such weights, the first being the next one.</summary>
        internal (double Mean, double Variance) Ahead(double[] weights)
        {
            var rates = new double[weights.Length];
            for (var day = 0; day < weights.Length; day++)
            {
                var rate = 1 / (1 + Math.Exp(-(_level + _trend * (day + 1))));
                var variance = Covariance(day + 1, day + 1) + scatter * scatter;
                rates[day] = Math.Clamp(rate + rate * (1 - rate) * (1 - 2 * rate) * variance / 2, rate / 4, Math.Min(4 * rate, (1 + rate) / 2));
            }
            var (mean, square) = (0.0, 0.0);
            for (var day = 0; day < weights.Length; day++)
            {
                mean += weights[day] * rates[day];
                for (var later = day; later < weights.Length; later++)
                {
                    // Log-normal where rates are small, straight where they are not.
                    var covariance = (Covariance(day + 1, later + 1) + (later == day ? scatter * scatter : 0)) * (1 - rates[day]) * (1 - rates[later]);
                    square += (later == day ? 1 : 2) * weights[day] * weights[later] * rates[day] * rates[later] * (Math.Exp(Math.Min(covariance, CovarianceMax)) - 1);
                }
            }
            return (mean, square);
        }

        // Between the levels so many days ahead, the first not after the second.
        private double Covariance(double first, double second)
        {
            var wandered = first * (first - 1) * (2 * first - 1) / 6 + (second - first) * first * (first - 1) / 2;
            return _varLevel + (first + second) * _covariance + first * second * _varTrend + drift * drift * first + _trendDrift * _trendDrift * wandered;
        }

        private static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

        /// <summary>ln Γ(x) for x above 0: shifted up to 10, then Stirling's series.</summary>
        private static double LogGamma(double x)
        {
            var shift = 1.0;
            while (x < 10) shift *= x++;
            var inverse = 1 / x;
            var square = inverse * inverse;
            return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) - Math.Log(shift);
        }
    }
}
