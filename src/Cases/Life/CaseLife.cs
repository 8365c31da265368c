using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Kinds;

namespace KeyAccountLogistics.Cases.Life;

/// <summary>
/// What a command came to: entries to keep, or a refusal, or neither where the command has had its effect before; both where the refusal says that the case stands otherwise now, which the
/// entries do.
/// </summary>
internal sealed record CaseDecision(IReadOnlyList<CaseEntry> Entries, CaseState? State, CaseRefusal? Refused)
{
    internal static CaseDecision Refuse(CaseState? state, string code, string field, string message) =>
        new([], state, new CaseRefusal { Code = code, Field = field, Message = message });
}

/// <summary>
/// The machine of every kind: state, command and now to a decision. Pure; the kind is data. Before anything else time takes its course (<see cref="CaseClocks.Lapse"/>), so
/// that an answer after its window is late even when the job that closes windows is later still.
/// </summary>
internal static class CaseLife
{
    /// <summary>Marks the step by which the evidence came before the client.</summary>
    internal const string ShownReason = "evidence_shown";

    /// <summary>Runs a command on a case; a command whose id is in the history changes nothing.</summary>
    internal static CaseDecision Run(CaseDraft draft, CaseCommand command)
    {
        var before = draft.State;
        if (before.Ids.Contains(command.Id)) return new CaseDecision([], before, null);
        if (before.Entries >= CaseLimits.EntriesMax) return CaseDecision.Refuse(before, "case.full", "case_id", $"The case {before.Id} has {CaseLimits.EntriesMax} entries, the most one can have.");
        CaseClocks.Lapse(draft);
        if (command is CaseCommand.Decide { GrantedMinor: var granted } && Claims.ClaimCase.WhyRestated(draft, granted) is { } restated) return new CaseDecision(draft.Entries, draft.State, restated);
        var refused = command switch
        {
            CaseCommand.TakeStep step => TakeStep(draft, step),
            CaseCommand.Add add => Add(draft, add),
            CaseCommand.Pause pause => Pause(draft, pause),
            CaseCommand.Resume resume => Resume(draft, resume),
            CaseCommand.Decide decide => CaseDecide.Run(draft, decide),
            CaseCommand.Reopen reopen => Reopen(draft, reopen),
            CaseCommand.LookedAgain look => LookedAgain(draft, look),
            CaseCommand.MakePromise promise => CasePromises.Make(draft, promise),
            CaseCommand.PromiseDone done => CasePromises.Done(draft, done),
            CaseCommand.Assess assess => Claims.ClaimCase.Assess(draft, assess),
            _ => throw new Kernel.InvariantBrokenException("every command of a case is known", command.GetType().Name),
        };
        return refused is null ? new CaseDecision(draft.Entries, draft.State, null) : new CaseDecision([], before, refused);
    }

    /// <summary>The opening: by the product, or by hand. The draft is empty.</summary>
    internal static void Open(CaseDraft draft, Actor actor, ByteString id, CaseOpened opened, string reason, Note? note, WeightFigures? weights, CashFigures? cash = null, ClaimFigures? claim = null, IEnumerable<RegressSign>? signs = null)
    {
        var begins = draft.Kind.Begins;
        var stage = actor.Side switch
        {
            Side.Client => begins.ByClient,
            _ when opened.AnsweredBy.Length == 0 => begins.WithoutSay,
            Side.Carrier => begins.ByCarrier,
            _ => begins.ByRule,
        };
        var entry = WithNote(new CaseEntry { Id = id, Kind = EntryKind.Opened, Opened = opened, Reason = reason, Owner = draft.Kind.FirstOwner, Weights = weights, Cash = cash, Claim = claim, Signs = { signs ?? [] } }, note);
        draft.Enter(entry, stage, draft.NowUs, opened: opened);
        draft.Add(actor, entry);
    }

    /// <summary>Leads an entry along a step: its stage, and the outcome that closes.</summary>
    internal static void Take(CaseDraft draft, CaseEntry entry, StepRule step, long fromUs)
    {
        if (step.ClosesWith is { } name) entry.Outcome = CaseDecide.Taken(draft.Kind.Outcome(name)!, draft.State, null);
        else if (step.Verifies) entry.Outcome = draft.State.Outcome;
        entry.Closes = step.Closes;
        if (step.To.Length > 0) draft.Enter(entry, step.To, fromUs, closed: entry.Closes);
    }

