using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Cases.Claims;

/// <summary>A claim's opening and the restating of its figures. Pure.</summary>
internal static class ClaimCase
{
    private const string UsualCurrency = "CNY";

    internal static string CurrencyOf(WeighedParcel parcel) => parcel.Shipment.Currency is { Length: > 0 } currency ? currency : UsualCurrency;

    internal static CaseOpened Opening(WeighedParcel parcel, AccountTerms? terms) => new()
    {
        Kind = ClaimKind.Kind.Name, Subject = parcel.Code, ParcelId = parcel.Id, Account = parcel.Account ?? "", ByHand = true, Contract = terms?.Contract ?? "", ContractVersion = terms?.Version ?? 0,
    };

    /// <summary>What is claimed for the parcel, by the insured value its shipment was declared with.</summary>
    internal static ClaimFigures Figures(string lossKind, ClaimFigures asked, WeighedParcel parcel, AccountTerms? terms)
    {
        var figures = ClaimRules.Of(lossKind, asked, parcel.Shipment is { Insured: true, DeclaredValueMinor: > 0 } s ? s.DeclaredValueMinor : null);
        (figures.Contract, figures.ContractVersion) = (terms?.Contract ?? "", terms?.Version ?? 0);
        return figures;
    }

    /// <summary>On better evidence; a proposal that was made of the old figures is void.</summary>
    internal static CaseRefusal? Assess(CaseDraft draft, CaseCommand.Assess c)
    {
        if (draft.State.Claim is not { } before) return CaseLife.Refusal("claim.none", "claim", $"A case of kind {draft.Kind.Name} claims nothing.");
        if (draft.State.Closed) return CaseLife.Refusal("case.closed", "case_id", $"The case {draft.State.Id} is closed; it must be reopened first.");
        if (ClaimRules.FlawOf(before.LossKind, c.Claim, before.Currency) is { } flaw) return flaw;
        var figures = ClaimRules.Of(before.LossKind, c.Claim, before.Insured ? before.InsuredMinor : null);
        (figures.Contract, figures.ContractVersion) = (before.Contract, before.ContractVersion);
        var entry = CaseLife.WithNote(new CaseEntry { Id = c.Id, Kind = EntryKind.Assessed, Claim = figures }, c.Note);
        if (draft.State.Proposal is not null) draft.Enter(entry, draft.Kind.ReopenedStage, draft.NowUs);
        draft.Add(c.Actor, entry);
        return null;
    }
}
