using System.Collections.Immutable;
using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Dispatch.Runs;

/// <summary>
/// A day in the solver's terms. Stops are by their index in the day; vehicles are the couriers by theirs. What has been driven is put so that it breaks no limit: its loads are those of the
/// moment it ended, its time is what happened.
/// </summary>
internal static class RunProblem
{
    private const int SkillsMax = 63;

    // Couriers with goods aboard who have not left yet, each a skill of his own; of more than these the planner puts right what went to another.
    private const int HoldersMax = 31;

    /// <summary>The solver counts distance in tens of metres, so that the lateness of thousands of stops stays within what it can add up.</summary>
    private const long MetresPerUnit = 10;
    private const ulong Nobody = 1UL << 63;

    private const long WeightsMax = ProblemLimits.LatePricesMax / (RunTimes.MetresPerLateSecond / MetresPerUnit);

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
        var skills = SkillsOf(day);
        var latest = day.Couriers.IsEmpty ? 0 : day.Couriers.Max(c => c.Shift.Until);
        // A day of thousands of stops is planned with every lateness alike: weighed they would add up to more than the solver can hold.
        var weighed = day.Stops.Sum(s => s.Due is null ? 0L : s.LateWeight) <= WeightsMax;
        var stops = day.Stops.Select((s, i) => StopOf(day, s, i, latest, skills, weighed)).ToArray();
        foreach (var courier in day.Couriers)
        {
            for (var at = 0; at < courier.Frozen.Length; at++)
            {
                var place = index[courier.Frozen[at].Stop];
                stops[place] = DoneOf(day.Stops[place], place, courier, at);
            }
        }
        var runs = day.Couriers.Select(c => RunningOf(day, c, running, index)).ToArray();
        return new RoutingProblem
        {
            Travel = TravelMatrix.Of(places.Length, distances, times),
            Stops = stops,
            Vehicles = [.. day.Couriers.Select((c, i) => VehicleOf(day, c, day.Stops.Length + i, skills, index))],
            Capacities = 4,
            RunningPlan = running is null && Array.TrueForAll(runs, r => r.Count == 0) ? null : runs,
            ChangeCost = running is null ? 0 : changeMetres / MetresPerUnit,
        };
    }

    private static Stop StopOf(DispatchDay day, RunStop s, int place, long latest, Skills skills, bool weighed) => new()
    {
        Id = s.Id, Place = place, Service = s.ServiceSeconds, Windows = WindowsOf(s, latest),
        Promise = s.Due is { } due ? new Promise(due, RunTimes.MetresPerLateSecond * (weighed ? s.LateWeight : 1) / MetresPerUnit) : null,
        // Points and money are neither loaded nor handed over: counted like what is collected and brought in, they fill up over the round.
        Delivered = s.IsDelivery ? [s.Parcels, s.Grams, 0, 0] : [],
        Collected = s.IsDelivery ? [0, 0, s.Points, s.CashMinor] : [s.Parcels, s.Grams, s.Points, s.CashMinor],
        Skills = NeededFor(day, s, skills), Priority = s.Priority,
    };

    // What was delivered is out of the van, what was collected is in it unless it was brought in; what was promised is kept or broken. The last stop lasts until he can go on.
    private static Stop DoneOf(RunStop s, int place, RunCourier courier, int at)
    {
        var done = courier.Frozen[at];
        var end = done.Start + s.ServiceSeconds;
        if (at == courier.Frozen.Length - 1) end = Math.Max(end, courier.FreeFrom);
        return new Stop { Id = s.Id, Place = place, Service = end - done.Start, Collected = s.IsDelivery || done.IsBroughtIn ? [0, 0, s.Points, 0] : [s.Parcels, s.Grams, s.Points, 0] };
    }

    // After its last window a stop is late and still served: the window stays open to the end of the day.
    private static ImmutableArray<TimeWindow> WindowsOf(RunStop s, long latest)
    {
        if (s.Windows.IsDefaultOrEmpty) return [];
        var windows = s.Windows.Select(w => new TimeWindow(w.From, w.Until)).ToArray();
        windows[^1] = new TimeWindow(windows[^1].Earliest, Math.Max(windows[^1].Latest, Math.Max(latest, windows[^1].Earliest)));
        return [.. windows];
    }

    private static Vehicle VehicleOf(DispatchDay day, RunCourier c, int start, Skills skills, Dictionary<string, int> index)
    {
        var room = day.RoomOf[c.Id];
        return new Vehicle
        {
            Id = c.Id, StartPlace = start, EndPlace = start, Shift = new TimeWindow(c.Shift.From, Math.Max(c.Shift.Until, DrivenUntil(day, c))),
            Capacities = [room.Parcels, room.Grams, room.Points, Math.Min(room.CashMinor ?? ProblemLimits.ValueMax, ProblemLimits.ValueMax)], Skills = skills.Of(c),
            Frozen = c.Frozen.Select(f => new FrozenVisit(index[f.Stop], f.Start)).ToList(), HasLeft = c.HasLeft,
        };
    }

    // Who is home after his shift was home after his shift: no plan fails by it, and nothing more has the time.
    private static long DrivenUntil(DispatchDay day, RunCourier c)
    {
        if (c.Frozen.IsEmpty) return c.Shift.Until;
        var last = day.StopOf[c.Frozen[^1].Stop];
        return Math.Max(c.Frozen[^1].Start + last.ServiceSeconds, c.FreeFrom) + day.Travel.Leg(last.Place, c.Start).Seconds;
    }

    // The solver ties to a vehicle that has left what its running route delivers: that is what is aboard by the facts, in the order people know where there is one.
    private static List<int> RunningOf(DispatchDay day, RunCourier c, DayPlan? running, Dictionary<string, int> index)
    {
        var sequence = day.LeftOf(c, running is null ? [] : running.SequenceOf(c.Id));
        if (c is { HasLeft: true, IsAbsent: false })
        {
            var met = sequence.ToHashSet(StringComparer.Ordinal);
            sequence.AddRange(day.AboardOf[c.Id].Where(s => !met.Contains(s.Id)).OrderBy(s => s.Due ?? long.MaxValue).ThenBy(s => s.Id, StringComparer.Ordinal).Select(s => s.Id));
        }
        return sequence.ConvertAll(s => index[s]);
    }

    private static ulong NeededFor(DispatchDay day, RunStop s, Skills skills)
    {
        if (s.Aboard.Length == 0) return s.Area.Length == 0 ? 0 : skills.Areas.GetValueOrDefault(s.Area);
        return day.CourierOf.TryGetValue(s.Aboard, out var holder) && !holder.IsAbsent ? skills.Holders.GetValueOrDefault(holder.Id) : Nobody;
    }

    // An area of no courier is a skill nobody has; beyond the bits there are the rest share the last one, which only makes more couriers possible than there are.
    private static Skills SkillsOf(DispatchDay day)
    {
        var holders = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var courier in day.Couriers.Where(c => !c.IsAbsent && !c.HasLeft && day.AboardOf.Contains(c.Id)).Take(HoldersMax)) holders[courier.Id] = 1UL << (SkillsMax - 1 - holders.Count);
        var (areas, bits) = (new Dictionary<string, ulong>(StringComparer.Ordinal), SkillsMax - holders.Count);
        foreach (var area in day.Couriers.Where(c => !c.IsAbsent).SelectMany(c => c.Areas.IsDefaultOrEmpty ? [] : c.Areas).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            areas[area] = 1UL << Math.Min(areas.Count, bits - 1);
        var anybody = day.Couriers.Any(c => !c.IsAbsent && c.Areas.IsDefaultOrEmpty);
        foreach (var stop in day.Stops.Where(s => s.Area.Length > 0)) areas.TryAdd(stop.Area, anybody ? 1UL << (bits - 1) : Nobody);
        return new Skills(areas, holders, bits);
    }

    /// <summary>What the bits of skills stand for: areas from the lowest up, from the highest down couriers who alone can deliver what they hold.</summary>
    private sealed record Skills(Dictionary<string, ulong> Areas, Dictionary<string, ulong> Holders, int AreaBits)
    {
        internal ulong Of(RunCourier c) =>
            Holders.GetValueOrDefault(c.Id) | (c.Areas.IsDefaultOrEmpty ? (1UL << AreaBits) - 1 : c.Areas.Aggregate(0UL, (bits, area) => bits | Areas.GetValueOrDefault(area)));
    }
}
