using System.Diagnostics;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Pty;
using KeyAccountLogistics.Simulators.Scales;

namespace KeyAccountLogistics.Edge.Devices;

/// <summary>What goes wrong on a cable: split, cut, garbled, silent, pulled. Frames are written byte by byte by hand where the place matters.</summary>
public sealed class LineTroubleTests : IDisposable
{
    private static readonly Mass Parcel = Mass.FromGrams(2340);
    private readonly DeviceBench _bench = new();

    private static byte[] Sics(int grams, char state = 'S') => System.Text.Encoding.ASCII.GetBytes(SicsScaleSimulator.Weight(state, Mass.FromGrams(grams), "kg", 3));

    private static byte[] Toledo(int grams) =>
        ToledoContinuousSimulator.Frame(new Indication(Mass.FromGrams(grams), Moving: false, Over: false, Under: false), Mass.Zero, zeroNotCaptured: false, new ToledoSetup());

    private static byte[] Yaohua(int grams) => YaohuaStreamSimulator.Frame(Mass.FromGrams(grams), 3, reversed: true);

    private PtyDevice Silent() => _bench.Own(PtyDevice.Create(_bench.Link()));

    /// <summary>Opens, and lets one frame through so that everything after it counts.</summary>
    private PtyDevice Listening(string protocol, byte[] first, ProtocolSettings? settings = null)
    {
        var pty = Silent();
        _bench.Session(protocol, settings: settings);
        _bench.Sink.WaitUntil(s => s.Changes.Count > 0, "open");
        pty.Write(first);
        _bench.Sink.WaitUntil(s => s.Weights.Count == 1, "the first frame");
        _bench.Sink.Forget();
        return pty;
    }

    [Theory]
    [InlineData("mt-sics")]
    [InlineData("toledo-continuous")]
    [InlineData("yaohua-=1")]
    public void A_frame_split_at_any_byte_between_two_reads_is_one_reading(string protocol)
    {
        Func<int, byte[]> frame = protocol switch { "mt-sics" => g => Sics(g), "toledo-continuous" => Toledo, _ => Yaohua };
        var pty = Listening(protocol, frame(1000), protocol == "mt-sics" ? DeviceBench.Options(("mode", "stream")) : null);
        for (var cut = 1; cut < frame(0).Length; cut++)
        {
            var bytes = frame(1000 + cut);
            var seen = _bench.Sink.Weights.Count;
            pty.Write(bytes.AsSpan(0, cut));
            _bench.Sink.WaitUntil(_ => IsDrained(pty), "the first part read");
            pty.Write(bytes.AsSpan(cut));
            _bench.Sink.WaitUntil(s => s.Weights.Count == seen + 1, $"the reading cut at {cut}");
            _bench.Sink.Weights[^1].Mass.ShouldBe(Mass.FromGrams(1000 + cut));
        }
        _bench.Sink.Rejected.ShouldBeEmpty();
    }

    [Fact]
    public void A_lone_last_frame_of_a_stream_without_terminator_comes_after_a_short_silence()
    {
        var pty = Listening("yaohua-=2", YaohuaStreamSimulator.Frame(Parcel, 3, reversed: false));
        pty.Write(YaohuaStreamSimulator.Frame(Mass.FromGrams(5000), 3, reversed: false));
        _bench.Sink.WaitUntil(s => s.Weights.Count == 1, "the lone frame", seconds: 1);
        _bench.Sink.Weights[0].Mass.ShouldBe(Mass.FromGrams(5000));
    }

