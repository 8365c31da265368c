using System.Data.Common;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Server.AdministerAgents;
using KeyAccountLogistics.Server.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Server.EdgeLink;

/// <summary>Ends links when their agent is revoked: at once for revocations by this process, within seconds for those of other ones; and all of them at shutdown.</summary>
internal sealed class RevocationWatch(
    IServiceProvider services, OpenLinks links, Revocations revocations, LinkLimits limits, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<RevocationWatch> log)
    : BackgroundService
{
    private const int AgentsPerQuery = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        revocations.Revoked += links.Revoke;
        await using var draining = lifetime.ApplicationStopping.Register(() => links.EndAll(LinkEnd.ShuttingDown));
        try
        {
            using var timer = new PeriodicTimer(limits.LookEvery, time);
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            revocations.Revoked -= links.Revoke;
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        try
        {
            foreach (var some in links.Agents.Chunk(AgentsPerQuery))
            {
                await using var scope = services.CreateScopeAs(Caller.System);
                var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
                var revoked = await db.Agents.AsNoTracking().Where(a => some.Contains(a.Id) && a.RevokedAt != null).Select(a => a.Id).ToListAsync(ct);
                foreach (var agent in revoked) links.Revoke(agent);
            }
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or TimeoutException)
        {
            EdgeLinkLog.RevocationLookFailed(log, e);
        }
    }
}
