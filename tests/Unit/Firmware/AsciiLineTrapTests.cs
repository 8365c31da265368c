using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>The traps of the line protocols, each by its name: where another reader of the same bytes would have believed a wrong weight.</summary>
public sealed class AsciiLineTrapTests
{
    private static WeightReading Read(string protocol, string frame, string options = "") => Wire.Decode(protocol, Wire.Bytes(frame), options).Weights.ShouldHaveSingleItem();

    private static RejectedFrame Refused(string protocol, string frame, string options = "")
    {
        var sink = Wire.Decode(protocol, Wire.Bytes(frame), options);
        sink.Weights.ShouldBeEmpty();
        return sink.Rejected.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("sartorius-sbi", "+   1255.7    <0D0A>", 1_255_700)]
    [InlineData("sartorius-sbi", "N     +   1255.7    <0D0A>", 1_255_700)]
    [InlineData("kern-de", "M-     1.500    <0D0A>", -1_500_000)]
    [InlineData("kern-de", "       1.500 <0D0A>", 1_500_000)]
    [InlineData("rinstrum", "<02>    1.50GM -   <03>", 1_500_000)]
    [InlineData("rinstrum", "<02>    1.50G  -   <03>", 1_500_000)]
    public void A_blank_unit_is_a_moving_weight_never_a_stable_one(string protocol, string frame, long milligrams)
    {
        var reading = Read(protocol, frame);
        reading.Stability.ShouldBe(StabilityFlag.Moving);
        reading.Mass.ShouldBe(Mass.FromMilligrams(milligrams));
    }

    [Fact]
    public void The_unit_of_a_moving_weight_is_the_one_the_balance_used_last()
    {
        var weights = Wire.Decode("sartorius-sbi", Wire.Bytes("+   12.500 kg <0D0A>+   12.600    <0D0A>")).Weights;
        weights.Select(w => w.Mass).ShouldBe([Mass.FromGrams(12_500), Mass.FromGrams(12_600)]);
        weights.Select(w => w.Stability).ShouldBe([StabilityFlag.Stable, StabilityFlag.Moving]);
    }

    [Theory]
    [InlineData("aux-digit-slash", "+007.12/3 G S<0D0A>", 7_123)]
    [InlineData("aux-digit-slash", "-009.36/0 G S<0D0A>", -9_360)]
    [InlineData("kern-14byte", "+07.12/3 G S<0D0A>", 7_123)]
    public void The_digit_behind_the_slash_is_part_of_the_weight_not_a_stability_index(string protocol, string frame, long milligrams)
    {
        var reading = Read(protocol, frame);
        reading.Mass.ShouldBe(Mass.FromMilligrams(milligrams));
        reading.Stability.ShouldBe(StabilityFlag.Stable);
        reading.Resolution.ShouldBe(Mass.FromMilligrams(1));
    }

    [Theory]
    [InlineData("aux-digit-slash", "+0071/2/3 G S<0D0A>")]
    [InlineData("aux-digit-slash", "+0071234/ G S<0D0A>")]
    [InlineData("aux-digit-slash", "+0071234/5 G S<0D0A>")]
    [InlineData("aux-digit-slash", "+000712/3 G S<0D0A>")]
    public void A_slash_anywhere_else_is_no_weight(string protocol, string frame) => Refused(protocol, frame);

    [Theory]
    [InlineData("ohaus-defender3000", "    42.0 kg   ?G<0D0A>")]
    [InlineData("ohaus-lab", "       12.73 g    ?<0D0A>")]
    [InlineData("ohaus-lab", "       0.01 g ?<0D0A>")]
    [InlineData("radwag", "SI ?       18.5 kg <0D0A>")]
    [InlineData("general-measure", "US,GS,+011.120kg<0D0A>")]
    [InlineData("fairbanks-ups", "   0.50 kg gr  <0D0A04>")]
    [InlineData("sma-scp0499", "<0A> 1GM      7.025kg <0D>")]
    public void What_a_scale_calls_moving_is_moving(string protocol, string frame) => Read(protocol, frame).Stability.ShouldBe(StabilityFlag.Moving);

