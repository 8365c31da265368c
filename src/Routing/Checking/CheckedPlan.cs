using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Routing.Checking;

/// <summary>Which rule a plan breaks.</summary>
public enum ViolationKind
{
    UnknownVehicle,
    VehicleUsedTwice,
    EmptyRoute,
    UnknownStop,
    StopServedTwice,
    StopLostOrListedWrongly,
    FrozenVisitChanged,
    SkillMissing,
    GoodsOfAnotherVehicle,
    ShipmentSplit,
    DeliveredBeforePickup,
    ServedBeforeArrival,
    FasterThanTravel,
    OutsideWindow,
    ServiceCutShort,
    OutsideShift,
    BreakOutsideWindow,
    BreakOverlaps,
    BreakMissed,
    OverCapacity,
    CostMisstated,
    MandatoryStopUnserved,
}

/// <summary>The first rule a plan breaks.</summary>
/// <param name="kind">The rule.</param>
/// <param name="message">What is wrong with which vehicle and stop, with the figures; formatted the same everywhere.</param>
public sealed class Violation(ViolationKind kind, FormattableString message)
{
    /// <summary>The rule.</summary>
    public ViolationKind Kind => kind;

    /// <summary>What is wrong with which vehicle and stop, with the figures.</summary>
    public string Message { get; } = FormattableString.Invariant(message);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Message}";
}

/// <summary>What the checker says of a plan.</summary>
/// <param name="Violation">The first violation; null: none.</param>
/// <param name="Cost">The plan's cost as the checker counts it; null where a violation leaves nothing to count.</param>
public sealed record CheckedPlan(Violation? Violation, PlanCost? Cost)
{
    /// <summary>The plan keeps every rule.</summary>
    public bool IsFeasible => Violation is null;
}
