using System.Collections.Immutable;
using KeyAccountLogistics.ServiceLevels.Figures;
using KeyAccountLogistics.ServiceLevels.Indicators;

namespace KeyAccountLogistics.ServiceLevels.Scoring;

/// <summary>Grades, best first.</summary>
internal enum Grade
{
    /// <summary>From 90.</summary>
    A = 1,

    /// <summary>From 75.</summary>
    B = 2,

    /// <summary>From 60.</summary>
    C = 3,

    /// <summary>Under 60.</summary>
    D = 4,
}

/// <summary>What caps the grade at C whatever the points are, and raises an executive alert.</summary>
internal enum KnockOut
{
    /// <summary>An insured parcel was lost.</summary>
    InsuredParcelLost = 1,

    /// <summary>Personal data got out.</summary>
    PrivacyBreach = 2,

    /// <summary>Events were proved false.</summary>
    FalseEventsProved = 3,

    /// <summary>S4 is under 90 %: found from the figures.</summary>
    ContractUnfulfilled = 4,
}

/// <summary>Why an indicator has no score.</summary>
internal enum NotAvailableReason
{
    /// <summary>Nobody gave figures.</summary>
    NoFigures = 1,

    /// <summary>Nothing was due: the denominator is 0.</summary>
    NothingDue = 2,

    /// <summary>Fewer than the minimum sample.</summary>
    TooFew = 3,
}

/// <param name="Indicator">The indicator with the levels it was scored by.</param>
/// <param name="Figures">What it was scored on.</param>
/// <param name="Value">A fraction, or hours.</param>
/// <param name="Score">0 to 100.</param>
internal sealed record IndicatorScore(Indicator Indicator, IndicatorFigures Figures, Fraction Value, Fraction Score);

/// <param name="Indicator">The indicator.</param>
/// <param name="Reason">Why it has no score.</param>
/// <param name="Sample">How many there were; null when nobody gave figures.</param>
/// <param name="Excluded">How many were excluded, which must be seen above all when nothing else is left.</param>
internal sealed record NotAvailable(Indicator Indicator, NotAvailableReason Reason, decimal? Sample, long? Excluded);

/// <param name="Dimension">The dimension.</param>
/// <param name="Weight">Of 100.</param>
/// <param name="Score">0 to 100; null when none of its indicators that weigh anything is available.</param>
/// <param name="Indicators">Those available.</param>
internal sealed record DimensionScore(ServiceDimension Dimension, decimal Weight, Fraction? Score, ImmutableArray<IndicatorScore> Indicators);

/// <summary>An account's score of a period with everything it was made of (law 9).</summary>
/// <param name="Score">0 to 100; null when no dimension that weighs anything has a score.</param>
/// <param name="Grade">On the unrounded score, capped by knock-outs; null without a score.</param>
/// <param name="Dimensions">All five.</param>
/// <param name="NotAvailable">The indicators of the plan without a score.</param>
/// <param name="KnockOuts">What caps the grade, each once.</param>
internal sealed record Scorecard(
    Fraction? Score, Grade? Grade, ImmutableArray<DimensionScore> Dimensions, ImmutableArray<NotAvailable> NotAvailable, ImmutableArray<KnockOut> KnockOuts);