    [Theory]
    [InlineData("ST,GS,+011.120kg<0D0A>", 11_120_000)]
    [InlineData("ST,GS    85.5g  <0D0A>", 85_500)]
    [InlineData("ST,GS,   245.6 g<0D0A>", 245_600)]
    [InlineData("ST,GS   12.340,kg<0D0A>", 12_340_000)]
    [InlineData("ST,NT-  12.340,kg<0D0A>", -12_340_000)]
    [InlineData("ST,G ,-  1.234,kg<0D0A>", -1_234_000)]
    [InlineData("ST,GS  1.000KG<0D0A>", 1_000_000)]
    [InlineData("ST,GS,+  12.5 lb<0D0A>", 5_669_905)]
    [InlineData("ST,TR,+012.3456  kg<0D0A>", 12_345_600)]
    public void ST_GS_is_read_in_every_spacing(string frame, long milligrams)
    {
        foreach (var protocol in (string[])["general-measure", "tscale-nhb", "tscale-qhw"])
        {
            var reading = Read(protocol, frame);
            reading.Mass.ShouldBe(Mass.FromMilligrams(milligrams));
            reading.Stability.ShouldBe(StabilityFlag.Stable);
        }
    }

    [Theory]
    [InlineData("XX,GS,+011.120kg<0D0A>")]
    [InlineData("ST,XX,+011.120kg<0D0A>")]
    [InlineData("ST,GS,+011.120<0D0A>")]
    [InlineData("ST,GS,+011.120xx<0D0A>")]
    [InlineData("ST,GS,+01 1.120kg<0D0A>")]
    [InlineData("ST,GS,+011.120kg 3<0D0A>")]
    [InlineData("ST,GS,+011.120,+1kg<0D0A>")]
    [InlineData("ST,GS,+-11.120kg<0D0A>")]
    [InlineData("ST,GS,        kg<0D0A>")]
    [InlineData("ST GS,+011.120kg<0D0A>")]
    [InlineData("T,GS,+011.120kg<0D0A>")]
    [InlineData("ST,GS,+011.120kg<0A>")]
    public void ST_GS_is_strict_in_content(string frame) => Refused("general-measure", frame);

    [Theory]
    [InlineData("general-measure", "OL,GS,+       kg<0D0A>", Condition.Over)]
    [InlineData("general-measure", "OL,GS,-       kg<0D0A>", Condition.Under)]
    [InlineData("general-measure", "OL,GS,-------kg<0D0A>", Condition.Over)]
    [InlineData("general-measure", "OL,GS,+011.120kg<0D0A>", Condition.Over)]
    [InlineData("dini-argeo", "UL,GS,        ,kg<0D0A>", Condition.Under)]
    [InlineData("dini-argeo", "OL,NT,--------,kg<0D0A>", Condition.Over)]
    [InlineData("dini-argeo", "TL,GS,     1.5,kg<0D0A>", Condition.Fault)]
    [InlineData("and-standard", "OL,+9999999E+19<0D0A>", Condition.Over)]
    [InlineData("and-standard", "OL,-9999999E+19<0D0A>", Condition.Under)]
    [InlineData("and-ad4329", "OL,G ,-    .  kg<0D0A>", Condition.Under)]
    [InlineData("cas-22", "OL,GS,1<84>,0013.600 kg<0D0A>", Condition.Over)]
    [InlineData("radwag", "SI ^   153.2371 kg <0D0A>", Condition.Over)]
    [InlineData("radwag", "S  v -   3.2371 kg <0D0A>", Condition.Under)]
    [InlineData("sartorius-sbi", "Stat        L       <0D0A>", Condition.Under)]
    [InlineData("sartorius-sbi", "      H       <0D0A>", Condition.Over)]
    [InlineData("sartorius-sbi", "Stat      High      <0D0A>", Condition.Over)]
    [InlineData("kern-14byte", "+ 999.99 G E<0D0A>", Condition.Over)]
    [InlineData("kern-14byte", "- 999.99 G E<0D0A>", Condition.Under)]
    [InlineData("kern-de", "       Error<0D0A>", Condition.Fault)]
    [InlineData("rinstrum", "<02>   99.99O  - kg<03>", Condition.Over)]
    [InlineData("rinstrum", "<02>    1.00E<03>", Condition.Fault)]
    [InlineData("sma-scp0499", "<0A>U1G      -0.500kg <0D>", Condition.Under)]
    [InlineData("sma-scp0499", "<0A>I1G  ----------kg <0D>", Condition.Fault)]
    [InlineData("sma-scp0499", "<0A>T1N       7.025kg <0D>", Condition.Fault)]
    [InlineData("ohaus-defender3000", "Err 8.3<0D0A>", Condition.Over)]
    [InlineData("ohaus-lab", "Err 8.4<0D0A>", Condition.Under)]
    [InlineData("fairbanks-ups", "<04>", Condition.Over)]
    public void What_a_scale_calls_out_of_range_or_faulty_has_no_mass_whatever_its_digits(string protocol, string frame, Condition condition)
    {
        var reading = Read(protocol, frame);
        reading.Condition.ShouldBe(condition);
        reading.Mass.ShouldBeNull();
        reading.IsLoad.ShouldBeFalse();
    }

