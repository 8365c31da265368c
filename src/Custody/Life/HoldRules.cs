using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Verdicts.Holds;

namespace KeyAccountLogistics.Custody.Life;

/// <summary>
/// Parcels kept apart (SEED-03-HOLDAREA): begun by a HELD event, or by what implies one (a weight outside tolerance, a contradiction of custody, a lost, badly damaged or
/// illegible waybill); ended only by RELEASED.
/// </summary>
internal static class HoldRules
{
    internal static HoldRecord? Active(ParcelState state)
    {
        foreach (var hold in state.Holds)
        {
            if (hold.ReleasedUs == 0) return hold;
        }
        return null;
    }

    internal static void Apply(ParcelState state, in LifeFact fact)
    {
        var e = fact.Event;
        switch (e.Kind)
        {
            case EventKind.Held: Hold(state, fact); break;
            case EventKind.Released: Release(state, fact); break;
            case EventKind.WaybillProblem: Waybill(state, fact); break;
            case EventKind.PreviousNodeAsked: state.PreviousAsked = true; break;
            case EventKind.DeliveryCertificateIssued: state.Certificate = LifeLimits.Clip(e.Reference); break;
            case EventKind.WaybillAnnotated: state.Annotated = true; break;
            case EventKind.AttemptFailed when e.Reason.Length == 0 || e.Action.Length == 0:
                ParcelFold.Raise(state, ExceptionCodes.Incomplete, fact, detail: e.Reason.Length == 0 ? "reason" : "action");
                break;
            default: break;
        }
        if (e.Weight?.Verdict is { } verdict)
        {
            if (verdict.Integrity is IntegrityAnswer.HeldOver) Begin(state, fact, HoldReasons.WeightOver);
            if (verdict.Integrity is IntegrityAnswer.HeldUnder) Begin(state, fact, HoldReasons.WeightUnder);
        }
    }

    /// <summary>A hold of a reason that is already active is the same hold: only what was missing is filled in.</summary>
    internal static void Begin(ParcelState state, in LifeFact fact, string reason, bool incomplete = false)
    {
        var e = fact.Event;
        var (place, owner) = (LifeLimits.Clip(e.Place), LifeLimits.Clip(e.Hold?.Owner ?? ""));
        foreach (var hold in state.Holds)
        {
            if (hold.ReleasedUs != 0 || !string.Equals(hold.Reason, reason, StringComparison.Ordinal)) continue;
            if (hold.Place.Length == 0) hold.Place = place;
            if (hold.Owner.Length == 0) hold.Owner = owner;
            if (hold.Node.Length == 0) hold.Node = LifeLimits.Clip(e.Node);
            return;
        }
        if (state.Holds.Count >= LifeLimits.HoldsKept && !DropOldestReleased(state)) return;
        state.Holds.Add(new HoldRecord
        {
            Reason = reason, Place = place, Owner = owner, Node = LifeLimits.Clip(e.Node.Length > 0 ? e.Node : state.Node),
            SinceUs = fact.BestUs, Event = fact.Id, Incomplete = incomplete,
        });
    }

    private static void Hold(ParcelState state, in LifeFact fact)
    {
        var e = fact.Event;
        var reason = LifeLimits.Clip(e.Hold is { Reason.Length: > 0 } ? e.Hold.Reason : e.Reason);
        if (reason.Length == 0) ParcelFold.Raise(state, ExceptionCodes.Incomplete, fact, detail: "reason");
        else if (e.Place.Length == 0) ParcelFold.Raise(state, ExceptionCodes.Incomplete, fact, detail: "place");
        Begin(state, fact, reason, incomplete: reason.Length == 0);
    }

    // A release that names a reason in its hold ends that one; else all of them.
    private static void Release(ParcelState state, in LifeFact fact)
    {
        var only = fact.Event.Hold?.Reason ?? "";
        foreach (var hold in state.Holds)
        {
            if (hold.ReleasedUs != 0 || (only.Length > 0 && !string.Equals(hold.Reason, only, StringComparison.Ordinal))) continue;
            (hold.ReleasedUs, hold.ReleasedBy) = (fact.BestUs, fact.Id);
        }
    }

    // SEED-03-WBDAMAGED: slight damage that leaves the consignee readable is delivered as usual.
    private static void Waybill(ParcelState state, in LifeFact fact)
    {
        var problem = fact.Event.Reason;
        var hold = problem switch
        {
            "missing" => HoldReasons.WaybillMissing,
            "damaged_severe" => HoldReasons.WaybillDamaged,
            "illegible" => HoldReasons.WaybillIllegible,
            _ => null,
        };
        if (hold is null && !string.Equals(problem, "damaged_slight", StringComparison.Ordinal))
        {
            ParcelFold.Raise(state, ExceptionCodes.Incomplete, fact, detail: "reason");
            return;
        }
        (state.WaybillProblem, state.PreviousAsked, state.Certificate, state.Annotated) = (problem, false, "", false);
        if (hold is not null) Begin(state, fact, hold);
    }

    private static bool DropOldestReleased(ParcelState state)
    {
        for (var i = 0; i < state.Holds.Count; i++)
        {
            if (state.Holds[i].ReleasedUs == 0) continue;
            state.Holds.RemoveAt(i);
            return true;
        }
        return false;
    }
}
