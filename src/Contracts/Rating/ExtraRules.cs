using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>From when until when a clause applies, as ticks, so that no calendar is asked while rating.</summary>
internal readonly record struct TickSpan(long From, long Until)
{
    /// <summary>The value of an acceptance that is not known.</summary>
    internal const long Unknown = long.MinValue;

    internal bool IsDated => From != Unknown + 1 || Until != long.MaxValue;

    internal bool Holds(long ticks) => !IsDated || (ticks >= From && ticks < Until);

    internal static TickSpan Of(LocalDate? from, LocalDate? until, DateTimeZone zone) => new(
        from is { } first ? StartOf(first, zone) : Unknown + 1,
        until is { } last && last < LocalDate.MaxIsoValue ? StartOf(last.PlusDays(1), zone) : long.MaxValue);

    internal static long StartOf(LocalDate date, DateTimeZone zone) => zone.AtStartOfDay(date).ToInstant().ToUnixTimeTicks();
}

/// <summary>A discount ready to be computed, as what comes off, a positive amount.</summary>
internal sealed class DiscountRule(DiscountClause clause, int decimals)
{
    internal TickSpan Span { get; } = TickSpan.Of(clause.From, clause.Until, clause.Zone);

    internal string? Mark { get; } = clause.Mark;

    // A discount's clause names no rounding: it is rounded as amounts usually are.
    internal AmountRule Amount { get; } = new(
        new AmountTerms(ChargeKind.Discount, clause.Clause.Value, clause.Mark ?? "", AmountBasis.Freight, [ExtraTerms.Percent(clause.Percent, decimals)], null, null, AmountRounding.Cent), decimals);
}

/// <summary>A surcharge ready to be computed.</summary>
internal sealed class SurchargeRule
{
    private readonly long[] _rowsFrom = [];
    private readonly AmountRule[] _rows;
    private readonly PlacePatterns? _places;
    private readonly SurchargeWhen _when;

    /// <param name="clause">The clause.</param>
    /// <param name="decimals">Decimals of the currency.</param>
    /// <param name="number">Its place among the service's surcharges, by which <see cref="SurchargeChoice"/> knows it.</param>
    internal SurchargeRule(SurchargeClause clause, int decimals, int number)
    {
        Clause = clause.Clause.Value;
        _when = clause.When;
        Span = TickSpan.Of(clause.From, clause.Until, clause.Zone);
        var label = Label(clause);
        AmountRule Rule(AmountBasis basis, PriceTerm term, string name) =>
            new(new AmountTerms(ChargeKind.Surcharge, Clause, name, basis, [term], null, null, clause.Rounding), decimals);
        switch (clause.Price)
        {
            case SurchargePrice.PerShipment fixedly:
                _rows = [Rule(AmountBasis.None, PriceTerm.Once(TermKind.Shipment, fixedly.Amount), label)];
                break;
            case SurchargePrice.PerPiece pieces:
                _rows = [Rule(AmountBasis.Pieces, new PriceTerm(TermKind.Piece, pieces.Amount, 0, 1, null, null), label)];
                break;
            case SurchargePrice.PerKg kilograms:
                _rows = [Rule(AmountBasis.Weight, new PriceTerm(TermKind.PerKg, kilograms.Amount, 0, 1_000_000, null, null), label)];
                break;
            case SurchargePrice.Percent percent:
                _rows = [Rule(AmountBasis.NetFreight, ExtraTerms.Percent(percent.Value, decimals), label)];
                break;
            case SurchargePrice.PercentByDate dated:
                var rows = dated.Rows.OrderBy(r => r.From).ToArray();
                _rowsFrom = [.. rows.Select(r => TickSpan.StartOf(r.From, clause.Zone))];
                _rows = [.. rows.Select(r => Rule(AmountBasis.NetFreight, ExtraTerms.Percent(r.Percent, decimals), $"{label} {NodaTime.Text.LocalDatePattern.Iso.Format(r.From)}"))];
                IsByDate = true;
                break;
            default:
                throw new InvariantBrokenException("A surcharge's price is one of five.", clause.Price.ToString());
        }
        if (clause.When is SurchargeWhen.Remote remote && number >= SurchargeChoice.Most) _places = new PlacePatterns(remote.Places);
    }

    internal string Clause { get; }

    internal TickSpan Span { get; }

    internal bool IsByDate { get; }

