using KeyAccountLogistics.ServiceLevels.Figures;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>When cost warns: parts above the budget; the defaults are threshold and floor of indicator C2.</summary>
internal sealed record CostThresholds(decimal WatchOver = 0.03m, decimal ActOver = 0.1m);

/// <summary>费用预警: freight per parcel above the client's budget (SEED-04-WARN4); the same quotient as indicator C2.</summary>
internal static class CostWarning
{
    /// <summary>With fewer lines a month has no cost per parcel worth warning of.</summary>
    internal const int LinesMin = 20;

    /// <summary>The month's invoice lines against the budgets they had.</summary>
    /// <param name="overMinor">What the lines cost above their budgets together, below zero when less.</param>
    /// <param name="budgetMinor">Their budgets.</param>
    /// <param name="lines">How many.</param>
    /// <param name="currency">Of both.</param>
    /// <param name="thresholds">When it warns.</param>
    internal static WarningAnswer Month(long overMinor, long budgetMinor, long lines, string currency, CostThresholds thresholds)
    {
        if (lines < LinesMin || budgetMinor <= 0) return new WarningAnswer.Unknown(WarningFamily.Cost, "lines");
        var over = Fraction.Of(overMinor, budgetMinor);
        WarningFigure[] evidence = [new("billed_minor", overMinor + budgetMinor), new("budget_minor", budgetMinor), new("lines", lines), WarningFigure.Of("over", over), WarningFigure.Said("currency", currency)];
        return Judge(over, evidence, thresholds);
    }

    /// <param name="billed">Freight billed.</param>
    /// <param name="parcels">Parcels it was billed for, 0 or more.</param>
    /// <param name="budgetPerParcel">The budget of a parcel in major units, above 0; null when none is agreed: then there is nothing to be above.</param>
    /// <param name="thresholds">When it warns.</param>
    internal static WarningAnswer Of(Money billed, long parcels, decimal? budgetPerParcel, CostThresholds thresholds)
    {
        Invariant.Holds(parcels >= 0 && billed.Minor >= 0 && budgetPerParcel is null or > 0, "Freight and parcels are counted from 0, a budget is above it.");
        if (budgetPerParcel is not { } budget) return new WarningAnswer.Clear(WarningFamily.Cost, []);
        if (parcels == 0) return new WarningAnswer.Unknown(WarningFamily.Cost, "parcels");
        var perParcel = Fraction.Of(billed.Amount, parcels);
        var over = perParcel / budget - 1;
        WarningFigure[] evidence = [WarningFigure.Of("per_parcel", perParcel), new("budget_per_parcel", budget), new("parcels", parcels), WarningFigure.Of("over", over)];
        return Judge(over, evidence, thresholds);
    }

    private static WarningAnswer Judge(Fraction over, WarningFigure[] evidence, CostThresholds thresholds)
    {
        if (over < thresholds.WatchOver) return new WarningAnswer.Clear(WarningFamily.Cost, [.. evidence]);
        return new WarningAnswer.Raised(WarningFamily.Cost, WarningReason.OverBudget, over >= thresholds.ActOver ? WarningLevel.Act : WarningLevel.Watch, [.. evidence], []);
    }
}