    /// <summary>The steps that this side may take now.</summary>
    internal static IEnumerable<StepRule> StepsOpen(CaseKind kind, CaseState state, Side side) =>
        state.Closed ? [] : kind.Steps.Where(s => s.From.Contains(state.Stage, StringComparer.Ordinal) && WhyNotBy(state, s, side) is null && CaseClosing.ClockFits(state, s));

    private static CaseRefusal? TakeStep(CaseDraft draft, CaseCommand.TakeStep c)
    {
        if (draft.Kind.Step(c.Step) is not { } step) return Refusal("step.unknown", c.Field, $"'{c.Step}' is no step of a case of kind {draft.Kind.Name}.");
        if (draft.State.Closed) return Refusal("case.closed", c.Field, $"The case {draft.State.Id} is closed; it must be reopened first.");
        if (WhyNotBy(draft.State, step, c.Actor.Side) is { } why) return Refusal(why.Code, c.Field, why.Message);
        if (!step.From.Contains(draft.State.Stage, StringComparer.Ordinal))
            return Refusal("step.not_now", c.Field, $"The case {draft.State.Id} is at '{draft.State.Stage}'; '{step.Name}' is taken at: {string.Join(", ", step.From)}.");
        if (step.Reasons.Length > 0 && !step.Reasons.Contains(c.Reason, StringComparer.Ordinal))
            return Refusal("reason.unknown", "reason", $"Say why, with one of: {string.Join(", ", step.Reasons)}.");
        if (WhyNotSaid(step, c.Note) is { } unsaid) return unsaid;
        if (CaseClosing.WhyNot(draft, step, c.Field) is { } open) return open;
        var entry = WithNote(new CaseEntry { Id = c.Id, Kind = EntryKind.Step, Step = step.Name, Reason = step.Shows ? ShownReason : c.Reason }, c.Note);
        if (CaseClosing.Clock(draft, entry, step, c.DueUs) is { } clock) return clock;
        (entry.Cause, entry.Corrective, entry.Serious) = (step.Says == Says.RootCause ? c.Reason : "", step.Says == Says.Corrective, step.Says == Says.Serious);
        entry.Uncontrollable = draft.Kind.Uncontrollable.Contains(entry.Cause, StringComparer.Ordinal);
        if (step.Takes && string.Equals(draft.State.Owner, draft.Kind.FirstOwner, StringComparison.Ordinal)) entry.Owner = c.Actor.Id;
        Take(draft, entry, step, draft.NowUs);
        draft.Add(c.Actor, entry);
        return null;
    }

    private static CaseRefusal? WhyNotSaid(StepRule step, Note? note) => step.Words switch
    {
        Words.Noted when note is null => Refusal("note.missing", "note", $"'{step.Name}' needs words: say in the note what it is."),
        Words.Shared when note is not { Shared: true } => Refusal("note.not_shared", "note", $"'{step.Name}' is said to the client: write a note that the client reads."),
        _ => null,
    };

    private static (string Code, string Message)? WhyNotBy(CaseState state, StepRule step, Side side)
    {
        if (step.IsAnswer && !state.HasSay) return ("answer.none_agreed", "The contract gives the client no say in a weight: the carrier decides, and the client sees how.");
        var either = step.IsAnswer && side == Side.Carrier && string.Equals(state.Opened.AnsweredBy, "either", StringComparison.Ordinal);
        return step.By.Contains(side) || either ? null : ("step.not_yours", $"'{step.Name}' is not for this side of the case.");
    }

    private static CaseRefusal? Add(CaseDraft draft, CaseCommand.Add c)
    {
        if (c.Note is null && c.Evidence.IsEmpty && c.Owner.Length == 0) return Refusal("act.empty", "step", "Nothing is asked for: name a step, a note, evidence or an owner.");
        if (draft.State.Closed && c.Owner.Length > 0) return Refusal("case.closed", "owner", $"The case {draft.State.Id} is closed; it must be reopened first.");
        if (c.Owner.Length > 0 && string.Equals(c.Owner, draft.State.Owner, StringComparison.Ordinal) && c.Note is null && c.Evidence.IsEmpty)
            return Refusal("owner.same", "owner", $"The case {draft.State.Id} is already {c.Owner}'s.");
        if (draft.State.Evidence.Length + c.Evidence.Length > CaseLimits.EvidenceMax)
            return Refusal("evidence.too_much", "evidence", $"A case holds at most {CaseLimits.EvidenceMax} pieces of evidence.");
        var entry = new CaseEntry { Id = c.Id, Kind = c.Owner.Length > 0 ? EntryKind.Owner : c.Evidence.IsEmpty ? EntryKind.Note : EntryKind.Evidence, Reason = c.Reason, Owner = c.Owner, Evidence = { c.Evidence } };
        draft.Add(c.Actor, WithNote(entry, c.Note));
        return null;
    }