    [Fact]
    public async Task A_stream_entered_in_the_middle_of_a_frame_gives_only_whole_weights()
    {
        var scale = _bench.Own(new ToledoContinuousSimulator(_bench.Link(), new PlatformSettings { Noise = Mass.Zero }, TimeProvider.System) { StartsMidFrame = true });
        await scale.PlaceAsync(Parcel);
        _bench.Session("toledo-continuous");
        for (var round = 0; round < 3; round++)
        {
            scale.Unplug();
            scale.Replug();
            _bench.Sink.WaitFor(DeviceState.Live);
            var seen = _bench.Sink.Weights.Count;
            _bench.Sink.WaitUntil(s => s.Weights.Count >= seen + 3, "weights");
        }
        _bench.Sink.Weights.ShouldAllBe(w => w.Mass == Parcel);
    }

    [Theory]
    [InlineData("mt-sics")]
    [InlineData("toledo-continuous")]
    [InlineData("yaohua-=1")]
    public void A_cable_pulled_at_any_byte_gives_no_weight_of_the_torn_frame_and_comes_back(string protocol)
    {
        Func<int, byte[]> frame = protocol switch { "mt-sics" => g => Sics(g), "toledo-continuous" => Toledo, _ => Yaohua };
        var pty = Listening(protocol, frame(1000), protocol == "mt-sics" ? DeviceBench.Options(("mode", "stream")) : null);
        for (var cut = 1; cut < frame(0).Length; cut++)
        {
            _bench.Sink.Forget();
            pty.Write(frame(7777).AsSpan(0, cut));
            _bench.Sink.WaitUntil(_ => IsDrained(pty), "the torn frame read");
            pty.Unplug();
            _bench.Sink.WaitFor(DeviceState.Lost);
            pty.Replug();
            _bench.Sink.WaitFor(DeviceState.Silent);
            pty.Write(frame(7777).AsSpan(cut));
            pty.Write(frame(2340));
            pty.Write(frame(2340));
            _bench.Sink.WaitUntil(s => s.Weights.Count >= 2, $"weights after the return, cut at {cut}");
            _bench.Sink.Weights.ShouldAllBe(w => w.Mass == Parcel);
        }
    }

    public static TheoryData<string> Wires => [.. ScaleWire.All.Keys];

    /// <summary>A thousand pulls of each protocol are in the unit project; these are through the kernel.</summary>
    [Theory]
    [MemberData(nameof(Wires))]
    public void A_cable_of_any_wire_pulled_in_a_frame_gives_no_weight_of_it_and_is_back_within_a_second(string protocol)
    {
        byte[] Frame(int grams) => ScaleWire.All[protocol].Frame(new ScaleDisplay(new Indication(Mass.FromGrams(grams), Moving: false, Over: false, Under: false), Mass.Zero))!;
        var settings = protocol is "sartorius-sbi" or "kern-de" ? DeviceBench.Options(("expect-unit", "kg")) : protocol is "ohaus-lab" ? DeviceBench.Options(("length", $"{Frame(2340).Length - 2}")) : null;
        var pty = Listening(protocol, Frame(1000), settings);
        foreach (var cut in (int[])[1, Frame(0).Length / 2, Frame(0).Length - 1])
        {
            _bench.Sink.Forget();
            pty.Write(Frame(7777).AsSpan(0, cut));
            _bench.Sink.WaitUntil(_ => IsDrained(pty), "the torn frame read");
            pty.Unplug();
            _bench.Sink.WaitFor(DeviceState.Lost);
            var clock = Stopwatch.StartNew();
            pty.Replug();
            _bench.Sink.WaitUntil(s => s.Changes[^1].To is DeviceState.Silent or DeviceState.Live, "open again", seconds: 1);
            var rejected = _bench.Sink.Rejected.Count;
            pty.Write(Frame(7777).AsSpan(cut));
            if (protocol is "massa-k") _bench.Sink.WaitUntil(s => s.Rejected.Count > rejected, "the rest, ended by silence");
            pty.Write(Frame(2340));
            if (protocol is "keli") pty.Write(Frame(2340));   // the next one ends it
            _bench.Sink.WaitUntil(s => s.Weights.Any(w => w.Mass is not null), $"a weight after the return, cut at {cut}", seconds: 1);
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
            _bench.Sink.Weights.Where(w => w.Mass is not null).ShouldAllBe(w => w.Mass == Parcel);
        }
    }

