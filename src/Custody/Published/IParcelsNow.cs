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
/// <param name="HeldSince">Since when it is held, by the best estimate; null when it is not, or not known.</param>
public sealed record ParcelStanding(
    string Code, string Account, Api.Custody.V1.PartyKind CustodianKind, string Custodian, string Stage, string? HoldReason, bool Insured, bool Fragile, long CodMinor,
    long FreightCollectMinor, string Currency, string Seal, Instant? AcceptedAt, Instant? HeldSince = null)
{
    /// <summary>The depots it is a matter of: where it starts, is, and is to be delivered. Parcels are seen by account; who acts on one for a depot is of one of these.</summary>
    public IReadOnlyList<string> Depots { get; init; } = [];
}

/// <summary>A parcel that a depot delivers, with what planning its way to the door needs.</summary>
/// <param name="Parcel">As it stands.</param>
/// <param name="Waybill">Of its shipment: parcels of one shipment go to one door.</param>
/// <param name="Node">Where it is; the depot that gave it to its courier, while he has it.</param>
/// <param name="Destination">The depot that delivers it.</param>
/// <param name="PromisedBy">The contract's promise; null without.</param>
/// <param name="Mass">As declared; null when nothing was, or it is of several pieces.</param>
/// <param name="LongitudeE5">Of the door, 1e-5 degrees; null when nobody said.</param>
/// <param name="LatitudeE5">The same.</param>
public sealed record DeliveryDue(ParcelStanding Parcel, string Waybill, string Node, string Destination, Instant? PromisedBy, Kernel.Mass? Mass, int? LongitudeE5, int? LatitudeE5);

/// <summary>What a courier needs to find a door and ask for the right person (domain.md 4.4): name and phone masked, the address whole.</summary>
/// <param name="Name">Masked.</param>
/// <param name="Phone">Masked.</param>
/// <param name="Address">As the sender wrote it.</param>
public sealed record DoorDetails(string Name, string Phone, string Address);

/// <summary>Parcels as they stand, within the scope of the present caller (law 11). Scoped; not thread-safe.</summary>
public interface IParcelsNow
{
    /// <summary>Those of the codes or texts that are known to the caller, by canonical code. At most 5,000 a call.</summary>
    Task<IReadOnlyDictionary<string, ParcelStanding>> FindAsync(IReadOnlyCollection<string> texts, CancellationToken ct);

    /// <summary>What a depot has to deliver or has given to its couriers: lives not over, destined there and there or out from there. At most 20,000; ordered by code.</summary>
    Task<IReadOnlyList<DeliveryDue>> ForDeliveryAsync(string depot, CancellationToken ct);

    /// <summary>The same of parcels by code, wherever they are and whether or not their lives are over. At most 5,000 a call.</summary>
    Task<IReadOnlyDictionary<string, DeliveryDue>> DueAsync(IReadOnlyCollection<string> codes, CancellationToken ct);

    /// <summary>Whom the parcels of these waybills go to; those without details, or whose details were destroyed, are not there. The caller is entitled to know: it is the courier who delivers them.</summary>
    Task<IReadOnlyDictionary<string, DoorDetails>> DoorsAsync(IReadOnlyCollection<string> waybills, CancellationToken ct);
}

/// <summary>Handovers as they stand. Scoped; not thread-safe.</summary>
public interface IHandoversNow
{
    /// <summary>The fold of a handover's steps; null while none is known to the caller's depots under this id.</summary>
    Task<Verdicts.Handovers.HandoverState?> FindAsync(string handover, CancellationToken ct);
}
