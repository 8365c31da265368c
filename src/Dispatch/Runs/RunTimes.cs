using System.Collections.Immutable;

namespace KeyAccountLogistics.Dispatch.Runs;

/// <summary>Gives a sequence of stops its times, or the reason why it cannot be driven. What is frozen of it is a fact and is not judged. Pure; no search.</summary>
internal static class RunTimes
{
    /// <summary>What a second of lateness usually costs: being late by a minute is as bad as a detour of 1.2 km.</summary>
    internal const long MetresPerLateSecond = 20;

    internal static long CostOf(CourierRun run) => run.Metres + (run.LateWeighted * MetresPerLateSecond);

    internal static (CourierRun? Run, UnassignedReason? WhyNot) Of(DispatchDay day, RunCourier courier, IReadOnlyList<string> sequence)
    {
        if (WhyNoRoom(day, courier, sequence) is { } full) return (null, full);
        var visits = ImmutableArray.CreateBuilder<RunVisit>(sequence.Count);
        var (now, place, metres, lateParcels, lateSeconds, lateWeighted, points) = (courier.Shift.From, courier.Start, 0L, 0, 0L, 0L, 0);
        var begin = courier.Shift.From;
        for (var at = 0; at < sequence.Count; at++)
        {
            var stop = day.StopOf[sequence[at]];
            var leg = day.Travel.Leg(place, stop.Place);
            var isFrozen = at < courier.Frozen.Length;
            // Behind what is done he goes on now, not when he might have.
            if (!isFrozen && at > 0 && at == courier.Frozen.Length) now = Math.Max(now, courier.FreeFrom);
            var arrival = isFrozen ? Math.Min(now + leg.Seconds, courier.Frozen[at].Start) : now + leg.Seconds;
            var start = isFrozen ? courier.Frozen[at].Start : stop.StartAt(arrival);
            // Nobody waits at the first door who could wait at the depot.
            if (at == 0 && !isFrozen) (arrival, begin) = (start, start - leg.Seconds);
            var late = stop.Due is { } due ? Math.Max(0, start - due) : 0;
            visits.Add(new RunVisit(stop.Id, arrival, start, start + stop.ServiceSeconds, late));
            (now, place) = (start + stop.ServiceSeconds, stop.Place);
            (metres, lateSeconds, lateWeighted, points) = (metres + leg.Metres, lateSeconds + late, lateWeighted + (late * stop.LateWeight), points + stop.Points);
            if (late > 0) lateParcels += stop.Parcels;
        }
        var home = sequence.Count == 0 ? default : day.Travel.Leg(place, courier.Start);
        var end = now + home.Seconds;
        return end > courier.Shift.Until && sequence.Count > courier.Frozen.Length
            ? (null, UnassignedReason.NoTime)
            : (new CourierRun(courier.Id, visits.DrainToImmutable(), begin, end, metres + home.Metres, lateParcels, lateSeconds, points) { LateWeighted = lateWeighted }, null);
    }

    // Judged from the end of the frozen part on: what was taken and not brought in is aboard until the end, deliveries are aboard from there, pickups until the end: the fullest moment counts.
    private static UnassignedReason? WhyNoRoom(DispatchDay day, RunCourier courier, IReadOnlyList<string> sequence)
    {
        var room = day.RoomOf[courier.Id];
        var (parcels, grams, points, cash) = (0L, 0L, 0L, 0L);
        for (var at = 0; at < sequence.Count; at++)
        {
            var stop = day.StopOf[sequence[at]];
            points += stop.Points;
            var isFrozen = at < courier.Frozen.Length;
            if (!isFrozen) cash += stop.CashMinor;
            if (isFrozen ? !stop.IsDelivery && !courier.Frozen[at].IsBroughtIn : stop.IsDelivery) (parcels, grams) = (parcels + stop.Parcels, grams + stop.Grams);
        }
        if (sequence.Count <= courier.Frozen.Length) return null;
        if (points > room.Points || cash > room.CashMinor) return UnassignedReason.NoRoom;
        for (var at = courier.Frozen.Length; at <= sequence.Count; at++)
        {
            if (parcels > room.Parcels || grams > room.Grams) return UnassignedReason.NoRoom;
            if (at == sequence.Count) break;
            var stop = day.StopOf[sequence[at]];
            var sign = stop.IsDelivery ? -1 : 1;
            (parcels, grams) = (parcels + (sign * stop.Parcels), grams + (sign * stop.Grams));
        }
        return null;
    }
}
