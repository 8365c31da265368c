using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Files;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Component.Journal;

/// <summary>A disk that is really full, in the middle of a commit: the free-space look before it is switched off here.</summary>
public sealed class FullDiskTests
{
    private const int BatchEvents = 200;
    private static readonly JournalOptions NoReserve = new() { FreeDiskBytesMin = 0 };

    [RequiresProgramFact(SmallDisk.Requirement)]
    public async Task SQLite_refuses_when_a_commit_finds_no_room_and_goes_on_when_there_is_some()
    {
        using var disk = SmallDisk.Mount(8);
        await using var bed = await JournalBed.CreateAsync(Engine.Sqlite, options: NoReserve, directory: Path.Combine(disk.Path, "db"));
        await ShouldRefuseAndGoOnAsync(bed, disk);
    }

    [RequiresProgramFact(SmallDisk.Requirement, "initdb", "postgres")]
    public async Task PostgreSQL_refuses_when_its_tables_find_no_room_and_goes_on_when_there_is_some()
    {
        using var disk = SmallDisk.Mount(8);
        await using var cluster = await PostgresCluster.StartNewAsync(durable: false);
        await using var bed = await JournalBed.CreateAsync(Engine.Postgres, options: NoReserve, cluster: cluster);
        var tables = Path.Combine(disk.Path, "tables");
        await PostgresCluster.MakeItsDirectoryAsync(tables);
        await bed.Database.ExecuteAsync($"CREATE TABLESPACE small LOCATION '{tables}'");
        await bed.Database.ExecuteAsync("ALTER TABLE journal_event SET TABLESPACE small");
        await ShouldRefuseAndGoOnAsync(bed, disk);
        await bed.Database.ExecuteAsync("ALTER TABLE journal_event SET TABLESPACE pg_default");
    }

    private static async Task ShouldRefuseAndGoOnAsync(JournalBed bed, SmallDisk disk)
    {
        var accepted = 0;
        var refused = await FillAsync();
        refused.ShouldBeOfType<Fault.Exhausted>().Code.ShouldBe("journal.disk_full");
        refused.Message.ShouldContain("disk is full");
        (await bed.Journal.AppendAsync(Next())).Fault.Code.ShouldBe("journal.disk_full", "and so it stays");
        (await bed.Database.ScalarAsync("SELECT COUNT(*) FROM journal_event")).ShouldBe(accepted, "what was refused has left nothing");

        disk.Resize(256);
        for (var i = 0; i < 3; i++)
        {
            (await bed.AppendAsync(Next())).Answers.ShouldAllBe(a => a.Fate == EventFate.Recorded);
            accepted += BatchEvents;
        }
        (await bed.AllAsync()).Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, accepted).Select(n => (long?)n));
        var report = await bed.Services.GetRequiredService<JournalVerifier>().RunAsync().LastAsync();
        (report.IsWhole, report.Events, report.Gaps.Count).ShouldBe((true, accepted, 0));

        AppendBatch Next() => JournalBed.Numbered(accepted + 1, BatchEvents);

        async Task<Fault> FillAsync()
        {
            while (true)
            {
                var outcome = await bed.Journal.AppendAsync(Next());
                if (!outcome.IsOk) return outcome.Fault;
                accepted += BatchEvents;
                accepted.ShouldBeLessThan(200_000, "a disk of 8 MiB is full by then");
            }
        }
    }
}
