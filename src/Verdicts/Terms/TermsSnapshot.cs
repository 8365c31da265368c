using System.Collections.Frozen;
using System.Collections.Immutable;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Terms;

/// <summary>
/// Every contract version known at a moment, under one number that rises with each change: what an agent judges by with the line cut, and
/// stamps its verdicts with. Immutable, safe to share between threads.
/// </summary>
public sealed class TermsSnapshot
{
    private readonly FrozenDictionary<string, ImmutableArray<AccountTerms>> _byAccount;

    /// <summary>A snapshot of these versions; the order in which they are given does not matter.</summary>
    public TermsSnapshot(ulong version, IEnumerable<AccountTerms> terms)
    {
        Version = version;
        All = [.. terms.OrderBy(t => t.Account, StringComparer.Ordinal).ThenBy(t => t.EffectiveFrom).ThenBy(t => t.Version).ThenBy(t => t.Contract, StringComparer.Ordinal)];
        _byAccount = All.GroupBy(t => t.Account, StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => g.ToImmutableArray(), StringComparer.Ordinal);
    }

    /// <summary>No terms at all, version 0.</summary>
    public static TermsSnapshot Empty { get; } = new(0, []);

    /// <summary>The snapshot's number; 0 = nothing received yet.</summary>
    public ulong Version { get; }

    /// <summary>All versions, by account, then by the instant from which they are in force.</summary>
    public ImmutableArray<AccountTerms> All { get; }

    /// <summary>
    /// The version a parcel accepted at that instant falls under: of those that cover it the one in force last, so that an amendment supersedes
    /// without the older version being closed. Null when there is none: such a parcel is Pending, never judged by a neighbour's terms.
    /// </summary>
    public AccountTerms? InForce(string account, Instant accepted) =>
        _byAccount.TryGetValue(account, out var versions) ? versions.LastOrDefault(v => v.Covers(accepted)) : null;

    /// <summary>The version of a contract by its number, for judging again by the terms a verdict names; null when it is not held.</summary>
    public AccountTerms? Find(string account, string contract, uint version) =>
        _byAccount.TryGetValue(account, out var versions)
            ? versions.LastOrDefault(v => v.Version == version && string.Equals(v.Contract, contract, StringComparison.Ordinal))
            : null;
}
