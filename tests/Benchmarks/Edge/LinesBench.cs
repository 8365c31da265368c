using System.Diagnostics;
using System.Globalization;
using KeyAccountLogistics.Benchmarks.Reports;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Simulators.Pty;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeyAccountLogistics.Benchmarks.Edge;

/// <summary>
/// The device line alone: from bytes on the wire to the decoded reading, beside a blocking read that decodes nothing and beside a loop that looks every millisecond; and what
/// sixteen devices cost, in processor time of their threads by the kernel's own count.
/// </summary>
internal static class LinesBench
{
    private const int Devices = 16;
    private const int LinesPerSecond = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly byte[] Line = BenchStation.Frame('S', 2.000m);

    internal static async Task RunAsync(string folder, int lines, int seconds, Targets targets)
    {
        await LatencyAsync(folder, lines, targets);
        // One after the other, twice, so that what the machine does besides hits both.
        var (session, bare) = (0.0, 0.0);
        for (var round = 0; round < 2; round++)
        {
            bare += await CostAsync(folder, seconds, static path => new BareReader(path, TimeSpan.Zero));
            session += await CostAsync(folder, seconds, static path => new SessionReader(path));
        }
        var count = 2.0 * seconds * Devices * LinesPerSecond;
        Targets.Say($"edge: {Devices} devices at {LinesPerSecond} lines/s: {session / count:F1} us a line in the sessions' threads (poll, read, decode, deliver), {bare / count:F1} us in bare blocking read loops; {session / (2e4 * seconds):F2} % of a core");
        targets.AtMost("edge-16-devices-cpu", session / bare, 1.5);
    }

    private static async Task LatencyAsync(string folder, int lines, Targets targets)
    {
        var (ours, bare, polled) = (new List<double>(lines), new List<double>(lines), new List<double>(lines));
        using var session = new Wire(folder, "session", static path => new SessionReader(path));
        using var blocking = new Wire(folder, "blocking", static path => new BareReader(path, TimeSpan.Zero));
        using var polling = new Wire(folder, "polling", static path => new BareReader(path, TimeSpan.FromMilliseconds(1)));
        for (var i = 0; i < lines; i++)
        {
            ours.Add(await session.SendAsync());
            bare.Add(await blocking.SendAsync());
            polled.Add(await polling.SendAsync());
        }
        foreach (var list in (List<double>[])[ours, bare, polled]) list.RemoveRange(0, lines / 10);
        Targets.Say($"edge: wire to reading, {ours.Count} lines of {Line.Length} bytes, one each {Pause.TotalMilliseconds:F0} ms and more: p50 {P(ours, 50):F0} us, p95 {P(ours, 95):F0} us");
        Targets.Say($"edge: bare blocking read, no decoding: p50 {P(bare, 50):F0} us, p95 {P(bare, 95):F0} us; a loop that looks every millisecond: p50 {P(polled, 50):F0} us, p95 {P(polled, 95):F0} us");
        targets.AtMost("edge-wire-to-reading", P(ours, 50) / P(bare, 50), 1.5);
        targets.AtLeast("edge-polling-to-reading", P(polled, 50) / P(ours, 50), 8);
    }

    private static async Task<double> CostAsync(string folder, int seconds, Func<string, LineReader> read)
    {
        var wires = Enumerable.Range(0, Devices).Select(i => new Wire(folder, string.Create(CultureInfo.InvariantCulture, $"cost-{i}"), read)).ToList();
        try
        {
            await SendAllAsync(wires, LinesPerSecond);
            var before = wires.Sum(static w => w.CpuMicros);
            await SendAllAsync(wires, LinesPerSecond * seconds);
            return wires.Sum(static w => w.CpuMicros) - before;
        }
        finally
        {
            foreach (var wire in wires) wire.Dispose();
        }
    }

