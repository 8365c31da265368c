using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Acting;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Quartz;

namespace KeyAccountLogistics.Dispatch.Orders;

/// <summary>Nightly: orders of standing pickups so many days ahead. What is due follows from the tables, so a missed night owes nothing.</summary>
[DisallowConcurrentExecution]
internal sealed class MakeStandingOrdersJob(SetStanding standing) : IJob
{
    internal const string Name = "dispatch.standing-orders";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var made = await standing.MakeAllAsync(cancellationToken);
        if (!made.IsOk) throw new JobExecutionException(made.Fault.Message);
    }
}

/// <summary>Every five minutes: windows that are over with nobody there are facts. A courier who was there and had no network is heard later, and his earlier time counts.</summary>
[DisallowConcurrentExecution]
internal sealed class TellMissedPickups(DispatchActs acts, IWriteGate gate, TimeProvider time) : IJob
{
    internal const string Name = "dispatch.missed-pickups";
    private const int AtOnceMax = 500;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var told = await RunAsync(cancellationToken);
        if (!told.IsOk) throw new JobExecutionException(told.Fault.Message);
    }

    internal Task<Outcome<int>> RunAsync(CancellationToken ct) => gate.RunAsync<int>(
        async (transaction, cancel) =>
        {
            acts.Db.ChangeTracker.Clear();
            await transaction.EnlistAsync(acts.Db, cancel);
            var now = time.Now().ToUnixMicros();
            var over = await acts.Db.Orders.AsNoTracking().Where(o => o.Phase == (int)OrderPhase.Open && o.UntilUs < now).OrderBy(o => o.UntilUs).ThenBy(o => o.Id).Take(AtOnceMax).ToListAsync(cancel);
            var facts = over.ConvertAll(o => new ParcelEvent
            {
                // One miss for one window, whoever tells it; a changed window may be missed again.
                Id = Google.Protobuf.ByteString.CopyFrom(Uuid.Bytes(NamedId.From("missed pickup", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{o.Id}|{o.UntilUs}")))),
                Kind = EventKind.PickupMissed, Reference = o.Id, Node = o.Depot, Reason = "window_over",
            });
            return facts.Count > 0 && await acts.AppendAsync(transaction, facts, cancel) is { } fault ? fault : facts.Count;
        },
        ct);
}

internal static class OrderSchedule
{
    internal static void Jobs(IQuartzBuilder quartz)
    {
        Add<MakeStandingOrdersJob>(quartz, MakeStandingOrdersJob.Name, "0 5 * * * ?");
        Add<TellMissedPickups>(quartz, TellMissedPickups.Name, "0 0/5 * * * ?");
    }

    private static void Add<TJob>(IQuartzBuilder quartz, string name, string cron)
        where TJob : IJob => quartz.ScheduleJob<TJob>(
        t => t.WithIdentity(name).WithCronSchedule(cron, c => c.InTimeZone(TimeZoneInfo.Utc).WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing)),
        j => j.WithIdentity(name));
}
