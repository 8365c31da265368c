namespace KeyAccountLogistics.Verdicts.Terms;

/// <summary>The logistic details agreed with an account (SEED-04-LOGDETAIL): which parcels go first, and what their delivery must respect.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Priority">Whether the account's parcels are dispatched before others.</param>
/// <param name="Delivery">What a delivery must respect; a set.</param>
public sealed record DispatchTerms(ClauseId Clause, DispatchPriority Priority, DeliveryConstraints Delivery);

/// <summary>In which order a depot dispatches.</summary>
public enum DispatchPriority
{
    /// <summary>In its turn.</summary>
    Ordinary = 1,

    /// <summary>Before the others.</summary>
    First = 2,
}

/// <summary>What a delivery must respect; a set.</summary>
[Flags]
public enum DeliveryConstraints
{
    /// <summary>Nothing beyond the usual.</summary>
    None = 0,

    /// <summary>Only at the time agreed with the consignee.</summary>
    Appointment = 1,

    /// <summary>To the consignee's door, never to the gate.</summary>
    ToTheDoor = 2,

    /// <summary>Into no locker and no pickup point, even with consent.</summary>
    NoLocker = 4,
}
