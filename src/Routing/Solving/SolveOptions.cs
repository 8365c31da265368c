using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Routing.Solving;

/// <summary>How long and how a problem is searched. At least one of <see cref="Time"/> and <see cref="Iterations"/> is given.</summary>
public sealed record SolveOptions
{
    /// <summary>Time the search may take, counted from the call, not negative; the plan is there a few milliseconds later. Zero: the first insertion only.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>
    /// Iterations of each thread, at least 0; 0: the first insertion only. They are counted in sixteens for each of the search's two or three dozen parts, so that a small number is exceeded by some hundreds.
    /// With a seed, a number of threads and no <see cref="Time"/>, the plan is always the same on one machine and runtime; elsewhere a logarithm may differ in its last bit.
    /// </summary>
    public long? Iterations { get; init; }

    /// <summary>Threads, 1 to 64.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Seed of all chance.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>As few vehicles as can be found without leaving out more, and only then the cost. Otherwise a vehicle costs what <see cref="Vehicle.FixedCost"/> says.</summary>
    public bool FewestVehicles { get; init; }

    /// <summary>Called with every better plan the workers bring home, from the calling thread; the first call comes with the first plan, the last one at the end.</summary>
    public Action<SolveProgress>? Progress { get; init; }
}

/// <summary>How a search stands.</summary>
/// <param name="Elapsed">Time since it began.</param>
/// <param name="Vehicles">Vehicles used by the best plan so far.</param>
/// <param name="Cost">Its cost.</param>
/// <param name="IsComplete">It leaves nothing out that must be served.</param>
/// <param name="Iterations">Iterations of all threads.</param>
public readonly record struct SolveProgress(TimeSpan Elapsed, int Vehicles, long Cost, bool IsComplete, long Iterations);
