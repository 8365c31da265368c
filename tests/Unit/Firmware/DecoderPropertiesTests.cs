using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>
/// Properties (a) to (e) that every protocol keeps; (a), the captures, is in the acceptance project and in <see cref="ProtocolVectorsTests"/>. Frames
/// are written by the simulators, which know the wire tables and not the decoders.
/// </summary>
public sealed class DecoderPropertiesTests
{
    /// <summary>An answer is what stands between two silences, so there is no stream of them; see <see cref="MassaKTests"/>.</summary>
    private const string BetweenSilences = "massa-k";

    /// <summary>The kernel hands on a whole report or none: there is no noise before one and nothing is lost from it.</summary>
    private const string WholeReports = "usb-hid-pos-scale";

    public static TheoryData<string> Protocols => [.. ScaleSimulators.Protocols, "scanner-aim"];

    public static TheoryData<string> StreamProtocols => Without(BetweenSilences);

    public static TheoryData<string> NoisyProtocols => Without(BetweenSilences, WholeReports);

    /// <summary>Scales only: a scan has no fixed shape, and what is lost from its text the check digit of the waybill must tell.</summary>
    public static TheoryData<string> NoisyScales => Without(BetweenSilences, WholeReports, "scanner-aim");

    public static TheoryData<string> WireProtocols => [.. ScaleWire.All.Keys];

    public static TheoryData<string> CheckedProtocols => ["toledo-continuous", "yaohua-a9", "yaohua-command", "yaohua-a12e", "cas-enq-dc1", "dibal-98", "massa-k-100"];

    private static TheoryData<string> Without(params string[] excepted) => [.. ScaleSimulators.Protocols.Append("scanner-aim").Except(excepted, StringComparer.Ordinal)];

    /// <summary>These send no weight that moves or is below zero, but say so.</summary>
    private static bool SendsOnlyAtRest(string protocol) => protocol is "mt-8217" or "mt-8213" or "mt-dialog06";

    /// <summary>And these know no minus.</summary>
    private static bool HasNoMinus(string protocol) => SendsOnlyAtRest(protocol) || protocol is "dibal-98" or "fairbanks-fbputr";

    /// <summary>One frame of a protocol as its manual writes it. A Toledo stream keeps its setup, so the checksum is drawn once per stream.</summary>
    private static Gen<byte[]> Frame(string protocol, bool checksum) => protocol switch
    {
        "mt-sics" or "kern-kcp" =>
            from grams in Seeded.Ints(-999, 999_999)
            from state in Gen.Elements('S', 'D')
            select Wire.Ascii(SicsScaleSimulator.Weight(state, Mass.FromGrams(grams), "kg", 3)),
        "toledo-continuous" =>
            from grams in Seeded.Ints(-9_999, 99_999)
            from moving in Gen.Elements(true, false)
            select ToledoContinuousSimulator.Frame(new Indication(Mass.FromGrams(grams), moving, Over: false, Under: false), Mass.Zero, zeroNotCaptured: false, new ToledoSetup { Checksum = checksum }),
        "yaohua-=1" or "yaohua-=2" =>
            from grams in Seeded.Ints(-999_999, 9_999_999)
            select YaohuaStreamSimulator.Frame(Mass.FromGrams(grams), 3, protocol.EndsWith('1')),
        _ when ScaleWire.All.TryGetValue(protocol, out var wire) =>
            from grams in Seeded.Ints(HasNoMinus(protocol) ? 0 : -999, protocol is WholeReports ? 65_535 : 99_999)
            from tare in Gen.Elements(0, 0, 250)
            from moving in SendsOnlyAtRest(protocol) ? Gen.Constant(false) : Gen.Elements(true, false)
            select wire.Frame(new ScaleDisplay(new Indication(Mass.FromGrams(grams + tare), moving, Over: false, Under: false), Mass.FromGrams(tare)))!,
        _ =>
            from number in Seeded.Longs(0, 9_999_999_999)
            from id in Gen.Elements("]C0", "]Q1", "]A0")
            select Wire.Ascii($"{id}KA{number}\r\n"),
    };

