using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Cash;
using KeyAccountLogistics.Cases.ActOn;
using KeyAccountLogistics.Cases.Answering;
using KeyAccountLogistics.Cases.Claims;
using KeyAccountLogistics.Cases.Closing;
using KeyAccountLogistics.Cases.Deciding;
using KeyAccountLogistics.Cases.Opening;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Cases.Reading;
using KeyAccountLogistics.Cases.Rebuild;
using KeyAccountLogistics.Cases.Regress;
using KeyAccountLogistics.Cases.Reopening;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Cases.Weight;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Journal.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Quartz;

namespace KeyAccountLogistics.Cases;

/// <summary>Composition of the module: cases of every kind.</summary>
public static class CasesModule
{
    /// <summary>Registers the module on the installation's database, after <c>AddCustody</c>.</summary>
    public static IServiceCollection AddCases(this IServiceCollection services)
    {
        services.AddModuleDatabase<CasesDb>(CasesDb.Module);
        services.TryAddSingleton<PriceShipment>(static p => p.GetService<IRatesInForce>() is { } rates ? (account, shipment) => rates.Now.Rate(account, shipment) : NoRating.Refuse);
        services.AddSingleton<IEventProjection, CasesProjection>();
        services.AddSingleton<IRebuildProjections, RebuildCases>();
        services.AddOutboxHandler<TakeNotice>(CasesProjection.Topic);
        services.AddModuleJobs(Jobs);
        services.AddSingleton<LookAgain>();
        services.AddScoped<CaseStore>().AddScoped<CaseActs>().AddScoped<ObserveParcel>().AddScoped<ObserveCash>().AddScoped<OtherClaims>();
        services.AddScoped<ListCases>().AddScoped<ReadCase>().AddScoped<ReadPhoto>();
        services.AddScoped<KeepRegress>().AddScoped(static p => new OpenRegress(p.GetRequiredService<CasesDb>(), p.GetRequiredService<KeepRegress>(), p.GetRequiredService<ITermsInForce>(), p.GetRequiredService<IWriteGate>()));
        services.AddScoped<OpenCase>().AddScoped<OpenComplaint>().AddScoped<AnswerCase>().AddScoped<ActOnCase>().AddScoped<DecideCase>().AddScoped<ReopenCase>();
        return services;
    }

    /// <summary>Maps the module's RPCs.</summary>
    public static IEndpointRouteBuilder MapCases(this IEndpointRouteBuilder app)
    {
        app.MapGrpcService<CasesService>();
        return app;
    }

    private static void Jobs(IQuartzBuilder quartz) => quartz.ScheduleJob<CloseDueWindowsJob>(
        t => t.WithIdentity(CloseDueWindowsJob.Name).WithCronSchedule("0 * * * * ?", c => c.InTimeZone(TimeZoneInfo.Utc).WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing)),
        j => j.WithIdentity(CloseDueWindowsJob.Name));
}