    /// <summary>The amount at a moment of acceptance; null before the table's first row.</summary>
    internal AmountRule? At(long ticks)
    {
        if (!IsByDate) return _rows[0];
        var found = Array.BinarySearch(_rowsFrom, ticks);
        if (found < 0) found = ~found - 1;
        return found < 0 ? null : _rows[found];
    }

    /// <summary>To how many pieces it applies; zero = not at all. Of an oversize surcharge only the pieces that are. A remote one among the first is asked only for shipments whose ends it names.</summary>
    internal int Pieces(ShipmentToRate shipment)
    {
        switch (_when)
        {
            case SurchargeWhen.Remote remote:
                if (_places is null) return shipment.Pieces.Length;
                var applies = (remote.Ends is LaneEnds.Destination or LaneEnds.Either && _places.Best(shipment.Destination) >= 0)
                    || (remote.Ends is LaneEnds.Origin or LaneEnds.Either && _places.Best(shipment.Origin) >= 0);
                return applies ? shipment.Pieces.Length : 0;
            case SurchargeWhen.Oversize oversize:
                var count = 0;
                foreach (var piece in shipment.Pieces)
                {
                    if (IsOver(piece, oversize)) count++;
                }
                return count;
            case SurchargeWhen.Marked marked:
                return ExtraTerms.IsMarked(shipment, marked.Mark) ? shipment.Pieces.Length : 0;
            default:
                return shipment.Pieces.Length;
        }
    }

    private static bool IsOver(PieceToRate piece, SurchargeWhen.Oversize limits)
    {
        if (limits.Weight is { } weight && piece.Weight > weight) return true;
        if (piece.Sides is not { } sides) return false;
        var longest = Math.Max(sides.LengthMm, Math.Max(sides.WidthMm, sides.HeightMm));
        return (limits.LongestMm is { } side && longest > side) || (limits.GirthMm is { } girth && longest + (2 * (sides.LengthMm + sides.WidthMm + sides.HeightMm - longest)) > girth);
    }

    private static string Label(SurchargeClause clause) => clause.When switch
    {
        SurchargeWhen.Always when clause.Price is SurchargePrice.PercentByDate => "fuel",
        SurchargeWhen.Always => "always",
        SurchargeWhen.Remote => "remote",
        SurchargeWhen.Oversize => "oversize",
        SurchargeWhen.Marked marked => marked.Mark,
        _ => throw new InvariantBrokenException("A surcharge applies in one of four cases.", clause.When.ToString()),
    };
}

/// <summary>A way back or on, ready to be computed: by its own prices, or as a part of the way out.</summary>
internal sealed class ReturnRule
{
    internal ReturnRule(ReturnClause clause, int decimals)
    {
        Clause = clause.Clause.Value;
        var kind = clause.Kind == ReturnKind.Return ? ChargeKind.Return : ChargeKind.Redirect;
        Kind = kind;
        if (clause.PercentOfForward is { } percent)
            Percent = new AmountRule(new AmountTerms(kind, Clause, "", AmountBasis.Freight, [ExtraTerms.Percent(percent, decimals)], null, null, clause.Rounding), decimals);
        else
        {
            var line = new AmountTerms(kind, Clause, "", AmountBasis.Weight, [], null, null, clause.Rounding);
            Prices = new ZonePrices(clause.Rates, line, decimals);
            PiecePrices = new ZonePrices(clause.Rates, line with { Line = ChargeKind.Piece }, decimals);
            Sum = new SumRule(line, decimals);
        }
    }

    internal string Clause { get; }

    internal ChargeKind Kind { get; }

    internal AmountRule? Percent { get; }

    internal ZonePrices? Prices { get; }

    /// <summary>The same for single pieces, where the tariff charges each by itself.</summary>
    internal ZonePrices? PiecePrices { get; }

    internal SumRule? Sum { get; }
}

/// <summary>Insured value, ready to be computed.</summary>
internal sealed class InsuranceRule(InsuranceClause clause, int decimals)
{
    private readonly (long UpTo, AmountRule Rule)[] _ordinary = Rows(clause, clause.Ordinary, decimals);
    private readonly (long UpTo, AmountRule Rule)[] _fragile = Rows(clause, clause.Fragile.IsDefaultOrEmpty ? clause.Ordinary : clause.Fragile, decimals);
    private readonly long _maximum = clause.Maximum is { } maximum ? ExtraTerms.Minor(maximum, decimals) : long.MaxValue;

