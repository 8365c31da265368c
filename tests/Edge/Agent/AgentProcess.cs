using System.Globalization;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary><c>kal edge</c> as a process of its own, to be killed like one.</summary>
internal sealed class AgentProcess : IDisposable
{
    private readonly KalProcess _process;

    private AgentProcess(KalProcess process) => _process = process;

    public Uri Page => _process.Address;

    /// <summary>Starts the program and waits until it serves the station page.</summary>
    public static async Task<AgentProcess> StartAsync(string configuration) => new(await KalProcess.StartAsync("Station page", "edge", "--config", configuration));

    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();

    /// <summary>A configuration file for one attended station.</summary>
    public static string WriteConfiguration(string folder, string data, Uri backend)
    {
        var path = Path.Combine(folder, "edge.yaml");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $$"""
            depot: {{AgentBench.Depot}}
            backend: {{backend}}
            data: {{data}}
            page: {address: 127.0.0.1, port: 0}
            stations:
              - id: {{AgentBench.Station}}
                devices:
                  - id: scale-1
                    kind: scale
                    protocol: mt-sics
                    line: {{folder}}/scale
                    settings: {interval-ms: 50}
                    scale: {serial: B123, class: III, interval: 10 g, capacity: 30 kg, minimum: 200 g, verified_until: 2099-12-31}
                  - {id: scanner-1, kind: scanner, protocol: scanner-aim, line: {{folder}}/scanner}
            """));
        return path;
    }
}
