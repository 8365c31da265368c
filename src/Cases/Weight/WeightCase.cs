using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Cases.Weight;

/// <summary>
/// What the product does to a weight case of itself: opens it, lets later verdicts join, reopens it for what changes the dispute or puts its evidence in doubt. Pure. Looking
/// again at the same facts does nothing.
/// </summary>
internal static class WeightCase
{
    internal const string NewVerdict = "new_verdict";
    internal const string ScaleDrift = "scale_drift";
    internal const string Corrected = "corrected";
    private const string Withdrawal = "withdrawn";

    /// <summary>The opening of a parcel's case, with the say that the terms of its acceptance give the client.</summary>
    internal static CaseOpened Opening(Custody.Published.WeighedParcel parcel, AccountTerms? terms, WeightFigures figures, bool byHand)
    {
        var opened = new CaseOpened
        {
            Kind = Kinds.CaseKinds.Weight.Name, Subject = parcel.Code, ParcelId = parcel.Id, Account = parcel.Account ?? "", Depot = figures.Depot, ByHand = byHand,
            Contract = terms?.Contract ?? "", ContractVersion = terms?.Version ?? 0, Clause = terms?.Weight.Clause.ToString() ?? "",
        };
        if (terms?.Weight.Dispute is not { } say) return opened;
        opened.AnsweredBy = say.By switch { DisputeParty.Client => "client", _ => "either" };
        opened.AnswerWithinUs = Micros.Of(say.Within);
        opened.OnSilence = say.OnSilence switch { OnSilence.AutoAccept => "auto_accept", _ => "decide" };
        return opened;
    }

    /// <summary>Brings a case up to what the scales say now.</summary>
    /// <param name="draft">The case; empty = there is none yet.</param>
    /// <param name="opening">How one begins.</param>
    /// <param name="figures">What is in dispute; null = nothing that counts any more.</param>
    /// <param name="doubts">The quarantines that touch the weights.</param>
    internal static void Observe(CaseDraft draft, Func<WeightFigures, CaseOpened> opening, WeightFigures? figures, IEnumerable<ScaleDoubted> doubts)
    {
        if (draft.Now is null)
        {
            if (figures is null) return;
            CaseLife.Open(draft, Actor.Product, ByteString.Empty, opening(figures), figures.Cause, null, figures);
        }
        else
        {
            CaseClocks.Lapse(draft);
            if (figures is null)
            {
                Withdraw(draft);
                return;
            }
            if (IsWithdrawn(draft.State) || !figures.Equals(draft.State.Weights)) Join(draft, figures);
        }
        var known = draft.State.Doubts.Select(d => d.EventId).ToHashSet(StringComparer.Ordinal);
        foreach (var doubt in doubts.Where(d => !known.Contains(d.EventId))) Doubt(draft, doubt);
    }

    // The client answers what it was shown: when the dispute itself changes, the new evidence is shown first; a decision or proposal on the old one is void. Who has disputed
    // need not dispute again.
    private static void Join(CaseDraft draft, WeightFigures figures)
    {
        var state = draft.State;
        var entry = new CaseEntry { Kind = EntryKind.Weights, Weights = figures };
        if (IsWithdrawn(state) || state.Weights is not { } before || !WeightDispute.SameDispute(before, figures, state.Closed))
        {
            if (state.Closed) (entry.Kind, entry.Reopens) = (EntryKind.Reopened, true);
            entry.Reason = NewVerdict;
            var answered = !state.Closed && draft.Kind.DecidedIn.Contains(state.Stage, StringComparer.Ordinal);
            var stage = answered ? draft.Kind.ReopenedStage : state.HasSay ? draft.Kind.Begins.ByRule : draft.Kind.Begins.WithoutSay;
            if (state.Closed || !string.Equals(stage, state.Stage, StringComparison.Ordinal)) draft.Enter(entry, stage, draft.NowUs);
        }
        draft.Add(Actor.Product, entry);
    }

    private static bool IsWithdrawn(CaseState state) => state.Outcome is { Outcome: Withdrawal };

    private static void Withdraw(CaseDraft draft)
    {
        if (draft.State.Closed) return;
        var entry = new CaseEntry
        {
            Kind = EntryKind.Withdrawn, Reason = Corrected, Closes = true, Outcome = CaseDecide.Taken(draft.Kind.Outcome(Withdrawal)!, draft.State, null),
        };
        draft.Enter(entry, draft.Kind.ClosedStage, draft.NowUs, closed: true);
        draft.Add(Actor.Product, entry);
    }

    // Each quarantine once. A closed case is taken up again; of an open one silence accepts nothing any more.
    private static void Doubt(CaseDraft draft, ScaleDoubted doubt)
    {
        var state = draft.State;
        var entry = new CaseEntry { Id = CaseDraft.IdOf(state.Id + "|" + doubt.EventId), Kind = EntryKind.Doubted, Reason = ScaleDrift, Doubt = doubt };
        if (state.Closed) (entry.Kind, entry.Reopens) = (EntryKind.Reopened, true);
        if (state.Closed || state.Proposal is not null) draft.Enter(entry, draft.Kind.ReopenedStage, draft.NowUs);
        foreach (var clock in state.Clocks.Values.Where(c => c.State is ClockState.Running or ClockState.Paused && entry.Clocks.All(changed => changed.Clock != c.Clock)))
        {
            var careful = draft.Kind.Clock(clock.Clock) is { } rule ? draft.OnDueOf(rule, state.Opened, inDoubt: true) : clock.OnDue;
            if (string.Equals(careful, clock.OnDue, StringComparison.Ordinal)) continue;
            var changed = clock.Clone();
            changed.OnDue = careful;
            entry.Clocks.Add(changed);
        }
        draft.Add(Actor.Product, entry);
    }
}
