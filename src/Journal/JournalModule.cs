using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Journal.Blobs;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Journal.Jobs;
using KeyAccountLogistics.Journal.Outbox;
using KeyAccountLogistics.Journal.Personal;
using KeyAccountLogistics.Journal.Postgres;
using KeyAccountLogistics.Journal.Sqlite;
using KeyAccountLogistics.Journal.Tables;
using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace KeyAccountLogistics.Journal;

/// <summary>Composition of what modules share to keep promises.</summary>
public static class JournalModule
{
    /// <summary>
    /// Registers the journal on a database: append path, write gate, readers, caller scope, migrations. Modules then add their contexts
    /// (<see cref="ModuleDatabases.AddModuleDatabase{TContext}"/>) and projections (<c>AddSingleton&lt;IEventProjection, ...&gt;</c>).
    /// Call <see cref="ModuleDatabases.MigrateDatabasesAsync"/> before the first use.
    /// </summary>
    public static IServiceCollection AddJournal(this IServiceCollection services, Database database, JournalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        var chosen = options ?? new JournalOptions();
        var files = chosen.FilesDirectory ?? (database.Path is { } path ? Path.GetDirectoryName(path)! : null)
            ?? throw new ArgumentException("On PostgreSQL the directory for blobs and keys must be given.", nameof(options));
        chosen = chosen with { FilesDirectory = files };
        Invariant.Holds(chosen.BatchEventsMax <= chosen.GroupEventsMax && chosen.GroupEventsMax <= JournalOptions.PositionsPerGroup, "a batch fits into a group, a group into its block of positions");
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIds, RandomIds>();
        services.AddSingleton(database);
        services.AddSingleton(chosen);
        services.AddScoped<ICallerScope, CallerScope>();
        services.AddModuleDatabase<JournalDb>("journal");
        services.AddSingleton<JournalSignals>();
        services.AddSingleton<JournalReader>();
        services.AddSingleton<IJournalReader>(p => p.GetRequiredService<JournalReader>());
        services.AddSingleton(p => new DiskSpace(files, chosen.FreeDiskBytesMin, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IJournal, AppendPath>();
        services.AddSingleton<CommandLog>();
        services.AddScoped<ServerActs>();
        services.AddSingleton<ClosedPeriods>();
        services.AddSingleton<OutboxDispatcher>();
        services.AddHostedService(p => p.GetRequiredService<OutboxDispatcher>());
        services.AddSingleton(p => new BlobStore(files, chosen, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new PersonalVault(new MasterKey(files), p.GetRequiredService<JournalReader>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new JournalVerifier(p.GetRequiredService<JournalReader>(), p.GetRequiredService<BlobStore>()));
        services.AddSingleton(p => new Evidence(p.GetRequiredService<BlobStore>(), p.GetRequiredService<PersonalVault>(), p.GetRequiredService<IJournalReader>(), p.GetRequiredService<IWriteGate>(), p.GetService<IShipmentNames>()));
        services.AddScoped<IOverviewPart, JournalOverview>();
        services.AddModuleJobs(JournalSchedule.Jobs);
        if (database.Engine == Engine.Sqlite) services.AddWriter<SqliteWriter>();
        else services.AddSingleton(_ => NpgsqlDataSource.Create(database.ConnectionString)).AddWriter<PostgresLanes>();
        return services;
    }

    private static void AddWriter<TWriter>(this IServiceCollection services)
        where TWriter : class, IAppendLanes, IWriteGate
    {
        services.AddSingleton<TWriter>();
        services.AddSingleton<IAppendLanes>(p => p.GetRequiredService<TWriter>());
        services.AddSingleton<IWriteGate>(p => p.GetRequiredService<TWriter>());
    }
}
