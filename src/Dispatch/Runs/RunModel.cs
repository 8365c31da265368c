using System.Collections.Immutable;

namespace KeyAccountLogistics.Dispatch.Runs;

// Times are whole seconds since 1970, distances metres: what the solver counts in.

/// <summary>A place on Earth in 1e-5 degrees, about a metre.</summary>
internal readonly record struct GeoPoint(int LongitudeE5, int LatitudeE5);

/// <summary>When a stop may be served. Its service waits for <paramref name="From"/>; after <paramref name="Until"/> of the last window it is late, not impossible.</summary>
internal readonly record struct RunWindow(long From, long Until);

/// <summary>A door to go to: a pickup order, or the parcels of one consignee.</summary>
internal sealed record RunStop
{
    internal required string Id { get; init; }

    internal required GeoPoint Place { get; init; }

    /// <summary>Ascending and apart; empty: at any time.</summary>
    internal ImmutableArray<RunWindow> Windows { get; init; } = [];

    /// <summary>The contract's promise, where it is earlier than the last window's end.</summary>
    internal long? PromisedBy { get; init; }

    internal long ServiceSeconds { get; init; } = 180;

    internal int Parcels { get; init; } = 1;

    internal long Grams { get; init; }

    /// <summary>Loaded at the depot and handed over here; else taken here and brought in.</summary>
    internal bool IsDelivery { get; init; }

    internal bool HasMoney { get; init; }

    internal bool IsInsured { get; init; }

    /// <summary>Empty: anybody's.</summary>
    internal string Area { get; init; } = "";

    /// <summary>0 to 100; the higher are served first when not all can be (SEED-04-LOGDETAIL).</summary>
    internal int Priority { get; init; }

    /// <summary>The latest start that is in time; null: none is late.</summary>
    internal long? Due
    {
        get
        {
            if (Windows.IsDefaultOrEmpty) return PromisedBy;
            return PromisedBy is { } promise ? Math.Min(promise, Windows[^1].Until) : Windows[^1].Until;
        }
    }

    /// <summary>
    /// Workload points (打击点数, SEED-00-ROUTE5), by which rounds are balanced: a door is 10, each parcel 1, money to count 3, insured parcels to check one by one 5.
    /// </summary>
    internal int Points => 10 + Parcels + (HasMoney ? 3 : 0) + (IsInsured ? 5 : 0);

    /// <summary>When a courier who arrives then can begin.</summary>
    internal long StartAt(long arrival)
    {
        foreach (var window in Windows)
        {
            if (arrival <= window.Until) return Math.Max(arrival, window.From);
        }
        return arrival;
    }
}

/// <summary>A stop that has been served, or is being: the beginning of a run, which stays.</summary>
internal readonly record struct FrozenStop(string Stop, long Start);

/// <summary>A courier with his vehicle for one shift (SEED-03-SHIFT8).</summary>
internal sealed record RunCourier
{
    internal required string Id { get; init; }

    internal required GeoPoint Start { get; init; }

    internal required RunWindow Shift { get; init; }

    /// <summary>Empty: everywhere.</summary>
    internal ImmutableArray<string> Areas { get; init; } = [];

    internal int ParcelsMax { get; init; } = 200;

    internal long GramsMax { get; init; } = 200_000;

    internal int PointsMax { get; init; } = 1_500;

    internal ImmutableArray<FrozenStop> Frozen { get; init; } = [];

    /// <summary>He has left the depot: what he delivers is aboard and stays with him, and nothing more can be loaded.</summary>
    internal bool HasLeft { get; init; }

    /// <summary>Not there today: whoever has left is not absent.</summary>
    internal bool IsAbsent { get; init; }

    internal bool MayServe(RunStop stop) => !IsAbsent && (stop.Area.Length == 0 || Areas.IsDefaultOrEmpty || Areas.Contains(stop.Area, StringComparer.Ordinal));
}

/// <summary>How couriers get about: straight lines times a detour, at one speed; factors learned from driven legs are the caller's.</summary>
internal sealed record RunTravel(double Detour = 1.35, double MetresPerSecond = 4.5)
{
    private const double EarthRadiusMetres = 6_371_008.8;

