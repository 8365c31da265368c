using System.Diagnostics;
using System.Globalization;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Benchmarks.Ingest;

/// <summary>
/// <c>bench ingest</c>: the journal's append path beside the bare loop, in one run, alternating. The same events, the same machine, the same sync settings; the best round of
/// each counts, since noise only ever slows.
/// </summary>
internal static class IngestBench
{
    private const int WindowBatches = 4;   // unacknowledged batches per agent, as the edge link's window allows

    internal static async Task<int> RunAsync(string[] args)
    {
        var events = Number(args, "--events", 120_000);
        var rounds = Number(args, "--rounds", 3);
        var only = Text(args, "--engine");
        var work = new Workload(events);
        Console.WriteLine($"ingest: {work.Events} events of {work.BodyBytes} bytes on average, {Workload.Agents} agents, batches of {Workload.BatchEvents}, window {WindowBatches} batches, {rounds} rounds");
        Console.WriteLine("bare loop on PostgreSQL (one connection, synchronous_commit on):\n  " + BareLoop.PostgresStatement.ReplaceLineEndings("\n  "));
        Console.WriteLine("bare loop on SQLite: INSERT OR IGNORE + state upsert per event, prepared on the bare library, WAL, synchronous FULL, one commit per batch");
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            if (only is not null && !string.Equals(only, engine.ToString(), StringComparison.OrdinalIgnoreCase)) continue;
            await using var cluster = engine == Engine.Postgres ? await PostgresCluster.StartNewAsync(durable: true) : null;
            await WarmUpAsync(engine, cluster);
            await MeasureAsync(engine, cluster, work, rounds);
        }
        return 0;
    }

    // The compiler's work belongs to the first minute of a process, not to its rate.
    private static async Task WarmUpAsync(Engine engine, PostgresCluster? cluster)
    {
        var few = new Workload(40_000);
        for (var i = 0; i < 2; i++)
        {
            await using (var database = await TestDatabase.CreateAsync(engine, cluster))
                _ = engine == Engine.Sqlite ? await BareLoop.SqliteAsync(database, few) : await BareLoop.PostgresAsync(database, few);
            await using (var database = await TestDatabase.CreateAsync(engine, cluster)) await JournalAsync(database, cluster, few);
        }
    }

    private static async Task MeasureAsync(Engine engine, PostgresCluster? cluster, Workload work, int rounds)
    {
        var (bare, fresh, replay) = (0.0, 0.0, 0.0);
        var (bareCpu, freshCpu) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < rounds; round++)
        {
            await using (var database = await TestDatabase.CreateAsync(engine, cluster))
            {
                var before = ProcessorTime(cluster);
                bare = Math.Max(bare, engine == Engine.Sqlite ? await BareLoop.SqliteAsync(database, work) : await BareLoop.PostgresAsync(database, work));
                bareCpu = Math.Min(bareCpu, (ProcessorTime(cluster) - before).TotalMicroseconds / work.Events);
            }
            await using (var database = await TestDatabase.CreateAsync(engine, cluster))
            {
                var (once, again, cpu) = await JournalAsync(database, cluster, work);
                (fresh, replay, freshCpu) = (Math.Max(fresh, once), Math.Max(replay, again), Math.Min(freshCpu, cpu / work.Events));
            }
        }
        var name = engine == Engine.Sqlite ? "sqlite" : "postgres";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: bare loop {bare:F0} events/s, journal {fresh:F0} events/s, replay of known events {replay:F0} events/s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: processor time per event, database included: bare loop {bareCpu:F1} us, journal {freshCpu:F1} us"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio ingest-journal-{name} {fresh / bare:F2}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio replay-journal-{name} {replay / fresh:F2}"));
    }

    private static async Task<(double Fresh, double Replay, double CpuUs)> JournalAsync(TestDatabase database, PostgresCluster? cluster, Workload work)
    {
        await database.ExecuteAsync(StateProjection.Table);
        await using var services = SchemaTest.Services(database, s => s.AddSingleton<IEventProjection, StateProjection>());
        await services.MigrateDatabasesAsync();
        var journal = services.GetRequiredService<IJournal>();
        var before = ProcessorTime(cluster);
        var fresh = await SendAllAsync(journal, work, EventFate.Recorded);
        var cpu = (ProcessorTime(cluster) - before).TotalMicroseconds;
        return (fresh, await SendAllAsync(journal, work, EventFate.Known), cpu);
    }

    private static async Task<double> SendAllAsync(IJournal journal, Workload work, EventFate expected)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(work.Batches.Select(agent => Task.Run(() => SendAsync(journal, agent, expected))));
        return work.Events / watch.Elapsed.TotalSeconds;
    }

    private static async Task SendAsync(IJournal journal, Workload.Batch[] batches, EventFate expected)
    {
        var waiting = new Queue<Task<Outcome<AppendResult>>>();
        foreach (var batch in batches)
        {
            if (waiting.Count == WindowBatches) Check(await waiting.Dequeue(), expected);
            waiting.Enqueue(journal.AppendAsync(BatchOf(batch)));
        }
        while (waiting.TryDequeue(out var last)) Check(await last, expected);
    }

    private static void Check(Outcome<AppendResult> outcome, EventFate expected) =>
        Invariant.Holds(outcome.IsOk && outcome.Value.Answers.All(a => a.Fate == expected), $"every event is {expected}");

    internal static AppendBatch BatchOf(Workload.Batch batch) => new()
    {
        Source = JournalSource.Agent(batch.Agent.ToString(CultureInfo.InvariantCulture)), Boot = new Guid(batch.Agent + 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), FirstSequence = batch.FirstSequence,
        Bodies = batch.Bodies,
        Clock = BatchClock.Agent(new KeyAccountLogistics.Api.Edge.V1.ClockEvidence
        {
            ContactInBoot = true, ContactServerUs = 1_767_225_600_000_000, ContactMonotonicUs = 60_000_000, ContactUncertaintyUs = 700, PreviousContactUs = 1_767_200_000_000_000,
        }),
        ReceivedAt = Clock.FromUnixMicros(1_767_300_000_000_000),
    };

    private static TimeSpan ProcessorTime(PostgresCluster? cluster)
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime + (cluster?.ProcessorTime ?? TimeSpan.Zero);
    }

    private static int Number(string[] args, string name, int otherwise) => Text(args, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? Text(string[] args, string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
