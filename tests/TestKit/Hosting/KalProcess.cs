using System.Diagnostics;

namespace KeyAccountLogistics.TestKit.Hosting;

/// <summary>The program <c>kal</c> as a process of its own, to be killed like one.</summary>
public sealed class KalProcess : IDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly List<string> _output = [];

    private KalProcess(Process process) => _process = process;

    private static readonly TimeSpan EndWithin = TimeSpan.FromMinutes(3);

    /// <summary>The address that the program printed behind the mark when it was ready.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Whether it still runs.</summary>
    public bool Runs => !_process.HasExited;

    /// <summary>Everything it has printed so far.</summary>
    public IReadOnlyList<string> Output
    {
        get { lock (_output) return [.. _output]; }
    }

    /// <summary>The most memory it ever had resident, in bytes.</summary>
    public long PeakBytes => MemoryLine("VmHWM:");

    /// <summary>The memory it has resident now, in bytes.</summary>
    public long ResidentBytes => MemoryLine("VmRSS:");

    /// <summary>Starts the program and waits until it prints a line that begins with the mark and ends with an address.</summary>
    public static async Task<KalProcess> StartAsync(string mark, params string[] arguments)
    {
        var process = new Process
        {
            StartInfo = StartInfo(arguments),
        };
        process.StartInfo.Environment["DOTNET_gcServer"] = "0";
        var kal = new KalProcess(process);
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"kal {string.Join(' ', arguments)} ended: {string.Join(" | ", kal.Output)}"));
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            kal.Address = await ready.Task.WaitAsync(StartWithin, TimeProvider.System);
        }
        catch
        {
            kal.Dispose();
            throw;
        }
        return kal;

        void Take(string? line)
        {
            if (line is null) return;
            lock (kal._output) kal._output.Add(line);
            if (line.StartsWith(mark, StringComparison.Ordinal) && Uri.TryCreate(line[mark.Length..].Trim(), UriKind.Absolute, out var address)) ready.TrySetResult(address);
        }
    }

    /// <summary>Runs the program to its end, within three minutes, with no environment of a signed-in person but the token given.</summary>
    public static async Task<(int Code, string Out, string Error)> RunAsync(string? token, params string[] arguments)
    {
        var start = StartInfo(arguments);
        start.Environment.Remove("KAL_SERVER");
        start.Environment["KAL_TOKEN"] = token;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(EndWithin, TimeProvider.System);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }

    // The published program starts in half the time; without it, the one that was built together with the tests.
    private static ProcessStartInfo StartInfo(string[] arguments)
    {
        var start = RunSettings.Program is { } published ? new ProcessStartInfo(published, arguments) : new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "kal.dll"), .. arguments]);
        (start.UseShellExecute, start.RedirectStandardOutput, start.RedirectStandardError) = (false, true, true);
        start.Environment["DOTNET_TieredPGO"] = "0";
        return start;
    }

    /// <summary>kill -9: no handler runs, nothing is flushed. Returns when it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private long MemoryLine(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);
    }
}
