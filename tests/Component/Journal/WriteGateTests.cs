using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Component.Journal;

public sealed class WriteGateTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_context_saves_in_the_transaction_of_the_journal(Engine engine)
    {
        await using var bed = await CreateAsync(engine);
        await using var scope = bed.Services.CreateScopeAs(Caller.System);
        var notes = scope.ServiceProvider.GetRequiredService<NotesDb>();
        (await notes.Notes.CountAsync()).ShouldBe(0);   // used before, on a connection of its own
        var outcome = await bed.Gate.RunAsync<long>(async (transaction, ct) =>
        {
            await transaction.EnlistAsync(notes, ct);
            notes.Add(new Note { Id = Guid.Parse("0195d000-0000-7000-8000-00000000000a"), Account = "A", Depot = "D1", WrittenAt = JournalBed.Noon, Weighs = Mass.FromGrams(2) });
            await notes.SaveChangesAsync(ct);
            (await transaction.AppendAsync(JournalBed.ById(JournalBed.Fact(1)), ct)).IsOk.ShouldBeTrue();
            return await notes.Notes.CountAsync(ct);
        });
        outcome.Value.ShouldBe(1);
        (await notes.Notes.SingleAsync()).WrittenAt.ShouldBe(JournalBed.Noon);   // and used after, on its own again
        (await bed.AllAsync()).Count.ShouldBe(1);
    }

    [Theory]
    [OnSqlite(true), OnSqlite(false)]
    [OnPostgres(true), OnPostgres(false)]
    public async Task What_faults_or_throws_leaves_neither_rows_nor_events(Engine engine, bool throws)
    {
        await using var bed = await CreateAsync(engine);
        await using var scope = bed.Services.CreateScopeAs(Caller.System);
        var notes = scope.ServiceProvider.GetRequiredService<NotesDb>();
        async Task<Outcome<int>> WorkAsync(WriteTransaction transaction, CancellationToken ct)
        {
            await transaction.EnlistAsync(notes, ct);
            notes.Add(new Note { Id = Guid.Parse("0195d000-0000-7000-8000-00000000000b") });
            await notes.SaveChangesAsync(ct);
            await transaction.AppendAsync(JournalBed.ById(JournalBed.Fact(1)), ct);
            transaction.Publish("mail", new byte[] { 1 });
            return throws ? throw new InvalidOperationException("thrown") : new Fault.Conflict("c", "m");
        }
        if (throws) await Should.ThrowAsync<InvalidOperationException>(() => bed.Gate.RunAsync<int>(WorkAsync));
        else (await bed.Gate.RunAsync<int>(WorkAsync)).IsOk.ShouldBeFalse();
        (await bed.AllAsync()).ShouldBeEmpty();
        (await bed.Database.ScalarAsync("SELECT COUNT(*) FROM notes_note")).ShouldBe(0);
        (await bed.Database.ScalarAsync("SELECT COUNT(*) FROM journal_outbox")).ShouldBe(0);
        // The chain goes on as if nothing had been tried.
        await bed.AppendAsync(JournalBed.ById(JournalBed.Fact(1), JournalBed.Fact(2)));
        (await CommandLogTests.VerifyIsWholeAsync(bed)).ShouldBeTrue();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Saves_and_appends_side_by_side_never_meet_a_busy_database(Engine engine)
    {
        await using var bed = await CreateAsync(engine);
        var saves = Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            await using var scope = bed.Services.CreateScopeAs(Caller.System);
            var notes = scope.ServiceProvider.GetRequiredService<NotesDb>();
            notes.Add(new Note { Id = NamedId.From("note", $"{i}") });
            await notes.SaveChangesAsync();
        }));
        var appends = Enumerable.Range(0, 40).Select(i => Task.Run(() => bed.AppendAsync(JournalBed.Numbered(1, 20, agent: $"B{i}", offset: i * 100))));
        await Task.WhenAll(saves.Concat<Task>(appends));
        (await bed.Database.ScalarAsync("SELECT COUNT(*) FROM notes_note")).ShouldBe(40);
        (await bed.AllAsync()).Count.ShouldBe(800);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Waiting_for_the_gate_from_inside_it_is_a_bug_that_shows(Engine engine)
    {
        await using var bed = await CreateAsync(engine);
        await Should.ThrowAsync<InvariantBrokenException>(() => bed.Gate.RunAsync<int>(async (_, ct) => await bed.Gate.RunAsync<int>((_, _) => Task.FromResult(Outcome<int>.Ok(1)), ct)));
        await Should.ThrowAsync<InvariantBrokenException>(() => bed.Gate.RunAsync<int>(async (_, ct) =>
        {
            await bed.Journal.AppendAsync(JournalBed.Numbered(1, 1), ct);
            return 1;
        }));
        await bed.AppendAsync(JournalBed.Numbered(1, 1));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Rows_are_seen_only_by_callers_of_their_account_and_depot(Engine engine)
    {
        await using var bed = await CreateAsync(engine);
        await using (var scope = bed.Services.CreateScopeAs(Caller.System))
        {
            var notes = scope.ServiceProvider.GetRequiredService<NotesDb>();
            foreach (var (account, depot) in new (string?, string?)[] { ("A", "D1"), ("A", "D2"), ("B", "D1"), (null, "D1"), ("A", null) })
                notes.Add(new Note { Id = NamedId.From("note", account + "/" + depot), Account = account, Depot = depot });
            await notes.SaveChangesAsync();
        }
        (await SeenAsync(null, null)).ShouldBe(["-/D1", "A/-", "A/D1", "A/D2", "B/D1"]);
        (await SeenAsync(["A"], null)).ShouldBe(["A/-", "A/D1", "A/D2"]);
        (await SeenAsync(["A", "B"], ["D1"])).ShouldBe(["A/D1", "B/D1"]);
        (await SeenAsync(null, ["D2"])).ShouldBe(["A/D2"]);
        (await SeenAsync([], [])).ShouldBeEmpty();
        (await SeenAsync(null, null, CallerKind.Anonymous)).ShouldNotBeEmpty();

        async Task<string[]> SeenAsync(string[]? accounts, string[]? depots, CallerKind kind = CallerKind.Person)
        {
            await using var scope = bed.Services.CreateScopeAs(new Caller("joe", kind, new HashSet<Api.Access.V1.Permission>(), accounts, depots));
            var rows = await scope.ServiceProvider.GetRequiredService<NotesDb>().Notes.ToListAsync();
            return [.. rows.Select(n => $"{n.Account ?? "-"}/{n.Depot ?? "-"}").Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public async Task A_scope_whose_caller_nobody_named_reads_nothing_and_says_why()
    {
        await using var bed = await CreateAsync(Engine.Sqlite);
        await using var scope = bed.Services.CreateAsyncScope();
        await Should.ThrowAsync<InvariantBrokenException>(() => scope.ServiceProvider.GetRequiredService<NotesDb>().Notes.ToListAsync());
        var callers = scope.ServiceProvider.GetRequiredService<ICallerScope>();
        callers.Set(Caller.Anonymous);
        Should.Throw<InvariantBrokenException>(() => callers.Set(Caller.System));
    }

    [Theory, OnSqlite, OnPostgres]
    public Task A_modules_context_is_migrated_like_the_journals_own(Engine engine) => SchemaTest.MigratedEqualsModelAsync(engine, s => s.AddModuleDatabase<NotesDb>("notes"));

    [Theory, OnSqlite, OnPostgres]
    public async Task Instants_masses_and_ids_come_back_as_they_went_and_compare_in_queries(Engine engine)
    {
        await using var bed = await CreateAsync(engine);
        await using var scope = bed.Services.CreateScopeAs(Caller.System);
        var notes = scope.ServiceProvider.GetRequiredService<NotesDb>();
        var id = Guid.Parse("0195d000-0000-7000-8000-00000000000c");
        var before1970 = Instant.FromUnixTimeTicks(-15) .ToMicros();
        notes.Add(new Note { Id = id, WrittenAt = before1970, Weighs = Mass.FromMilligrams(-3), Day = new LocalDate(2026, 2, 28) });
        await notes.SaveChangesAsync();
        notes.ChangeTracker.Clear();
        var read = await notes.Notes.SingleAsync(n => n.Id == id && n.WrittenAt < JournalBed.Noon && n.Day == new LocalDate(2026, 2, 28));
        (read.WrittenAt, read.Weighs, read.Day).ShouldBe((before1970, Mass.FromMilligrams(-3), new LocalDate(2026, 2, 28)));
        (await bed.Database.ScalarAsync("SELECT written_us FROM notes_note")).ShouldBe(-2);
    }

    private static Task<JournalBed> CreateAsync(Engine engine) => JournalBed.CreateAsync(engine, s => s.AddModuleDatabase<NotesDb>("notes"));
}

internal sealed class Note : IAccountScoped, IDepotScoped
{
    public Guid Id { get; set; }

    public string? Account { get; set; }

    public string? Depot { get; set; }

    public Instant WrittenAt { get; set; }

    public Mass Weighs { get; set; }

    public LocalDate Day { get; set; } = new(2026, 1, 1);
}

internal sealed class NotesDb(DbContextOptions<NotesDb> options, ICallerScope callers, IWriteGate gate) : ScopedDbContext(options, callers, gate)
{
    internal DbSet<Note> Notes => Set<Note>();

    protected override void BuildModel(ModelBuilder model) => model.Entity<Note>().ToTable("notes_note").HasIndex(n => n.Account);
}

[Microsoft.EntityFrameworkCore.Infrastructure.DbContext(typeof(NotesDb))]
[Migration("20260101000000_Notes")]
internal sealed class NotesInitial : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("notes_note", t => new
        {
            id = t.Column<Guid>(type: UuidType),
            account = t.Column<string>(nullable: true),
            depot = t.Column<string>(nullable: true),
            written_us = t.Column<long>(),
            weighs_mg = t.Column<long>(),
            day = t.Column<DateOnly>(),
        }, constraints: t => t.PrimaryKey("pk_notes_note", x => x.id));
        migrationBuilder.CreateIndex("ix_notes_note_account", "notes_note", "account");
    }
}
