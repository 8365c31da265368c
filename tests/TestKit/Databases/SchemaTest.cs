using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.TestKit.Databases;

/// <summary>
/// The test that stands in for EF's design-time tools: migrating an empty database by the hand-written migrations gives exactly the model's schema. For the test class of
/// every module with a context.
/// </summary>
public static class SchemaTest
{
    /// <summary>Compares both ways for every context that <paramref name="register"/> adds (the journal's own always takes part).</summary>
    public static async Task MigratedEqualsModelAsync(Engine engine, Action<IServiceCollection> register)
    {
        ArgumentNullException.ThrowIfNull(register);
        await using var migrated = await TestDatabase.CreateAsync(engine);
        await using var migrating = Services(migrated, register);
        await migrating.MigrateDatabasesAsync();
        var byMigrations = await SchemaShape.ReadAsync(migrated.Database);

        await using var created = await TestDatabase.CreateAsync(engine);
        await using var creating = Services(created, register);
        foreach (var module in creating.GetServices<ModuleDatabase>())
        {
            await using var scope = creating.CreateScopeAs(Caller.System);
            var context = (DbContext)scope.ServiceProvider.GetRequiredService(module.Context);
            await context.Database.ExecuteSqlRawAsync(context.Database.GenerateCreateScript().Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
        }
        var byModel = await SchemaShape.ReadAsync(created.Database);

        byModel.ShouldNotBeEmpty();
        string.Join('\n', byMigrations.Except(byModel, StringComparer.Ordinal)).ShouldBe("", "these stand only in the migrated database");
        string.Join('\n', byModel.Except(byMigrations, StringComparer.Ordinal)).ShouldBe("", "these stand only in the model");
    }

    /// <summary>A container with the journal on that database and what else is registered. Dispose it before the database.</summary>
    public static ServiceProvider Services(TestDatabase database, Action<IServiceCollection>? register = null, JournalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        var services = new ServiceCollection();
        services.AddLogging(l => l.SetMinimumLevel(LogLevel.Warning));
        services.AddJournal(database.Database, (options ?? new JournalOptions()) with { FilesDirectory = database.Directory });
        register?.Invoke(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }
}
