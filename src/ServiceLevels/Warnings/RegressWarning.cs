using System.Collections.Frozen;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>A standing warning as a sign of an account that slips.</summary>
/// <param name="Id">Which.</param>
/// <param name="Family">Its family: of one family only the heaviest counts, for four budgets that burn of one bad morning are one sign.</param>
/// <param name="Reason">Why it stands.</param>
/// <param name="Level">How pressing.</param>
/// <param name="Rises">True for a change upwards: more parcels are no sign of leaving.</param>
internal sealed record RegressSign(string Id, WarningFamily Family, WarningReason Reason, WarningLevel Level, bool Rises);

/// <summary>
/// 事前监控预警 (SEED-03-PCR): an account that may be slipping, by what stands of it together. The order of the weights follows the causes of loss of the source - neglect first
/// (SEED-02-NEGLECT), then a complaint or service that is not put right, then price (SEED-03-REGRESS); the numbers themselves are this program's own, chosen so that no family alone reaches
/// the threshold, and two that each ask for an act do, if one of them is volume leaving.
/// </summary>
internal static class RegressWarning
{
    /// <summary>From here on people look at the account as a whole.</summary>
    internal const int Threshold = 5;

    /// <summary>Points of a standing warning by reason: while it is watched, and while it asks for an act.</summary>
    internal static FrozenDictionary<WarningReason, (int Watch, int Act)> Weights { get; } = new Dictionary<WarningReason, (int Watch, int Act)>
    {
        [WarningReason.NotContacted] = (1, 2), [WarningReason.ContactFell] = (1, 2), [WarningReason.VolumeChanged] = (2, 3), [WarningReason.BelowUsual] = (1, 1), [WarningReason.VolumeBehind] = (1, 2),
        [WarningReason.StepsLate] = (1, 1), [WarningReason.AccountChanged] = (1, 2), [WarningReason.Overdue] = (1, 2), [WarningReason.CreditUsed] = (0, 1), [WarningReason.OverBudget] = (1, 2),
        [WarningReason.BudgetGoing] = (1, 1), [WarningReason.BudgetOverspent] = (2, 2), [WarningReason.SlowBurn] = (1, 1), [WarningReason.FastBurn] = (1, 1), [WarningReason.IndexAbove] = (1, 1),
        [WarningReason.KnockOut] = (2, 2),
    }.ToFrozenDictionary();

    internal static WarningAnswer Of(IEnumerable<RegressSign> standing)
    {
        var heaviest = standing.Where(static s => Points(s) > 0).GroupBy(static s => s.Family).Select(static f => f.OrderByDescending(Points).ThenBy(static s => s.Id, StringComparer.Ordinal).First())
            .OrderByDescending(Points).ThenBy(static s => s.Family).ToList();
        var score = heaviest.Sum(Points);
        WarningFigure[] evidence = [new("score", score), new("threshold", Threshold), .. heaviest.Select(static s => new WarningFigure(PointsOf(s.Family), Points(s)))];
        return score < Threshold
            ? new WarningAnswer.Clear(WarningFamily.Regress, [.. evidence])
            : new WarningAnswer.Raised(WarningFamily.Regress, WarningReason.RegressRisk, WarningLevel.Act, [.. evidence], [.. heaviest.Select(static s => s.Id)]);
    }

    internal static int Points(RegressSign sign)
    {
        if (sign.Rises || !Weights.TryGetValue(sign.Reason, out var weight)) return 0;
        return sign.Level is WarningLevel.Act ? weight.Act : weight.Watch;
    }

    /// <summary>The name of a family's part in the evidence.</summary>
    internal static string PointsOf(WarningFamily family) => "points_" + Verdicts.ReasonCode.Of(family);
}
