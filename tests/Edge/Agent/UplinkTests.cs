using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.EdgeAgent.Files;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary>The line to the backend: cut, refused, slow, set back; nothing lost, nothing twice.</summary>
public sealed class UplinkTests
{
    [Fact]
    public async Task With_the_line_cut_verdicts_go_on_and_the_backend_gets_everything_when_it_is_back()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m), AgentBench.Parcel("ORDER-0002", 2m)]);
        await bench.WeighAsync("ORDER-0001", 2m);
        await bench.Backend.StopAsync();
        await bench.UntilAsync(static s => s.Link.State == "offline", "offline is shown");
        (await bench.WeighAsync("ORDER-0002", 2.5m)).Headline.ShouldBe("over");
        (await bench.StateAsync()).Link.Unsent.ShouldBeGreaterThan(0);
        await bench.Backend.ResumeAsync();
        await bench.DrainedAsync();
        bench.Backend.Facts.Where(static f => f.Kind == EventKind.Weighed).Select(static f => f.Parcel).ShouldBe(["ORDER-0001", "ORDER-0002"]);
        bench.Backend.Contradictions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restart_offline_keeps_terms_manifest_people_and_what_was_not_sent()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m), AgentBench.Parcel("ORDER-0002", 2m)], attended: true);
        using (var page = bench.Page())
        {
            await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
            await AgentBench.WaitAsync(() => File.Exists(Path.Combine(bench.Data, "manifest.snapshot")), "the manifest is on the disk");
            await bench.Backend.StopAsync();
            await bench.WeighAsync("ORDER-0001", 2m);
        }
        await bench.Agent.DisposeAsync();
        await bench.StartAgentAsync();
        using var again = bench.Page();
        await again.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
        await bench.UntilAsync(static s => s.Weight.State == "zero" && !s.Weight.NeedsZero, "zero");
        var state = await bench.StateAsync();
        (state.Today.Judged, state.Recent.Count, state.Link.TermsVersion).ShouldBe((1, 1, 7ul));
        (await bench.WeighAsync("ORDER-0001", 2m)).Headline.ShouldBe("duplicate");
        (await bench.WeighAsync("ORDER-0002", 2m)).Headline.ShouldBe("same_bill");
        await bench.Backend.ResumeAsync();
        await bench.DrainedAsync();
        bench.Backend.Facts.Count(static f => f.Kind == EventKind.Weighed).ShouldBe(3);
        bench.Backend.Events.Keys.Select(static k => k.Boot).Distinct().Count().ShouldBe(2);
        bench.Backend.Clocks.ShouldContain(static c => c.PreviousContactUs > 0);
    }

    [Fact]
    public async Task A_live_event_passes_a_long_backlog()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)]);
        await bench.Backend.StopAsync();
        var backlog = bench.Agent.Journal.CurrentBoot;
        for (var i = 0; i < 30; i++)
        {
            var many = Enumerable.Range(0, 500).Select(static n => (ReadOnlyMemory<byte>)new ParcelEvent { Id = ByteString.CopyFrom(new byte[16]), Kind = EventKind.Scanned, Parcel = "BACKLOG" }.ToByteArray()).ToArray();
            (await bench.Agent.Journal.AppendAsync(many)).Accepted.ShouldBeTrue();
        }
        bench.Backend.AcknowledgeAfter = TimeSpan.FromMilliseconds(30);
        await bench.Backend.ResumeAsync();
        await bench.UntilAsync(static s => s.Link.State == "connected", "connected");
        await bench.WeighAsync("ORDER-0001", 2m);
        await AgentBench.WaitAsync(() => bench.Backend.Facts.Any(static f => f.Kind == EventKind.Weighed), "the live weighing is at the backend");
        bench.Backend.Events.Keys.Count(k => k.Boot == backlog).ShouldBeLessThan(15_000, "while the backlog is still on its way");
        await bench.DrainedAsync();
        bench.Backend.Facts.Count(static f => f.Parcel == "BACKLOG").ShouldBe(15_000);
        bench.Backend.Contradictions.ShouldBeEmpty();
        bench.Backend.Duplicates.ShouldBe(0);
    }

    [Fact]
    public async Task A_refused_token_is_named_and_a_wrong_clock_learns_the_time_from_the_refusal()
    {
        await using var bench = await AgentBench.StartAsync([]);
        await bench.Backend.StopAsync();
        bench.Backend.Refuse = new Status(StatusCode.Unauthenticated, "The token is not signed with the key of agent agent-1.");
        await bench.Backend.ResumeAsync();
        var refused = await bench.UntilAsync(static s => s.Link.State == "refused", "refused is shown");
        refused.Link.Reason.ShouldContain("not signed with the key");
        bench.Backend.Refuse = null;
        await bench.UntilAsync(static s => s.Link.State == "connected", "connected again");
    }

    [Fact]
    public async Task A_backend_restored_from_an_older_copy_gets_the_missing_events_again()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)]);
        await bench.WeighAsync("ORDER-0001", 2m);
        await bench.DrainedAsync();
        await bench.Backend.StopAsync();
        foreach (var key in bench.Backend.Events.Keys.Where(static k => k.Sequence > 2).ToList()) bench.Backend.Events.TryRemove(key, out _);
        await bench.Backend.ResumeAsync();
        await AgentBench.WaitAsync(() => bench.Backend.Facts.Any(static f => f.Kind == EventKind.Weighed), "the weighing is there again");
        bench.Log.Saw(6110).ShouldBeTrue();
    }

    [Fact]
    public async Task A_damaged_journal_keeps_what_is_intact_and_the_rest_is_reported_to_the_backend()
    {
        await using var bench = await AgentBench.StartAsync([]);
        await bench.DrainedAsync();
        await bench.Backend.StopAsync();
        var boot = bench.Agent.Journal.CurrentBoot;
        var first = 0ul;
        for (var i = 0; i < 20; i++)
        {
            var fact = new ParcelEvent { Id = ByteString.CopyFrom(new byte[16]), Kind = EventKind.Scanned, Parcel = $"DAMAGED-{i:D2}", Station = AgentBench.Station };
            var answer = await bench.Agent.Journal.AppendAsync(fact.ToByteArray());
            if (i == 0) first = answer.FirstSequence;
        }
        await bench.Agent.DisposeAsync();
        var segment = Directory.GetFiles(Path.Combine(bench.Data, "journal"), "*.seg").Single(path => path.Contains(boot.ToString("N"), StringComparison.Ordinal));
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes[bytes.AsSpan().IndexOf("DAMAGED-07"u8) + 3] ^= 0x10;
        await File.WriteAllBytesAsync(segment, bytes);
        bench.Log.Expect(6102);
        await bench.Backend.ResumeAsync();
        await bench.StartAgentAsync();
        await bench.DrainedAsync();
        var codes = bench.Backend.Facts.Where(static f => f.Kind == EventKind.Scanned).Select(static f => f.Parcel).ToList();
        codes.ShouldBe(Enumerable.Range(0, 20).Where(static i => i != 7).Select(static i => $"DAMAGED-{i:D2}"));
        var reported = bench.Backend.Facts.Where(static f => f.Device == "agent-journal").ShouldHaveSingleItem().DeviceState.Reason;
        reported.ShouldContain($"events {first + 7} to {first + 7} of boot {boot}");
        Directory.GetFiles(Path.Combine(bench.Data, "journal", "damaged")).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Two_agents_cannot_use_one_data_directory()
    {
        await using var bench = await AgentBench.StartAsync([]);
        Should.Throw<IOException>(() => KeyAccountLogistics.EdgeAgent.EdgeHost.Build(bench.Options()));
    }

    [Fact]
    public async Task Enrolment_makes_a_key_that_only_its_owner_reads_and_happens_once()
    {
        await using var backend = await FakeBackend.StartAsync();
        var folder = Directory.CreateTempSubdirectory("kal-enrol-").FullName;
        try
        {
            var configuration = new AgentConfiguration { Depot = "HZ-01", Backend = backend.Address, DataDirectory = folder, Stations = [] };
            (await EnrolAgent.RunAsync(configuration, "WRONG", "test", CancellationToken.None)).Fault.Message.ShouldContain("unknown");
            (await EnrolAgent.RunAsync(configuration with { Depot = "SZ-02" }, "GOOD-CODE", "test", CancellationToken.None)).Fault.Code.ShouldBe("agent.other_depot");
            (await EnrolAgent.RunAsync(configuration, "GOOD-CODE", "test", CancellationToken.None)).Value.ShouldBe("agent-1");
            if (OperatingSystem.IsLinux()) File.GetUnixFileMode(Path.Combine(folder, "agent.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            (await EnrolAgent.RunAsync(configuration, "GOOD-CODE", "test", CancellationToken.None)).Fault.Code.ShouldBe("agent.enrolled");
            AgentIdentity.Read(new LinuxFiles(), folder).ShouldBe(new AgentIdentity("agent-1", "HZ-01"));
            await backend.StopAsync();
            (await EnrolAgent.RunAsync(configuration with { DataDirectory = folder + "/2" }, "GOOD-CODE", "test", CancellationToken.None)).Fault.Code.ShouldBe("backend.unreachable");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
