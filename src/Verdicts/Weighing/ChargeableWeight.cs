using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Verdicts.Weighing;

/// <summary>What made the chargeable weight what it is.</summary>
public enum ChargeBasis
{
    /// <summary>The first weight: the parcel weighs less.</summary>
    FirstWeight = 1,

    /// <summary>The weight on the scale.</summary>
    Actual = 2,

    /// <summary>The volume.</summary>
    Volumetric = 3,
}

/// <summary>A chargeable weight with what it was made of (law 9).</summary>
/// <param name="Bills">The weight that is billed.</param>
/// <param name="Basis">What made it so.</param>
/// <param name="Actual">The actual weight it was asked for.</param>
/// <param name="Volumetric">The volumetric weight, to the milligram half up; null without sides or without a volumetric rule.</param>
/// <param name="Divisor">The divisor used, cm³ per kg; null likewise.</param>
/// <param name="Clause">The clause that says so.</param>
public sealed record ChargeableAnswer(Mass Bills, ChargeBasis Basis, Mass Actual, Mass? Volumetric, int? Divisor, ClauseId Clause);

/// <summary>The rule that turns a weight and three sides into the weight that is billed (domain.md 4.5). Exact: whole milligrams and fractions of them.</summary>
public static class ChargeableWeight
{
    /// <summary>
    /// Larger of actual and volumetric weight, rounded as the clause says, at least the first weight. <paramref name="actual"/> must not be negative.
    /// </summary>
    public static ChargeableAnswer Of(Mass actual, Dimensions? sides, ChargeableWeightTerms terms, string origin, string destination)
    {
        Invariant.Holds(actual >= Mass.Zero, "A weight that bills is not negative.");
        var byActual = Rounded(actual.Milligrams, 1, terms);
        if (terms.Volumetric is not { } rule || sides is not { } measured) return Answer(byActual, ChargeBasis.Actual, actual, null, null, terms);

        // mm³ → mg: ÷1000 (cm³) ÷divisor (kg) ×1,000,000. Rounding is monotonous, so the larger of the rounded is the rounded of the larger.
        var divisor = rule.DivisorFor(origin, destination);
        var numerator = (Int128)Side(measured.LengthMm, rule.Side) * Side(measured.WidthMm, rule.Side) * Side(measured.HeightMm, rule.Side) * 1_000;
        Int128 denominator = divisor;
        var volumetric = new WeightRounding.HalfUpDecimals(WeightRounding.DecimalsMax).Apply(numerator, denominator);
        if (rule.Rounding is { } own)
        {
            volumetric = own.Apply(numerator, denominator);
            (numerator, denominator) = (volumetric.Milligrams, 1);
        }
        var byVolume = Rounded(numerator, denominator, terms);
        return byVolume > byActual
            ? Answer(byVolume, ChargeBasis.Volumetric, actual, volumetric, divisor, terms)
            : Answer(byActual, ChargeBasis.Actual, actual, volumetric, divisor, terms);
    }

    private static ChargeableAnswer Answer(Mass bills, ChargeBasis basis, Mass actual, Mass? volumetric, int? divisor, ChargeableWeightTerms terms) =>
        new(Mass.Max(bills, terms.First), bills <= terms.First ? ChargeBasis.FirstWeight : basis, actual, volumetric, divisor, terms.Clause);

    private static Mass Rounded(Int128 numerator, Int128 denominator, ChargeableWeightTerms terms)
    {
        if (terms.ReadOn == RoundingReadOn.Total) return terms.Rounding.Apply(numerator, denominator);
        var excess = numerator - (terms.First.Milligrams * denominator);
        return excess <= 0 ? terms.First : terms.First + terms.Rounding.Apply(excess, denominator);
    }

    private static long Side(int millimetres, SideRounding rounding) => rounding switch
    {
        SideRounding.None => millimetres,
        SideRounding.NearestCm => Math.Max(10, (millimetres + 5) / 10 * 10),
        SideRounding.UpCm => (millimetres + 9) / 10 * 10,
        _ => throw new InvariantBrokenException("A side is rounded in one of three ways.", rounding.ToString()),
    };
}
