using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Journal.Databases;

/// <summary>One module's tables in the shared database. Tables carry the module's name as prefix, since SQLite has no schemas.</summary>
public sealed record ModuleDatabase(string Module, Type Context);

/// <summary>Registering a module's context, and bringing the database up to what all contexts need.</summary>
public static class ModuleDatabases
{
    /// <summary>Registers the context, scoped, on the installation's <see cref="Database"/>, with the history table <c>__migrations_MODULE</c>.</summary>
    public static IServiceCollection AddModuleDatabase<TContext>(this IServiceCollection services, string module)
        where TContext : ScopedDbContext
    {
        services.AddDbContext<TContext>((provider, options) => provider.GetRequiredService<Database>().Configure(options, HistoryTable(module)));
        return services.AddSingleton(new ModuleDatabase(module, typeof(TContext)));
    }

    /// <summary>
    /// Migrates every registered module, in the order of registration. Safe to call from several processes at once; on PostgreSQL the database itself must exist
    /// (deploy creates it). On SQLite the file and its directory are created.
    /// </summary>
    public static async Task MigrateDatabasesAsync(this IServiceProvider services, CancellationToken ct = default)
    {
        var database = services.GetRequiredService<Database>();
        await using var turn = database.Path is null ? null : await TakeFileTurnAsync(database.Path, services.GetRequiredService<TimeProvider>(), ct);
        foreach (var module in services.GetServices<ModuleDatabase>())
        {
            await using var scope = services.CreateScopeAs(Caller.System);
            var context = (DbContext)scope.ServiceProvider.GetRequiredService(module.Context);
            await MigrateAsync(context, database.Engine, ct);
        }
    }

    internal static string HistoryTable(string module) => "__migrations_" + module;

    private static async Task MigrateAsync(DbContext context, Engine engine, CancellationToken ct)
    {
        if (engine == Engine.Sqlite)
        {
            // WAL stays in the file. The lock row is a leftover of a killed process: the file lock, which the system frees, is the one that counts.
            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL; DROP TABLE IF EXISTS \"__EFMigrationsLock\";", ct);
        }
        else
        {
            // Without it the first look at the missing history table is logged as an error.
            await context.GetService<IHistoryRepository>().CreateIfNotExistsAsync(ct);
        }
        await context.Database.MigrateAsync(ct);
    }

    private static async Task<FileStream> TakeFileTurnAsync(string path, TimeProvider time, CancellationToken ct)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path + ".migrating", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException taken) when (taken is not DirectoryNotFoundException && time.GetElapsedTime(started) < TimeSpan.FromMinutes(5))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, ct);
            }
        }
    }
}

/// <summary>
/// A hand-written migration for both engines: <see cref="Migration"/> with the column types that differ between them. Say what the model says; the schema test compares.
/// </summary>
public abstract class ModuleMigration : Migration
{
    /// <summary>True while this migration is being written for SQLite.</summary>
    protected bool OnSqlite => ActiveProvider?.EndsWith("Sqlite", StringComparison.Ordinal) == true;

    /// <summary>The column type of a Guid.</summary>
    protected string UuidType => OnSqlite ? "BLOB" : "uuid";

    /// <inheritdoc/>
    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("A journal is never migrated backwards: restore a backup, or migrate forwards.");
}
