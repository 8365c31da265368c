using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Stability;

/// <summary>When readings of a wire that does not say are called stable. Per device.</summary>
/// <param name="Readings">So many readings at least, 2 to 64.</param>
/// <param name="WithinSteps">None further than this many scale steps (d) from the newest.</param>
/// <param name="Over">From the oldest of them to the newest at least this long.</param>
/// <param name="GapMax">A longer pause between two readings begins a new run.</param>
public sealed record StabilityRule(int Readings, int WithinSteps, TimeSpan Over, TimeSpan GapMax)
{
    /// <summary>Five readings within one d over half a second; a pause of a second begins anew.</summary>
    public static StabilityRule Default { get; } = new(5, 1, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
}

/// <summary>
/// Computed stability for wires that carry no flag; where the wire has one, that one is passed on. Pure: time comes in with each reading. One per
/// device; not thread-safe.
/// </summary>
public sealed class StabilityWindow(StabilityRule rule)
{
    private const int Capacity = 128;
    private readonly (long Milligrams, TimeSpan At)[] _run = new (long, TimeSpan)[Capacity];
    private int _next;
    private int _count;

    /// <summary>
    /// Takes the next reading and says whether the load is stable. <paramref name="resolution"/> is the scale's d (learned or set),
    /// <paramref name="at"/> a monotonic time. What is no load (over, fault, acknowledgement) begins a new run and is never stable.
    /// </summary>
    public StabilityFlag Add(in WeightReading reading, Mass resolution, TimeSpan at)
    {
        if (!reading.IsLoad)
        {
            Reset();
            return StabilityFlag.NotReported;
        }
        if (_count > 0 && at - Back(1).At > rule.GapMax) Reset();
        _run[_next] = (reading.Mass!.Value.Milligrams, at);
        _next = (_next + 1) % Capacity;
        _count = Math.Min(_count + 1, Capacity);
        if (reading.Stability != StabilityFlag.NotReported) return reading.Stability;
        return IsStable(resolution) ? StabilityFlag.Stable : StabilityFlag.Moving;
    }

    /// <summary>Forgets everything: the line was lost.</summary>
    public void Reset() => (_next, _count) = (0, 0);

    private bool IsStable(Mass resolution)
    {
        var newest = Back(1);
        var band = resolution.Milligrams * rule.WithinSteps;
        for (var back = 2; back <= _count; back++)
        {
            var older = Back(back);
            if (Math.Abs(older.Milligrams - newest.Milligrams) > band) return false;
            if (back >= rule.Readings && newest.At - older.At >= rule.Over) return true;
        }
        return false;
    }

    private (long Milligrams, TimeSpan At) Back(int steps) => _run[(_next - steps + Capacity) % Capacity];
}
