namespace KeyAccountLogistics.ServiceLevels.Budgets;

/// <summary>
/// Failures among so many units whose rate is itself uncertain: a beta distribution. Probabilities by recurrence from the mean outwards, so that neither gamma functions nor
/// large numbers lose digits; what is left out at the ends is less than 10⁻¹² of the whole.
/// </summary>
internal sealed class BetaBinomial
{
    private const double Negligible = 1e-15;

    // A precision beyond it changes nothing that whole failures show.
    private const double PrecisionMax = 1e9;

    private readonly long _first;
    private readonly double[] _cumulative;

    private BetaBinomial(long first, double[] cumulative) => (_first, _cumulative) = (first, cumulative);

    /// <param name="units">How many units, 0 or more.</param>
    /// <param name="mean">Mean of the rate, within 0 and 1, neither of them.</param>
    /// <param name="variance">Variance of the rate.</param>
    internal static BetaBinomial Of(long units, double mean, double variance)
    {
        Invariant.Holds(units >= 0 && mean is > 0 and < 1, "A rate lies between 0 and 1.");
        var precision = Math.Clamp(mean * (1 - mean) / Math.Max(variance, double.Epsilon) - 1, 1e-3, PrecisionMax);
        var (a, b) = (mean * precision, (1 - mean) * precision);
        var start = (long)(units * mean);
        var (up, down) = (new List<double> { 1 }, new List<double>());
        var greatest = 1.0;
        for (var x = start; x < units; x++)
        {
            var next = up[^1] * Ratio(x);
            if (next < greatest * Negligible) break;
            greatest = Math.Max(greatest, next);
            up.Add(next);
        }
        for (var x = start; x > 0; x--)
        {
            var next = (down.Count == 0 ? 1 : down[^1]) / Ratio(x - 1);
            if (next < greatest * Negligible) break;
            greatest = Math.Max(greatest, next);
            down.Add(next);
        }
        down.Reverse();
        var cumulative = down.Concat(up).ToArray();
        for (var i = 1; i < cumulative.Length; i++) cumulative[i] += cumulative[i - 1];
        var whole = cumulative[^1];
        for (var i = 0; i < cumulative.Length; i++) cumulative[i] /= whole;
        return new(start - down.Count, cumulative);

        // Probability of x + 1 over that of x.
        double Ratio(long x) => (units - x) * (a + x) / ((x + 1) * (b + units - x - 1));
    }

    /// <summary>The chance of at most so many.</summary>
    internal double AtMost(long failures) => failures < _first ? 0 : failures - _first >= _cumulative.Length ? 1 : _cumulative[failures - _first];

    /// <summary>The least number that is reached or stayed under with that chance, 0 to 1.</summary>
    internal long Quantile(double chance)
    {
        var place = Array.BinarySearch(_cumulative, chance);
        return _first + Math.Min(place < 0 ? ~place : place, _cumulative.Length - 1);
    }
}
