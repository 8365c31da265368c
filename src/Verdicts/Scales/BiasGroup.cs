using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Weighing;

namespace KeyAccountLogistics.Verdicts.Scales;

/// <summary>The scales that are solved together. Grams for offsets, grams per kilogram for spans, kilograms for loads: all of them of like size.</summary>
internal sealed class BiasGroup
{
    private const double Deciding = 3;              // standard deviations before a scale is taken out of service
    private const double Shown = 1.96;              // 95 %
    private const double BiweightAt = 6;            // residuals beyond so many deviations have no say
    private const double MadToDeviation = 1.4826;   // of a normal distribution
    private const double MedianToMean = 1.2533;     // standard error of a median against that of a mean
    private const double SpanPrior = 10;            // g/kg; far beyond any scale that is still in use
    private const double OffsetPriorIntervals = 10;
    private const int Rounds = 20;

    private readonly IReadOnlyList<ScaleFacts> _scales;
    private readonly List<WeighedTwice> _parcels;
    private readonly double[] _load;
    private readonly double[] _difference;
    private readonly double[] _noise;
    private readonly double[] _weight;
    private readonly List<double>[] _loadsOf;
    private readonly HashSet<int>[] _othersOf;
    private double[] _solution = [];
    private SymmetricMatrix? _covariance;

    internal BiasGroup(IReadOnlyList<ScaleFacts> scales, List<WeighedTwice> parcels)
    {
        (_scales, _parcels) = (scales, parcels);
        (_load, _difference, _noise, _weight) = (new double[parcels.Count], new double[parcels.Count], new double[parcels.Count], new double[parcels.Count]);
        _loadsOf = [.. scales.Select(static _ => new List<double>())];
        _othersOf = [.. scales.Select(static _ => new HashSet<int>())];
        for (var k = 0; k < parcels.Count; k++)
        {
            var p = parcels[k];
            _load[k] = (p.FirstMass.Milligrams + (double)p.SecondMass.Milligrams) / 2e6;
            _difference[k] = (p.SecondMass.Milligrams - (double)p.FirstMass.Milligrams) / 1e3;
            var (e1, e2) = (Grams(scales[p.First].Interval), Grams(scales[p.Second].Interval));
            // A step of e spreads evenly over e: e²/12 each.
            _noise[k] = Math.Sqrt(((e1 * e1) + (e2 * e2)) / 12);
            _loadsOf[p.First].Add(_load[k]);
            _loadsOf[p.Second].Add(_load[k]);
            _othersOf[p.First].Add(p.Second);
            _othersOf[p.Second].Add(p.First);
        }
        foreach (var loads in _loadsOf) loads.Sort();
    }

    private int Count => _scales.Count;

    internal ScaleEstimate[] Judge()
    {
        Solve();
        var voters = Enumerable.Range(0, Count).Where(s => _loadsOf[s].Count >= EstimateBias.ParcelsMin).ToArray();
        var answers = new ScaleEstimate[Count];
        for (var s = 0; s < Count; s++)
        {
            answers[s] = _loadsOf[s].Count < EstimateBias.ParcelsMin ? EstimateBias.TooFew(_loadsOf[s].Count, _othersOf[s].Count) : JudgeOne(s, voters);
        }
        NameDisagreements(answers);
        return answers;
    }

    private void Solve()
    {
        StartFromPairs();
        for (var round = 0; round < Rounds; round++)
        {
            var normal = new SymmetricMatrix(2 * Count);
            var right = new double[2 * Count];
            for (var s = 0; s < Count; s++)
            {
                normal.Add(s, s, 1 / Square(OffsetPriorIntervals * Grams(_scales[s].Interval)));
                normal.Add(Count + s, Count + s, 1 / Square(SpanPrior));
            }
            for (var k = 0; k < _parcels.Count; k++) AddEquation(normal, right, k);
            var inverse = normal.Inverse();
            _solution = inverse.Times(right);
            _covariance = inverse;
            if (!Reweigh()) return;
        }
    }

    // One row of the design: -1 and +1 for the offsets, -load and +load for the spans.
    private void AddEquation(SymmetricMatrix normal, double[] right, int k)
    {
        if (_weight[k] <= 0) return;
        var p = _parcels[k];
        Span<int> at = [p.First, p.Second, Count + p.First, Count + p.Second];
        Span<double> by = [-1, 1, -_load[k], _load[k]];
        for (var i = 0; i < at.Length; i++)
        {
            right[at[i]] += _weight[k] * by[i] * _difference[k];
            for (var j = 0; j < at.Length; j++) normal.AddHalf(at[i], at[j], _weight[k] * by[i] * by[j]);
        }
    }

    // An outlier of kilograms would draw the first solution with it: the start is each pair's median.
    private void StartFromPairs()
    {
        var residuals = new double[_parcels.Count];
        foreach (var pair in Enumerable.Range(0, _parcels.Count).GroupBy(k => (Math.Min(_parcels[k].First, _parcels[k].Second), Math.Max(_parcels[k].First, _parcels[k].Second))))
        {
            var middle = Median([.. pair.Select(Directed)]);
            foreach (var k in pair) residuals[k] = (Directed(k) - middle) / _noise[k];
        }
        TakeWeights(residuals);

        double Directed(int k) => _parcels[k].First < _parcels[k].Second ? _difference[k] : -_difference[k];
    }

