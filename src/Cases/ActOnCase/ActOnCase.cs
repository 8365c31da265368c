using System.Collections.Immutable;
using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Weight;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.ActOn;

/// <summary>The carrier's side of a case: a step of the kind, a pause with its reason, a note, evidence, another owner.</summary>
internal sealed class ActOnCase(CaseActs acts, CaseStore store, LookAgain again, IJournalReader journal, IKnowPeople people, ICaseAuthority authority)
{
    internal async Task<Outcome<CaseReply>> RunAsync(ActOnCaseCommand command, CancellationToken ct)
    {
        if (command.Step is "look_again" && await store.FindAsync(command.CaseId, ct) is var (_, state, _)) await again.AtAsync(state.Opened.ParcelId, ct);
        return await acts.OnCaseAsync(
            command.CommandId, "Cases/Act", command, command.CaseId, new FreeText(command.Note, command.ShareNote),
            (held, note, cancel) => ReadAsync(command, held, note, cancel), ct);
    }

    private async Task<Outcome<CaseCommand>> ReadAsync(ActOnCaseCommand c, LockedCase held, Note? note, CancellationToken ct)
    {
        foreach (var (field, text) in new[] { ("step", c.Step), ("clock", c.Clock), ("reason", c.Reason), ("owner", c.Owner) })
        {
            if (FreeText.FlawOf(field, text, needed: false) is { } flaw) return flaw;
        }
        if (c.Step.Length > 0 && (c.Evidence.Count > 0 || c.Owner.Length > 0)) return new Fault.Invalid("step", "act.one", "One act at a time: send the step apart from evidence and owner.");
        switch (c.Step)
        {
            case "pause": return new CaseCommand.Pause(c.CommandId, acts.Actor, c.Clock, c.Reason, note);
            case "resume": return new CaseCommand.Resume(c.CommandId, acts.Actor, c.Clock, note);
            case "promise": return new CaseCommand.MakePromise(c.CommandId, acts.Actor, c.Reason, c.DueAtUs, note);
            case "promise_done": return new CaseCommand.PromiseDone(c.CommandId, acts.Actor, c.Clock, note);
            case "assess" when FreeText.FlawOf("claim.proof", c.Claim?.Proof ?? "", needed: false) is { } unclear: return unclear;
            case "assess": return new CaseCommand.Assess(c.CommandId, acts.Actor, c.Claim ?? new ClaimFigures(), note);
            case "look_again": return new CaseCommand.LookedAgain(c.CommandId, acts.Actor, note);
            case "": break;
            default: return new CaseCommand.TakeStep(c.CommandId, acts.Actor, c.Step, "step", c.Reason, note, c.DueAtUs);
        }
        if (c.Owner.Length > 0 && !await MayOwnAsync(c.Owner, held.Row.Account, ct))
            return new Fault.Invalid("owner", "owner.unknown", $"Nobody who reaches the account and no role that decides cases is called '{(c.Owner.Length <= 60 ? c.Owner : "…")}'.");
        var evidence = await EvidenceAsync(c, held.State!.Opened.ParcelId, ct);
        return evidence.IsOk ? new CaseCommand.Add(c.CommandId, acts.Actor, evidence.Value, c.Owner, c.Reason, note) : evidence.Fault;
    }

    // A person, or a role before somebody of it takes the case.
    private async Task<bool> MayOwnAsync(string owner, string? account, CancellationToken ct) =>
        (await authority.MostMinorAsync(ct)).ContainsKey(owner) || (account is not null && await people.ReachesAsync(owner, account, ct));

    // Evidence is what stands in the journal about the same parcel: the blob's hash is the event's word, not the sender's.
    private async Task<Outcome<ImmutableArray<EvidenceItem>>> EvidenceAsync(ActOnCaseCommand c, long parcel, CancellationToken ct)
    {
        if (c.Evidence.Count > CaseLimits.EvidenceAtOnceMax) return new Fault.Invalid("evidence", "evidence.too_much", $"At most {CaseLimits.EvidenceAtOnceMax} pieces of evidence go in at once.");
        var items = ImmutableArray.CreateBuilder<EvidenceItem>(c.Evidence.Count);
        foreach (var asked in c.Evidence)
        {
            if (FreeText.FlawOf("evidence.subject", asked.Subject, needed: false) is { } flaw) return flaw;
            if (!Guid.TryParse(asked.EventId, out var id) || await journal.FindAsync(id, ct) is not { Kind: not EventKind.Unspecified, ParcelId: { } of } found || of != parcel)
                return new Fault.Invalid("evidence.event_id", "evidence.event_unknown", $"No event '{(asked.EventId.Length <= 60 ? asked.EventId : "…")}' of this case's parcel is in the journal.");
            var fact = found.Parse();
            items.Add(new EvidenceItem
            {
                EventId = found.Id.ToString(), Sha256 = ByteString.CopyFrom(Evidence.HashOf(fact).Span), MediaType = fact.Photo?.MediaType ?? "",
                Subject = fact.Photo is { Subject.Length: > 0 } photo ? photo.Subject : asked.Subject,
            });
        }
        return items.ToImmutable();
    }
}
