namespace KeyAccountLogistics.Routing.Model;

/// <summary>A vehicle with its driver for one shift: at most one route.</summary>
public sealed record Vehicle
{
    /// <summary>The caller's name of it.</summary>
    public required string Id { get; init; }

    /// <summary>Place where the route begins; null: at its first stop.</summary>
    public int? StartPlace { get; init; }

    /// <summary>Place where the route ends; null: an open route, it ends with its last stop.</summary>
    public int? EndPlace { get; init; }

    /// <summary>The route lies within it. A route of nothing but <see cref="Frozen"/> visits may end after it.</summary>
    public required TimeWindow Shift { get; init; }

    /// <summary>What it may carry at any time, one for each capacity of the problem (parcels, grams, litres, cash).</summary>
    public IReadOnlyList<long> Capacities { get; init; } = [];

    /// <summary>Bits of the skills it has.</summary>
    public ulong Skills { get; init; }

    /// <summary>Breaks in the order they are taken.</summary>
    public IReadOnlyList<Break> Breaks { get; init; } = [];

    /// <summary>Cost of using it at all.</summary>
    public long FixedCost { get; init; }

    /// <summary>Cost of each unit of distance.</summary>
    public long CostPerDistance { get; init; } = 1;

    /// <summary>
    /// What has been driven, and what is being driven now: the beginning of its route, which stays as it is. Its times, windows and loads are facts and are not judged. With nothing behind it the way home is
    /// driven whenever it ends, past the shift or a break, and that costs nothing; what is added must end within the shift, and loads are judged from the end of this beginning on, against the capacity or
    /// what it left aboard if that is more.
    /// </summary>
    public IReadOnlyList<FrozenVisit> Frozen { get; init; } = [];

    /// <summary>It has left its start: what it delivers from there is aboard. Those stops stay with it (by <see cref="RoutingProblem.RunningPlan"/>), and no further ones can be loaded.</summary>
    public bool HasLeft { get; init; }
}

/// <summary>A break of the driver. It lies between two services, driving may be interrupted for it, and at most one is taken between two services. It falls away if the route ends by its latest start, or is driven but for the way home.</summary>
/// <param name="Begin">When it may begin.</param>
/// <param name="Duration">How long it is, at least 0.</param>
public readonly record struct Break(TimeWindow Begin, long Duration);

/// <summary>A visit that is fact, or as good as one. Its windows are not judged again; breaks taken before it are the caller's matter, and no longer among the vehicle's.</summary>
/// <param name="Stop">Index of the stop.</param>
/// <param name="Start">When its service started, or will.</param>
public readonly record struct FrozenVisit(int Stop, long Start);
