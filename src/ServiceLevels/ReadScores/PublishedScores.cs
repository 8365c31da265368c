using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using Card = KeyAccountLogistics.Api.Levels.V1.Scorecard;

namespace KeyAccountLogistics.ServiceLevels.Reading;

/// <summary>
/// Puts what was first published beside what holds now. Only for the account as a whole and once every day of the period was closed: a part of a period was never published. Days before the
/// account's first counted one need no closing: nothing was there to be said.
/// </summary>
internal static class PublishedScores
{
    internal static async Task AddAsync(LevelsDb db, AskedPeriod asked, PlanInForce plan, PeriodSums period, Card card, CancellationToken ct)
    {
        if (period.ClosedDays == 0 || (period.ClosedDays < asked.LastDay - asked.FirstDay + 1 && !await IsClosedSinceItsFirstAsync(db, asked, ct))) return;
        var before = ScoreViews.Of(asked, plan, period.First);
        (card.FirstScore, card.FirstGrade, card.PublishedUs) = (before.Score, before.Grade, period.PublishedUs);
        var firsts = before.Dimensions.SelectMany(static d => d.Indicators).ToDictionary(static i => i.Indicator, static i => i.Value, StringComparer.Ordinal);
        foreach (var indicator in card.Dimensions.SelectMany(static d => d.Indicators)) indicator.FirstValue = firsts.GetValueOrDefault(indicator.Indicator, "");
        if (!period.IsRestated) return;
        var (first, last) = (asked.FirstDay, asked.LastDay);
        var rows = await db.Published.AsNoTracking().Where(p => p.Account == asked.Account && p.Day >= first && p.Day <= last && p.RestatedUs != null).ToListAsync(ct);
        foreach (var figure in rows.Where(static r => r.Figure is not (FigureCodes.LinesWithBudget or FigureCodes.Remittances)).GroupBy(static r => r.Figure, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal))
        {
            var (was, now) = (period.First.GetValueOrDefault(figure.Key), period.Sums.GetValueOrDefault(figure.Key));
            // Days that moved against each other changed nothing of the period.
            if ((was.Numerator, was.Denominator) == (now.Numerator, now.Denominator)) continue;
            var latest = figure.MaxBy(static r => r.RestatedUs)!;
            var one = ScoreViews.Restated(figure.Key, was, now, plan);
            (one.AtUs, one.Because) = (latest.RestatedUs ?? 0, latest.Because ?? "late_fact");
            card.Restated.Add(one);
        }
    }

    private static async Task<bool> IsClosedSinceItsFirstAsync(LevelsDb db, AskedPeriod asked, CancellationToken ct)
    {
        var (account, first, last) = (asked.Account, asked.FirstDay, asked.LastDay);
        // What was counted and taken back leaves a row of nothing.
        var counted = await db.Counters.AsNoTracking()
            .Where(c => c.Kind == 0 && c.Account == account && (c.Numerator != 0 || c.Denominator != 0 || c.LeftOut != 0 || c.InDoubt != 0 || c.Open != 0))
            .OrderBy(c => c.Day).Select(c => (int?)c.Day).FirstOrDefaultAsync(ct);
        if (counted is not { } since || since <= first || since > last) return false;
        return await db.Published.AsNoTracking().CountAsync(p => p.Account == account && p.Figure == FigureCodes.Parcels && p.Day >= since && p.Day <= last, ct) == last - since + 1;
    }
}
