using System.Diagnostics;
using System.Globalization;
using System.Text;
using KeyAccountLogistics.Benchmarks.Reports;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;

namespace KeyAccountLogistics.Benchmarks.Edge;

/// <summary>
/// Every scale decoder on the frames of its simulator, one push a frame as the lines deliver them, beside the few lines a script reads an MT-SICS answer with: text, split,
/// decimal. What is allocated is counted by the runtime, and must be nothing.
/// </summary>
internal static class DecoderBench
{
    private const int FramesEach = 256;
    private const int PassesEach = 8;
    private const int Spans = 100;

    internal static void Run(Targets targets)
    {
        var answers = FramesOf("mt-sics");
        var readers = ScaleSimulators.Protocols.Select(protocol => new Reader(protocol)).ToList();
        // All of them once before any is measured: they share an engine, and the first would be measured while it is still compiled.
        foreach (var reader in readers) NanosecondsOf(reader.Frames, reader.Read);
        NanosecondsOf(answers, frame => _ = Bare(frame));
        var bare = NanosecondsOf(answers, frame => _ = Bare(frame));
        Targets.Say($"edge: bare parse of MT-SICS {bare:F0} ns a frame, {MegabytesOf(answers, bare):F0} MB/s (GetString, Split on blanks, decimal.Parse; no framing, no checks)");
        var (allocated, slowest) = (0.0, 0.0);
        foreach (var reader in readers)
        {
            var nanoseconds = NanosecondsOf(reader.Frames, reader.Read);
            var bytes = AllocatedPerFrame(reader.Frames, reader.Read);
            (allocated, slowest) = (Math.Max(allocated, bytes), Math.Max(slowest, nanoseconds));
            if (reader.Rejected > 0) throw new InvalidOperationException($"{reader.Protocol} rejected {reader.Rejected} frames of its own simulator.");
            Targets.Say($"edge: decoder {reader.Protocol,-20} {MegabytesOf(reader.Frames, nanoseconds),6:F0} MB/s {nanoseconds,6:F0} ns a frame {bytes,3:F0} bytes allocated a frame");
            Targets.Say($"ratio decoder-against-bare-parse-{reader.Protocol} {bare / nanoseconds:0.##}");
        }
        targets.AtLeast("decoder-slowest-against-bare-parse", bare / slowest, 0.25);
        targets.FigureAtMost("decoder-bytes-allocated-per-frame", allocated, 0);
    }

    private static byte[][] FramesOf(string protocol) => [.. Enumerable.Range(1, FramesEach).Select(i => Frame(protocol, Mass.FromGrams(i * 117)))];

    private static byte[] Frame(string protocol, Mass gross)
    {
        var indication = new Indication(gross, Moving: false, Over: false, Under: false);
        return protocol switch
        {
            "mt-sics" or "kern-kcp" => Encoding.ASCII.GetBytes(SicsScaleSimulator.Weight('S', gross, "kg", 3)),
            "toledo-continuous" => ToledoContinuousSimulator.Frame(indication, Mass.Zero, zeroNotCaptured: false, new ToledoSetup()),
            "yaohua-=1" or "yaohua-=2" => YaohuaStreamSimulator.Frame(gross, 3, protocol.EndsWith('1')),
            _ => ScaleWire.All[protocol].Frame(new ScaleDisplay(indication, Mass.Zero))!,
        };
    }

    private static decimal Bare(byte[] frame) =>
        decimal.Parse(Encoding.ASCII.GetString(frame).TrimEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries)[2], CultureInfo.InvariantCulture);

    /// <summary>The best of many short spans: what else the machine does lengthens some, not all.</summary>
    private static double NanosecondsOf(byte[][] frames, Action<byte[]> read)
    {
        var best = double.MaxValue;
        for (var span = 0; span < Spans; span++)
        {
            var clock = Stopwatch.StartNew();
            for (var pass = 0; pass < PassesEach; pass++)
            {
                foreach (var frame in frames) read(frame);
            }
            best = Math.Min(best, clock.Elapsed.TotalNanoseconds / (PassesEach * frames.Length));
        }
        return best;
    }

    private static double AllocatedPerFrame(byte[][] frames, Action<byte[]> read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var frame in frames) read(frame);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)frames.Length;
    }

    private static double MegabytesOf(byte[][] frames, double nanoseconds) => frames.Average(frame => (double)frame.Length) / nanoseconds * 1_000;

    private sealed class Reader : IReadingSink
    {
        private readonly IDecoder _decoder;
        private readonly bool _silenceEnds;

        internal Reader(string protocol)
        {
            Protocol = protocol;
            Frames = FramesOf(protocol);
            _decoder = ProtocolList.Find(protocol)!.Configure(ProtocolSettings.Default).NewDecoder();
            _silenceEnds = protocol is "massa-k";
        }

        internal string Protocol { get; }

        internal byte[][] Frames { get; }

        internal long Rejected { get; private set; }

        internal void Read(byte[] frame)
        {
            _decoder.Push(frame, this);
            if (_silenceEnds) _decoder.FlushIdle(this);
        }

        public void OnWeight(in WeightReading reading)
        {
        }

        public void OnScan(ScanReading reading)
        {
        }

        public void OnRejected(in RejectedFrame rejected) => Rejected++;

        public void OnReply(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
