using System.Globalization;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.ServiceLevels.Budgets;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Sqi;
using KeyAccountLogistics.Verdicts;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>Every rule of a night on one account, each under its name. Pure: what is not known of an account gives no answer, or one that says so, and leaves what stands.</summary>
internal static class AskRules
{
    internal static IEnumerable<(string Rule, WarningAnswer Answer)> Of(AccountNight night)
    {
        foreach (var one in Volumes(night)) yield return one;
        yield return (WarningRules.Index, Index(night));
        yield return (WarningRules.KnockOut, KnockedOut(night));
        if (night.Plan.Plan?.Find(FigureCodes.Punctual) is { } indicator && ErrorBudget.LimitOf(indicator) is { } limit && !night.Parcels.IsEmpty) yield return (WarningRules.Budget, Budget(night, limit));
        foreach (var one in Arrears(night)) yield return one;
        yield return (WarningRules.Committed, Committed(night));
        yield return (WarningRules.Steps, ProgressWarning.Steps(night.Steps, night.Today, new ProgressThresholds()));
        yield return (WarningRules.Cost, Cost(night));
        if (night.Record is not { } record) yield break;
        yield return (WarningRules.Changed, ChangeWarning.Changes([.. record.Changes.Select(c => Changed(c, record.Owner, night.NotedUntil))], night.Today, new ChangeThresholds()));
        foreach (var one in Neglect(night, record)) yield return one;
    }

    private static IEnumerable<(string Rule, WarningAnswer Answer)> Volumes(AccountNight night)
    {
        if (night.Parcels.IsEmpty) yield break;
        // A day without parcels inside the account's time is a day of none, not one without a figure.
        var (today, known) = (night.DayNumber, night.Parcels.Keys.First());
        decimal? Volume(int d) => d < known ? null : night.Parcels.GetValueOrDefault(d);
        yield return (WarningRules.Volatility, ControlChart.Of([.. Enumerable.Range(today - ControlChart.WindowDays, ControlChart.WindowDays).Select(Volume)], Volume(today)));
        long Sum(int from) => Enumerable.Range(from, ChangeWarning.WindowDays).Sum(d => night.Parcels.GetValueOrDefault(d));
        yield return (WarningRules.Volume, ChangeWarning.Volume(
            Sum(today - ChangeWarning.WindowDays + 1), known > today - AccountNights.DaysBack + 1 ? 0 : Sum(today - AccountNights.DaysBack + 1), new ChangeThresholds()));
    }

    private static WarningAnswer Index(AccountNight night)
    {
        var days = night.Figures.GroupBy(static f => f.Day).ToDictionary(static g => g.Key, g => WeighFailures.Of(night.Plan.Sqi, ReadSqi.CountsOf(g.Select(static f => (f.Figure, f.Numerator, f.Denominator)))).PerThousand?.Round(6));
        return ControlChart.OfIndex([.. Enumerable.Range(night.DayNumber - ControlChart.WindowDays, ControlChart.WindowDays).Select(d => days.GetValueOrDefault(d))], days.GetValueOrDefault(night.DayNumber));
    }

    private static WarningAnswer Budget(AccountNight night, Figures.Fraction limit)
    {
        var (day, today) = (night.Day, night.DayNumber);
        var first = AccountDays.NumberOf(new LocalDate(day.Year, day.Month, 1));
        var punctual = night.Of(FigureCodes.Punctual).ToDictionary(static f => f.Day);
        var counted = Enumerable.Range(first, today - first + 1).Select(Count).ToList();
        var end = day.PlusDays(day.Calendar.GetDaysInMonth(day.Year, day.Month) - day.Day);
        var learnt = Enumerable.Range(today - ExpectedVolume.LookBackDays + 1, ExpectedVolume.LookBackDays).Select(Count).ToList();
        var toCome = ExpectedVolume.Of(learnt, Period.DaysBetween(day, end));
        var answer = BudgetWarning.Of(ErrorBudget.Of(limit, counted, toCome, day.PlusDays(1), end));
        return answer is WarningAnswer.Raised raised ? raised with { Subjects = [FigureCodes.Punctual] } : answer;

        BudgetCount Count(int d) => punctual.TryGetValue(d, out var f) ? new BudgetCount(f.Denominator, f.Denominator - f.Numerator) : default;
    }

    // By the sums that the month's score is made of, and by the score's own rule.
    private static WarningAnswer KnockedOut(AccountNight night)
    {
        var first = AccountDays.NumberOf(new LocalDate(night.Day.Year, night.Day.Month, 1));
        var sums = night.Figures.Where(f => f.Day >= first && AccountNights.KnockingOut.Contains(f.Figure, StringComparer.Ordinal)).GroupBy(static f => f.Figure, StringComparer.Ordinal)
            .ToDictionary(static g => g.Key, static g => new CounterSums(g.Sum(static f => f.Numerator), g.Sum(static f => f.Denominator), 0, 0, 0), StringComparer.Ordinal);
        return KnockOutWarning.Of(ScoreViews.KnockOutsOf(night.Plan.Plan, sums), sums);
    }

