using KeyAccountLogistics.Contracts.Rating;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>
/// What a loss of an insured shipment pays (domain.md 4.5): the loss in the proportion of insured to actual value, never more than was insured and never more than the goods were worth. Over-insuring
/// pays nothing extra. An uninsured shipment is not computed here: civil law decides, and no multiple of the freight is implied (Interim Regulation, art. 28).
/// </summary>
public static class InsuredLoss
{
    /// <summary>The compensation in minor units, half up. All three in minor units of one currency: <paramref name="insured"/> and <paramref name="worth"/> above zero, the loss not below zero.</summary>
    public static long Pays(long insured, long worth, long loss)
    {
        Invariant.Holds(insured > 0 && worth > 0 && loss >= 0, "Only a loss of something insured is compensated here.");
        var lost = Math.Min(loss, worth);
        if (insured >= worth) return lost;
        var pays = Fraction.Of(lost) * insured / worth;
        return (long)AmountRule.Rounded(pays.Numerator, pays.Denominator, Document.AmountRoundingMode.HalfUp);
    }
}
