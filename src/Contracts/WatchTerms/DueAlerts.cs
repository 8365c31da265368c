using NodaTime;

namespace KeyAccountLogistics.Contracts.Watching;

/// <summary>What people are to be told of a contract or agreement before its day (SEED-04-CONTRACTMGT).</summary>
/// <param name="Kind">expires, renews, agreement_expires, agreement_missing, price_lock_ends or obligation_overdue.</param>
/// <param name="Account">The account.</param>
/// <param name="Contract">Empty for an agreement.</param>
/// <param name="Version">0 for an agreement.</param>
/// <param name="Due">The day it is about.</param>
internal sealed record DueAlert(string Kind, string Account, string Contract, int Version, LocalDate Due);

/// <summary>A signed version that nothing has superseded, by its days.</summary>
/// <param name="Account">The account.</param>
/// <param name="Contract">The contract.</param>
/// <param name="Version">The version.</param>
/// <param name="FirstDay">The first day it holds.</param>
/// <param name="LastDay">The last day of its term as written, or as told to end; null = open.</param>
/// <param name="RenewsMonths">By how many months it renews by itself; 0 = it does not, or was told to end.</param>
/// <param name="NoticeDays">How many days before its last day people are told.</param>
/// <param name="PriceLock">Until when prices are locked.</param>
internal sealed record WatchedVersion(string Account, string Contract, int Version, LocalDate FirstDay, LocalDate? LastDay, int RenewsMonths, int NoticeDays, LocalDate? PriceLock);

/// <summary>Which alerts are due on a day. Pure, and all of them each time: a night that was missed owes nothing.</summary>
internal static class DueAlerts
{
    internal const string Expires = "expires";
    internal const string Renews = "renews";
    internal const string AgreementExpires = "agreement_expires";
    internal const string AgreementMissing = "agreement_missing";
    internal const string PriceLockEnds = "price_lock_ends";
    internal const string ObligationOverdue = "obligation_overdue";

    /// <summary>The notice where the contract names none.</summary>
    internal const int UsualNoticeDays = 30;
    private const int AgreementNoticeDays = 60;

    /// <param name="versions">The versions that hold or will.</param>
    /// <param name="agreedUntil">The last day of each account's security agreements; an account that is not in it has none.</param>
    /// <param name="today">The day.</param>
    internal static IEnumerable<DueAlert> On(LocalDate today, IReadOnlyCollection<WatchedVersion> versions, IReadOnlyDictionary<string, LocalDate> agreedUntil)
    {
        foreach (var v in versions)
        {
            if (TermEnd(v, today) is { } end && today >= end.PlusDays(-v.NoticeDays) && today <= end)
                yield return new DueAlert(v.RenewsMonths > 0 ? Renews : Expires, v.Account, v.Contract, v.Version, end);
            if (v.PriceLock is { } locked && today >= locked.PlusDays(-v.NoticeDays) && today <= locked) yield return new DueAlert(PriceLockEnds, v.Account, v.Contract, v.Version, locked);
        }
        foreach (var account in versions.Where(v => v.LastDay is null || v.RenewsMonths > 0 || v.LastDay >= today).Select(static v => v.Account).Distinct(StringComparer.Ordinal))
        {
            if (!agreedUntil.TryGetValue(account, out var last)) continue;   // without any, nothing was signed
            if (today > last) yield return new DueAlert(AgreementMissing, account, "", 0, last);
            else if (today >= last.PlusDays(-AgreementNoticeDays)) yield return new DueAlert(AgreementExpires, account, "", 0, last);
        }
    }

    // Of a term that renews by itself the end of the one that runs; counted from the first end, so that a 31st stays one.
    private static LocalDate? TermEnd(WatchedVersion v, LocalDate today)
    {
        if (v.LastDay is not { } end || v.RenewsMonths == 0 || end >= today) return v.LastDay;
        var terms = (Period.Between(end, today, PeriodUnits.Months).Months / v.RenewsMonths) + 1;
        var next = end.PlusMonths(terms * v.RenewsMonths);
        return next < today ? end.PlusMonths((terms + 1) * v.RenewsMonths) : next;
    }
}
