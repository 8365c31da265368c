using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent;
using KeyAccountLogistics.EdgeAgent.Around;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.EdgeAgent.Uplink;
using KeyAccountLogistics.FirmwareAdapters.Nodes;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.FirmwareAdapters.Stability;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;
using KeyAccountLogistics.Simulators.Scanners;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using KeyAccountLogistics.Verdicts.Weighing;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary>One depot on a bench: the real agent, a scale and a scanner on pseudo-terminals, a backend that can be switched off.</summary>
internal sealed class AgentBench : IAsyncDisposable
{
    public const string Depot = "HZ-01";
    public const string Station = "S1";
    public const string Account = "KA-1";
    public const string Pin = "294617";

    private readonly string _folder = Directory.CreateTempSubdirectory("kal-agent-").FullName;

    private AgentBench(FakeBackend backend) => Backend = backend;

    public FakeBackend Backend { get; }

    public SicsScaleSimulator Scale { get; private set; } = null!;

    public AimScannerSimulator Scanner { get; private set; } = null!;

    public EdgeHost Agent { get; private set; } = null!;

    public CapturedErrors Log { get; } = new();

    public string Folder => _folder;

    public string Data => Path.Combine(_folder, "data");

    public bool Attended { get; init; }

    public KeyAccountLogistics.Verdicts.Scales.DailyCheckRule? DailyCheck { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public JournalConfiguration Journal { get; init; } = new();

    public AroundConfiguration Around { get; init; } = new();

    public IDeviceNodes Nodes { get; init; } = DeviceNodes.OfThisMachine;

    public IDurableFiles Files { get; set; } = new LinuxFiles();

    /// <summary>A bench whose agent has met its backend once, holds terms, people and the manifest given, and shows zero.</summary>
    public static async Task<AgentBench> StartAsync(IEnumerable<ManifestParcel> manifest, bool attended = false, Func<AgentBench, AgentBench>? with = null, bool terms = true)
    {
        var bench = new AgentBench(await FakeBackend.StartAsync()) { Attended = attended };
        if (with is not null) bench = with(bench);
        bench.Backend.People = People();
        if (terms) bench.Backend.Terms = Terms();
        var update = new ManifestUpdate { Version = 1, Reset = true };
        update.Parcels.AddRange(manifest);
        if (update.Parcels.Count > 0) bench.Backend.Manifest.Enqueue(update);
        bench.Plug();
        bench.Enrol();
        await bench.StartAgentAsync();
        await bench.UntilAsync(s => s.Link.State == "connected" && s.Link.TermsVersion == (terms ? 7ul : 0ul), "connected, with terms");
        await bench.UntilAsync(s => s.Weight.State == "zero" && !s.Weight.NeedsZero, "the scale shows zero");
        await WaitAsync(() => bench.Agent.PeopleVersion == 5 && (update.Parcels.Count == 0 || bench.Agent.ManifestVersion == 1), "people and manifest are there");
        return bench;
    }

    public static AgentBench Variant(
        AgentBench bench, IDurableFiles? files = null, TimeProvider? time = null, JournalConfiguration? journal = null, KeyAccountLogistics.Verdicts.Scales.DailyCheckRule? dailyCheck = null,
        AroundConfiguration? around = null, IDeviceNodes? nodes = null) => new(bench.Backend)
    {
        Attended = bench.Attended, DailyCheck = dailyCheck, Files = files ?? bench.Files, Time = time ?? bench.Time, Journal = journal ?? bench.Journal,
        Around = around ?? bench.Around, Nodes = nodes ?? bench.Nodes,
    };

    public async Task StartAgentAsync(ILoggerFactory? logs = null)
    {
        Agent = EdgeHost.Build(Options(logs));
        await Agent.StartAsync();
    }

    public EdgeOptions Options(ILoggerFactory? logs = null) => new()
    {
        Configuration = Configuration(),
        Time = Time,
        Files = Files,
        Nodes = Nodes,
        Jitter = new Random(1),
        Logs = logs ?? LoggerFactory.Create(builder => builder.AddProvider(Log)),
        Uplink = new UplinkLimits { BackoffMin = TimeSpan.FromMilliseconds(50), BackoffMax = TimeSpan.FromMilliseconds(400), HealthEvery = TimeSpan.FromMilliseconds(300), CutOffAt = 50, BacklogRest = 3 },
    };

    public AgentConfiguration Configuration() => new()
    {
        Depot = Depot,
        Backend = Backend.Address,
        DataDirectory = Data,
        Page = new PageEndpoint("127.0.0.1", 0, null),
        Journal = Journal,
        Stations =
        [
            new StationConfiguration
            {
                Id = Station,
                Name = "Inbound 1",
                Attended = Attended,
                Around = Around,
                Devices =
                [
                    new StationDevice(DeviceKind.Scale, new DeviceSettings
                    {
                        Id = "scale-1",
                        Protocol = "mt-sics",
                        Line = Path.Combine(_folder, "scale"),
                        ProtocolSettings = new ProtocolSettings { Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["interval-ms"] = "50" } },
                    }, Facts, StabilityRule.Default, DailyCheck),
                    new StationDevice(DeviceKind.Scanner, new DeviceSettings { Id = "scanner-1", Protocol = "scanner-aim", Line = Path.Combine(_folder, "scanner") }, null, StabilityRule.Default),
                ],
            },
        ],
    };

