using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.Logging;
using NodaTime;
using Quartz;

namespace KeyAccountLogistics.Journal.Jobs;

/// <summary>Deletes stored command replies past their retention, nightly.</summary>
[DisallowConcurrentExecution]
internal sealed class PurgeCommandLogJob(ClosedPeriods periods, JournalOptions options, ILogger<PurgeCommandLogJob> logger) : IJob
{
    internal const string Name = "journal.purge-command-log";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var outcome = await periods.CatchUpAsync(Name, DateTimeZone.Utc, CloseAsync, cancellationToken);
        if (!outcome.IsOk) throw new JobExecutionException(outcome.Fault.Message);
    }

    private async Task<Outcome<bool>> CloseAsync(LocalDate day, WriteTransaction transaction, CancellationToken ct)
    {
        var before = day.AtMidnight().InUtc().ToInstant() - options.CommandRetention;
        var count = await Sql.ExecuteAsync(transaction, "DELETE FROM journal_command WHERE done_us < @before", ct, ("before", before.ToUnixMicros()));
        if (count > 0) JournalLog.CommandsPurged(logger, count, before);
        return true;
    }
}

/// <summary>Verifies the newest links of every chain nightly and logs every head: a line outside the database against which a cut tail shows.</summary>
[DisallowConcurrentExecution]
internal sealed class CheckJournalJob(JournalVerifier verifier, ILogger<CheckJournalJob> logger) : IJob
{
    internal const string Name = "journal.check";
    private const int NewestLinks = 10_000;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var (broken, heads) = await verifier.NewestAsync(NewestLinks, cancellationToken);
        foreach (var (source, index, hash) in heads) JournalLog.ChainHead(logger, source, index, hash);
        foreach (var link in broken) JournalLog.ChainBroken(logger, link.Source, link.ChainIndex, link.Position, link.Reason.ToString());
    }
}

internal static class JournalSchedule
{
    internal static void Jobs(IQuartzBuilder quartz)
    {
        // FireAndProceed: a night that was missed is run once at the next start; what it owes it reads from the database.
        quartz.ScheduleJob<PurgeCommandLogJob>(
            t => t.WithIdentity(PurgeCommandLogJob.Name).WithCronSchedule("0 20 2 * * ?", c => c.InTimeZone(TimeZoneInfo.Utc).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)),
            j => j.WithIdentity(PurgeCommandLogJob.Name));
        quartz.ScheduleJob<CheckJournalJob>(
            t => t.WithIdentity(CheckJournalJob.Name).WithCronSchedule("0 40 2 * * ?", c => c.InTimeZone(TimeZoneInfo.Utc).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)),
            j => j.WithIdentity(CheckJournalJob.Name));
    }
}
