using System.Globalization;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;
using KeyAccountLogistics.TestKit;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>
/// The cable pulled at any byte of any protocol, a thousand times each: decoder and session machine in their own time, as the session's thread calls them. The
/// same over real pseudo-terminals, some dozens of times, is in the edge project.
/// </summary>
public sealed class PulledCableTests(ITestOutputHelper output)
{
    private const int Pulls = 1_000;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private static readonly Mass Parcel = Mass.FromGrams(2340);

    public static TheoryData<string> Protocols => [.. ScaleSimulators.Protocols];

    [Theory]
    [MemberData(nameof(Protocols))]
    public void No_wrong_weight_comes_and_the_scale_is_live_again_within_a_second(string protocol)
    {
        var seed = RunSettings.SeedOr(20_261_012);
        var chance = RunSettings.RandomOf(seed);
        var frame = Wire.Frame(protocol, Parcel);
        var cable = new Cable(protocol, frame);
        cable.Plug([]);
        for (var pull = 0; pull < Pulls; pull++)
        {
            var torn = Wire.Frame(protocol, Parcel + Mass.FromGrams(1 + chance.Next(50_000)));
            var cut = chance.Next(1, torn.Length);
            cable.Receive(torn.AsSpan(0, cut));
            cable.Pull();
            cable.Plug(torn.AsSpan(cut));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {Pulls} pulls, live again after {cable.Slowest.TotalMilliseconds} ms at most, {cable.Weights} weights"));
    }

    /// <summary>What a session does around decoder and machine, with a scale that repeats itself or answers at once.</summary>
    private sealed class Cable : IReadingSink
    {
        private readonly string _protocol;
        private readonly byte[] _frame;
        private readonly IDecoder _decoder;
        private readonly SessionMachine _machine;
        private readonly bool _streams;
        private TimeSpan _now = TimeSpan.FromSeconds(1);
        private TimeSpan _lastByte;

        internal Cable(string protocol, byte[] frame)
        {
            _protocol = protocol;
            _frame = frame;
            var dialect = Wire.Dialect(protocol, Wire.Commissioned(protocol, frame));
            _decoder = dialect.NewDecoder();
            _machine = new SessionMachine(dialect, _decoder.FrameBytesMax, SessionTiming.Default);
            _streams = dialect.Poll is null;
        }

        internal TimeSpan Slowest { get; private set; }

        internal long Weights { get; private set; }

        internal void Pull()
        {
            _decoder.Reset();
            _machine.LineLost("pulled");
        }

        /// <summary>The rest of what was on its way when the cable was pulled comes first; then whole frames, three of them read.</summary>
        internal void Plug(ReadOnlySpan<byte> rest)
        {
            _machine.Opened(_now);
            var opened = _now;
            var before = Weights;
            Receive(rest);
            if (_protocol is "massa-k") Pass(_decoder.IdleGap);   // five bytes without a mark: their rest is over before a port is open again
            while (Weights < before + 3)
            {
                (_now - opened).ShouldBeLessThan(TimeSpan.FromSeconds(Weights == before ? 1 : 5), _protocol);
                var asked = !_machine.Next(_now).Send.IsEmpty;
                if (_streams || asked) Receive(_frame);
                if (_machine.State == DeviceState.Live && Weights == before + 1 && _now - opened > Slowest) Slowest = _now - opened;
                Pass(Period);
            }
            Pass(_decoder.IdleGap);
            _machine.State.ShouldBe(DeviceState.Live);
        }

        internal void Receive(ReadOnlySpan<byte> bytes)
        {
            if (bytes.IsEmpty) return;
            _lastByte = _now;
            _machine.Received(_now, bytes.Length);
            _decoder.Push(bytes, this);
        }

        private void Pass(TimeSpan span)
        {
            _now += span;
            if (_decoder.Pending && _now - _lastByte >= _decoder.IdleGap) _decoder.FlushIdle(this);
        }

        public void OnWeight(in WeightReading reading)
        {
            if (reading.Mass is { } mass)
            {
                mass.ShouldBe(Parcel, _protocol);
                Weights++;
            }
            _machine.Accepted(_now);
        }

        public void OnScan(ScanReading reading) => throw new InvalidOperationException("a scale gave a scan");

        public void OnRejected(in RejectedFrame rejected) => _machine.Rejected();

        public void OnReply(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
