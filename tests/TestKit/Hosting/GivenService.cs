using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.TestKit.Hosting;

/// <summary>The <c>service</c> clauses of contract versions whose terms a test states: each in force when its version is.</summary>
public sealed class GivenService(TermsSnapshot terms, params ServiceTerms[] versions) : IServiceTermsInForce
{
    /// <inheritdoc/>
    public ServiceTerms? ServiceOf(string account, Instant at) => terms.InForce(account, at) is { } held ? ServiceOf(account, held.Contract, held.Version) : null;

    /// <inheritdoc/>
    public ServiceTerms? ServiceOf(string account, string contract, uint version) =>
        versions.SingleOrDefault(v => v.Version == version && string.Equals(v.Account, account, StringComparison.Ordinal) && string.Equals(v.Contract, contract, StringComparison.Ordinal));
}
