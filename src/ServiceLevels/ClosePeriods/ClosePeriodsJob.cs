using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Jobs;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Following;
using KeyAccountLogistics.ServiceLevels.Warnings;
using Quartz;

namespace KeyAccountLogistics.ServiceLevels.Closing;

/// <summary>At two in the morning: follows what waits, closes every day since the last closed one, each in a transaction of its own, and asks what is to be warned of.</summary>
[DisallowConcurrentExecution]
internal sealed class ClosePeriodsJob(ClosedPeriods periods, FollowFacts follow, WatchWarnings warnings, TimeProvider time) : IJob
{
    internal const string Name = "levels.close-days";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        while (true)
        {
            var followed = await follow.RunOnceAsync(cancellationToken);
            if (!followed.IsOk) throw new JobExecutionException(followed.Fault.Message);
            if (!followed.Value) break;
        }
        var closed = await periods.CatchUpAsync(
            Name, AccountDays.Usual,
            (day, transaction, _) =>
            {
                ClosePeriods.Close(transaction.Statements, day, time.Now());
                transaction.Statements.Write(LevelSql.SweepHours, new RowBlock(ColumnKind.Long).Long(HourCounts.FirstKept(time.Now().ToUnixMicros())));
                return Task.FromResult(Outcome<bool>.Ok(true));
            },
            cancellationToken);
        if (!closed.IsOk) throw new JobExecutionException(closed.Fault.Message);
        // By yesterday, also when nothing was left to close: asked twice of a day is once, and a run that stopped here is made up for.
        var yesterday = time.Now().InZone(AccountDays.Usual).Date.PlusDays(-1);
        if (await warnings.RunAsync(yesterday, cancellationToken) is { } fault) throw new JobExecutionException(fault.Message);
    }

    internal static void Schedule(IQuartzBuilder quartz) => quartz.ScheduleJob<ClosePeriodsJob>(
        // FireAndProceed: a night that was missed is made up for once at the next start.
        t => t.WithIdentity(Name).WithCronSchedule("0 0 2 * * ?", c => c.InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(AccountDays.Usual.Id)).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)),
        j => j.WithIdentity(Name));
}
