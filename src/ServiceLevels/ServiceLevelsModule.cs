using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Journal.Jobs;
using KeyAccountLogistics.ServiceLevels.AtRisk;
using KeyAccountLogistics.ServiceLevels.Budgets;
using KeyAccountLogistics.ServiceLevels.Closing;
using KeyAccountLogistics.ServiceLevels.Counting;
using KeyAccountLogistics.ServiceLevels.Declaring;
using KeyAccountLogistics.ServiceLevels.Drilling;
using KeyAccountLogistics.ServiceLevels.Excluding;
using KeyAccountLogistics.ServiceLevels.Following;
using KeyAccountLogistics.ServiceLevels.Lapsing;
using KeyAccountLogistics.ServiceLevels.Proving;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Reporting;
using KeyAccountLogistics.ServiceLevels.Sqi;
using KeyAccountLogistics.ServiceLevels.Storage;
using KeyAccountLogistics.ServiceLevels.Warnings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.ServiceLevels;

/// <summary>Composition of the module: figures from facts, scores, the index, budgets.</summary>
public static class ServiceLevelsModule
{
    /// <summary>Registers the module on the installation's database, after every module whose facts it counts.</summary>
    public static IServiceCollection AddServiceLevels(this IServiceCollection services)
    {
        services.AddModuleDatabase<LevelsDb>(LevelsDb.Module);
        services.AddSingleton<FollowSignal>().AddSingleton<FollowFacts>().AddSingleton<Settle>().AddSingleton<LevelsProjection>();
        services.AddSingleton<IEventProjection>(static p => p.GetRequiredService<LevelsProjection>());
        services.AddSingleton<IFollowShipments>(static p => p.GetRequiredService<LevelsProjection>());
        services.AddHostedService<Follower>().AddHostedService<FollowTerms>();
        services.AddSingleton<IRebuildProjections, RebuildLevels>();
        services.AddModuleJobs(ClosePeriodsJob.Schedule).AddModuleJobs(CloseElsewhereJob.Schedule);
        services.AddModuleJobs(WatchBurn.Schedule).AddModuleJobs(ApplyDeclarations.Schedule).AddModuleJobs(TellLapses.Schedule).AddModuleJobs(CountOneAgain.Schedule);
        services.AddSingleton<FindPlan>().AddScoped<CloseDays>().AddSingleton<ILatenessWeights, LatenessWeights>();
        services.AddScoped<ReadScorecard>().AddScoped<DrillDown>().AddScoped<Recompute>().AddScoped<ReadBudgets>().AddScoped<ReadLeft>().AddScoped<ListAtRisk>().AddScoped<ReadSqi>().AddScoped<ExcludeParcel>().AddScoped<DeclareForceMajeure>();
        services.AddScoped<ReadReport>().AddScoped<MakeReport>().AddScoped<MakeProof>();
        services.AddScoped<WatchWarnings>().AddScoped<AccountNights>().AddScoped<WatchRegress>().AddScoped<KeepWarnings>().AddScoped<ReadWarnings>();
        return services;
    }

    /// <summary>Maps the module's RPCs.</summary>
    public static IEndpointRouteBuilder MapServiceLevels(this IEndpointRouteBuilder app)
    {
        app.MapGrpcService<ScorecardsService>();
        app.MapGrpcService<WarningsService>();
        return app;
    }
}