    private static async Task SendAllAsync(List<Wire> wires, int lines)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / LinesPerSecond));
        for (var i = 0; i < lines && await pace.WaitForNextTickAsync(); i++)
        {
            foreach (var wire in wires) wire.Send();
        }
    }

    private static double P(List<double> values, int percent)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];
    }

    /// <summary>A pseudo-terminal with a reader at its end.</summary>
    private sealed class Wire : IDisposable
    {
        private readonly PtyDevice _device;
        private readonly LineReader _reader;

        internal Wire(string folder, string name, Func<string, LineReader> read)
        {
            _device = PtyDevice.Create(Path.Combine(folder, name));
            _reader = read(Path.Combine(folder, name));
        }

        internal double CpuMicros => _reader.CpuMicros;

        internal void Send() => _device.Write(Line);

        /// <summary>Microseconds from the write to the reading.</summary>
        internal async Task<double> SendAsync()
        {
            await Task.Delay(Pause, TimeProvider.System);
            var at = Stopwatch.GetTimestamp();
            _device.Write(Line);
            if (!await _reader.Read.WaitAsync(TimeSpan.FromSeconds(30))) throw new TimeoutException("A line was not read.");
            return Stopwatch.GetElapsedTime(at, Volatile.Read(ref _reader.ReadAt)).TotalMicroseconds;
        }

        public void Dispose()
        {
            _device.Dispose();
            _reader.Dispose();
        }
    }

    private abstract class LineReader : IDisposable
    {
        private volatile string _stat = "";

        internal long ReadAt;

        internal SemaphoreSlim Read { get; } = new(0);

        /// <summary>Processor time of the reading thread: first figure of /proc's schedstat, nanoseconds.</summary>
        internal double CpuMicros => _stat.Length == 0 ? 0 : long.Parse(File.ReadAllText(_stat).Split(' ')[0], CultureInfo.InvariantCulture) / 1e3;

        protected void Note()
        {
            Volatile.Write(ref ReadAt, Stopwatch.GetTimestamp());
            if (_stat.Length == 0) _stat = $"/proc/self/task/{Path.GetFileName(File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: true)!.FullName)}/schedstat";
            Read.Release();
        }

        public virtual void Dispose() => Read.Dispose();
    }

    /// <summary>As the agent reads.</summary>
    private sealed class SessionReader : LineReader, IDeviceSink
    {
        private readonly DeviceSession _session;

        internal SessionReader(string path)
        {
            _session = DeviceSession.Create(
                new DeviceSettings
                {
                    Id = Path.GetFileName(path), Protocol = "mt-sics", Line = path, Timing = SessionTiming.Default with { StaleAfter = TimeSpan.FromMinutes(10) },
                    ProtocolSettings = new ProtocolSettings { Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["mode"] = "stream" } },
                },
                this, TimeProvider.System, NullLogger.Instance);
            _session.Start();
            SpinWait.SpinUntil(() => _session.Status.State is not (DeviceState.Absent or DeviceState.Opening), TimeSpan.FromSeconds(10));
        }

        public void OnWeight(string deviceId, in WeightReading reading, in Receipt receipt) => Note();

        public void OnScan(string deviceId, ScanReading reading, in Receipt receipt) => throw new InvalidOperationException("No scanner is here.");

        public void OnRejected(string deviceId, in RejectedFrame rejected, in Receipt receipt) => throw new InvalidOperationException($"Refused: {rejected.Note}");

        public void OnChange(DeviceChange change)
        {
            // The end of the bench.
        }

        public override void Dispose()
        {
            _session.Dispose();
            base.Dispose();
        }
    }

    /// <summary>The peer: reads until a line has ended. Blocking, or looking again after each sleep.</summary>
    private sealed unsafe class BareReader : LineReader
    {
        private readonly int _fd;
        private readonly TimeSpan _sleep;
        private readonly Thread _thread;

        internal BareReader(string path, TimeSpan sleep)
        {
            _sleep = sleep;
            _fd = Libc.Open(path, Libc.OpenReadWrite | Libc.OpenNoControllingTty | Libc.OpenCloseOnExec | (sleep > TimeSpan.Zero ? Libc.OpenNonBlocking : 0));
            if (_fd < 0) throw new IOException($"{path} does not open.");
            _thread = new Thread(Run) { IsBackground = true, Name = "bare-read" };
            _thread.Start();
        }

        private void Run()
        {
            var buffer = stackalloc byte[4096];
            while (true)
            {
                var count = Libc.Read(_fd, buffer, 4096);
                if (count > 0)
                {
                    for (var rest = new ReadOnlySpan<byte>(buffer, (int)count); rest.IndexOf((byte)'\n') is >= 0 and var end; rest = rest[(end + 1)..]) Note();
                    continue;
                }
                if (count == 0 || System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Libc.Eagain) return;
                _ = Libc.Poll(null, 0, (int)_sleep.TotalMilliseconds);   // nothing to wait for: sleeps
            }
        }

        public override void Dispose()
        {
            // The other end is gone by now: the read has ended.
            _thread.Join();
            _ = Libc.Close(_fd);
            base.Dispose();
        }
    }
}
