using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;
using KeyAccountLogistics.Simulators.Scanners;

namespace KeyAccountLogistics.Edge.Devices;

/// <summary>Each simulator at one end of a pseudo-terminal, a session at the other.</summary>
public sealed class SimulatedDevicesTests : IDisposable
{
    private static readonly Mass Parcel = Mass.FromGrams(2340);
    private readonly DeviceBench _bench = new();

    [Fact]
    public async Task A_polled_Sics_scale_shows_the_parcel_moving_and_then_stable()
    {
        var scale = _bench.Own(new SicsScaleSimulator(_bench.Link(), new PlatformSettings(), TimeProvider.System));
        _bench.Session("mt-sics", settings: DeviceBench.Options(("interval-ms", "50")));
        _bench.Sink.WaitFor(DeviceState.Live);
        await scale.PlaceAsync(Parcel);
        _bench.Sink.WaitUntil(s => s.Weights.Any(w => w.Mass == Parcel && w.Stability == StabilityFlag.Stable), "the stable weight");
        _bench.Sink.Weights.ShouldContain(w => w.Stability == StabilityFlag.Moving);
        _bench.Sink.Weights.ShouldAllBe(w => w.Basis == Basis.Net && w.Unit == "kg");
    }

    [Fact]
    public async Task A_streaming_Sics_scale_is_started_by_the_session()
    {
        var scale = _bench.Own(new SicsScaleSimulator(_bench.Link(), new PlatformSettings(), TimeProvider.System));
        _bench.Session("mt-sics", settings: DeviceBench.Options(("mode", "stream")));
        _bench.Sink.WaitFor(DeviceState.Live);
        await scale.PlaceAsync(Parcel);
        _bench.Sink.WaitUntil(s => s.Weights.Any(w => w.Mass == Parcel && w.Stability == StabilityFlag.Stable), "the stable weight");
    }

    [Theory]
    [InlineData("yaohua-=1", true)]
    [InlineData("yaohua-=2", false)]
    public async Task A_Yaohua_stream_gives_the_parcel_and_never_a_stability(string protocol, bool reversed)
    {
        var scale = _bench.Own(new YaohuaStreamSimulator(_bench.Link(), new PlatformSettings(), TimeProvider.System, reversed));
        _bench.Session(protocol);
        _bench.Sink.WaitFor(DeviceState.Live);
        await scale.PlaceAsync(Parcel);
        _bench.Sink.WaitUntil(s => s.Weights.Count(w => w.Mass == Parcel) >= 3, "the weight");
        _bench.Sink.Weights.ShouldAllBe(w => w.Stability == StabilityFlag.NotReported);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    public async Task A_Toledo_stream_is_read_with_and_without_checksum_parity_bits_and_clone_bits(bool checksum, bool evenParity, bool cloneBits)
    {
        var setup = new ToledoSetup { Checksum = checksum, EvenParity = evenParity, CloneBits = cloneBits };
        var scale = _bench.Own(new ToledoContinuousSimulator(_bench.Link(), new PlatformSettings(), TimeProvider.System, setup));
        _bench.Session("toledo-continuous");
        _bench.Sink.WaitFor(DeviceState.Live);
        await scale.PlaceAsync(Parcel);
        _bench.Sink.WaitUntil(s => s.Weights.Any(w => w.Mass == Parcel && w.Stability == StabilityFlag.Stable), "the stable weight");
    }

    public static TheoryData<string> WireProtocols => [.. ScaleWire.All.Keys];

    [Theory]
    [MemberData(nameof(WireProtocols))]
    public async Task A_scale_of_any_wire_shows_the_parcel_moving_then_at_rest_then_an_overload_without_a_mass(string protocol)
    {
        var prints = protocol is "mt-ms204" or "jik6cab" or "adam-az";
        var saysRest = protocol is not ("mt-ms204" or "jik6cab" or "adam-az" or "adam-cpwplus" or "yaohua-a9" or "yaohua-command" or "yaohua-a12" or "yaohua-a12e" or "keli" or "dibal-98" or "fairbanks-fbputr");
        var scale = _bench.Own(new WireScaleSimulator(protocol, _bench.Link(), new PlatformSettings(), TimeProvider.System));
        _bench.Session(protocol, settings: protocol is "sartorius-sbi" or "kern-de" ? DeviceBench.Options(("expect-unit", "kg")) : null);
        _bench.Sink.WaitFor(DeviceState.Live);
        await scale.PlaceAsync(Parcel);
        // A print key does not wait for the last gram of settling, so it is pressed again.
        for (var press = 0; prints && press < 10; press++)
        {
            scale.Print();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        _bench.Sink.WaitUntil(s => s.Weights.Any(w => w.Mass == Parcel && w.Stability == (saysRest ? StabilityFlag.Stable : StabilityFlag.NotReported)), "the weight at rest");
        if (saysRest) _bench.Sink.Weights.ShouldContain(w => w.Stability == StabilityFlag.Moving, string.Join("; ", _bench.Sink.Weights.Select(ReadingJson.Write)));
        await scale.PlaceAsync(Mass.FromKilograms(31));
        if (prints) scale.Print();
        if (ScaleWire.All[protocol].Frame(new ScaleDisplay(new Indication(Mass.FromKilograms(31), false, Over: true, Under: false), Mass.Zero)) is null) return;
        _bench.Sink.WaitUntil(s => s.Weights.Any(w => w.Condition is Condition.Over or Condition.Fault), "the overload");
        foreach (var weight in _bench.Sink.Weights) (weight.Mass is null).ShouldBe(weight.Condition is Condition.Over or Condition.Under or Condition.Fault or Condition.Other or Condition.NotExecutable);
    }

    [Fact]
    public async Task A_scanner_is_live_when_open_and_gives_its_scans()
    {
        var scanner = _bench.Own(new AimScannerSimulator(_bench.Link(), TimeProvider.System));
        _bench.Session("scanner-aim");
        _bench.Sink.WaitFor(DeviceState.Live);
        await scanner.ScanAsync("KA1234567890");
        await scanner.ScanAsync("00123456789012345675\u001D10ABC", SimulatedSymbology.Gs1128);
        _bench.Sink.WaitUntil(s => s.Scans.Count == 2, "two scans");
        _bench.Sink.Scans[0].ShouldSatisfyAllConditions(s => s.Text.ShouldBe("KA1234567890"), s => s.AimId.ShouldBe("]C0"), s => s.IsGs1.ShouldBeFalse());
        _bench.Sink.Scans[1].ShouldSatisfyAllConditions(s => s.Text.ShouldContain("\u001D"), s => s.IsGs1.ShouldBeTrue());
    }

    public void Dispose() => _bench.Dispose();
}
