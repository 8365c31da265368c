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

    /// <summary>What the courier comes to carry here, in minor units: goods money and freight, as if all of it were paid in cash.</summary>
    internal long CashMinor { get; init; }

    internal bool IsInsured { get; init; }

    /// <summary>Empty: anybody's.</summary>
    internal string Area { get; init; } = "";

    /// <summary>In whose van the parcels of a delivery are by the facts of custody: he alone can hand them over, and he needs no area for it. Empty: they are at the depot, or it is a pickup.</summary>
    internal string Aboard { get; init; } = "";

    /// <summary>0 to 100; the higher are served first when not all can be (SEED-04-LOGDETAIL).</summary>
    internal int Priority { get; init; }

    /// <summary>What a second of lateness costs here, in multiples of the usual: by what is left of the account's budget (<see cref="Published.ILatenessWeights"/>).</summary>
    internal int LateWeight { get; init; } = 1;

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
/// <param name="Stop">Which.</param>
/// <param name="Start">When it was.</param>
/// <param name="IsBroughtIn">What was taken there has left the van since: the courier was at the depot again.</param>
internal readonly record struct FrozenStop(string Stop, long Start, bool IsBroughtIn = false);

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

    /// <summary>Money that he may carry, in minor units; null: any.</summary>
    internal long? CashMaxMinor { get; init; }

    /// <summary>Money that he carries by now.</summary>
    internal long CashHeldMinor { get; init; }

    internal ImmutableArray<FrozenStop> Frozen { get; init; } = [];

    /// <summary>When he can go on from his last frozen stop at the earliest: what is left of a run that has begun does not lie in the past.</summary>
    internal long FreeFrom { get; init; } = long.MinValue;

    /// <summary>He has left the depot: what he delivers is aboard (<see cref="RunStop.Aboard"/>) and stays with him, and nothing more can be loaded.</summary>
    internal bool HasLeft { get; init; }

    /// <summary>Not there today: whoever has left is not absent.</summary>
    internal bool IsAbsent { get; init; }

    internal bool MayServe(RunStop stop) => Covers(stop) && HasGoodsFor(stop);

    /// <summary>He is there, and it is his area or in his van.</summary>
    internal bool Covers(RunStop stop) => !IsAbsent && (Holds(stop) || stop.Area.Length == 0 || Areas.IsDefaultOrEmpty || Areas.Contains(stop.Area, StringComparer.Ordinal));

    /// <summary>What is to be handed over there is in his van, or he can still load it; what is collected needs nothing.</summary>
    internal bool HasGoodsFor(RunStop stop) => stop.Aboard.Length > 0 ? Holds(stop) : !HasLeft || !stop.IsDelivery;

    internal bool Holds(RunStop stop) => string.Equals(stop.Aboard, Id, StringComparison.Ordinal);
}

/// <summary>
/// What a courier's run may hold from the end of its frozen part on: his limits; or, where that is more, what he has done and has aboard. Facts make no plan fail, they only leave no room beside them.
/// </summary>
/// <param name="Parcels">At any moment.</param>
/// <param name="Grams">At any moment.</param>
/// <param name="Points">Of the whole day.</param>
/// <param name="CashMinor">Still to be collected; null: any.</param>
internal readonly record struct RunRoom(long Parcels, long Grams, long Points, long? CashMinor)
{
    internal static RunRoom Of(RunCourier courier, IEnumerable<RunStop> aboard, ImmutableDictionary<string, RunStop> stopOf)
    {
        var (parcels, grams, points, cash) = (0L, 0L, 0L, 0L);
        foreach (var done in courier.Frozen)
        {
            if (!stopOf.TryGetValue(done.Stop, out var stop)) continue;
            points += stop.Points;
            if (!stop.IsDelivery && !done.IsBroughtIn) (parcels, grams) = (parcels + stop.Parcels, grams + stop.Grams);
        }
        // Who is absent has driven what he has driven and drives nothing more.
        if (courier.IsAbsent) return new RunRoom(parcels, grams, points, 0);
        foreach (var stop in aboard) (parcels, grams, points, cash) = (parcels + stop.Parcels, grams + stop.Grams, points + stop.Points, cash + stop.CashMinor);
        return new RunRoom(
            Math.Max(courier.ParcelsMax, parcels), Math.Max(courier.GramsMax, grams), Math.Max(courier.PointsMax, points),
            courier.CashMaxMinor is { } most ? Math.Max(most - courier.CashHeldMinor, cash) : null);
    }
}

