using System.Diagnostics;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.EdgeAgent;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.FirmwareAdapters.Stability;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;
using KeyAccountLogistics.Simulators.Scanners;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts.Scales;
using KeyAccountLogistics.Verdicts.Weighing;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace KeyAccountLogistics.Web;

/// <summary>
/// One depot for its pages: the real backend and the real agent in this process, and a bench whose scale and scanner do what the test's hands do. The agent
/// serves the station page, the backend the others, both from the pages that deploy/build.sh built.
/// </summary>
public sealed class DepotBench : IAsyncDisposable
{
    public const string Station = "S1";
    public const string Account = "HDDS-A";

    /// <summary>Sign-in name of the clerk; everybody's PIN is <see cref="BackendFixture.Pin"/>.</summary>
    public static readonly string Clerk = BackendFixture.NameOf("DepotClerk");

    private static readonly WaybillScheme Waybills = WaybillScheme.Of("KAL");
    private static readonly string Pages = Path.Combine(DemoProgram.Root, "artifacts", "kal", "wwwroot");
    private readonly string _folder = Directory.CreateTempSubdirectory("kal-depot-").FullName;
    private readonly CapturedLog _log = new();
    private int _serial = 1_000;
    private bool _backendIsUp;
    private DailyCheckRule? _dailyCheck;

    private DepotBench()
    {
    }

    public BackendFixture Backend { get; private set; } = null!;

    public EdgeHost Agent { get; private set; } = null!;

    public SicsScaleSimulator Scale { get; private set; } = null!;

    public AimScannerSimulator Scanner { get; private set; } = null!;

    public Uri StationPage => new(Agent.StationAddress!, "/station/" + Station);

    public static async Task<DepotBench> StartAsync(DailyCheckRule? dailyCheck = null, bool jobs = false)
    {
        if (!Directory.Exists(Pages)) throw new DirectoryNotFoundException($"{Pages} is not built. Run: bash deploy/build.sh");
        var bench = new DepotBench { _dailyCheck = dailyCheck };
        bench.Backend = await BackendFixture.StartAsync(Engine.Sqlite, options => options with { WebRoot = Pages, RunJobs = jobs });
        await bench.Backend.SignDemoContractsAsync();
        bench._backendIsUp = true;
        bench.Scale = new SicsScaleSimulator(bench.At("scale"), new PlatformSettings { Settling = TimeSpan.FromMilliseconds(60) }, TimeProvider.System);
        bench.Scanner = new AimScannerSimulator(bench.At("scanner"), TimeProvider.System);
        var code = await new Agents.AgentsClient(bench.Backend.AsLocalAdministrator()).CreateEnrolmentCodeAsync(new CreateEnrolmentCodeRequest { Depot = BackendFixture.Depot, Name = "pages" });
        (await EnrolAgent.RunAsync(bench.Configuration(), code.Code, "pages", CancellationToken.None)).IsOk.ShouldBeTrue();
        bench.Agent = EdgeHost.Build(new EdgeOptions { Configuration = bench.Configuration(), Logs = LoggerFactory.Create(log => log.AddProvider(bench._log)) });
        await bench.Agent.StartAsync();
        await bench.UntilAsync(static s => s.Link.State == "connected" && s.Link.TermsVersion > 0, "connected, with terms");
        await bench.UntilAsync(static s => s.Weight is { State: "zero", NeedsZero: false }, "the scale shows zero");
        return bench;
    }

