using NodaTime;

namespace KeyAccountLogistics.Custody.Published;

/// <summary>A parcel as it stands, for modules that decide on it: who answers for it and what its ticket says. As opposed to its life, which is its events.</summary>
/// <param name="Code">Canonical code.</param>
/// <param name="Account">The shipper; empty when no shipment names the parcel.</param>
/// <param name="CustodianKind">Who answers for it.</param>
/// <param name="Custodian">That party's id; may be empty.</param>
/// <param name="Stage">The word of its stage, <c>out_for_delivery</c>.</param>
/// <param name="HoldReason">Why it is held; null when it is not.</param>
/// <param name="Insured">Insured.</param>
/// <param name="Fragile">Fragile.</param>
/// <param name="CodMinor">Goods money to collect, minor units; 0 = none.</param>
/// <param name="FreightCollectMinor">Freight to collect, minor units; 0 = none.</param>
/// <param name="Currency">Their currency; empty without amounts.</param>
/// <param name="Seal">Registered seal; empty when none.</param>
/// <param name="AcceptedAt">When the carrier accepted it: picks the terms; null when not yet.</param>
public sealed record ParcelStanding(
    string Code, string Account, Api.Custody.V1.PartyKind CustodianKind, string Custodian, string Stage, string? HoldReason, bool Insured, bool Fragile, long CodMinor,
    long FreightCollectMinor, string Currency, string Seal, Instant? AcceptedAt);

/// <summary>Parcels as they stand, within the scope of the present caller (law 11). Scoped; not thread-safe.</summary>
public interface IParcelsNow
{
    /// <summary>Those of the codes or texts that are known to the caller, by canonical code. At most 5,000 a call.</summary>
    Task<IReadOnlyDictionary<string, ParcelStanding>> FindAsync(IReadOnlyCollection<string> texts, CancellationToken ct);
}
