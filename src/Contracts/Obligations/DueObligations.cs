using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Versions;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Obligations;

/// <summary>Something that one side owes by a day (SEED-03-FULFIL100): what a clause says of one period.</summary>
internal sealed record DueObligation(ContractVersion Version, ObligationClause Clause, LocalDate PeriodFirst, LocalDate PeriodLast, LocalDate Due);

/// <summary>What is due, from contract versions with the dates that count. Pure.</summary>
internal static class DueObligations
{
    /// <summary>
    /// What is due in a span of days. A period is owed under the version in force on its last day: the one that begins within it owes the whole, the one that ends within it none.
    /// </summary>
    internal static IEnumerable<DueObligation> Of(IEnumerable<ContractVersion> versions, LocalDate first, LocalDate last)
    {
        var due = from version in versions
                  from clause in version.Obligations
                  from period in Periods(clause.Every, first.PlusDays(-clause.DueDay), last)
                  let day = period.Next.PlusDays(clause.DueDay - 1)
                  where day >= first && day <= last && version.Covers(VersionLife.Zone.AtStartOfDay(period.Next).ToInstant() - Duration.FromTicks(10))
                  select new DueObligation(version, clause, period.First, period.Next.PlusDays(-1), day);
        return due.OrderBy(static o => o.Due).ThenBy(static o => o.Version.Account, StringComparer.Ordinal).ThenBy(static o => o.Version.Contract, StringComparer.Ordinal)
            .ThenBy(static o => o.Clause.Clause.Value, StringComparer.Ordinal);
    }

    // Those that end between the two days.
    private static IEnumerable<(LocalDate First, LocalDate Next)> Periods(TermPeriod every, LocalDate from, LocalDate until)
    {
        var months = every switch { TermPeriod.Month => 1, TermPeriod.Quarter => 3, _ => 12 };
        var first = new LocalDate(from.Year, ((from.Month - 1) / months * months) + 1, 1);
        for (var next = first.PlusMonths(months); next <= until; (first, next) = (next, next.PlusMonths(months))) yield return (first, next);
    }
}
