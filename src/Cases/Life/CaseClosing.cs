using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Kinds;
using NodaTime;

namespace KeyAccountLogistics.Cases.Life;

/// <summary>What stands between a case and its closing (SEED-04-WANT8), and the clocks that steps begin and end. Pure.</summary>
internal static class CaseClosing
{
    /// <summary>Why the step may not close the case; null when it may, or closes nothing. What the client takes back needs nothing of the carrier.</summary>
    internal static CaseRefusal? WhyNot(CaseDraft draft, StepRule step, string field)
    {
        var (kind, state) = (draft.Kind, draft.State);
        if (step.NeedsCause && state.Cause.Length == 0) return CaseLife.Refusal("close.no_cause", field, $"It is closed with its cause only: one of {string.Join(", ", kind.RootCauses)}.");
        if (step.NeedsPromise is { } what && state.Promises.Values.All(p => !string.Equals(p.What, what, StringComparison.Ordinal)))
            return CaseLife.Refusal("close.not_promised", field, $"Before that, say by when: promise '{what}', and do it.");
        if (!step.Verifies) return null;
        if (kind.RootCauses.Length > 0 && state.Serious)
        {
            if (state.Cause.Length == 0) return CaseLife.Refusal("close.no_cause", field, $"A serious case is closed with its root cause only: one of {string.Join(", ", kind.RootCauses)}.");
            if (!state.Corrected) return CaseLife.Refusal("close.no_action", field, "A serious case is closed with its corrective action only: say what was done so that it does not happen again.");
        }
        if (CasePromises.Waits(state)) return CaseLife.Refusal("close.promise_waits", field, "Something promised has not been done yet: do it, and say so, before the case is closed.");
        return kind.Clocks.Any(c => c.OnCall && state.Clocks.GetValueOrDefault(c.Name) is { State: ClockState.Running })
            ? CaseLife.Refusal("close.appealed", field, "The authority has not answered the client's appeal yet; its answer is recorded before the case is closed.")
            : null;
    }

    /// <summary>Whether the clock of the step stands so that it can be begun or ended.</summary>
    internal static bool ClockFits(CaseState state, StepRule step)
    {
        if ((step.Begins ?? step.Ends) is not { } name) return true;
        var runs = state.Clocks.GetValueOrDefault(name) is { State: ClockState.Running };
        return runs == (step.Ends is not null);
    }

    /// <summary>Begins or ends the step's clock in its entry, or says why not.</summary>
    internal static CaseRefusal? Clock(CaseDraft draft, CaseEntry entry, StepRule step, long dueUs)
    {
        if ((step.Begins ?? step.Ends) is not { } name) return null;
        if (!ClockFits(draft.State, step)) return CaseLife.Refusal(step.Ends is null ? "clock.running" : "clock.not_running", "step", $"The clock '{name}' {(step.Ends is null ? "runs already" : "does not run")}.");
        if (step.Ends is not null)
        {
            entry.Clocks.Add(CaseDraft.Stopped(draft.State.Clocks[name]));
            return null;
        }
        if (dueUs != 0 && (dueUs <= draft.NowUs || dueUs > draft.NowUs + Micros.Of(Duration.FromDays(CaseLimits.AppealDaysMax))))
            return CaseLife.Refusal("appeal.due", "due_at_us", $"The answer is due after now, at most {CaseLimits.AppealDaysMax} days ahead.");
        var begun = draft.Begun(draft.Kind.Clock(name)!, draft.NowUs, draft.State.Opened);
        if (dueUs != 0) begun.DueUs = dueUs;
        entry.Clocks.Add(begun);
        return null;
    }
}
