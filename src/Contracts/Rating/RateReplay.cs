using System.Collections.Immutable;
using System.Numerics;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>What a replay gave.</summary>
/// <param name="Lines">Kind, clause and amount in minor units, in the order of the bill.</param>
/// <param name="TotalMinor">Their sum.</param>
/// <param name="Differs">The first step whose number the replay does not find, 0-based; null when the trace is true throughout.</param>
internal sealed record ReplayedCharge(ImmutableArray<(ChargeKind Kind, string Clause, long Minor)> Lines, long TotalMinor, int? Differs);

/// <summary>
/// Computes a price again from its trace alone, in fractions of any size and the rules' own words, without anything the compiled program computes with: what a client, a court or a test would do. A
/// number in the trace is believed only as far as the steps before it give the same.
/// </summary>
internal static class RateReplay
{
    internal static ReplayedCharge Of(RateTrace trace)
    {
        var lines = ImmutableArray.CreateBuilder<(ChargeKind, string, long)>();
        var decimals = Money.Zero(trace.Currency).Decimals;
        var (freight, discounts, sum, total) = (0L, 0L, 0L, 0L);
        var bills = new List<long>();
        var piece = 0;
        int? differs = null;
        for (var at = 0; at < trace.Steps.Length; at++)
        {
            long? said = null, found = null;
            switch (trace.Steps[at])
            {
                case TraceStep.Weigh weigh:
                    (said, found) = (weigh.BillsMg, Bills(weigh, trace.Shipment));
                    bills.Add(found.Value);
                    break;
                case TraceStep.Amount { Terms.Line: ChargeKind.Piece } amount:
                    if (piece >= bills.Count) return new ReplayedCharge(lines.ToImmutable(), total, at);
                    (said, found) = (amount.Minor, Amount(amount.Terms, bills[piece++], decimals));
                    sum += found.Value;
                    break;
                case TraceStep.Sum step:
                    (said, found) = (step.Minor, Math.Max(sum, step.Least is { } least ? Minor(Fraction.Of(least), step.Rounding, decimals) : 0));
                    (sum, piece) = (0, 0);
                    Add(step.Line, step.Clause, found.Value);
                    break;
                case TraceStep.Amount { Terms.Line: ChargeKind.Discount } amount:
                    (said, found) = (amount.Minor, -Math.Min(Amount(amount.Terms, freight, decimals), freight - discounts));
                    discounts -= found.Value;
                    Add(ChargeKind.Discount, amount.Terms.Clause, found.Value);
                    break;
                case TraceStep.Amount amount:
                    var x = Of(amount, trace.Shipment, bills, freight, freight - discounts);
                    if (x != amount.Of) differs ??= at;
                    (said, found) = (amount.Minor, Amount(amount.Terms, x, decimals));
                    Add(amount.Terms.Line, amount.Terms.Clause, found.Value);
                    break;
            }
            if (said != found) differs ??= at;
        }
        if (total != trace.TotalMinor) differs ??= trace.Steps.Length;
        return new ReplayedCharge(lines.ToImmutable(), total, differs);

        void Add(ChargeKind kind, string clause, long minor)
        {
            lines.Add((kind, clause, minor));
            total += minor;
            if (kind == ChargeKind.Freight) freight = minor;
        }
    }

    // An oversize surcharge counts only the pieces that are over: that number is the trace's, between one and all.
    private static long Of(TraceStep.Amount amount, ShipmentToRate shipment, List<long> bills, long freight, long net) => amount.Terms.Basis switch
    {
        AmountBasis.None => 0,
        AmountBasis.Weight => bills.Sum(),
        AmountBasis.Pieces when amount.Terms.Line == ChargeKind.Surcharge && amount.Of is > 0 and var some && some <= shipment.Pieces.Length => some,
        AmountBasis.Pieces => shipment.Pieces.Length,
        AmountBasis.Freight => freight,
        AmountBasis.NetFreight => net,
        AmountBasis.Declared => shipment.DeclaredValueMinor ?? 0,
        AmountBasis.Cod => shipment.CodMinor ?? 0,
        _ => throw new InvariantBrokenException("An amount is a function of one of seven things.", amount.Terms.Basis.ToString()),
    };

    private static long Bills(TraceStep.Weigh step, ShipmentToRate shipment)
    {
        var terms = step.Terms;
        Int128 actual = 0, volume = 0;
        foreach (var piece in shipment.Pieces.Skip(step.Piece).Take(step.Count))
        {
            actual += piece.Weight.Milligrams;
            if (piece.Sides is not { } sides || terms.Volumetric is not { } rule) continue;
            volume += (Int128)WeighRule.Side(sides.LengthMm, rule.Side) * WeighRule.Side(sides.WidthMm, rule.Side) * WeighRule.Side(sides.HeightMm, rule.Side);
        }
        var bills = Rounded(actual, 1, terms);
        if (terms.Volumetric is { } volumetric && step.Divisor > 0)
        {
            var (numerator, denominator) = (volume * 1_000, (Int128)step.Divisor);
            if (volumetric.Rounding is { } own) (numerator, denominator) = (own.Apply(numerator, denominator).Milligrams, 1);
            bills = Math.Max(bills, Rounded(numerator, denominator, terms));
        }
        return Math.Max(bills, terms.First.Milligrams);
    }

    private static long Rounded(Int128 numerator, Int128 denominator, ChargeableWeightTerms terms)
    {
        if (terms.ReadOn == RoundingReadOn.Total) return terms.Rounding.Apply(numerator, denominator).Milligrams;
        var excess = numerator - (terms.First.Milligrams * denominator);
        return terms.First.Milligrams + (excess <= 0 ? 0 : terms.Rounding.Apply(excess, denominator).Milligrams);
    }

    private static long Amount(AmountTerms terms, long x, int decimals)
    {
        var value = Fraction.Zero;
        foreach (var term in terms.Terms) value += Fraction.Of(term.Price) * (term.Fixed ?? (x - term.From)) / term.Per;
        if (terms.Least is { } least && Above(Fraction.Of(least), value)) value = Fraction.Of(least);
        if (terms.Most is { } most && Above(value, Fraction.Of(most))) value = Fraction.Of(most);
        return Minor(value, terms.Rounding, decimals);
    }

    private static long Minor(Fraction major, AmountRounding rounding, int decimals)
    {
        var unit = AmountRule.UnitOf(rounding, decimals);
        var units = major * Fraction.Of(BigInteger.Pow(10, decimals)) / unit;
        return (long)BigInteger.Min(AmountRule.Rounded(units.Numerator, units.Denominator, rounding.Mode) * unit, AmountRule.AmountMax);
    }

    private static bool Above(Fraction a, Fraction b) => (a - b).Numerator > 0;
}
