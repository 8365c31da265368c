using System.Globalization;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.InForce;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Journal;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;
using Quartz;

namespace KeyAccountLogistics.Contracts.Watching;

/// <summary>Keeps the alerts as rows: each raised once, closed when its reason is gone (renewed, superseded, ended, agreed anew).</summary>
internal sealed class WatchTerms(ContractsDb db, Obligations.KeepObligations obligations, IWriteGate gate, TimeProvider time, ILogger<WatchTerms> log)
{
    private const int PageMax = 200;

    internal async Task RunAsync(CancellationToken ct)
    {
        var now = time.Now();
        var today = now.InZone(VersionLife.Zone).Date;
        var raised = await gate.RunAsync<List<AlertRow>>(
            async (transaction, cancel) =>
            {
                db.ChangeTracker.Clear();
                await transaction.EnlistAsync(db, cancel);
                // Taken up first: of two servers the second finds what the first has raised.
                await db.Alerts.Where(a => a.ClosedUs == null).ExecuteUpdateAsync(s => s.SetProperty(a => a.ClosedUs, a => a.ClosedUs), cancel);
                var known = await db.Alerts.ToListAsync(cancel);
                var due = DueAlerts.On(today, await WatchedAsync(now, cancel), await AgreedAsync(cancel)).ToHashSet();
                due.UnionWith(await obligations.AlertsAsync(cancel));
                foreach (var gone in known.Where(a => a.ClosedUs is null && !due.Contains(Of(a)))) gone.ClosedUs = now.ToUnixMicros();
                foreach (var back in known.Where(a => a.ClosedUs is not null && due.Contains(Of(a)))) back.ClosedUs = null;
                var fresh = due.Except(known.Select(Of)).OrderBy(static a => a.Due).ThenBy(static a => a.Account, StringComparer.Ordinal).ThenBy(static a => a.Kind, StringComparer.Ordinal)
                    .Select(a => new AlertRow { Kind = a.Kind, Account = a.Account, Contract = a.Contract, Version = a.Version, Due = a.Due, RaisedUs = now.ToUnixMicros() }).ToList();
                db.Alerts.AddRange(fresh);
                await db.SaveChangesAsync(cancel);
                return fresh;
            },
            ct);
        if (!raised.IsOk) return;
        foreach (var alert in raised.Value) InForceLog.AlertRaised(log, alert.Account!, alert.Kind, alert.Contract, alert.Due);
    }

    internal async Task<Outcome<ListAlertsReply>> ListAsync(ListAlertsRequest ask, CancellationToken ct)
    {
        var alerts = db.Alerts.AsNoTracking();
        if (ask.Account.Length > 0) alerts = alerts.Where(a => a.Account == ask.Account);
        if (!ask.ClosedToo) alerts = alerts.Where(a => a.ClosedUs == null);
        if (ask.PageToken.Length > 0)
        {
            if (!long.TryParse(ask.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out var below)) return new Fault.Invalid("page_token", "page.malformed", "The page token is not one that this list gave out.");
            alerts = alerts.Where(a => a.Id < below);
        }
        var size = ask.PageSize <= 0 ? 50 : Math.Min(ask.PageSize, PageMax);
        var rows = await alerts.OrderByDescending(a => a.Id).Take(size + 1).ToListAsync(ct);
        var reply = new ListAlertsReply { NextPageToken = rows.Count > size ? rows[size - 1].Id.ToString(CultureInfo.InvariantCulture) : "" };
        reply.Alerts.AddRange(rows.Take(size).Select(static a => new AlertView
        {
            Id = a.Id, Kind = a.Kind, Account = a.Account, Contract = a.Contract, Version = (uint)a.Version, Due = Check.Day(a.Due), RaisedAtUs = a.RaisedUs, ClosedAtUs = a.ClosedUs ?? 0,
        }));
        return reply;
    }

    private static DueAlert Of(AlertRow a) => new(a.Kind, a.Account!, a.Contract, a.Version, a.Due);

    private async Task<List<WatchedVersion>> WatchedAsync(Instant now, CancellationToken ct)
    {
        var signed = await db.Versions.AsNoTracking().Where(v => v.State == (int)VersionState.Signed).OrderBy(v => v.Contract).ThenBy(v => v.Version).ToListAsync(ct);
        var watched = new List<WatchedVersion>();
        for (var i = 0; i < signed.Count; i++)
        {
            var row = signed[i];
            var superseded = i + 1 < signed.Count && string.Equals(signed[i + 1].Contract, row.Contract, StringComparison.Ordinal);
            if (superseded || StoredVersions.EndOf(row) <= now || StoredVersions.Document(row) is not { } document) continue;
            var end = StoredVersions.At(row.EndsUs) ?? StoredVersions.At(row.UntilUs);
            watched.Add(new WatchedVersion(
                row.Account!, row.Contract, row.Version, DayOf(document.EffectiveFrom!.Value), end is { } at ? DayOf(at - Duration.FromTicks(10)) : null,
                row.EndsUs is null && document.Renewal is { Automatic: true } renewal ? renewal.Months : 0, document.Renewal?.NoticeDays ?? DueAlerts.UsualNoticeDays, document.PriceLock?.Until));
        }
        return watched;
    }

    private static LocalDate DayOf(Instant at) => at.InZone(VersionLife.Zone).Date;

    private async Task<Dictionary<string, LocalDate>> AgreedAsync(CancellationToken ct) => (await db.Agreements.AsNoTracking().Select(a => new { a.Account, a.LastDay }).ToListAsync(ct))
        .GroupBy(static a => a.Account!, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Max(static a => a.LastDay), StringComparer.Ordinal);
}

/// <summary>Every morning before the account managers come.</summary>
[DisallowConcurrentExecution]
internal sealed class WatchTermsJob(WatchTerms watch) : IJob
{
    internal const string Name = "contracts.watch-terms";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await watch.RunAsync(cancellationToken);

    internal static void Schedule(IQuartzBuilder quartz) => quartz.ScheduleJob<WatchTermsJob>(
        // FireAndProceed: a morning that was missed is made up for once at the next start.
        t => t.WithIdentity(Name).WithCronSchedule("0 15 6 * * ?", c => c.InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(VersionLife.Zone.Id)).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)),
        j => j.WithIdentity(Name));
}