    [Theory]
    [InlineData("ohaus-defender3000", "-  1.640 kg    N<0D0A>", -1_640_000)]
    [InlineData("ohaus-defender3000", "-   1.640 kg    NET<0D0A>", -1_640_000)]
    [InlineData("ohaus-lab", "      -12.73 g     <0D0A>", -12_730)]
    [InlineData("and-standard", "ST,-0001.234 kg<0D0A>", -1_234_000)]
    [InlineData("cas-22", "ST,NT,1<C2>,-00010.0 kg<0D0A>", -10_000_000)]
    [InlineData("cas-22", "ST,NT,1<C2>,   -10.0 kg<0D0A>", -10_000_000)]
    [InlineData("tscale-nhb", "ST,GS   -85.5g  <0D0A>", -85_500)]
    [InlineData("dini-argeo", "ST,NT,   -12.5,kg<0D0A>", -12_500_000)]
    [InlineData("radwag", "SUI? -   58.237 kg <0D0A>", -58_237_000)]
    [InlineData("sartorius-sbi", "-    25.30 g  <0D0A>", -25_300)]
    [InlineData("kern-de", " -     1.500 kg <0D0A>", -1_500_000)]
    [InlineData("rinstrum", "<02>-   2.50N<03>", -2_500_000)]
    [InlineData("sma-scp0499", "<0A> 1N      -7.025kg <0D>", -7_025_000)]
    [InlineData("mt-ms204", "     N      -0.3746 g   <0D0A>", -375)]
    [InlineData("fairbanks-ups", "-  0.50 kg GR  <0D0A04>", -500_000)]
    [InlineData("adam-cpwplus", "-  0.58  lb<0D0A>", -263_084)]
    public void A_minus_is_never_lost_wherever_it_stands(string protocol, string frame, long milligrams)
    {
        var reading = Read(protocol, frame);
        reading.Mass.ShouldBe(Mass.FromMilligrams(milligrams));
        reading.Condition.ShouldBe(Condition.Negative);
    }

    [Theory]
    [InlineData("   G<0D0A>")]
    [InlineData(" 1.640 kg    N<0D0A>")]
    [InlineData("  1.640 kg    N<0D0A>")]
    [InlineData("   1.640 kg    NET<0D0A>")]
    public void The_tail_of_a_Defender_line_is_discarded(string tail) => Refused("ohaus-defender3000", tail);