    internal (long Metres, long Seconds) Leg(GeoPoint from, GeoPoint to)
    {
        var (a, b) = (double.DegreesToRadians(from.LatitudeE5 / 1e5), double.DegreesToRadians(to.LatitudeE5 / 1e5));
        var (halfLatitude, halfLongitude) = (Math.Sin((b - a) / 2), Math.Sin(double.DegreesToRadians((to.LongitudeE5 - (long)from.LongitudeE5) / 1e5) / 2));
        var haversine = (halfLatitude * halfLatitude) + (Math.Cos(a) * Math.Cos(b) * halfLongitude * halfLongitude);
        var metres = 2 * EarthRadiusMetres * Math.Asin(Math.Min(1, Math.Sqrt(haversine))) * Detour;
        return ((long)Math.Round(metres), (long)Math.Ceiling(metres / MetresPerSecond));
    }
}

/// <summary>What a depot has to do on a day, and who is there to do it.</summary>
internal sealed class DispatchDay
{
    internal DispatchDay(IEnumerable<RunCourier> couriers, IEnumerable<RunStop> stops, RunTravel? travel = null)
    {
        Couriers = [.. couriers.OrderBy(c => c.Id, StringComparer.Ordinal)];
        Stops = [.. stops.OrderBy(s => s.Id, StringComparer.Ordinal)];
        StopOf = Stops.ToImmutableDictionary(s => s.Id, StringComparer.Ordinal);
        CourierOf = Couriers.ToImmutableDictionary(c => c.Id, StringComparer.Ordinal);
        Travel = travel ?? new RunTravel();
    }

    internal ImmutableArray<RunCourier> Couriers { get; }

    internal ImmutableArray<RunStop> Stops { get; }

    internal ImmutableDictionary<string, RunStop> StopOf { get; }

    internal ImmutableDictionary<string, RunCourier> CourierOf { get; }

    internal RunTravel Travel { get; }

    /// <summary>The same day with one more stop, or one in the place of its earlier self.</summary>
    internal DispatchDay With(RunStop stop) => new(Couriers, Stops.Where(s => !string.Equals(s.Id, stop.Id, StringComparison.Ordinal)).Append(stop), Travel);

    internal DispatchDay Without(string stop) => new(Couriers, Stops.Where(s => !string.Equals(s.Id, stop, StringComparison.Ordinal)), Travel);

    internal DispatchDay With(RunCourier courier) => new(Couriers.Where(c => !string.Equals(c.Id, courier.Id, StringComparison.Ordinal)).Append(courier), Stops, Travel);
}

/// <summary>A stop of a run with its predicted times.</summary>
internal readonly record struct RunVisit(string Stop, long Arrival, long Start, long Departure, long LateSeconds);

/// <summary>One courier's run: a sequence of stops with predicted times.</summary>
internal sealed record CourierRun(string Courier, ImmutableArray<RunVisit> Visits, long Begin, long End, long Metres, int LateParcels, long LateSeconds, int Points)
{
    internal IEnumerable<string> Sequence => Visits.Select(v => v.Stop);
}

/// <summary>Why a stop is in no run.</summary>
internal enum UnassignedReason
{
    /// <summary>No courier of its area is there.</summary>
    NoCourierForArea = 1,

    /// <summary>No vehicle has room, or nobody has points left.</summary>
    NoRoom = 2,

    /// <summary>No shift has the time.</summary>
    NoTime = 3,

    /// <summary>Those who could take it have left the depot without it.</summary>
    NotAboard = 4,

    /// <summary>It has come since the day was planned.</summary>
    NotPlanned = 5,
}

/// <summary>A stop nobody goes to, and why.</summary>
internal readonly record struct UnassignedStop(string Stop, UnassignedReason Why);

/// <summary>The runs of a depot's day.</summary>
internal sealed record DayPlan(ImmutableArray<CourierRun> Runs, ImmutableArray<UnassignedStop> Unassigned)
{
    internal CourierRun? RunWith(string stop) => Runs.FirstOrDefault(r => r.Visits.Any(v => string.Equals(v.Stop, stop, StringComparison.Ordinal)));

    internal ImmutableArray<string> SequenceOf(string courier) => [.. Runs.FirstOrDefault(r => string.Equals(r.Courier, courier, StringComparison.Ordinal))?.Sequence ?? []];
}
