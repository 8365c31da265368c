using System.Collections.Immutable;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Terms;

/// <summary>
/// One version of one account's contract as the rules read it, as opposed to the document people sign and to the account itself.
/// The moment a parcel is accepted picks the version (<see cref="TermsSnapshot.InForce"/>). Immutable, safe to share between threads.
/// </summary>
public sealed record AccountTerms
{
    /// <summary>The account's code, as shipments name it.</summary>
    public required string Account { get; init; }

    /// <summary>The account's name in Chinese.</summary>
    public required string NameZh { get; init; }

    /// <summary>The account's name in English.</summary>
    public required string NameEn { get; init; }

    /// <summary>The contract's number, e.g. <c>KA-2026-0001</c>.</summary>
    public required string Contract { get; init; }

    /// <summary>The contract's version, from 1.</summary>
    public required uint Version { get; init; }

    /// <summary>The first instant at which this version accepts parcels.</summary>
    public required Instant EffectiveFrom { get; init; }

    /// <summary>The first instant at which it no longer does; null while a later version or the contract's end is not fixed.</summary>
    public Instant? EffectiveUntil { get; init; }

    /// <summary>The currency of every amount in these terms, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>How weights become chargeable ones, per service; never empty, at most one without services (any).</summary>
    public required ImmutableArray<ChargeableWeightTerms> Chargeable { get; init; }

    /// <summary>What two weights of one parcel may differ by.</summary>
    public required WeightTerms Weight { get; init; }

    /// <summary>What a handover of this account's parcels must show.</summary>
    public required HandoverTerms Handover { get; init; }

    /// <summary>How a promise is made; null when the account's shipments bring their own.</summary>
    public PromiseTerms? Promise { get; init; }

    /// <summary>What dispatch must respect; null when nothing was agreed: ordinary.</summary>
    public DispatchTerms? Dispatch { get; init; }

    /// <summary>True when the account's parcels go before others.</summary>
    public bool GoesFirst => Dispatch?.Priority == DispatchPriority.First;

    /// <summary>The chargeable-weight clause of a service: the one that names it, else the one for any service; null when neither is there.</summary>
    public ChargeableWeightTerms? ChargeableFor(string service) =>
        Chargeable.FirstOrDefault(c => c.Services.Contains(service, StringComparer.Ordinal)) ?? Chargeable.FirstOrDefault(c => c.Services.IsEmpty);

    /// <summary>True when a parcel accepted at <paramref name="accepted"/> may fall under this version.</summary>
    public bool Covers(Instant accepted) => accepted >= EffectiveFrom && (EffectiveUntil is not { } until || accepted < until);

    /// <summary><c>KA-2026-0001 v3</c></summary>
    public override string ToString() => $"{Contract} v{Version}";
}
