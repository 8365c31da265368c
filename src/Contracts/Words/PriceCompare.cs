using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Contracts.Words;

/// <summary>
/// Whether a price is anywhere higher than another, for the ten-day rule and the price lock (domain.md 4.2). Exact: both are linear between the ends of
/// their brackets, so comparing just inside every end, and the slopes beyond the last, decides for every weight.
/// </summary>
internal static class PriceCompare
{
    private static readonly Mass Grain = Mass.FromMilligrams(1);
    private static readonly Mass Beyond = Mass.FromKilograms(100_000);

    /// <summary>True when some weight that both carry costs more by <paramref name="later"/>.</summary>
    internal static bool Rises(PriceRule earlier, PriceRule later)
    {
        foreach (var weight in Ends(earlier).Concat(Ends(later)).SelectMany(e => new[] { e - Grain, e, e + Grain }).Append(Grain).Append(Beyond).Append(Beyond * 2).Where(w => w > Mass.Zero).Distinct())
        {
            if (At(earlier, weight) is { } before && At(later, weight) is { } after && after > before) return true;
        }
        return false;
    }

    private static IEnumerable<Mass> Ends(PriceRule price) => price switch
    {
        PriceRule.FirstFurther { Further: { } further } f => further.Tiers.Select(t => t.To).OfType<Mass>().Select(e => further.ReadOn == TierReadOn.Excess ? f.To + e : e).Append(f.To),
        PriceRule.FirstFurther f => [f.To],
        PriceRule.Brackets b => b.Rows.Select(r => r.To).OfType<Mass>(),
        _ => [],
    };

    /// <summary>The price of a weight that bills; null when it is not carried.</summary>
    internal static decimal? At(PriceRule price, Mass weight)
    {
        switch (price)
        {
            case PriceRule.PerParcel parcel:
                return parcel.Price;
            case PriceRule.Brackets brackets:
                var start = Mass.Zero;
                foreach (var b in brackets.Rows)
                {
                    if (b.To is not { } end || weight <= end)
                    {
                        return b.Price + (b.PerKg * (b.PerKgOn == RoundingReadOn.Total ? weight : weight - start).Kilograms) + (b.Step is { } step ? b.PerStep * ((weight - start).Milligrams / (decimal)step.Milligrams) : 0);
                    }
                    start = end;
                }
                return null;
            case PriceRule.FirstFurther f:
                if (weight <= f.To) return f.First;
                return f.Further is { } further && Further(further, f.To, weight) is { } more ? f.First + more : null;
            default:
                throw new InvariantBrokenException("A price is of one of three kinds.", price.GetType().Name);
        }
    }

    private static decimal? Further(FurtherRule rule, Mass first, Mass weight)
    {
        var excess = weight - first;
        if (rule.ReadOn != TierReadOn.Graduated)
        {
            var read = rule.ReadOn == TierReadOn.Total ? weight : excess;
            return rule.Tiers.FirstOrDefault(t => t.To is not { } end || read <= end) is { } tier ? Steps(excess, rule.Step) * tier.Price : null;
        }
        var (sum, start) = (0m, first);
        foreach (var tier in rule.Tiers)
        {
            var end = tier.To is { } to && to < weight ? to : weight;
            sum += Steps(end - start, rule.Step) * tier.Price;
            if (end == weight) return sum;
            start = end;
        }
        return null;
    }

    private static decimal Steps(Mass part, Mass step) => part.Milligrams / (decimal)step.Milligrams;
}
