using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Stability;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>The traps of wires with codes, checks, handshakes and counts (devices.md 1.2 and 1.4), each by its name.</summary>
public sealed class CodedTrapTests
{
    private static WeightReading Read(string protocol, string frame, string options = "") => Wire.Decode(protocol, Wire.Bytes(frame), options).Weights.ShouldHaveSingleItem();

    private static RejectedFrame Refused(string protocol, string frame, string options = "")
    {
        var sink = Wire.Decode(protocol, Wire.Bytes(frame), options);
        sink.Weights.ShouldBeEmpty();
        return sink.Rejected.ShouldHaveSingleItem();
    }

    private static string Reply(string protocol, string frame, string options = "") => Wire.Decode(protocol, Wire.Bytes(frame), options).Replies.ShouldHaveSingleItem();

    /// <summary>Trap 1: the two characters behind the place of the point are the check, neither a decimal nor a flag.</summary>
    [Theory]
    [InlineData("<02>+003290013<03>", 3290)]
    [InlineData("<02>+00326001C<03>", 3260)]
    [InlineData("<02>+001560019<03>", 1560)]
    public void The_check_of_a_Yaohua_frame_moves_no_point_and_is_no_stability(string frame, int kilograms)
    {
        var reading = Read("yaohua-a9", frame);
        reading.Mass.ShouldBe(Mass.FromKilograms(kilograms));
        reading.Stability.ShouldBe(StabilityFlag.NotReported);
    }

    [Fact]
    public void The_letter_of_a_Yaohua_answer_says_what_it_weighs_and_a_price_is_no_weight()
    {
        Read("yaohua-command", "<02>AB+00123421E<03>").Basis.ShouldBe(Basis.Gross);
        Read("yaohua-command", "<02>AC+00005021E<03>").IsLoad.ShouldBeFalse();
        Read("yaohua-command", "<02>AE+00010021C<03>").Mass.ShouldBeNull();
    }

    [Fact]
    public void The_two_words_of_an_A12_share_their_check_and_mean_the_opposite()
    {
        Read("yaohua-a12e", "         OL23<0D0A>").Condition.ShouldBe(Condition.Over);
        Read("yaohua-a12e", "         LO23<0D0A>").Condition.ShouldBe(Condition.Under);
        Read("yaohua-a12", "         LO<0D0A>").Condition.ShouldBe(Condition.Under);
    }

    [Fact]
    public void An_A12_without_a_point_has_a_blank_behind_its_digits() => Read("yaohua-a12e", "WG001234 kg38<0D0A>").Mass.ShouldBe(Mass.FromKilograms(1234));

    /// <summary>Trap 3: the same characters, the opposite meaning; a shake of the platform tells which.</summary>
    [Fact]
    public void SCP_01_and_SCP_12_say_the_opposite_with_the_same_character_and_a_setting_turns_either_around()
    {
        const string Frame = "<0A> 012.34kg<0D0A>=0<0D03>";   // bit 0 set, bit 1 not
        Read("scp-12", Frame).Stability.ShouldBe(StabilityFlag.Stable);
        Read("scp-12", "<0A> 012.34kg<0D0A>><30><0D03>").Stability.ShouldBe(StabilityFlag.Moving);
        Read("nci-scp01", "<0A> 012.34kg<0D0A>10<0D03>").Stability.ShouldBe(StabilityFlag.Moving);
        Read("nci-scp01", Frame, "status-polarity=stable").Stability.ShouldBe(StabilityFlag.Stable);
        Read("scp-12", "<0A> 012.34kg<0D0A>10<0D03>", "status-polarity=moving").Stability.ShouldBe(StabilityFlag.Moving);
    }

    [Theory]
    [InlineData("<0A>0012.34kg<0D0A>40<0D03>")]
    [InlineData("<0A>0012.34kg<0D0A>80<0D03>")]
    [InlineData("<0A>0012.34kg<0D0A>04<0D03>")]
    [InlineData("<0A>0012.34kg<0D0A>08<0D03>")]
    [InlineData("<0A>0012.34kg<0D0A>0p8<0D03>")]
    public void A_scale_that_reports_its_memory_calibration_or_zero_at_fault_gives_no_mass(string frame)
    {
        var reading = Read("nci-scp01", frame);
        reading.Mass.ShouldBeNull();
        reading.Condition.ShouldBe(Condition.Fault);
    }

    [Fact]
    public void A_weight_whose_status_is_lost_is_no_weight_while_others_follow()
    {
        var sink = Wire.Decode("nci-scp01", Wire.Bytes("<0A>0012.34kg<0D0A>0045.67kg<0D0A>00<0D03><0A>0045.67kg<0D0A>00<0D03>"));
        sink.Weights.ShouldHaveSingleItem().Mass.ShouldBe(Mass.FromGrams(45_670));
    }

