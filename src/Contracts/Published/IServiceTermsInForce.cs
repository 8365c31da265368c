using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>How accounts are scored by the contract versions in force. Thread-safe; reading never waits.</summary>
public interface IServiceTermsInForce
{
    /// <summary>The version in force for the account at that instant; null when there is none.</summary>
    ServiceTerms? ServiceOf(string account, Instant at);

    /// <summary>That version of that contract, also once a later one has taken its place or its term is over; null when the account has no such version that is signed and accepts parcels on some day.</summary>
    ServiceTerms? ServiceOf(string account, string contract, uint version);
}

/// <summary>The <c>service</c> clause of a contract version, with what names it. A version without the clause has null weights: the catalogue's hold.</summary>
/// <param name="Account">The account's code.</param>
/// <param name="NameZh">Its name in Chinese.</param>
/// <param name="NameEn">Its name in English.</param>
/// <param name="Contract">The contract's number.</param>
/// <param name="Version">From 1.</param>
/// <param name="Weights">Dimension weights by letter (T, Q, C, S, O); they add to 100. Null without the clause.</param>
/// <param name="SqiProfile">The profile of the service quality index; empty without the clause.</param>
/// <param name="Targets">Deviations from the catalogue of indicators.</param>
public sealed record ServiceTerms(
    string Account, string NameZh, string NameEn, string Contract, uint Version, ImmutableSortedDictionary<string, decimal>? Weights, string SqiProfile, ImmutableArray<ServiceTarget> Targets)
{
    internal static ServiceTerms Of(ContractVersion version) => new(
        version.Account, version.NameZh, version.NameEn, version.Contract, version.Version, version.Service?.Weights, version.Service?.SqiProfile ?? "",
        version.Service is { } service ? [.. service.Indicators.Select(static i => new ServiceTarget(i.Code, i.Target, i.Threshold, i.Floor, i.Weight, i.MinimumSample))] : []);
}

/// <summary>An indicator as a contract has it: 100, 60 and 0 points, in the indicator's unit.</summary>
/// <param name="Code">T1 to O4, or one of the contract's own.</param>
/// <param name="Target">Gives 100 points.</param>
/// <param name="Threshold">Gives 60.</param>
/// <param name="Floor">Gives 0.</param>
/// <param name="Weight">In its dimension; null = the catalogue's.</param>
/// <param name="MinimumSample">Below it the indicator is not available; null = the catalogue's.</param>
public sealed record ServiceTarget(string Code, decimal Target, decimal Threshold, decimal Floor, decimal? Weight, int? MinimumSample);
