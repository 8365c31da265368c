using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Identity;
using KeyAccountLogistics.TestKit.Databases;

namespace KeyAccountLogistics.Component.Server;

public sealed class IdentitySchemaTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public Task Migrating_an_empty_database_gives_the_models_schema(Engine engine) =>
        SchemaTest.MigratedEqualsModelAsync(engine, services => services.AddModuleDatabase<IdentityDb>(IdentityDb.Module));
}