    /// <summary>The scale of the issue's examples: 30 kg, e = 10 g.</summary>
    public static ScaleFacts Facts { get; } = new(
        "scale-1", "B123", AccuracyClass.III, Mass.FromGrams(10), Mass.FromKilograms(30), Mass.FromGrams(200), new LocalDate(2099, 12, 31));

    /// <summary>First 1 kg, then steps of 0.5 kg up; no tolerance of the contract's own.</summary>
    public static TermsSnapshot Terms()
    {
        var json = """
            {"account":"KA-1","name":{"zh":"甲","en":"A"},"contract":"KA-2026-0001","version":3,"effective":{"from":"2020-01-01T00:00:00Z"},"currency":"CNY",
             "chargeable":[{"id":"C-1","first":"1 kg","rounding":{"mode":"CeilStep","step":"0.5 kg"}}],
             "weight":{"id":"W-2","absolute":"0 g","percent":"0"},
             "handover":{"id":"H-1","insured":["item_by_item","seal","reweigh"],"touch":"fragile"}}
            """;
        var reading = AccountTermsJson.Read(Encoding.UTF8.GetBytes(json));
        reading.Mistakes.ShouldBeEmpty();
        return new TermsSnapshot { Version = 7, AccountTermsJson = { ByteString.CopyFrom(AccountTermsJson.Write(reading.Terms!)) } };
    }

    public static PeopleSnapshot People(params string[] without)
    {
        var snapshot = new PeopleSnapshot { Version = 5 };
        foreach (var (id, name) in ((string, string)[])[("p-li", "li"), ("p-wang", "wang"), ("p-chen", "chen")])
        {
            if (without.Contains(id, StringComparer.Ordinal)) continue;
            var salt = Encoding.ASCII.GetBytes("salt of " + id);
            snapshot.People.Add(new StationPerson
            {
                Id = id,
                SignInName = name,
                DisplayName = name.ToUpperInvariant(),
                Badge = "STAFF-" + name.ToUpperInvariant(),
                Language = "zh",
                PinSalt = ByteString.CopyFrom(salt),
                PinIterations = 1_000,
                PinVerifier = ByteString.CopyFrom(Rfc2898DeriveBytes.Pbkdf2(Pin, salt, 1_000, HashAlgorithmName.SHA256, 32)),
            });
        }
        return snapshot;
    }

    /// <summary>A parcel of the account with the last custodian's weight on a scale like the bench's own.</summary>
    public static ManifestParcel Parcel(string code, decimal? declaredKg = null, decimal? handedOnKg = null) => new()
    {
        Parcel = code,
        Account = Account,
        Product = "standard",
        AcceptedAtUs = 1_768_000_000_000_000,
        DeclaredMg = declaredKg is { } declared ? Mass.FromKilograms(declared).Milligrams : 0,
        CustodianKind = "client",
        Custodian = Account,
        HandedOn = handedOnKg is { } before ? new PreviousWeight
        {
            MassMg = Mass.FromKilograms(before).Milligrams, Device = "pickup", AccuracyClass = "III", IntervalMg = 10_000, CapacityMg = 30_000_000, MinimumMg = 200_000,
        } : null,
    };