    [Theory]
    [InlineData("92.21 g<0D0A>")]
    [InlineData("  192.21 g<0D0A>")]
    [InlineData("2.73 g    ?<0D0A>")]
    [InlineData("-       12.73 g<0D0A>")]
    [InlineData("       12.73- g<0D0A>")]
    public void The_tail_of_a_balance_line_is_discarded_and_so_is_a_minus_that_could_be_lost(string tail) => Refused("ohaus-lab", tail);

    [Fact]
    public void A_balance_line_cut_before_its_question_mark_is_not_stable() => Refused("ohaus-lab", "       12.73 g");

    [Theory]
    [InlineData("2C", 13_500_000)]
    [InlineData("0D", 13_500_000)]
    [InlineData("0A", 13_500_000)]
    public void A_CAS_device_id_may_be_a_comma_or_a_line_end(string id, long milligrams) =>
        Read("cas-22", $"ST,GS,<{id}><C4>,000013.5 kg<0D0A>").Mass.ShouldBe(Mass.FromMilligrams(milligrams));

    [Fact]
    public void A_CAS_lamp_byte_without_the_stable_lamp_overrules_ST() => Read("cas-22", "ST,GS,1<84>,000013.5 kg<0D0A>").Stability.ShouldBe(StabilityFlag.Moving);

    [Theory]
    [InlineData("cas-22", "ST,GS,1<D4>,000013.5 kg<0D0A>")]
    [InlineData("and-ad4329", "HD,G ,+01234.5kg<0D0A>")]
    [InlineData("sartorius-sbi", "Setp  +   1255.7 g  <0D0A>")]
    public void A_held_or_stored_value_is_not_the_load(string protocol, string frame)
    {
        var reading = Read(protocol, frame);
        reading.Condition.ShouldBe(Condition.Other);
        reading.Mass.ShouldBeNull();
    }

    [Theory]
    [InlineData("sartorius-sbi", "T1    +    25.30 g  <0D0A>")]
    [InlineData("and-ad4329", "ST,PT,+00012.5kg<0D0A>")]
    [InlineData("radwag", "OT       12.500 kg <0D0A>")]
    [InlineData("radwag", "OT    12.500 kg  <0D0A>")]
    [InlineData("adam-cpwplus", "T/W  +  12.5 oz<0D0A>")]
    [InlineData("ohaus-defender3000", "   0.360 kg    T<0D0A>")]
    [InlineData("sma-scp0499", "<0A> 1T       7.025kg <0D>")]
    public void A_tare_is_never_a_load(string protocol, string frame)
    {
        var reading = Read(protocol, frame);
        reading.Basis.ShouldBe(Basis.Tare);
        reading.IsLoad.ShouldBeFalse();
    }

    [Fact]
    public void On_an_AandD_balance_t_is_the_tola() => Refused("and-standard", "ST,+0001.234  t<0D0A>").Reason.ShouldBe(RejectReason.Unit);

    /// <summary>7E1 read as 8N1: the parity bit is in the eighth.</summary>
    [Theory]
    [InlineData("and-standard", "ST,+0001.234 kg\r\n")]
    [InlineData("and-ad4329", "ST,G ,+01234.5kg\r\n")]
    [InlineData("sartorius-sbi", "+   1255.7 g  \r\n")]
    [InlineData("ohaus-defender3000", "-  1.530 kg   ?N\r\n")]
    [InlineData("general-measure", "ST,GS,+011.120kg\r\n")]
    public void Parity_in_the_eighth_bit_is_no_part_of_a_line(string protocol, string text)
    {
        foreach (var odd in (int[])[0, 1])
        {
            var plain = Wire.Ascii(text);
            var onTheWire = plain.Select(b => (byte)(b | (((byte.PopCount(b) & 1) ^ odd) << 7))).ToArray();
            var reading = Wire.Decode(protocol, onTheWire).Weights.ShouldHaveSingleItem();
            reading.Mass.ShouldBe(Wire.Decode(protocol, plain).Weights.Single().Mass);
            reading.Raw.Span.ToArray().ShouldBe(onTheWire);
        }
    }

