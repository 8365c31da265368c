using System.Security.Cryptography;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal.Jobs;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Text;
using Quartz;

namespace KeyAccountLogistics.ServiceLevels.Counting;

/// <summary>Every night: counts the last month of an account drawn at random again from the journal, and says in the log whether it is what is kept. A projection that is off is a bug (law 1), and here it is found before a client finds it.</summary>
[DisallowConcurrentExecution]
internal sealed class CountOneAgain(LevelsDb db, Recompute recompute, TimeProvider time, ILogger<CountOneAgain> logger) : IJob
{
    internal const string Name = "levels.count-one-again";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (await RunAsync(cancellationToken) is { } fault) throw new JobExecutionException(fault.Message);
    }

    internal async Task<Fault?> RunAsync(CancellationToken ct)
    {
        // The month that is over: in the present one facts come in while it is counted.
        var day = time.Now().InZone(AccountDays.Usual).Date.With(DateAdjusters.StartOfMonth).PlusDays(-1);
        var (from, to) = (LocalDatePattern.Iso.Format(new LocalDate(day.Year, day.Month, 1)), LocalDatePattern.Iso.Format(new LocalDate(day.Year, day.Month, 1).PlusMonths(1).PlusDays(-1)));
        var month = AccountDays.MonthOf(day);
        var accounts = db.Months.AsNoTracking().Where(m => m.Month == month && m.Figure == FigureCodes.Parcels).OrderBy(m => m.Account).Select(m => m.Account);
        if (await accounts.CountAsync(ct) is var count && count == 0) return null;
        var account = await accounts.Skip(RandomNumberGenerator.GetInt32(count)).FirstOrDefaultAsync(ct);
        if (account is null) return null;
        var asked = new GetScorecardRequest { Account = account, From = from, To = to };
        var again = await recompute.RunAsync(asked, ct);
        // What came meanwhile is no difference; one that stays is.
        if (again is { IsOk: true, Value.Agrees: false }) again = await recompute.RunAsync(asked, ct);
        if (!again.IsOk) return again.Fault;
        if (again.Value.Agrees) LevelsLog.CountedAgain(logger, account, from, to);
        else LevelsLog.Differs(logger, account, again.Value.Differences.Count, from, to, again.Value.Differences[0]);
        return null;
    }

    internal static void Schedule(IQuartzBuilder quartz) => quartz.ScheduleJob<CountOneAgain>(
        t => t.WithIdentity(Name).WithCronSchedule("0 20 3 * * ?", c => c.InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(AccountDays.Usual.Id)).WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing)),
        j => j.WithIdentity(Name));
}
