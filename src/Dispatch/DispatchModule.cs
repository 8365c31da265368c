using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Dispatch.Acting;
using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Dispatch.Confirmations;
using KeyAccountLogistics.Dispatch.Orders;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Dispatch.Rebuild;
using KeyAccountLogistics.Dispatch.Runs;
using KeyAccountLogistics.Dispatch.Sheets;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Journal.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Dispatch;

/// <summary>Composition of the module: pickup orders, couriers, runs, run sheets, confirmations, money at the door.</summary>
public static class DispatchModule
{
    /// <summary>Registers the module on the installation's database, after <c>AddCustody</c>.</summary>
    public static IServiceCollection AddDispatch(this IServiceCollection services, DispatchOptions? options = null)
    {
        services.AddSingleton(options ?? new DispatchOptions());
        services.AddModuleDatabase<DispatchDb>(DispatchDb.Module);
        services.AddSingleton<IEventProjection, DispatchProjection>();
        services.AddSingleton<IRebuildProjections, RebuildDispatch>();
        services.AddScoped<DispatchActs>().AddScoped<TellRemittances>().AddScoped<MoveCash>().AddScoped<ReadLedger>();
        services.AddScoped<TakeOrder>().AddScoped<ReadOrders>().AddScoped<SetStanding>().AddScoped<TellMissedPickups>();
        services.AddSingleton<DeliveryCodes>();
        services.AddScoped<SyncPhone>().AddScoped<ReadMyDay>().AddScoped<ActOnDoor>();
        services.AddScoped<LoadDay>().AddScoped<DayViews>().AddScoped<KeepDay>();
        services.AddScoped<LoadSheet>().AddScoped<KeepSheet>().AddScoped<PrintSheet>();
        services.AddModuleJobs(OrderSchedule.Jobs).AddModuleJobs(TellRemittances.Schedule).AddModuleJobs(LearnTravel.Schedule);
        return services;
    }

    /// <summary>Maps the module's RPCs.</summary>
    public static IEndpointRouteBuilder MapDispatch(this IEndpointRouteBuilder app)
    {
        app.MapGrpcService<CashService>();
        app.MapGrpcService<PickupOrdersService>();
        app.MapGrpcService<CourierService>();
        app.MapGrpcService<DoorsService>();
        app.MapGrpcService<RunsService>();
        app.MapGrpcService<RunSheetsService>();
        return app;
    }
}
