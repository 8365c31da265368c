using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Files;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary>A disk filled to its last byte: the depot's own, under the real program, and the backend's.</summary>
public sealed class FullDiskTests
{
    [RequiresProgramFact(SmallDisk.Requirement)]
    public async Task A_full_disk_at_the_depot_refuses_by_name_and_what_was_accepted_outlives_a_kill_on_it()
    {
        // A little more than the agent keeps free.
        using var disk = SmallDisk.Mount(72);
        await using var bench = await AgentBench.StartAsync([], attended: true);
        await AgentBench.WaitAsync(() => bench.Agent.Unsent == 0, "the first contact is over");
        await bench.Agent.DisposeAsync();
        var data = Path.Combine(disk.Path, "data");
        Copy(bench.Data, data);
        var configuration = AgentProcess.WriteConfiguration(bench.Folder, data, bench.Backend.Address);
        await bench.Backend.StopAsync();
        using (var agent = await AgentProcess.StartAsync(configuration))
        {
            using var page = await SignedInAsync(agent);
            for (var i = 0; i < 5; i++) (await EnterAsync(page, i)).Done.ShouldNotBeNull();
            disk.Fill();
            var refused = (await EnterAsync(page, 5)).Refused.ShouldNotBeNull();
            refused.Code.ShouldBe("journal_full");
            agent.Kill();
        }
        using (var agent = await AgentProcess.StartAsync(configuration))
        {
            await bench.Backend.ResumeAsync();
            await AgentBench.WaitAsync(() => Entered(bench).Count == 5, "what was accepted is sent, the disk full or not", 60);
            disk.Resize(1_024);
            using var page = await SignedInAsync(agent);
            (await EnterAsync(page, 6)).Done.ShouldNotBeNull();
            await AgentBench.WaitAsync(() => Entered(bench).Count == 6, "accepted again, and sent", 60);
        }
        Entered(bench).ShouldBe(["FULL-0", "FULL-1", "FULL-2", "FULL-3", "FULL-4", "FULL-6"]);
        await bench.StartAgentAsync();
    }

    [Fact]
    public async Task A_backend_whose_disk_is_full_is_named_at_the_station_and_gets_everything_later()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)]);
        await bench.Backend.StopAsync();
        bench.Backend.Refuse = new Status(StatusCode.ResourceExhausted, "The backend's disk is full: nothing is accepted until space is freed.");
        await bench.Backend.ResumeAsync();
        await bench.UntilAsync(static s => s.Link.State == "offline" && s.Link.Reason.Contains("disk is full", StringComparison.Ordinal), "the reason is shown");
        (await bench.WeighAsync("ORDER-0001", 2m)).Headline.ShouldBe("same_bill");
        bench.Agent.Unsent.ShouldBeGreaterThan(0);
        bench.Backend.Refuse = null;
        await bench.DrainedAsync();
        bench.Backend.Facts.Count(static f => f.Kind == EventKind.Weighed).ShouldBe(1);
    }

    private static List<string> Entered(AgentBench bench) => [.. bench.Backend.Facts.Select(static f => f.Parcel).Where(static p => p.StartsWith("FULL-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static async Task<StationClient> SignedInAsync(AgentProcess agent)
    {
        var page = new StationClient(agent.Page);
        await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
        return page;
    }

    private static Task<StationReply> EnterAsync(StationClient page, int number) => page.ActAsync(
        "EnterByHand", new EnterByHandRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station, ParcelText = $"FULL-{number}", Reason = "label_unreadable" });

    private static void Copy(string from, string to)
    {
        foreach (var directory in Directory.GetDirectories(from, "*", SearchOption.AllDirectories).Prepend(from)) Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, directory)));
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories)) File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
