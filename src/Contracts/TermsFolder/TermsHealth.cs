using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeyAccountLogistics.Contracts.TermsFolder;

/// <summary>Says which files of terms are not in force as written; degraded, not down: the last good terms hold.</summary>
internal sealed class TermsHealth(TermsFolderSource source) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var flaws = source.Broken.Select(f => $"{f.Name}: {f.Mistakes[0]}" + (f.Mistakes.Length > 1 ? " (and more)" : "")).ToList();
        if (source.FolderFlaw is { } folder) flaws.Add(folder);
        if (source.StateFlaw is { } state) flaws.Add(state);
        return Task.FromResult(flaws.Count == 0
            ? HealthCheckResult.Healthy($"Terms snapshot {source.Now.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)}.")
            : HealthCheckResult.Degraded("Terms are not all in force as written. " + string.Join(" ", flaws)));
    }
}
