using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>What people write into a configuration, and the marks the kernel puts around damaged bytes.</summary>
public sealed class LineSettingsTests
{
    [Fact]
    public void The_usual_notation_is_understood()
    {
        LineSettings.TryParse("4800 7e2 dtr=0 RTS=1", out var settings, out _).ShouldBeTrue();
        settings.ShouldBe(new LineSettings(4800, 7, Parity.Even, 2, Dtr: false, Rts: true));
        settings.ToString().ShouldBe("4800 7E2");
    }

    [Theory]
    [InlineData("")]
    [InlineData("9600")]
    [InlineData("9600 9N1")]
    [InlineData("9600 8X1")]
    [InlineData("9600 8N3")]
    [InlineData("49 8N1")]
    [InlineData("-9600 8N1")]
    [InlineData("9600 8N1 dtr=2")]
    [InlineData("9600 8N1 dtr=0 rts=0 more")]
    public void Anything_else_is_refused_with_an_example(string text)
    {
        LineSettings.TryParse(text, out _, out var reason).ShouldBeFalse();
        reason.ShouldContain("9600 8N1");
    }

    [Theory]
    [InlineData("ttyUSB0")]
    [InlineData("tcp://host")]
    [InlineData("tcp://host:70000")]
    [InlineData("udp://host:1")]
    public void An_address_that_is_no_line_is_refused(string address) =>
        Should.Throw<FormatException>(() => LineFactory.Create(address, LineSettings.Default)).Message.ShouldContain(address);

    [Fact]
    public void A_misspelt_option_is_refused_with_the_names_there_are()
    {
        var settings = new ProtocolSettings { Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["interval"] = "100" } };
        var refusal = Should.Throw<ProtocolSettingsException>(() => ProtocolList.Find("mt-sics")!.Configure(settings));
        refusal.Setting.ShouldBe("interval");
        refusal.Message.ShouldContain("interval-ms");
    }

    [Theory]
    [InlineData("kern-kcp", "interval-ms=99", "interval-ms")]
    [InlineData("mt-sics", "mode=shout", "mode")]
    [InlineData("mt-sics", "expect-unit=stone", "expect-unit")]
    [InlineData("yaohua-=1", "unit=pcs", "unit")]
    [InlineData("yaohua-=1", "length=4", "length")]
    [InlineData("toledo-continuous", "checksum=maybe", "checksum")]
    [InlineData("scanner-aim", "idle-ms=5", "idle-ms")]
    public void A_value_that_cannot_be_is_refused_naming_the_setting(string protocol, string options, string setting) =>
        Should.Throw<ProtocolSettingsException>(() => Wire.Dialect(protocol, options)).Setting.ShouldBe(setting);

    [Fact]
    public void Marked_bytes_are_handed_on_without_their_marks_and_damaged_ones_only_as_damage()
    {
        // S, a damaged 31, a real FF, a break, then CR.
        Marked("53 FF 00 31 FF FF FF 00 00 0D", 100).ShouldBe("53 ! FF ! 0D");
    }

    [Fact]
    public void Marks_split_between_reads_are_still_marks()
    {
        for (var piece = 1; piece < 10; piece++) Marked("53 FF 00 31 FF FF FF 00 00 0D", piece).ShouldBe("53 ! FF ! 0D");
    }

    private static string Marked(string hex, int piece)
    {
        var bytes = Wire.Hex(hex);
        var marks = new MarkedBytes();
        var seen = new List<string>();
        var buffer = new byte[16];
        for (var at = 0; at < bytes.Length; at += piece)
        {
            marks.Take(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
            while (marks.HasMore)
            {
                var read = marks.Next(buffer);
                if (read.Event == LineEvent.Damaged) seen.Add("!");
                for (var i = 0; i < read.Count; i++) seen.Add(Convert.ToHexString(buffer, i, 1));
            }
        }
        return string.Join(' ', seen);
    }

    [Fact]
    public void A_damaged_byte_spoils_its_line_and_no_other()
    {
        var sink = new CollectingSink();
        var decoder = Wire.Decoder("mt-sics");
        decoder.Push("S S      1.000 kg\r\nS S      2."u8, sink);
        decoder.Break(RejectReason.Parity, sink);
        decoder.Push("00 kg\r\nS S      3.000 kg\r\n"u8, sink);
        sink.Weights.Select(w => w.Number).ShouldBe([1.000m, 3.000m]);
        sink.Rejected[0].Reason.ShouldBe(RejectReason.Parity);
    }

    [Fact]
    public void What_looks_like_a_whole_line_behind_a_damaged_byte_is_the_rest_of_a_damaged_one()
    {
        var sink = new CollectingSink();
        var decoder = Wire.Decoder("mt-sics");
        decoder.Break(RejectReason.Parity, sink);
        decoder.Push("S S      2.000 kg\r\nS S      3.000 kg\r\n"u8, sink);
        sink.Weights.Select(w => w.Number).ShouldBe([3.000m]);
    }

    [Theory]
    [InlineData("toledo-continuous")]
    [InlineData("yaohua-=2")]
    [InlineData("mt-sics")]
    public void What_was_pending_when_the_line_was_lost_is_never_joined_with_what_comes_after(string protocol)
    {
        var frame = protocol switch
        {
            "mt-sics" => "S S      2.340 kg\r\n"u8.ToArray(),
            "yaohua-=2" => "=0002.340"u8.ToArray(),
            _ => Wire.Bytes("<02>-0   2340     0<0D>"),
        };
        for (var cut = 1; cut < frame.Length; cut++)
        {
            var sink = new CollectingSink();
            var decoder = Wire.Decoder(protocol);
            decoder.Push(frame.AsSpan(0, cut), sink);
            decoder.Reset();
            decoder.Pending.ShouldBeFalse();
            decoder.Push(frame.AsSpan(cut), sink);
            decoder.FlushIdle(sink);
            sink.Weights.ShouldBeEmpty();
        }
    }
}
