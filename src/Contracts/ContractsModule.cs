using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.InForce;
using KeyAccountLogistics.Contracts.Keeping;
using KeyAccountLogistics.Contracts.Obligations;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.RateByRpc;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Watching;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Journal.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Contracts;

/// <summary>The one door to this module for the host.</summary>
public static class ContractsModule
{
    /// <summary>
    /// Registers the module on the installation's database (after <c>AddJournal</c>): accounts, contract versions, <see cref="ITermsInForce"/> from what is signed, the feed of
    /// terms to depots, and the health entry <c>terms</c>. The terms are read before the host starts to serve.
    /// </summary>
    public static IServiceCollection AddContracts(this IServiceCollection services, ContractsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddModuleDatabase<ContractsDb>(ContractsDb.Module);
        services.AddSingleton<ContractTerms>().AddSingleton<ITermsInForce>(p => p.GetRequiredService<ContractTerms>()).AddSingleton<IRatesInForce>(p => p.GetRequiredService<ContractTerms>()).AddSingleton<IServiceTermsInForce>(p => p.GetRequiredService<ContractTerms>()).AddSingleton<IRemittancesInForce>(p => p.GetRequiredService<ContractTerms>()).AddHostedService(p => p.GetRequiredService<ContractTerms>());
        services.AddSingleton<TermsFeed>().AddSingleton<IDepotFeed>(p => p.GetRequiredService<TermsFeed>()).AddHostedService(p => p.GetRequiredService<TermsFeed>());
        services.AddScoped<IContractDocuments, SignedDocuments>().AddScoped<ContractActs>().AddScoped<ReadAccounts>().AddScoped<KeepAccount>().AddScoped<KeepContacts>().AddScoped<AnswerForAccount>();
        services.AddScoped<ReadVersions>().AddScoped<ImportDocument>().AddScoped<MoveVersion>().AddScoped<SetAuthority>().AddScoped<ICaseAuthority>(static p => p.GetRequiredService<SetAuthority>()).AddScoped(static p => new ReadAccountFacts(p.GetRequiredService<ContractsDb>(), p.GetRequiredService<ContractTerms>())).AddScoped<WatchTerms>().AddScoped<KeepObligations>().AddScoped<RateShipment>();
        services.AddSingleton(options ?? new ContractsOptions()).AddHostedService<ImportAtStart>();
        services.AddScoped<TellObligations>().AddModuleJobs(WatchTermsJob.Schedule).AddModuleJobs(TellObligations.Schedule);
        services.AddHealthChecks().AddCheck<TermsHealth>("terms");
        return services;
    }

    /// <summary>Maps the module's RPCs.</summary>
    public static IEndpointRouteBuilder MapContracts(this IEndpointRouteBuilder app)
    {
        app.MapGrpcService<AccountsService>();
        app.MapGrpcService<ContractsService>();
        app.MapGrpcService<PriceCurvesService>();
        app.MapGrpcService<RatingService>();
        return app;
    }
}
