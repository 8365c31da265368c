using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.EdgeAgent.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeyAccountLogistics.Benchmarks.Edge;

/// <summary>
/// <c>bench edge</c>: from the wire to the durable verdict beside a bare read-parse-insert; what device threads do while nothing happens; and live verdicts
/// while a backlog drains into the real backend.
/// </summary>
internal static class EdgeBench
{
    internal static async Task<int> RunAsync(string[] args)
    {
        var samples = Number(args, "--samples", 300);
        var idleSeconds = Number(args, "--idle-seconds", 60);
        var backlog = Number(args, "--backlog", 60_000);
        var folder = Directory.CreateTempSubdirectory("kal-bench-edge-").FullName;
        try
        {
            BenchStation.Prepare(Path.Combine(folder, "data"), (samples * 2) + 100_000);
            double idleP95;
            await using (var station = await BenchStation.StartAsync(folder, new Uri("http://127.0.0.1:9")))
            {
                idleP95 = await WireAsync(station, folder, samples);
            }
            await using (await BenchStation.StartAsync(folder, new Uri("http://127.0.0.1:9"), silent: true)) await IdleAsync(idleSeconds);
            if (backlog > 0) await DrainAsync(folder, backlog, samples, idleP95);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Alternating, so that what the machine does besides hits both; the first tenth warms up.</summary>
    private static async Task<double> WireAsync(BenchStation station, string folder, int samples)
    {
        using var bare = new BareInsert(folder);
        var (agent, peer) = (new List<double>(samples), new List<double>(samples));
        for (var i = 0; i < samples; i++)
        {
            agent.Add(await station.WeighAsync(i));
            peer.Add(await bare.WeighAsync());
        }
        var warm = samples / 10;
        agent.RemoveRange(0, warm);
        peer.RemoveRange(0, warm);
        Say($"edge: {agent.Count} weighings, wire to durable verdict p50 {Percentile(agent, 50):F0} us, p95 {Percentile(agent, 95):F0} us");
        Say($"edge: bare read-parse-insert p50 {Percentile(peer, 50):F0} us, p95 {Percentile(peer, 95):F0} us ({BareInsert.Settings})");
        Say($"ratio edge-wire-to-verdict {Percentile(agent, 50) / Percentile(peer, 50):F2}");
        return Percentile(agent, 95);
    }

    /// <summary>Voluntary switches of the device threads, by the kernel's own count, while nothing comes over the lines.</summary>
    private static async Task IdleAsync(int seconds)
    {
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);   // the scale becomes silent first
        var before = Switches();
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        var after = Switches();
        foreach (var (thread, count) in before) Say($"edge: thread {thread}: {after[thread] - count} voluntary switches in {seconds} idle seconds");
        Say($"figure edge-idle-voluntary-switches {before.Sum(t => after[t.Key] - t.Value)}");
    }

    private static Dictionary<string, long> Switches()
    {
        var switches = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var task in Directory.GetDirectories("/proc/self/task"))
        {
            var name = File.ReadAllText(Path.Combine(task, "comm")).Trim();
            if (!name.StartsWith("bench-sc", StringComparison.Ordinal)) continue;
            var line = File.ReadLines(Path.Combine(task, "status")).First(static l => l.StartsWith("voluntary_ctxt_switches", StringComparison.Ordinal));
            switches[name] = long.Parse(line.Split(':')[1].Trim(), CultureInfo.InvariantCulture);
        }
        return switches;
    }

