using System.Diagnostics;
using System.Globalization;
using KeyAccountLogistics.Benchmarks.Reports;
using KeyAccountLogistics.Dispatch.Runs;
using NodaTime;

namespace KeyAccountLogistics.Benchmarks.Dispatch;

/// <summary>One order put into a running day of 1,000 stops and 20 couriers, beside one pass over all its stops: what somebody at a screen waits for.</summary>
internal static class DispatchBench
{
    private const int Rounds = 30;
    private static readonly long Eight = Instant.FromUtc(2026, 10, 12, 0, 0).ToUnixTimeSeconds();
    private static readonly GeoPoint Depot = new(12_015_000, 3_027_000);

    internal static int Run()
    {
        var targets = new Targets();
        var random = new Random(11);
        RunStop Stop(string id) => new()
        {
            Id = id, Place = new GeoPoint(Depot.LongitudeE5 + random.Next(-3_000, 3_000), Depot.LatitudeE5 + random.Next(-3_000, 3_000)), Parcels = random.Next(1, 4),
            Windows = random.Next(3) == 0 ? [new RunWindow(Eight + (random.Next(0, 6) * 3_600), Eight + (random.Next(7, 9) * 3_600))] : [],
        };
        var day = new DispatchDay(
            Enumerable.Range(0, 20).Select(i => new RunCourier { Id = string.Create(CultureInfo.InvariantCulture, $"c-{i:00}"), Start = Depot, Shift = new RunWindow(Eight, Eight + 36_000), PointsMax = 5_000, ParcelsMax = 500 }),
            Enumerable.Range(0, 1_000).Select(i => Stop(string.Create(CultureInfo.InvariantCulture, $"s-{i:0000}"))));
        var slices = day.Stops.OrderBy(s => s.Place.LongitudeE5).ThenBy(s => s.Id, StringComparer.Ordinal).Chunk(50).ToList();
        var plan = new DayPlan([.. slices.Select((slice, i) => RunTimes.Of(day, day.Couriers[i], [.. slice.OrderBy(s => s.Place.LatitudeE5).Select(s => s.Id)]).Run!)], []);
        var with = day.With(Stop("new"));
        var insert = Best(() => _ = RunPlanner.Insert(with, plan, "new"));
        var timed = Best(() =>
        {
            foreach (var run in plan.Runs) _ = RunTimes.Of(with, with.CourierOf[run.Courier], [.. run.Sequence]);
        });
        Targets.Say($"dispatch: one order into 1,000 stops of 20 couriers, every place of every run timed to the end: {insert:0.0} ms; all runs timed once {timed:0.00} ms; best of {Rounds}");
        targets.FigureAtMost("dispatch-insert-ms", insert, 100);
        return targets.ExitCode;
    }

    private static double Best(Action act)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            act();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return best;
    }
}
