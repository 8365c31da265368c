using System.Globalization;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Benchmarks.Reports;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.ServiceLevels;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KeyAccountLogistics.Benchmarks.Ingest;

/// <summary>
/// <c>bench ingest</c>: the whole path of an event, from a depot's stream over the wire to its acknowledgement, beside the bare loop, in one run, alternating. The same
/// events, the same machine, the same sync settings; the best round of each counts, since noise only ever slows.
/// </summary>
internal static class IngestBench
{
    private const string Topic = "bench";

    internal static async Task<int> RunAsync(string[] args)
    {
        var options = new Arguments(args);
        var (events, rounds, only) = (options.Number("--events", 120_000), options.Number("--rounds", 4), options.Text("--engine"));
        var shape = Shape.Of(events);
        Targets.Say($"ingest: {shape.Events} events of {shape.BodyBytes} bytes on average, 5 per parcel, 19 of 20 parcels registered; {Workload.Agents} agents in {Workload.Depots} depots, batches of {Workload.BatchEvents}, window {Workload.WindowBatches} batches each; best of {rounds} rounds");
        Targets.Say($"ingest: whole path = gRPC stream over h2c on loopback, agent's token, idempotency, journal, parcel state and manifests, outbox with one taker, commit, acknowledgement read by a client process on the same {Environment.ProcessorCount} processors");
        Targets.Say($"bare loop on PostgreSQL: in process, one connection over a Unix socket, batches of {Workload.BatchEvents}, one statement and commit per batch, synchronous_commit on, fsync on, shared_buffers 128MB:\n  {BareLoop.PostgresStatement.ReplaceLineEndings("\n  ")}");
        Targets.Say($"bare loop on SQLite: in process, INSERT OR IGNORE + state upsert per event, prepared on the bare library, WAL, synchronous FULL, one commit per {Workload.BatchEvents}, wal_autocheckpoint 10000, cache 64 MiB");
        var targets = new Targets();
        using var client = new ClientProcess(events);
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            if (only is not null && !string.Equals(only, engine.ToString(), StringComparison.OrdinalIgnoreCase)) continue;
            await using var cluster = engine == Engine.Postgres ? await PostgresCluster.StartNewAsync(durable: true) : null;
            await MeasureAsync(new Bed(engine, cluster, client, shape), rounds, targets);
        }
        return targets.ExitCode;
    }

    private sealed record Bed(Engine Engine, PostgresCluster? Cluster, ClientProcess Client, Shape Work)
    {
        internal string Name => Engine == Engine.Sqlite ? "sqlite" : "postgres";
    }

    /// <summary>What is kept of the workload while the backend runs: as little as possible, since its process should collect its own garbage and not the bench's.</summary>
    private sealed record Shape(int Events, long BodyBytes, string[][] Registered)
    {
        internal static Shape Of(int events)
        {
            var work = new Workload(events);
            return new Shape(work.Events, work.BodyBytes, [.. Enumerable.Range(0, Workload.Agents).Select(agent => work.RegisteredOf(agent).ToArray())]);
        }
    }

    /// <summary>Events per second, and processor time per event in microseconds.</summary>
    private readonly record struct Pass(double Rate, double Here, double Database, double Client)
    {
        internal Pass Or(Pass other) => Rate >= other.Rate ? this : other;
    }

    private static async Task MeasureAsync(Bed bed, int rounds, Targets targets)
    {
        var (bare, fresh, replay) = (default(Pass), default(Pass), default(Pass));
        for (var round = 1; round <= rounds; round++)
        {
            var alone = await BareAsync(bed);
            var (once, again) = await WholePathAsync(bed);
            Targets.Say($"{bed.Name}: round {round}: bare {alone.Rate:F0}, whole path {once.Rate:F0}, replay {again.Rate:F0} events/s; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
            (bare, fresh, replay) = (bare.Or(alone), fresh.Or(once), replay.Or(again));
        }
        Targets.Say($"{bed.Name}: bare loop {bare.Rate:F0} events/s; processor time per event: loop {bare.Here:F1} us, PostgreSQL {bare.Database:F1} us");
        Targets.Say($"{bed.Name}: whole path {fresh.Rate:F0} events/s; processor time per event: server {fresh.Here:F1} us, PostgreSQL {fresh.Database:F1} us, client {fresh.Client:F1} us");
        Targets.Say($"{bed.Name}: replay of known events {replay.Rate:F0} events/s; processor time per event: server {replay.Here:F1} us, PostgreSQL {replay.Database:F1} us, client {replay.Client:F1} us");
        targets.AtLeast("ingest-" + bed.Name, fresh.Rate / bare.Rate, 0.6);
        targets.AtLeast("replay-" + bed.Name, replay.Rate / fresh.Rate, 2);
    }

    private static async Task<Pass> BareAsync(Bed bed)
    {
        await using var database = await TestDatabase.CreateAsync(bed.Engine, bed.Cluster);
        var work = new Workload(bed.Work.Events);
        var cost = new Cost(bed);
        var rate = bed.Engine == Engine.Sqlite ? await BareLoop.SqliteAsync(database, work) : await BareLoop.PostgresAsync(database, work);
        return cost.Of(rate, clientUs: 0);
    }

    /// <summary>What figures cost the ingest: the same whole path with service levels noting and following, and without them, alternating; at least 0.8 of the rate stays.</summary>
    internal static async Task LevelsOnAndOffAsync(Engine engine, int events, int rounds, Targets targets)
    {
        using var client = new ClientProcess(events);
        await using var cluster = engine == Engine.Postgres ? await PostgresCluster.StartNewAsync(durable: true) : null;
        var bed = new Bed(engine, cluster, client, Shape.Of(events));
        var (with, without) = (default(Pass), default(Pass));
        for (var round = 1; round <= rounds; round++)
        {
            var (off, _) = await WholePathAsync(bed, levels: false);
            var (on, _) = await WholePathAsync(bed);
            Targets.Say($"{bed.Name}: round {round}: without figures {off.Rate:F0}, with {on.Rate:F0} events/s");
            (with, without) = (with.Or(on), without.Or(off));
        }
        targets.AtLeast("score-ingest-" + bed.Name, with.Rate / without.Rate, 0.8);
    }

    // Nothing of the module but its tables is left.
    private static void WithoutLevels(IServiceCollection services)
    {
        foreach (var one in services.Where(static s => s.ImplementationFactory?.Method.DeclaringType?.DeclaringType == typeof(ServiceLevelsModule)
            || s.ImplementationType is { Namespace: { } space } && space.StartsWith(typeof(ServiceLevelsModule).Namespace + ".Following", StringComparison.Ordinal) && s.ServiceType == typeof(IHostedService)).ToList()) services.Remove(one);
    }

    private static async Task<(Pass Fresh, Pass Replay)> WholePathAsync(Bed bed, bool levels = true)
    {
        await using var database = await TestDatabase.CreateAsync(bed.Engine, bed.Cluster);
        GC.Collect();
        await using var backend = await BackendFixture.StartAsync(
            bed.Engine,
            o => o with
            {
                AddMore = services =>
                {
                    services.AddOutboxHandler<Taker>(Topic, takesEvents: true);
                    if (!levels) WithoutLevels(services);
                },
            },
            database);
        await RegisterAsync(backend, bed.Work);
        var agents = new List<TestAgent>();
        for (var agent = 0; agent < Workload.Agents; agent++) agents.Add(await backend.EnrolAsync(Workload.NodeOf(agent)));
        await bed.Client.LinkAsync(backend.Grpc, agents);
        var fresh = await SendAsync(bed);
        var kept = await database.ScalarAsync("SELECT COUNT(*) FROM journal_event");
        Invariant.Holds(kept == bed.Work.Events, "every event was journalled once");
        var replay = await SendAsync(bed);
        Invariant.Holds(await database.ScalarAsync("SELECT COUNT(*) FROM journal_event") == kept, "a replay adds nothing");
        await bed.Client.CloseAsync();
        foreach (var agent in agents) agent.Dispose();
        return (fresh, replay);
    }

    private static async Task<Pass> SendAsync(Bed bed)
    {
        var cost = new Cost(bed);
        var (seconds, clientUs) = await bed.Client.SendAsync();
        return cost.Of(bed.Work.Events / seconds, clientUs);
    }

    // The clients announce their parcels before the morning, in the order of their own files.
    private static async Task RegisterAsync(BackendFixture backend, Shape work)
    {
        var shipments = new Shipments.ShipmentsClient(await backend.AsAdministratorAsync());
        for (var agent = 0; agent < Workload.Agents; agent++)
        {
            foreach (var codes in work.Registered[agent].Chunk(1_000))
            {
                var reply = await shipments.RegisterAsync(new RegisterShipmentsRequest { Shipments = { codes.Select(code => Line(code, agent)) } });
                Invariant.Holds(reply.Registered == codes.Length, "every parcel is registered");
            }
        }
    }

    private static ShipmentLine Line(string waybill, int agent) => new()
    {
        Waybill = waybill, Account = BackendFixture.Account, Product = "standard", Origin = Workload.NodeOf(agent), Destination = Workload.DestinationOf(agent), DeclaredMg = 2_340_000,
    };

    private sealed class Cost(Bed bed)
    {
        private readonly TimeSpan _here = Environment.CpuUsage.TotalTime;
        private readonly TimeSpan _database = bed.Cluster?.ProcessorTime ?? TimeSpan.Zero;

        internal Pass Of(double rate, double clientUs) => new(
            rate, (Environment.CpuUsage.TotalTime - _here).TotalMicroseconds / bed.Work.Events,
            ((bed.Cluster?.ProcessorTime ?? TimeSpan.Zero) - _database).TotalMicroseconds / bed.Work.Events, clientUs / bed.Work.Events);
    }

    /// <summary>Somebody downstream who is told of every committed group.</summary>
    private sealed class Taker : IOutboxHandler
    {
        public Task HandleAsync(OutboxEntry entry, CancellationToken ct) => Task.CompletedTask;
    }
}
