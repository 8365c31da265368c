using System.Data.Common;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Server.Hosting;

/// <summary>Brings the database up to what this program needs, or says why it cannot in words that help.</summary>
internal static class DatabaseStart
{
    internal static async Task BringUpAsync(IServiceProvider services, CancellationToken ct)
    {
        var database = services.GetRequiredService<Database>();
        try
        {
            await services.MigrateDatabasesAsync(ct);
            await RefuseNewerAsync(services, database, ct);
        }
        catch (Exception e) when (Cause(e) is { } cause)
        {
            throw new StartupException($"The database {database} cannot be used: {cause.Message.TrimEnd('.')}. {Advice(database)}", e);
        }
    }

    // EF wraps what may pass by itself ("likely transient") in an InvalidOperationException.
    private static Exception? Cause(Exception e) => e switch
    {
        DbException or IOException or UnauthorizedAccessException or TimeoutException => e,
        InvalidOperationException { InnerException: DbException inner } => inner,
        _ => null,
    };

    private static string Advice(Database database) => database.Engine == Engine.Sqlite
        ? "Check that the directory exists, that this user may write it, and that the disk has room."
        : "Check that PostgreSQL runs there, that the database and the user exist (deploy/postgres), and the password.";

    private static async Task RefuseNewerAsync(IServiceProvider services, Database database, CancellationToken ct)
    {
        foreach (var module in services.GetServices<ModuleDatabase>())
        {
            await using var scope = services.CreateScopeAs(Caller.System);
            var facade = ((DbContext)scope.ServiceProvider.GetRequiredService(module.Context)).Database;
            var unknown = (await facade.GetAppliedMigrationsAsync(ct)).Except(facade.GetMigrations(), StringComparer.Ordinal).ToArray();
            if (unknown.Length == 0) continue;
            throw new StartupException(
                $"The database {database} belongs to a newer program: module {module.Module} has {string.Join(", ", unknown)}, which this one does not know. " +
                "Install the newer program, or restore a backup made by this one.");
        }
    }
}
