using System.Collections.Immutable;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>What a price depends on: one shipment with its pieces, as opposed to the document registered for it.</summary>
public sealed record ShipmentToRate
{
    /// <summary>The waybill, for the answer only.</summary>
    public required string Waybill { get; init; }

    /// <summary>The product, as the tariff's services name it.</summary>
    public required string Service { get; init; }

    /// <summary>Place code or postcode of the origin.</summary>
    public required string Origin { get; init; }

    /// <summary>Place code or postcode of the destination.</summary>
    public required string Destination { get; init; }

    /// <summary>The zone, where the tariff takes it as given; null = not given.</summary>
    public string? Zone { get; init; }

    /// <summary>The moment of acceptance: it picks the version, and the rows of dated tables; null = unknown, which only a contract without dated terms can rate.</summary>
    public Instant? Accepted { get; init; }

    /// <summary>At least one.</summary>
    public required ImmutableArray<PieceToRate> Pieces { get; init; }

    /// <summary>Declared value in minor units of the contract's currency; null = not insured, as opposed to a declared zero, which is refused.</summary>
    public long? DeclaredValueMinor { get; init; }

    /// <summary>Cash to collect in minor units; null = none.</summary>
    public long? CodMinor { get; init; }

    /// <summary>True when the consignee pays the freight.</summary>
    public bool FreightCollect { get; init; }

    /// <summary>True for fragile goods (insurance rows of their own).</summary>
    public bool Fragile { get; init; }

    /// <summary>True when it went back to its sender.</summary>
    public bool Returned { get; init; }

    /// <summary>True when it was sent on to another address.</summary>
    public bool Redirected { get; init; }

    /// <summary>What the client or a depot marked: words of the contract (pre_sorted, sunday).</summary>
    public ImmutableArray<string> Marks { get; init; } = [];
}

/// <summary>One piece.</summary>
/// <param name="Weight">The weight that bills, above zero.</param>
/// <param name="Sides">Its sides; null = not measured: then only the weight counts.</param>
public sealed record PieceToRate(Mass Weight, Dimensions? Sides);

/// <summary>A price with its lines, or the reason why there is none; a refusal is never a zero (laws 3 and 4). A closed set.</summary>
public abstract record RateOutcome
{
    private RateOutcome()
    {
    }

    /// <summary>A price.</summary>
    /// <param name="Contract">The contract's number.</param>
    /// <param name="Version">The version that rated.</param>
    /// <param name="Total">The sum of the lines.</param>
    /// <param name="Chargeable">The weight that bills.</param>
    /// <param name="Lines">In the order of the bill; they add up to the total.</param>
    /// <param name="Trace">Every input and step as canonical JSON, from which the price replays to the same cent; empty when none was asked for.</param>
    public sealed record Charged(string Contract, uint Version, Money Total, Mass Chargeable, ImmutableArray<ChargeLine> Lines, string Trace) : RateOutcome;

    /// <summary>No price.</summary>
    /// <param name="Reason">A code of a closed set, e.g. <c>NO_ZONE</c>.</param>
    /// <param name="Clause">The clause that refuses; null when there is none at all.</param>
    /// <param name="TextZh">What happened, to what, why and what to do, in Chinese.</param>
    /// <param name="TextEn">The same in English.</param>
    public sealed record Refused(string Reason, string? Clause, string TextZh, string TextEn) : RateOutcome;
}

/// <summary>One line of a charge.</summary>
/// <param name="Clause">The clause, e.g. <c>T-3</c>.</param>
/// <param name="Kind">freight, return, redirect, discount, surcharge, insurance, cod, freight_collect.</param>
/// <param name="Amount">Negative for a discount.</param>
/// <param name="TextZh">How it came about, as a client understands it, in Chinese.</param>
/// <param name="TextEn">The same in English.</param>
public sealed record ChargeLine(string Clause, string Kind, Money Amount, string TextZh, string TextEn);
