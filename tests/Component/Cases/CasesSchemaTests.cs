using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.TestKit.Databases;

namespace KeyAccountLogistics.Component.Cases;

public sealed class CasesSchemaTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public Task Migrating_an_empty_database_gives_the_models_schema(Engine engine) =>
        SchemaTest.MigratedEqualsModelAsync(engine, services => services.AddModuleDatabase<CasesDb>(CasesDb.Module));
}
