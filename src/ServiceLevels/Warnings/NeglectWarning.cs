using KeyAccountLogistics.ServiceLevels.Figures;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>
/// When neglect warns. Days between two contacts: grade A every one or two days, others weekly (SEED-04-VISITFREQ, 「重点售点每天或1-2天拜访一次,非重点售点1周拜访一次」); calendar days,
/// for the client counts them so.
/// </summary>
internal sealed record NeglectThresholds(int DaysOfA = 2, int DaysOfOthers = 7, int ActTimes = 2)
{
    internal int DaysOf(string grade) => string.Equals(grade, "A", StringComparison.Ordinal) ? DaysOfA : DaysOfOthers;
}

/// <summary>忽视: 「忽视客户,是丢失客户最大的原因」 (SEED-02-NEGLECT), and the seller's zeal that drops after signing (剪刀差, SEED-01-SCISSORS).</summary>
internal static class NeglectWarning
{
    /// <summary>What is compared after going live, and before signing.</summary>
    internal const int WindowDays = 90;

    /// <summary>With fewer days since then nothing is said of how often.</summary>
    internal const int DaysMin = 14;

    /// <summary>After a year it is an account like any other, which <see cref="Contact"/> watches.</summary>
    internal const int DaysMost = 365;

    /// <param name="grade">Of the account: A, B or C.</param>
    /// <param name="last">The day it was last spoken with; null when that was never recorded.</param>
    /// <param name="since">Since when it is our client.</param>
    /// <param name="today">The day of asking.</param>
    /// <param name="thresholds">When it warns.</param>
    internal static WarningAnswer Contact(string grade, LocalDate? last, LocalDate since, LocalDate today, NeglectThresholds thresholds)
    {
        var (allowed, days) = (thresholds.DaysOf(grade), Period.DaysBetween(last ?? since, today));
        // Young, and nothing recorded: nobody can have neglected it yet.
        if (last is null && days <= allowed) return new WarningAnswer.Unknown(WarningFamily.Neglect, "contacts");
        WarningFigure[] evidence =
        [
            new("days_without", days), new("days_allowed", allowed), WarningFigure.Said("grade", grade), WarningFigure.Said("last_contact", last is { } day ? NodaTime.Text.LocalDatePattern.Iso.Format(day) : "none_recorded"),
        ];
        if (days <= allowed) return new WarningAnswer.Clear(WarningFamily.Neglect, [.. evidence]);
        return new WarningAnswer.Raised(WarningFamily.Neglect, WarningReason.NotContacted, days > allowed * thresholds.ActTimes ? WarningLevel.Act : WarningLevel.Watch, [.. evidence], []);
    }

    /// <summary>How often the client was spoken with in the 90 days before it signed, and in as many at most since it is live: up to the 90th day all since then, later the last 90.</summary>
    /// <param name="contacts">The days on which it was spoken with, each contact once.</param>
    /// <param name="signed">The day of the first signature; null before.</param>
    /// <param name="live">The first day of service; null before it was signed.</param>
    /// <param name="today">The day of asking, not over yet.</param>
    internal static WarningAnswer Scissors(IReadOnlyCollection<LocalDate> contacts, LocalDate? signed, LocalDate? live, LocalDate today)
    {
        if (signed is not { } signature || live is not { } began || Period.DaysBetween(began, today) is not (>= DaysMin and var age)) return new WarningAnswer.Unknown(WarningFamily.Neglect, "live");
        if (age > DaysMost) return new WarningAnswer.Clear(WarningFamily.Neglect, []);
        var days = Math.Min(age, WindowDays);
        var before = contacts.Count(d => d < signature && d >= signature.PlusDays(-WindowDays));
        var after = contacts.Count(d => d < today && d >= today.PlusDays(-days));
        // Without a contact on one side nobody knows whether there was none or whether it was not written down.
        if (before == 0 || after == 0) return new WarningAnswer.Unknown(WarningFamily.Neglect, before == 0 ? "before" : "after");
        var (was, now) = (Fraction.Of((Fraction)before * 30, WindowDays), Fraction.Of((Fraction)after * 30, days));
        WarningFigure[] evidence = [new("contacts_before", before), new("contacts_after", after), new("days_after", days), WarningFigure.Of("rate_before", was), WarningFigure.Of("rate_after", now)];
        if (now >= was) return new WarningAnswer.Clear(WarningFamily.Neglect, [.. evidence]);
        return new WarningAnswer.Raised(WarningFamily.Neglect, WarningReason.ContactFell, now * 2 < was ? WarningLevel.Act : WarningLevel.Watch, [.. evidence], []);
    }
}
