namespace KeyAccountLogistics.Routing.Model;

/// <summary>
/// What is to be planned, in whole numbers of units that the caller chooses: a unit of time for all times, a unit of distance for all distances, a unit of cost for all costs.
/// Immutable; safe to share between threads.
/// </summary>
public sealed record RoutingProblem
{
    /// <summary>Distances and times between places.</summary>
    public required TravelMatrix Travel { get; init; }

    /// <summary>The stops; everywhere else a stop is its index here. At most <see cref="ProblemLimits.StopsMax"/>.</summary>
    public required IReadOnlyList<Stop> Stops { get; init; }

    /// <summary>The vehicles; everywhere else a vehicle is its index here. At most <see cref="ProblemLimits.VehiclesMax"/>.</summary>
    public required IReadOnlyList<Vehicle> Vehicles { get; init; }

    /// <summary>Pairs of stops that belong to one vehicle, in order. A stop is in one pair at most.</summary>
    public IReadOnlyList<Shipment> Shipments { get; init; } = [];

    /// <summary>Number of capacities each vehicle has, 0 to <see cref="ProblemLimits.CapacitiesMax"/>.</summary>
    public int Capacities { get; init; }

    /// <summary>The plan people work by now, as stops of each vehicle in order: where the search starts, and what changes are counted against. Null: none.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? RunningPlan { get; init; }

    /// <summary>Cost of each served stop that goes to another vehicle than in <see cref="RunningPlan"/>.</summary>
    public long ChangeCost { get; init; }
}