    [Fact]
    public async Task Garbage_as_of_a_wrong_baud_rate_is_called_so_and_ends_when_frames_come_again()
    {
        var scale = _bench.Own(new ToledoContinuousSimulator(_bench.Link(), new PlatformSettings(), TimeProvider.System) { Fault = LineFault.Garbage });
        var session = _bench.Session("toledo-continuous");
        _bench.Sink.WaitFor(DeviceState.Garbled);
        session.Status.Reason.ShouldContain("baud rate");
        _bench.Sink.Weights.ShouldBeEmpty();
        scale.Fault = LineFault.None;
        await scale.PlaceAsync(Parcel);
        _bench.Sink.WaitFor(DeviceState.Live);
        _bench.Sink.WaitUntil(s => s.Weights.Any(w => w.Mass == Parcel), "the weight");
    }

    [Fact]
    public void A_live_scale_that_turns_to_garbage_is_garbled_within_two_seconds()
    {
        var scale = _bench.Own(new YaohuaStreamSimulator(_bench.Link(), new PlatformSettings(), TimeProvider.System, reversed: false));
        _bench.Session("yaohua-=2");
        _bench.Sink.WaitFor(DeviceState.Live);
        scale.Fault = LineFault.Garbage;
        _bench.Sink.WaitFor(DeviceState.Garbled, seconds: 3);
    }

    [Fact]
    public void The_wrong_protocol_is_garbage_and_never_a_weight()
    {
        _bench.Own(new ToledoContinuousSimulator(_bench.Link(), new PlatformSettings(), TimeProvider.System));
        _bench.Session("yaohua-=1");
        _bench.Sink.WaitFor(DeviceState.Garbled);
        _bench.Sink.Weights.ShouldBeEmpty();
    }

    [Fact]
    public void A_stream_that_stops_is_silent_and_one_that_begins_again_is_live()
    {
        var scale = _bench.Own(new YaohuaStreamSimulator(_bench.Link(), new PlatformSettings(), TimeProvider.System, reversed: true));
        _bench.Session("yaohua-=1");
        _bench.Sink.WaitFor(DeviceState.Live);
        scale.Fault = LineFault.Silence;
        _bench.Sink.WaitFor(DeviceState.Silent, seconds: 3);
        scale.Fault = LineFault.None;
        _bench.Sink.WaitFor(DeviceState.Live);
        _bench.Log.Lines.Count.ShouldBe(_bench.Sink.Changes.Count);
    }

    [Fact]
    public void A_scale_that_does_not_answer_three_polls_is_silent_and_not_lost()
    {
        var scale = _bench.Own(new SicsScaleSimulator(_bench.Link(), new PlatformSettings(), TimeProvider.System));
        var session = _bench.Session("mt-sics");
        _bench.Sink.WaitFor(DeviceState.Live);
        scale.Fault = LineFault.Silence;
        _bench.Sink.WaitFor(DeviceState.Silent, seconds: 6);
        session.Status.Counters.Unanswered.ShouldBe(3);
        scale.Fault = LineFault.None;
        _bench.Sink.WaitFor(DeviceState.Live);
        session.Status.Counters.Lost.ShouldBe(0);
    }

    [Fact]
    public async Task A_slow_drip_of_single_bytes_still_makes_frames()
    {
        var scale = _bench.Own(new ToledoContinuousSimulator(_bench.Link(), new PlatformSettings(), TimeProvider.System) { Fault = LineFault.SlowDrip });
        await scale.PlaceAsync(Parcel);
        _bench.Session("toledo-continuous");
        _bench.Sink.WaitUntil(s => s.Weights.Count(w => w.Mass == Parcel) >= 2, "dripped weights");
    }

