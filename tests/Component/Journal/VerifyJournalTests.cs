using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Blobs;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.TestKit.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Component.Journal;

public sealed class VerifyJournalTests
{
    // Chain of agent:A1: 30 events in three batches; agent:A2 beside it, never touched.
    private const string A1 = "source_id = (SELECT id FROM journal_source WHERE name = 'agent:A1')";

    private static readonly Dictionary<string, string[]> Shifts = new(StringComparer.Ordinal)
    {
        // Renumbering behind the place, as somebody would who wants no hole to show; in two steps because of the unique index.
        ["down"] = [$"UPDATE journal_event SET chain_index = -(chain_index - 1) WHERE {A1} AND chain_index > 15", "UPDATE journal_event SET chain_index = -chain_index WHERE chain_index < 0", $"UPDATE journal_source SET head_index = 29 WHERE name = 'agent:A1'"],
        ["up"] = [$"UPDATE journal_event SET chain_index = -(chain_index + 1) WHERE {A1} AND chain_index >= 15", "UPDATE journal_event SET chain_index = -chain_index WHERE chain_index < 0", $"UPDATE journal_source SET head_index = 31 WHERE name = 'agent:A1'"],
    };

    [Theory, OnSqlite, OnPostgres]
    public async Task An_untouched_journal_is_whole(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        var report = await VerifyAsync(bed);
        report.IsWhole.ShouldBeTrue();
        report.Events.ShouldBe(45);
        report.Sources.ShouldBe(3);
        report.Gaps.ShouldBeEmpty();
    }

    [Theory]
    [OnSqlite("body"), OnSqlite("hash"), OnSqlite("event_id")]
    [OnPostgres("body"), OnPostgres("hash")]
    public async Task A_changed_byte_is_found_at_its_event(Engine engine, string column)
    {
        await using var bed = await FilledAsync(engine);
        var change = engine == Engine.Postgres
            ? $"UPDATE journal_event SET {column} = set_byte({column}, 5, (get_byte({column}, 5) + 1) % 256) WHERE {A1} AND chain_index = 15"
            : $"UPDATE journal_event SET {column} = CAST(substr({column}, 1, 5) || x'FE' || substr({column}, 7) AS BLOB) WHERE {A1} AND chain_index = 15";
        (await bed.Database.ExecuteAsync(change)).ShouldBe(1);
        await ShouldBreakAsync(bed, 15, BreakReason.Changed);
    }

