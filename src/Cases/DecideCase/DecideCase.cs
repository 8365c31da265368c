using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Claims;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Cases.Weight;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.Deciding;

/// <summary>Decides a case on what the scales say now, within the limit of the decider's roles (SEED-03-AUTH); over it the decision waits for another person.</summary>
internal sealed class DecideCase(CaseActs acts, CaseStore store, LookAgain again, ParcelWeights parcels, OtherClaims claims, PriceShipment price, ICaseAuthority authority)
{
    internal async Task<Outcome<CaseReply>> RunAsync(DecideCaseCommand command, CancellationToken ct)
    {
        if (await store.FindAsync(command.CaseId, ct) is var (_, state, _)) await again.AtAsync(state.Opened.ParcelId, ct);
        return await acts.OnCaseAsync(
            command.CommandId, "Cases/Decide", command, command.CaseId, new FreeText(command.Note, Shared: false),
            (held, note, cancel) => ReadAsync(command, held, note, cancel), ct);
    }

    private async Task<Outcome<CaseCommand>> ReadAsync(DecideCaseCommand c, LockedCase held, Note? note, CancellationToken ct)
    {
        if ((FreeText.FlawOf("outcome", c.Outcome, needed: true) ?? FreeText.FlawOf("reason", c.Reason, needed: true)) is { } flaw) return flaw;
        var rule = CaseKinds.Of(held.Row.Kind).Outcome(c.Outcome);
        if (c.AmountMinor < 0 || (c.AmountMinor != 0 && rule?.Gives != Gives.Stated)) return new Fault.Invalid("amount_minor", "amount.unwanted", "Only what is paid back has an amount, above zero.");
        if (c.BillsMg < 0 || (c.BillsMg != 0 && rule?.Bills != Bills.Stated)) return new Fault.Invalid("bills_mg", "weight.unwanted", "Only a re-rating has a weight, above zero.");
        if (c.AmountMinor > 0 && !Money.IsCurrency(c.Currency)) return new Fault.Invalid("currency", "currency.malformed", "The currency is an ISO 4217 code of three capital letters.");
        var charge = c.BillsMg > 0 && await parcels.OfAsync(held.State!.Opened.ParcelId, ct) is { } parcel ? WeightDispute.ChargeAt(parcel, c.BillsMg, price) : null;
        var stated = new Stated(c.AmountMinor > 0 ? new Money(c.AmountMinor, c.Currency) : null, c.BillsMg, charge);
        var granted = held.State is { Claim.Insured: true, Opened.ParcelId: var of } ? await claims.GrantedAsync(of, ct) : 0;
        var limits = await CaseAuthority.NowAsync(authority, ct);
        return new CaseCommand.Decide(c.CommandId, acts.Actor, c.Outcome, stated, currency => limits.LimitOf(acts.Caller.Roles, currency), c.Reason, note, granted);
    }
}
