using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Scanners.Ssi;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>What SSI asks of a host beyond reading packets: acknowledge, ask again, and never take one scan for two (devices.md 2; SE955 guide, chapter 10).</summary>
public sealed class SsiDecoderTests
{
    private const string Ack = "04D00400FF28";
    private const string Resend = "05D1040001FF25";
    private readonly CollectingSink _sink = new();
    private readonly IDecoder _decoder = Wire.Decoder("scanner-ssi");

    private static byte[] Scan(string text, bool resent = false, bool continued = false, byte type = 0x03) =>
        SsiPacket.Write(SsiPacket.DecodeData, SsiPacket.FromScanner, (byte)((resent ? SsiPacket.Resent : 0) | (continued ? SsiPacket.Continued : 0)), [type, .. Encoding.UTF8.GetBytes(text)]);

    private static byte[] Damaged(byte[] packet, int at = 7)
    {
        packet[at] ^= 0x10;
        return packet;
    }

    [Fact]
    public void The_packets_of_the_host_are_those_of_the_manual()
    {
        Convert.ToHexString(SsiPacket.OfHost(SsiPacket.Ack, [])).ShouldBe(Ack);
        Convert.ToHexString(SsiPacket.OfHost(SsiPacket.Nak, SsiPacket.CauseResend)).ShouldBe(Resend);
        Convert.ToHexString(Wire.Dialect("scanner-ssi").Commands.Trigger!.Value.Span).ShouldBe("04E40400FF14");
        Convert.ToHexString(Wire.Dialect("scanner-ssi").Commands.Untrigger!.Value.Span).ShouldBe("04E50400FF13");
        Convert.ToHexString(Wire.Dialect("scanner-ssi").Commands.Identify!.Value.Span).ShouldBe("04A30400FF55");
    }

    [Fact]
    public void A_whole_packet_is_acknowledged_once()
    {
        _decoder.Push(Scan("KA00000001"), _sink);
        _sink.Scans.ShouldHaveSingleItem().Text.ShouldBe("KA00000001");
        _sink.Replies.ShouldBe([Ack]);
    }

    [Fact]
    public void With_handshaking_switched_off_nothing_is_sent()
    {
        var silent = Wire.Decoder("scanner-ssi", "ack=off");
        silent.Push(Scan("KA00000001"), _sink);
        silent.Push(Damaged(Scan("KA00000002")), _sink);
        (_sink.Scans.Count, _sink.Replies.Count).ShouldBe((1, 0));
    }

    [Fact]
    public void A_resent_packet_that_was_taken_is_acknowledged_again_and_gives_nothing()
    {
        _decoder.Push(Scan("A1"), _sink);
        _decoder.Push(Scan("A1", resent: true), _sink);   // our acknowledgement was lost
        _decoder.Push(Scan("A1", resent: true), _sink);
        _sink.Scans.Count.ShouldBe(1);
        _sink.Replies.ShouldBe([Ack, Ack, Ack]);
    }

    [Fact]
    public void The_same_label_scanned_again_is_a_scan()
    {
        _decoder.Push(Scan("A1"), _sink);
        _decoder.Push(Scan("A1"), _sink);
        _sink.Scans.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void A_rescan_whose_first_packet_was_damaged_is_taken_when_it_comes_again(int at)
    {
        _decoder.Push(Scan("A1XY"), _sink);
        _decoder.Push(Damaged(Scan("A1XY"), at), _sink);
        _decoder.FlushIdle(_sink);
        _decoder.Push(Scan("A1XY", resent: true), _sink);
        _sink.Scans.Count.ShouldBe(2);
        _sink.Rejected.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_damaged_packet_is_asked_for_twice_and_then_no_more()
    {
        for (var i = 0; i < 5; i++) _decoder.Push(Damaged(Scan("KA00000001")), _sink);
        _sink.Replies.ShouldBe([Resend, Resend]);
        _decoder.Push(Scan("KA00000001", resent: true), _sink);
        _sink.Replies.ShouldBe([Resend, Resend, Ack]);
        _decoder.Push(Damaged(Scan("KA00000002")), _sink);
        _sink.Replies[^1].ShouldBe(Resend, "the next message has its own two");
    }

    [Fact]
    public void A_message_of_several_packets_is_one_scan_and_each_packet_is_acknowledged()
    {
        var text = string.Concat(Enumerable.Range(0, 100).Select(i => $"{i:000}-"));
        _decoder.Push(Scan(text[..200], continued: true), _sink);
        _decoder.Pending.ShouldBeTrue();
        _decoder.Push(Scan(text[..200], continued: true, resent: true), _sink);
        _decoder.Push(Scan(text[200..]), _sink);
        _sink.Scans.ShouldHaveSingleItem().Text.ShouldBe(text);
        _sink.Replies.ShouldBe([Ack, Ack, Ack]);
        _decoder.Pending.ShouldBeFalse();
    }

    [Fact]
    public void Packets_whose_rest_never_came_do_not_join_the_next_scan()
    {
        _decoder.Push(Scan("half", continued: true), _sink);
        _decoder.FlushIdle(_sink);
        _decoder.Push(Scan("whole"), _sink);
        _sink.Scans.ShouldHaveSingleItem().Text.ShouldBe("whole");
        _sink.Rejected.ShouldHaveSingleItem().Reason.ShouldBe(RejectReason.Length);
    }

    [Fact]
    public void Packets_without_end_are_refused_and_never_fill_the_memory()
    {
        for (var i = 0; i < 1_000; i++) _decoder.Push(Scan(new string((char)('A' + (i % 26)), 250), continued: true), _sink);
        _decoder.Push(Scan("end"), _sink);
        _sink.Scans.ShouldBeEmpty();
        _sink.Rejected.ShouldHaveSingleItem().Note.ShouldBe("scan too long");
        _decoder.Push(Scan("next"), _sink);
        _sink.Scans.ShouldHaveSingleItem().Text.ShouldBe("next");
    }

    [Fact]
    public void Noise_that_looks_like_a_length_hides_no_packet()
    {
        _decoder.Push([0xFF, SsiPacket.DecodeData, 0x00], _sink);
        _decoder.Push(Scan("A1"), _sink);
        _decoder.FlushIdle(_sink);
        _sink.Scans.ShouldHaveSingleItem().Text.ShouldBe("A1");
    }

    [Fact]
    public void What_is_lost_with_the_line_leaves_nothing_behind()
    {
        _decoder.Push(Scan("half", continued: true), _sink);
        _decoder.Push(Scan("A1").AsSpan(0, 5), _sink);
        _decoder.Reset();
        (_decoder.Pending, _sink.Scans.Count).ShouldBe((false, 0));
        _decoder.Push(Scan("A1"), _sink);
        _sink.Scans.ShouldHaveSingleItem().Text.ShouldBe("A1");
    }

    [Fact]
    public void Every_code_type_reads_as_the_symbology_its_AIM_identifier_names()
    {
        for (var type = 0; type <= 255; type++)
        {
            if (SsiCodeType.Find((byte)type) is not { } known) continue;
            known.AimId.Length.ShouldBe(3);
            known.Symbology.Name.ShouldNotBeNullOrEmpty();
        }
        (SsiCodeType.Find(0x0F)!.Value.Symbology.IsGs1, SsiCodeType.Find(0xC1)!.Value.Symbology.IsGs1, SsiCodeType.Find(0x03)!.Value.Symbology.IsGs1).ShouldBe((true, true, false));
        SsiCodeType.Find(0xEE).ShouldBeNull();
    }
}
