using System.Globalization;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Cases.Weight;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Personal;
using KeyAccountLogistics.Kernel;
using Side = KeyAccountLogistics.Api.Cases.V1.Side;

namespace KeyAccountLogistics.Cases.Reading;

/// <summary>
/// Everything of a case. Both sides see the same numbers; what the client does not see is the carrier's own: internal notes, proposals, and whose limit is what. When the
/// client reads it, its evidence has been shown, and that is kept.
/// </summary>
internal sealed class ReadCase(CasesDb db, CaseStore store, LookAgain again, PersonalVault vault, IWriteGate gate, ICallerScope callers, ICaseAuthority authority, TimeProvider time)
{
    internal async Task<Outcome<CaseView>> RunAsync(string caseId, CancellationToken ct)
    {
        if (FreeText.FlawOf("case_id", caseId, needed: true) is { } flaw) return flaw;
        if (await store.FindAsync(caseId, ct) is not var (_, known, _)) return CaseActs.Unknown(caseId);
        await again.AtAsync(known.Opened.ParcelId, ct);
        var actor = Actor.Of(callers.Current);
        if (await store.FindAsync(caseId, ct) is not var (row, state, entries)) return CaseActs.Unknown(caseId);
        if (actor.Side != Side.Client || !CaseLife.StepsOpen(CaseKinds.Of(row.Kind), state, actor.Side).Any(s => s.Shows)) return await ViewAsync(row, state, entries, actor, ct);
        var shown = await gate.RunAsync<bool>((transaction, cancel) => ShowAsync(transaction, caseId, actor, cancel), ct);
        if (!shown.IsOk) return shown.Fault;
        return await store.FindAsync(caseId, ct) is var (after, since, more) ? await ViewAsync(after, since, more, actor, ct) : CaseActs.Unknown(caseId);
    }

    private async Task<Outcome<bool>> ShowAsync(WriteTransaction transaction, string caseId, Actor actor, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        await transaction.EnlistAsync(db, ct);
        if (await store.LockAsync(caseId, ct) is not { State: { } state } held) return CaseActs.Unknown(caseId);
        var draft = held.Draft(time.Now());
        if (CaseLife.StepsOpen(draft.Kind, state, actor.Side).FirstOrDefault(s => s.Shows) is not { } step) return true;
        var decision = CaseLife.Run(draft, new CaseCommand.TakeStep(CaseDraft.IdOf(string.Create(CultureInfo.InvariantCulture, $"{caseId}|shown|{state.Entries}")), actor, step.Name, "step", "", null));
        return decision.Entries.Count > 0 && await store.KeepAsync(transaction, held, decision.Entries, decision.State!, ct) is { } untold ? untold : true;
    }

    private async Task<CaseView> ViewAsync(CaseRow row, CaseState state, IReadOnlyList<CaseEntry> entries, Actor actor, CancellationToken ct)
    {
        var kind = CaseKinds.Of(state.Opened.Kind);
        var steps = CaseLife.StepsOpen(kind, state, actor.Side).ToList();
        var view = new CaseView
        {
            Summary = CaseColumns.Summary(row), Opened = state.Opened, Weights = state.Weights, Cash = state.Cash, Claim = state.Claim, Cause = state.Cause, Corrected = state.Corrected, Outcome = Seen(state.Outcome, actor), ShownAtUs = state.ShownUs, Signs = { state.Signs },
            Proposal = actor.Side == Side.Client ? null : state.Proposal,
            Promises = { state.Promises.Values.OrderBy(p => p.MadeUs).ThenBy(p => p.DueUs) }, Evidence = { state.Evidence }, Doubts = { state.Doubts }, Clocks = { state.Clocks.Values.Select(c => View(c, kind.Clock(c.Clock))) },
            MayAnswer = callers.Current.May(Api.Access.V1.Permission.CaseAnswer) && steps.Exists(s => s.IsAnswer),
        };
        if (view.MayAnswer) view.DisputeReasons.AddRange(steps.Where(s => s.IsAnswer).SelectMany(s => s.Reasons).Distinct(StringComparer.Ordinal));
        if (callers.Current.May(Api.Access.V1.Permission.CaseAct)) Acts(view, kind, state, steps);
        if (callers.Current.May(Api.Access.V1.Permission.CaseAnswer) && actor.Side == Side.Client) view.Answers.AddRange(AnswersOf(kind, state, steps));
        if (callers.Current.May(Api.Access.V1.Permission.CaseDecide)) await DecidingAsync(view, kind, state, actor, ct);
        if (state.Closed && (callers.Current.May(Api.Access.V1.Permission.CaseAct) || view.Answers.Count > 0)) view.ReopenReasons.AddRange(kind.ReopenReasons);
        foreach (var entry in entries) view.History.Add(await LineAsync(entry, actor, ct));
        return view;
    }