    public void Plug()
    {
        Scale = new SicsScaleSimulator(Path.Combine(_folder, "scale"), new PlatformSettings { Settling = TimeSpan.FromMilliseconds(30) }, TimeProvider.System);
        Scanner = new AimScannerSimulator(Path.Combine(_folder, "scanner"), TimeProvider.System);
    }

    /// <summary>As after an enrolment.</summary>
    public void Enrol()
    {
        Directory.CreateDirectory(Data);
        new AgentIdentity("agent-1", Depot).Write(new LinuxFiles(), Data);
        if (Files is not LinuxFiles) new AgentIdentity("agent-1", Depot).Write(Files, Data);
    }

    public Task<StationState> StateAsync() => Agent.StateAsync(Station)!;

    /// <summary>Scans, weighs, waits for the verdict on that parcel, and clears the platform again.</summary>
    public async Task<Judged> WeighAsync(string parcel, decimal kg)
    {
        var before = (await StateAsync()).Judged?.AtUs ?? 0;
        await Scanner.ScanAsync(parcel);
        await UntilAsync(s => s.Pairing.Parcel == parcel || s.Scan?.Repeated == true, $"{parcel} is scanned");
        await Scale.PlaceAsync(Mass.FromKilograms(kg));
        var state = await UntilAsync(s => s.Judged is { } j && j.AtUs != before && (j.Parcel == parcel || j.Parcel.Length == 0) && s.Pairing.State != "waiting_for_weight", $"{parcel} at {kg} kg is judged");
        await ClearAsync();
        return state.Judged;
    }

    public async Task ClearAsync()
    {
        Scale.Clear();
        await UntilAsync(static s => s.Weight.State == "zero" && !s.Weight.NeedsZero && s.Pairing.State is "idle" or "waiting_for_weight", "the scale is empty again");
    }

    /// <summary>Waits until the station's state is so; fails after the limit and says how it was.</summary>
    public async Task<StationState> UntilAsync(Func<StationState, bool> so, string what, double seconds = 20)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var state = await StateAsync();
            if (so(state)) return state;
            if (clock.Elapsed.TotalSeconds > seconds) throw new TimeoutException($"Not within {seconds} s: {what}. The station: {state}. Log: {string.Join(" | ", Log.Lines.TakeLast(10))}");
            await Task.Delay(TimeSpan.FromMilliseconds(15), TimeProvider.System);
        }
    }

    public static async Task WaitAsync(Func<bool> so, string what, double seconds = 20)
    {
        var clock = Stopwatch.StartNew();
        while (!so())
        {
            if (clock.Elapsed.TotalSeconds > seconds) throw new TimeoutException($"Not within {seconds} s: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(15), TimeProvider.System);
        }
    }

    /// <summary>Waits until the backend has acknowledged everything.</summary>
    public Task DrainedAsync() => WaitAsync(() => Agent.Unsent == 0, "the journal has drained");

    public StationClient Page() => new(Agent.StationAddress.ShouldNotBeNull());

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        Scale.Dispose();
        Scanner.Dispose();
        await Backend.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Log.VerifyNoUnexpectedErrors();
    }
}

/// <summary>Keeps what the agent logs; an error that the test did not expect fails it.</summary>
internal sealed class CapturedErrors : ILoggerProvider, ILogger
{
    private readonly List<string> _lines = [];
    private readonly List<(int Event, string Line)> _errors = [];
    private readonly HashSet<int> _expected = [];

    public IReadOnlyList<string> Lines
    {
        get { lock (_lines) return [.. _lines]; }
    }

    public void Expect(params int[] events)
    {
        foreach (var e in events) _expected.Add(e);
    }

    public void VerifyNoUnexpectedErrors()
    {
        lock (_lines) _errors.Where(e => !_expected.Contains(e.Event)).Select(static e => e.Line).ShouldBeEmpty();
    }

    public bool Saw(int eventId)
    {
        lock (_lines) return _lines.Exists(line => line.StartsWith($"{eventId} ", StringComparison.Ordinal));
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        lock (_lines)
        {
            var line = $"{eventId.Id} {formatter(state, exception)} {exception}";
            _lines.Add(line);
            if (logLevel >= LogLevel.Error) _errors.Add((eventId.Id, line));
        }
    }

    public void Dispose()
    {
    }
}
