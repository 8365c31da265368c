using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.ServiceLevels.Warnings;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.TestKit.Hosting;

/// <summary>What the jobs of the night do, when a test wants it.</summary>
public static class Nights
{
    /// <summary>Asks every rule of warnings after a day's close.</summary>
    public static async Task WarnAsync(this BackendFixture backend, LocalDate day)
    {
        ArgumentNullException.ThrowIfNull(backend);
        await using var scope = backend.Services.CreateScopeAs(Caller.System);
        if (await scope.ServiceProvider.GetRequiredService<WatchWarnings>().RunAsync(day, CancellationToken.None) is { } fault) throw new InvalidOperationException(fault.Message);
    }
}