    [Theory]
    [OnSqlite("best_us"), OnSqlite("received_us"), OnSqlite("kind"), OnSqlite("sequence")]
    [OnPostgres("best_us"), OnPostgres("received_us"), OnPostgres("kind"), OnPostgres("sequence")]
    public async Task A_changed_time_kind_or_number_is_found(Engine engine, string column)
    {
        await using var bed = await FilledAsync(engine);
        (await bed.Database.ExecuteAsync($"UPDATE journal_event SET {column} = {column} + 1 WHERE {A1} AND chain_index = 1")).ShouldBe(1);
        await ShouldBreakAsync(bed, 1, BreakReason.Changed);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Changed_clock_evidence_is_found(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        (await bed.Database.ExecuteAsync(
            $"UPDATE journal_clock SET evidence = (SELECT evidence FROM journal_clock WHERE source_id = (SELECT id FROM journal_source WHERE name = 'server')) WHERE {A1}")).ShouldBe(1);
        await ShouldBreakAsync(bed, 1, BreakReason.Changed);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_removed_row_in_the_middle_is_found(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        await bed.Database.ExecuteAsync($"DELETE FROM journal_event WHERE {A1} AND chain_index = 15");
        await ShouldBreakAsync(bed, 15, BreakReason.Removed);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_removed_row_is_found_though_the_rest_was_renumbered(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        await bed.Database.ExecuteAsync($"DELETE FROM journal_event WHERE {A1} AND chain_index = 15");
        foreach (var statement in Shifts["down"]) await bed.Database.ExecuteAsync(statement);
        await ShouldBreakAsync(bed, 15, BreakReason.Removed);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_removed_tail_is_found(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        await bed.Database.ExecuteAsync($"DELETE FROM journal_event WHERE {A1} AND chain_index > 27");
        await ShouldBreakAsync(bed, 28, BreakReason.Removed);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_removed_tail_with_the_head_index_put_back_is_found_at_the_head(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        await bed.Database.ExecuteAsync($"DELETE FROM journal_event WHERE {A1} AND chain_index > 27");
        await bed.Database.ExecuteAsync("UPDATE journal_source SET head_index = 27 WHERE name = 'agent:A1'");
        await ShouldBreakAsync(bed, 27, BreakReason.Head);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_rows_swapped_are_found_at_the_first(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        foreach (var (from, to) in new[] { (10, -1), (20, 10), (-1, 20) })
            await bed.Database.ExecuteAsync($"UPDATE journal_event SET chain_index = {to} WHERE {A1} AND chain_index = {from}");
        await ShouldBreakAsync(bed, 10, BreakReason.Changed);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_places_in_the_table_swapped_are_found(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        var all = (await bed.AllAsync()).Where(e => e.SourceId == 1).ToArray();
        foreach (var (from, to) in new[] { (all[9].Position, -1L), (all[19].Position, all[9].Position), (-1L, all[19].Position) })
            await bed.Database.ExecuteAsync($"UPDATE journal_event SET position = {to} WHERE position = {from}");
        await ShouldBreakAsync(bed, 11, BreakReason.Changed);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_row_put_in_the_middle_is_found(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        foreach (var statement in Shifts["up"]) await bed.Database.ExecuteAsync(statement);
        await PutInAsync(bed, 15);
        await ShouldBreakAsync(bed, 15, BreakReason.Inserted);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_row_put_behind_the_head_is_found(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        await PutInAsync(bed, 31);
        await ShouldBreakAsync(bed, 31, BreakReason.Inserted);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_source_that_was_wiped_leaves_orphans_that_are_found(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        await bed.Database.ExecuteAsync("DELETE FROM journal_source WHERE name = 'agent:A1'");
        (await VerifyAsync(bed)).Broken.Single().Reason.ShouldBe(BreakReason.Head);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_first_broken_link_of_each_source_is_named(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        await bed.Database.ExecuteAsync("DELETE FROM journal_event WHERE chain_index IN (3, 5)");
        var broken = (await VerifyAsync(bed)).Broken;
        broken.Select(b => (b.Source, b.ChainIndex)).ShouldBe([("agent:A1", 3L), ("agent:A2", 3L), ("server", 3L)]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Missing_sequences_and_blobs_are_listed(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        await bed.AppendAsync(JournalBed.Numbered(41, 5, agent: "A1", offset: 500));
        byte[] content = [1, 2, 3];
        var (there, gone) = (System.Security.Cryptography.SHA256.HashData(content), new byte[32]);
        await bed.AppendAsync(JournalBed.ById(PhotoOf(901, there), PhotoOf(902, gone)));
        (await bed.Services.GetRequiredService<BlobStore>().StoreAsync(there, content.Length, One(content))).IsOk.ShouldBeTrue();

        var report = await VerifyAsync(bed);
        report.Gaps.ShouldBe([new SequenceGap("agent:A1", JournalBed.Boot(1), 31, 40)]);
        report.MissingBlobs.ShouldBe([Convert.ToHexStringLower(gone)]);
        report.Broken.ShouldBeEmpty();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Appends_beside_a_verification_do_not_disturb_it(Engine engine)
    {
        await using var bed = await FilledAsync(engine);
        using var stop = new CancellationTokenSource();
        var appending = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++) await bed.AppendAsync(JournalBed.Numbered(31 + (i * 5), 5, agent: "A1", offset: 10_000));
        });
        for (var i = 0; i < 10; i++) (await VerifyAsync(bed)).Broken.ShouldBeEmpty();
        await stop.CancelAsync();
        await appending;
    }

    private static ParcelEvent PhotoOf(int number, byte[] sha256)
    {
        var fact = JournalBed.Fact(number, kind: EventKind.PhotoTaken);
        fact.Photo = new Photo { Sha256 = ByteString.CopyFrom(sha256), Length = 3, MediaType = "image/jpeg", Subject = "label" };
        return fact;
    }

    internal static async IAsyncEnumerable<ReadOnlyMemory<byte>> One(byte[] content)
    {
        await Task.Yield();
        yield return content;
    }

    private static async Task PutInAsync(JournalBed bed, int index)
    {
        var id = bed.Database.Engine == Engine.Postgres ? "gen_random_uuid()" : "randomblob(16)";
        (await bed.Database.ExecuteAsync(
            "INSERT INTO journal_event(position, source_id, chain_index, boot_id, sequence, event_id, kind, parcel_id, received_us, earliest_us, best_us, latest_us, body, hash) "
            + $"SELECT (SELECT MAX(position) FROM journal_event) + 1, source_id, {index}, boot_id, 99, {id}, kind, parcel_id, received_us, earliest_us, best_us, latest_us, body, hash "
            + $"FROM journal_event WHERE {A1} AND chain_index = 14")).ShouldBe(1);
    }

    private static async Task<JournalBed> FilledAsync(Engine engine)
    {
        var bed = await JournalBed.CreateAsync(engine);
        for (var i = 0; i < 3; i++) await bed.AppendAsync(JournalBed.Numbered(1 + (i * 10), 10));
        await bed.AppendAsync(JournalBed.Numbered(1, 10, agent: "A2", offset: 200));
        await bed.AppendAsync(JournalBed.ById([.. Enumerable.Range(300, 5).Select(i => JournalBed.Fact(i))]));
        return bed;
    }

    private static async Task ShouldBreakAsync(JournalBed bed, long index, BreakReason reason)
    {
        var broken = (await VerifyAsync(bed)).Broken.ShouldHaveSingleItem();
        (broken.Source, broken.ChainIndex, broken.Reason).ShouldBe(("agent:A1", index, reason));
    }

    private static async Task<VerifyReport> VerifyAsync(JournalBed bed)
    {
        VerifyReport? last = null;
        await foreach (var report in bed.Services.GetRequiredService<JournalVerifier>().RunAsync()) last = report;
        last.ShouldNotBeNull().Done.ShouldBeTrue();
        return last;
    }
}
