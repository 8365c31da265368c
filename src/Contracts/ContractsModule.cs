using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.TermsFolder;
using KeyAccountLogistics.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Contracts;

/// <summary>The one door to this module for the host.</summary>
public static class ContractsModule
{
    /// <summary>
    /// Brings <see cref="ITermsInForce"/> from a folder of files, its watching in the background, the feed of terms to depots, and the health entry
    /// <c>terms</c>. Needs <see cref="TimeProvider"/> and logging. The terms are read before the host starts to serve.
    /// </summary>
    public static IServiceCollection AddContracts(this IServiceCollection services, TermsFolderOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(p => new TermsFolderSource(options, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<TermsFolderSource>>()));
        services.AddSingleton<ITermsInForce>(p => p.GetRequiredService<TermsFolderSource>());
        services.AddHostedService(p => p.GetRequiredService<TermsFolderSource>());
        services.AddSingleton<TermsFeed>().AddSingleton<IDepotFeed>(p => p.GetRequiredService<TermsFeed>()).AddHostedService(p => p.GetRequiredService<TermsFeed>());
        services.AddHealthChecks().AddCheck<TermsHealth>("terms");
        return services;
    }
}
