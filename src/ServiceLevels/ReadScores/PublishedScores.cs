using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using Card = KeyAccountLogistics.Api.Levels.V1.Scorecard;
using Restated = KeyAccountLogistics.Api.Levels.V1.Restatement;

namespace KeyAccountLogistics.ServiceLevels.Reading;

/// <summary>Puts what was first published beside what holds now. Only for the account as a whole and once every day of the period was closed: a part of a period was never published.</summary>
internal static class PublishedScores
{
    internal static async Task AddAsync(LevelsDb db, AskedPeriod asked, FindPlan plans, Card card, CancellationToken ct)
    {
        if (asked.Kind is not CounterKind.All) return;
        var (first, last) = (asked.FirstDay, asked.LastDay);
        var rows = await db.Published.AsNoTracking().Where(p => p.Account == asked.Account && p.Day >= first && p.Day <= last).ToListAsync(ct);
        var closed = rows.Select(static r => r.Day).Distinct().Count();
        if (rows.Count == 0 || closed < last - first + 1) return;
        var sums = rows.GroupBy(static r => r.Figure, StringComparer.Ordinal)
            .ToDictionary(static g => g.Key, static g => new CounterSums(g.Sum(static r => r.FirstNumerator), g.Sum(static r => r.FirstDenominator), 0, 0, 0), StringComparer.Ordinal);
        var before = ScoreViews.Of(asked, plans.For(asked.Account, asked.To), sums);
        (card.FirstScore, card.FirstGrade, card.PublishedUs) = (before.Score, before.Grade, rows.Max(static r => r.PublishedUs));
        var firsts = before.Dimensions.SelectMany(static d => d.Indicators).ToDictionary(static i => i.Indicator, static i => i.Value, StringComparer.Ordinal);
        foreach (var indicator in card.Dimensions.SelectMany(static d => d.Indicators)) indicator.FirstValue = firsts.GetValueOrDefault(indicator.Indicator, "");
        card.Restated.Add(rows.Where(static r => r.RestatedUs is not null && r.Figure is not (FigureCodes.LinesWithBudget or FigureCodes.Remittances)).GroupBy(static r => r.Figure, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal).Select(static g => new Restated
        {
            Indicator = g.Key, Was = FormattableString.Invariant($"{g.Sum(static r => r.FirstNumerator)}/{g.Sum(static r => r.FirstDenominator)}"),
            Is = FormattableString.Invariant($"{g.Sum(static r => r.Numerator)}/{g.Sum(static r => r.Denominator)}"), AtUs = g.Max(static r => r.RestatedUs!.Value), Because = g.Last().Because ?? "late_fact",
        }));
    }
}
