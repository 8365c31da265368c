using System.Collections.Immutable;

namespace KeyAccountLogistics.Verdicts.Holds;

/// <summary>What can be wrong with a waybill (domain.md 1.2).</summary>
public enum WaybillProblem
{
    /// <summary>Fallen off, or its delivery stub is missing (SEED-03-STUBLOST).</summary>
    Missing = 1,

    /// <summary>Damaged, the consignee's details still clear (SEED-03-WBDAMAGED).</summary>
    DamagedSlight = 2,

    /// <summary>Damaged, the consignee's details not clear (SEED-03-WBDAMAGED).</summary>
    DamagedSevere = 3,

    /// <summary>Its number can be read, the consignee cannot (SEED-03-WBILLEGIBLE).</summary>
    Illegible = 4,
}

/// <summary>A step that puts a waybill problem right.</summary>
public enum WaybillRemedy
{
    /// <summary>Kept apart from the run (SEED-03-HOLDAREA).</summary>
    HoldApart = 1,

    /// <summary>The node before is asked for the number and the consignee.</summary>
    AskPreviousNode = 2,

    /// <summary>A delivery certificate is written; it stands for the stub.</summary>
    IssueDeliveryCertificate = 3,

    /// <summary>The consignee is looked up by the number.</summary>
    LookUpByNumber = 4,

    /// <summary>What was looked up is written on the waybill, with who and when.</summary>
    AnnotateWaybill = 5,
}

/// <summary>What is done about a waybill problem: which steps, in which order, and when the parcel may go on.</summary>
public static class WaybillProblems
{
    /// <summary>The steps in order; none for slight damage, which is delivered normally.</summary>
    public static ImmutableArray<WaybillRemedy> Remedies(WaybillProblem problem) => problem switch
    {
        WaybillProblem.DamagedSlight => [],
        WaybillProblem.Missing or WaybillProblem.DamagedSevere => [WaybillRemedy.HoldApart, WaybillRemedy.AskPreviousNode, WaybillRemedy.IssueDeliveryCertificate],
        WaybillProblem.Illegible => [WaybillRemedy.HoldApart, WaybillRemedy.LookUpByNumber, WaybillRemedy.AnnotateWaybill],
        _ => throw new Kernel.InvariantBrokenException("A waybill has four problems.", problem.ToString()),
    };

    /// <summary>The reason of the hold; null when the parcel is delivered normally.</summary>
    public static string? HoldReason(WaybillProblem problem) => problem switch
    {
        WaybillProblem.Missing => HoldReasons.WaybillMissing,
        WaybillProblem.DamagedSevere => HoldReasons.WaybillDamaged,
        WaybillProblem.Illegible => HoldReasons.WaybillIllegible,
        _ => null,
    };

    /// <summary>The next step that has not been done; null when the parcel may go on.</summary>
    public static WaybillRemedy? Next(WaybillProblem problem, IReadOnlySet<WaybillRemedy> done)
    {
        ArgumentNullException.ThrowIfNull(done);
        foreach (var remedy in Remedies(problem))
        {
            if (!done.Contains(remedy)) return remedy;
        }
        return null;
    }
}
