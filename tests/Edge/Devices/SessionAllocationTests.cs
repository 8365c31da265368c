using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Pty;
using KeyAccountLogistics.Simulators.Scales;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeyAccountLogistics.Edge.Devices;

/// <summary>From the read of the bytes to the sink a live stream allocates nothing.</summary>
public sealed class SessionAllocationTests : IDisposable
{
    private const int Warm = 500;
    private const int Counted = 2_000;
    private readonly DeviceBench _bench = new();

    /// <summary>Asks, on the device's own thread, how much that thread has allocated.</summary>
    private sealed class MeasuringSink : IDeviceSink, IDisposable
    {
        private long _atWarm;
        private int _frames;

        internal int Frames => Volatile.Read(ref _frames);

        internal ManualResetEventSlim Open { get; } = new();

        internal long Allocated { get; private set; } = -1;

        public void OnWeight(string deviceId, in WeightReading reading, in Receipt receipt)
        {
            var frames = _frames + 1;
            if (frames == Warm) _atWarm = GC.GetAllocatedBytesForCurrentThread();
            if (frames == Warm + Counted) Allocated = GC.GetAllocatedBytesForCurrentThread() - _atWarm;
            Volatile.Write(ref _frames, frames);
        }

        public void OnScan(string deviceId, ScanReading reading, in Receipt receipt)
        {
        }

        public void OnRejected(string deviceId, in RejectedFrame rejected, in Receipt receipt)
        {
        }

        public void OnChange(DeviceChange change) => Open.Set();

        public void Dispose() => Open.Dispose();
    }

    [Fact]
    public void A_live_stream_allocates_nothing_per_frame()
    {
        var pty = _bench.Own(PtyDevice.Create(_bench.Link()));
        var sink = _bench.Own(new MeasuringSink());
        var session = _bench.Own(DeviceSession.Create(
            new DeviceSettings { Id = "stream", Protocol = "toledo-continuous", Line = _bench.Link() }, sink, TimeProvider.System, NullLogger.Instance));
        session.Start();
        sink.Open.Wait(TimeSpan.FromSeconds(5)).ShouldBeTrue();
        var frame = ToledoContinuousSimulator.Frame(new Indication(Mass.FromGrams(2340), false, false, false), Mass.Zero, false, new ToledoSetup());
        for (var i = 0; i < Warm + Counted; i++)
        {
            pty.Write(frame);
            var expected = i + 1;
            SpinWait.SpinUntil(() => sink.Frames == expected, TimeSpan.FromSeconds(5)).ShouldBeTrue();
        }
        sink.Allocated.ShouldBe(0);
    }

    public void Dispose() => _bench.Dispose();
}
