namespace KeyAccountLogistics.Verdicts.Handovers;

/// <summary>Who can hold custody. Numbers as in kal.custody.v1.PartyKind.</summary>
public enum PartyKind
{
    /// <summary>The client who sends.</summary>
    Client = 1,

    /// <summary>A courier; the party's id is the person's.</summary>
    Courier = 2,

    /// <summary>A depot.</summary>
    Depot = 3,

    /// <summary>A hub.</summary>
    Hub = 4,

    /// <summary>The consignee.</summary>
    Consignee = 5,

    /// <summary>A person or place the consignee named.</summary>
    AgentReceiver = 6,
}

/// <summary>One who answers for parcels: an id, never a name (law 13).</summary>
public readonly record struct Party(PartyKind Kind, string Id)
{
    /// <summary><c>Courier c-17</c></summary>
    public override string ToString() => $"{Kind} {Id}";
}

/// <summary>Between whom a handover is. Numbers as in kal.custody.v1.HandoverKind.</summary>
public enum HandoverKind
{
    /// <summary>Pickup at the client's.</summary>
    ClientToCourier = 1,

    /// <summary>The courier brings in what was collected, or what could not be delivered.</summary>
    CourierToDepot = 2,

    /// <summary>The run sheet: the depot gives a courier the parcels of a run.</summary>
    DepotToCourier = 3,

    /// <summary>Delivery.</summary>
    CourierToConsignee = 4,

    /// <summary>The client brings parcels to the depot.</summary>
    ClientToDepot = 5,
}

/// <summary>What custody moving means for a parcel's life. Numbers as in kal.custody.v1.EventKind.</summary>
public enum CustodyMoveKind
{
    /// <summary>Client to courier.</summary>
    Collected = 3,

    /// <summary>Courier or client to depot.</summary>
    AcceptedAtDepot = 4,

    /// <summary>Depot to courier.</summary>
    OutForDelivery = 9,

    /// <summary>Courier to consignee or named agent.</summary>
    Delivered = 12,

    /// <summary>Back from the courier to the depot, undelivered.</summary>
    ReturnedToCustody = 51,
}

/// <summary>What each kind of handover allows.</summary>
public static class HandoverKinds
{
    /// <summary>True when these two parties can do that kind of handover.</summary>
    public static bool Fits(this HandoverKind kind, Party giver, Party receiver) => kind switch
    {
        HandoverKind.ClientToCourier => giver.Kind == PartyKind.Client && receiver.Kind == PartyKind.Courier,
        HandoverKind.CourierToDepot => giver.Kind == PartyKind.Courier && receiver.Kind is PartyKind.Depot or PartyKind.Hub,
        HandoverKind.DepotToCourier => giver.Kind is PartyKind.Depot or PartyKind.Hub && receiver.Kind == PartyKind.Courier,
        HandoverKind.CourierToConsignee => giver.Kind == PartyKind.Courier && receiver.Kind is PartyKind.Consignee or PartyKind.AgentReceiver,
        HandoverKind.ClientToDepot => giver.Kind == PartyKind.Client && receiver.Kind is PartyKind.Depot or PartyKind.Hub,
        _ => false,
    };

    /// <summary>True when a depot takes part, so that a scale is at hand.</summary>
    public static bool HasScale(this HandoverKind kind) => kind is HandoverKind.CourierToDepot or HandoverKind.DepotToCourier or HandoverKind.ClientToDepot;

    /// <summary>What the move is called in the parcel's life.</summary>
    /// <param name="kind">The handover's kind.</param>
    /// <param name="wasOutForDelivery">True when the parcel had left the depot for delivery: then its way back is a return.</param>
    public static CustodyMoveKind MoveKind(this HandoverKind kind, bool wasOutForDelivery) => kind switch
    {
        HandoverKind.ClientToCourier => CustodyMoveKind.Collected,
        HandoverKind.CourierToDepot => wasOutForDelivery ? CustodyMoveKind.ReturnedToCustody : CustodyMoveKind.AcceptedAtDepot,
        HandoverKind.DepotToCourier => CustodyMoveKind.OutForDelivery,
        HandoverKind.CourierToConsignee => CustodyMoveKind.Delivered,
        HandoverKind.ClientToDepot => CustodyMoveKind.AcceptedAtDepot,
        _ => throw new Kernel.InvariantBrokenException("A handover has one of five kinds.", kind.ToString()),
    };
}
