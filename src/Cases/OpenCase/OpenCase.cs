using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Claims;
using KeyAccountLogistics.Cases.Complaints;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Regress;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Cases.Weight;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Cases.Opening;

/// <summary>
/// A person opens a case by hand: about a weight that no rule found outside tolerance, a complaint, a claim, a key account that is slipping. One weight case and one claim a parcel, any
/// number of complaints; one regress of an account at a time.
/// </summary>
internal sealed class OpenCase(CaseActs acts, CasesDb db, CaseStore store, ParcelWeights parcels, ITermsInForce terms, PriceShipment price, OpenComplaint complaints, OtherClaims others, KeepRegress regress, TimeProvider time)
{
    /// <summary>What a kind makes of the request: the id, the opening and the figures; or why not.</summary>
    internal sealed record Made(string Id, CaseOpened Opened, WeightFigures? Weights = null, ClaimFigures? Claim = null, RegressSign? Sign = null);

    internal Task<Outcome<CaseReply>> RunAsync(OpenCaseCommand command, CancellationToken ct)
    {
        var text = new FreeText(command.Note, Shared: command.ShareNote);
        return acts.OnceAsync(command.CommandId, "Cases/Open", command, text, async (transaction, cancel) =>
        {
            if (FlawOf(command) is { } flaw) return flaw;
            var kinds = CaseKinds.All.Where(k => acts.Actor.Side != Side.Client || !k.CarriersOwn).ToList();
            if (kinds.Find(k => string.Equals(k.Name, command.Kind, StringComparison.Ordinal)) is not { } kind) return Refused("kind.unknown", "kind", $"'{command.Kind}' is no kind of case. There are: {string.Join(", ", kinds.Select(k => k.Name))}.");
            if (!kind.OpenReasons.Contains(command.Reason, StringComparer.Ordinal)) return Refused("reason.unknown", "reason", $"Say why, with one of: {string.Join(", ", kind.OpenReasons)}.");
            var made = await MadeAsync(kind, command, cancel);
            return made.IsOk ? await KeepAsync(transaction, command, text, kind, made.Value, cancel) : made.Fault;
        }, ct);
    }

    private static Fault? FlawOf(OpenCaseCommand c) =>
        FreeText.FlawOf("kind", c.Kind, needed: true) ?? FreeText.FlawOf("subject", c.Subject, needed: !string.Equals(c.Kind, ComplaintKind.Kind.Name, StringComparison.Ordinal) && !string.Equals(c.Kind, RegressKind.Kind.Name, StringComparison.Ordinal))
        ?? FreeText.FlawOf("reason", c.Reason, needed: true) ?? FreeText.FlawOf("account", c.Account, needed: false) ?? FreeText.FlawOf("reference", c.Reference, needed: false)
        ?? FreeText.FlawOf("claim.proof", c.Claim?.Proof ?? "", needed: false);

    private async Task<Outcome<Made>> MadeAsync(CaseKind kind, OpenCaseCommand command, CancellationToken ct)
    {
        if (ReferenceEquals(kind, RegressKind.Kind)) return await SlippingAsync(command, ct);
        if (ReferenceEquals(kind, ComplaintKind.Kind) && command.Subject.Length == 0) return complaints.OfAccount(command);
        if (await parcels.FindAsync(command.Subject, ct) is not { } row || await parcels.OfAsync(row, ct) is not { } parcel)
            return new Fault.NotFound("parcel.unknown", $"No parcel is known under '{command.Subject}'. Check the number, or that its account is one you may see.");
        if (ReferenceEquals(kind, ComplaintKind.Kind)) return complaints.OfParcel(command, parcel);
        return ReferenceEquals(kind, ClaimKind.Kind) ? await ClaimedAsync(command, parcel, ct) : Weighed(parcel);
    }

