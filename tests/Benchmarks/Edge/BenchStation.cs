using System.Diagnostics;
using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.EdgeAgent.Snapshots;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.FirmwareAdapters.Stability;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Pty;
using KeyAccountLogistics.Simulators.Scales;
using KeyAccountLogistics.Verdicts.Weighing;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace KeyAccountLogistics.Benchmarks.Edge;

/// <summary>One station of the real agent whose scale and scanner are pseudo-terminals this process writes to, frame by frame.</summary>
internal sealed class BenchStation : IAsyncDisposable
{
    public const string Depot = "SHA01";
    private const string Account = "KA-2026-0001";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly PtyDevice _scale;
    private readonly PtyDevice _scanner;
    private readonly EdgeHost _host;
    private long _judgedAt;
    private SemaphoreSlim _judged = new(0);

    private BenchStation(EdgeHost host, PtyDevice scale, PtyDevice scanner) => (_host, _scale, _scanner) = (host, scale, scanner);

    public EdgeHost Host => _host;

    /// <summary>Terms and a manifest with so many parcels, as after a contact.</summary>
    public static void Prepare(string data, int parcels)
    {
        Directory.CreateDirectory(data);
        var files = new LinuxFiles();
        const string terms = """
            {"account":"KA-2026-0001","name":{"zh":"甲","en":"A"},"contract":"KA-2026-0001","version":3,"effective":{"from":"2020-01-01T00:00:00Z"},"currency":"CNY",
             "chargeable":[{"id":"C-1","first":"1 kg","rounding":{"mode":"CeilStep","step":"0.5 kg"}}],"weight":{"id":"W-2","absolute":"0 g","percent":"0"},
             "handover":{"id":"H-1","insured":["item_by_item","seal","reweigh"],"touch":"fragile"}}
            """;
        new HeldTerms(files, data, NullLogger.Instance).Replace(new TermsSnapshot { Version = 1, AccountTermsJson = { ByteString.CopyFromUtf8(terms) } });
        var manifest = new Manifest(files, data, NullLogger.Instance);
        var update = new ManifestUpdate { Version = 1, Reset = true };
        for (var i = 0; i < parcels; i++) update.Parcels.Add(new ManifestParcel { Parcel = Code(i), Account = Account, Product = "standard", DeclaredMg = 2_000_000, AcceptedAtUs = 1_768_000_000_000_000 });
        manifest.Apply(update);
        manifest.Save();
    }

    public static string Code(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ORDER-{number:D7}");

    public static async Task<BenchStation> StartAsync(string folder, Uri backend, bool silent = false)
    {
        var scale = PtyDevice.Create(Path.Combine(folder, "scale"));
        var scanner = PtyDevice.Create(Path.Combine(folder, "scanner"));
        var host = EdgeHost.Build(new EdgeOptions { Configuration = Configuration(folder, backend, silent), Jitter = new Random(1) });
        var station = new BenchStation(host, scale, scanner);
        host.Stations["S1"].JudgedNow = _ =>
        {
            Volatile.Write(ref station._judgedAt, Stopwatch.GetTimestamp());
            station._judged.Release();
        };
        await host.StartAsync();
        return station;
    }

    public static AgentConfiguration Configuration(string folder, Uri backend, bool silent = false) => new()
    {
        Depot = Depot,
        Backend = backend,
        DataDirectory = Path.Combine(folder, "data"),
        Stations =
        [
            new StationConfiguration
            {
                Id = "S1",
                Name = "bench",
                Attended = false,
                Devices =
                [
                    new StationDevice(DeviceKind.Scale, new DeviceSettings
                    {
                        Id = "bench-scale",
                        // A scale that streams unasked: an agent that asks a silent one to begin again is not idle.
                        Protocol = silent ? "toledo-continuous" : "mt-sics",
                        Line = Path.Combine(folder, "scale"),
                        // This machine may stand still for seconds; a scale that is written to by hand is not silent for that.
                        Timing = SessionTiming.Default with { StaleAfter = silent ? SessionTiming.Default.StaleAfter : TimeSpan.FromMinutes(10) },
                        ProtocolSettings = silent ? ProtocolSettings.Default : new ProtocolSettings { Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["mode"] = "stream" } },
                    }, new ScaleFacts("bench-scale", "1", AccuracyClass.III, Mass.FromGrams(10), Mass.FromKilograms(30), Mass.FromGrams(200), new LocalDate(2099, 12, 31)), StabilityRule.Default),
                    new StationDevice(DeviceKind.Scanner, new DeviceSettings { Id = "bench-scanner", Protocol = "scanner-aim", Line = Path.Combine(folder, "scanner") }, null, StabilityRule.Default),
                ],
            },
        ],
    };

    /// <summary>One weighing; the time from writing the frame at rest into the line to the verdict that is durable and about to be shown.</summary>
    public async Task<double> WeighAsync(int number)
    {
        var code = Code(number);
        Send('S', 0m);
        Send('S', 0m);
        await UntilAsync(static s => s.Pairing.State == "idle");
        _scanner.Write(Encoding.ASCII.GetBytes("]C0" + code + "\r\n"));
        await UntilAsync(s => s.Pairing.Parcel == code);
        Send('D', 1.4m);
        await UntilAsync(static s => s.Weight.State is "moving" or "settling");
        var frame = Frame('S', 2.000m);
        var at = Stopwatch.GetTimestamp();
        _scale.Write(frame);
        if (!await _judged.WaitAsync(Limit)) throw new TimeoutException($"{code} was not judged.");
        return Stopwatch.GetElapsedTime(at, Volatile.Read(ref _judgedAt)).TotalMicroseconds;
    }

    public static byte[] Frame(char state, decimal kilograms) => Encoding.ASCII.GetBytes(SicsScaleSimulator.Weight(state, Mass.FromKilograms(kilograms), "kg", 3));

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _scale.Dispose();
        _scanner.Dispose();
        _judged.Dispose();
    }

    private void Send(char state, decimal kilograms) => _scale.Write(Frame(state, kilograms));

    private async Task UntilAsync(Func<StationState, bool> so)
    {
        var began = Stopwatch.GetTimestamp();
        while (!so((await _host.StateAsync("S1"))!))
        {
            if (Stopwatch.GetElapsedTime(began) > Limit) throw new TimeoutException($"The bench station hangs: {await _host.StateAsync("S1")}");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}
