using System.Collections.Immutable;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Contracts.Document;

/// <summary>The freight of one or more services: zone, chargeable weight, price by zone.</summary>
/// <param name="Chargeable">How weights become the billed one, with the clause's id and its services (none = any).</param>
/// <param name="Zones">How origin and destination give a zone; null when there is one price for everywhere.</param>
/// <param name="Rates">The prices, each for some zones; the one without zones is for any other. Never empty.</param>
/// <param name="Pieces">How several pieces under one waybill are weighed.</param>
/// <param name="Minimum">The least freight of a shipment, in major units; null for none.</param>
/// <param name="Rounding">How the freight becomes an amount.</param>
internal sealed record TariffClause(
    ChargeableWeightTerms Chargeable,
    ZoneRule? Zones,
    ImmutableArray<ZoneRate> Rates,
    PieceRule Pieces,
    decimal? Minimum,
    AmountRounding Rounding)
{
    public ClauseId Clause => Chargeable.Clause;
}

/// <summary>How several pieces are charged.</summary>
internal enum PieceRule
{
    /// <summary>Weights and volumes are put together, then rounded once: one first weight a shipment.</summary>
    Together = 1,

    /// <summary>Each piece is rounded and priced by itself, the freight is their sum.</summary>
    Each = 2,
}

/// <summary>How an exact amount becomes one of money: to the nearest multiple of a unit, up or down.</summary>
/// <param name="Unit">Major units, above zero: 0.01, 0.1, 1.</param>
/// <param name="Mode">Which multiple.</param>
internal sealed record AmountRounding(decimal Unit, AmountRoundingMode Mode)
{
    /// <summary>To the hundredth, half up: the usual one (domain.md 4.5).</summary>
    public static AmountRounding Cent { get; } = new(0.01m, AmountRoundingMode.HalfUp);
}

/// <summary>Which multiple an amount is rounded to.</summary>
internal enum AmountRoundingMode
{
    /// <summary>The nearest, half away from zero.</summary>
    HalfUp = 1,

    /// <summary>The next above.</summary>
    Up = 2,

    /// <summary>The next below.</summary>
    Down = 3,
}

/// <summary>How two places give a zone. A closed set. A pair without a row has no zone: the shipment is refused, never priced by a neighbour.</summary>
internal abstract record ZoneRule
{
    private ZoneRule()
    {
    }

    /// <summary>The zone comes with the shipment or the invoice line.</summary>
    internal sealed record Given : ZoneRule;

    /// <summary>An explicit table of lanes; the most specific row wins (<see cref="Lane"/>).</summary>
    internal sealed record ByLane(ImmutableArray<LaneZone> Rows) : ZoneRule;

    /// <summary>Postcode ranges, both ends included, compared as numbers of the same length; ranges of one direction do not overlap.</summary>
    internal sealed record ByPostcode(ImmutableArray<PostcodeZone> Rows) : ZoneRule;

    /// <summary>Region codes: places belong to regions (longest prefix), pairs of regions give a zone.</summary>
    internal sealed record ByRegion(ImmutableArray<PlaceRegion> Places, ImmutableArray<RegionZone> Pairs) : ZoneRule;
}

internal sealed record LaneZone(Lane Lane, string Zone);

/// <param name="From">Origins; null = anywhere.</param>
/// <param name="To">Destinations; null = anywhere.</param>
/// <param name="Zone">The zone.</param>
internal sealed record PostcodeZone(PostcodeRange? From, PostcodeRange? To, string Zone);

/// <summary>Postcodes of one length, digits only, both ends included: <c>200000-201999</c>.</summary>
internal sealed record PostcodeRange(string First, string Last);

/// <param name="Pattern">A place code or a prefix with a star.</param>
/// <param name="Region">Its region.</param>
internal sealed record PlaceRegion(string Pattern, string Region);

/// <param name="From">The origin's region, <c>*</c> for any.</param>
/// <param name="To">The destination's region, <c>*</c> for any.</param>
/// <param name="Zone">The zone; rows naming a region go before a star.</param>
internal sealed record RegionZone(string From, string To, string Zone);

