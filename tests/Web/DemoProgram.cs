using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace KeyAccountLogistics.Web;

/// <summary>The built program running its demonstration, as a newcomer starts it. Needs artifacts/kal, which tests/run.sh builds.</summary>
public sealed class DemoProgram : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private const int Attempts = 4;
    private readonly ConcurrentQueue<string> _said = new();
    private Process? _process;

    public static string Root { get; } = FindRoot();

    public static string Executable { get; } = Path.Combine(Root, "artifacts", "kal", "kal");

    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(Root, "artifacts", "screenshots")).FullName;

    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    public IReadOnlyList<JsonElement> SignIns { get; private set; } = [];

    public async Task InitializeAsync()
    {
        if (!File.Exists(Executable)) throw new FileNotFoundException($"{Executable} is not built. Run: bash deploy/build.sh");
        // Whatever runs beside may take a port between our look and the program's: then another pair.
        for (var attempt = 1; !await StartedAsync(); attempt++)
        {
            if (attempt == Attempts) throw new InvalidOperationException($"kal demo ended with code {_process!.ExitCode} before its pages were up: {string.Join(" | ", _said)}");
            _process!.Dispose();
        }
    }

    private async Task<bool> StartedAsync()
    {
        _said.Clear();
        Address = new Uri($"http://127.0.0.1:{FreePortPair()}");
        _process = Process.Start(new ProcessStartInfo(Executable, ["demo", "--urls", Address.GetLeftPart(UriPartial.Authority)]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = Address };
        var began = Stopwatch.StartNew();
        while (!_process.HasExited)
        {
            try
            {
                using var host = JsonDocument.Parse(await http.GetStringAsync("/host.json"));
                SignIns = [.. host.RootElement.GetProperty("demo").EnumerateArray().Select(static one => one.Clone())];
                return true;
            }
            catch (HttpRequestException) when (began.Elapsed < StartLimit)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
        return false;
    }

    public JsonElement SignInOf(string role) => SignIns.First(one => one.GetProperty("role").GetString() == role);

    /// <summary>Ends the program the hard way.</summary>
    public void Kill() => _process?.Kill(entireProcessTree: true);

    public async Task DisposeAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited)
        {
            using (Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            {
            }
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }

    /// <summary>Two neighbouring free ports: pages at the first, gRPC at the second.</summary>
    private static int FreePortPair()
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            using var second = new TcpListener(IPAddress.Loopback, port + 1);
            try
            {
                second.Start();
                return port;
            }
            catch (SocketException)
            {
                // The neighbour is taken: another pair.
            }
        }
        throw new InvalidOperationException("No two neighbouring ports are free.");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "KeyAccountLogistics.sln"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException("The tests do not lie below the solution.");
    }
}
