using System.Collections.Immutable;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Routing.Model;
using KeyAccountLogistics.Routing.Solving;

namespace KeyAccountLogistics.Dispatch.Runs;

/// <summary>How long a plan is looked for. The same seed and iterations give the same plan on any machine.</summary>
internal sealed record PlanEffort(long Iterations = 20_000, ulong Seed = 1);

/// <summary>Where a stop would go, and what that costs beside the plan as it is.</summary>
/// <param name="Courier">Whose run.</param>
/// <param name="Position">Before which stop, from 0.</param>
/// <param name="Seconds">How much later the run ends.</param>
/// <param name="Metres">How much further it goes.</param>
/// <param name="LateParcels">How many more parcels are late.</param>
/// <param name="Cost">All of it, in metres.</param>
internal sealed record PlaceOffer(string Courier, int Position, long Seconds, long Metres, int LateParcels, long Cost);

/// <summary>
/// The seam of planning: a day is planned by the solver; a running plan is changed as little as what happened asks for. Pure and deterministic.
/// </summary>
internal static class RunPlanner
{
    /// <summary>What a stop that goes to another courier than planned costs, in metres: couriers who know their run are worth a detour.</summary>
    private const long ChangeMetres = 3_000;

    // Rounds at most so much heavier than the mean of their workload points, while everything finds a place so.
    private const double PointsOverMean = 1.25;

    /// <summary>Plans a day from nothing, or from what is frozen of it.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    /// <exception cref="ProblemException">The solver cannot plan it as it stands; the message says why.</exception>
    internal static DayPlan Plan(DispatchDay day, PlanEffort effort, CancellationToken ct)
    {
        var balanced = Solve(Balanced(day), null, effort, ct);
        if (balanced.Unassigned.Length == 0) return balanced;
        // Fairness gives way only to a stop that finds a place without it; one that fits nobody is no reason to load one courier with everything.
        var free = Solve(day, null, effort, ct);
        return free.Unassigned.Length < balanced.Unassigned.Length ? free : balanced;
    }

    /// <summary>
    /// What is left of a running plan after something happened (another day: a courier absent, a stop refused, gone or new, a frozen beginning that came late), with the fewest changes
    /// for couriers already out. Sequences stay as they are wherever they can be driven; what has lost its place is put in where it costs least. Only when somebody is late or left out
    /// by it does the solver look again, with a price on every stop that changes hands. Without iterations it does not: insertion alone, whatever the day's size.
    /// </summary>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    /// <exception cref="ProblemException">The solver cannot plan it as it stands; the message says why.</exception>
    internal static DayPlan Replan(DispatchDay day, DayPlan running, PlanEffort effort, CancellationToken ct)
    {
        var (kept, lost) = Keep(day, running);
        var patched = InsertAll(day, new DayPlan(kept, []), lost, ct);
        var before = running.Runs.Sum(r => r.LateWeighted);
        if (effort.Iterations == 0 || (patched.Unassigned.Length == 0 && patched.Runs.Sum(r => r.LateWeighted) <= before)) return patched;
        var solved = Solve(day, patched, effort, ct);
        return Better(patched, solved, ChangesBetween(running, patched), ChangesBetween(running, solved));
    }

    /// <summary>A running plan in which some stops, and no others of those nobody has, are put where they cost least. No search: what is asked while others wait.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    internal static DayPlan Spread(DispatchDay day, DayPlan running, IReadOnlyCollection<string> stops, CancellationToken ct)
    {
        var (kept, lost) = Keep(day, running);
        var asked = stops.ToHashSet(StringComparer.Ordinal);
        var why = running.Unassigned.ToDictionary(u => u.Stop, u => u.Why, StringComparer.Ordinal);
        var others = lost.Where(s => !asked.Contains(s)).Select(s => new UnassignedStop(s, why.GetValueOrDefault(s, UnassignedReason.NotPlanned)));
        return InsertAll(day, new DayPlan(kept, [.. others]), lost.Where(asked.Contains), ct);
    }

    private static DayPlan InsertAll(DispatchDay day, DayPlan plan, IEnumerable<string> stops, CancellationToken ct)
    {
        foreach (var stop in stops)
        {
            ct.ThrowIfCancellationRequested();
            plan = Insert(day, plan, stop);
        }
        return plan;
    }

