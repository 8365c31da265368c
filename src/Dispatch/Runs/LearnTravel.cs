using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Journal.Jobs;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Routing.Model;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Quartz;

namespace KeyAccountLogistics.Dispatch.Runs;

/// <summary>
/// Every night: how much longer the ways of each depot's couriers are than straight lines, learned from the legs they drove within the last week. Phones tell when somebody was at a door and not how far he came, so a leg's
/// driven metres are its time less the service before it, at the speed that days are planned with: what counts for a plan is when he is there.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class LearnTravel(DispatchDb db, LoadDay days, IWriteGate gate, DispatchOptions options, TimeProvider time) : IJob
{
    internal const string Name = "dispatch.learn-travel";
    private const int DaysBack = 7;

    // After a longer pause he was elsewhere meanwhile: at the depot, at lunch.
    private const long LegSecondsMax = 3_600;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (await RunAsync(cancellationToken) is { } fault) throw new JobExecutionException(fault.Message);
    }

    internal async Task<Fault?> RunAsync(CancellationToken ct)
    {
        var (legs, today) = (new List<DrivenLeg>(), time.Now().InZone(options.Zone).Date);
        var depots = await db.Couriers.AsNoTracking().Select(c => c.Depot).Distinct().Order().ToListAsync(ct);
        foreach (var depot in depots)
        {
            for (var back = 1; back <= DaysBack; back++) legs.AddRange(LegsOf(await days.RunAsync(depot, today.PlusDays(-back), ct), options.Travel));
        }
        var learned = LearnedDetour.From(legs, options.Travel.Detour);
        var (now, rows) = (time.Now().ToUnixMicros(), new RowBlock(ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long));
        foreach (var depot in depots) rows.Text(depot).Long((long)Math.Round(learned.Of(depot) * 1_000)).Long(legs.Count(l => string.Equals(l.Area, depot, StringComparison.Ordinal))).Long(now);
        var kept = await gate.RunAsync<bool>((transaction, _) =>
        {
            transaction.Statements.Write(Keep, rows);
            return Task.FromResult(Outcome<bool>.Ok(true));
        }, ct);
        return kept.IsOk ? null : kept.Fault;
    }

    /// <summary>The legs of a day from door to door, of couriers of the depot.</summary>
    internal static IEnumerable<DrivenLeg> LegsOf(LoadedDay day, RunTravel travel)
    {
        var straight = travel with { Detour = 1 };
        foreach (var courier in day.Stops.Values.Where(s => s is { Placed: true, DoneAt: not null } && s.By.Length > 0).GroupBy(s => s.By, StringComparer.Ordinal))
        {
            DayStop? before = null;
            foreach (var stop in courier.OrderBy(s => s.DoneAt).ThenBy(s => s.Stop.Id, StringComparer.Ordinal))
            {
                if (before is { DoneAt: { } left } && stop.DoneAt!.Value - left <= Duration.FromSeconds(LegSecondsMax + before.Stop.ServiceSeconds))
                {
                    var seconds = (stop.DoneAt.Value - left).TotalSeconds - before.Stop.ServiceSeconds;
                    var metres = straight.Leg(before.Stop.Place, stop.Stop.Place).Metres;
                    // Nobody drives shorter than straight: who was there sooner drove faster than plans reckon.
                    yield return new DrivenLeg(day.Depot, metres, Math.Max(metres, seconds * travel.MetresPerSecond));
                }
                before = stop;
            }
        }
    }

    private static readonly BulkSql Keep = new(
        "INSERT INTO dispatch_travel(depot, detour_per_mille, legs, learned_us) VALUES (?1, ?2, ?3, ?4) ON CONFLICT(depot) DO UPDATE SET detour_per_mille = excluded.detour_per_mille, legs = excluded.legs, learned_us = excluded.learned_us",
        "INSERT INTO dispatch_travel(depot, detour_per_mille, legs, learned_us) SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) "
        + "ON CONFLICT(depot) DO UPDATE SET detour_per_mille = excluded.detour_per_mille, legs = excluded.legs, learned_us = excluded.learned_us");

    internal static void Schedule(IQuartzBuilder quartz) => quartz.ScheduleJob<LearnTravel>(
        t => t.WithIdentity(Name).WithCronSchedule("0 40 20 * * ?", c => c.InTimeZone(TimeZoneInfo.Utc).WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing)), j => j.WithIdentity(Name));
}
