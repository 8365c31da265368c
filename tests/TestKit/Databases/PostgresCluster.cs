using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace KeyAccountLogistics.TestKit.Databases;

/// <summary>
/// A PostgreSQL server of this process's own: made with initdb in a temporary directory, reached over a Unix socket, deleted at the end. Killing it
/// (<see cref="Kill"/>) and starting it again is part of the tests.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string Prefix = "kal-pg-";
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresCluster>> Shared = new(() => StartNewAsync(durable: false));
    private readonly string _directory;
    private readonly bool _durable;
    private Process? _server;
    private int _databases;

    private PostgresCluster(string directory, bool durable) => (_directory, _durable) = (directory, durable);

    /// <summary>The server's main process; to be killed by a test that wants to see what survives.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(DataDirectory, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private string DataDirectory => Path.Combine(_directory, "data");

    /// <summary>The cluster of this test process, for tests that do not kill it. It does not sync: nothing here outlives the machine.</summary>
    public static Task<PostgresCluster> SharedAsync() => Shared.Value;

    /// <summary>A cluster of the caller's own; durable means with the syncs a production server makes.</summary>
    public static async Task<PostgresCluster> StartNewAsync(bool durable)
    {
        SweepLeftovers();
        var directory = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Stopwatch.GetTimestamp():x}"));
        var cluster = new PostgresCluster(directory, durable);
        await MakeItsDirectoryAsync(directory);
        await RunAsServerAsync("initdb", "-N", "-A", "trust", "-U", "kal", "-E", "UTF8", "--locale=C.UTF-8", "-D", cluster.DataDirectory);
        await cluster.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Remove();
        return cluster;
    }

    /// <summary>A directory that the server may write to, such as for a tablespace.</summary>
    public static Task MakeItsDirectoryAsync(string directory)
    {
        Directory.CreateDirectory(directory);
        return Environment.IsPrivilegedProcess ? RunAsync("chown", "postgres:", directory) : Task.CompletedTask;
    }

    /// <summary>Processor time of the server and its present children. What a child used that has ended is not counted.</summary>
    public TimeSpan ProcessorTime => ChildrenOf(ProcessId).Append(ProcessId).Aggregate(TimeSpan.Zero, (sum, id) => sum + ProcessorTimeOf(id));

    /// <summary>Starts the server again after <see cref="Kill"/>; recovery included, it accepts connections when this returns.</summary>
    public async Task StartAsync()
    {
        string[] always = ["-D", DataDirectory, "-c", "listen_addresses=", "-c", "unix_socket_directories=" + _directory, "-c", "max_connections=200", "-c", "shared_buffers=128MB", "-c", "log_min_messages=fatal"];
        // Our own child and not pg_ctl's, which would leave it to process 1: that one may never bury it when it is killed (in a container), and a dead server
        // that still has its number keeps the next from starting.
        _server?.Dispose();
        _server = StartAsServer("postgres", _durable ? always : [.. always, "-c", "fsync=off", "-c", "full_page_writes=off"]);
        var said = new ConcurrentQueue<string>();
        _server.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        _server.OutputDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        _server.BeginErrorReadLine();
        _server.BeginOutputReadLine();
        var began = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await ExecuteAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException notYet) when (!_server.HasExited && began.Elapsed < StartWithin)
            {
                _ = notYet;
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
            catch (NpgsqlException never)
            {
                throw new InvalidOperationException($"PostgreSQL does not start: {string.Join(" | ", said)}", never);
            }
        }
    }

    /// <summary>kill -9 of the server's main process and of all it started, as a crash of the machine's database would look. Returns when they are gone.</summary>
    public void Kill()
    {
        // The main one first, so that no more are started; then whoever it started, a moment ago included: one that stays would keep the next start from happening.
        KillOne(ProcessId);
        var gone = SpinWait.SpinUntil(
            () =>
            {
                var left = Processes();
                foreach (var id in left) KillOne(id);
                return left.Count == 0;
            },
            TimeSpan.FromSeconds(10));
        _server?.WaitForExit();
        // What this process still holds open to it is dead as well.
        NpgsqlConnection.ClearAllPools();
        if (!gone) throw new InvalidOperationException("Processes of PostgreSQL do not end although they were killed.");
    }

    /// <summary>The address of one of its databases, as the product takes it.</summary>
    public string UriOf(string database) => $"postgres://kal@/{database}?host={Uri.EscapeDataString(_directory)}";

    /// <summary>An empty database, or one like the pattern, to which nobody may be connected.</summary>
    internal async Task<string> CreateDatabaseAsync(string? pattern = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync(pattern is null ? $"CREATE DATABASE {name}" : $"CREATE DATABASE {name} TEMPLATE {pattern}");
        return name;
    }

    /// <summary>A server that a test killed and did not start again takes its databases with it.</summary>
    internal Task DropDatabaseAsync(string name) => Runs ? ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)") : Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Remove();
        return ValueTask.CompletedTask;
    }

    // A killed test process leaves its server behind; the next one to start a cluster puts that right.
    private static void SweepLeftovers()
    {
        foreach (var directory in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.GetFileName(directory)[Prefix.Length..].Split('-')[0];
            if (Directory.Exists("/proc/" + owner)) continue;
            new PostgresCluster(directory, durable: false).Remove();
        }
    }

    private bool Runs
    {
        get
        {
            var pidFile = Path.Combine(DataDirectory, "postmaster.pid");
            return File.Exists(pidFile) && int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var main) && IsOurs(main);
        }
    }

    private void Remove()
    {
        if (!Directory.Exists(_directory)) return;
        if (Runs) Kill();
        Directory.Delete(_directory, recursive: true);
    }

    private bool IsOurs(int id)
    {
        var commandLine = $"/proc/{id.ToString(CultureInfo.InvariantCulture)}/cmdline";
        return File.Exists(commandLine) && File.ReadAllText(commandLine).Contains(_directory, StringComparison.Ordinal);
    }

    /// <summary>Every process of the server, orphans included: each works in the data directory. A dead one that nobody has buried yet works nowhere.</summary>
    private List<int> Processes() =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _) && WorksHere(name!)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))];

    private bool WorksHere(string id)
    {
        try
        {
            return string.Equals(File.ResolveLinkTarget($"/proc/{id}/cwd", returnFinalTarget: false)?.FullName, DataDirectory, StringComparison.Ordinal);
        }
        catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static List<int> ChildrenOf(int parent)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{parent}/task/{parent}/children");
        return File.Exists(path)
            ? File.ReadAllText(path).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => int.Parse(t, CultureInfo.InvariantCulture)).ToList()
            : [];
    }

    private static TimeSpan ProcessorTimeOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.TotalProcessorTime;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return TimeSpan.Zero;
        }
    }

    private static void KillOne(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // Gone already.
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"Host={_directory};Username=kal;Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static Task RunAsServerAsync(string program, params string[] arguments) => FinishAsync(StartAsServer(program, arguments), program, arguments);

    private static Task RunAsync(string program, params string[] arguments) => FinishAsync(Start(program, arguments), program, arguments);

    private static Process StartAsServer(string program, params string[] arguments)
    {
        var path = Requires.PathOf(program) ?? throw new InvalidOperationException(Requires.Missing(program));
        // PostgreSQL refuses to run as root.
        return Environment.IsPrivilegedProcess ? Start("runuser", ["-u", "postgres", "--", path, .. arguments]) : Start(path, arguments);
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/tmp", UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;

    private static async Task FinishAsync(Process process, string program, string[] arguments)
    {
        using (process)
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            await output;
            if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}");
        }
    }
}
