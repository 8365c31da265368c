using KeyAccountLogistics.Api.Levels.V1;
using NodaTime;
using Card = KeyAccountLogistics.Api.Levels.V1.Scorecard;

namespace KeyAccountLogistics.ServiceLevels.Reporting;

/// <summary>Everything a report shows, gathered before a line of it is written: the writers are functions of it.</summary>
/// <param name="Card">The score of the period.</param>
/// <param name="OnTime">Delivery on time (T2), every day of the period.</param>
/// <param name="Trend">Periods of the same kind up to this one, the oldest first.</param>
/// <param name="Sqi">The service quality index by day.</param>
/// <param name="Budgets">What the period may still lose.</param>
/// <param name="Late">Parcels that missed T2.</param>
/// <param name="Excluded">Parcels left out of T2.</param>
/// <param name="Zone">Whose days and times are shown.</param>
/// <param name="MadeAt">When the report was made.</param>
internal sealed record Reported(
    Card Card, IReadOnlyList<ReportDay> OnTime, IReadOnlyList<Card> Trend, SqiReply Sqi, IReadOnlyList<Budget> Budgets, ReportList Late, ReportList Excluded, DateTimeZone Zone, Instant MadeAt)
{
    internal IEnumerable<IndicatorScore> Indicators => Card.Dimensions.SelectMany(static d => d.Indicators);

    internal IndicatorScore? Of(string code) => Indicators.FirstOrDefault(i => string.Equals(i.Indicator, code, StringComparison.Ordinal));
}

/// <summary>A day's deliveries: due and on time.</summary>
internal readonly record struct ReportDay(LocalDate Day, long OnTime, long Due);

/// <summary>Parcels listed, and whether there are more than are listed.</summary>
internal sealed record ReportList(IReadOnlyList<Behind> Items, bool More);
