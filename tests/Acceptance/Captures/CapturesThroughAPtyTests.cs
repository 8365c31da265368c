using System.Diagnostics;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Pty;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Acceptance.Captures;

/// <summary>
/// Property (a): every captured frame, written to a pseudo-terminal and read by a device session, gives what the capture file
/// says, or the fault its note names.
/// </summary>
public sealed class CapturesThroughAPtyTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>
    /// Notes that name a fault instead of a weight, by the words they use. Each note without grams must be found here: a row nobody thought of fails.
    /// </summary>
    private static readonly (string Note, Func<Outcome, bool> Holds)[] NamedFaults =
    [
        ("data available", o => o.Condition == Condition.Other),
        ("probe answer", o => o.Condition == Condition.Other),
        ("under zero", o => o.Condition == Condition.Under),
        ("center of zero", o => o.Condition == Condition.Other),
        ("scale in motion", o => o.Condition == Condition.Other),
        ("below minimum weight", o => o.Condition == Condition.Under),
        ("under capacity", o => o.Condition == Condition.Under),
        ("unrecognised command", o => o.Condition == Condition.Fault),
        ("S answer: at zero", o => o.Condition == Condition.Other),
        ("needs calibration", o => o.Condition == Condition.Fault),
        ("needs re-zero", o => o.Condition == Condition.Fault),
        ("EOT alone", o => o.Condition == Condition.Over),
        ("accepted, in progress", o => o.Condition == Condition.Other),
        ("scale not level", o => o.Condition == Condition.Fault),
        ("zero error", o => o.Condition == Condition.Fault),
        ("over capacity", o => o.Condition == Condition.Over),
        ("count", o => o.Condition == Condition.Other && o.Weight!.Value.Unit == "pcs" && o.Weight.Value.Number > 0),
        ("must be discarded", o => o.Rejected is not null),
        ("model/capacity", o => o.Condition == Condition.Other),
        ("overload", o => o.Condition == Condition.Over),
        ("underload", o => o.Condition == Condition.Under),
        ("not executable", o => o.Condition == Condition.NotExecutable),
        ("lower zero range exceeded", o => o.Condition == Condition.NotExecutable),
        ("zero ok", o => o.Condition == Condition.Other),
        ("zeroed", o => o.Condition == Condition.Other),
        ("logical error", o => o.Condition == Condition.Fault),
        ("syntax error", o => o.Condition == Condition.Fault),
        ("10 pieces", o => o.Condition == Condition.Other && o.Weight!.Value.Unit == "pcs" && o.Weight.Value.Number == 10),
        ("power-up zero not captured", o => o.Condition == Condition.Fault),
        ("expand x10", o => o.Rejected is RejectReason.Display),
        ("out of range", o => o.Condition is Condition.Over or Condition.Under),
        ("bad XOR", o => o.Rejected is RejectReason.Checksum),
        ("reject", o => o.Rejected is not null),
        ("accept", o => o.Scan is not null),
        ("decode \"1234\"", o => o.Scan?.Text == "1234"),
        ("error", o => o.Condition == Condition.Fault),
        ("net", o => o.Condition == Condition.Other),   // an 8217's status alone
    ];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "kal-captures-" + Path.GetRandomFileName());

    [AcceptanceFact("captures")]
    public void Every_row_reads_as_expected()
    {
        var built = ProtocolList.All.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        var all = CaptureRow.ReadAll(AcceptanceFolder.At("captures", "captures.tsv"));
        all.Select(row => row.Protocol).ShouldAllBe(id => built.Contains(id));
        all.ShouldNotBeEmpty();
        var contradicted = new List<string>();
        foreach (var protocol in all.GroupBy(row => row.Protocol, StringComparer.Ordinal))
        {
            using var bench = new CaptureBench(_folder, protocol.Key);
            foreach (var row in protocol)
            {
                var what = row.FromHost ? UnknownCommand(row) : Contradiction(row, bench.Replay(row.Frame));
                if (what is not null) contradicted.Add($"{row}: {what}");
            }
            output.WriteLine($"{protocol.Key}: {protocol.Count()} rows");
        }
        contradicted.ShouldBeEmpty();
    }

    /// <summary>What the host sends must be a command of the protocol in one of its modes.</summary>
    private static string? UnknownCommand(CaptureRow row)
    {
        var protocol = ProtocolList.Find(row.Protocol)!;
        string?[] modes = [null, "poll", "poll-stable", "poll-net", "poll-tare", "stream"];
        var known = modes.SelectMany(mode => Commands(protocol, mode)).Any(command => command.Span.SequenceEqual(row.Frame));
        return known ? null : "no command of this protocol";
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Commands(Protocol protocol, string? mode)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        if (mode is not null) options["mode"] = mode;
        Dialect dialect;
        try
        {
            dialect = protocol.Configure(new ProtocolSettings { Options = options });
        }
        catch (ProtocolSettingsException)
        {
            return [];   // a protocol without this mode
        }
        var commands = dialect.Commands;
        ReadOnlyMemory<byte>?[] all = [dialect.Poll?.Command, commands.Start, commands.Zero, commands.Tare, commands.ClearTare, commands.Print, commands.Cancel, commands.Identify];
        return all.OfType<ReadOnlyMemory<byte>>();
    }

    private static string? Contradiction(CaptureRow row, Outcome outcome)
    {
        if (row.Grams is { } grams) return WeightContradiction(row, grams, outcome);
        var named = NamedFaults.FirstOrDefault(fault => row.Note.Contains(fault.Note, StringComparison.OrdinalIgnoreCase));
        if (named.Note is null) return "its note names no fault known here";
        if (outcome.Weight?.Mass is not null) return $"a weight of {outcome.Weight.Value.Mass} came instead of '{named.Note}'";
        if (!named.Holds(outcome)) return $"came as {outcome} instead of '{named.Note}'";
        return outcome.Weight is { } weight ? FlagContradiction(row, weight) : null;
    }

    /// <summary>Without a weight the row still says what the frame carries of stability, unit and basis.</summary>
    private static string? FlagContradiction(CaptureRow row, in WeightReading reading)
    {
        if (reading.Stability != row.Stability) return $"the stability is {reading.Stability}";
        if (row.Unit.Length > 0 && (reading.Unit is null || !row.Unit.StartsWith(reading.Unit, StringComparison.Ordinal))) return $"the unit is {reading.Unit ?? "none"}";
        return row.Basis.Length > 0 && reading.Basis != BasisOf(row) ? $"the basis is {reading.Basis}" : null;
    }

    private static Basis BasisOf(CaptureRow row) => row.Basis switch { "net" => Basis.Net, "gross" => Basis.Gross, "tare" => Basis.Tare, _ => Basis.Unknown };

    private static string? WeightContradiction(CaptureRow row, decimal grams, Outcome outcome)
    {
        if (outcome.Weight is not { } weight) return $"no weight came but {outcome}";
        if (weight.Mass is not { } mass || Math.Abs(mass.Grams - grams) > 0.001m) return $"the mass is {weight.Mass}";
        if (weight.Stability != row.Stability) return $"the stability is {weight.Stability}";
        if (!row.Unit.StartsWith(weight.Unit!, StringComparison.Ordinal)) return $"the unit is {weight.Unit}";
        if (weight.Basis != BasisOf(row)) return $"the basis is {weight.Basis}";
        var condition = grams == 0 ? Condition.Zero : grams < 0 ? Condition.Negative : Condition.Ok;
        if (weight.Condition != condition) return $"the condition is {weight.Condition}";
        return weight.Raw.Length == row.Frame.Length && row.Frame.AsSpan().StartsWith(weight.Raw.Span) ? null : $"the raw bytes are {weight.Raw}";
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The one thing a frame became.</summary>
    private sealed record Outcome(WeightReading? Weight, ScanReading? Scan, RejectReason? Rejected)
    {
        internal Condition? Condition => Weight?.Condition;

        public override string ToString() => Weight is { } w ? ReadingJson.Write(w) : Scan is not null ? ReadingJson.Write(Scan) : $"rejected: {Rejected}";
    }

    /// <summary>A session of one protocol over a pseudo-terminal; each frame is written alone and followed by silence.</summary>
    private sealed class CaptureBench : IDeviceSink, IDisposable
    {
        private readonly object _gate = new();
        private readonly List<Outcome> _outcomes = [];
        private readonly PtyDevice _pty;
        private readonly DeviceSession _session;
        private bool _open;

        internal CaptureBench(string folder, string protocol)
        {
            var link = Path.Combine(folder, "device");
            _pty = PtyDevice.Create(link);
            var settings = protocol is "mt-sics" or "kern-kcp"
                ? new ProtocolSettings { Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["mode"] = "stream" } }
                : ProtocolSettings.Default;
            _session = DeviceSession.Create(new DeviceSettings { Id = protocol, Protocol = protocol, Line = link, ProtocolSettings = settings }, this, TimeProvider.System, NullLogger.Instance);
            _session.Start();
            Wait(() => _open, "the line open");
        }

        internal Outcome Replay(byte[] frame)
        {
            lock (_gate) _outcomes.Clear();
            _pty.Write(frame);
            Wait(() => _outcomes.Count > 0, $"an answer to {Convert.ToHexString(frame)}");
            lock (_gate) return _outcomes.ShouldHaveSingleItem();
        }

        public void OnWeight(string deviceId, in WeightReading reading, in Receipt receipt) => Add(new Outcome(reading, null, null));

        public void OnScan(string deviceId, ScanReading reading, in Receipt receipt) => Add(new Outcome(null, reading, null));

        public void OnRejected(string deviceId, in RejectedFrame rejected, in Receipt receipt) => Add(new Outcome(null, null, rejected.Reason));

        public void OnChange(DeviceChange change)
        {
            lock (_gate)
            {
                _open |= change.To is DeviceState.Silent or DeviceState.Live;
                Monitor.PulseAll(_gate);
            }
        }

        private void Add(Outcome outcome)
        {
            lock (_gate)
            {
                _outcomes.Add(outcome);
                Monitor.PulseAll(_gate);
            }
        }

        private void Wait(Func<bool> condition, string what)
        {
            var clock = Stopwatch.StartNew();
            lock (_gate)
            {
                while (!condition())
                {
                    clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5), what);
                    Monitor.Wait(_gate, TimeSpan.FromMilliseconds(100));
                }
            }
        }

        public void Dispose()
        {
            _session.Dispose();
            _pty.Dispose();
        }
    }
}
