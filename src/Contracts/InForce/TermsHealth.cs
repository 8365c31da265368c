using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeyAccountLogistics.Contracts.InForce;

/// <summary>Says when the terms in force are not what is signed; degraded, not down: what is known holds.</summary>
internal sealed class TermsHealth(ContractTerms terms) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(terms.Flaw is { } flaw
        ? HealthCheckResult.Degraded("Terms are not all in force as signed. " + flaw)
        : HealthCheckResult.Healthy($"Terms snapshot {terms.Now.Version.ToString(CultureInfo.InvariantCulture)}."));
}
