using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>
/// The last readings of a scale with their frames, so that an accepted weight can keep the frames of its own window (law 9), also when its code was
/// scanned only after it came to rest. Bounded. Not thread-safe.
/// </summary>
internal sealed class WeighingWindow
{
    /// <summary>Frames kept with one weight: those nearest to its rest.</summary>
    public const int FramesMax = 32;

    private const int TraceMax = 40;
    private const int Capacity = 2_048;
    private readonly (Duration At, WeightReading Reading)[] _ring = new (Duration, WeightReading)[Capacity];
    private long _count;

    public void Add(Duration at, in WeightReading reading)
    {
        _ring[_count % Capacity] = (at, reading);
        _count++;
    }

    /// <summary>When the last reading came; null before the first.</summary>
    public Duration? LastAt => _count == 0 ? null : _ring[(_count - 1) % Capacity].At;

    /// <summary>True when the last two loads lie that close together: nearly at rest.</summary>
    public bool IsSettling(Mass within) => _count >= 2
        && _ring[(_count - 1) % Capacity].Reading.Mass is { } last && _ring[(_count - 2) % Capacity].Reading.Mass is { } before && (last - before).Abs() <= within;

    /// <summary>The readings between leaving zero and rest, oldest first, at most <see cref="FramesMax"/>, the newest of them.</summary>
    public IReadOnlyList<WeightReading> Between(Duration leftZero, Duration rest)
    {
        var found = new List<WeightReading>(FramesMax);
        for (var i = _count - 1; i >= 0 && i > _count - 1 - Capacity && found.Count < FramesMax; i--)
        {
            ref readonly var entry = ref _ring[i % Capacity];
            if (entry.At > rest) continue;
            if (entry.At < leftZero) break;
            found.Add(entry.Reading);
        }
        found.Reverse();
        return found;
    }

    /// <summary>The last loads in grams, for the little curve; not a number to compute with.</summary>
    public IReadOnlyList<int> Trace(Duration? from = null)
    {
        var trace = new List<int>(TraceMax);
        for (var i = _count - 1; i >= 0 && i > _count - 1 - Capacity && trace.Count < TraceMax; i--)
        {
            ref readonly var entry = ref _ring[i % Capacity];
            if (from is { } start && entry.At < start) break;
            if (entry.Reading.Mass is { } mass) trace.Add(Grams(mass));
        }
        trace.Reverse();
        return trace;
    }

    private static int Grams(Mass mass) => (int)Math.Clamp(mass.Milligrams / 1_000, int.MinValue, int.MaxValue);
}
