using System.Collections.Immutable;
using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Dispatch.Runs;

/// <summary>A day in the solver's terms. Stops are by their index in the day; vehicles are the couriers by theirs.</summary>
internal static class RunProblem
{
    private const int SkillsMax = 63;

    /// <summary>The solver counts distance in tens of metres, so that the lateness of thousands of stops stays within what it can add up.</summary>
    private const long MetresPerUnit = 10;
    private const ulong Nobody = 1UL << 63;

    internal static RoutingProblem Of(DispatchDay day, DayPlan? running, long changeMetres)
    {
        // Places: each stop's, then each courier's start.
        var places = day.Stops.Select(s => s.Place).Concat(day.Couriers.Select(c => c.Start)).ToArray();
        var (distances, times) = (new int[places.Length * places.Length], new int[places.Length * places.Length]);
        for (var from = 0; from < places.Length; from++)
        {
            for (var to = 0; to < places.Length; to++)
            {
                var (metres, seconds) = from == to ? default : day.Travel.Leg(places[from], places[to]);
                distances[(from * places.Length) + to] = checked((int)((metres + (MetresPerUnit / 2)) / MetresPerUnit));
                times[(from * places.Length) + to] = checked((int)seconds);
            }
        }
        var index = day.Stops.Select((s, i) => (s.Id, i)).ToDictionary(s => s.Id, s => s.i, StringComparer.Ordinal);
        var areas = AreasOf(day);
        var latest = day.Couriers.IsEmpty ? 0 : day.Couriers.Max(c => c.Shift.Until);
        return new RoutingProblem
        {
            Travel = TravelMatrix.Of(places.Length, distances, times),
            Stops = [.. day.Stops.Select((s, i) => StopOf(s, i, latest, areas))],
            Vehicles = [.. day.Couriers.Select((c, i) => VehicleOf(c, day.Stops.Length + i, areas, index))],
            Capacities = 3,
            RunningPlan = running is null && day.Couriers.All(c => c.Frozen.IsEmpty) ? null : [.. day.Couriers.Select(c => RunningOf(c, running, index))],
            ChangeCost = running is null ? 0 : changeMetres / MetresPerUnit,
        };
    }

    private static Stop StopOf(RunStop s, int place, long latest, Dictionary<string, ulong> areas) => new()
    {
        Id = s.Id, Place = place, Service = s.ServiceSeconds, Windows = WindowsOf(s, latest),
        Promise = s.Due is { } due ? new Promise(due, RunTimes.MetresPerLateSecond / MetresPerUnit) : null,
        // Points are neither loaded nor handed over: counted like what is collected and brought in, they fill up over the round.
        Delivered = s.IsDelivery ? [s.Parcels, s.Grams, 0] : [],
        Collected = s.IsDelivery ? [0, 0, s.Points] : [s.Parcels, s.Grams, s.Points],
        Skills = s.Area.Length == 0 ? 0 : areas.GetValueOrDefault(s.Area), Priority = s.Priority,
    };

    // After its last window a stop is late and still served: the window stays open to the end of the day.
    private static ImmutableArray<TimeWindow> WindowsOf(RunStop s, long latest)
    {
        if (s.Windows.IsDefaultOrEmpty) return [];
        var windows = s.Windows.Select(w => new TimeWindow(w.From, w.Until)).ToArray();
        windows[^1] = new TimeWindow(windows[^1].Earliest, Math.Max(windows[^1].Latest, Math.Max(latest, windows[^1].Earliest)));
        return [.. windows];
    }

    private static Vehicle VehicleOf(RunCourier c, int start, Dictionary<string, ulong> areas, Dictionary<string, int> index)
    {
        // Who is absent drives what is frozen and nothing more.
        var frozen = c.Frozen.Select(f => new FrozenVisit(index[f.Stop], f.Start)).ToList();
        return new Vehicle
        {
            Id = c.Id, StartPlace = start, EndPlace = start, Shift = new TimeWindow(c.Shift.From, c.Shift.Until),
            Capacities = c.IsAbsent && frozen.Count == 0 ? [0, 0, 0] : [c.ParcelsMax, c.GramsMax, c.PointsMax],
            Skills = c.Areas.IsDefaultOrEmpty ? ulong.MaxValue >> 1 : c.Areas.Aggregate(0UL, (bits, area) => bits | areas.GetValueOrDefault(area)),
            Frozen = frozen, HasLeft = c.HasLeft,
        };
    }

    private static IReadOnlyList<int> RunningOf(RunCourier c, DayPlan? running, Dictionary<string, int> index)
    {
        var sequence = c.Frozen.Select(f => f.Stop).ToList();
        if (running is not null) sequence.AddRange(running.SequenceOf(c.Id).Where(s => index.ContainsKey(s) && !sequence.Contains(s, StringComparer.Ordinal)));
        return [.. sequence.Select(s => index[s])];
    }

    // An area of no courier is a skill nobody has; beyond 63 areas the rest share the last bit, which only makes more couriers possible than there are.
    private static Dictionary<string, ulong> AreasOf(DispatchDay day)
    {
        var areas = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var area in day.Couriers.Where(c => !c.IsAbsent).SelectMany(c => c.Areas.IsDefaultOrEmpty ? [] : c.Areas).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            areas[area] = 1UL << Math.Min(areas.Count, SkillsMax - 1);
        var anybody = day.Couriers.Any(c => !c.IsAbsent && c.Areas.IsDefaultOrEmpty);
        foreach (var stop in day.Stops.Where(s => s.Area.Length > 0)) areas.TryAdd(stop.Area, anybody ? 1UL << (SkillsMax - 1) : Nobody);
        return areas;
    }
}
