using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>Everything of a version that concerns one service, found once: rating looks up the service and walks short lists.</summary>
internal sealed class ServiceProgram
{
    internal ServiceProgram(ContractVersion version, string? service, int decimals)
    {
        bool Named(ImmutableArray<string> services) => service is not null && services.Contains(service, StringComparer.Ordinal);
        bool Concerns(ImmutableArray<string> services) => services.IsDefaultOrEmpty || Named(services);
        T? NamedElseAny<T>(IEnumerable<T> clauses, Func<T, ImmutableArray<string>> of)
            where T : class
        {
            T[] all = [.. clauses];
            return Array.Find(all, c => Named(of(c))) ?? Array.Find(all, c => of(c).IsDefaultOrEmpty);
        }
        Tariff = NamedElseAny(version.Tariffs, t => t.Chargeable.Services) is { } tariff ? new TariffRule(tariff, decimals) : null;
        WayBack = NamedElseAny(version.Returns.Where(r => r.Kind == ReturnKind.Return), r => r.Services) is { } back ? new ReturnRule(back, decimals) : null;
        Redirect = NamedElseAny(version.Returns.Where(r => r.Kind == ReturnKind.Redirect), r => r.Services) is { } on ? new ReturnRule(on, decimals) : null;
        Discounts = [.. version.Discounts.Where(d => Concerns(d.Services)).Select(d => new DiscountRule(d, decimals))];
        SurchargeClause[] surcharges = [.. version.Surcharges.Where(s => Concerns(s.Services))];
        Surcharges = [.. surcharges.Select((s, number) => new SurchargeRule(s, decimals, number))];
        Choice = new SurchargeChoice([.. surcharges.Select(s => s.When)]);
        Insurance = NamedElseAny(version.Insurance, i => i.Services) is { } insurance ? new InsuranceRule(insurance, decimals) : null;
    }

    internal TariffRule? Tariff { get; }

    internal ReturnRule? WayBack { get; }

    internal ReturnRule? Redirect { get; }

    internal DiscountRule[] Discounts { get; }

    internal SurchargeRule[] Surcharges { get; }

    /// <summary>Which of the surcharges a shipment may bear.</summary>
    internal SurchargeChoice Choice { get; }

    internal InsuranceRule? Insurance { get; }

    /// <summary>The most lines of a charge.</summary>
    internal int LinesMax => 6 + Discounts.Length + Surcharges.Length;

    /// <summary>The services that a version names anywhere; any other is rated alike.</summary>
    internal static IEnumerable<string> Named(ContractVersion version) =>
        version.Tariffs.SelectMany(t => t.Chargeable.Services)
            .Concat(version.Returns.SelectMany(r => Words(r.Services)))
            .Concat(version.Discounts.SelectMany(d => Words(d.Services)))
            .Concat(version.Surcharges.SelectMany(s => Words(s.Services)))
            .Concat(version.Insurance.SelectMany(i => Words(i.Services)))
            .Distinct(StringComparer.Ordinal);

    private static ImmutableArray<string> Words(ImmutableArray<string> services) => services.IsDefault ? [] : services;
}

/// <summary>A tariff ready to be computed: zone, chargeable weight, price.</summary>
internal sealed class TariffRule
{
    private readonly ZoneLookup? _zones;
    private readonly bool _isGiven;
    private readonly ZonePrices _prices;
    private readonly PriceTable?[] _priceOfRow;
    private readonly PriceTable? _everywhere;

    internal TariffRule(TariffClause clause, int decimals)
    {
        Clause = clause.Clause.Value;
        Weigh = new WeighRule(clause.Chargeable);
        PieceByPiece = clause.Pieces == PieceRule.Each;
        _isGiven = clause.Zones is ZoneRule.Given;
        _zones = clause.Zones is { } rule ? ZoneLookup.Of(rule, Clause) : null;
        var minimum = clause.Minimum is { } least && least > 0 ? least : (decimal?)null;
        var line = new AmountTerms(ChargeKind.Freight, Clause, "", AmountBasis.Weight, [], minimum, null, clause.Rounding);
        _prices = new ZonePrices(clause.Rates, line, decimals);
        PiecePrices = PieceByPiece ? new ZonePrices(clause.Rates, line with { Line = ChargeKind.Piece, Least = null }, decimals) : null;
        Sum = new SumRule(line, decimals);
        _priceOfRow = _zones is null ? [] : [.. _zones.Zones.Select(_prices.For)];
        _everywhere = _prices.For(null);
    }

    internal string Clause { get; }

    internal WeighRule Weigh { get; }

    internal bool PieceByPiece { get; }

    /// <summary>Prices of single pieces; null unless each piece is charged by itself.</summary>
    internal ZonePrices? PiecePrices { get; }

    internal SumRule Sum { get; }

    /// <summary>Finds zone and price. False: there is no zone; a null price: the zone has none.</summary>
    internal bool TryPrice(ShipmentToRate shipment, RateSteps? trace, out string? zone, out PriceTable? price)
    {
        (zone, price) = (null, null);
        if (_zones is { } zones)
        {
            var row = zones.Find(shipment);
            if (row < 0) return false;
            (zone, price) = (zones.Zones[row], _priceOfRow[row]);
            trace?.Zone(zones, row);
        }
        else if (_isGiven)
        {
            if (string.IsNullOrEmpty(shipment.Zone)) return false;
            (zone, price) = (shipment.Zone, _prices.For(shipment.Zone));
            trace?.Given(Clause, shipment.Zone);
        }
        else
        {
            price = _everywhere;
        }
        return true;
    }
}

/// <summary>The freight of a shipment whose pieces are charged each by itself: their sum, at least the tariff's minimum.</summary>
internal sealed class SumRule
{
    private readonly long _least;
    private readonly byte[] _json;

    internal SumRule(AmountTerms line, int decimals)
    {
        Clause = line.Clause;
        Least = line.Least;
        // The minimum is rounded as the freight is: the amount of a price that is the minimum, whatever is weighed.
        _ = new AmountRule(line with { Basis = AmountBasis.None, Terms = [PriceTerm.Once(TermKind.Shipment, line.Least ?? 0)], Least = null }, decimals).TryAt(0, out _least);
        var json = new TraceBuffer().Text("\"line\":").Quoted(TraceWords.Of(line.Line)).Text(",\"clause\":").Quoted(line.Clause);
        AmountTerms.Bounds(json, line.Least, null, line.Rounding);
        _json = json.Bytes.ToArray();
    }

    internal string Clause { get; }

    internal decimal? Least { get; }

    internal ReadOnlySpan<byte> Json => _json;

    internal long AtLeast(long minor) => Math.Max(minor, _least);
}
