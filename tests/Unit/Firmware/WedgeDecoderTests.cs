using System.Buffers.Binary;
using FsCheck.Fluent;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>Key events as the kernel gives them (linux/input.h), for tests: written from the key names, not from the decoder's table.</summary>
internal static class TypedKeys
{
    private const string Row1 = "1234567890-=";
    private const string Row2 = "qwertyuiop[]";
    private const string Row3 = "asdfghjkl;'`";
    private const string Row4 = "\\zxcvbnm,./";
    private const string Shifts = "~`!1@2#3$4%5^6&7*8(9)0_-+={[}]|\\:;\"'<,>.?/";

    internal static byte[] Event(ushort type, ushort code, int value, long microseconds = 1_764_000_000_250_125)
    {
        var record = new byte[24];
        BinaryPrimitives.WriteInt64LittleEndian(record, microseconds / 1_000_000);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), microseconds % 1_000_000);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(16), type);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(18), code);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(20), value);
        return record;
    }

    /// <summary>A key going down and up as a USB keyboard reports it: scan code, key, report.</summary>
    internal static byte[] Key(ushort code) => [.. Edge(code, 1), .. Edge(code, 0)];

    internal static byte[] Edge(ushort code, int value) => [.. Event(4, 4, 0x7_0000 + code), .. Event(1, code, value), .. Event(0, 0, 0)];

    internal static byte[] Enter => Key(28);

    /// <summary>Text as a scanner types it: shift held for each character that needs it, control for control characters.</summary>
    internal static byte[] Text(string text) => [.. text.SelectMany(Character)];

    private static byte[] Character(char c)
    {
        if (c == '\u001D') return [.. Edge(29, 1), .. Key(27), .. Edge(29, 0)];
        var at = Shifts.IndexOf(c, StringComparison.Ordinal);
        var shifted = char.IsAsciiLetterUpper(c) || (at >= 0 && at % 2 == 0);
        var plain = char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : shifted ? Shifts[at + 1] : c;
        var key = Key(CodeOf(plain));
        return shifted ? [.. Edge(42, 1), .. key, .. Edge(42, 0)] : key;
    }

    private static ushort CodeOf(char plain)
    {
        if (plain == ' ') return 57;
        foreach (var (row, first) in new[] { (Row1, 2), (Row2, 16), (Row3, 30), (Row4, 43) })
        {
            if (row.IndexOf(plain, StringComparison.Ordinal) is >= 0 and var at) return (ushort)(first + at);
        }
        throw new ArgumentOutOfRangeException(nameof(plain), plain, null);
    }
}

/// <summary>Scanners that type (devices.md 2).</summary>
public sealed class WedgeDecoderTests
{
    private static CollectingSink Decode(byte[] events, string options = "") => Wire.Decode("scanner-wedge", events, options);

    [Fact]
    public void Every_printable_character_of_ASCII_comes_back_as_it_was_typed()
    {
        var all = new string([.. Enumerable.Range(0x20, 0x5F).Select(c => (char)c).Where(c => c != ']'), ']']);
        Decode([.. TypedKeys.Text(all), .. TypedKeys.Enter]).Scans.ShouldHaveSingleItem().Text.ShouldBe(all);
    }

    [Fact]
    public void Any_text_comes_back_however_the_events_were_cut()
    {
        var cases =
            from length in Seeded.Ints(1, 30)
            from characters in Gen.ArrayOf(Seeded.Ints(0x21, 0x7E), length)
            from cuts in Gen.ArrayOf(Seeded.Ints(1, 100), 7)
            select (Text: "x" + new string([.. characters.Select(c => (char)c)]), Cuts: cuts);
        Seeded.Holds(cases, c =>
        {
            byte[] events = [.. TypedKeys.Text(c.Text), .. TypedKeys.Enter];
            var sink = new CollectingSink();
            var decoder = Wire.Decoder("scanner-wedge");
            for (int at = 0, cut = 0; at < events.Length; cut++)
            {
                var length = Math.Min(c.Cuts[cut % c.Cuts.Length], events.Length - at);
                decoder.Push(events.AsSpan(at, length), sink);
                at += length;
            }
            return sink.Scans.Single().Text == c.Text && !decoder.Pending;
        }, tests: 300);
    }

    [Fact]
    public void The_raw_bytes_kept_stand_in_the_stream()
    {
        byte[] events = [.. TypedKeys.Text("A1"), .. TypedKeys.Enter, .. TypedKeys.Text("B2"), .. TypedKeys.Enter];
        foreach (var scan in Decode(events).Scans) events.AsSpan().IndexOf(scan.Raw.Span).ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public void A_fault_costs_its_own_scan_and_no_other()
    {
        var sink = Decode([.. TypedKeys.Text("A1"), .. TypedKeys.Event(0, 3, 0), .. TypedKeys.Text("2"), .. TypedKeys.Enter, .. TypedKeys.Text("B2"), .. TypedKeys.Enter]);
        sink.Rejected.ShouldHaveSingleItem().Note.ShouldBe("the kernel lost events");
        sink.Scans.ShouldHaveSingleItem().Text.ShouldBe("B2");
    }

    [Fact]
    public void A_shift_whose_release_was_lost_with_the_line_does_not_stay_down()
    {
        var sink = new CollectingSink();
        var decoder = Wire.Decoder("scanner-wedge");
        decoder.Push(TypedKeys.Edge(42, 1), sink);
        decoder.Reset();
        decoder.Push([.. TypedKeys.Key(30), .. TypedKeys.Enter], sink);
        sink.Scans.ShouldHaveSingleItem().Text.ShouldBe("a");
    }

    [Fact]
    public void GS1_is_refused_unless_it_was_proved_for_this_scanner()
    {
        byte[] identified = [.. TypedKeys.Text("]C10112312312312333\u001D10A"), .. TypedKeys.Enter];
        byte[] separated = [.. TypedKeys.Text("0112312312312333\u001D10A"), .. TypedKeys.Enter];
        Decode(identified).Rejected.ShouldHaveSingleItem().Reason.ShouldBe(RejectReason.Content);
        Decode(separated).Rejected.ShouldHaveSingleItem().Reason.ShouldBe(RejectReason.Content);
        Decode(identified, "gs1=proved").Scans.ShouldHaveSingleItem().IsGs1.ShouldBeTrue();
        Decode(separated, "gs1=proved").Scans.ShouldHaveSingleItem().IsGs1.ShouldBeFalse("nothing says so");
    }

    [Fact]
    public void A_scan_without_end_is_refused_and_never_fills_the_memory()
    {
        var sink = new CollectingSink();
        var decoder = Wire.Decoder("scanner-wedge");
        var key = TypedKeys.Key(2);
        for (var i = 0; i < 10_000; i++) decoder.Push(key, sink);
        decoder.Push([.. TypedKeys.Enter, .. TypedKeys.Text("B2"), .. TypedKeys.Enter], sink);
        sink.Rejected.ShouldHaveSingleItem().Note.ShouldBe("scan too long");
        sink.Scans.ShouldHaveSingleItem().Text.ShouldBe("B2");
    }
}