    /// <summary>Puts one stop where it costs least; every other stop keeps its courier and its place in the sequence.</summary>
    internal static DayPlan Insert(DispatchDay day, DayPlan plan, string stop)
    {
        if (Offers(day, plan, stop).FirstOrDefault() is { } best) return PutAt(day, plan, stop, best.Courier, best.Position);
        return plan with { Unassigned = [.. plan.Unassigned.Where(u => u.Stop != stop), new UnassignedStop(stop, WhyNowhere(day, plan, stop))] };
    }

    /// <summary>Every courier's cheapest place for a stop, the best first: what a dispatcher sees while dragging it.</summary>
    internal static IReadOnlyList<PlaceOffer> Offers(DispatchDay day, DayPlan plan, string stop) =>
        [.. day.Couriers.Select(c => OffersOf(day, plan, stop, c).MinBy(o => (o.Cost, o.Position))).OfType<PlaceOffer>().OrderBy(o => o.Cost).ThenBy(o => o.Courier, StringComparer.Ordinal)];

    /// <summary>What each place in one courier's run would cost; places that cannot be driven are not there. The stop itself is taken out of the run first.</summary>
    internal static IEnumerable<PlaceOffer> OffersOf(DispatchDay day, DayPlan plan, string stop, RunCourier courier)
    {
        var asked = day.StopOf[stop];
        // What is in a van that has left stays in it, in whatever place of its run.
        if (!courier.MayServe(asked)) yield break;
        List<string> sequence = [.. plan.SequenceOf(courier.Id).Where(s => s != stop)];
        var (before, _) = RunTimes.Of(day, courier, sequence);
        if (before is null) yield break;
        // With everything done a run has ended; one stop more begins now, and costs no hours that have passed.
        var ended = sequence.Count > courier.Frozen.Length || sequence.Count == 0 ? before.End : Math.Max(before.End, courier.FreeFrom);
        for (var at = courier.Frozen.Length; at <= sequence.Count; at++)
        {
            List<string> with = [.. sequence[..at], stop, .. sequence[at..]];
            if (RunTimes.Of(day, courier, with).Run is not { } after) continue;
            yield return new PlaceOffer(
                courier.Id, at, after.End - after.Begin - (ended - before.Begin), after.Metres - before.Metres, after.LateParcels - before.LateParcels,
                RunTimes.CostOf(after) - RunTimes.CostOf(before));
        }
    }

    /// <summary>The plan with a stop at a place, taken out of wherever it was.</summary>
    internal static DayPlan PutAt(DispatchDay day, DayPlan plan, string stop, string courier, int position)
    {
        var runs = new List<CourierRun>();
        foreach (var of in day.Couriers)
        {
            List<string> sequence = [.. plan.SequenceOf(of.Id).Where(s => s != stop)];
            if (of.Id == courier) sequence.Insert(position, stop);
            if (sequence.Count == 0) continue;
            runs.Add(Timed(day, of, sequence));
        }
        return new DayPlan([.. runs], [.. plan.Unassigned.Where(u => u.Stop != stop)]);
    }

    /// <summary>How many stops go to another courier than before.</summary>
    internal static int ChangesBetween(DayPlan before, DayPlan after)
    {
        var was = before.Runs.SelectMany(r => r.Sequence.Select(s => (Stop: s, r.Courier))).ToDictionary(s => s.Stop, s => s.Courier, StringComparer.Ordinal);
        return after.Runs.Sum(r => r.Sequence.Count(s => was.TryGetValue(s, out var courier) && courier != r.Courier));
    }

    private static DayPlan Better(DayPlan first, DayPlan second, int changesFirst = 0, int changesSecond = 0)
    {
        (int, long) Worth(DayPlan plan, int changes) => (plan.Unassigned.Length, plan.Runs.Sum(RunTimes.CostOf) + (changes * ChangeMetres));
        return Worth(second, changesSecond).CompareTo(Worth(first, changesFirst)) < 0 ? second : first;
    }

    // A sequence that can no longer be driven gives up its stops from the end, the least urgent first being the last.
    private static (ImmutableArray<CourierRun> Kept, List<string> Lost) Keep(DispatchDay day, DayPlan running)
    {
        var (kept, met) = (ImmutableArray.CreateBuilder<CourierRun>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var courier in day.Couriers)
        {
            var sequence = day.LeftOf(courier, running.SequenceOf(courier.Id));
            while (sequence.Count > courier.Frozen.Length && RunTimes.Of(day, courier, sequence).Run is null) sequence.RemoveAt(sequence.Count - 1);
            if (sequence.Count == 0) continue;
            kept.Add(Timed(day, courier, sequence));
            met.UnionWith(sequence);
        }
        return (kept.ToImmutable(), [.. day.Stops.Where(s => !met.Contains(s.Id)).OrderByDescending(s => s.Priority).ThenBy(s => s.Due ?? long.MaxValue).ThenBy(s => s.Id, StringComparer.Ordinal).Select(s => s.Id)]);
    }

