using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators;
using KeyAccountLogistics.Simulators.Scales;
using KeyAccountLogistics.Simulators.Scanners;

namespace KeyAccountLogistics.Edge.Devices;

/// <summary>A station driven by a script, seen from its sessions.</summary>
public sealed class SimulatorScriptTests : IDisposable
{
    private readonly DeviceBench _bench = new();

    [Fact]
    public async Task A_scripted_parcel_is_scanned_weighed_and_survives_a_pulled_cable()
    {
        var scale = _bench.Own(new SicsScaleSimulator(_bench.Link(), new PlatformSettings(), TimeProvider.System));
        var scanner = _bench.Own(new AimScannerSimulator(_bench.Link("scanner"), TimeProvider.System));
        _bench.Session("mt-sics", settings: DeviceBench.Options(("interval-ms", "50")));
        _bench.Session("scanner-aim", _bench.Link("scanner"), id: "scanner-1");
        _bench.Sink.WaitUntil(s => s.Changes.Count(c => c.To == DeviceState.Live) == 2, "both live");
        var script = SimulatorScript.Parse("""
            # one parcel, and a cable that is pulled under the next
            scan ]Q1 KA0000000001
            place 2.340
            wait 0.2
            clear
            place 1.000
            unplug scale
            wait 0.1
            replug scale
            noread
            """);
        await script.RunAsync(new SimulatedStation(scale, scanner, TimeProvider.System));
        _bench.Sink.WaitUntil(s => s.Scans.Count == 2 && s.Scans[1].NoRead, "the scan and the no-read");
        _bench.Sink.Scans[0].Text.ShouldBe("KA0000000001");
        _bench.Sink.Weights.ShouldContain(w => w.Mass == Mass.FromGrams(2340) && w.Stability == StabilityFlag.Stable);
        _bench.Sink.WaitUntil(s => s.Weights[^1].Mass == Mass.FromGrams(1000) && s.Changes[^1].To == DeviceState.Live, "the second parcel after the return");
    }

    [Theory]
    [InlineData("silence", LineFault.Silence)]
    [InlineData("garbage", LineFault.Garbage)]
    [InlineData("drip", LineFault.SlowDrip)]
    [InlineData("cut", LineFault.CutOff)]
    [InlineData("parity", LineFault.Parity)]
    [InlineData("withheld", LineFault.Withheld)]
    [InlineData("repeated", LineFault.Repeated)]
    [InlineData("none", LineFault.None)]
    public async Task Every_fault_has_its_word_for_a_scale_of_any_protocol(string word, LineFault fault)
    {
        var scale = _bench.Own(ScaleSimulators.Create("massa-k-100", _bench.Link(), new PlatformSettings(), TimeProvider.System));
        var scanner = _bench.Own(new AimScannerSimulator(_bench.Link("scanner"), TimeProvider.System));
        await SimulatorScript.Parse($"fault cut\nfault {word}").RunAsync(new SimulatedStation(scale, scanner, TimeProvider.System));
        scale.Fault.ShouldBe(fault);
    }

    [Theory]
    [InlineData("place heavy")]
    [InlineData("wait -1")]
    [InlineData("scan ]X9 TEXT")]
    [InlineData("fault fire")]
    public void A_line_that_is_no_act_is_named(string line) =>
        Should.Throw<FormatException>(() => SimulatorScript.Parse("clear\n" + line)).Message.ShouldContain("line 2");

    public void Dispose() => _bench.Dispose();
}
