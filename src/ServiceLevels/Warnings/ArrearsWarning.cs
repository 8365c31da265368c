using KeyAccountLogistics.ServiceLevels.Figures;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>Something owed.</summary>
/// <param name="Invoice">Its number.</param>
/// <param name="Amount">What is open of it, not negative.</param>
/// <param name="Due">The last day on which it is paid in time.</param>
internal sealed record Receivable(string Invoice, Money Amount, LocalDate Due);

/// <summary>When arrears warn. Shares of the credit limit; days overdue.</summary>
internal sealed record ArrearsThresholds(int ActDays = 30, decimal WatchUse = 0.8m, decimal ActUse = 1m);

/// <summary>欠款预警: receivable ageing and credit use (SEED-04-WARN4). Stopping shipments is a person's act; here somebody is only told.</summary>
internal static class ArrearsWarning
{
    // Upper ends of the ageing buckets, days overdue: not due, 1 to 30, 31 to 60, 61 to 90, older.
    private static readonly (string Name, int Until)[] Buckets = [("not_due_minor", 0), ("days_1_30_minor", 30), ("days_31_60_minor", 60), ("days_61_90_minor", 90), ("days_over_90_minor", int.MaxValue)];

    /// <summary>Ageing: watch from the first overdue day, act from the thirtieth or as the thresholds say.</summary>
    internal static WarningAnswer Ageing(IReadOnlyList<Receivable> receivables, string currency, LocalDate today, ArrearsThresholds thresholds)
    {
        CheckCurrency(receivables, currency);
        var aged = receivables.Select(r => (Receivable: r, Days: Period.DaysBetween(r.Due, today))).ToList();
        var evidence = Buckets.Select((bucket, i) => new WarningFigure(
            bucket.Name, aged.Where(a => a.Days <= bucket.Until && (i == 0 || a.Days > Buckets[i - 1].Until)).Sum(a => (decimal)a.Receivable.Amount.Minor))).ToList();
        evidence.Add(WarningFigure.Said("currency", currency));
        var overdue = aged.Where(a => a.Days > 0 && a.Receivable.Amount.Minor > 0).OrderByDescending(a => a.Days).ThenBy(a => a.Receivable.Invoice, StringComparer.Ordinal).ToList();
        if (overdue.Count == 0) return new WarningAnswer.Clear(WarningFamily.Arrears, [.. evidence]);
        evidence.Add(new("oldest_days", overdue[0].Days));
        return new WarningAnswer.Raised(
            WarningFamily.Arrears, WarningReason.Overdue, overdue[0].Days >= thresholds.ActDays ? WarningLevel.Act : WarningLevel.Watch, [.. evidence], [.. overdue.Select(a => a.Receivable.Invoice)]);
    }

    /// <summary>Credit use: what is owed and what is shipped and not billed yet, over the limit.</summary>
    /// <param name="receivables">What is billed and open.</param>
    /// <param name="unbilled">What is not billed yet; null when nobody knows it, which then counts nothing and is said.</param>
    /// <param name="limit">Null when none is agreed: then there is nothing to be near.</param>
    /// <param name="thresholds">When it warns.</param>
    internal static WarningAnswer CreditUse(IReadOnlyList<Receivable> receivables, Money? unbilled, Money? limit, ArrearsThresholds thresholds)
    {
        if (limit is not { } credit) return new WarningAnswer.Clear(WarningFamily.Arrears, []);
        CheckCurrency(receivables, credit.Currency);
        Invariant.Holds(credit.Minor > 0 && (unbilled is not { } billed || billed.Currency == credit.Currency), "A credit limit is above 0, in the account's currency.");
        var used = receivables.Sum(r => (decimal)r.Amount.Minor) + (unbilled?.Minor ?? 0);
        var share = Fraction.Of(used, credit.Minor);
        WarningFigure[] evidence =
        [
            new("used_minor", used), new("limit_minor", credit.Minor), WarningFigure.Of("use", share), unbilled is { } known ? new("unbilled_minor", known.Minor) : WarningFigure.Said("unbilled", "not_known"),
            WarningFigure.Said("currency", credit.Currency),
        ];
        if (share < thresholds.WatchUse) return new WarningAnswer.Clear(WarningFamily.Arrears, [.. evidence]);
        return new WarningAnswer.Raised(WarningFamily.Arrears, WarningReason.CreditUsed, share >= thresholds.ActUse ? WarningLevel.Act : WarningLevel.Watch, [.. evidence], []);
    }

    private static void CheckCurrency(IReadOnlyList<Receivable> receivables, string currency) =>
        Invariant.Holds(receivables.All(r => string.Equals(r.Amount.Currency, currency, StringComparison.Ordinal) && r.Amount.Minor >= 0), "Receivables are of one currency and not negative.");
}
