using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;

namespace KeyAccountLogistics.Edge.Devices;

/// <summary>
/// What every simulated scale can be made to do, at one end of a pseudo-terminal, and what its decoder makes of it at the other. The scale's time is moved by
/// hand; only the terminal takes its own.
/// </summary>
public sealed class SimulatedBehaviourTests : IDisposable
{
    private static readonly Mass Parcel = Mass.FromGrams(2340);
    private static readonly Mass Other = Mass.FromGrams(5120);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "kal-edge-" + Path.GetRandomFileName());

    public static TheoryData<string> Protocols => [.. ScaleSimulators.Protocols];

    [Fact]
    public void Every_scale_protocol_can_be_simulated() =>
        ProtocolList.All.Where(protocol => protocol.Kind == DeviceKind.Scale).Select(protocol => protocol.Id).Order(StringComparer.Ordinal).ShouldBe(ScaleSimulators.Protocols.Order(StringComparer.Ordinal));

    [Fact]
    public void A_protocol_that_cannot_be_simulated_is_named() =>
        Should.Throw<KeyNotFoundException>(() => ScaleSimulators.Create("scale-o-matic", "/nowhere", new PlatformSettings(), TimeProvider.System)).Message.ShouldContain("scale-o-matic");

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_load_swings_settles_and_is_weighed(string protocol)
    {
        using var host = new Host(protocol, _folder);
        host.Place(Mass.Zero);
        host.Scale.Platform.Place(Parcel);
        var swinging = host.Glimpse(6);
        host.Settle();
        var settled = host.Ask(3).Where(w => w.Mass is not null).ToList();   // handshakes are answers too
        settled.ShouldNotBeEmpty();
        settled.ShouldAllBe(w => w.Mass == Parcel);
        if (settled[0].Stability == StabilityFlag.NotReported) return;
        settled.ShouldAllBe(w => w.Stability == StabilityFlag.Stable);
        swinging.ShouldContain(w => w.Stability == StabilityFlag.Moving || w.Condition == Condition.NotExecutable);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Over_under_and_below_zero_are_never_a_weight_that_is_not_there(string protocol)
    {
        using var host = new Host(protocol, _folder);
        host.Place(Mass.FromKilograms(31));
        host.Glimpse(3).ShouldAllBe(w => w.Mass == null);
        host.Place(Mass.FromKilograms(-1));
        host.Glimpse(3).ShouldAllBe(w => w.Mass == null || w.Mass == Mass.FromKilograms(-1));
        host.Place(Mass.FromGrams(-100));
        host.Glimpse(3).ShouldAllBe(w => w.Mass == null || w.Mass == Mass.FromGrams(-100));
        host.Place(Parcel);
        host.Ask(2)[^1].Mass.ShouldBe(Parcel);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void What_the_line_does_to_frames_gives_no_other_weight_and_passes(string protocol)
    {
        using var host = new Host(protocol, _folder);
        host.Place(Parcel);
        foreach (var fault in (LineFault[])[LineFault.Garbage, LineFault.CutOff, LineFault.Parity, LineFault.Silence])
        {
            host.Scale.Fault = fault;
            var weights = host.Glimpse(5);
            weights.Where(w => w.Mass is not null).ShouldAllBe(w => w.Mass == Parcel, $"{fault}");
            if (fault is LineFault.Silence) weights.ShouldBeEmpty();
            if (fault is LineFault.Parity && (!ScaleWire.All.TryGetValue(protocol, out var wire) || wire.DataBits == 7)) weights.ShouldContain(w => w.Mass == Parcel, "parity in the eighth bit");
            host.Scale.Fault = LineFault.None;
            host.Ask(3).ShouldContain(w => w.Mass == Parcel, $"after {fault}");
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_slow_drip_of_bytes_is_a_weight_in_the_end(string protocol)
    {
        using var host = new Host(protocol, _folder);
        host.Place(Parcel);
        host.Scale.Fault = LineFault.SlowDrip;
        host.Glimpse(4, TimeSpan.FromSeconds(6)).ShouldContain(w => w.Mass == Parcel);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void An_old_weight_is_repeated_or_withheld(string protocol)
    {
        using var host = new Host(protocol, _folder);
        host.Place(Parcel);
        host.Ask(1).ShouldContain(w => w.Mass == Parcel);
        host.Scale.Fault = LineFault.Withheld;
        host.Glimpse(3).ShouldAllBe(w => w.Mass == null);
        host.Scale.Fault = LineFault.Repeated;
        host.Place(Other);
        host.Ask(2).ShouldContain(w => w.Mass == Parcel);
        host.Ask(2).ShouldAllBe(w => w.Mass == null || w.Mass == Parcel);
        host.Scale.Fault = LineFault.Withheld;
        host.Glimpse(2).ShouldContain(w => w.Mass == Other, "a new weight is not withheld");
    }

    /// <summary>The keys a scale has by wire do what they are called, as far as both the protocol and its simulator know them.</summary>
    [Theory]
    [MemberData(nameof(Protocols))]
    public void Its_zero_and_tare_commands_empty_the_display(string protocol)
    {
        foreach (var key in (Func<CommandSet, ReadOnlyMemory<byte>?>[])[commands => commands.Tare, commands => commands.Zero])
        {
            using var host = new Host(protocol, _folder);
            if (key(host.Commands) is not { } command) continue;
            host.Place(Parcel);
            host.Ask(1).ShouldContain(w => w.Mass == Parcel);
            host.Send(command);
            var after = host.Ask(2).Where(w => w.Mass is not null && w.Basis != Basis.Tare).ToList();
            after.ShouldNotBeEmpty();
            after.ShouldAllBe(w => w.Mass == Mass.Zero);
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Pulled_and_plugged_in_again_in_the_middle_of_a_frame_it_goes_on_with_whole_ones(string protocol)
    {
        using var host = new Host(protocol, _folder);
        host.Place(Parcel);
        host.Scale.StartsMidFrame = true;
        for (var round = 0; round < 3; round++)
        {
            host.Scale.Unplug();
            host.IsLost().ShouldBeTrue();
            host.Scale.Replug();
            host.Open();
            var weights = host.Ask(4);
            weights.ShouldContain(w => w.Mass == Parcel);
            weights.Where(w => w.Mass is not null).ShouldAllBe(w => w.Mass == Parcel);
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A line and a decoder as a session holds them, asked by hand.</summary>
    private sealed class Host : IReadingSink, IDisposable
    {
        private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
        private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(40);
        private readonly HandTime _time = new();
        private readonly Dialect _dialect;
        private readonly TtyLine _line;
        private readonly byte[] _buffer = new byte[4096];
        private readonly List<WeightReading> _weights = [];
        private readonly IDecoder _decoder;
        private bool _replied;

        internal Host(string protocol, string folder)
        {
            var link = Path.Combine(folder, "scale");
            Scale = ScaleSimulators.Create(protocol, link, new PlatformSettings { Noise = Mass.Zero }, _time);
            var settings = protocol is "sartorius-sbi" or "kern-de" ? DeviceBench.Options(("expect-unit", "kg")) : ProtocolSettings.Default;
            _dialect = ProtocolList.Find(protocol)!.Configure(settings);
            _decoder = _dialect.NewDecoder();
            _line = new TtyLine(link, ProtocolList.Find(protocol)!.Line with { Parity = Parity.None, DataBits = 8 });
            Open();
        }

        internal ScaleSimulator Scale { get; }

        internal CommandSet Commands => _dialect.Commands;

        internal void Send(ReadOnlyMemory<byte> command)
        {
            _line.Write(command.Span);
            Listen(Glance);
        }

        internal void Open()
        {
            _line.Open().Result.ShouldBe(OpenResult.Opened);
            _decoder.Reset();
            if (_dialect.Commands.Start is not { } start) return;
            _line.Write(start.Span);
            Listen(Glance);
        }

        internal bool IsLost()
        {
            for (var reads = 0; reads < 100; reads++)
            {
                if (_line.Read(_buffer, Patience).Event == LineEvent.Lost) return true;
            }
            return false;
        }

        internal void Place(Mass load)
        {
            Scale.Platform.Place(load);
            Settle();
        }

        /// <summary>Lets the load come to rest; what was sent meanwhile is forgotten.</summary>
        internal void Settle()
        {
            _time.Pass(TimeSpan.FromSeconds(3));
            Listen(TimeSpan.Zero);
            _weights.Clear();
        }

        /// <summary>So many polls, ticks or presses of the print key, and the answers.</summary>
        internal IReadOnlyList<WeightReading> Ask(int times) => Ask(times, Patience, Tick);

        /// <summary>The same where no answer is an answer too: it is not waited for long.</summary>
        internal IReadOnlyList<WeightReading> Glimpse(int times, TimeSpan? pause = null) => Ask(times, Glance, pause ?? Tick);

        private IReadOnlyList<WeightReading> Ask(int times, TimeSpan patience, TimeSpan pause)
        {
            _weights.Clear();
            for (var time = 0; time < times; time++)
            {
                if (_dialect.Poll is { } poll)
                {
                    _line.Write(poll.Command.Span);
                    Listen(patience);
                }
                else if (_dialect.Talk == Talk.OnEvent) ((WireScaleSimulator)Scale).Print();
                _time.Pass(pause);
                Listen(TimeSpan.Zero);
            }
            return [.. _weights];
        }

        /// <summary>
        /// Waits for an answer, which the scale gives on a thread of its own, then reads what is there. What a protocol obliges the host to say is said, and
        /// waited for again.
        /// </summary>
        private void Listen(TimeSpan wait)
        {
            while (_line.Read(_buffer, wait) is { Event: LineEvent.Bytes } read)
            {
                _replied = false;
                _decoder.Push(_buffer.AsSpan(0, read.Count), this);
                if (!_replied) wait = TimeSpan.Zero;
            }
            _decoder.FlushIdle(this);
        }

        public void OnWeight(in WeightReading reading) => _weights.Add(reading);

        public void OnScan(ScanReading reading) => throw new InvalidOperationException("a scale gave a scan");

        public void OnRejected(in RejectedFrame rejected)
        {
        }

        public void OnReply(ReadOnlySpan<byte> bytes)
        {
            _line.Write(bytes);
            _replied = bytes is not [0x04];   // an acknowledgement gets no answer
        }

        public void Dispose()
        {
            _line.Dispose();
            Scale.Dispose();
        }
    }
}
