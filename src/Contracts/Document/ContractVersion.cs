using System.Collections.Immutable;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Document;

/// <summary>
/// One version of one contract, typed: what the document says, tables put in, as opposed to <see cref="AccountTerms"/>, the part of it that depots judge by.
/// Two documents that say the same are the same version, whatever their comments, order of keys or files. Immutable, safe to share between threads.
/// </summary>
internal sealed record ContractVersion
{
    /// <summary>The contract's number, e.g. <c>KA-2026-0001</c>.</summary>
    public required string Contract { get; init; }

    /// <summary>From 1; an amendment has the next.</summary>
    public required uint Version { get; init; }

    /// <summary>The account's code.</summary>
    public required string Account { get; init; }

    /// <summary>The account's name in Chinese; the code where the document has none.</summary>
    public required string NameZh { get; init; }

    /// <summary>The account's name in English; the code where the document has none.</summary>
    public required string NameEn { get; init; }

    /// <summary>ISO 4217; the currency of every amount.</summary>
    public required string Currency { get; init; }

    /// <summary>The first instant at which this version accepts parcels; null in a draft, which signing needs filled. A draft rates any moment.</summary>
    public Instant? EffectiveFrom { get; init; }

    /// <summary>The first instant at which it no longer does; null = open.</summary>
    public Instant? EffectiveUntil { get; init; }

    /// <summary>How the term is renewed; null when nothing was agreed.</summary>
    public RenewalClause? Renewal { get; init; }

    /// <summary>One per service, at most one for any service that no other names; ordered by clause.</summary>
    public required ImmutableArray<TariffClause> Tariffs { get; init; }

    /// <summary>What a returned or redirected parcel pays on top of its way out.</summary>
    public ImmutableArray<ReturnClause> Returns { get; init; } = [];

    /// <summary>Surcharges, in the order of the document, which is the order of the bill.</summary>
    public ImmutableArray<SurchargeClause> Surcharges { get; init; } = [];

    /// <summary>Discounts on freight, in the order of the document.</summary>
    public ImmutableArray<DiscountClause> Discounts { get; init; } = [];

    /// <summary>Insured value: what declaring it costs and what a loss pays; one per service, at most one for any.</summary>
    public ImmutableArray<InsuranceClause> Insurance { get; init; } = [];

    /// <summary>Cash on delivery; null when the contract has none, so that such a shipment is refused.</summary>
    public CodClause? Cod { get; init; }

    /// <summary>Freight paid by the consignee; null when not agreed.</summary>
    public FreightCollectClause? FreightCollect { get; init; }

    /// <summary>What a whole period gives back.</summary>
    public ImmutableArray<RebateClause> Rebates { get; init; } = [];

    /// <summary>What the client commits to per period.</summary>
    public ImmutableArray<CommitmentClause> Commitments { get; init; } = [];

    /// <summary>Until when no amendment may raise a price.</summary>
    public PriceLockClause? PriceLock { get; init; }

    /// <summary>The limits inside which the carrier's people may agree (SEED-02-NODISCOUNT).</summary>
    public GuardClause? Guard { get; init; }

    /// <summary>When and how the month is billed and paid.</summary>
    public CreditClause? Credit { get; init; }

    /// <summary>What two weights may differ by.</summary>
    public required WeightTerms Weight { get; init; }

    /// <summary>What a handover must show.</summary>
    public required HandoverTerms Handover { get; init; }

    /// <summary>How a promise is made.</summary>
    public PromiseTerms? Promise { get; init; }

    /// <summary>What dispatch must respect.</summary>
    public DispatchTerms? Dispatch { get; init; }

    /// <summary>How the service is scored.</summary>
    public ServiceClause? Service { get; init; }

    /// <summary>Due dates the carrier or the client answers for (SEED-03-FULFIL100): reports, reviews, visits.</summary>
    public ImmutableArray<ObligationClause> Obligations { get; init; } = [];

    /// <summary>True when a parcel accepted at that instant may fall under this version; a draft without dates covers everything.</summary>
    public bool Covers(Instant accepted) => (EffectiveFrom is not { } from || accepted >= from) && (EffectiveUntil is not { } until || accepted < until);

    /// <summary>The tariff of a service: the clause that names it, else the one for any service; null when neither is there.</summary>
    public TariffClause? TariffFor(string service) =>
        Tariffs.FirstOrDefault(t => t.Chargeable.Services.Contains(service, StringComparer.Ordinal)) ?? Tariffs.FirstOrDefault(t => t.Chargeable.Services.IsEmpty);

    /// <summary>
    /// What depots judge by. Null while <see cref="EffectiveFrom"/> is open: a draft judges nothing.
    /// </summary>
    public AccountTerms? ToTerms() => EffectiveFrom is not { } from ? null : new AccountTerms
    {
        Account = Account,
        NameZh = NameZh,
        NameEn = NameEn,
        Contract = Contract,
        Version = Version,
        EffectiveFrom = from,
        EffectiveUntil = EffectiveUntil,
        Currency = Currency,
        Chargeable = [.. Tariffs.Select(t => t.Chargeable)],
        Weight = Weight,
        Handover = Handover,
        Promise = Promise,
        Dispatch = Dispatch,
    };

    /// <summary><c>KA-2026-0001 v3</c></summary>
    public override string ToString() => $"{Contract} v{Version}";
}
