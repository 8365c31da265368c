using System.Collections.Immutable;
using KeyAccountLogistics.ServiceLevels.Figures;

namespace KeyAccountLogistics.ServiceLevels.Sqi;

/// <summary>What was counted: shipments, and failures by component. Counts add; points do not know where they came from.</summary>
/// <param name="Shipments">0 or more.</param>
/// <param name="Failures">By component, each 0 or more.</param>
internal sealed record SqiCounts(long Shipments, ImmutableSortedDictionary<string, long> Failures)
{
    internal static SqiCounts None { get; } = new(0, ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal));

    /// <summary>Both together.</summary>
    internal SqiCounts Plus(SqiCounts other)
    {
        var failures = Failures.ToBuilder();
        foreach (var (component, count) in other.Failures) failures[component] = failures.GetValueOrDefault(component) + count;
        return new(Shipments + other.Shipments, failures.ToImmutable());
    }
}

/// <summary>One component's part in the points.</summary>
/// <param name="Component">The component.</param>
/// <param name="Failures">How many.</param>
/// <param name="Weight">Points of one; null when the profile has no weight for it, which is then told and counts nothing.</param>
internal sealed record SqiPart(string Component, long Failures, decimal? Weight)
{
    internal decimal Points => Failures * (Weight ?? 0);
}

/// <summary>The service quality index of some counts by a profile.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Shipments">Shipments counted.</param>
/// <param name="Parts">Each component of the profile, and what was counted beside.</param>
internal sealed record SqiFigures(SqiProfile Profile, long Shipments, ImmutableArray<SqiPart> Parts)
{
    /// <summary>Failures that the profile weighs.</summary>
    internal long Failures => Parts.Where(p => p.Weight is not null).Sum(p => p.Failures);

    /// <summary>Σ weight × failures: the index itself, since customers feel failures and not percentages.</summary>
    internal decimal Points => Parts.Sum(p => p.Points);

    /// <summary>Points per thousand shipments, to compare accounts; null when nothing was shipped.</summary>
    internal Fraction? PerThousand => Shipments > 0 ? Fraction.Of(Points, Shipments) * 1_000 : null;

    /// <summary>The textbooks' form, points over shipments in percent; null when nothing was shipped.</summary>
    internal Fraction? Percent => Shipments > 0 ? Fraction.Of(Points, Shipments) * 100 : null;
}

/// <summary>Weighted failure points (domain.md 2.2, SEED-03-SQI12). Pure and exact.</summary>
internal static class WeighFailures
{
    internal static SqiFigures Of(SqiProfile profile, SqiCounts counts)
    {
        Invariant.Holds(counts.Shipments >= 0 && counts.Failures.Values.All(f => f >= 0), "Nothing is counted below zero.");
        var components = profile.Weights.Keys.Concat(counts.Failures.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return new(profile, counts.Shipments, [.. components.Select(c => new SqiPart(c, counts.Failures.GetValueOrDefault(c), profile.Weights.TryGetValue(c, out var weight) ? weight : null))]);
    }
}