    /// <summary>New weights from the residuals; false once they no longer change.</summary>
    private bool Reweigh()
    {
        var residuals = new double[_parcels.Count];
        for (var k = 0; k < residuals.Length; k++) residuals[k] = (_difference[k] - (Error(_parcels[k].Second, _load[k]) - Error(_parcels[k].First, _load[k]))) / _noise[k];
        return TakeWeights(residuals);
    }

    private bool TakeWeights(double[] residuals)
    {
        if (residuals.Length == 0) return false;
        var spread = Math.Max(1, MadToDeviation * Median([.. residuals.Select(Math.Abs)]));
        var changed = false;
        for (var k = 0; k < residuals.Length; k++)
        {
            var u = residuals[k] / (spread * BiweightAt);
            var weight = Math.Abs(u) >= 1 ? 0 : Square(1 - (u * u)) / Square(spread * _noise[k]);
            changed |= Math.Abs(weight - _weight[k]) > 1e-6 * (Math.Abs(weight) + 1e-12);
            _weight[k] = weight;
        }
        return changed;
    }

    private ScaleEstimate JudgeOne(int scale, int[] voters)
    {
        var loads = _loadsOf[scale];
        ScaleEstimate? worst = null;
        var (worstShare, isBeyond) = (double.NegativeInfinity, false);
        foreach (var load in (double[])[At(loads, 0.1), At(loads, 0.5), At(loads, 0.9)])
        {
            var (level, levelDeviation) = Level(load, voters);
            var error = Error(scale, load) - level;
            var deviation = Math.Sqrt(Variance(load, scale, null) + Square(levelDeviation));
            var mass = FromGrams(load * 1e3);
            var limit = _scales[scale].InServiceError(mass);
            var beyond = EstimateBias.CanVote(voters.Length) && Math.Abs(error) - (Deciding * deviation) > Grams(limit);
            var share = Math.Abs(error) / Grams(limit);
            if (beyond == isBeyond ? share <= worstShare : isBeyond) continue;
            (worstShare, isBeyond) = (share, beyond);
            worst = new ScaleEstimate(
                beyond ? BiasAnswer.Beyond : BiasAnswer.Within, loads.Count, _othersOf[scale].Count, mass, FromGrams(error),
                FromGrams(error - (Shown * deviation)), FromGrams(error + (Shown * deviation)), limit);
        }
        return worst!;
    }

    /// <summary>What the majority shows at that load, and how well that is known.</summary>
    private (double Level, double Deviation) Level(double load, int[] voters)
    {
        if (voters.Length == 0) return (0, 0);
        double[] errors = [.. voters.Select(v => Error(v, load))];
        var level = Median([.. errors]);
        var spread = MadToDeviation * Median([.. errors.Select(e => Math.Abs(e - level))]);
        return (level, MedianToMean * spread / Math.Sqrt(voters.Length));
    }

    // Two scales that nobody blames and that cannot both be right.
    private void NameDisagreements(ScaleEstimate[] answers)
    {
        var pairs = _parcels.Select((p, k) => (Pair: (A: Math.Min(p.First, p.Second), B: Math.Max(p.First, p.Second)), Load: _load[k])).GroupBy(static p => p.Pair, static p => p.Load);
        foreach (var pair in pairs.OrderBy(static p => p.Key))
        {
            var (a, b) = pair.Key;
            if (pair.Count() < EstimateBias.ParcelsMin || answers[a].Answer is BiasAnswer.Beyond or BiasAnswer.TooFew || answers[b].Answer is BiasAnswer.Beyond or BiasAnswer.TooFew) continue;
            var load = Median([.. pair]);
            var mass = FromGrams(load * 1e3);
            var both = Grams(_scales[a].InServiceError(mass)) + Grams(_scales[b].InServiceError(mass));
            if (Math.Abs(Error(a, load) - Error(b, load)) - (Deciding * Math.Sqrt(Variance(load, a, b))) <= both) continue;
            answers[a] = answers[a] with { Answer = BiasAnswer.Disagrees };
            answers[b] = answers[b] with { Answer = BiasAnswer.Disagrees };
        }
    }

    private double Error(int scale, double load) => _solution[scale] + (_solution[Count + scale] * load);

    /// <summary>Variance of a scale's error at a load against another's, or against the mean of all: the common level is not known and has no part in it.</summary>
    private double Variance(double load, int scale, int? against)
    {
        var by = new double[2 * Count];
        if (against is { } other)
        {
            (by[other], by[Count + other]) = (-1, -load);
        }
        else
        {
            for (var s = 0; s < Count; s++) (by[s], by[Count + s]) = (-1.0 / Count, -load / Count);
        }
        (by[scale], by[Count + scale]) = (by[scale] + 1, by[Count + scale] + load);
        return Math.Max(0, _covariance!.Quadratic(by));
    }

    private static double At(List<double> sorted, double share) => sorted[(int)Math.Round(share * (sorted.Count - 1))];

    private static double Median(double[] values)
    {
        Array.Sort(values);
        var half = values.Length / 2;
        return values.Length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }

    private static double Square(double x) => x * x;

    private static double Grams(Mass mass) => mass.Milligrams / 1e3;

    private static Mass FromGrams(double grams) => Mass.FromMilligrams((long)Math.Round(grams * 1e3));
}
