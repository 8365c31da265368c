using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>
/// The contract terms that hold now, wherever they come from: files today, signed contracts later. Thread-safe; reading never waits.
/// </summary>
public interface ITermsInForce
{
    /// <summary>
    /// Every version known, under one number that rises with each change, stays the same over restarts while nothing changes, and never falls.
    /// </summary>
    TermsSnapshot Now { get; }

    /// <summary>The version a parcel of that account accepted at that instant falls under; null when there is none: the parcel is Pending.</summary>
    AccountTerms? For(string account, Instant accepted) => Now.InForce(account, accepted);

    /// <summary>Completes with the snapshot as soon as its version is not <paramref name="known"/>: at once, or at the next change.</summary>
    Task<TermsSnapshot> ChangedFromAsync(ulong known, CancellationToken ct);
}