    private static Gen<byte[][]> Stream(string protocol) =>
        from checksum in Gen.Elements(true, false)
        from frames in ByteStreams.Of(Frame(protocol, checksum))
        select frames;

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Any_split_of_a_stream_gives_the_same_lines(string protocol)
    {
        var cases =
            from frames in Stream(protocol)
            from noise in ByteStreams.Noise(90)
            from at in Seeded.Ints(0, frames.Length)
            from cuts in Gen.ArrayOf(Seeded.Ints(1, 25), 12)
            select (Bytes: ByteStreams.Join([.. frames[..at], noise, .. frames[at..]]), Cuts: cuts);
        Seeded.Holds(cases, c => ByteStreams.InPieces(protocol, c.Bytes, c.Cuts).SequenceEqual(Wire.Decode(protocol, c.Bytes).Lines, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_stream_of_several_segments_reads_like_one(string protocol)
    {
        Seeded.Holds(Stream(protocol), frames =>
        {
            var sink = new CollectingSink();
            var decoder = Wire.Decoder(protocol);
            decoder.Push(Segments(frames), sink);
            decoder.FlushIdle(sink);
            return sink.Lines.SequenceEqual(Wire.Decode(protocol, ByteStreams.Join(frames)).Lines, StringComparer.Ordinal);
        }, tests: 200);
    }

    [Theory]
    [MemberData(nameof(NoisyProtocols))]
    public void Noise_before_a_stream_never_invents_a_reading_and_spoils_at_most_the_first_frame(string protocol)
    {
        var cases =
            from noise in ByteStreams.Noise(200)
            from frames in Stream(protocol)
            select (Noise: noise, Frames: frames);
        Seeded.Holds(cases, c =>
        {
            var read = RawOfReadings(Wire.Decode(protocol, ByteStreams.Join([c.Noise, .. c.Frames])));
            var sent = c.Frames.Select(frame => RawOf(frame)).ToList();
            return read.SequenceEqual(sent, StringComparer.Ordinal) || read.SequenceEqual(sent.Skip(1), StringComparer.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(StreamProtocols))]
    public void A_stream_entered_in_the_middle_of_a_frame_loses_that_frame_only(string protocol)
    {
        var cases =
            from frames in Stream(protocol)
            from at in Seeded.Ints(1, frames[0].Length - 1)
            where frames.Length > 1
            select (Frames: frames, At: at);
        Seeded.Holds(cases, c => RawOfReadings(Wire.Decode(protocol, ByteStreams.Join([c.Frames[0][c.At..], .. c.Frames[1..]]), protocol is "ohaus-lab" ? Wire.Commissioned(protocol, c.Frames[0]) : "")).SequenceEqual(c.Frames.Skip(1).Select(frame => RawOf(frame)), StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(NoisyScales))]
    public void Bytes_lost_in_the_middle_of_a_stream_never_join_two_frames_into_a_third_weight(string protocol)
    {
        var cases =
            from frames in Stream(protocol)
            from at in Seeded.Ints(0, ByteStreams.Join(frames).Length - 1)
            from lost in Seeded.Ints(1, Math.Min(8, frames.Min(frame => frame.Length) - 1))   // a whole frame's length more, and two halves fit
            select (Frames: frames, At: at, Lost: lost);
        Seeded.Holds(cases, c =>
        {
            var whole = ByteStreams.Join(c.Frames);
            byte[] torn = [.. whole[..c.At], .. whole[Math.Min(whole.Length, c.At + c.Lost)..]];
            var strict = Wire.Commissioned(protocol, c.Frames[0]);
            // An 8217 says "net" with one letter behind the weight, and nothing says that it was lost.
            Func<WeightReading, string> meaning = protocol is "mt-8217" ? w => $"{w.Mass}" : Meaning;
            var sent = c.Frames.SelectMany(frame => Wire.Decode(protocol, frame, strict).Weights).Select(meaning).ToHashSet(StringComparer.Ordinal);
            return Wire.Decode(protocol, torn, strict).Weights.Where(w => w.Mass is not null).All(w => sent.Contains(meaning(w)));
        });
    }

    [Theory]
    [MemberData(nameof(WireProtocols))]
    public void No_tail_of_a_frame_passes_for_a_weight_and_no_beginning_for_another_one(string protocol)
    {
        Seeded.Holds(Frame(protocol, checksum: false), frame =>
        {
            var meaning = Meaning(Wire.Decode(protocol, frame).Weights.Single());
            for (var at = 1; at < frame.Length; at++)
            {
                // A balance line opens with blanks: without one of them it says the same, and "length" refuses it.
                if (Wire.Decode(protocol, frame.AsSpan(at), protocol is "ohaus-lab" ? Wire.Commissioned(protocol, frame) : "").Weights.Exists(w => w.Mass is not null)) return false;
                if (Wire.Decode(protocol, frame.AsSpan(at)).Weights.Exists(w => w.Mass is not null && Meaning(w) != meaning)) return false;
                // A weight whose status is missing is taken before silence, unless the scale was commissioned with its status.
                if (Wire.Decode(protocol, frame.AsSpan(0, at), protocol is "nci-scp01" or "scp-12" ? Wire.Commissioned(protocol, frame) : "").Weights.Exists(w => Meaning(w) != meaning)) return false;
            }
            return true;
        }, tests: 100);
    }

    [Theory]
    [MemberData(nameof(WireProtocols))]
    public void What_a_simulated_line_scale_shows_is_read_back_exactly(string protocol)
    {
        var says = (
            Stability: protocol is not ("mt-ms204" or "jik6cab" or "adam-cpwplus" or "adam-az" or "yaohua-a9" or "yaohua-command" or "yaohua-a12" or "yaohua-a12e" or "keli" or "dibal-98" or "fairbanks-fbputr"),
            Kind: protocol is not ("ohaus-lab" or "and-standard" or "radwag" or "sartorius-sbi" or "kern-14byte" or "aux-digit-slash" or "kern-de" or "adam-cpwplus"
                or "yaohua-a9" or "nci-scp01" or "scp-12" or "mt-8213" or "cas-enq-dc1" or "mt-dialog06" or "dibal-98" or "f501" or "massa-k" or WholeReports),
            Unit: protocol is "massa-k" or "massa-k-100" ? "g" : "kg");
        var cases =
            from decimals in Gen.Elements(2, 3)
            from shown in Seeded.Ints(-999, 9_999)
            from tare in Gen.Elements(0, 0, 500)
            from moving in Gen.Elements(true, false)
            select (Shown: Mass.FromGrams(decimals == 2 ? shown / 10 * 10 : shown), Tare: Mass.FromGrams(tare), Moving: moving, Decimals: decimals);
        Seeded.Holds(cases, c =>
        {
            var display = new ScaleDisplay(new Indication(c.Shown + c.Tare, c.Moving, Over: false, Under: false), c.Tare, "kg", c.Decimals);
            var isSent = !(HasNoMinus(protocol) && c.Shown < Mass.Zero) && !(SendsOnlyAtRest(protocol) && c.Moving);
            if (ScaleWire.All[protocol].Frame(display) is not { } frame) return !isSent;
            if (!isSent) return Wire.Decode(protocol, frame).Weights.Single().Mass is null;
            var reading = Wire.Decode(protocol, frame, protocol switch { "kern-de" or "sartorius-sbi" => "unit=kg", "dibal-98" => $"decimals={c.Decimals}", _ => "" }).Weights.Single();
            var net = protocol is not "fairbanks-ups" && (c.Tare > Mass.Zero || protocol is "jik6cab");
            var basis = !says.Kind ? Basis.Unknown : net ? Basis.Net : Basis.Gross;
            var stability = !says.Stability || (protocol is WholeReports && c.Shown < Mass.Zero) ? StabilityFlag.NotReported : c.Moving ? StabilityFlag.Moving : StabilityFlag.Stable;
            return reading.Mass == c.Shown && reading.Basis == basis && reading.Stability == stability && reading.Unit == says.Unit
                && reading.Resolution == Mass.FromGrams(c.Decimals == 2 ? 10 : 1)
                && reading.Condition == (c.Shown == Mass.Zero ? Condition.Zero : c.Shown < Mass.Zero ? Condition.Negative : Condition.Ok);
        });
    }

    [Theory]
    [MemberData(nameof(WireProtocols))]
    public void A_simulated_line_scale_out_of_range_gives_no_mass(string protocol)
    {
        foreach (var over in (bool[])[true, false])
        {
            var display = new ScaleDisplay(new Indication(over ? Mass.FromKilograms(31) : Mass.FromKilograms(-1), Moving: false, over, !over), Mass.Zero);
            if (ScaleWire.All[protocol].Frame(display) is not { } frame) continue;
            if (protocol is "fairbanks-ups" or WholeReports && !over) continue;   // its wire has no word for it: the weight comes with its minus
            var reading = Wire.Decode(protocol, frame).Weights.ShouldHaveSingleItem();
            reading.Mass.ShouldBeNull();
            reading.Condition.ShouldBe(protocol switch
            {
                "kern-de" or "dibal-98" => Condition.Fault,
                "mt-dialog06" => Condition.NotExecutable,   // the reason is asked for
                "cas-22" or "cas-enq-dc1" => Condition.Over,   // CAS has one word for both
                _ => over ? Condition.Over : Condition.Under,
            });
        }
    }

    public static TheoryData<string> SevenBitProtocols =>
        [.. ScaleSimulators.Protocols.Where(protocol => !ScaleWire.All.TryGetValue(protocol, out var wire) || wire.DataBits == 7)];

    /// <summary>Even, odd or mark parity in the eighth bit, as a line of seven bits looks to a host set to eight: the same reading, the bytes as they came.</summary>
    [Theory]
    [MemberData(nameof(SevenBitProtocols))]
    public void The_parity_bit_of_a_seven_bit_line_changes_nothing(string protocol)
    {
        var cases =
            from frame in Frame(protocol, checksum: true)
            from parity in Gen.Elements(0, 1, 2)
            select (Frame: frame, Parity: parity);
        Seeded.Holds(cases, c =>
        {
            var sent = c.Frame.Select(b => (byte)(b | (c.Parity == 2 ? 0x80 : ((byte.PopCount(b) + c.Parity) & 1) << 7))).ToArray();
            var reading = Wire.Decode(protocol, sent).Weights.Single();
            return Meaning(reading) == Meaning(Wire.Decode(protocol, c.Frame).Weights.Single()) && reading.Raw.Equals(new RawFrame(sent));
        }, tests: 200);
    }

    [Theory]
    [MemberData(nameof(CheckedProtocols))]
    public void A_single_bit_flip_in_a_checked_frame_is_rejected_or_changes_nothing(string protocol)
    {
        var cases =
            from frame in Frame(protocol, checksum: true)
            from others in Gen.ArrayOf(Frame(protocol, checksum: true), 4)
            from before in Seeded.Ints(0, 4)
            from alone in Gen.Elements(true, false)
            select (Frame: frame, Before: alone ? [] : others[..before], After: alone ? [] : others[before..]);
        Seeded.Holds(cases, c =>
        {
            var meant = c.Before.Append(c.Frame).Concat(c.After).Select(frame => Meaning(Wire.Decode(protocol, frame).Weights.Single())).ToHashSet(StringComparer.Ordinal);
            for (var bit = 0; bit < c.Frame.Length * 8; bit++)
            {
                var flipped = ByteStreams.Flipped(c.Frame, bit);
                var sink = Wire.Decode(protocol, ByteStreams.Join([.. c.Before, flipped, .. c.After]));
                if (!sink.Weights.All(w => meant.Contains(Meaning(w)))) return false;
            }
            return true;
        }, tests: 100);
    }

    [Fact]
    public void What_a_simulated_Sics_scale_shows_is_read_back_exactly()
    {
        var cases =
            from milligrams in Seeded.Longs(-99_999, 99_999_999)
            from state in Gen.Elements('S', 'D')
            select (Mass: Mass.FromMilligrams(milligrams * 10), State: state);
        Seeded.Holds(cases, c =>
        {
            var reading = Wire.Decode("mt-sics", Wire.Ascii(SicsScaleSimulator.Weight(c.State, c.Mass, "g", 2))).Weights.Single();
            return reading.Mass == c.Mass && reading.Stability == (c.State == 'S' ? StabilityFlag.Stable : StabilityFlag.Moving) && reading.Resolution == Mass.FromMilligrams(10);
        });
    }

    [Fact]
    public void What_a_simulated_Toledo_terminal_shows_is_read_back_exactly()
    {
        var cases =
            from grams in Seeded.Ints(-99_999, 99_999)
            from tare in Seeded.Ints(0, 9_999)
            from moving in Gen.Elements(true, false)
            from setup in Setups
            select (Shown: new Indication(Mass.FromGrams(grams), moving, Over: false, Under: false), Tare: Mass.FromGrams(tare), Setup: setup);
        Seeded.Holds(cases, c =>
        {
            var net = c.Shown.Gross - c.Tare;
            if (net.Abs() > Mass.FromGrams(999_999)) return true;
            var reading = Wire.Decode("toledo-continuous", ToledoContinuousSimulator.Frame(c.Shown, c.Tare, zeroNotCaptured: false, c.Setup)).Weights.Single();
            return reading.Mass == net && reading.Tare == c.Tare && reading.Basis == (c.Tare > Mass.Zero ? Basis.Net : Basis.Gross)
                && reading.Stability == (c.Shown.Moving ? StabilityFlag.Moving : StabilityFlag.Stable) && reading.Resolution == Mass.FromGrams(c.Setup.Increment);
        });
    }

    [Fact]
    public void What_a_simulated_Yaohua_stream_shows_is_read_back_exactly_in_both_directions()
    {
        var cases =
            from grams in Seeded.Ints(-999_999, 9_999_999)
            from reversed in Gen.Elements(true, false)
            select (Mass: Mass.FromGrams(grams), Reversed: reversed);
        Seeded.Holds(cases, c => Wire.Decode(c.Reversed ? "yaohua-=1" : "yaohua-=2", YaohuaStreamSimulator.Frame(c.Mass, 3, c.Reversed)).Weights.Single().Mass == c.Mass);
    }

    [Theory]
    [MemberData(nameof(StreamProtocols))]
    public void Mutated_streams_neither_throw_nor_give_what_was_not_sent(string protocol)
    {
        var chance = new Random(20_261_012);
        var sink = new SubstringSink();
        var decoder = Wire.Decoder(protocol);
        var frame = Seeded.Sample(Stream(protocol), 40).SelectMany(frames => frames).SelectMany(bytes => bytes).ToArray();
        var pushed = new byte[1024];
        var window = protocol is "jik6cab" ? 240 : 40;   // room for one whole frame
        for (var round = 0; round < 1_000; round++)
        {
            chance.NextBytes(pushed);
            for (var copies = 0; copies < 12; copies++)
            {
                var from = chance.Next(frame.Length - window);
                frame.AsSpan(from, window).CopyTo(pushed.AsSpan(chance.Next(pushed.Length - window)));
            }
            sink.Expect(pushed);
            decoder.Push(pushed, sink);
        }
        decoder.FlushIdle(sink);
        decoder.Pending.ShouldBeFalse();
        sink.Seen.ShouldBeGreaterThan(0);
    }

    private static Gen<ToledoSetup> Setups =>
        from checksum in Gen.Elements(true, false)
        from parity in Gen.Elements(true, false)
        from clone in Gen.Elements(true, false)
        from increment in Gen.Elements(1, 2, 5)
        select new ToledoSetup { Checksum = checksum, EvenParity = parity, CloneBits = clone, Increment = increment };

    private static ReadOnlySequence<byte> Segments(byte[][] parts)
    {
        Segment? first = null;
        Segment? last = null;
        foreach (var part in parts) last = first is null ? first = new Segment(part) : last!.Append(part);
        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    /// <summary>The weights and scans; a status or an acknowledgement is not looked for.</summary>
    private static IEnumerable<string> RawOfReadings(CollectingSink sink) =>
        sink.Weights.Where(w => w.Mass is not null).Select(w => Text(w.Raw.Span)).Concat(sink.Scans.Select(s => Text(s.Raw.Span)));

    /// <summary>A scan under auto framing ends at its CR; the LF behind it is ignored.</summary>
    private static string RawOf(byte[] frame)
    {
        var raw = new RawFrame(frame is [(byte)']', .., (byte)'\n'] ? frame.AsSpan(0, frame.Length - 1) : frame);
        return Text(raw.Span);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);

    private static string Meaning(WeightReading r) => $"{r.Mass} {r.Stability} {r.Condition} {r.Basis} {r.Tare} {r.Unit}";

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        internal Segment(byte[] bytes) => Memory = bytes;

        internal Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }

    /// <summary>Checks that each reading's bytes stand in what was pushed lately.</summary>
    private sealed class SubstringSink : IReadingSink
    {
        private byte[] _recent = [];

        internal int Seen { get; private set; }

        internal void Expect(byte[] next) => _recent = [.. _recent.AsSpan(Math.Max(0, _recent.Length - 8192)), .. next];

        public void OnWeight(in WeightReading reading) => Check(reading.Raw.Span);

        public void OnScan(ScanReading reading) => Check(reading.Raw.Span);

        public void OnRejected(in RejectedFrame rejected)
        {
        }

        public void OnReply(ReadOnlySpan<byte> bytes)
        {
        }

        private void Check(ReadOnlySpan<byte> raw)
        {
            Seen++;
            _recent.AsSpan().IndexOf(raw).ShouldBeGreaterThanOrEqualTo(0);
        }
    }
}