    private static CourierRun Timed(DispatchDay day, RunCourier courier, IReadOnlyList<string> sequence)
    {
        var (run, why) = RunTimes.Of(day, courier, sequence);
        Invariant.Holds(run is not null, $"a planned sequence can be driven ({courier.Id}: {why})");
        return run;
    }

    private static UnassignedReason WhyNowhere(DispatchDay day, DayPlan plan, string stop)
    {
        var asked = day.StopOf[stop];
        if (asked.Aboard.Length > 0 && (!day.CourierOf.TryGetValue(asked.Aboard, out var holder) || holder.IsAbsent)) return UnassignedReason.InAnotherVan;
        var near = day.Couriers.Where(c => c.Covers(asked)).ToList();
        if (near.Count == 0) return UnassignedReason.NoCourierForArea;
        var able = near.FindAll(c => c.HasGoodsFor(asked));
        if (able.Count == 0) return UnassignedReason.NotAboard;
        return able.Exists(c => RunTimes.Of(day, c, [.. plan.SequenceOf(c.Id).Where(s => s != stop), stop]).WhyNot is UnassignedReason.NoTime) ? UnassignedReason.NoTime : UnassignedReason.NoRoom;
    }

    // The whole day counts, what is done of it too: who has done most of it gets least of the rest. Who has done more than his share keeps it (RunRoom) and gets nothing more.
    private static DispatchDay Balanced(DispatchDay day)
    {
        var there = day.Couriers.Count(c => !c.IsAbsent);
        if (there == 0 || day.Stops.Length == 0) return day;
        var gone = day.Couriers.Where(c => c.IsAbsent).SelectMany(c => c.Frozen).Sum(f => day.StopOf[f.Stop].Points);
        var fair = (int)Math.Ceiling(PointsOverMean * (day.Stops.Sum(s => s.Points) - gone) / there) + day.Stops.Max(s => s.Points);
        return new DispatchDay(day.Couriers.Select(c => c with { PointsMax = Math.Min(c.PointsMax, fair) }), day.Stops, day.Travel);
    }

    private static DayPlan Solve(DispatchDay day, DayPlan? running, PlanEffort effort, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var problem = RunProblem.Of(day, running, ChangeMetres);
        var plan = RouteSolver.Solve(problem, new SolveOptions { Iterations = effort.Iterations, Seed = effort.Seed }, TimeProvider.System, ct);
        // A search that is stopped answers with what it has; nobody is there to take it.
        ct.ThrowIfCancellationRequested();
        var routes = plan.Routes.ToDictionary(r => r.Vehicle, r => r.Visits);
        var (runs, lost) = (ImmutableArray.CreateBuilder<CourierRun>(), new List<string>(plan.Unserved.Select(s => day.Stops[s].Id)));
        for (var i = 0; i < day.Couriers.Length; i++)
        {
            if (!routes.TryGetValue(i, out var visits)) continue;
            List<string> sequence = [.. visits.Select(v => day.Stops[v.Stop].Id)];
            // More areas than the solver has skills share one: what it gave to a courier of another area is put in again by name.
            var (courier, frozen) = (day.Couriers[i], day.Couriers[i].Frozen.Length);
            lost.AddRange(sequence.Skip(frozen).Where(s => !courier.MayServe(day.StopOf[s])));
            sequence = [.. sequence.Where((s, at) => at < frozen || courier.MayServe(day.StopOf[s]))];
            // The solver counts a leg in whole seconds between places as it was given them; the same arithmetic gives the same times here.
            while (sequence.Count > frozen && RunTimes.Of(day, courier, sequence).Run is null)
            {
                lost.Add(sequence[^1]);
                sequence.RemoveAt(sequence.Count - 1);
            }
            if (sequence.Count > 0) runs.Add(Timed(day, courier, sequence));
        }
        return InsertAll(day, new DayPlan(runs.ToImmutable(), []), lost.Order(StringComparer.Ordinal), ct);
    }
}
