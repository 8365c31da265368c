using System.Collections.Immutable;
using KeyAccountLogistics.ServiceLevels.Indicators;

namespace KeyAccountLogistics.ServiceLevels.Scoring;

/// <summary>How an account is scored: indicators with their levels and the weights of the dimensions, fixed for a contract version.</summary>
internal sealed record ScorePlan
{
    /// <summary>Dimension weights where a contract says nothing: T 30, Q 30, C 15, S 15, O 10.</summary>
    internal static readonly ImmutableSortedDictionary<ServiceDimension, decimal> DefaultWeights = ImmutableSortedDictionary<ServiceDimension, decimal>.Empty
        .Add(ServiceDimension.Time, 30).Add(ServiceDimension.Quality, 30).Add(ServiceDimension.Cost, 15).Add(ServiceDimension.Service, 15).Add(ServiceDimension.Openness, 10);

    private ScorePlan(ImmutableSortedDictionary<ServiceDimension, decimal> weights, ImmutableArray<Indicator> indicators) => (Weights, Indicators) = (weights, indicators);

    /// <summary>The catalogue with the default weights.</summary>
    internal static ScorePlan Default { get; } = Of(DefaultWeights, []).Value;

    /// <summary>By dimension; they add to 100, a dimension not named weighs 0.</summary>
    internal ImmutableSortedDictionary<ServiceDimension, decimal> Weights { get; }

    /// <summary>The catalogue's and the contract's own, in the order of dimensions and numbers.</summary>
    internal ImmutableArray<Indicator> Indicators { get; }

    /// <summary>The indicator of a code; null when the plan has none.</summary>
    internal Indicator? Find(string code) => Indicators.FirstOrDefault(i => string.Equals(i.Code, code, StringComparison.Ordinal));

    /// <summary>A plan; a fault names the field (<c>weights</c>, <c>targets.T1.floor</c>) when weights do not add to 100 or levels make no scale.</summary>
    internal static Outcome<ScorePlan> Of(ImmutableSortedDictionary<ServiceDimension, decimal> weights, ImmutableArray<Indicator> deviations)
    {
        foreach (var (dimension, weight) in weights)
        {
            if (weight is < 0 or > 100) return Invalid($"weights.{Indicator.Letter(dimension)}", FormattableString.Invariant($"{weight} is out of range: 0 to 100"));
        }
        var sum = weights.Values.Sum();
        if (sum != 100) return Invalid("weights", FormattableString.Invariant($"they add to {sum}; they must add to 100"));
        var indicators = IndicatorCatalogue.ByCode;
        foreach (var own in deviations)
        {
            // A contract may write any code; one that names no dimension has no place in a score.
            if (Indicator.DimensionOf(own.Code) is null) return Invalid($"targets.{own.Code}", "it is no code of an indicator: a letter of TQCSO and a number from 1 to 99");
            if (own.Levels.Flaw is var (field, message)) return Invalid($"targets.{own.Code}.{field}", message);
            if (Unattainable(own) is { } level) return Invalid($"targets.{own.Code}.{level}", "it lies outside what the value can be");
            indicators = indicators.SetItem(own.Code, own);
        }
        return new ScorePlan(weights, [.. indicators.Values.OrderBy(i => i.Dimension).ThenBy(i => i.Code.Length).ThenBy(i => i.Code, StringComparer.Ordinal)]);
    }

    // No part of a whole is above all of it, and nothing measured here is below nothing.
    private static string? Unattainable(Indicator own)
    {
        var most = own.Kind switch { ValueKind.Share => 100m, ValueKind.PerMillion => 1_000_000m, _ => decimal.MaxValue };
        return Outside(own.Levels.Target) ? "target" : Outside(own.Levels.Threshold) ? "threshold" : Outside(own.Levels.Floor) ? "floor" : null;

        bool Outside(decimal level) => level < 0 || level > most;
    }

    private static Fault.Invalid Invalid(string field, string message) => new(field, "score.plan", message + ".");
}
