using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Cameras;

namespace KeyAccountLogistics.Unit.Firmware.Pictures;

/// <summary>Which readings of a picture are believed, and how QR bytes become text.</summary>
public sealed class CodeRulesTests
{
    [Theory]
    [InlineData("Code128", "KAL2610120000017", 2, 0, 0, true)]
    [InlineData("Code128", "KAL2610120000017", 1, 1, 0, false)]
    [InlineData("Ean13", "5000213002834", 40, 0, 0, false)] // only where sharpening made bars of shades
    [InlineData("Ean13", "5000213002834", 40, 2, 0, true)]
    [InlineData("Ean13", "5000213002834", 40, 0, 5, false)]
    [InlineData("Ean13", "5000213002834", 40, 0, 8, true)]
    [InlineData("Interleaved", "30712345000010", 2, 2, 0, true)]
    [InlineData("Interleaved", "30712345000011", 3, 3, 0, false)]
    [InlineData("Interleaved", "1234567890", 6, 0, 6, true)]
    [InlineData("Interleaved", "12", 90, 90, 0, false)]
    [InlineData("Code39", "MOROVIA", 6, 6, 0, true)]
    [InlineData("Code39", "MOROVIA", 90, 5, 5, false)]
    [InlineData("Code39", "AB", 90, 90, 0, false)]
    [InlineData("Codabar", "A12345B", 90, 3, 3, false)]
    [InlineData("Qr", "x", 1, 0, 0, true)]
    [InlineData("DataMatrix", "e0598\fs", 1, 1, 0, false)]
    [InlineData("DataMatrix", "0109504000059101\u001D21ABC", 1, 1, 0, true)]
    public void A_reading_is_believed_by_what_vouches_for_it(string kind, string text, int lines, int asItIs, int moved, bool expected) =>
        CodeRules.IsBelieved(new FoundSymbol(Enum.Parse<SymbolKind>(kind), text, false, lines, asItIs, moved)).ShouldBe(expected);

    [Fact]
    public void Versions_of_one_picture_add_up_and_a_part_of_a_longer_code_is_left_out()
    {
        var merged = new MergedSymbols();
        merged.Take([new FoundSymbol(SymbolKind.Interleaved, "12345678", false, 5), new FoundSymbol(SymbolKind.Interleaved, "345678", false, 6)], Seen.Moved);
        merged.AnyBelieved.ShouldBeTrue();
        merged.Take([new FoundSymbol(SymbolKind.Interleaved, "12345678", false, 9)], Seen.Moved);
        for (var version = 0; version < 9; version++) merged.Take([new FoundSymbol(SymbolKind.Codabar, "A123456B", false, 2)], Seen.Moved);
        merged.Take([new FoundSymbol(SymbolKind.Code39, "STRIPES", false, 80)], Seen.Reshaded);
        merged.Believed().ShouldBe([new PictureCode("ITF", "12345678", 14)]);
    }

    [Theory]
    [InlineData("測試", "utf-8", "測試")]
    [InlineData("杭州西湖", "gb18030", "杭州西湖")]
    [InlineData("ﾃﾞｻﾞｲﾝQR", "shift_jis", "ﾃﾞｻﾞｲﾝQR")]
    public void QR_bytes_that_name_no_encoding_are_read_by_what_they_can_be(string text, string encoding, string expected)
    {
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(encoding) is { } page ? page.GetBytes(text) : Encoding.UTF8.GetBytes(text);
        var big5 = CodePagesEncodingProvider.Instance.GetEncoding(950)!;
        QrText.Of(bytes, big5.GetString(bytes)).ShouldBe(expected);
    }

    [Fact]
    public void Where_the_symbol_names_its_encoding_its_word_stands() => QrText.Of([0xE9, 0x41], "éA").ShouldBe("éA");

    [Fact]
    public void A_library_that_is_missing_is_named_with_its_package()
    {
        NativeLibraries.Has("libnothere.so.9").ShouldBeFalse();
        NativeLibraries.Missing(NativeLibraries.Zbar, "Reading barcodes").ShouldBe("Reading barcodes needs libzbar.so.0, which is not on this machine. On Debian: apt-get install libzbar0");
        NativeLibraries.Missing(NativeLibraries.TurboJpeg, "A JPEG").ShouldContain("libturbojpeg0");
        NativeLibraries.Missing(NativeLibraries.WebP, "A WebP").ShouldContain("libwebp7");
        NativeLibraries.Missing(NativeLibraries.Dmtx, "Data Matrix").ShouldContain("libdmtx0b");
    }
}
