using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Component.Server;

/// <summary>
/// kill -9 of the real program, and of PostgreSQL under it, while depots send as fast as they may: nothing acknowledged is lost, nothing counts twice, everything
/// arrives in the end.
/// </summary>
public sealed class KilledServerTests(ITestOutputHelper output)
{
    private const ulong Seed = 20_260_302;
    private const int Depots = 3;

    /// <summary>A kill comes at the latest when so many more events have left, or have been acknowledged, than when the depots were linked again.</summary>
    private const int EventsOfALife = 1_500;

    private static readonly TimeSpan LifeLimit = TimeSpan.FromSeconds(60);

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_server_killed_at_any_moment_loses_nothing_acknowledged_and_applies_nothing_twice(Engine engine)
    {
        await using var bed = await KillBed.StartAsync(engine);
        var random = RunSettings.RandomOf(bed.Seed);
        output.WriteLine($"seed {bed.Seed}, {RunSettings.Kills} kills of kal serve on {engine}");
        var withUnacknowledged = 0;
        for (var kill = 1; kill <= RunSettings.Kills; kill++)
        {
            using var limit = new CancellationTokenSource(LifeLimit);
            using var server = await bed.StartServerAsync();
            await bed.LinkAllAsync(server, trustWelcome: kill % 2 == 0, limit.Token);
            await bed.MomentAsync(random, limit.Token);
            server.Kill();
            if (await ReportAsync(bed, kill, limit.Token)) withUnacknowledged++;
            server.Output.ShouldNotContain(line => line.Contains(" fail: ") || line.Contains(" crit: "));
        }
        using (var server = await bed.StartServerAsync()) await DrainAsync(bed, server);
        ShouldHaveProved(withUnacknowledged);
        await bed.ShouldHoldEverythingOnceAsync(output);
    }

    [Theory]
    [OnPostgres]
    public async Task PostgreSQL_killed_under_the_server_at_any_moment_loses_nothing_acknowledged_and_the_server_goes_on(Engine engine)
    {
        await using var bed = await KillBed.StartAsync(engine);
        var random = RunSettings.RandomOf(bed.Seed);
        output.WriteLine($"seed {bed.Seed}, {RunSettings.Kills} kills of PostgreSQL");
        var withUnacknowledged = 0;
        using var server = await bed.StartServerAsync();
        for (var kill = 1; kill <= RunSettings.Kills; kill++)
        {
            using var limit = new CancellationTokenSource(LifeLimit);
            await bed.LinkAllAsync(server, trustWelcome: kill % 2 == 0, limit.Token);
            await bed.MomentAsync(random, limit.Token);
            bed.Cluster!.Kill();
            if (await ReportAsync(bed, kill, limit.Token)) withUnacknowledged++;
            server.Runs.ShouldBeTrue(string.Join('\n', server.Output.TakeLast(20)));
            await bed.Cluster.StartAsync();
        }
        await DrainAsync(bed, server);
        ShouldHaveProved(withUnacknowledged);
        bed.Depots.SelectMany(d => d.Refusals).ShouldAllBe(status => status.StatusCode == StatusCode.Unavailable, "a database that is away is an answer, not a fault of the server");
        server.Output.ShouldNotContain(line => line.Contains(" crit: ") || line.Contains("Unhandled"));
        await bed.ShouldHoldEverythingOnceAsync(output);
    }

    [RequiresProgramFact("initdb", "postgres")]
    public async Task After_a_restart_of_PostgreSQL_the_connections_that_lay_idle_cost_no_more_than_one_refused_call()
    {
        await using var bed = await KillBed.StartAsync(Engine.Postgres);
        using var server = await bed.StartServerAsync();
        using var anonymous = BackendFixture.Open(server.Address, () => null);
        var session = (await new SignIn.SignInClient(anonymous).WithPasswordAsync(new PasswordSignInRequest { Name = BackendFixture.NameOf(Roles.Auditor), Password = BackendFixture.Password })).Session;
        using var channel = BackendFixture.Open(server.Address, () => session.AccessToken);
        var parcels = new Parcels.ParcelsClient(channel);
        // Thirty calls that wait for one lock leave thirty connections in the pool.
        await bed.WhileLockedAsync("custody_parcel", waiting: 30, () => Task.WhenAll(Enumerable.Range(0, 30).Select(_ => parcels.FindAsync(new FindParcelsRequest()).ResponseAsync)));
        bed.Cluster!.Kill();
        (await StatusAsync()).ShouldBe(StatusCode.Unavailable);
        await bed.Cluster.StartAsync();
        var answers = new List<StatusCode>();
        for (var i = 0; i < 10; i++) answers.Add(await StatusAsync());
        answers.Count(a => a != StatusCode.OK).ShouldBeLessThanOrEqualTo(1, string.Join(", ", answers));
        answers.ShouldAllBe(a => a == StatusCode.OK || a == StatusCode.Unavailable);

        async Task<StatusCode> StatusAsync()
        {
            try
            {
                await parcels.FindAsync(new FindParcelsRequest());
                return StatusCode.OK;
            }
            catch (RpcException refused)
            {
                return refused.StatusCode;
            }
        }
    }

    private async Task<bool> ReportAsync(KillBed bed, int kill, CancellationToken limit)
    {
        var unacknowledged = 0L;
        foreach (var depot in bed.Depots) unacknowledged += await depot.UnlinkedAsync(limit);
        output.WriteLine($"kill {kill}: {bed.Depots.Sum(d => d.Sent)} sent so far, {unacknowledged} of them unacknowledged");
        return unacknowledged > 0;
    }