    private async Task<Outcome<Made>> SlippingAsync(OpenCaseCommand command, CancellationToken ct)
    {
        if (command.Subject.Length > 0) return new Fault.Invalid("subject", "subject.unwanted", "A regress is of an account: leave the subject empty and name the account.");
        if (command.Account.Length == 0) return new Fault.Invalid("account", "field.missing", "Say which account is slipping.");
        if (complaints.WhyNotAccount(command.Account) is { } unknown) return unknown;
        var sign = new RegressSign { Code = command.Reason, Reference = command.Reference };
        return new Made(await regress.IdAsync(command.Account, Uuid.From(command.CommandId.Span), ct), RegressCase.Opening(command.Account, byHand: true), Sign: sign);
    }

    private Outcome<Made> Weighed(WeighedParcel parcel)
    {
        var figures = WeightDispute.Of(parcel, price, byHand: true)!;
        return new Made(ObserveParcel.IdOf(parcel.Code), WeightCase.Opening(parcel, ObserveParcel.TermsOf(terms, parcel), figures, byHand: true), Weights: figures);
    }

    private async Task<Outcome<Made>> ClaimedAsync(OpenCaseCommand command, WeighedParcel parcel, CancellationToken ct)
    {
        if (!parcel.Shipment.Registered) return new Fault.Conflict("claim.no_shipment", $"No shipment is registered for {parcel.Code}, so nobody knows what was declared for it.");
        var asked = command.Claim ?? new ClaimFigures();
        if (ClaimRules.FlawOf(command.Reason, asked, ClaimCase.CurrencyOf(parcel)) is { } flaw) return new Fault.Invalid(flaw.Field, flaw.Code, flaw.Message);
        var inForce = ObserveParcel.TermsOf(terms, parcel);
        var granted = await others.GrantedAsync(parcel.Id, ct);
        return new Made(ClaimCase.IdOf(parcel.Code), ClaimCase.Opening(parcel, inForce), Claim: ClaimCase.Figures(command.Reason, asked, parcel, inForce, granted));
    }

    private async Task<Outcome<CaseReply>> KeepAsync(WriteTransaction transaction, OpenCaseCommand command, FreeText text, CaseKind kind, Made made, CancellationToken ct)
    {
        var now = time.Now();
        if (await store.MakeAsync(made.Id, made.Opened, now, ct) is not { } held) return await ExistsAsync(made, command, ct);
        var note = await acts.PrintAsync(transaction, text, made.Id, made.Opened.ParcelId, ct);
        if (!note.IsOk) return note.Fault;
        var draft = new CaseDraft(kind, made.Id, null, now);
        CaseLife.Open(draft, acts.Actor, command.CommandId, made.Opened, command.Reason, note.Value, made.Weights, claim: made.Claim, signs: made.Sign is { } sign ? [sign] : null);
        if (await store.KeepAsync(transaction, held, draft.Entries, draft.State, ct) is { } untold) return untold;
        if (await acts.SealAsync(transaction, text, note.Value, made.Id, command.CommandId, ct) is { } fault) return fault;
        return new CaseReply { Case = CaseColumns.Summary(held.Row) };
    }

    // The same opening, sent again long after the command log has forgotten it, is the case it made then.
    private async Task<CaseReply> ExistsAsync(Made made, OpenCaseCommand command, CancellationToken ct)
    {
        var entry = Uuid.From(command.CommandId.Span);
        var same = await db.Entries.AsNoTracking().AnyAsync(e => e.CaseId == made.Id && e.Number == 1 && e.EntryId == entry, ct);
        return same
            ? new CaseReply { Case = CaseColumns.Summary(await db.Cases.AsNoTracking().SingleAsync(c => c.Id == made.Id, ct)) }
            : Refused("case.exists", "subject", $"{made.Opened.Subject} has its case already: {made.Id}.");
    }

    private static CaseReply Refused(string code, string field, string message) => new() { Refused = CaseLife.Refusal(code, field, message) };
}