/// <summary>How couriers get about: straight lines times a detour, at one speed; a depot's own detour is learned from what was driven (<see cref="LearnTravel"/>).</summary>
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
        Done = [.. Couriers.SelectMany(c => c.Frozen.Select(f => f.Stop))];
        AboardOf = Stops.Where(s => s.Aboard.Length > 0 && !Done.Contains(s.Id)).ToLookup(s => s.Aboard, StringComparer.Ordinal);
        RoomOf = Couriers.ToImmutableDictionary(c => c.Id, c => RunRoom.Of(c, AboardOf[c.Id], StopOf), StringComparer.Ordinal);
    }

    internal ImmutableArray<RunCourier> Couriers { get; }

    internal ImmutableArray<RunStop> Stops { get; }

    internal ImmutableDictionary<string, RunStop> StopOf { get; }

    internal ImmutableDictionary<string, RunCourier> CourierOf { get; }

    internal RunTravel Travel { get; }

    /// <summary>The frozen stops of all couriers.</summary>
    internal ImmutableHashSet<string> Done { get; }

    /// <summary>What each courier still has to hand over of what is in his van.</summary>
    internal ILookup<string, RunStop> AboardOf { get; }

    internal ImmutableDictionary<string, RunRoom> RoomOf { get; }

    /// <summary>What a courier has driven, and behind it what is left of what was planned for him: without what has gone, what anybody has done, and what is not his to do any more.</summary>
    internal List<string> LeftOf(RunCourier courier, IEnumerable<string> planned) =>
    [
        .. courier.Frozen.Select(f => f.Stop),
        .. planned.Where(s => StopOf.TryGetValue(s, out var stop) && !Done.Contains(s) && courier.MayServe(stop)),
    ];

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
    /// <summary>Its lateness, each stop's seconds by its weight.</summary>
    internal long LateWeighted { get; init; } = LateSeconds;

    internal IEnumerable<string> Sequence => Visits.Select(v => v.Stop);
}

/// <summary>Why a stop is in no run.</summary>
internal enum UnassignedReason
{
    /// <summary>No courier of its area is there.</summary>
    NoCourierForArea = 1,

    /// <summary>No vehicle has room, or nobody has points left or may carry more money.</summary>
    NoRoom = 2,

    /// <summary>No shift has the time.</summary>
    NoTime = 3,

    /// <summary>Those who could take it have left the depot without it.</summary>
    NotAboard = 4,

    /// <summary>It has come since the day was planned.</summary>
    NotPlanned = 5,

    /// <summary>Its parcels are in the van of somebody who drives no more today: they are handed over first.</summary>
    InAnotherVan = 6,
}

/// <summary>A stop nobody goes to, and why.</summary>
internal readonly record struct UnassignedStop(string Stop, UnassignedReason Why);

/// <summary>The runs of a depot's day.</summary>
internal sealed record DayPlan(ImmutableArray<CourierRun> Runs, ImmutableArray<UnassignedStop> Unassigned)
{
    internal CourierRun? RunWith(string stop) => Runs.FirstOrDefault(r => r.Visits.Any(v => string.Equals(v.Stop, stop, StringComparison.Ordinal)));

    internal ImmutableArray<string> SequenceOf(string courier) => [.. Runs.FirstOrDefault(r => string.Equals(r.Courier, courier, StringComparison.Ordinal))?.Sequence ?? []];
}
