using System.Globalization;
using System.Text;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;
using KeyAccountLogistics.Simulators.Scanners;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>A station's simulated bench: a scale and a scanner on pseudo-terminals, each speaking its real protocol.</summary>
internal sealed record DemoBench(string Station, string Name, string Protocol, ScaleSimulator Scale, AimScannerSimulator Scanner, string ScalePath, string ScannerPath) : IDisposable
{
    /// <summary>Two stations: a Mettler-Toledo that says when it is stable, and a Yaohua stream that never does.</summary>
    public static IReadOnlyList<DemoBench> TwoStations(string folder, int seed, TimeProvider time)
    {
        var lines = Directory.CreateDirectory(Path.Combine(folder, "dev")).FullName;
        string At(string name) => Path.Combine(lines, name);
        var platform = new PlatformSettings { Seed = seed, DriftGramsPerHour = 0.5 };
        return
        [
            new DemoBench("S1", "1号台", "mt-sics", new SicsScaleSimulator(At("scale-1"), platform, time, "kg", 3), new AimScannerSimulator(At("scanner-1"), time), At("scale-1"), At("scanner-1")),
            new DemoBench("S2", "2号台", "yaohua-=1", new YaohuaStreamSimulator(At("scale-2"), platform with { Seed = seed + 1 }, time, reversed: true), new AimScannerSimulator(At("scanner-2"), time), At("scale-2"), At("scanner-2")),
        ];
    }

    /// <summary>The agent's configuration file for these benches, as an installer would write it.</summary>
    public static string Configuration(string depot, Uri backend, string data, int pagePort, string? pages, IReadOnlyList<DemoBench> benches, int verifiedUntilYear)
    {
        var yaml = new StringBuilder();
        yaml.AppendLine(CultureInfo.InvariantCulture, $"depot: {depot}");
        yaml.AppendLine("zone: Asia/Shanghai");
        yaml.AppendLine(CultureInfo.InvariantCulture, $"backend: {backend.GetLeftPart(UriPartial.Authority)}");
        yaml.AppendLine(CultureInfo.InvariantCulture, $"data: {data}");
        yaml.AppendLine("page:");
        yaml.AppendLine("  address: 127.0.0.1");
        yaml.AppendLine(CultureInfo.InvariantCulture, $"  port: {pagePort}");
        if (pages is not null) yaml.AppendLine(CultureInfo.InvariantCulture, $"  folder: {pages}");
        yaml.AppendLine("stations:");
        foreach (var bench in benches)
        {
            yaml.AppendLine(CultureInfo.InvariantCulture, $"  - id: {bench.Station}");
            yaml.AppendLine(CultureInfo.InvariantCulture, $"    name: {bench.Name}");
            yaml.AppendLine("    hold_place: HOLD-1");
            yaml.AppendLine("    devices:");
            yaml.AppendLine(CultureInfo.InvariantCulture, $"      - id: SCALE-{bench.Station}");
            yaml.AppendLine("        kind: scale");
            yaml.AppendLine(CultureInfo.InvariantCulture, $"        protocol: \"{bench.Protocol}\"");
            // What a commissioning would have learned: one lost byte must not turn kg into g.
            if (bench.Protocol == "mt-sics") yaml.AppendLine("        settings: {expect-unit: kg, field-width: 10}");
            yaml.AppendLine(CultureInfo.InvariantCulture, $"        line: {bench.ScalePath}");
            yaml.AppendLine(CultureInfo.InvariantCulture, $"        scale: {{serial: DEMO-{bench.Station}, class: III, interval: 10 g, capacity: 30 kg, minimum: 200 g, verified_until: {verifiedUntilYear}-12-31}}");
            yaml.AppendLine("        daily_check: {weights: \"5 kg, 20 kg\", by: \"06:00\"}");
            yaml.AppendLine(CultureInfo.InvariantCulture, $"      - id: SCANNER-{bench.Station}");
            yaml.AppendLine("        kind: scanner");
            yaml.AppendLine("        protocol: scanner-aim");
            yaml.AppendLine("        settings: {framing: crlf}");
            yaml.AppendLine(CultureInfo.InvariantCulture, $"        line: {bench.ScannerPath}");
        }
        return yaml.ToString();
    }

    public void Dispose()
    {
        Scale.Dispose();
        Scanner.Dispose();
    }
}
