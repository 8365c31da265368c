using KeyAccountLogistics.ServiceLevels.Figures;

namespace KeyAccountLogistics.ServiceLevels.Indicators;

/// <summary>The five dimensions of TQCSO (SEED-03-TQCSO). The seed spells out T and Q alone; C, S and O follow from its order and content, and nothing official is claimed.</summary>
internal enum ServiceDimension
{
    /// <summary>时效: respond promptly, move fast, answer queries.</summary>
    Time = 1,

    /// <summary>质量: nothing lost or damaged, scanned and weighed rightly.</summary>
    Quality = 2,

    /// <summary>成本: billed rightly, within the budget.</summary>
    Cost = 3,

    /// <summary>服务: the contract kept, objections settled.</summary>
    Service = 4,

    /// <summary>透明与改进: what happens is seen, and improved.</summary>
    Openness = 5,
}

/// <summary>What sort of figure an indicator's value is, and the unit in which its target, threshold and floor are written.</summary>
internal enum ValueKind
{
    /// <summary>A part of a whole, 0 to 1; targets in percent.</summary>
    Share = 1,

    /// <summary>A rare part of a whole, 0 to 1; targets in parts per million (ppm).</summary>
    PerMillion = 2,

    /// <summary>A mean of hours; targets in hours.</summary>
    MeanHours = 3,

    /// <summary>How much more than the budget, as a part of it, 0 or more; targets in percent.</summary>
    Overrun = 4,
}

/// <summary>What an indicator is scored by: 100 points at the target, 60 at the threshold, 0 at the floor, straight in between.</summary>
/// <param name="Target">100 points, in the unit of the kind.</param>
/// <param name="Threshold">60 points.</param>
/// <param name="Floor">0 points.</param>
/// <param name="Weight">In its dimension, 0 to 100; only the proportion of the weights matters.</param>
/// <param name="MinimumSample">With fewer the indicator is not available; at least 1, since nothing measured is no score (law 3).</param>
internal sealed record IndicatorLevels(decimal Target, decimal Threshold, decimal Floor, decimal Weight, long MinimumSample)
{
    /// <summary>True when less is better, which the levels themselves say.</summary>
    internal bool LowerIsBetter => Target < Threshold;

    /// <summary>What is wrong with them, by field and in words; null when nothing is.</summary>
    internal (string Field, string Message)? Flaw => this switch
    {
        _ when Target == Threshold => ("threshold", "is the target itself; between 100 and 60 points there must be a way"),
        _ when Threshold == Floor => ("floor", "is the threshold itself; between 60 and 0 points there must be a way"),
        _ when Target > Threshold != Threshold > Floor => ("floor", "turns back: target, threshold and floor go in one direction"),
        _ when Weight is < 0 or > 100 => ("weight", "is out of range: 0 to 100"),
        _ when MinimumSample < 1 => ("minimum_sample", "must be at least 1: nothing measured is no score"),
        _ => null,
    };

    /// <summary>The points of a value in the unit of the levels: 0 to 100, exact (domain.md 3.3).</summary>
    internal Fraction Score(Fraction value)
    {
        // Mirrored, so that one rule serves both directions.
        Fraction sign = LowerIsBetter ? -1 : 1;
        var (v, target, threshold, floor) = (sign * value, sign * Target, sign * Threshold, sign * Floor);
        if (v >= target) return 100;
        if (v >= threshold) return 60 + 40 * (v - threshold) / (target - threshold);
        return v > floor ? 60 * (v - floor) / (threshold - floor) : 0;
    }
}

/// <summary>
/// An indicator of the service level: what is counted over what, from which facts, and the levels it is scored by where a contract says nothing else. As opposed to its
/// <i>figures</i>, which a period gives.
/// </summary>
/// <param name="Code">The dimension's letter and a number: <c>T2</c>.</param>
/// <param name="NameEn">Its name.</param>
/// <param name="NameZh">Its name in Chinese.</param>
/// <param name="Kind">What sort of value it has.</param>
/// <param name="Numerator">What is counted.</param>
/// <param name="Denominator">Over what.</param>
/// <param name="Excluded">What is left out of both, and reported beside the score.</param>
/// <param name="Source">The facts it is counted from.</param>
/// <param name="SampleCounts">What the minimum sample counts when that is not the denominator; null when it is.</param>
/// <param name="Levels">How it is scored by default.</param>
internal sealed record Indicator(
    string Code, string NameEn, string NameZh, ValueKind Kind, string Numerator, string Denominator, string Excluded, string Source, string? SampleCounts, IndicatorLevels Levels)
{
    internal ServiceDimension Dimension => DimensionOf(Code)!.Value;

    /// <summary>A value (fraction or hours) in the unit of the levels.</summary>
    internal Fraction InUnitOfLevels(Fraction value) => Kind switch
    {
        ValueKind.Share or ValueKind.Overrun => value * 100,
        ValueKind.PerMillion => value * 1_000_000,
        _ => value,
    };

    /// <summary>True when the value is a part of a whole and cannot be above 1.</summary>
    internal bool IsPart => Kind is ValueKind.Share or ValueKind.PerMillion;

    /// <summary>The dimension that a code names; null for what is no code: a letter of TQCSO and a number from 1 to 99.</summary>
    internal static ServiceDimension? DimensionOf(string code) =>
        code is { Length: 2 or 3 } && code[1] is >= '1' and <= '9' && code.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0 && "TQCSO".IndexOf(code[0], StringComparison.Ordinal) is >= 0 and var place
            ? (ServiceDimension)(place + 1)
            : null;

    /// <summary>The letter of a dimension, as it stands in contracts, figures and codes.</summary>
    internal static string Letter(ServiceDimension dimension) => "TQCSO".Substring((int)dimension - 1, 1);
}
