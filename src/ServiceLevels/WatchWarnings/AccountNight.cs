using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Reading;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>A figure of a day of an account as a whole.</summary>
internal readonly record struct DayFigure(string Account, int Day, string Figure, long Numerator, long Denominator);

/// <summary>Everything about an account that the rules of a night look at.</summary>
/// <param name="Account">Its code.</param>
/// <param name="Day">The day that was closed; the night's own day is the next.</param>
/// <param name="Plan">How it is scored on that day; without a contract number none is in force.</param>
/// <param name="Figures">The counters of the last 56 days.</param>
/// <param name="Record">Null when the account has no record.</param>
/// <param name="Committed">Parcels by day since the first day of a committed period.</param>
/// <param name="Receivables">By currency: what was billed and when it is due.</param>
/// <param name="Steps">Of its operating plan.</param>
/// <param name="Contacts">The days on which somebody spoke with the client.</param>
/// <param name="NotedUntil">When the account's owner last said what he does about changes.</param>
internal sealed record AccountNight(
    string Account, LocalDate Day, PlanInForce Plan, IReadOnlyList<DayFigure> Figures, AccountFacts? Record, IReadOnlyDictionary<int, long> Committed, IReadOnlyDictionary<string, IReadOnlyList<Receivable>> Receivables,
    IReadOnlyList<PlanStep> Steps, IReadOnlyList<LocalDate> Contacts, Instant? NotedUntil)
{
    internal LocalDate Today => Day.PlusDays(1);

    internal int DayNumber => AccountDays.NumberOf(Day);

    internal IEnumerable<DayFigure> Of(string figure) => Figures.Where(f => string.Equals(f.Figure, figure, StringComparison.Ordinal));

    internal ImmutableSortedDictionary<int, long> Parcels { get; } = Figures.Where(static f => f.Figure is FigureCodes.Parcels).ToImmutableSortedDictionary(static f => f.Day, static f => f.Denominator);
}
