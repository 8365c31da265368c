using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Budgets;

/// <summary>The last hours of accounts, as burn rates look at them: whole hours without a gap, the present one as the last.</summary>
internal sealed class BurnWindows
{
    private readonly Dictionary<(string Account, string Figure), BudgetCount[]> _hours = [];

    internal IEnumerable<(string Account, string Figure)> Known => _hours.Keys;

    internal IReadOnlyList<BudgetCount> Of(string account, string figure) => _hours.GetValueOrDefault((account, figure)) ?? [];

    /// <summary>One question for all of them; give hundreds, not thousands.</summary>
    internal static async Task<BurnWindows> ReadAsync(LevelsDb db, IReadOnlyCollection<string> accounts, Instant now, CancellationToken ct)
    {
        var (last, length) = (HourCounts.HourOf(now.ToUnixMicros()), BurnRule.Slow.LongHours);
        var first = last - length + 1;
        var windows = new BurnWindows();
        foreach (var row in await db.Hours.AsNoTracking().Where(h => accounts.Contains(h.Account) && h.Hour >= first && h.Hour <= last).ToListAsync(ct))
        {
            if (!windows._hours.TryGetValue((row.Account, row.Figure), out var hours)) windows._hours.Add((row.Account, row.Figure), hours = new BudgetCount[length]);
            // What was added before hours were kept is taken back from nothing: an hour never owes.
            var units = Math.Max(0, row.Units);
            hours[row.Hour - first] = new BudgetCount(units, Math.Clamp(row.Failures, 0, units));
        }
        return windows;
    }
}