    private static async Task DrainAsync(KillBed bed, KalProcess server)
    {
        using var limit = new CancellationTokenSource(LifeLimit);
        foreach (var depot in bed.Depots)
        {
            await depot.DrainAsync(server.Address, limit.Token);
            depot.Acknowledged.ShouldBe(depot.Sent);
        }
    }

    private static void ShouldHaveProved(int withUnacknowledged) =>
        withUnacknowledged.ShouldBeGreaterThanOrEqualTo((RunSettings.Kills + 1) / 2, "in half of the kills something was unacknowledged, else they prove little");

    /// <summary>An installation that outlives its server processes, and the depots that send to it.</summary>
    private sealed class KillBed : IAsyncDisposable
    {
        private readonly TestDatabase _database;
        private readonly List<TestAgent> _agents = [];

        private KillBed(TestDatabase database, PostgresCluster? cluster, ulong seed) => (_database, Cluster, Seed) = (database, cluster, seed);

        internal ulong Seed { get; }

        internal PostgresCluster? Cluster { get; }

        internal List<SendingDepot> Depots { get; } = [];

        internal static async Task<KillBed> StartAsync(Engine engine)
        {
            // A cluster of its own, with its syncs: it may be killed, and what it promised must be on the disk.
            var cluster = engine == Engine.Postgres ? await PostgresCluster.StartNewAsync(durable: true) : null;
            var bed = new KillBed(await TestDatabase.CreateAsync(engine, cluster), cluster, RunSettings.SeedOr(KilledServerTests.Seed));
            await using var backend = await BackendFixture.StartAsync(engine, database: bed._database);
            for (var i = 0; i < KilledServerTests.Depots; i++)
            {
                var agent = await backend.EnrolAsync($"SHA0{i + 1}");
                bed._agents.Add(agent);
                bed.Depots.Add(new SendingDepot(agent, backend.Time, RunSettings.RandomOf(bed.Seed + (ulong)i + 1)));
            }
            return bed;
        }

        internal Task<KalProcess> StartServerAsync() =>
            KalProcess.StartAsync("gRPC", "serve", "--database", _database.Uri, "--data", Path.Combine(_database.Directory, "data"), "--urls", "http://127.0.0.1:0");

        /// <summary>Begins the work while the table is locked, and lets it go on when so many of its statements wait for the lock.</summary>
        internal async Task WhileLockedAsync(string table, int waiting, Func<Task> work)
        {
            using var limit = new CancellationTokenSource(LifeLimit);
            await using var connection = new NpgsqlConnection(_database.Database.ConnectionString);
            await connection.OpenAsync(limit.Token);
            await using var transaction = await connection.BeginTransactionAsync(limit.Token);
            await using (var take = new NpgsqlCommand($"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", connection)) await take.ExecuteNonQueryAsync(limit.Token);
            var working = work();
            while (await _database.ScalarAsync("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") < waiting) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
            await transaction.CommitAsync(limit.Token);
            await working;
        }

        internal Task LinkAllAsync(KalProcess server, bool trustWelcome, CancellationToken limit) =>
            Task.WhenAll(Depots.Select(d => d.LinkAsync(server.Address, trustWelcome, limit)));

        /// <summary>The next moment to kill at: so many events more sent, or acknowledged, as chance says; none at all is one too.</summary>
        internal async Task MomentAsync(Random random, CancellationToken limit)
        {
            var bySent = random.Next(2) == 0;
            var target = Count() + random.Next(EventsOfALife);
            var come = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            foreach (var depot in Depots) depot.Progress += Look;
            Look();
            await come.Task.WaitAsync(limit);
            foreach (var depot in Depots) depot.Progress -= Look;

            long Count() => Depots.Sum(d => bySent ? d.Sent : d.Acknowledged);

            void Look()
            {
                if (Count() >= target) come.TrySetResult();
            }
        }

        /// <summary>Every event that was ever sent stands once in the journal, every chain holds, and the parcels are what a rebuild from the journal gives.</summary>
        internal async Task ShouldHoldEverythingOnceAsync(ITestOutputHelper output)
        {
            var sent = Depots.SelectMany(d => Enumerable.Range(1, (int)d.Sent).Select(n => LinkClient.IdOf(d.Boot, n))).ToHashSet();
            await using var backend = await BackendFixture.StartAsync(_database.Engine, database: _database);
            var services = backend.Host.Services;
            var journalled = new List<Guid>();
            await foreach (var item in services.GetRequiredService<IJournalReader>().ReadAsync(0, long.MaxValue)) journalled.Add(item.Id);
            journalled.Count.ShouldBe(sent.Count, "each event once");
            sent.SetEquals(journalled).ShouldBeTrue("the events that were sent");

            var report = await services.GetRequiredService<JournalVerifier>().RunAsync().LastAsync();
            report.IsWhole.ShouldBeTrue(string.Join(", ", report.Broken));
            (report.Events, report.Gaps.Count).ShouldBe((sent.Count, 0));

            (await _database.ScalarAsync("SELECT SUM(events) FROM custody_parcel")).ShouldBe(sent.Count, "each event counts once in its parcel");
            foreach (var projection in services.GetServices<IRebuildProjections>())
            {
                var rebuilt = await projection.RebuildAsync(dryRun: true).LastAsync();
                rebuilt.Differences.ShouldBe(0, $"the {projection.Name} are what their events make of them: {string.Join(", ", rebuilt.Found)}");
            }
            output.WriteLine($"{sent.Count} events sent, each once in the journal, {Depots.Sum(d => d.KeptUnacknowledged)} of them kept and not acknowledged before a kill; {report.Sources} chains hold; a rebuild finds no difference.");
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var depot in Depots) depot.Dispose();
            foreach (var agent in _agents) agent.Dispose();
            await _database.DisposeAsync();
            if (Cluster is not null) await Cluster.DisposeAsync();
        }
    }
}
