using System.Collections.Immutable;
using KeyAccountLogistics.ServiceLevels.Figures;
using KeyAccountLogistics.ServiceLevels.Indicators;

namespace KeyAccountLogistics.ServiceLevels.Scoring;

/// <summary>
/// The score of an account (domain.md 3.3), one pure function: indicators to dimensions to the account, weighted means of what is available. What is not available drops
/// out with its reason and its weight; it is never 100 and never 0. Exact throughout; the order of the figures does not matter.
/// </summary>
internal static class ScoreAccount
{
    private const string Fulfilment = "S4";
    private const decimal FulfilmentLeast = 0.9m;

    /// <summary>What is wrong with figures for that indicator, by field and in words; null when nothing is.</summary>
    internal static (string Field, string Message)? Flaw(Indicator indicator, IndicatorFigures figures)
    {
        if (figures.Sample < 0) return ("sample", FormattableString.Invariant($"{figures.Sample} is negative"));
        if (figures.Excluded < 0) return ("excluded", FormattableString.Invariant($"{figures.Excluded} is negative"));
        switch (figures)
        {
            case IndicatorFigures.Stated { Value.Sign: < 0 }:
                return ("value", "it is negative");
            case IndicatorFigures.Stated { Value: var value } when indicator.IsPart && value > 1:
                return ("value", "it is above 1; a part of a whole is a fraction from 0 to 1");
            case IndicatorFigures.Counted { Numerator: < 0 and var numerator }:
                return ("numerator", FormattableString.Invariant($"{numerator} is negative"));
            case IndicatorFigures.Counted { Denominator: < 0 and var denominator }:
                return ("denominator", FormattableString.Invariant($"{denominator} is negative"));
            case IndicatorFigures.Counted { Denominator: 0, Numerator: > 0 and var numerator }:
                return ("numerator", FormattableString.Invariant($"{numerator} stands over a denominator of 0"));
            case IndicatorFigures.Counted counted when indicator.IsPart && counted.Numerator > counted.Denominator:
                return ("numerator", FormattableString.Invariant($"{counted.Numerator} is more than the denominator, {counted.Denominator}"));
            default:
                return null;
        }
    }

    /// <param name="plan">How the account is scored.</param>
    /// <param name="figures">What the period gave, each indicator of the plan at most once and without a <see cref="Flaw"/>; others are a programming error.</param>
    /// <param name="knockOuts">What happened that caps the grade; <see cref="KnockOut.ContractUnfulfilled"/> is found by itself.</param>
    internal static Scorecard Of(ScorePlan plan, IEnumerable<IndicatorFigures> figures, IEnumerable<KnockOut> knockOuts)
    {
        var given = new Dictionary<string, IndicatorFigures>(StringComparer.Ordinal);
        foreach (var f in figures)
        {
            Invariant.Holds(plan.Find(f.Code) is { } known && Flaw(known, f) is null, "Figures belong to an indicator of the plan and make sense for it.");
            Invariant.Holds(given.TryAdd(f.Code, f), "An indicator has one set of figures a period.");
        }
        var scored = new List<IndicatorScore>();
        var without = new List<NotAvailable>();
        foreach (var indicator in plan.Indicators) Measure(indicator, given.GetValueOrDefault(indicator.Code), scored, without);

        var dimensions = Enum.GetValues<ServiceDimension>().Select(dimension => Dimension(dimension, plan, [.. scored.Where(s => s.Indicator.Dimension == dimension)])).ToImmutableArray();
        var score = Mean(dimensions.Where(d => d.Score is not null).Select(d => (d.Weight, d.Score!.Value)));
        var capped = knockOuts.Concat(Unfulfilled(scored)).Distinct().Order().ToImmutableArray();
        return new(score, score is { } points ? Capped(GradeOf(points), capped) : null, dimensions, [.. without], capped);
    }

    /// <summary>The grade of points, unrounded: 89.99999 is not 90.</summary>
    internal static Grade GradeOf(Fraction score) => score >= 90 ? Grade.A : score >= 75 ? Grade.B : score >= 60 ? Grade.C : Grade.D;

    private static DimensionScore Dimension(ServiceDimension dimension, ScorePlan plan, ImmutableArray<IndicatorScore> own) =>
        new(dimension, plan.Weights.GetValueOrDefault(dimension), Mean(own.Select(s => (s.Indicator.Levels.Weight, s.Score))), own);

    private static void Measure(Indicator indicator, IndicatorFigures? figures, List<IndicatorScore> scored, List<NotAvailable> without)
    {
        if (figures is null)
        {
            without.Add(new(indicator, NotAvailableReason.NoFigures, null, null));
            return;
        }
        if (figures is IndicatorFigures.Counted { Denominator: 0 })
        {
            without.Add(new(indicator, NotAvailableReason.NothingDue, 0, figures.Excluded));
            return;
        }
        var sample = figures.Sample ?? (figures is IndicatorFigures.Counted counted && indicator.SampleCounts is null ? counted.Denominator : indicator.Levels.MinimumSample);
        if (sample < indicator.Levels.MinimumSample)
        {
            without.Add(new(indicator, NotAvailableReason.TooFew, sample, figures.Excluded));
            return;
        }
        var value = figures is IndicatorFigures.Stated stated ? stated.Value : Fraction.Of(((IndicatorFigures.Counted)figures).Numerator, ((IndicatorFigures.Counted)figures).Denominator);
        scored.Add(new(indicator, figures, value, indicator.Levels.Score(indicator.InUnitOfLevels(value))));
    }

    /// <summary>Null when nothing weighs anything.</summary>
    private static Fraction? Mean(IEnumerable<(decimal Weight, Fraction Score)> parts)
    {
        var (weights, sum) = (Fraction.Zero, Fraction.Zero);
        foreach (var (weight, score) in parts) (weights, sum) = (weights + weight, sum + weight * score);
        return weights.Sign > 0 ? sum / weights : null;
    }

    private static Grade Capped(Grade grade, ImmutableArray<KnockOut> knockOuts) => knockOuts.IsEmpty || grade > Grade.C ? grade : Grade.C;

    private static IEnumerable<KnockOut> Unfulfilled(List<IndicatorScore> scored) =>
        scored.Any(s => s.Indicator.Code is Fulfilment && s.Value < FulfilmentLeast) ? [KnockOut.ContractUnfulfilled] : [];
}
