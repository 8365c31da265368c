using NodaTime;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>When goods money goes to the shipper by the contract versions in force. Thread-safe; reading never waits.</summary>
public interface IRemittancesInForce
{
    /// <summary>When money collected at that instant is due to the account, by the version in force then; null where none is, or it has no clause on it: then no time was agreed.</summary>
    RemittanceDue? DueOf(string account, Instant collected);
}

/// <summary>A time agreed for goods money.</summary>
/// <param name="Contract">The contract's number.</param>
/// <param name="Version">From 1.</param>
/// <param name="Clause">The clause.</param>
/// <param name="Due">The end of the carrier's local day by which it is paid.</param>
public sealed record RemittanceDue(string Contract, uint Version, string Clause, Instant Due);
