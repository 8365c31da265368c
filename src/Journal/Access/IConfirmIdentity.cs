using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal.Access;

/// <summary>
/// Proof that a person stands there and agrees, for acts that need a second party's word at one screen (handovers). Implemented where people are known; wrong PINs count
/// towards that person's lockout.
/// </summary>
public interface IConfirmIdentity
{
    /// <summary>
    /// The person's id when badge or sign-in name and PIN belong together; with an empty PIN the badge itself must have been presented. Faults: Forbidden (wrong, locked,
    /// or not allowed at that depot), Invalid (nothing given).
    /// </summary>
    Task<Outcome<string>> ConfirmAsync(string nameOrBadge, string pin, string? depot, CancellationToken ct = default);
}