    /// <summary>A torn status and the rest of the next weight, side by side, are ten characters with a unit.</summary>
    [Fact]
    public void Half_a_status_and_half_a_weight_are_no_weight() =>
        Wire.Decode("nci-scp01", Wire.Bytes("<0A>0065.987kg<0D0A>1030.151kg<0D0A>10<0D03>")).Weights.ShouldAllBe(w => w.Mass == null);

    /// <summary>Trap 5: the magnitude has no sign; the status has it.</summary>
    [Fact]
    public void A_USB_scale_under_zero_is_negative_though_its_magnitude_is_not()
    {
        var reading = Read("usb-hid-pos-scale", "<03050200FA00>");
        reading.Mass.ShouldBe(Mass.FromGrams(-250));
        reading.Condition.ShouldBe(Condition.Negative);
    }

    [Fact]
    public void The_sign_of_Massa_K_is_the_top_bit_of_its_magnitude()
    {
        Read("massa-k", "<8000FA0080>").Mass.ShouldBe(Mass.FromGrams(-250));
        Read("massa-k", "<8000FFFF7F>").Mass.ShouldBe(Mass.FromGrams(8_388_607));
    }

    /// <summary>Trap 6: STX is 82 where the parity bit stands in the eighth.</summary>
    [Theory]
    [InlineData("mt-8217", "<82B1B22EB830308D>", 12_800)]
    [InlineData("yaohua-a9", "<822B3030B1B233B433B1C303>", 1_234)]
    [InlineData("f501", "<82A02B3030B12EB233B403>", 1_234)]
    [InlineData("fairbanks-fbputr", "<82B433A0B1B22E33B403>", 12_340)]
    public void The_parity_bit_of_a_seven_bit_line_is_no_data(string protocol, string frame, int grams)
    {
        var bytes = Wire.Bytes(frame);
        var sink = Wire.Decode(protocol, bytes);
        sink.Rejected.ShouldBeEmpty();
        var reading = sink.Weights.ShouldHaveSingleItem();
        reading.Mass.ShouldBe(Mass.FromGrams(grams));
        reading.Raw.ToArray().ShouldBe(bytes);
    }

    /// <summary>Trap 8: status 0 until the weight changes is neither a zero nor the old weight again.</summary>
    [Theory]
    [InlineData("mt-8217", "<02>?@<0D>")]
    [InlineData("mt-8217", "<02>?P<0D>")]
    [InlineData("mt-8213", "<0A>S20<0D03>")]
    [InlineData("mt-dialog06", "<02>09<1B>21<03>")]
    public void A_status_alone_is_no_zero_and_no_weight(string protocol, string frame)
    {
        var reading = Read(protocol, frame);
        reading.Mass.ShouldBeNull();
        reading.Condition.ShouldBe(Condition.Other);
    }

    /// <summary>Trap 8: the first report of a USB scale may be the weighing before it was opened.</summary>
    [Fact]
    public void The_first_report_of_a_USB_scale_is_read_and_belongs_to_no_load()
    {
        var old = Read("usb-hid-pos-scale", "<030403FED204>");
        new ReturnToZero().Add(old, old.Stability, old.Resolution!.Value).ShouldBe(LoadPhase.AwaitingZero);
    }

    [Fact]
    public void A_check_that_looks_like_an_acknowledgement_is_not_answered()
    {
        // Its SOH is lost: what remains of the frame must not ask for data.
        var sink = Wire.Decode("cas-enq-dc1", Wire.Bytes("<02>S 01.234kg<060304>"));
        sink.Replies.ShouldBeEmpty();
        sink.Weights.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("cas-enq-dc1")]
    [InlineData("mt-dialog06")]
    public void An_acknowledgement_behind_noise_is_not_answered_until_there_was_silence(string protocol)
    {
        var sink = new CollectingSink();
        var decoder = Wire.Decoder(protocol);
        decoder.Push("x"u8, sink);
        decoder.Push([0x06], sink);
        sink.Replies.ShouldBeEmpty();
        decoder.FlushIdle(sink);
        decoder.Push([0x06], sink);
        sink.Replies.ShouldHaveSingleItem("behind silence");
        decoder.Push("x"u8, sink);
        decoder.Push(Wire.Frame(protocol, Mass.FromGrams(2340)), sink);
        sink.Replies.Clear();
        decoder.Push([0x06], sink);
        sink.Replies.ShouldHaveSingleItem("behind a whole frame");
    }

    [Fact]
    public void The_handshake_of_CAS_is_continued_by_the_decoder()
    {
        Reply("cas-enq-dc1", "<06>").ShouldBe("11");
        Wire.Decode("cas-enq-dc1", Wire.Bytes("<15>")).Replies.ShouldBeEmpty();
    }

