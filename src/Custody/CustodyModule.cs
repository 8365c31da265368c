using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Custody.WatchDepot;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
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
        return services;
    }
}
