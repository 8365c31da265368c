using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Confirmations;

/// <summary>What is done about a parcel that could not be delivered. Codes stand in the fact's <c>action</c>.</summary>
public enum AttemptAction
{
    /// <summary>Once more.</summary>
    TryAgain = 1,

    /// <summary>To another address or on another day, as the sender or consignee asks.</summary>
    Redirect = 2,

    /// <summary>Into a locker or station, by the consignee's consent.</summary>
    Locker = 3,

    /// <summary>Back to the sender.</summary>
    Return = 4,

    /// <summary>Kept at the depot until somebody decides.</summary>
    Hold = 5,
}

/// <summary>Why a failed attempt is not taken as told; a closed set.</summary>
public enum AttemptRefusalReason
{
    /// <summary>An attempt without a reason.</summary>
    ReasonMissing = 1,

    /// <summary>An attempt without what is done about it.</summary>
    ActionMissing = 2,

    /// <summary>Sent back before two attempts, though nobody refused it.</summary>
    ReturnTooEarly = 3,

    /// <summary>A third door delivery, which costs and must be told beforehand.</summary>
    NoMoreFreeAttempts = 4,

    /// <summary>Into no locker without consent.</summary>
    NoConsentForLocker = 5,
}

/// <summary>An attempt as it was made: when, as far as the evidence carries (law 2), and whether the consignee refused the parcel.</summary>
/// <param name="Earliest">Not before.</param>
/// <param name="Latest">Not after.</param>
/// <param name="Refused">The consignee does not want it: nobody need try again.</param>
/// <param name="AgreedSooner">The consignee agreed to less than eight hours.</param>
public readonly record struct Attempt(Instant Earliest, Instant Latest, bool Refused = false, bool AgreedSooner = false);

/// <summary>
/// Two free attempts at the door at least eight hours apart (GB/T 27917 practice, domain.md 4.1), then redirect, a locker by consent, or return. Pure.
/// </summary>
public static class AttemptRules
{
    /// <summary>Free attempts.</summary>
    public const int FreeAttempts = 2;

    /// <summary>Between two attempts that count, unless the consignee agreed to less.</summary>
    public static readonly Duration Apart = Duration.FromHours(8);

    /// <summary>
    /// How many of the attempts count. One that follows the last counting one too soon is kept and counts nothing; where the clocks leave it open, it does not count: a second knock
    /// is owed to the consignee.
    /// </summary>
    public static int Counting(IEnumerable<Attempt> attempts)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        var (count, last) = (0, (Attempt?)null);
        foreach (var attempt in attempts.OrderBy(a => a.Latest).ThenBy(a => a.Earliest))
        {
            Invariant.Holds(attempt.Earliest <= attempt.Latest, "an interval ends after it begins");
            if (last is { } before && !attempt.AgreedSooner && attempt.Earliest - before.Latest < Apart) continue;
            (count, last) = (count + 1, attempt);
        }
        return count;
    }

    /// <summary>From when on the next attempt counts; null before the first.</summary>
    public static Instant? NextFrom(IEnumerable<Attempt> attempts)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        var all = attempts.ToList();
        return all.Count == 0 ? null : all.Max(a => a.Latest) + Apart;
    }

    /// <summary>Null: the attempt is taken as told. <paramref name="before"/> are the attempts made earlier, without this one.</summary>
    public static AttemptRefusalReason? WhyNot(string reason, AttemptAction? action, IReadOnlyCollection<Attempt> before, Attempt now, bool lockerConsent, bool paidAttemptAgreed = false)
    {
        ArgumentNullException.ThrowIfNull(before);
        if (string.IsNullOrWhiteSpace(reason)) return AttemptRefusalReason.ReasonMissing;
        if (action is not { } next) return AttemptRefusalReason.ActionMissing;
        var counting = Counting([.. before, now]);
        return next switch
        {
            AttemptAction.TryAgain when counting >= FreeAttempts && !paidAttemptAgreed => AttemptRefusalReason.NoMoreFreeAttempts,
            AttemptAction.Return when counting < FreeAttempts && !now.Refused => AttemptRefusalReason.ReturnTooEarly,
            AttemptAction.Locker when !lockerConsent => AttemptRefusalReason.NoConsentForLocker,
            _ => null,
        };
    }
}
