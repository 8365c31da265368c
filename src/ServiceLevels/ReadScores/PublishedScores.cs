using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using Card = KeyAccountLogistics.Api.Levels.V1.Scorecard;
using Restated = KeyAccountLogistics.Api.Levels.V1.Restatement;

namespace KeyAccountLogistics.ServiceLevels.Reading;

/// <summary>Puts what was first published beside what holds now. Only for the account as a whole and once every day of the period was closed: a part of a period was never published.</summary>
internal static class PublishedScores
{
    internal static async Task AddAsync(LevelsDb db, AskedPeriod asked, PlanInForce plan, PeriodSums period, Card card, CancellationToken ct)
    {
        if (period.ClosedDays < asked.LastDay - asked.FirstDay + 1) return;
        var before = ScoreViews.Of(asked, plan, period.First);
        (card.FirstScore, card.FirstGrade, card.PublishedUs) = (before.Score, before.Grade, period.PublishedUs);
        var firsts = before.Dimensions.SelectMany(static d => d.Indicators).ToDictionary(static i => i.Indicator, static i => i.Value, StringComparer.Ordinal);
        foreach (var indicator in card.Dimensions.SelectMany(static d => d.Indicators)) indicator.FirstValue = firsts.GetValueOrDefault(indicator.Indicator, "");
        if (!period.IsRestated) return;
        var (first, last) = (asked.FirstDay, asked.LastDay);
        var rows = await db.Published.AsNoTracking().Where(p => p.Account == asked.Account && p.Day >= first && p.Day <= last && p.RestatedUs != null).ToListAsync(ct);
        card.Restated.Add(rows.Where(static r => r.Figure is not (FigureCodes.LinesWithBudget or FigureCodes.Remittances)).GroupBy(static r => r.Figure, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal).Select(static g => new Restated
        {
            Indicator = g.Key, Was = FormattableString.Invariant($"{g.Sum(static r => r.FirstNumerator)}/{g.Sum(static r => r.FirstDenominator)}"),
            Is = FormattableString.Invariant($"{g.Sum(static r => r.Numerator)}/{g.Sum(static r => r.Denominator)}"), AtUs = g.Max(static r => r.RestatedUs!.Value), Because = g.Last().Because ?? "late_fact",
        }));
    }
}
