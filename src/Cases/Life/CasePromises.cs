using System.Globalization;
using KeyAccountLogistics.Api.Cases.V1;

namespace KeyAccountLogistics.Cases.Life;

/// <summary>
/// Promises to the client (SEED-04-UNHAPPY): each is a clock of its case, so that it is escalated, listed and caught up like any other; when its time runs out it is broken, and
/// stays so when it is done late. Pure.
/// </summary>
internal static class CasePromises
{
    private const string Prefix = "promise-";
    private const string Broken = "promise_broken";

    internal static CaseRefusal? Make(CaseDraft draft, CaseCommand.MakePromise c)
    {
        var state = draft.State;
        if (state.Closed) return CaseLife.Refusal("case.closed", "case_id", $"The case {state.Id} is closed; it must be reopened first.");
        if (draft.Kind.PromiseKinds.IsEmpty) return CaseLife.Refusal("promise.none_here", "step", $"Nothing is promised in a case of kind {draft.Kind.Name}.");
        if (!draft.Kind.PromiseKinds.Contains(c.What, StringComparer.Ordinal)) return CaseLife.Refusal("reason.unknown", "reason", $"Say what is promised, with one of: {string.Join(", ", draft.Kind.PromiseKinds)}.");
        if (c.DueUs <= draft.NowUs || c.DueUs > draft.NowUs + Micros.Of(NodaTime.Duration.FromDays(CaseLimits.PromiseDaysMax)))
            return CaseLife.Refusal("promise.due", "due_at_us", $"Say by when: after now, at most {CaseLimits.PromiseDaysMax} days ahead.");
        if (state.Promises.Count >= CaseLimits.PromisesMax) return CaseLife.Refusal("promise.too_many", "step", $"A case holds at most {CaseLimits.PromisesMax} promises.");
        var promise = new Promise
        {
            Clock = Prefix + (state.Promises.Count + 1).ToString(CultureInfo.InvariantCulture), What = c.What, MadeUs = draft.NowUs, DueUs = c.DueUs, State = PromiseState.Open, By = c.Actor.Id,
        };
        var clock = new ClockChange { Clock = promise.Clock, State = ClockState.Running, StartedUs = draft.NowUs, DueUs = c.DueUs, OnDue = Broken };
        draft.Add(c.Actor, CaseLife.WithNote(new CaseEntry { Id = c.Id, Kind = EntryKind.Promised, Reason = c.What, Promise = promise, Clocks = { clock } }, c.Note));
        return null;
    }

    internal static CaseRefusal? Done(CaseDraft draft, CaseCommand.PromiseDone c)
    {
        if (draft.State.Promises.GetValueOrDefault(c.Clock) is not { DoneUs: 0 } promise || draft.State.Clocks[c.Clock] is not { State: ClockState.Running } clock)
            return CaseLife.Refusal("promise.unknown", "clock", "No promise of that clock waits in this case.");
        var done = promise.Clone();
        done.DoneUs = draft.NowUs;
        // Time has taken its course before, so a promise that is still open is kept.
        if (done.State == PromiseState.Open) done.State = PromiseState.Kept;
        draft.Add(c.Actor, CaseLife.WithNote(new CaseEntry { Id = c.Id, Kind = EntryKind.PromiseKept, Reason = promise.What, Promise = done, Clocks = { CaseDraft.Stopped(clock) } }, c.Note));
        return null;
    }

    /// <summary>The time of a promise has run out: the clock goes on standing as overdue until it is done.</summary>
    internal static void Break(CaseDraft draft, Promise promise)
    {
        var broken = promise.Clone();
        broken.State = PromiseState.Broken;
        draft.Add(Actor.Product, new CaseEntry { Kind = EntryKind.PromiseBroken, Reason = promise.What, Promise = broken });
    }

    internal static bool Waits(CaseState state) => state.Promises.Values.Any(p => p.DoneUs == 0 && state.Clocks[p.Clock].State == ClockState.Running);
}
