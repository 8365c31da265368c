using System.Buffers;

namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>
/// When a symbol that a library found is believed. Code 128, Code 93 and the two-dimensional codes vouch for themselves by strong checks. A mod-10 check (EAN, UPC,
/// ITF-14) or a short code's passes one wrong reading in ten, and sharpening makes bars out of shades: those count only where the picture's own brightness shows
/// them. What has no check at all (Code 39, Codabar, other ITF) is found in any striped thing: it must be long enough too, and on many scan lines.
/// </summary>
internal static class CodeRules
{
    /// <summary>Controls but tab, line ends, and the separators of GS1 and ISO/IEC 15434 (FS, GS, RS, US, EOT).</summary>
    private static readonly SearchValues<char> ControlsOfNoLabel = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Append(0x7F).Concat(Enumerable.Range(0x80, 0x20)).Select(static c => (char)c).Except(['\t', '\n', '\r', '\u0004', '\u001C', '\u001D', '\u001E', '\u001F'])]);

    private const int UncheckedLengthMin = 4;
    private const int UncheckedLinesMin = 6;
    private const int LinesMin = 2;
    private const int MovedLinesMin = 8;

    internal static bool IsBelieved(in FoundSymbol symbol) => symbol.Kind switch
    {
        SymbolKind.Qr => symbol.Text.Length > 0,
        // libdmtx corrects errors beyond what its correction can vouch for; such a text gives itself away by characters that no label carries.
        SymbolKind.DataMatrix => symbol.Text.Length > 0 && !symbol.Text.AsSpan().ContainsAny(ControlsOfNoLabel),
        SymbolKind.Code128 or SymbolKind.Code93 => symbol.ScanLines >= LinesMin,
        SymbolKind.Interleaved when !IsItf14(symbol.Text) => IsConfirmed(symbol),
        SymbolKind.Code39 or SymbolKind.Codabar => IsConfirmed(symbol),
        _ => symbol.AsItIs >= LinesMin || symbol.Moved >= MovedLinesMin,
    };

    /// <summary>True for symbologies whose short or wrong readings nothing in the symbol itself gives away.</summary>
    internal static bool IsUnchecked(SymbolKind kind) => kind is SymbolKind.Interleaved or SymbolKind.Code39 or SymbolKind.Codabar;

    /// <summary>Name with the words of the scanners (ISO/IEC 15424 symbologies).</summary>
    internal static string NameOf(in FoundSymbol symbol) => symbol.Kind switch
    {
        SymbolKind.Ean8 => "EAN-8",
        SymbolKind.UpcE => "UPC-E",
        SymbolKind.UpcA => "UPC-A",
        SymbolKind.Ean13 => "EAN-13",
        SymbolKind.Interleaved => "ITF",
        SymbolKind.DataBar or SymbolKind.DataBarExpanded => "GS1 DataBar",
        SymbolKind.Codabar => "Codabar",
        SymbolKind.Code39 => "Code 39",
        SymbolKind.Qr => symbol.IsGs1 ? "GS1 QR Code" : "QR Code",
        SymbolKind.Code93 => "Code 93",
        SymbolKind.Code128 => symbol.IsGs1 ? "GS1-128" : "Code 128",
        _ => symbol.IsGs1 ? "GS1 DataMatrix" : "Data Matrix",
    };

    private static bool IsConfirmed(in FoundSymbol symbol) => symbol.Text.Length >= UncheckedLengthMin && Math.Max(symbol.AsItIs, symbol.Moved) >= UncheckedLinesMin;

    /// <summary>GS1 General Specifications 7.9: weights 3 and 1 from the right.</summary>
    private static bool IsItf14(string text)
    {
        if (text.Length != 14) return false;
        var sum = 0;
        for (var i = 0; i < 14; i++) sum += (text[i] - '0') * (i % 2 == 0 ? 3 : 1);
        return sum % 10 == 0;
    }
}
