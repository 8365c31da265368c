using System.Collections.Concurrent;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.TestKit;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary>kill -9 of the real program at moments nobody chose.</summary>
public sealed class KilledAgentTests(ITestOutputHelper output)
{
    private const ulong Seed = 20_260_112;

    [Fact]
    public async Task Killed_a_dozen_times_no_accepted_event_is_lost_and_none_counts_twice()
    {
        await using var bench = await AgentBench.StartAsync([], attended: true);
        var folder = bench.Folder;
        await AgentBench.WaitAsync(() => bench.Agent.Unsent == 0, "the first contact is over");
        await bench.Agent.DisposeAsync();
        var configuration = AgentProcess.WriteConfiguration(folder, bench.Data, bench.Backend.Address);
        var (kills, seed) = (RunSettings.Kills, RunSettings.SeedOr(Seed));
        output.WriteLine($"seed {seed}, {kills} kills");
        var random = RunSettings.RandomOf(seed);
        var accepted = new ConcurrentBag<string>();
        var withUnsent = 0;
        for (var life = 0; life < kills; life++)
        {
            // In every second life the backend is away for the whole of it.
            if (life % 2 == 1) await bench.Backend.StopAsync();
            var acceptedBefore = accepted.Count;
            using (var agent = await AgentProcess.StartAsync(configuration))
            {
                using var page = new StationClient(agent.Page);
                await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
                using var stop = new CancellationTokenSource();
                var work = Task.WhenAll(Enumerable.Range(0, 3).Select(worker => WorkAsync(page, life, worker, accepted, stop.Token)));
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 700)), TimeProvider.System);
                // With the backend away a life that accepted nothing would prove nothing.
                var before = life % 2 == 1 ? acceptedBefore : -1;
                await AgentBench.WaitAsync(() => accepted.Count > before, "something is accepted");
                agent.Kill();
                await stop.CancelAsync();
                await work;
            }
            var arrived = IdsAt(bench.Backend);
            var unsent = accepted.Count(id => !arrived.Contains(id));
            if (unsent > 0) withUnsent++;
            output.WriteLine($"kill {life + 1}: {accepted.Count} accepted so far, {unsent} of them not yet acknowledged by the backend{(life % 2 == 1 ? " (backend away)" : "")}");
            if (life % 2 == 1) await bench.Backend.ResumeAsync();
        }

        using (var last = await AgentProcess.StartAsync(configuration))
        {
            await AgentBench.WaitAsync(() => bench.Backend.Health.LastOrDefault() is { Unsent: 0 } && IdsAt(bench.Backend).IsSupersetOf(accepted), "the journal has drained", 60);
        }
        accepted.Count.ShouldBeGreaterThan(kills * 3);
        withUnsent.ShouldBeGreaterThanOrEqualTo(kills / 2, "in half of the kills something was unacknowledged, else they prove little");
        bench.Backend.Contradictions.ShouldBeEmpty();
        var ids = bench.Backend.Facts.Select(static f => FactId(f)).ToList();
        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(ids.Count, "no fact stands under two sequences");
        output.WriteLine($"{accepted.Count} accepted, {ids.Count} at the backend, {bench.Backend.Duplicates} sent again without effect.");
        await bench.StartAgentAsync();
    }

    [Fact]
    public async Task A_handover_under_way_survives_the_kill_and_goes_on_where_it_was()
    {
        await using var bench = await HandOverAtStationTests.StartAsync();
        await AgentBench.WaitAsync(() => File.Exists(Path.Combine(bench.Data, "manifest.snapshot")), "the manifest is on the disk");
        await bench.Agent.DisposeAsync();
        var configuration = AgentProcess.WriteConfiguration(bench.Folder, bench.Data, bench.Backend.Address);
        string handover;
        using (var agent = await AgentProcess.StartAsync(configuration))
        {
            using var page = new StationClient(agent.Page);
            await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
            var open = new OpenHandoverRequest
            {
                CommandId = StationClient.NewCommand(), Station = AgentBench.Station, Kind = HandoverKind.DepotToCourier,
                Giver = new Party { Kind = PartyKind.Depot, Id = AgentBench.Depot }, Receiver = new Party { Kind = PartyKind.Courier, Id = "p-wang" },
            };
            handover = (await page.ActAsync("OpenHandover", open)).Done.EventId;
            await bench.Scanner.ScanAsync("ORDER-PLAIN");
            await UntilAsync(page, static s => s.Handover.Accepted == 1);
            await bench.Scanner.ScanAsync("ORDER-INSURED");
            await UntilAsync(page, static s => s.Instruction.Code == "check_packaging");
            agent.Kill();
        }
        using (var agent = await AgentProcess.StartAsync(configuration))
        {
            using var page = new StationClient(agent.Page);
            await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
            var state = await UntilAsync(page, static s => s.Handover is not null);
            (state.Handover.Id, state.Handover.State, state.Handover.Accepted, state.Handover.Outstanding).ShouldBe((handover, "open", 1, 3));
            state.Handover.Lines.Single(static l => l.Parcel == "ORDER-INSURED").Missing.ShouldBe(["packaging", "seal", "touch", "reweigh"]);
            var again = new OpenHandoverRequest
            {
                CommandId = StationClient.NewCommand(), Station = AgentBench.Station, Kind = HandoverKind.DepotToCourier,
                Giver = new Party { Kind = PartyKind.Depot, Id = AgentBench.Depot }, Receiver = new Party { Kind = PartyKind.Courier, Id = "p-wang" },
            };
            (await page.ActAsync("OpenHandover", again)).Refused.Code.ShouldBe("handover_open");
            var count = new CountHandoverRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station };
            (await page.ActAsync("CountHandover", count)).Done.ShouldNotBeNull();
            agent.Kill();
        }
        using (var agent = await AgentProcess.StartAsync(configuration))
        {
            using var page = new StationClient(agent.Page);
            await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
            var state = await UntilAsync(page, static s => s.Handover is not null);
            (state.Handover.State, state.Handover.Accepted, state.Handover.Excepted).ShouldBe(("counted", 1, 3));
            var totals = new HandoverTotals { Accepted = 1, Excepted = 3 };
            foreach (var (side, name) in new[] { (Side.Giver, "li"), (Side.Receiver, "wang") })
            {
                var confirm = new ConfirmHandoverRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station, Side = side, Method = ConfirmationMethod.Pin, NameOrBadge = name, Pin = AgentBench.Pin, Totals = totals };
                (await page.ActAsync("ConfirmHandover", confirm)).Done.ShouldNotBeNull();
            }
            agent.Kill();
        }
        using (await AgentProcess.StartAsync(configuration))
        {
            await AgentBench.WaitAsync(() => bench.Backend.Facts.Any(static f => f.Kind == EventKind.OutForDelivery) && bench.Backend.Health.LastOrDefault() is { Unsent: 0 }, "drained", 60);
        }
        bench.Backend.Facts.Where(static f => f.Kind == EventKind.OutForDelivery).ShouldHaveSingleItem().Parcel.ShouldBe("ORDER-PLAIN");
        bench.Backend.Facts.Count(static f => f.Kind == EventKind.HandoverConfirmed).ShouldBe(2);
        bench.Backend.Facts.Count(static f => f.Kind == EventKind.Short).ShouldBe(3);
        await bench.StartAgentAsync();
    }

    /// <summary>Enters codes by hand as fast as they are accepted; what the station said "done" to, is accepted.</summary>
    private static async Task WorkAsync(StationClient page, int life, int worker, ConcurrentBag<string> accepted, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var enter = new EnterByHandRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station, ParcelText = $"LIFE{life:D2}-W{worker}-{i:D5}", Reason = "label_unreadable" };
            try
            {
                var reply = await page.ActAsync("EnterByHand", enter);
                if (reply.Done is { } done) accepted.Add(done.EventId);
            }
            catch (Exception dead) when (dead is HttpRequestException or IOException or Grpc.Core.RpcException or ShouldAssertException)
            {
                return;
            }
        }
    }

    private static HashSet<string> IdsAt(FakeBackend backend) => [.. backend.Facts.Select(FactId)];

    private static string FactId(ParcelEvent fact) => new Guid(fact.Id.Span, bigEndian: true).ToString();

    private static async Task<StationState> UntilAsync(StationClient page, Func<StationState, bool> so)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var state in page.WatchAsync(AgentBench.Station, limit.Token))
        {
            if (so(state)) return state;
        }
        throw new TimeoutException("The stream ended before the station was so.");
    }
}
