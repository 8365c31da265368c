using System.Globalization;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Acceptance.Captures;

/// <summary>Logs of real scales from beginning to end: the whole frames become readings, the torn ones do not, nothing is invented.</summary>
public sealed class RawLogTests(ITestOutputHelper output)
{
    [AcceptanceTheory("captures")]
    [InlineData("DEFENDER3000.bin", "ohaus-defender3000", 454, "0.360", "0.360")]
    [InlineData("SPUN.bin", "ohaus-defender3000", 1_690, "0.0", "117.0")]
    [InlineData("QHW.bin", "tscale-qhw", 509, null, null)]
    public void A_log_gives_its_whole_frames_and_nothing_else(string file, string protocol, int frames, string? lightest, string? heaviest)
    {
        var log = File.ReadAllBytes(AcceptanceFolder.At("captures", "raw", file));
        foreach (var chunk in (int[])[1, 7, 64, log.Length])
        {
            var sink = new KeepingSink();
            var decoder = ProtocolList.Find(protocol)!.Configure(ProtocolSettings.Default).NewDecoder();
            for (var at = 0; at < log.Length; at += chunk) decoder.Push(log.AsSpan(at, Math.Min(chunk, log.Length - at)), sink);
            decoder.FlushIdle(sink);

            sink.Weights.Count.ShouldBe(frames);
            sink.Weights.ShouldAllBe(w => w.Mass != null && w.Stability != StabilityFlag.NotReported && w.Basis == Basis.Gross);
            sink.Weights.Sum(w => w.Raw.Length).ShouldBeLessThanOrEqualTo(log.Length);
            sink.StandsInOrder(log).ShouldBeTrue();
            if (lightest is { } min) sink.Weights.Min(w => w.Mass!.Value.Kilograms).ShouldBe(decimal.Parse(min, CultureInfo.InvariantCulture));
            if (heaviest is { } max) sink.Weights.Max(w => w.Mass!.Value.Kilograms).ShouldBe(decimal.Parse(max, CultureInfo.InvariantCulture));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file} in pieces of {chunk}: {sink.Weights.Count} readings, {sink.Rejected} rejected"));
        }
    }

    private sealed class KeepingSink : IReadingSink
    {
        internal List<WeightReading> Weights { get; } = [];

        internal int Rejected { get; private set; }

        public void OnWeight(in WeightReading reading) => Weights.Add(reading);

        public void OnScan(ScanReading reading) => throw new InvalidOperationException("a scale gave a scan");

        public void OnRejected(in RejectedFrame rejected) => Rejected++;

        public void OnReply(ReadOnlySpan<byte> bytes)
        {
        }

        /// <summary>Each reading's bytes stand in the log, one behind the other.</summary>
        internal bool StandsInOrder(ReadOnlySpan<byte> log)
        {
            foreach (var weight in Weights)
            {
                var at = log.IndexOf(weight.Raw.Span);
                if (at < 0) return false;
                log = log[(at + weight.Raw.Length)..];
            }
            return true;
        }
    }
}