    [Fact]
    public void The_conversation_of_Dialog_06_is_continued_by_the_decoder()
    {
        Reply("mt-dialog06", "<06>").ShouldBe("040405");
        Reply("mt-dialog06", "<15>").ShouldBe("040402303803");
        Reply("mt-dialog06", "<02>09<1B>20<03>").ShouldBe("04");
        Reply("mt-dialog06", "<02>02<1B>3<1B>02345<1B>000000<1B>000000<03>").ShouldBe("04");
    }

    /// <summary>0x5AC3 turned left by 4 is AC35; its remainder by x^16+x^12+x^5+1, turned right by 3.</summary>
    [Fact]
    public void Checksums_are_answered_turned_as_the_scale_asks()
    {
        var correction = 0;
        for (var bit = 31; bit >= 0; bit--)
        {
            var carry = (correction & 0x8000) != 0;
            correction = (correction << 1 & 0xFFFF) | (bit >= 16 ? 0x5AC3 >> (bit - 16) & 1 : 0);
            if (carry) correction ^= 0x1021;
        }
        var turned = (correction >> 3 | correction << 13) & 0xFFFF;
        Reply("mt-dialog06", "<02>11<1B>243<03>", "generator=1021").ShouldBe(Convert.ToHexString(Wire.Bytes($"<040402>10<1B>AC35{turned:X4}<03>")));
    }

    [Fact]
    public void The_echo_that_proves_an_8217_is_ended_at_once()
    {
        Reply("mt-8217", "<02>E<0D>hello").ShouldBe("46");
        Wire.Dialect("mt-8217").Commands.Identify!.Value.ToArray().ShouldBe("Ehello"u8.ToArray());
    }

    [Fact]
    public void The_echo_may_come_in_pieces_and_a_torn_one_is_none()
    {
        var whole = Wire.Bytes("<02>E<0D>hello<02>00.500<0D>");
        for (var cut = 1; cut < whole.Length; cut++)
        {
            var sink = new CollectingSink();
            var decoder = Wire.Decoder("mt-8217");
            decoder.Push(whole.AsSpan(0, cut), sink);
            decoder.Push(whole.AsSpan(cut), sink);
            sink.Weights.Select(w => w.Condition).ShouldBe([Condition.Other, Condition.Ok]);
            sink.Replies.ShouldHaveSingleItem();
        }
        var torn = Wire.Decode("mt-8217", Wire.Bytes("<02>E<0D>hel"));
        torn.Replies.ShouldBeEmpty();
        torn.Rejected.ShouldHaveSingleItem();
        Wire.Decode("mt-8217", Wire.Bytes("<02>E<0D>hex<02>00.500<0D>")).Weights[^1].Mass.ShouldBe(Mass.FromGrams(500));
    }

    /// <summary>The reflected CRC-16 some sources name is another one: four captured frames fit 0x1021.</summary>
    [Theory]
    [InlineData("<F855CE0D0024000000000101000100000000FC23>")]
    [InlineData("<F855CE0D0024A30100000201000000000000F95D>")]
    public void The_check_of_protocol_100_is_that_of_the_captured_frames(string frame) => Read("massa-k-100", frame).Mass.ShouldNotBeNull();

    [Fact]
    public void A_damaged_length_of_protocol_100_costs_its_frame_only()
    {
        var frame = Wire.Bytes("<F855CE0D0024A30100000201000000000000F95D>");
        var damaged = (byte[])frame.Clone();
        foreach (var length in (byte[])[0x20, 0x28])   // into the next frame, and past its end
        {
            damaged[3] = length;
            Wire.Decode("massa-k-100", [.. damaged, .. frame]).Weights.ShouldHaveSingleItem().Mass.ShouldBe(Mass.FromGrams(4190));
        }
    }

    [Theory]
    [InlineData("<F855CE0D0024A30100000201010032000000BA48>", 500)]
    [InlineData("<F855CE0D0024A301000002010100CEFFFFFF19FF>", -500)]
    [InlineData("<F855CE090024A301000002010100EA5D>", null)]
    public void Protocol_100_tells_its_tare_in_divisions_or_not_at_all(string frame, int? grams)
    {
        var reading = Read("massa-k-100", frame);
        reading.Tare.ShouldBe(grams is { } known ? Mass.FromGrams(known) : null);
        reading.Basis.ShouldBe(Basis.Net);
        reading.Resolution.ShouldBe(Mass.FromGrams(10));
    }

