using KeyAccountLogistics.Journal.Jobs;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Warnings;
using Quartz;

namespace KeyAccountLogistics.ServiceLevels.Closing;

/// <summary>At two in the morning: closes every day since the last closed one for accounts in the carrier's own zone, and asks what is to be warned of.</summary>
[DisallowConcurrentExecution]
internal sealed class ClosePeriodsJob(CloseDays days, WatchWarnings warnings, TimeProvider time) : IJob
{
    internal const string Name = "levels.close-days";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (await days.UsualAsync(cancellationToken) is { } unclosed) throw new JobExecutionException(unclosed.Message);
        // By the last day that is over, also when nothing was left to close: asked twice of a day is once, and a run that stopped here is made up for.
        var last = ClosedPeriods.LastOver(time.Now(), AccountDays.Usual, CloseDays.From);
        if (await warnings.RunAsync(last, cancellationToken) is { } fault) throw new JobExecutionException(fault.Message);
    }

    internal static void Schedule(IQuartzBuilder quartz) => quartz.ScheduleJob<ClosePeriodsJob>(
        // FireAndProceed: a night that was missed is made up for once at the next start. Some seconds past the hour: fired a moment early, the day would not be over yet and wait for the next night.
        t => t.WithIdentity(Name).WithCronSchedule("5 0 2 * * ?", c => c.InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(AccountDays.Usual.Id)).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)),
        j => j.WithIdentity(Name));
}

/// <summary>Every half hour: closes the days of accounts in other zones where it has become two in the morning. Without such accounts it does nothing.</summary>
[DisallowConcurrentExecution]
internal sealed class CloseElsewhereJob(CloseDays days) : IJob
{
    internal const string Name = "levels.close-days-elsewhere";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (await days.ElsewhereAsync(cancellationToken) is { } fault) throw new JobExecutionException(fault.Message);
    }

    internal static void Schedule(IQuartzBuilder quartz) => quartz.ScheduleJob<CloseElsewhereJob>(
        t => t.WithIdentity(Name).WithCronSchedule("5 0/30 * * * ?", c => c.WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)), j => j.WithIdentity(Name));
}