/// <summary>The price in some zones.</summary>
/// <param name="Zones">Zone codes; empty = any zone that no other row names.</param>
/// <param name="Price">The price.</param>
internal sealed record ZoneRate(ImmutableArray<string> Zones, PriceRule Price);

/// <summary>A price as a function of the chargeable weight. A closed set. Prices are exact decimals in major units, zero or more.</summary>
internal abstract record PriceRule
{
    private PriceRule()
    {
    }

    /// <summary>First weight (首重) and steps beyond (续重).</summary>
    /// <param name="First">The price up to <paramref name="To"/>.</param>
    /// <param name="To">The first weight.</param>
    /// <param name="Further">What comes on top; null when nothing heavier is carried: it is refused.</param>
    internal sealed record FirstFurther(decimal First, Mass To, FurtherRule? Further) : PriceRule;

    /// <summary>Brackets from zero upward without a gap; heavier than the last is refused unless the last is open.</summary>
    internal sealed record Brackets(ImmutableArray<Bracket> Rows) : PriceRule;

    /// <summary>One price a piece, whatever it weighs.</summary>
    internal sealed record PerParcel(decimal Price) : PriceRule;
}

/// <summary>The steps beyond the first weight. The excess is charged as excess ÷ step × price, exactly: that it is whole steps is the weight rounding's business.</summary>
/// <param name="Step">What the price is for.</param>
/// <param name="ReadOn">Which weight picks the tier.</param>
/// <param name="Tiers">Ascending, by upper end, the last possibly open. Ends are total weights, whatever <paramref name="ReadOn"/> says, unless it is <see cref="TierReadOn.Excess"/>.</param>
internal sealed record FurtherRule(Mass Step, TierReadOn ReadOn, ImmutableArray<FurtherTier> Tiers);

/// <param name="To">The upper end, included; null = open.</param>
/// <param name="Price">Per step.</param>
internal sealed record FurtherTier(Mass? To, decimal Price);

/// <summary>Which weight a tier is read on (data/README.md: Yunda 305 kg = 192.00, 206.75 or 206.50).</summary>
internal enum TierReadOn
{
    /// <summary>The whole weight picks one tier for the whole excess.</summary>
    Total = 1,

    /// <summary>The excess picks one tier for the whole excess.</summary>
    Excess = 2,

    /// <summary>Each part of the excess pays the tier it lies in, ends being total weights.</summary>
    Graduated = 3,
}

/// <summary>
/// One bracket: <c>Price + PerKg × read weight + PerStep × (weight beyond the bracket's lower end ÷ Step)</c>.
/// </summary>
/// <param name="To">The upper end, included; null = open, only in the last.</param>
/// <param name="Price">The price of the bracket.</param>
/// <param name="PerKg">Per kilogram.</param>
/// <param name="PerKgOn">Whether PerKg counts the whole weight or what lies above the bracket's lower end.</param>
/// <param name="Step">The step of <paramref name="PerStep"/>; null without.</param>
/// <param name="PerStep">Per step beyond the lower end.</param>
internal sealed record Bracket(Mass? To, decimal Price, decimal PerKg, RoundingReadOn PerKgOn, Mass? Step, decimal PerStep);

/// <summary>What a way back or a redirect costs on top of the way out.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Kind">Which of the two.</param>
/// <param name="Services">None = any.</param>
/// <param name="Rates">Prices by zone of the way out, over its chargeable weight; empty when <paramref name="PercentOfForward"/> says it.</param>
/// <param name="PercentOfForward">Percent of the forward freight; null when <paramref name="Rates"/> say it.</param>
/// <param name="Rounding">How it becomes an amount.</param>
internal sealed record ReturnClause(ClauseId Clause, ReturnKind Kind, ImmutableArray<string> Services, ImmutableArray<ZoneRate> Rates, decimal? PercentOfForward, AmountRounding Rounding);

/// <summary>Where a parcel went instead.</summary>
internal enum ReturnKind
{
    /// <summary>Back to the sender.</summary>
    Return = 1,

    /// <summary>On to another address.</summary>
    Redirect = 2,
}
