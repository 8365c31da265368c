using KeyAccountLogistics.ServiceLevels.Figures;

namespace KeyAccountLogistics.ServiceLevels.Scoring;

/// <summary>What a period gave for one indicator, as opposed to the indicator itself.</summary>
/// <param name="Code">The indicator.</param>
/// <param name="Sample">What the minimum sample counts, when it was counted apart from the denominator.</param>
/// <param name="Excluded">How many were left out of numerator and denominator; null when nobody says.</param>
internal abstract record IndicatorFigures(string Code, long? Sample, long? Excluded)
{
    /// <summary>Something counted (or, for C3 and C2, money; for T4, hours) over something counted.</summary>
    /// <param name="Code">The indicator.</param>
    /// <param name="Numerator">0 or more; no more than the denominator where the value is a part of a whole.</param>
    /// <param name="Denominator">0 or more; 0 means that nothing was due.</param>
    /// <param name="Sample">Null: the denominator counts; or, where it does not count, at least the minimum sample.</param>
    /// <param name="Excluded">Null when nobody says.</param>
    internal sealed record Counted(string Code, decimal Numerator, decimal Denominator, long? Sample = null, long? Excluded = null) : IndicatorFigures(Code, Sample, Excluded);

    /// <summary>A value as somebody states it, without the counts behind it.</summary>
    /// <param name="Code">The indicator.</param>
    /// <param name="Value">0 or more: a fraction, at most 1 where it is a part of a whole; hours for a mean of hours.</param>
    /// <param name="Sample">Null: it counts as at least the minimum sample.</param>
    /// <param name="Excluded">Null when nobody says.</param>
    internal sealed record Stated(string Code, Fraction Value, long? Sample = null, long? Excluded = null) : IndicatorFigures(Code, Sample, Excluded);
}