    /// <summary>A model without STX: only what follows an LF begins where it seems to.</summary>
    [Fact]
    public void The_end_of_an_endless_DIGI_text_is_no_text()
    {
        var text = Wire.Bytes("@@<0D>01.250<0D0A>");
        byte[] endless = [.. Enumerable.Repeat((byte)'x', 64), .. text];
        Wire.Decode("digi", endless, "start=none").Weights.ShouldBeEmpty();
        Wire.Decode("digi", [.. endless, .. text], "start=none").Weights.ShouldHaveSingleItem();
    }

    /// <summary>The overload of the other Dibal mode, 00.000, has another shape and is no zero here.</summary>
    [Theory]
    [InlineData("00.000<0D0A>")]
    [InlineData("-00.000<0D0A>")]
    public void Another_mode_of_the_same_scale_is_refused(string frame) => Refused("dibal-98", frame);

    [Theory]
    [InlineData("yaohua-a9", "unit=t decimals=2")]
    [InlineData("f501", "decimals=2")]
    [InlineData("keli", "decimals=2")]
    public void Every_way_to_say_where_the_point_stands_gives_the_same_mass(string protocol, string options)
    {
        var frame = protocol switch { "yaohua-a9" => "<02>+00123421D<03>", "f501" => "<02> +0001234<03>", _ => "G=   1234" };
        Read(protocol, frame, options).Number.ShouldBe(12.34m);
    }

    [Theory]
    [InlineData("mt-8217", "decimals", "9")]
    [InlineData("mt-dialog06", "generator", "10210")]
    [InlineData("mt-dialog06", "price", "12")]
    [InlineData("yaohua-command", "address", "AB")]
    [InlineData("massa-k", "interval-ms", "100")]
    [InlineData("nci-scp01", "status-polarity", "both")]
    public void A_setting_that_cannot_be_is_named(string protocol, string setting, string value) =>
        Should.Throw<ProtocolSettingsException>(() => Wire.Dialect(protocol, $"{setting}={value}")).Setting.ShouldBe(setting);

    [Theory]
    [InlineData("yaohua-command", "", "<02>AB03<03>", 250)]
    [InlineData("yaohua-command", "mode=poll-net address=B", "<02>BD06<03>", 250)]
    [InlineData("yaohua-a12e", "mode=poll", "R", 200)]
    [InlineData("mt-8217", "", "W", 250)]
    [InlineData("nci-scp01", "interval-ms=400", "W<0D>", 400)]
    [InlineData("scp-12", "", "W<0D>", 250)]
    [InlineData("mt-8213", "", "W<0D>", 250)]
    [InlineData("cas-enq-dc1", "", "<05>", 250)]
    [InlineData("mt-dialog06", "", "<040402>01<1B>000000<1B03>", 500)]
    [InlineData("mt-dialog06", "mode=poll", "<040405>", 500)]
    [InlineData("mt-dialog06", "price=001250", "<040402>01<1B>001250<1B03>", 500)]
    [InlineData("dibal-98", "", "98000001<0D0A>", 250)]
    [InlineData("digi", "", "<05>", 250)]
    [InlineData("massa-k", "", "J", 250)]
    [InlineData("massa-k-100", "", "<F855CE0100232300>", 250)]
    [InlineData("massa-k-100", "mode=poll-a0", "<F855CE0100A0A000>", 250)]
    public void A_poll_is_sent_as_often_as_the_scale_can_bear(string protocol, string options, string poll, int milliseconds)
    {
        var dialect = Wire.Dialect(protocol, options);
        dialect.Talk.ShouldBe(Talk.Poll);
        dialect.Poll!.Command.ToArray().ShouldBe(Wire.Bytes(poll));
        dialect.Poll.Interval.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
        dialect.NewDecoder().IdleGap.ShouldBeLessThan(dialect.Poll.AnswerWithin + dialect.Poll.Interval);
    }

    /// <summary>A Dibal waits up to seven seconds for the weight to rest: silence before that is no fault.</summary>
    [Fact]
    public void A_Dibal_is_given_its_seven_seconds() => Wire.Dialect("dibal-98").Poll!.AnswerWithin.ShouldBeGreaterThan(TimeSpan.FromSeconds(7));

    [Theory]
    [InlineData("massa-k", 4800, 8, Parity.Even)]
    [InlineData("massa-k-100", 19200, 8, Parity.Even)]
    [InlineData("mt-8217", 9600, 7, Parity.Even)]
    [InlineData("nci-scp01", 9600, 7, Parity.Even)]
    [InlineData("digi", 9600, 7, Parity.Even)]
    [InlineData("yaohua-a9", 9600, 8, Parity.None)]
    public void The_usual_line_is_known(string protocol, int baud, int bits, Parity parity) => ProtocolList.Find(protocol)!.Line.ShouldBe(new LineSettings(baud, bits, parity));
}
