using KeyAccountLogistics.Server.Identity;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeyAccountLogistics.Server.Hosting;

/// <summary>Whether the database answers.</summary>
internal sealed class DatabaseHealth(IdentityDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await db.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The database does not answer.");
}