    [Fact]
    public void A_line_may_end_in_its_CR_alone()
    {
        var weights = Wire.Decode("and-ad4329", Wire.Bytes("ST,G ,+01234.5kg<0D>US,G ,+01234.6kg<0D0D0A>ST,G ,+01234.7kg<0D0A>")).Weights;
        weights.Select(w => w.Number).ShouldBe([1234.5m, 1234.6m, 1234.7m]);
    }

    [Fact]
    public void A_bit_flipped_in_a_JIK_label_changes_no_weight()
    {
        var label = ScaleWire.All["jik6cab"].Frame(new ScaleDisplay(new Indication(Mass.FromGrams(2_340), Moving: false, Over: false, Under: false), Mass.FromGrams(400), Decimals: 2))!;
        var meant = Wire.Decode("jik6cab", label).Weights.Single();
        for (var bit = 0; bit < label.Length * 8; bit++)
        {
            var flipped = (byte[])label.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Wire.Decode("jik6cab", flipped).Weights.ShouldAllBe(w => w.Mass == meant.Mass && w.Tare == meant.Tare && w.Unit == meant.Unit);
        }
    }

    [Fact]
    public void An_AandD_point_may_be_a_comma() => Read("and-standard", "ST,+0001,234 kg<0D0A>").Mass.ShouldBe(Mass.FromGrams(1_234));

    [Theory]
    [InlineData("ohaus-defender3000", "  5:12.3 lb:oz G<0D0A>", 2_616_661)]
    [InlineData("ohaus-defender3000", "- 0:08.0 lb:oz G<0D0A>", -226_796)]
    public void Pounds_and_ounces_are_added_up(string protocol, string frame, long milligrams)
    {
        var reading = Read(protocol, frame);
        reading.Unit.ShouldBe("lb:oz");
        reading.Mass.ShouldBe(Mass.FromMilligrams(milligrams));
    }

    [Fact]
    public void Sixteen_ounces_are_no_ounces() => Refused("ohaus-defender3000", "  5:16.0 lb:oz G<0D0A>");

    [Fact]
    public void A_JIK_label_that_does_not_add_up_is_refused()
    {
        const string label = "^KJIK000<0D0A>2023-11-07<0D0A>17:19:26<0D0A>  0.50 kg<0D0A>  2.44 kg<0D0A>0<0D0A>0<0D0A>  1.94 kg<0D0A>  1.94 kg<0D0A>    0 pcs<0D0A> <0D0A> <0D0A>E<0D0A>~P1<0D0A>";
        var reading = Read("jik6cab", label);
        reading.Mass.ShouldBe(Mass.FromGrams(1_940));
        reading.Tare.ShouldBe(Mass.FromGrams(500));
        Read("jik6cab", label.Replace("2023-11-07", "2023/11/07", StringComparison.Ordinal)).Mass.ShouldBe(Mass.FromGrams(1_940));
        Refused("jik6cab", label.Replace("2.44", "2.45", StringComparison.Ordinal)).Reason.ShouldBe(RejectReason.Checksum);
        Refused("jik6cab", label.Replace("  1.94 kg<0D0A>    0", "  1.94  g<0D0A>    0", StringComparison.Ordinal));
    }

    [Fact]
    public void An_EOT_alone_is_over_capacity_but_the_end_of_a_torn_frame_is_not()
    {
        const string whole = "   0.50 kg GR  <0D0A04>";
        Wire.Decode("fairbanks-ups", Wire.Bytes(whole + "<04>" + whole)).Weights.Select(w => w.Condition).ShouldBe([Condition.Ok, Condition.Over, Condition.Ok]);
        Wire.Decode("fairbanks-ups", Wire.Bytes("GR  <0D0A04>" + whole)).Weights.Select(w => w.Condition).ShouldBe([Condition.Ok]);
        Wire.Decode("fairbanks-ups", Wire.Bytes("<04>" + whole)).Weights.Select(w => w.Condition).ShouldBe([Condition.Ok]);
    }