    // What this person may decide now, with which codes, and how far alone.
    private async Task DecidingAsync(CaseView view, CaseKind kind, CaseState state, Actor actor, CancellationToken ct)
    {
        view.Outcomes.AddRange(CaseDecide.OutcomesOpen(kind, state, actor).Select(o => o.Name));
        if (view.Outcomes.Count == 0) return;
        view.DecideReasons.AddRange(kind.DecideReasons);
        view.Limit = CaseDecide.ToWire((await CaseAuthority.NowAsync(authority, ct)).LimitOf(callers.Current.Roles, state.OnHold is { Known: true } hold ? hold.Currency : null));
    }

    private static void Acts(CaseView view, CaseKind kind, CaseState state, List<StepRule> steps)
    {
        view.Steps.AddRange(steps.Where(s => !s.IsAnswer).Select(s => s.Name));
        if (state.Closed) return;
        view.PromiseKinds.AddRange(kind.PromiseKinds);
        view.Causes.AddRange(kind.RootCauses);
        if (state.Claim is not null) view.Steps.Add("assess");
    }

    private static IEnumerable<string> AnswersOf(CaseKind kind, CaseState state, List<StepRule> steps) =>
        state.Closed ? kind.ClientReopens ? [Answering.AnswerCase.Again] : [] : steps.Where(s => s.IsClientsWord).Select(s => s.Name);

    private static ClockView View(ClockChange clock, ClockRule? rule) => new()
    {
        Clock = clock, Owner = rule?.Of == Side.Client ? "client" : "carrier", PauseReasons = { rule?.PauseReasons ?? [] },
    };

    // What the carrier's people may give away, and what one of them only proposes, is the carrier's own business.
    private static CaseEntry Seen(CaseEntry entry, Actor actor)
    {
        if (actor.Side != Side.Client || entry.Outcome is null) return entry;
        var seen = entry.Clone();
        if (entry.Kind == EntryKind.Proposed) (seen.Outcome, seen.Reason) = (null, "");
        else seen.Outcome = Seen(entry.Outcome, actor);
        return seen;
    }

    private static OutcomeTaken? Seen(OutcomeTaken? outcome, Actor actor)
    {
        if (actor.Side != Side.Client || outcome is null) return outcome;
        var seen = outcome.Clone();
        (seen.Limit, seen.ProposedBy) = (null, "");
        return seen;
    }

    private async Task<HistoryLine> LineAsync(CaseEntry entry, Actor actor, CancellationToken ct)
    {
        var line = new HistoryLine { Entry = Seen(entry, actor) };
        if (entry.NotePrint.IsEmpty) return line;
        if (actor.Side == Side.Client && !entry.NoteShared)
        {
            line.NoteAbsent = "internal";
            return line;
        }
        var note = await vault.GetAsync(entry.NoteUnder, CaseActs.VaultKind(entry.CaseId, entry.Id), ct);
        if (note.IsOk) line.Note = Encoding.UTF8.GetString(note.Value);
        else line.NoteAbsent = "destroyed";
        return line;
    }
}

/// <summary>A photo of the case's evidence, for the client whose parcel it is; the carrier's people ask for it by its event, which is an audited act of its own.</summary>
internal sealed class ReadPhoto(CaseStore store, IJournalReader journal, Evidence evidence, ICallerScope callers)
{
    private const int PartBytes = 256 * 1024;

    internal async Task RunAsync(CasePhotoRequest ask, IServerStreamWriter<EvidencePart> down, CancellationToken ct)
    {
        var found = (await FindAsync(ask, ct)).OrThrow();
        var content = (await evidence.ReadAsync(found, ct: ct)).OrThrow();
        for (var at = 0; at < content.Length; at += PartBytes)
        {
            var part = new EvidencePart { Content = ByteString.CopyFrom(content.AsSpan(at, Math.Min(PartBytes, content.Length - at))) };
            if (at == 0) (part.EventId, part.Sha256, part.Length) = (ByteString.CopyFrom(found.Id.ToByteArray(bigEndian: true)), ByteString.CopyFrom(Evidence.HashOf(found.Parse()).Span), content.Length);
            await down.WriteAsync(part, ct);
        }
    }

    private async Task<Outcome<JournalledEvent>> FindAsync(CasePhotoRequest ask, CancellationToken ct)
    {
        if ((FreeText.FlawOf("case_id", ask.CaseId, needed: true) ?? FreeText.FlawOf("event_id", ask.EventId, needed: true)) is { } flaw) return flaw;
        if (await store.FindAsync(ask.CaseId, ct) is not var (_, state, _)) return CaseActs.Unknown(ask.CaseId);
        if (Actor.Of(callers.Current).Side != Side.Client) return new Fault.Forbidden("photo.not_here", "The carrier's people ask for a photo by its event (Parcels/GetEvidence), with the reason why.");
        var named = (state.Weights?.Photos ?? Enumerable.Empty<EvidenceItem>()).Concat(state.Evidence).Any(e => string.Equals(e.EventId, ask.EventId, StringComparison.Ordinal) && !e.Sha256.IsEmpty);
        return named && Guid.TryParse(ask.EventId, out var id) && await journal.FindAsync(id, ct) is { } item
            ? item
            : new Fault.NotFound("photo.unknown", $"The evidence of case {ask.CaseId} names no such photo.");
    }
}