    private static CaseRefusal? Pause(CaseDraft draft, CaseCommand.Pause c)
    {
        if (draft.Kind.Clock(c.Clock) is not { } rule) return Refusal("clock.unknown", "clock", $"'{c.Clock}' is no clock of a case of kind {draft.Kind.Name}.");
        if (!rule.PauseReasons.Contains(c.Reason, StringComparer.Ordinal))
        {
            return rule.PauseReasons.IsEmpty
                ? Refusal("clock.never_paused", "clock", $"The clock '{rule.Name}' is never paused.")
                : Refusal("reason.unknown", "reason", $"The clock '{rule.Name}' is paused for one of these reasons only: {string.Join(", ", rule.PauseReasons)}.");
        }
        if (draft.State.Clocks.GetValueOrDefault(c.Clock) is not { State: ClockState.Running } clock) return Refusal("clock.not_running", "clock", $"The clock '{c.Clock}' does not run.");
        draft.Add(c.Actor, WithNote(new CaseEntry { Id = c.Id, Kind = EntryKind.Paused, Reason = c.Reason, Clocks = { CaseClocks.Paused(clock, draft.NowUs, c.Reason) } }, c.Note));
        return null;
    }

    private static CaseRefusal? Resume(CaseDraft draft, CaseCommand.Resume c)
    {
        if (draft.State.Clocks.GetValueOrDefault(c.Clock) is not { State: ClockState.Paused } clock) return Refusal("clock.not_paused", "clock", $"The clock '{c.Clock}' is not paused.");
        draft.Add(c.Actor, WithNote(new CaseEntry { Id = c.Id, Kind = EntryKind.Resumed, Clocks = { CaseClocks.Resumed(clock, draft.NowUs) } }, c.Note));
        return null;
    }

    private static CaseRefusal? LookedAgain(CaseDraft draft, CaseCommand.LookedAgain c)
    {
        draft.Add(c.Actor, WithNote(new CaseEntry { Id = c.Id, Kind = EntryKind.Note, Step = "look_again" }, c.Note));
        return null;
    }

    private static CaseRefusal? Reopen(CaseDraft draft, CaseCommand.Reopen c)
    {
        if (!draft.State.Closed) return Refusal("case.open", "case_id", $"The case {draft.State.Id} is open.");
        if (!draft.Kind.ReopenReasons.Contains(c.Reason, StringComparer.Ordinal)) return Refusal("reason.unknown", "reason", $"Say why, with one of: {string.Join(", ", draft.Kind.ReopenReasons)}.");
        if (c.Actor.Side == Side.Client && !draft.Kind.ClientReopens) return Refusal("reopen.not_yours", "case_id", $"A case of kind {draft.Kind.Name} is reopened by the carrier's side.");
        var entry = WithNote(new CaseEntry { Id = c.Id, Kind = EntryKind.Reopened, Reason = c.Reason, Reopens = true }, c.Note);
        draft.Enter(entry, draft.Kind.ReopenedStage, draft.NowUs);
        draft.Add(c.Actor, entry);
        return null;
    }

    internal static CaseRefusal Refusal(string code, string field, string message) => new() { Code = code, Field = field, Message = message };

    internal static CaseEntry WithNote(CaseEntry entry, Note? note)
    {
        if (note is not null) (entry.NotePrint, entry.NoteUnder, entry.NoteShared) = (note.Print, note.Under, note.Shared);
        return entry;
    }
}

/// <summary>What one case holds at most (law 10).</summary>
internal static class CaseLimits
{
    internal const int EvidenceMax = 200;
    internal const int EvidenceAtOnceMax = 20;
    internal const int EntriesMax = 2_000;
    internal const int NoteLength = 2_000;
    internal const int TextLength = 120;
    internal const int PromisesMax = 50;
    internal const int PromiseDaysMax = 60;
    internal const int AppealDaysMax = 365;
    internal const int SignsMax = 100;
}
