using System.Diagnostics;
using System.Globalization;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary><c>kal edge</c> as a process of its own, to be killed like one.</summary>
internal sealed class AgentProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _output = [];

    private AgentProcess(Process process) => _process = process;

    public Uri Page { get; private set; } = null!;

    public int Id => _process.Id;

    public static string Program => Path.Combine(AppContext.BaseDirectory, "kal.dll");

    /// <summary>Starts the program and waits until it serves the station page.</summary>
    public static async Task<AgentProcess> StartAsync(string configuration)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", ["exec", Program, "edge", "--config", configuration])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
                Environment = { ["DOTNET_TieredPGO"] = "0", ["DOTNET_gcServer"] = "0" },
            },
        };
        var agent = new AgentProcess(process);
        var page = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => page.TrySetException(new InvalidOperationException($"kal edge ended: {string.Join(" | ", agent._output)}"));
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        agent.Page = await page.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return agent;

        void Take(string? line)
        {
            if (line is null) return;
            lock (agent._output) agent._output.Add(line);
            const string mark = "Station page";
            if (line.StartsWith(mark, StringComparison.Ordinal)) page.TrySetResult(new Uri(line[mark.Length..].Trim()));
        }
    }

    /// <summary>kill -9: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

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
