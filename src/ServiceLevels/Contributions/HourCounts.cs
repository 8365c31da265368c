using KeyAccountLogistics.ServiceLevels.Budgets;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>
/// What was decided in which hour, for burn rates: units and failures of the indicators by the hour of the deciding fact, of the account as a whole. Differences like counters; hours that no
/// window reaches any more are not written, and are swept away at night. Hours and money are no counts and have no budget.
/// </summary>
internal sealed class HourCounts(long nowUs)
{
    private const long HourUs = 3_600_000_000;
    private const int KeptHours = 9 * 24;
    private readonly Dictionary<(string Account, string Figure, int Hour), BudgetCount> _counts = [];

    /// <summary>The first hour that is kept.</summary>
    internal static int FirstKept(long nowUs) => HourOf(nowUs) - KeptHours;

    internal static int HourOf(long us) => checked((int)(us / HourUs));

    /// <summary>What is not all zero, in the order of keys: whoever writes them meets rows in one order.</summary>
    internal IEnumerable<KeyValuePair<(string Account, string Figure, int Hour), BudgetCount>> InOrder => _counts.Where(static c => c.Value != default)
        .OrderBy(static c => c.Key.Account, StringComparer.Ordinal).ThenBy(static c => c.Key.Figure, StringComparer.Ordinal).ThenBy(static c => c.Key.Hour);

    internal void Add(Contribution contribution) => Apply(contribution, 1);

    internal void TakeBack(Contribution contribution) => Apply(contribution, -1);

    private void Apply(Contribution c, int sign)
    {
        foreach (var t in c.Tallies)
        {
            if (t.LeftOut || t.Open || t.BestUs <= 0 || t.Denominator <= 0 || !HasBudget(t.Figure) || HourOf(t.BestUs) < FirstKept(nowUs)) continue;
            var key = (c.Account, t.Figure, HourOf(t.BestUs));
            var failures = FigureCodes.CountsFailures(t.Figure) ? t.Numerator : t.Denominator - t.Numerator;
            _counts[key] = _counts.GetValueOrDefault(key) + new BudgetCount(sign * t.Denominator, sign * failures);
        }
    }

    private static bool HasBudget(string figure) => figure is not (FigureCodes.EndToEnd or FigureCodes.Overrun or FigureCodes.Remitted) && FigureCodes.IsCounted(figure);
}
