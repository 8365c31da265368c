using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Benchmarks.Reports;
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
/// <c>bench edge</c>: every decoder; the device line alone; from the wire to the durable verdict beside a bare read-parse-insert; what device threads do while nothing happens; and live verdicts
/// while a backlog drains into the real backend.
/// </summary>
internal static class EdgeBench
{
    // Visited again and again: agent and backend keep what stands in the depot, and only the drain is to be seen in the memory, not a stock that grows with it.
    private const int BacklogParcels = 60_000;

    internal static async Task<int> RunAsync(string[] args)
    {
        var options = new Arguments(args);
        var samples = options.Number("--samples", 300);
        var idleSeconds = options.Number("--idle-seconds", 60);
        var backlog = options.Number("--backlog", 900_000);
        var targets = new Targets();
        if (options.Text("--only") is not "lines") DecoderBench.Run(targets);
        if (options.Text("--only") is "decoders") return targets.ExitCode;
        var folder = Directory.CreateTempSubdirectory("kal-bench-edge-").FullName;
        try
        {
            await LinesBench.RunAsync(folder, options.Number("--lines", 2_000), options.Number("--device-seconds", 20), targets);
            if (options.Text("--only") is "lines") return targets.ExitCode;
            BenchStation.Prepare(Path.Combine(folder, "data"), (samples * 2) + 100_000);
            await using (var station = await BenchStation.StartAsync(folder, new Uri("http://127.0.0.1:9"))) await WireAsync(station, folder, samples, targets);
            await using (await BenchStation.StartAsync(folder, new Uri("http://127.0.0.1:9"), silent: true)) await IdleAsync(idleSeconds, targets);
            if (backlog > 0) await DrainAsync(folder, backlog, samples, targets);
            return targets.ExitCode;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Alternating, so that what the machine does besides hits both; the first tenth warms up.</summary>
    private static async Task WireAsync(BenchStation station, string folder, int samples, Targets targets)
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
        targets.AtMost("edge-wire-to-verdict", Percentile(agent, 50) / Percentile(peer, 50), 1.5);
    }

    /// <summary>Voluntary switches of the device threads, by the kernel's own count, while nothing comes over the lines.</summary>
    private static async Task IdleAsync(int seconds, Targets targets)
    {
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);   // the scale becomes silent first
        var before = Switches();
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        var after = Switches();
        foreach (var (thread, count) in before) Say($"edge: thread {thread}: {after[thread] - count} voluntary switches in {seconds} idle seconds");
        targets.FigureAtMost("edge-idle-voluntary-switches", before.Sum(t => after[t.Key] - t.Value), 0);
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

    /// <summary>
    /// Idle and draining are the same station on the same backend, one before, between and after the other, so that only the drain differs: the machine's own moods are in
    /// both. Memory is looked at after a full collection, between two weighings.
    /// </summary>
    private static async Task DrainAsync(string folder, int backlog, int samples, Targets targets)
    {
        // The backend is another machine in life: here its database lies in memory, so that its syncs do not queue with the agent's on one disk.
        Environment.SetEnvironmentVariable("TMPDIR", "/dev/shm");
        await using var backend = await BackendFixture.StartAsync(Engine.Sqlite);
        var code = await new Agents.AgentsClient(await backend.AsAdministratorAsync()).CreateEnrolmentCodeAsync(new CreateEnrolmentCodeRequest { Depot = BenchStation.Depot, Name = "bench" });
        var enrolled = await EnrolAgent.RunAsync(BenchStation.Configuration(folder, backend.Grpc), code.Code, "bench", CancellationToken.None);
        if (!enrolled.IsOk) throw new InvalidOperationException(enrolled.Fault.Message);
        var (idle, live, memory) = (new List<double>(), new List<double>(), new List<Memory>());
        var next = samples + 1;
        await using (var station = await BenchStation.StartAsync(folder, backend.Grpc)) next = await WeighIdleAsync(station, next, samples, idle);
        await FillAsync(Path.Combine(folder, "data", "journal"), backlog);
        TimeSpan drained;
        await using (var station = await BenchStation.StartAsync(folder, backend.Grpc))
        {
            var clock = Stopwatch.StartNew();
            for (var left = backlog; left > 0; left = BacklogOf(station))
            {
                // The start is a third in: what is loaded once, on either side, is loaded by then.
                if (left <= backlog * (0.67 - (0.3 * memory.Count))) memory.Add(Memory.Now(backlog - left));
                live.Add(await station.WeighAsync(next++));
            }
            drained = clock.Elapsed;
            memory.Add(Memory.Now(backlog));
            await WeighIdleAsync(station, next, samples, idle);
        }
        Say($"edge: {backlog} events drained into the backend (SQLite in memory, in this process) in {drained.TotalSeconds:F1} s: {backlog / drained.TotalSeconds:F0} events/s; ten times the live rate is 50/s");
        Say($"edge: idle, before and after: {idle.Count} verdicts, p50 {Percentile(idle, 50):F0} us, p95 {Percentile(idle, 95):F0} us");
        Say($"edge: while draining: {live.Count} verdicts beside captures of {BacklogParcels} parcels, p50 {Percentile(live, 50):F0} us, p95 {Percentile(live, 95):F0} us");
        foreach (var m in memory) Say($"edge: after {m.Drained} events: {m.Heap >> 20} MiB managed, {m.Resident >> 20} MiB resident (agent and backend together, after a collection)");
        targets.FigureAtLeast("edge-drain-per-second", Math.Floor(backlog / drained.TotalSeconds), 50);
        targets.AtMost("edge-live-p95-while-draining", Percentile(live, 95) / Percentile(idle, 95), 1.5);
        targets.AtMost("edge-memory-end-to-start", (double)memory[^1].Resident / memory[0].Resident, 1.25);
    }

    private static int BacklogOf(BenchStation station) => checked((int)station.Host.Journal.Unsent().Where(static r => !r.OfThisProcess).Sum(static r => r.Count));

    private static async Task<int> WeighIdleAsync(BenchStation station, int first, int samples, List<double> idle)
    {
        // The first ones warm up.
        for (var i = 0; i < samples / 10; i++) await station.WeighAsync(first++);
        for (var i = 0; i < samples; i++) idle.Add(await station.WeighAsync(first++));
        return first;
    }

    private readonly record struct Memory(int Drained, long Heap, long Resident)
    {
        internal static Memory Now(int drained)
        {
            var heap = GC.GetTotalMemory(forceFullCollection: true);
            using var self = Process.GetCurrentProcess();
            return new Memory(drained, heap, self.WorkingSet64);
        }
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
            Kind = ((number / BacklogParcels) + number) % 2 == 0 ? EventKind.Scanned : EventKind.Weighed,
            Parcel = BenchStation.Code(2_000_000 + (number % BacklogParcels)),
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

    private static void Say(FormattableString text) => Targets.Say(text);
}
