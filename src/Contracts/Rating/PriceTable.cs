using System.Collections.Frozen;
using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>
/// A price ready to be computed: every <see cref="PriceRule"/> is a function of the chargeable weight that is straight between a few ends, so it is a list of ends and an <see cref="AmountRule"/> up to
/// each.
/// </summary>
internal sealed class PriceTable
{
    private readonly long[] _upTo;
    private readonly AmountRule[] _rules;

    private PriceTable(bool byPieces, IEnumerable<(long UpTo, AmountRule Rule)> parts)
    {
        ByPieces = byPieces;
        (long UpTo, AmountRule Rule)[] all = [.. parts];
        (_upTo, _rules) = ([.. all.Select(p => p.UpTo)], [.. all.Select(p => p.Rule)]);
    }

    /// <summary>True for a price a piece: x is then the number of pieces, and weight plays no part.</summary>
    internal bool ByPieces { get; }

    /// <summary>The price of a weight; null when nothing that heavy is carried.</summary>
    internal AmountRule? At(long weightMg)
    {
        var upTo = _upTo;
        if (upTo.Length <= 8)
        {
            for (var i = 0; i < upTo.Length; i++)
            {
                if (weightMg <= upTo[i]) return _rules[i];
            }
            return null;
        }
        var found = Array.BinarySearch(upTo, weightMg);
        if (found < 0) found = ~found;
        return found < upTo.Length ? _rules[found] : null;
    }

    /// <summary>The table of a price. A piece's price of a shipment charged piece by piece has no least: that is the shipment's.</summary>
    internal static PriceTable Of(PriceRule price, AmountTerms line, int decimals) => price switch
    {
        PriceRule.FirstFurther first => new PriceTable(false, FirstFurther(first).Select(p => (p.UpTo, Rule(line, AmountBasis.Weight, p.Terms, decimals)))),
        PriceRule.Brackets brackets => new PriceTable(false, Brackets(brackets).Select(p => (p.UpTo, Rule(line, AmountBasis.Weight, p.Terms, decimals)))),
        PriceRule.PerParcel parcel => new PriceTable(true, [(long.MaxValue, Rule(line, AmountBasis.Pieces, [new PriceTerm(TermKind.Piece, parcel.Price, 0, 1, null, null)], decimals))]),
        _ => throw new InvariantBrokenException("A price is one of three rules.", price.ToString()),
    };

    private static AmountRule Rule(AmountTerms line, AmountBasis basis, ImmutableArray<PriceTerm> terms, int decimals) => new(line with { Basis = basis, Terms = terms }, decimals);

    private static IEnumerable<(long UpTo, ImmutableArray<PriceTerm> Terms)> FirstFurther(PriceRule.FirstFurther price)
    {
        var to = price.To.Milligrams;
        var first = PriceTerm.Once(TermKind.First, price.First, to);
        yield return (to, [first]);
        if (price.Further is not { } further) yield break;
        var step = further.Step.Milligrams;
        var whole = ImmutableArray.Create(first);   // graduated: the tiers that are passed in full
        var from = to;
        foreach (var tier in further.Tiers)
        {
            var upTo = tier.To is not { } end ? long.MaxValue : further.ReadOn == TierReadOn.Excess ? end.Milligrams + to : end.Milligrams;
            if (upTo <= from) continue;             // an end at or below the first weight holds no excess
            if (further.ReadOn == TierReadOn.Graduated)
            {
                yield return (upTo, whole.Add(new PriceTerm(TermKind.Further, tier.Price, from, step, null, null)));
                whole = whole.Add(new PriceTerm(TermKind.Further, tier.Price, from, step, upTo - from, null));
            }
            else
            {
                yield return (upTo, [first, new PriceTerm(TermKind.Further, tier.Price, to, step, null, null)]);
            }
            from = upTo;
        }
    }

    private static IEnumerable<(long UpTo, ImmutableArray<PriceTerm> Terms)> Brackets(PriceRule.Brackets price)
    {
        const long kilogram = 1_000_000;
        var from = 0L;
        foreach (var row in price.Rows)
        {
            var terms = ImmutableArray.CreateBuilder<PriceTerm>();
            if (row.Price != 0 || (row.PerKg == 0 && row.PerStep == 0)) terms.Add(PriceTerm.Once(TermKind.Bracket, row.Price, row.To?.Milligrams));
            if (row.PerKg != 0) terms.Add(new PriceTerm(TermKind.PerKg, row.PerKg, row.PerKgOn == RoundingReadOn.Excess ? from : 0, kilogram, null, null));
            if (row.PerStep != 0 && row.Step is { } step) terms.Add(new PriceTerm(TermKind.PerStep, row.PerStep, from, step.Milligrams, null, null));
            var upTo = row.To?.Milligrams ?? long.MaxValue;
            yield return (upTo, terms.ToImmutable());
            from = upTo;
        }
    }
}

/// <summary>Prices by zone.</summary>
internal sealed class ZonePrices
{
    private readonly FrozenDictionary<string, PriceTable> _named;
    private readonly PriceTable? _otherwise;

    internal ZonePrices(ImmutableArray<ZoneRate> rates, AmountTerms line, int decimals)
    {
        var named = new Dictionary<string, PriceTable>(StringComparer.Ordinal);
        foreach (var rate in rates)
        {
            var table = PriceTable.Of(rate.Price, line, decimals);
            foreach (var zone in rate.Zones) named.TryAdd(zone, table);
            if (rate.Zones.IsEmpty) _otherwise ??= table;
        }
        _named = named.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The price of a zone: the row that names it, else the one for any other; null when there is neither.</summary>
    internal PriceTable? For(string? zone) => zone is not null && _named.TryGetValue(zone, out var table) ? table : _otherwise;
}
