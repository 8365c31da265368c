using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.TestKit.Databases;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KeyAccountLogistics.Component.Journal;

public sealed class SchemaTests
{
    [Theory, OnSqlite, OnPostgres]
    public Task Migrating_an_empty_database_gives_exactly_the_models_schema(Engine engine) => SchemaTest.MigratedEqualsModelAsync(engine, _ => { });

    [Theory]
    [OnSqlite("ALTER TABLE journal_job ADD COLUMN extra TEXT")]
    [OnSqlite("DROP INDEX ux_journal_event_event_id")]
    [OnSqlite("DROP TABLE journal_clock")]
    [OnPostgres("ALTER TABLE journal_job ADD COLUMN extra text")]
    [OnPostgres("DROP INDEX ux_journal_event_event_id")]
    [OnPostgres("ALTER TABLE journal_event ALTER COLUMN kind TYPE int")]
    public async Task A_planted_difference_is_seen(Engine engine, string change)
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        await using var services = SchemaTest.Services(database);
        await services.MigrateDatabasesAsync();
        var before = await SchemaShape.ReadAsync(database.Database);
        await database.ExecuteAsync(change);
        (await SchemaShape.ReadAsync(database.Database)).ShouldNotBe(before);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Migrating_again_changes_nothing(Engine engine)
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        await using var services = SchemaTest.Services(database);
        await services.MigrateDatabasesAsync();
        var first = await SchemaShape.ReadAsync(database.Database);
        await services.MigrateDatabasesAsync();
        (await SchemaShape.ReadAsync(database.Database)).ShouldBe(first);
    }

    [Fact]
    public async Task A_lock_left_by_a_killed_migration_does_not_stop_the_next_one()
    {
        await using var database = await TestDatabase.CreateAsync(Engine.Sqlite);
        await using var services = SchemaTest.Services(database);
        await database.ExecuteAsync(
            "CREATE TABLE \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL PRIMARY KEY, \"Timestamp\" TEXT NOT NULL); INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01');");
        await services.MigrateDatabasesAsync().WaitAsync(TimeSpan.FromSeconds(30));
        (await SchemaShape.ReadAsync(database.Database)).ShouldNotBeEmpty();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_servers_starting_together_both_come_up(Engine engine)
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        await using var one = SchemaTest.Services(database);
        await using var other = SchemaTest.Services(database);
        await Task.WhenAll(Task.Run(() => one.MigrateDatabasesAsync()), Task.Run(() => other.MigrateDatabasesAsync()));
        (await SchemaShape.ReadAsync(database.Database)).ShouldNotBeEmpty();
    }
}
