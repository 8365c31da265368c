using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Holds;

namespace KeyAccountLogistics.Custody.Life;

/// <summary>What is still to be done about a parcel's waybill, by the rule of <see cref="WaybillProblems"/>. Pure.</summary>
internal static class WaybillTroubles
{
    internal static bool TryRead(string word, out WaybillProblem problem)
    {
        foreach (var candidate in Enum.GetValues<WaybillProblem>())
        {
            if (!string.Equals(ReasonCode.Of(candidate), word, StringComparison.Ordinal)) continue;
            problem = candidate;
            return true;
        }
        problem = default;
        return false;
    }

    /// <summary>The word of the next step; empty when nothing is wrong or the parcel may go on.</summary>
    internal static string Next(ParcelState state)
    {
        if (!TryRead(state.WaybillProblem, out var problem)) return "";
        var done = new HashSet<WaybillRemedy>();
        if (WaybillProblems.HoldReason(problem) is { } reason && state.Holds.Any(h => string.Equals(h.Reason, reason, StringComparison.Ordinal))) done.Add(WaybillRemedy.HoldApart);
        if (state.PreviousAsked) done.Add(WaybillRemedy.AskPreviousNode);
        // The certificate is written with what the previous node answered or the number looked up gave: with it, asking is over.
        if (state.Certificate.Length > 0) done.UnionWith([WaybillRemedy.AskPreviousNode, WaybillRemedy.IssueDeliveryCertificate]);
        if (state.Annotated) done.UnionWith([WaybillRemedy.LookUpByNumber, WaybillRemedy.AnnotateWaybill]);
        return WaybillProblems.Next(problem, done) is { } next ? ReasonCode.Of(next) : "";
    }
}