    internal string Clause { get; } = clause.Clause.Value;

    /// <summary>The fee of a declared value; null above what is insured.</summary>
    internal AmountRule? At(long declared, bool fragile)
    {
        if (declared > _maximum) return null;
        foreach (var (upTo, rule) in fragile ? _fragile : _ordinary)
        {
            if (declared <= upTo) return rule;
        }
        return null;
    }

    private static (long UpTo, AmountRule Rule)[] Rows(InsuranceClause clause, ImmutableArray<InsuranceRow> rows, int decimals) =>
    [
        .. rows.Select(row =>
        {
            var terms = ImmutableArray.CreateBuilder<PriceTerm>();
            if (row.Price != 0 || row.PerMille == 0) terms.Add(PriceTerm.Once(TermKind.Shipment, row.Price));
            if (row.PerMille != 0) terms.Add(new PriceTerm(TermKind.PerMille, row.PerMille, 0, 10 * ExtraTerms.PerHundred(decimals), null, null));
            var amount = new AmountTerms(ChargeKind.Insurance, clause.Clause.Value, "", AmountBasis.Declared, terms.ToImmutable(), row.Minimum == 0 ? null : row.Minimum, null, clause.Rounding);
            return (row.To is { } to ? ExtraTerms.Minor(to, decimals) : long.MaxValue, new AmountRule(amount, decimals));
        }),
    ];
}

/// <summary>Cash on delivery, ready to be computed.</summary>
internal sealed class CodRule(CodClause clause, int decimals)
{
    internal string Clause { get; } = clause.Clause.Value;

    internal long Highest { get; } = clause.HighestAmount is { } highest ? ExtraTerms.Minor(highest, decimals) : long.MaxValue;

    internal AmountRule Fee { get; } = new(
        new AmountTerms(
            ChargeKind.Cod, clause.Clause.Value, "", AmountBasis.Cod, [ExtraTerms.Percent(clause.Percent, decimals)], clause.Minimum == 0 ? null : clause.Minimum, clause.Maximum, clause.Rounding),
        decimals);
}

/// <summary>Freight paid by the consignee, ready to be computed.</summary>
internal sealed class FreightCollectRule(FreightCollectClause clause, int decimals)
{
    internal string Clause { get; } = clause.Clause.Value;

    /// <summary>The fee; null when there is none.</summary>
    internal AmountRule? Fee { get; } = clause.Fee == 0
        ? null
        : new AmountRule(new AmountTerms(ChargeKind.FreightCollect, clause.Clause.Value, "", AmountBasis.None, [PriceTerm.Once(TermKind.Shipment, clause.Fee)], null, null, clause.Rounding), decimals);

    /// <summary>True when a refused parcel's way back is not the shipper's.</summary>
    internal bool WayBackIsFree { get; } = clause.Refused == RefusedFreight.WayOut;
}

/// <summary>What the extras share.</summary>
internal static class ExtraTerms
{
    internal const string Fragile = "fragile";
    internal const string FreightCollect = "freight_collect";

    internal static long PerHundred(int decimals)
    {
        var per = 100L;
        for (var i = 0; i < decimals; i++) per *= 10;
        return per;
    }

    /// <summary>Percent of an amount in minor units, giving major units.</summary>
    internal static PriceTerm Percent(decimal percent, int decimals) => new(TermKind.Percent, percent, 0, PerHundred(decimals), null, null);

    /// <summary>A limit in minor units, rounded down; what does not fit is no limit.</summary>
    internal static long Minor(decimal major, int decimals)
    {
        var value = Fraction.Of(major) * (PerHundred(decimals) / 100);
        var minor = value.Numerator / value.Denominator;
        return minor > long.MaxValue ? long.MaxValue : (long)minor;
    }

    /// <summary>True when a shipment bears a mark: two of them are fields of its own, any may be a word of the contract.</summary>
    internal static bool IsMarked(ShipmentToRate shipment, string mark)
    {
        if (shipment.Fragile && string.Equals(mark, Fragile, StringComparison.Ordinal)) return true;
        if (shipment.FreightCollect && string.Equals(mark, FreightCollect, StringComparison.Ordinal)) return true;
        if (shipment.Marks.IsDefaultOrEmpty) return false;
        foreach (var word in shipment.Marks)
        {
            if (string.Equals(word, mark, StringComparison.Ordinal)) return true;
        }
        return false;
    }
}
