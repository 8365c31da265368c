namespace KeyAccountLogistics.Routing.Model;

/// <summary>One visit to be planned: at a place, in a window, for a time. What it loads and unloads is given per capacity of the problem.</summary>
public sealed record Stop
{
    /// <summary>The caller's name of it, used in what is said to people.</summary>
    public required string Id { get; init; }

    /// <summary>Index of its place in <see cref="RoutingProblem.Travel"/>.</summary>
    public required int Place { get; init; }

    /// <summary>Time the service takes, at least 0.</summary>
    public long Service { get; init; }

    /// <summary>When the service may start; ascending and disjoint. Empty: at any time.</summary>
    public IReadOnlyList<TimeWindow> Windows { get; init; } = [];

    /// <summary>When it should have started; null: nothing is promised.</summary>
    public Promise? Promise { get; init; }

    /// <summary>Amount per capacity that is loaded at the route's start and handed over here. Empty: nothing.</summary>
    public IReadOnlyList<long> Delivered { get; init; } = [];

    /// <summary>Amount per capacity that is taken here and stays aboard: to the route's end, or to the other stop of its <see cref="Shipment"/>. Empty: nothing.</summary>
    public IReadOnlyList<long> Collected { get; init; } = [];

    /// <summary>Bits of the skills a vehicle needs to serve it.</summary>
    public ulong Skills { get; init; }

    /// <summary>0 to 100: of stops that must be served and cannot all be, those of higher priority are served first.</summary>
    public int Priority { get; init; }

    /// <summary>What leaving it out costs; null: it must be served, and a plan without it is not complete.</summary>
    public long? Penalty { get; init; }
}

/// <summary>Two stops of one vehicle, the first before the second; what is collected at the first is unloaded at the second. Both are served or neither.</summary>
/// <param name="Pickup">Index of the stop that collects. It delivers nothing.</param>
/// <param name="Delivery">Index of the stop that unloads; its own <see cref="Stop.Delivered"/> and <see cref="Stop.Collected"/> are empty.</param>
public readonly record struct Shipment(int Pickup, int Delivery);