    /// <summary>A number of the carrier's own that nobody has registered.</summary>
    public string NextCode() => Waybills.Issue(LocalDate.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), Interlocked.Increment(ref _serial)).Text;

    /// <summary>Registers a parcel of the account and waits until the depot has heard of it.</summary>
    public async Task<string> RegisterAsync(decimal? declaredKg = null, decimal? pickedUpKg = null, Action<ShipmentLine>? with = null)
    {
        var code = NextCode();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        var line = new ShipmentLine
        {
            Waybill = code,
            Account = Account,
            Product = "standard",
            Origin = BackendFixture.Depot,
            Destination = "310115",
            AcceptedAtUs = now - 7_200_000_000,
            DeclaredMg = declaredKg is { } declared ? Mass.FromKilograms(declared).Milligrams : 0,
            Currency = "CNY",
            Personal = new PersonalDetails { SenderName = "张三", SenderPhone = "13812345678", ConsigneeName = "欧阳明", ConsigneePhone = "13900001234", ConsigneeAddress = "文三路90号3幢2单元501室" },
        };
        with?.Invoke(line);
        var channel = Backend.AsLocalAdministrator();
        var registered = await new Shipments.ShipmentsClient(channel).RegisterAsync(new RegisterShipmentsRequest { CommandId = BackendFixture.NewCommandId(), Shipments = { line } });
        registered.Refused.ShouldBeEmpty();
        if (pickedUpKg is { } pickup)
        {
            var recorded = new RecordEventsRequest { Device = "phone", Events = { PickedUp(code, pickup, now - 2_400_000_000).ToByteString() } };
            (await new Captures.CapturesClient(channel).RecordAsync(recorded)).Results.ShouldAllBe(static one => one.Result == "recorded");
        }
        await WaitAsync(() => Agent.ToldOf(code) is { } told && (pickedUpKg is null || told.HandedOn is not null), $"the depot knows {code}");
        return code;
    }

    private ParcelEvent PickedUp(string code, decimal kg, long atUs) => new()
    {
        Id = BackendFixture.NewCommandId(),
        Kind = EventKind.Weighed,
        Parcel = code,
        OccurredAtUs = atUs,
        CapturedAtUs = atUs,
        Actor = Backend.People["Courier"],
        Node = BackendFixture.Depot,
        Device = "phone",
        Weight = new Weight
        {
            MassMg = Mass.FromKilograms(kg).Milligrams,
            Purpose = WeightPurpose.Pickup,
            Scale = new Scale { Device = "PORTABLE-7", Serial = "P7", AccuracyClass = "III", IntervalMg = 10_000, CapacityMg = 30_000_000, MinimumMg = 200_000, VerifiedUntilDay = 40_000 },
        },
    };

    /// <summary>Scans a parcel and puts it on the scale; it stays there.</summary>
    public async Task PlaceAsync(string code, decimal kg)
    {
        var before = (await Agent.StateAsync(Station))?.Scan?.AtUs ?? 0;
        await Scanner.ScanAsync(code);
        await UntilAsync(s => s.Scan is { } scan && scan.Text == code && scan.AtUs > before, $"{code} is scanned");
        await Scale.PlaceAsync(Mass.FromKilograms(kg));
    }

    public async Task ClearAsync()
    {
        Scale.Clear();
        await UntilAsync(static s => s.Weight is { State: "zero", NeedsZero: false }, "the scale is empty again");
    }

    /// <summary>Puts aside what an earlier test left in hand or on the scale; somebody must be signed in.</summary>
    public async Task TidyAsync()
    {
        Scale.Clear();
        await Scanner.ScanAsync("KAL:CMD:CANCEL");
        await UntilAsync(static s => s.Pairing.State == "idle" && s.Weight is { State: "zero", NeedsZero: false }, "nothing is in hand and the scale is empty");
    }

    /// <summary>Ends the backend, as a cut line looks from the depot.</summary>
    public async Task CutLineAsync()
    {
        _backendIsUp = false;
        await Backend.DisposeAsync();
    }

    public Task UntilAsync(Func<StationState, bool> so, string what) => WaitAsync(async () => await Agent.StateAsync(Station) is { } state && so(state), what);

    public static Task WaitAsync(Func<bool> so, string what) => WaitAsync(() => Task.FromResult(so()), what);

    private static async Task WaitAsync(Func<Task<bool>> so, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await so())
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(30)) throw new TimeoutException($"Not within 30 s: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(15), TimeProvider.System);
        }
    }

    private string At(string name) => Path.Combine(_folder, name);

    private AgentConfiguration Configuration() => new()
    {
        Depot = BackendFixture.Depot,
        Backend = Backend.Grpc,
        DataDirectory = At("data"),
        Page = new PageEndpoint("127.0.0.1", 0, Pages),
        Windows = new WindowConfiguration { ScanAfter = Duration.FromSeconds(2) },
        Stations =
        [
            new StationConfiguration
            {
                Id = Station,
                Name = "1号台",
                HoldPlace = "HOLD-1",
                Devices =
                [
                    new StationDevice(
                        DeviceKind.Scale,
                        new DeviceSettings
                        {
                            Id = "SCALE-S1",
                            Protocol = "mt-sics",
                            Line = At("scale"),
                            ProtocolSettings = new ProtocolSettings { Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["interval-ms"] = "50" } },
                        },
                        new ScaleFacts("SCALE-S1", "B123", AccuracyClass.III, Mass.FromGrams(10), Mass.FromKilograms(30), Mass.FromGrams(200), new LocalDate(2099, 12, 31)),
                        StabilityRule.Default,
                        _dailyCheck),
                    new StationDevice(DeviceKind.Scanner, new DeviceSettings { Id = "SCANNER-S1", Protocol = "scanner-aim", Line = At("scanner") }, null, StabilityRule.Default),
                ],
            },
        ],
    };

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        Scale.Dispose();
        Scanner.Dispose();
        if (_backendIsUp) await Backend.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        _log.VerifyNoUnexpectedErrors();
    }
}

/// <summary>One bench for the tests of a class; each parcel has its own number, so they do not disturb each other.</summary>
public sealed class SharedDepotBench : IAsyncLifetime
{
    public DepotBench Bench { get; private set; } = null!;

    public async Task InitializeAsync() => Bench = await DepotBench.StartAsync();

    public async Task DisposeAsync() => await Bench.DisposeAsync();
}
