using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Cases.Claims;

/// <summary>A claim's opening and the restating of its figures. Pure.</summary>
internal static class ClaimCase
{
    private const string UsualCurrency = "CNY";

    /// <summary>One claim a parcel.</summary>
    internal static string IdOf(string parcel) => ClaimKind.Kind.Prefix + "-" + parcel;

    internal static string CurrencyOf(WeighedParcel parcel) => parcel.Shipment.Currency is { Length: > 0 } currency ? currency : UsualCurrency;

    internal static CaseOpened Opening(WeighedParcel parcel, AccountTerms? terms) => new()
    {
        Kind = ClaimKind.Kind.Name, Subject = parcel.Code, ParcelId = parcel.Id, Account = parcel.Account ?? "", ByHand = true, Contract = terms?.Contract ?? "", ContractVersion = terms?.Version ?? 0,
    };

    /// <summary>What is claimed for the parcel, by the insured value its shipment was declared with.</summary>
    internal static ClaimFigures Figures(string lossKind, ClaimFigures asked, WeighedParcel parcel, AccountTerms? terms, long grantedMinor)
    {
        var figures = ClaimRules.Of(lossKind, asked, parcel.Shipment is { Insured: true, DeclaredValueMinor: > 0 } s ? s.DeclaredValueMinor : null, grantedMinor);
        (figures.Contract, figures.ContractVersion) = (terms?.Contract ?? "", terms?.Version ?? 0);
        return figures;
    }

    /// <summary>On better evidence; a proposal that was made of the old figures is void.</summary>
    internal static CaseRefusal? Assess(CaseDraft draft, CaseCommand.Assess c)
    {
        if (draft.State.Claim is not { } before) return CaseLife.Refusal("claim.none", "claim", $"A case of kind {draft.Kind.Name} claims nothing.");
        if (draft.State.Closed) return CaseLife.Refusal("case.closed", "case_id", $"The case {draft.State.Id} is closed; it must be reopened first.");
        if (ClaimRules.FlawOf(before.LossKind, c.Claim, before.Currency) is { } flaw) return flaw;
        Restate(draft, c.Actor, CaseLife.WithNote(new CaseEntry { Id = c.Id, Kind = EntryKind.Assessed }, c.Note), c.Claim, before, before.GrantedMinor);
        return null;
    }

    /// <summary>
    /// Why an open claim is not decided on the figures it has: claims for other pieces of its shipment have been granted, or are granted no more, since they were reckoned, and what it
    /// pays is another amount now. The figures are restated in the draft, so that whoever decides has seen what they decide.
    /// </summary>
    internal static CaseRefusal? WhyRestated(CaseDraft draft, long grantedMinor)
    {
        if (draft.State is not { Closed: false, Claim: { Insured: true } before }) return null;
        if (Equals(ClaimRules.Of(before.LossKind, before, before.InsuredMinor, grantedMinor).Payable, before.Payable)) return null;
        Restate(draft, Actor.Product, new CaseEntry { Kind = EntryKind.Assessed }, before, before, grantedMinor);
        return CaseLife.Refusal("claim.restated", "outcome", "What claims for other pieces of the shipment were granted has changed, and with it what is left of the insured value: the amount is restated. Read it, and decide again.");
    }

    private static void Restate(CaseDraft draft, Actor actor, CaseEntry entry, ClaimFigures asked, ClaimFigures before, long grantedMinor)
    {
        entry.Claim = ClaimRules.Of(before.LossKind, asked, before.Insured ? before.InsuredMinor : null, grantedMinor);
        (entry.Claim.Contract, entry.Claim.ContractVersion) = (before.Contract, before.ContractVersion);
        if (draft.State.Proposal is not null) draft.Enter(entry, draft.Kind.ReopenedStage, draft.NowUs);
        draft.Add(actor, entry);
    }
}