    private static async Task DrainAsync(string folder, int backlog, int samples, double idleP95)
    {
        await FillAsync(Path.Combine(folder, "data", "journal"), backlog);
        // The backend is another machine in life: here its database lies in memory, so that its syncs do not queue with the agent's on one disk.
        Environment.SetEnvironmentVariable("TMPDIR", "/dev/shm");
        await using var backend = await BackendFixture.StartAsync(Engine.Sqlite);
        var code = await new Agents.AgentsClient(await backend.AsAdministratorAsync()).CreateEnrolmentCodeAsync(new CreateEnrolmentCodeRequest { Depot = BenchStation.Depot, Name = "bench" });
        var enrolled = await EnrolAgent.RunAsync(BenchStation.Configuration(folder, backend.Grpc), code.Code, "bench", CancellationToken.None);
        if (!enrolled.IsOk) throw new InvalidOperationException(enrolled.Fault.Message);
        GC.Collect();
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        await using var station = await BenchStation.StartAsync(folder, backend.Grpc);
        var clock = Stopwatch.StartNew();
        var live = new List<double>();
        long memoryMax = 0;
        TimeSpan? drained = null;
        for (var i = 0; drained is null || live.Count < 20; i++)
        {
            live.Add(await station.WeighAsync(samples + 1 + i));
            memoryMax = Math.Max(memoryMax, GC.GetTotalMemory(forceFullCollection: false));
            if (station.Host.Journal.Unsent().All(static range => range.OfThisProcess)) drained ??= clock.Elapsed;
        }
        Say($"edge: {backlog} events drained into the backend (SQLite in memory, in this process) in {drained!.Value.TotalSeconds:F1} s: {backlog / drained.Value.TotalSeconds:F0} events/s; ten times the live rate is 50/s");
        Say($"edge: {live.Count} live verdicts meanwhile, p50 {Percentile(live, 50):F0} us, p95 {Percentile(live, 95):F0} us");
        Say($"edge: managed memory {memory >> 20} MiB before, at most {memoryMax >> 20} MiB while draining (agent and backend together)");
        Say($"ratio edge-live-p95-while-draining {Percentile(live, 95) / idleP95:F2}");
    }

    /// <summary>A backlog as a cut line leaves it: captures of realistic size, journalled by a process that is gone.</summary>
    private static async Task FillAsync(string directory, int backlog)
    {
        using var journal = CaptureJournal.Open(new JournalOptions { Directory = directory }, new LinuxFiles(), new RandomIds(TimeProvider.System), NullLogger.Instance);
        var ids = new RandomIds(TimeProvider.System);
        var clock = Stopwatch.StartNew();
        for (var done = 0; done < backlog;)
        {
            var group = new ReadOnlyMemory<byte>[Math.Min(200, backlog - done)];
            for (var i = 0; i < group.Length; i++) group[i] = Capture(ids, done + i).ToByteArray();
            var answer = await journal.AppendAsync(group);
            if (!answer.Accepted) throw new IOException(answer.Refused!.Message);
            done += group.Length;
        }
        var bytes = Directory.GetFiles(directory, "*.seg").Sum(static f => new FileInfo(f).Length);
        Say($"edge: {backlog} events buffered in {clock.Elapsed.TotalSeconds:F1} s, {bytes / (1024.0 * 1024):F0} MiB on disk, {bytes / backlog} bytes each");
    }

    private static ParcelEvent Capture(RandomIds ids, int number)
    {
        var at = TimeProvider.System.Now().ToUnixMicros();
        var fact = new ParcelEvent
        {
            Id = KeyAccountLogistics.EdgeAgent.Stations.FactMaker.ToBytes(ids.New()),
            Kind = number % 2 == 0 ? EventKind.Scanned : EventKind.Weighed,
            Parcel = BenchStation.Code(2_000_000 + (number / 2)),
            CapturedAtUs = at,
            MonotonicUs = number + 1,
            Node = BenchStation.Depot,
            Station = "S1",
            Actor = "p-1",
        };
        if (fact.Kind == EventKind.Scanned) fact.Scan = new Scan { Raw = ByteString.CopyFromUtf8("]C0" + fact.Parcel), Symbology = "]C0", Text = fact.Parcel };
        else
        {
            fact.Weight = new Weight { MassMg = 2_000_000, NumberSent = "2.000", UnitSent = "kg", Purpose = WeightPurpose.Depot, Protocol = "mt-sics", Scale = new Scale { Device = "bench-scale", Serial = "1", AccuracyClass = "III", IntervalMg = 10_000, CapacityMg = 30_000_000, MinimumMg = 200_000 } };
            for (var i = 0; i < 5; i++) fact.Weight.Frames.Add(ByteString.CopyFrom(BenchStation.Frame('S', 2.000m)));
        }
        return fact;
    }

    private static double Percentile(List<double> values, int percent)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];
    }

    private static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