    // Each currency for itself: what is owed in one is not paid by the other.
    private static IEnumerable<(string Rule, WarningAnswer Answer)> Arrears(AccountNight night)
    {
        var own = night.Record?.Currency ?? night.Plan.Currency;
        var thresholds = new ArrearsThresholds();
        IReadOnlyList<Receivable> In(string currency) => night.Receivables.GetValueOrDefault(currency) ?? [];
        yield return (WarningRules.Overdue, ArrearsWarning.Ageing(In(own), own, night.Today, thresholds));
        foreach (var other in night.Receivables.Keys.Where(c => !string.Equals(c, own, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            yield return ($"{WarningRules.Overdue}.{other}", ArrearsWarning.Ageing(In(other), other, night.Today, thresholds));
        // Nothing keeps what was rated and is not billed yet.
        if (night.Record is { } record) yield return (WarningRules.Credit, ArrearsWarning.CreditUse(record.CreditLimit is { } limit ? In(limit.Currency) : [], null, record.CreditLimit, thresholds));
    }

    /// <summary>The commitment that is farthest behind; with none agreed there is nothing to be behind of.</summary>
    private static WarningAnswer Committed(AccountNight night)
    {
        if (night.Record is not { } record) return new WarningAnswer.Unknown(WarningFamily.Progress, "record");
        var answers = record.Commitments.Where(c => c.First <= night.Day && c.Last >= c.First).Select(c => Committed(night, c)).ToList();
        return answers.OfType<WarningAnswer.Raised>().MaxBy(static r => (r.Level, r.Evidence.First(static e => e.Name is "behind").Value))
            ?? answers.Find(static a => a is WarningAnswer.Unknown) ?? answers.FirstOrDefault() ?? new WarningAnswer.Clear(WarningFamily.Progress, []);
    }

    private static WarningAnswer Committed(AccountNight night, CommittedParcels c)
    {
        var days = Period.DaysBetween(c.First, c.Last) + 1;
        // A version that begins or ends within the period commits for its own days of it.
        var least = (long)Figures.Fraction.Of((Figures.Fraction)c.AtLeast * days, c.PeriodDays).Ceiling();
        var (first, over) = (AccountDays.NumberOf(c.First), Period.DaysBetween(c.First, LocalDate.Min(night.Day, c.Last)) + 1);
        var soFar = Enumerable.Range(first, over).Sum(d => night.Committed.GetValueOrDefault(d));
        return ProgressWarning.Volume(least, soFar, over, days, new ProgressThresholds());
    }

    private static WarningAnswer Cost(AccountNight night)
    {
        var first = AccountDays.NumberOf(new LocalDate(night.Day.Year, night.Day.Month, 1));
        var month = night.Of(FigureCodes.Overrun).Where(f => f.Day >= first).ToList();
        var lines = night.Of(FigureCodes.LinesWithBudget).Where(f => f.Day >= first).Sum(static f => f.Denominator);
        var answer = CostWarning.Month(month.Sum(static f => f.Numerator), month.Sum(static f => f.Denominator), lines, night.Plan.Currency, new CostThresholds());
        return answer is WarningAnswer.Raised raised ? raised with { Subjects = [FigureCodes.Overrun] } : answer;
    }

    // Who recorded a change as the account's owner knows of it.
    private static AccountChange Changed(AccountChangeFact change, string owner, Instant? notedUntil)
    {
        var on = change.At.InZone(AccountDays.Usual).Date;
        var noted = string.Equals(change.By, owner, StringComparison.Ordinal) ? on : notedUntil is { } until && until >= change.At ? until.InZone(AccountDays.Usual).Date : (LocalDate?)null;
        var kind = (AccountChangeKind)(int)change.What;
        return new AccountChange(string.Create(CultureInfo.InvariantCulture, $"{ReasonCode.Of(kind)}/{NodaTime.Text.LocalDatePattern.Iso.Format(on)}/{change.Seq}"), kind, on, noted);
    }

    private static IEnumerable<(string Rule, WarningAnswer Answer)> Neglect(AccountNight night, AccountFacts record)
    {
        var (live, signed) = (DayOf(record.Live), DayOf(record.Signed));
        // Not our client yet, or no longer: nobody is bound to speak with it.
        yield return (WarningRules.Contact, night.Plan.Contract.Length == 0
            ? new WarningAnswer.Clear(WarningFamily.Neglect, [])
            : NeglectWarning.Contact(record.Grade, night.Contacts.Count > 0 ? night.Contacts.Max() : null, live ?? DayOf(record.Created)!.Value, night.Today, new NeglectThresholds()));
        yield return (WarningRules.Scissors, NeglectWarning.Scissors(night.Contacts, signed, live, night.Today));
    }

    private static LocalDate? DayOf(Instant? at) => at?.InZone(AccountDays.Usual).Date;
}
