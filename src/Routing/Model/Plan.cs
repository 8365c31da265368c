namespace KeyAccountLogistics.Routing.Model;

/// <summary>Routes with their times, and what is left out.</summary>
/// <param name="Routes">Routes of vehicles that are used; each vehicle once at most.</param>
/// <param name="Unserved">Stops that are left out, ascending.</param>
/// <param name="Cost">What it costs, by cause.</param>
public sealed record Plan(IReadOnlyList<PlannedRoute> Routes, IReadOnlyList<int> Unserved, PlanCost Cost)
{
    /// <summary>Nothing that must be served is left out.</summary>
    public required bool IsComplete { get; init; }
}

/// <summary>One vehicle's route.</summary>
/// <param name="Vehicle">Index of the vehicle.</param>
/// <param name="Visits">Its stops in order.</param>
/// <param name="Breaks">The breaks it takes; those that fall away are not here.</param>
/// <param name="Begin">When it leaves its start.</param>
/// <param name="End">When it is at its end.</param>
public sealed record PlannedRoute(int Vehicle, IReadOnlyList<Visit> Visits, IReadOnlyList<PlannedBreak> Breaks, long Begin, long End);

/// <summary>One stop of a route with its times.</summary>
/// <param name="Stop">Index of the stop.</param>
/// <param name="Arrival">When the vehicle is there.</param>
/// <param name="Start">When the service starts.</param>
/// <param name="Departure">When it is done.</param>
public readonly record struct Visit(int Stop, long Arrival, long Start, long Departure);

/// <summary>A break that is taken.</summary>
/// <param name="Break">Index among the vehicle's breaks.</param>
/// <param name="Start">When it begins.</param>
public readonly record struct PlannedBreak(int Break, long Start);

/// <summary>The cost of a plan by cause, in the problem's unit. What must be served and is not has no price: see <see cref="Plan.IsComplete"/>.</summary>
/// <param name="Distance">Driven distance, in units of distance (not cost).</param>
/// <param name="Driving">Distance times each vehicle's cost per unit.</param>
/// <param name="Vehicles">Fixed costs of the vehicles used.</param>
/// <param name="Late">Lateness behind promises.</param>
/// <param name="LeftOut">Penalties of optional stops that are left out.</param>
/// <param name="Changes">Stops that go to another vehicle than in the running plan.</param>
public readonly record struct PlanCost(long Distance, long Driving, long Vehicles, long Late, long LeftOut, long Changes)
{
    /// <summary>The sum of the costs.</summary>
    public long Total => checked(Driving + Vehicles + Late + LeftOut + Changes);
}
