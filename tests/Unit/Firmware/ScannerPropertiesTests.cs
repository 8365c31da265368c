using System.Text;
using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Scanners.Ssi;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>Properties (b) to (d) of devices.md 1.5 for the scanners that do not send plain lines; (a), the captures, is in the acceptance project.</summary>
public sealed class ScannerPropertiesTests
{
    public static TheoryData<string> Protocols => ["scanner-ssi", "scanner-ssi-like", "scanner-honeywell", "scanner-wedge"];

    private static Gen<byte[]> Frame(string protocol) =>
        from number in Seeded.Longs(0, 9_999_999_999)
        from kind in Seeded.Ints(0, 5)
        select FrameOf(protocol, number, kind);

    private static byte[] FrameOf(string protocol, long number, int kind) =>
        protocol switch
        {
            "scanner-ssi" when kind == 0 => SsiPacket.Write(SsiPacket.Ack, SsiPacket.FromScanner, 0, []),
            "scanner-ssi" => SsiPacket.Write(SsiPacket.DecodeData, SsiPacket.FromScanner, 0, [(byte)(kind == 1 ? 0x1B : 0x03), .. Encoding.ASCII.GetBytes($"KA{number}")]),
            "scanner-ssi-like" => Twin($"KA{number}"),
            "scanner-honeywell" when kind == 0 => Wire.Bytes($"CBRMAX{number % 61}<06>."),
            "scanner-honeywell" => Wire.Bytes($"]C0KA{number}<0D>"),
            _ => [.. TypedKeys.Text($"KA{number}"), .. TypedKeys.Enter],
        };

    private static byte[] Twin(string text)
    {
        byte[] message = [(byte)(3 + text.Length), SsiPacket.TwinDecodeData, 0, .. Encoding.ASCII.GetBytes(text)];
        var check = SsiPacket.Check(message);
        return [.. message, (byte)(check >> 8), (byte)(check & 0xFF)];
    }

    private static Gen<byte[][]> Stream(string protocol) => ByteStreams.Of(Frame(protocol));

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Any_split_of_a_stream_gives_the_same_lines(string protocol)
    {
        var cases =
            from frames in Stream(protocol)
            from noise in ByteStreams.Noise(90)
            from at in Seeded.Ints(0, frames.Length)
            from cuts in Gen.ArrayOf(Seeded.Ints(1, 60), 12)
            select (Bytes: ByteStreams.Join([.. frames[..at], noise, .. frames[at..]]), Cuts: cuts);
        Seeded.Holds(cases, c => ByteStreams.InPieces(protocol, c.Bytes, c.Cuts).SequenceEqual(Wire.Decode(protocol, c.Bytes).Lines, StringComparer.Ordinal), tests: 500);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Noise_before_a_stream_never_invents_a_scan_and_spoils_at_most_the_first(string protocol)
    {
        var cases =
            from noise in ByteStreams.Noise(200)
            from frames in Stream(protocol)
            select (Noise: noise, Frames: frames);
        Seeded.Holds(cases, c =>
        {
            var read = Texts(Wire.Decode(protocol, ByteStreams.Join([c.Noise, .. c.Frames])));
            var sent = Texts(Wire.Decode(protocol, ByteStreams.Join(c.Frames)));
            // A line of text carries no mark of its beginning: what stands before it up to its CR becomes part of it, and its waybill's check digit tells.
            if (protocol is "scanner-honeywell") return read.TakeLast(AfterFirstEnd(c.Frames)).SequenceEqual(sent.TakeLast(AfterFirstEnd(c.Frames)), StringComparer.Ordinal);
            return read.SequenceEqual(sent, StringComparer.Ordinal) || read.SequenceEqual(sent.Skip(1), StringComparer.Ordinal);
        });
    }

    [Theory]
    [InlineData("scanner-ssi")]
    [InlineData("scanner-ssi-like")]
    [InlineData("scanner-wedge")]
    public void A_stream_entered_in_the_middle_of_a_frame_loses_that_frame_only(string protocol)
    {
        var cases =
            from frames in Stream(protocol)
            from at in Seeded.Ints(1, frames[0].Length - 1)
            where frames.Length > 1
            select (Frames: frames, At: at);
        Seeded.Holds(cases, c =>
        {
            var at = protocol is "scanner-wedge" ? c.At / 24 * 24 : c.At;
            var read = Texts(Wire.Decode(protocol, ByteStreams.Join([c.Frames[0][at..], .. c.Frames[1..]])));
            var rest = Texts(Wire.Decode(protocol, ByteStreams.Join(c.Frames[1..])));
            // Events of keys have no frame: entered in its middle, the end of a scan is a scan, which its waybill's check digit must tell. The kernel gives whole events.
            return protocol is "scanner-wedge" ? read.TakeLast(rest.Count).SequenceEqual(rest, StringComparer.Ordinal) && read.Count <= rest.Count + 1 : read.SequenceEqual(rest, StringComparer.Ordinal);
        });
    }

    [Theory]
    [InlineData("scanner-ssi")]
    [InlineData("scanner-ssi-like")]
    public void A_single_bit_flip_in_a_checked_packet_is_rejected_or_changes_nothing(string protocol)
    {
        Seeded.Holds(Frame(protocol), frame =>
        {
            var meant = Texts(Wire.Decode(protocol, frame));
            for (var bit = 0; bit < frame.Length * 8; bit++)
            {
                var flipped = ByteStreams.Flipped(frame, bit);
                var sink = Wire.Decode(protocol, flipped);
                if (sink.Scans.Count > 0 && !Texts(sink).SequenceEqual(meant, StringComparer.Ordinal)) return false;
                if (sink.Scans.Count == 0 && sink.Rejected.Count == 0) return false;
            }
            return true;
        }, tests: 100);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Mutated_streams_neither_throw_nor_give_what_was_not_sent(string protocol)
    {
        var chance = new Random(20_261_128);
        var sink = new CollectingSink();
        var decoder = Wire.Decoder(protocol);
        var all = new List<byte>();
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = FrameOf(protocol, chance.NextInt64(10_000_000_000), chance.Next(6));
            if (chance.Next(2) == 0)
            {
                for (var flips = chance.Next(6); flips > 0; flips--) bytes[chance.Next(bytes.Length)] ^= (byte)(1 << chance.Next(8));
                bytes = bytes[chance.Next(bytes.Length / 2)..^chance.Next(bytes.Length / 2)];
            }
            all.AddRange(bytes);
            decoder.Push(bytes, sink);
            if (chance.Next(10) == 0) decoder.FlushIdle(sink);
        }
        decoder.FlushIdle(sink);
        decoder.Pending.ShouldBeFalse();
        sink.Scans.ShouldNotBeEmpty();
        var stream = all.ToArray();
        foreach (var scan in sink.Scans) stream.AsSpan().IndexOf(scan.Raw.Span).ShouldBeGreaterThanOrEqualTo(0);
    }

    private static int AfterFirstEnd(byte[][] frames) => frames.Length - 1 - Array.FindIndex(frames, frame => frame[^1] == '\r') is var after && after < frames.Length ? after : 0;

    private static List<string> Texts(CollectingSink sink) => [.. sink.Scans.Select(scan => $"{scan.Symbology} {scan.Text} {scan.Answer}")];
}
