using KeyAccountLogistics.Custody.Acting;
using KeyAccountLogistics.Custody.Counting;
using KeyAccountLogistics.Custody.Expecting;
using KeyAccountLogistics.Custody.Handovers;
using KeyAccountLogistics.Custody.Holding;
using KeyAccountLogistics.Custody.Import;
using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Rebuild;
using KeyAccountLogistics.Custody.Recording;
using KeyAccountLogistics.Custody.Register;
using KeyAccountLogistics.Custody.Scales;
using KeyAccountLogistics.Custody.Solving;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Custody.Watching;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Journal.Jobs;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Custody;

/// <summary>Composition of the module: shipments, parcels, captures, handovers, holds.</summary>
public static class CustodyModule
{
    /// <summary>
    /// Registers the module on the installation's database (after <c>AddJournal</c>). The installation's <see cref="WaybillScheme"/> is taken from the container; the
    /// prefix KAL where none is registered.
    /// </summary>
    public static IServiceCollection AddCustody(this IServiceCollection services)
    {
        services.AddModuleDatabase<CustodyDb>(CustodyDb.Module);
        services.TryAddSingleton(WaybillScheme.Of("KAL"));
        services.AddSingleton<CommittedFeed>().AddSingleton<SourceNames>();
        services.AddHostedService<JournalTail>();
        services.AddModuleJobs(CustodySchedule.Jobs);
        services.AddSingleton<IEventProjection, CustodyProjection>();
        services.AddSingleton<IRebuildProjections, RebuildCustody>();
        services.AddSingleton<IShipmentNames, ShipmentNames>();
        services.AddSingleton<DepotManifest>().AddSingleton<IDepotFeed>(p => p.GetRequiredService<DepotManifest>());
        services.AddSingleton<ScaleFeed>().AddSingleton<IDepotFeed>(p => p.GetRequiredService<ScaleFeed>());
        services.AddScoped<CollectWeighedTwice>().AddScoped<JudgeScales>().AddScoped<ListScales>().AddScoped<SetScaleApart>();
        services.AddScoped<Published.IParcelsNow, ParcelsNow>().AddScoped<Published.IHandoversNow, HandoversNow>();
        services.AddScoped<Acts>().AddScoped<RegisterShipments>().AddScoped<ImportFile>();
        services.AddScoped<ReadParcel>().AddScoped<FindParcels>().AddScoped<ReadRawEvent>().AddScoped<ReadEvidence>().AddScoped<Watching.WatchDepot>().AddScoped<Labels.PrintLabel>();
        services.AddScoped(p => new Published.DoorWeights(p.GetRequiredService<CustodyDb>()));
        services.AddScoped(p => new Published.ParcelWeights(p.GetRequiredService<CustodyDb>(), p.GetRequiredService<ReadParcel>(), p.GetRequiredService<IJournalReader>()));
        services.AddScoped<HoldParcel>().AddScoped<ListHolds>().AddScoped<SolveWaybill>().AddScoped<PrintCertificate>();
        services.AddScoped<RunHandover>().AddScoped<ReadHandovers>().AddScoped<IOverviewPart, CountParcels>();
        return services;
    }

    /// <summary>Maps the module's RPCs.</summary>
    public static IEndpointRouteBuilder MapCustody(this IEndpointRouteBuilder app)
    {
        app.MapGrpcService<ShipmentsService>();
        app.MapGrpcService<ParcelsService>();
        app.MapGrpcService<CapturesService>();
        app.MapGrpcService<HoldsService>();
        app.MapGrpcService<WaybillProblemsService>();
        app.MapGrpcService<HandoversService>();
        app.MapGrpcService<ScalesService>();
        app.MapGrpcService<Labels.LabelsService>();
        return app;
    }
}