    [Theory]
    [InlineData("kern-kcp", "", "SI\r\n", 200)]
    [InlineData("sma-scp0499", "", "\nW\r", 110)]
    [InlineData("and-standard", "mode=poll", "Q\r\n", 500)]
    [InlineData("and-ad4329", "mode=poll", "RW\r\n", 500)]
    [InlineData("sartorius-sbi", "", "\u001bP", 300)]
    [InlineData("fairbanks-ups", "", "\r", 250)]
    [InlineData("radwag", "mode=poll-shown", "SUI\r\n", 200)]
    [InlineData("dini-argeo", "mode=poll-extended address=7", "07REXT\r\n", 200)]
    [InlineData("ohaus-lab", "mode=poll interval-ms=60", "IP\r\n", 60)]
    [InlineData("general-measure", "mode=poll", "READ\r\n", 200)]
    [InlineData("tscale-qhw", "mode=poll", "W", 200)]
    [InlineData("kern-de", "mode=poll", "w", 200)]
    [InlineData("cas-22", "mode=poll address=3", "03RW\r\n", 200)]
    [InlineData("adam-cpwplus", "", "G\r\n", 300)]
    [InlineData("adam-az", "mode=poll", "P\r\n", 500)]
    public void A_poll_is_sent_as_often_as_the_scale_can_bear(string protocol, string options, string poll, int milliseconds)
    {
        var dialect = Wire.Dialect(protocol, options);
        dialect.Talk.ShouldBe(Talk.Poll);
        dialect.Poll!.Command.ToArray().ShouldBe(Wire.Ascii(poll));
        dialect.Poll.Interval.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
        dialect.NewDecoder().IdleGap.ShouldBeLessThan(dialect.Poll.AnswerWithin + dialect.Poll.Interval);
    }

    [Theory]
    [InlineData("kern-kcp", "interval-ms=99", "interval-ms")]
    [InlineData("fairbanks-ups", "interval-ms=100", "interval-ms")]
    [InlineData("sartorius-sbi", "length=15", "length")]
    [InlineData("mt-ms204", "length=12", "length")]
    [InlineData("and-ad4329", "mode=poll-stable", "mode")]
    [InlineData("rinstrum", "format=7", "format")]
    [InlineData("jik6cab", "length=14", "length")]
    [InlineData("general-measure", "expect-unit=stone", "expect-unit")]
    public void A_setting_the_scale_cannot_bear_is_named(string protocol, string options, string setting) =>
        Should.Throw<ProtocolSettingsException>(() => Wire.Dialect(protocol, options)).Setting.ShouldBe(setting);

    [Fact]
    public void A_CPWplus_wants_both_modem_lines_low_and_takes_its_tare_with_Z()
    {
        var protocol = ProtocolList.Find("adam-cpwplus")!;
        protocol.Line.ShouldBe(new LineSettings(Dtr: false, Rts: false));
        protocol.Configure(ProtocolSettings.Default).Commands.Tare!.Value.ToArray().ShouldBe("Z\r\n"u8.ToArray());
    }

    [Fact]
    public void An_AZ_that_stays_silent_for_an_old_weight_is_not_called_lost() =>
        ProtocolList.Find("adam-az")!.Configure(ProtocolSettings.Default).Talk.ShouldBe(Talk.OnEvent);

    [Theory]
    [InlineData("general-measure", "ST,GS,+011.12kg<0D0A>", "length=16")]
    [InlineData("dini-argeo", "ST,GS,    12.5, g<0D0A>", "expect-unit=kg")]
    [InlineData("sartorius-sbi", "+   1255.7 g  <0D0A>", "length=20")]
    public void What_commissioning_pinned_down_is_kept(string protocol, string frame, string options) => Refused(protocol, frame, options);
}
