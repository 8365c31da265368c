using System.Collections.Immutable;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Document;

/// <summary>A surcharge: when it applies, and what it costs.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="When">What a shipment must be for it to apply.</param>
/// <param name="Price">What it costs then.</param>
/// <param name="Services">None = any.</param>
/// <param name="From">The first local date of acceptance it applies to; null = always.</param>
/// <param name="Until">The last such date; null = open.</param>
/// <param name="Zone">The time zone of its dates.</param>
/// <param name="Rounding">How it becomes an amount.</param>
internal sealed record SurchargeClause(
    ClauseId Clause, SurchargeWhen When, SurchargePrice Price, ImmutableArray<string> Services, LocalDate? From, LocalDate? Until, DateTimeZone Zone, AmountRounding Rounding);

/// <summary>When a surcharge applies. A closed set.</summary>
internal abstract record SurchargeWhen
{
    private SurchargeWhen()
    {
    }

    /// <summary>To every shipment (fuel, peak: the dates say when).</summary>
    internal sealed record Always : SurchargeWhen;

    /// <summary>To or from places that are hard to reach.</summary>
    /// <param name="Places">Place codes or prefixes with a star.</param>
    /// <param name="Ends">Which end is looked at.</param>
    internal sealed record Remote(ImmutableArray<string> Places, LaneEnds Ends) : SurchargeWhen;

    /// <summary>To what is larger or heavier than any of these; null = not looked at. The girth is length + 2 × (width + height), the longest side being the length.</summary>
    internal sealed record Oversize(int? LongestMm, int? GirthMm, Mass? Weight) : SurchargeWhen;

    /// <summary>To what the client or a depot marked: fragile, freight_collect, sunday, or a word of the contract's own.</summary>
    internal sealed record Marked(string Mark) : SurchargeWhen;
}

/// <summary>Which ends of a lane are looked at.</summary>
internal enum LaneEnds
{
    /// <summary>The destination.</summary>
    Destination = 1,

    /// <summary>The origin.</summary>
    Origin = 2,

    /// <summary>Either, once.</summary>
    Either = 3,
}

/// <summary>What a surcharge costs. A closed set. Freight is the tariff's line after discounts.</summary>
internal abstract record SurchargePrice
{
    private SurchargePrice()
    {
    }

    /// <summary>An amount a shipment.</summary>
    internal sealed record PerShipment(decimal Amount) : SurchargePrice;

    /// <summary>An amount a piece.</summary>
    internal sealed record PerPiece(decimal Amount) : SurchargePrice;

    /// <summary>An amount per kilogram of chargeable weight.</summary>
    internal sealed record PerKg(decimal Amount) : SurchargePrice;

    /// <summary>Percent of freight.</summary>
    internal sealed record Percent(decimal Value) : SurchargePrice;

    /// <summary>Percent of freight by the date of acceptance (fuel): the row with the latest date not after it. Before the first row the shipment is refused, never free.</summary>
    internal sealed record PercentByDate(ImmutableArray<DatedPercent> Rows) : SurchargePrice;
}

/// <param name="From">The first local date.</param>
/// <param name="Percent">0 to 1,000.</param>
internal sealed record DatedPercent(LocalDate From, decimal Percent);

/// <summary>A discount on freight: Percent of it, to services and dates.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Percent">Above 0, at most 100.</param>
/// <param name="Services">None = any.</param>
/// <param name="Mark">Only shipments so marked (SEED-02-REWARD: pre_sorted, machine_readable, off_peak); null = all.</param>
/// <param name="From">First local date of acceptance; null = always.</param>
/// <param name="Until">Last such date; null = open.</param>
/// <param name="Zone">The time zone of its dates.</param>
internal sealed record DiscountClause(ClauseId Clause, decimal Percent, ImmutableArray<string> Services, string? Mark, LocalDate? From, LocalDate? Until, DateTimeZone Zone);

/// <summary>The price of declaring a value, and what a loss pays (domain.md 4.2, 4.5).</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Services">None = any.</param>
/// <param name="Ordinary">Rows for ordinary goods, ascending; never empty.</param>
/// <param name="Fragile">Rows for fragile goods; empty = as ordinary.</param>
/// <param name="Maximum">The highest value insured, in major units; null = any. Above it a shipment is refused.</param>
/// <param name="Rounding">How the fee becomes an amount (whole yuan, half up).</param>
internal sealed record InsuranceClause(
    ClauseId Clause, ImmutableArray<string> Services, ImmutableArray<InsuranceRow> Ordinary, ImmutableArray<InsuranceRow> Fragile, decimal? Maximum, AmountRounding Rounding);

/// <summary>A row of an insured-value table.</summary>
/// <param name="To">Highest declared value, included, in major units; null = open, only in the last.</param>
/// <param name="Price">A fixed fee.</param>
/// <param name="PerMille">Per mille of the declared value.</param>
/// <param name="Minimum">The least of it.</param>
internal sealed record InsuranceRow(decimal? To, decimal Price, decimal PerMille, decimal Minimum);

/// <summary>Cash on delivery (代收货款).</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Percent">Of the amount to collect.</param>
/// <param name="Minimum">The least fee, major units.</param>
/// <param name="Maximum">The highest fee; null = none.</param>
/// <param name="HighestAmount">The most that is collected per shipment; above it a shipment is refused; null = any.</param>
/// <param name="Remit">When the money goes to the shipper.</param>
/// <param name="CutOff">Collected after this local time counts as the next day.</param>
/// <param name="Rounding">How the fee becomes an amount.</param>
internal sealed record CodClause(ClauseId Clause, decimal Percent, decimal Minimum, decimal? Maximum, decimal? HighestAmount, RemitCycle Remit, LocalTime CutOff, AmountRounding Rounding);

/// <summary>T + n working days, or the next given weekday. A closed set.</summary>
internal abstract record RemitCycle
{
    private RemitCycle()
    {
    }

    /// <summary>So many working days after collection, 0 to 60.</summary>
    internal sealed record WorkingDays(int Days) : RemitCycle;

    /// <summary>Weekly on that day.</summary>
    internal sealed record Weekly(IsoDayOfWeek On) : RemitCycle;
}

/// <summary>Freight paid by the consignee (到付).</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Fee">A fee a shipment, major units; zero for none.</param>
/// <param name="Refused">What a refusal costs the shipper.</param>
/// <param name="Rounding">How the fee becomes an amount.</param>
internal sealed record FreightCollectClause(ClauseId Clause, decimal Fee, RefusedFreight Refused, AmountRounding Rounding);

/// <summary>Who pays when the consignee refuses a freight-collect parcel.</summary>
internal enum RefusedFreight
{
    /// <summary>The shipper, both ways.</summary>
    BothWays = 1,

    /// <summary>The shipper, the way out only.</summary>
    WayOut = 2,
}
