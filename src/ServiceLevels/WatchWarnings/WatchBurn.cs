using KeyAccountLogistics.Journal.Jobs;
using KeyAccountLogistics.ServiceLevels.Budgets;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Figures;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>
/// Every five minutes: whose budgets burn too fast by the hours. One bad morning is told while it can still be put right, a slow leak within the week; both end by themselves when the last
/// hours are better (decisions/0015).
/// </summary>
[DisallowConcurrentExecution]
internal sealed class WatchBurn(LevelsDb db, FindPlan plans, KeepWarnings keep, TimeProvider time) : IJob
{
    internal const string Name = "levels.watch-burn";
    internal const string Rule = "burn.";
    private const int AccountsAtOnce = 200;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (await RunAsync(cancellationToken) is { } fault) throw new JobExecutionException(fault.Message);
    }

    internal async Task<Fault?> RunAsync(CancellationToken ct)
    {
        var now = time.Now();
        var hour = HourCounts.HourOf(now.ToUnixMicros());
        var (first, after) = (hour - BurnRule.Slow.LongHours + 1, "");
        while (true)
        {
            var from = after;
            var burning = db.Hours.AsNoTracking().Where(h => h.Hour >= first && h.Hour <= hour && h.Failures > 0).Select(h => h.Account);
            var standing = db.Warnings.AsNoTracking().Where(w => w.ClosedUs == null && w.Rule.StartsWith(Rule)).Select(w => w.Account);
            var accounts = await burning.Union(standing).Where(a => string.Compare(a, from) > 0).OrderBy(a => a).Take(AccountsAtOnce).ToListAsync(ct);
            if (accounts.Count == 0) return null;
            var windows = await BurnWindows.ReadAsync(db, accounts, now, ct);
            var answers = accounts.SelectMany(account => Ask(account, windows)).ToList();
            if (await keep.RunAsync(accounts, answers, FormattableString.Invariant($"h{hour}"), ct) is { } fault) return fault;
            after = accounts[^1];
        }

        IEnumerable<(string Account, string Rule, WarningAnswer Answer)> Ask(string account, BurnWindows windows)
        {
            if (plans.For(account, now.InZone(plans.DaysOf(account, now.InZone(AccountDays.Usual).Date).Zone).Date).Plan is not { } plan) yield break;
            foreach (var indicator in plan.Indicators)
            {
                if (!FigureCodes.Counted.Contains(indicator.Code, StringComparer.Ordinal) || ErrorBudget.LimitOf(indicator) is not { } limit) continue;
                yield return (account, Rule + indicator.Code, AnswerOf(indicator.Code, BurnRate.Of(limit, windows.Of(account, indicator.Code))));
            }
        }
    }

    internal static WarningAnswer AnswerOf(string indicator, IReadOnlyList<BurnAnswer> answers)
    {
        if (answers.FirstOrDefault(static a => a.Alert) is not { } alert) return new WarningAnswer.Clear(WarningFamily.Budget, []);
        var fast = alert.Rule == BurnRule.Fast;
        List<WarningFigure> evidence = [new("hours", alert.Rule.LongHours), new("units", alert.Long.Units), new("failed", alert.Long.Failures)];
        if (alert.LongRate is { } rate) evidence.Add(WarningFigure.Of("rate", rate));
        if (alert.ShortRate is { } lately) evidence.Add(WarningFigure.Of("rate_lately", lately));
        return new WarningAnswer.Raised(WarningFamily.Budget, fast ? WarningReason.FastBurn : WarningReason.SlowBurn, fast ? WarningLevel.Act : WarningLevel.Watch, [.. evidence], [indicator]);
    }

    internal static void Schedule(IQuartzBuilder quartz) => quartz.ScheduleJob<WatchBurn>(
        t => t.WithIdentity(Name).WithCronSchedule("30 0/5 * * * ?", c => c.WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing)), j => j.WithIdentity(Name));
}
