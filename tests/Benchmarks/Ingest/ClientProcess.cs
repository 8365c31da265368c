using System.Diagnostics;
using System.Globalization;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Benchmarks.Ingest;

/// <summary>The <see cref="IngestClient"/> seen from the server's process.</summary>
internal sealed class ClientProcess : IDisposable
{
    internal const string Verb = "ingest-client";
    private readonly Process _process;

    internal ClientProcess(int events)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(ClientProcess).Assembly.Location, Verb, events.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        };
        _process = Process.Start(start)!;
    }

    internal async Task LinkAsync(Uri backend, IEnumerable<TestAgent> agents) =>
        await AskAsync($"link {backend} {string.Join(' ', agents.Select(static a => a.Id + " " + a.Token()))}");

    /// <summary>Sends every event once; how long it took until the last acknowledgement, and the client's processor time.</summary>
    internal async Task<(double Seconds, double CpuUs)> SendAsync()
    {
        var words = (await AskAsync("send")).Split(' ');
        return (double.Parse(words[1], CultureInfo.InvariantCulture), double.Parse(words[2], CultureInfo.InvariantCulture));
    }

    internal Task CloseAsync() => AskAsync("close");

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) _process.Kill();
        _process.Dispose();
    }

    private async Task<string> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The bench's client ended; it says why above.");
    }
}
