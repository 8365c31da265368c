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
    private static readonly Lazy<Task<PostgresCluster>> Shared = new(() => StartNewAsync(durable: false));
    private readonly string _directory;
    private readonly bool _durable;
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
        Directory.CreateDirectory(directory);
        var cluster = new PostgresCluster(directory, durable);
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", "postgres:", directory);
        await cluster.RunAsServerAsync("initdb", "-N", "-A", "trust", "-U", "kal", "-E", "UTF8", "--locale=C.UTF-8", "-D", cluster.DataDirectory);
        await cluster.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Remove();
        return cluster;
    }

    /// <summary>Processor time of the server and its present children. What a child used that has ended is not counted.</summary>
    public TimeSpan ProcessorTime => ChildrenOf(ProcessId).Append(ProcessId).Aggregate(TimeSpan.Zero, (sum, id) => sum + ProcessorTimeOf(id));

    /// <summary>Starts the server again after <see cref="Kill"/>; recovery included, it accepts connections when this returns.</summary>
    public Task StartAsync()
    {
        var settings = $"-c listen_addresses='' -c unix_socket_directories='{_directory}' -c max_connections=200 -c shared_buffers=128MB -c log_min_messages=fatal";
        if (!_durable) settings += " -c fsync=off -c full_page_writes=off";
        return RunAsServerAsync("pg_ctl", "-w", "-t", "60", "-D", DataDirectory, "-l", Path.Combine(_directory, "log"), "-o", settings, "start");
    }

    /// <summary>kill -9 of the server's main process and of all it started, as a crash of the machine's database would look. Returns when they are gone.</summary>
    public void Kill()
    {
        var main = ProcessId;
        var children = ChildrenOf(main);
        foreach (var id in children.Prepend(main)) KillOne(id);
        SpinWait.SpinUntil(() => children.Prepend(main).All(id => !Directory.Exists("/proc/" + id.ToString(CultureInfo.InvariantCulture)) || IsZombie(id)), TimeSpan.FromSeconds(10));
    }

    /// <summary>The address of one of its databases, as the product takes it.</summary>
    public string UriOf(string database) => $"postgres://kal@/{database}?host={Uri.EscapeDataString(_directory)}";

    internal async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync($"CREATE DATABASE {name}");
        return name;
    }

    internal Task DropDatabaseAsync(string name) => ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

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

    private void Remove()
    {
        if (!Directory.Exists(_directory)) return;
        var pidFile = Path.Combine(DataDirectory, "postmaster.pid");
        if (File.Exists(pidFile) && int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var main) && IsOurs(main)) Kill();
        Directory.Delete(_directory, recursive: true);
    }

    private bool IsOurs(int id)
    {
        var commandLine = $"/proc/{id.ToString(CultureInfo.InvariantCulture)}/cmdline";
        return File.Exists(commandLine) && File.ReadAllText(commandLine).Contains(_directory, StringComparison.Ordinal);
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

    private static bool IsZombie(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].StartsWith('Z');
        }
        catch (IOException)
        {
            return true;
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

    private Task RunAsServerAsync(string program, params string[] arguments)
    {
        var path = Requires.PathOf(program) ?? throw new InvalidOperationException(Requires.Missing(program));
        // PostgreSQL refuses to run as root.
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = "/tmp", UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var error = program is "runuser" && arguments.Contains("start") ? Task.FromResult("see the server's log") : process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}");
    }
}
