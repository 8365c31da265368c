using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.ServiceLevels.Storage;
using KeyAccountLogistics.TestKit.Databases;

namespace KeyAccountLogistics.Component.ServiceLevels;

public sealed class LevelsSchemaTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public Task Migrating_an_empty_database_gives_the_models_schema(Engine engine) =>
        SchemaTest.MigratedEqualsModelAsync(engine, services => services.AddModuleDatabase<LevelsDb>(LevelsDb.Module));
}
