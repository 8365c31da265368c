using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>One accepted weighing, as far as the next one of the same parcel must know it.</summary>
internal readonly record struct SeenParcel(string Station, long MonotonicMicros, long WallMicros, Mass Mass);

/// <summary>
/// What this agent has weighed lately, over all its stations: the same parcel again is a duplicate and is shown as one. Rebuilt from the journal at the
/// start; bounded, oldest forgotten first. Thread-safe.
/// </summary>
internal sealed class ParcelsSeen(long windowMicros)
{
    private const int ParcelsMax = 100_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SeenParcel> _seen = new(StringComparer.Ordinal);
    private readonly Queue<(string Parcel, long WallMicros)> _order = new();

    public void Note(string parcel, SeenParcel seen)
    {
        lock (_gate)
        {
            _seen[parcel] = seen;
            _order.Enqueue((parcel, seen.WallMicros));
            while (_order.Count > ParcelsMax)
            {
                var (oldest, at) = _order.Dequeue();
                if (_seen.TryGetValue(oldest, out var kept) && kept.WallMicros == at) _seen.Remove(oldest);
            }
        }
    }

    /// <summary>The parcel's last weighing within the window, by the counter where both are of this start, else by the wall clock.</summary>
    public SeenParcel? Find(string parcel, long nowMonotonic, long nowWall)
    {
        lock (_gate)
        {
            if (!_seen.TryGetValue(parcel, out var seen)) return null;
            var age = seen.MonotonicMicros > 0 ? nowMonotonic - seen.MonotonicMicros : Math.Abs(nowWall - seen.WallMicros);
            return age <= windowMicros ? seen : null;
        }
    }

    /// <summary>The weighing was withdrawn: it no longer makes the next one a duplicate.</summary>
    public void Forget(string parcel)
    {
        lock (_gate) _seen.Remove(parcel);
    }
}
