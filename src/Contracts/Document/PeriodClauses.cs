using System.Collections.Immutable;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Document;

/// <summary>A period that a clause counts by.</summary>
internal enum TermPeriod
{
    /// <summary>A calendar month.</summary>
    Month = 1,

    /// <summary>A calendar quarter.</summary>
    Quarter = 2,

    /// <summary>A calendar year.</summary>
    Year = 3,
}

/// <summary>What a period's tiers are read on.</summary>
internal enum VolumeBasis
{
    /// <summary>Parcels.</summary>
    Parcels = 1,

    /// <summary>Freight in major units.</summary>
    Freight = 2,
}

/// <summary>
/// A rebate on a period's freight (SEED-03-REBATE). It is computed on the period's totals - parcels, freight, and their mean - never on an order of arrival.
/// </summary>
/// <param name="Clause">The clause.</param>
/// <param name="Period">The period; <see cref="TermPeriod.Year"/> with a single tier is the year-end bonus (年终奖励).</param>
/// <param name="Basis">What the tiers are read on.</param>
/// <param name="Mode">Whether a tier reaches back.</param>
/// <param name="Services">Only these services count; none = all.</param>
/// <param name="Mark">Only shipments so marked count (SEED-02-REWARD); null = all.</param>
/// <param name="Tiers">Ascending from zero.</param>
/// <param name="Rounding">How it becomes an amount.</param>
internal sealed record RebateClause(
    ClauseId Clause, TermPeriod Period, VolumeBasis Basis, RebateMode Mode, ImmutableArray<string> Services, string? Mark, ImmutableArray<RebateTier> Tiers, AmountRounding Rounding);

/// <summary>Whether a tier reaches back.</summary>
internal enum RebateMode
{
    /// <summary>Each part of the volume gets the percent of the tier it lies in, at the period's mean price.</summary>
    Marginal = 1,

    /// <summary>The whole period's freight gets the percent of the tier reached.</summary>
    Retroactive = 2,
}

/// <param name="From">The first parcel (or amount) of the tier: 10000 means that the ten-thousandth belongs to it.</param>
/// <param name="Percent">0 to 100.</param>
internal sealed record RebateTier(decimal From, decimal Percent);

/// <summary>What the client commits to.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Period">The period.</param>
/// <param name="Basis">Parcels or freight.</param>
/// <param name="AtLeast">The commitment.</param>
/// <param name="PerMissing">What each missing parcel costs (basis parcels), or the percent of the missing freight (basis freight).</param>
/// <param name="Rounding">How it becomes an amount.</param>
internal sealed record CommitmentClause(ClauseId Clause, TermPeriod Period, VolumeBasis Basis, decimal AtLeast, decimal PerMissing, AmountRounding Rounding);

/// <summary>No amendment in force before that date may raise a price.</summary>
internal sealed record PriceLockClause(ClauseId Clause, LocalDate Until);

/// <summary>Limits of what may be agreed (SEED-02-NODISCOUNT): over them a proposal needs a higher authority.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="DiscountMost">The highest sum of discounts and rebates, percent.</param>
/// <param name="MarginLeast">The least margin over cost, percent of revenue; null = not guarded.</param>
internal sealed record GuardClause(ClauseId Clause, decimal DiscountMost, decimal? MarginLeast);

/// <summary>Monthly settlement (月结).</summary>
/// <param name="Clause">The clause.</param>
/// <param name="BillDay">Day of the month on which the past month is billed, 1 to 28.</param>
/// <param name="DueDays">Days until payment.</param>
/// <param name="Limit">The credit limit in major units; null = none agreed. Stopping shipments is a person's act.</param>
/// <param name="DisputeDays">Days in which a line may be disputed.</param>
internal sealed record CreditClause(ClauseId Clause, int BillDay, int DueDays, decimal? Limit, int DisputeDays);

/// <summary>How the term goes on.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Automatic">True when it renews unless one side says no.</param>
/// <param name="Months">By how many months.</param>
/// <param name="NoticeDays">How many days before its end people are told.</param>
internal sealed record RenewalClause(ClauseId Clause, bool Automatic, int Months, int NoticeDays);

/// <summary>How the service is scored (domain.md 3.2, 3.3). Dimension weights add to 100.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Weights">By dimension letter: T, Q, C, S, O.</param>
/// <param name="SqiProfile">The profile of the service quality index: A, B, C or one of the installation's own.</param>
/// <param name="Indicators">Deviations from the catalogue, by code.</param>
internal sealed record ServiceClause(ClauseId Clause, ImmutableSortedDictionary<string, decimal> Weights, string SqiProfile, ImmutableArray<IndicatorTarget> Indicators);

/// <summary>An indicator's target as this contract has it: distinct and in one direction, <c>target</c> best.</summary>
/// <param name="Code">T1 to O4, or one of the contract's own.</param>
/// <param name="Target">Gives 100 points.</param>
/// <param name="Threshold">Gives 60.</param>
/// <param name="Floor">Gives 0.</param>
/// <param name="Weight">In its dimension; null = the catalogue's.</param>
/// <param name="MinimumSample">Below it the indicator is not available; null = the catalogue's.</param>
internal sealed record IndicatorTarget(string Code, decimal Target, decimal Threshold, decimal Floor, decimal? Weight, int? MinimumSample);

/// <summary>Something due regularly (SEED-03-FULFIL100, SEED-03-OPSPLAN).</summary>
/// <param name="Clause">The clause.</param>
/// <param name="By">Who owes it.</param>
/// <param name="Zh">What, in Chinese.</param>
/// <param name="En">What, in English.</param>
/// <param name="Every">The period.</param>
/// <param name="DueDay">The day of the following period by which it is due, 1 to 90.</param>
internal sealed record ObligationClause(ClauseId Clause, ObligationParty By, string Zh, string En, TermPeriod Every, int DueDay);

/// <summary>A side of a contract.</summary>
internal enum ObligationParty
{
    /// <summary>The carrier.</summary>
    Carrier = 1,

    /// <summary>The client.</summary>
    Client = 2,
}
