using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Cases.Weight;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.Opening;

/// <summary>A person opens a case by hand: about a weight that no rule found outside tolerance, say. One a parcel; whoever opens it does not decide it.</summary>
internal sealed class OpenCase(CaseActs acts, CaseStore store, ParcelWeights parcels, ITermsInForce terms, PriceShipment price, TimeProvider time)
{
    internal Task<Outcome<CaseReply>> RunAsync(OpenCaseCommand command, CancellationToken ct)
    {
        var text = new FreeText(command.Note, Shared: false);
        return acts.OnceAsync(command.CommandId, "Cases/Open", command, text, async (transaction, cancel) =>
        {
            if ((FreeText.FlawOf("kind", command.Kind, needed: true) ?? FreeText.FlawOf("subject", command.Subject, needed: true) ?? FreeText.FlawOf("reason", command.Reason, needed: true)) is { } flaw) return flaw;
            if (CaseKinds.Find(command.Kind) is not { } kind) return Refused("kind.unknown", "kind", $"'{command.Kind}' is no kind of case. There are: {string.Join(", ", CaseKinds.All.Select(k => k.Name))}.");
            if (!kind.OpenReasons.Contains(command.Reason, StringComparer.Ordinal)) return Refused("reason.unknown", "reason", $"Say why, with one of: {string.Join(", ", kind.OpenReasons)}.");
            if (await parcels.FindAsync(command.Subject, cancel) is not { } row || await parcels.OfAsync(row, cancel) is not { } parcel)
                return new Fault.NotFound("parcel.unknown", $"No parcel is known under '{command.Subject}'. Check the number, or that its account is one you may see.");
            return await MakeAsync(transaction, command, text, kind, parcel, cancel);
        }, ct);
    }

    private async Task<Outcome<CaseReply>> MakeAsync(WriteTransaction transaction, OpenCaseCommand command, FreeText text, CaseKind kind, WeighedParcel parcel, CancellationToken ct)
    {
        var (id, now) = (ObserveParcel.IdOf(parcel.Code), time.Now());
        var figures = WeightDispute.Of(parcel, price, byHand: true)!;
        var opened = WeightCase.Opening(parcel, ObserveParcel.TermsOf(terms, parcel), figures, byHand: true);
        if (await store.MakeAsync(id, opened, now, ct) is not { } held) return Refused("case.exists", "subject", $"The parcel {parcel.Code} has its case already: {id}.");
        var note = await acts.PrintAsync(transaction, text, id, parcel.Id, ct);
        if (!note.IsOk) return note.Fault;
        var draft = new CaseDraft(kind, id, null, now);
        CaseLife.Open(draft, acts.Actor, command.CommandId, opened, command.Reason, note.Value, figures);
        await store.KeepAsync(held, draft.Entries, draft.State, ct);
        if (await acts.SealAsync(transaction, text, note.Value, id, command.CommandId, ct) is { } fault) return fault;
        return new CaseReply { Case = CaseColumns.Summary(held.Row) };
    }

    private static CaseReply Refused(string code, string field, string message) => new() { Refused = CaseLife.Refusal(code, field, message) };
}
