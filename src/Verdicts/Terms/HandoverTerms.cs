using System.Collections.Immutable;

namespace KeyAccountLogistics.Verdicts.Terms;

/// <summary>What a handover of an account's parcels must show before the receiver may answer for them.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="InsuredFrom">Declared value, in minor units of the terms' currency, from which a parcel is insured; null when only the shipment's own mark counts.</param>
/// <param name="Insured">The checks of an insured parcel (SEED-03-INSURED).</param>
/// <param name="Touch">Which fragile parcels are shaken and touched (SEED-03-FRAGILE).</param>
/// <param name="DeliveryProofs">The proof that delivery needs, per risk class.</param>
public sealed record HandoverTerms(
    ClauseId Clause,
    long? InsuredFrom,
    InsuredChecks Insured,
    TouchCheck Touch,
    ImmutableSortedDictionary<RiskClass, DeliveryProofs> DeliveryProofs)
{
    /// <summary>
    /// What applies where no terms are known: every check. Without a contract a parcel gets the full care, never less.
    /// </summary>
    public static HandoverTerms Strictest { get; } = new(
        ClauseId.Parse("none"),
        InsuredFrom: 1,
        InsuredChecks.ItemByItem | InsuredChecks.Seal | InsuredChecks.Reweigh,
        TouchCheck.Fragile,
        ImmutableSortedDictionary<RiskClass, DeliveryProofs>.Empty
            .Add(RiskClass.Ordinary, Terms.DeliveryProofs.Signature)
            .Add(RiskClass.High, Terms.DeliveryProofs.Code | Terms.DeliveryProofs.Signature));

    /// <summary>True when a declared value makes the parcel an insured one; absent (0) never does.</summary>
    public bool IsInsured(long declaredValueMinor) => declaredValueMinor > 0 && InsuredFrom is { } from && declaredValueMinor >= from;

    /// <summary>What proves the delivery of a parcel of that class; a signature where the contract says nothing.</summary>
    public DeliveryProofs ProofFor(RiskClass risk) => DeliveryProofs.TryGetValue(risk, out var proofs) ? proofs : Terms.DeliveryProofs.Signature;
}

/// <summary>The checks of an insured parcel beyond its scan.</summary>
[Flags]
public enum InsuredChecks
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Handed over singly, with the result of looking at its packaging.</summary>
    ItemByItem = 1,

    /// <summary>The seal found is the seal registered.</summary>
    Seal = 2,

    /// <summary>Weighed again, wherever a depot takes part.</summary>
    Reweigh = 4,
}

/// <summary>Which fragile parcels need the touch check.</summary>
public enum TouchCheck
{
    /// <summary>None.</summary>
    None = 1,

    /// <summary>Those that are insured too.</summary>
    FragileInsured = 2,

    /// <summary>Every fragile parcel.</summary>
    Fragile = 3,
}

/// <summary>How much depends on the proof of a delivery.</summary>
public enum RiskClass
{
    /// <summary>Neither insured nor fragile.</summary>
    Ordinary = 1,

    /// <summary>Insured.</summary>
    High = 2,
}

/// <summary>What can prove a delivery; a set.</summary>
[Flags]
public enum DeliveryProofs
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The consignee's code.</summary>
    Code = 1,

    /// <summary>A signature.</summary>
    Signature = 2,

    /// <summary>A photograph.</summary>
    Photo = 4,
}
