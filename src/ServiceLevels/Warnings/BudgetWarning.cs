using KeyAccountLogistics.ServiceLevels.Budgets;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>失误额度预警: the month's budget is overspent, or gone before the month is at this week's pace.</summary>
internal static class BudgetWarning
{
    internal static WarningAnswer Of(ErrorBudget budget)
    {
        WarningFigure[] evidence = [new("allowed", budget.Allowed), new("failed", budget.Consumed), new("left", budget.Left)];
        if (budget.PacePerDay is null) return new WarningAnswer.Unknown(WarningFamily.Budget, "days");
        return budget switch
        {
            { Left: < 0 } => new WarningAnswer.Raised(WarningFamily.Budget, WarningReason.BudgetOverspent, WarningLevel.Act, [.. evidence], []),
            { Outlook: BudgetOutlook.GoneOnDay } => new WarningAnswer.Raised(WarningFamily.Budget, WarningReason.BudgetGoing, WarningLevel.Watch, [.. evidence], []),
            _ => new WarningAnswer.Clear(WarningFamily.Budget, [.. evidence]),
        };
    }
}
