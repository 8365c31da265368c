using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.EdgeAgent;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.EdgeAgent.Uplink;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.FirmwareAdapters.Stability;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Simulators.Scanners;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary>The real agent and the real backend on the real wire.</summary>
public sealed class RealBackendTests
{
    private const string StationId = "S1";

    [Fact]
    public async Task Enrolled_it_learns_its_people_works_reports_and_is_turned_away_when_revoked()
    {
        await using var backend = await BackendFixture.StartAsync(Engine.Sqlite);
        var folder = Directory.CreateTempSubdirectory("kal-real-").FullName;
        var log = new CapturedErrors();
        try
        {
            using var scanner = new AimScannerSimulator(Path.Combine(folder, "scanner"), TimeProvider.System);
            var configuration = Configuration(folder, backend.Grpc);
            var agents = new Agents.AgentsClient(await backend.AsAdministratorAsync());
            var code = await agents.CreateEnrolmentCodeAsync(new CreateEnrolmentCodeRequest { Depot = BackendFixture.Depot, Name = "edge test" });
            var enrolled = await EnrolAgent.RunAsync(configuration, code.Code, "edge test", CancellationToken.None);
            enrolled.IsOk.ShouldBeTrue();

            await using (var agent = EdgeHost.Build(Options(configuration, log)))
            {
                await agent.StartAsync();
                await AgentBench.WaitAsync(() => agent.LinkState == "connected", "connected");
                using var page = new StationClient(agent.StationAddress!);
                await AgentBench.WaitAsync(() => SignsInAsync(page).GetAwaiter().GetResult(), "a person of the depot can sign in");
                for (var i = 0; i < 20; i++)
                {
                    var enter = new EnterByHandRequest { CommandId = StationClient.NewCommand(), Station = StationId, ParcelText = $"REAL-{i:D4}", Reason = "label_unreadable" };
                    (await page.ActAsync("EnterByHand", enter)).Done.ShouldNotBeNull();
                }
                await AgentBench.WaitAsync(() => agent.Unsent == 0, "everything is acknowledged after commit");

                await agents.RevokeAsync(new RevokeAgentRequest { Agent = enrolled.Value, Reason = "test" });
                await AgentBench.WaitAsync(() => agent.LinkState == "refused", "turned away");
                var state = (await agent.StateAsync(StationId))!;
                state.Link.Reason.ShouldContain("revoked", Case.Insensitive);

                // Turned away, the depot still captures; nothing is thrown away.
                (await page.ActAsync("EnterByHand", new EnterByHandRequest { CommandId = StationClient.NewCommand(), Station = StationId, ParcelText = "REAL-9999", Reason = "label_unreadable" })).Done.ShouldNotBeNull();
                agent.Unsent.ShouldBeGreaterThan(0);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        log.VerifyNoUnexpectedErrors();
    }

    [Fact]
    public async Task An_agent_whose_clock_is_a_day_behind_learns_the_time_from_the_refusal_and_connects()
    {
        await using var backend = await BackendFixture.StartAsync(Engine.Sqlite);
        var folder = Directory.CreateTempSubdirectory("kal-real-").FullName;
        var log = new CapturedErrors();
        try
        {
            var time = new ShiftingTime();
            time.Shift(TimeSpan.FromDays(-1));
            var configuration = Configuration(folder, backend.Grpc);
            var agents = new Agents.AgentsClient(await backend.AsAdministratorAsync());
            var code = await agents.CreateEnrolmentCodeAsync(new CreateEnrolmentCodeRequest { Depot = BackendFixture.Depot, Name = "edge test" });
            (await EnrolAgent.RunAsync(configuration, code.Code, "edge test", CancellationToken.None)).IsOk.ShouldBeTrue();
            await using var agent = EdgeHost.Build(Options(configuration, log) with { Time = time });
            await agent.StartAsync();
            await AgentBench.WaitAsync(() => agent.LinkState == "connected", "connected");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        log.VerifyNoUnexpectedErrors();
    }

    private static async Task<bool> SignsInAsync(StationClient page)
    {
        var request = new StationSignInRequest { Station = StationId, NameOrBadge = BackendFixture.NameOf("DepotClerk"), Pin = BackendFixture.Pin };
        var reply = await page.CallAsync("SignIn", request, StationSignInReply.Parser);
        page.Token = reply.Session?.Token;
        return reply.Session is not null;
    }

    private static EdgeOptions Options(AgentConfiguration configuration, CapturedErrors log) => new()
    {
        Configuration = configuration,
        Time = TimeProvider.System,
        Jitter = new Random(1),
        Logs = LoggerFactory.Create(builder => builder.AddProvider(log)),
        Uplink = new UplinkLimits { BackoffMin = TimeSpan.FromMilliseconds(50), BackoffMax = TimeSpan.FromMilliseconds(400) },
    };

    private static AgentConfiguration Configuration(string folder, Uri backend) => new()
    {
        Depot = BackendFixture.Depot,
        Backend = backend,
        DataDirectory = Path.Combine(folder, "data"),
        Page = new PageEndpoint("127.0.0.1", 0, null),
        Stations =
        [
            new StationConfiguration
            {
                Id = StationId,
                Name = "Hand station",
                Devices = [new StationDevice(DeviceKind.Scanner, new DeviceSettings { Id = "scanner-1", Protocol = "scanner-aim", Line = Path.Combine(folder, "scanner") }, null, StabilityRule.Default)],
            },
        ],
    };
}
