using KeyAccountLogistics.Custody.Import;
using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Custody.Rebuild;
using KeyAccountLogistics.Custody.Register;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Custody.WatchDepot;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        services.AddSingleton<CommittedFeed>();
        services.AddSingleton<IEventProjection, CustodyProjection>();
        services.AddSingleton<IRebuildProjections, RebuildCustody>();
        services.AddScoped<RegisterShipments>().AddScoped<ImportFile>();
        return services;
    }

    /// <summary>Maps the module's RPCs.</summary>
    public static IEndpointRouteBuilder MapCustody(this IEndpointRouteBuilder app)
    {
        app.MapGrpcService<ShipmentsService>();
        return app;
    }
}
