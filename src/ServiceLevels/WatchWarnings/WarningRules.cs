using System.Collections.Frozen;
using KeyAccountLogistics.Verdicts;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>The rules by name: of an account one warning of each may stand. A rule of several things has the thing after a point: <c>burn.T2</c>, <c>overdue.USD</c>.</summary>
internal static class WarningRules
{
    internal const string Volatility = "volatility", Volume = "volume", Budget = "budget", Overdue = "overdue", Credit = "credit", Committed = "committed", Steps = "steps", Cost = "cost", Index = "index",
        Changed = "changed", Contact = "contact", Scissors = "scissors", Regress = "regress", KnockOut = "knock_out";

    private static readonly FrozenDictionary<string, WarningReason> Reasons = Enum.GetValues<WarningReason>().ToFrozenDictionary(static r => ReasonCode.Of(r), StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, WarningFamily> Families = Enum.GetValues<WarningFamily>().ToFrozenDictionary(static f => ReasonCode.Of(f), StringComparer.Ordinal);

    /// <summary>Null for a code that this program does not know.</summary>
    internal static WarningReason? ReasonOf(string code) => Reasons.TryGetValue(code, out var reason) ? reason : null;

    internal static WarningFamily? FamilyOf(string code) => Families.TryGetValue(code, out var family) ? family : null;

    /// <summary>What the subjects of a warning are; empty where a reason names none.</summary>
    internal static string SubjectsOf(string reason) => ReasonOf(reason) switch
    {
        WarningReason.Overdue => "invoice",
        WarningReason.StepsLate => "step",
        WarningReason.AccountChanged => "change",
        WarningReason.BudgetOverspent or WarningReason.BudgetGoing or WarningReason.FastBurn or WarningReason.SlowBurn or WarningReason.OverBudget or WarningReason.KnockOut => "indicator",
        WarningReason.RegressRisk => "warning",
        _ => "",
    };
}