    [Fact]
    public async Task Frames_cut_off_in_the_middle_never_give_a_wrong_weight()
    {
        var scale = _bench.Own(new ToledoContinuousSimulator(_bench.Link(), new PlatformSettings { Noise = Mass.Zero }, TimeProvider.System));
        await scale.PlaceAsync(Parcel);
        _bench.Session("toledo-continuous");
        _bench.Sink.WaitFor(DeviceState.Live);
        scale.Fault = LineFault.CutOff;
        _bench.Sink.WaitUntil(s => s.Rejected.Count >= 5, "rejected pieces");
        scale.Fault = LineFault.None;
        var seen = _bench.Sink.Weights.Count;
        _bench.Sink.WaitUntil(s => s.Weights.Count >= seen + 3, "whole frames again");
        _bench.Sink.Weights.ShouldAllBe(w => w.Mass == Parcel);
    }

    [Fact]
    public async Task Over_under_and_negative_are_said_and_never_a_positive_weight()
    {
        var scale = _bench.Own(new SicsScaleSimulator(_bench.Link(), new PlatformSettings { Noise = Mass.Zero }, TimeProvider.System));
        _bench.Session("mt-sics", settings: DeviceBench.Options(("interval-ms", "50")));
        await scale.PlaceAsync(Mass.FromKilograms(31));
        _bench.Sink.WaitUntil(s => s.Weights[^1].Condition == Condition.Over, "over");
        await scale.PlaceAsync(Mass.FromGrams(-100));
        _bench.Sink.WaitUntil(s => s.Weights[^1] is { Condition: Condition.Negative, Mass: { } m } && m == Mass.FromGrams(-100), "negative");
        await scale.PlaceAsync(Mass.FromKilograms(-1));
        _bench.Sink.WaitUntil(s => s.Weights[^1].Condition == Condition.Under, "under");
        _bench.Sink.Weights.Where(w => w.Condition is Condition.Over or Condition.Under).ShouldAllBe(w => w.Mass == null && w.Number == null);
    }

    [Fact]
    public async Task Zero_and_tare_commands_reach_the_scale_between_polls()
    {
        var scale = _bench.Own(new SicsScaleSimulator(_bench.Link(), new PlatformSettings { Noise = Mass.Zero }, TimeProvider.System));
        var session = _bench.Session("mt-sics", settings: DeviceBench.Options(("interval-ms", "50")));
        _bench.Sink.WaitFor(DeviceState.Live);
        await scale.PlaceAsync(Parcel);
        session.TrySend(session.Commands.Tare!.Value).ShouldBeTrue();
        _bench.Sink.WaitUntil(s => s.Weights.Any(w => w.Basis == Basis.Tare && w.Mass == Parcel), "the tare answer");
        _bench.Sink.WaitUntil(s => s.Weights[^1] is { Condition: Condition.Zero, Basis: Basis.Net }, "net zero");
        _bench.Sink.Weights.ShouldAllBe(w => w.Condition != Condition.Fault);
    }

    [Fact]
    public void Receipts_count_without_gaps_and_never_go_back_in_time()
    {
        _bench.Own(new ToledoContinuousSimulator(_bench.Link(), new PlatformSettings(), TimeProvider.System));
        _bench.Session("toledo-continuous");
        _bench.Sink.WaitUntil(s => s.Weights.Count >= 10, "ten weights");
        var receipts = _bench.Sink.Receipts;
        receipts.Select(r => r.Sequence).ShouldBe(Enumerable.Range(1, receipts.Count).Select(i => (long)i));
        receipts.Zip(receipts.Skip(1)).ShouldAllBe(pair => pair.First.Timestamp <= pair.Second.Timestamp);
    }

    /// <summary>True when the host has read everything: a byte more in the kernel would show as unread.</summary>
    private static bool IsDrained(PtyDevice pty) => pty.Unread == 0;

    public void Dispose() => _bench.Dispose();
}
