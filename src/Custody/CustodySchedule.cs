using KeyAccountLogistics.Custody.Holding;
using KeyAccountLogistics.Custody.Scales;
using Quartz;

namespace KeyAccountLogistics.Custody;

/// <summary>When the module's jobs run.</summary>
internal static class CustodySchedule
{
    internal static void Jobs(IQuartzBuilder quartz)
    {
        Hourly<HoldAgeingJob>(quartz, HoldAgeingJob.Name, "0 10 * * * ?");
        Hourly<ScaleDriftJob>(quartz, ScaleDriftJob.Name, "0 25 * * * ?");
    }

    private static void Hourly<TJob>(IQuartzBuilder quartz, string name, string cron)
        where TJob : IJob => quartz.ScheduleJob<TJob>(
        t => t.WithIdentity(name).WithCronSchedule(cron, c => c.InTimeZone(TimeZoneInfo.Utc).WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing)),
        j => j.WithIdentity(name));
}
