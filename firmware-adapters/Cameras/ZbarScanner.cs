using System.Runtime.InteropServices;
using System.Text;

namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>Kinds of symbols by libzbar's own numbers (zbar.h).</summary>
internal enum SymbolKind
{
    Ean8 = 8,
    UpcE = 9,
    UpcA = 12,
    Ean13 = 13,
    Interleaved = 25,
    DataBar = 34,
    DataBarExpanded = 35,
    Codabar = 38,
    Code39 = 39,
    Qr = 64,
    Code93 = 93,
    Code128 = 128,

    /// <summary>Not libzbar's: read by libdmtx.</summary>
    DataMatrix = 1_000,
}

/// <summary>One symbol as a library gave it, or as several versions of a picture gave it together.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text.</param>
/// <param name="IsGs1">FNC1 in first position.</param>
/// <param name="ScanLines">Scan lines that gave it.</param>
/// <param name="AsItIs">Those of them in the picture itself.</param>
/// <param name="Moved">The most of them in one version that is scaled, padded or turned: chance hits in many versions do not add up to a code.</param>
internal readonly record struct FoundSymbol(SymbolKind Kind, string Text, bool IsGs1, int ScanLines, int AsItIs = 0, int Moved = 0);

/// <summary>libzbar through its C interface: linear codes and QR in one picture. Not thread-safe; dispose it.</summary>
internal sealed unsafe partial class ZbarScanner : IDisposable
{
    private const int FormatY800 = 0x3030_3859;
    private const int Enable = 0;
    private const int AsBytes = 4;
    private const int TestInverted = 0x81;
    private const int Partial = 1;
    private const int SqCode = 80;
    private const int Pdf417 = 57;
    private const int SymbolsMax = 64;
    private const int TextMax = 8_192;

    private readonly nint _scanner = NewScanner();
    private nint _rawScanner;

    private static nint NewScanner()
    {
        var scanner = ScannerCreate();
        if (scanner == 0) throw new ImageFileException("libzbar refuses to start.");
        // zbar has begun and not finished PDF417; SQ codes are on no parcel; both cost false readings.
        _ = SetConfig(scanner, SqCode, Enable, 0);
        _ = SetConfig(scanner, Pdf417, Enable, 0);
        _ = SetConfig(scanner, 0, TestInverted, 1);
        return scanner;
    }

    /// <summary>The symbols of a picture. Where a QR text is beyond ASCII it is looked at once more for its bytes, because libzbar guesses their encoding.</summary>
    internal IReadOnlyList<FoundSymbol> Scan(GrayImage image)
    {
        var found = Scan(_scanner, image, Encoding.UTF8);
        if (!found.Exists(static s => IsGuessed(s))) return found;
        if (_rawScanner == 0)
        {
            _rawScanner = NewScanner();
            _ = SetConfig(_rawScanner, (int)SymbolKind.Qr, AsBytes, 1);
        }
        var raw = Scan(_rawScanner, image, Encoding.Latin1);
        if (raw.Count != found.Count) return found;
        for (var i = 0; i < found.Count; i++)
        {
            if (IsGuessed(found[i]) && raw[i].Kind == SymbolKind.Qr) found[i] = found[i] with { Text = QrText.Of(Encoding.Latin1.GetBytes(raw[i].Text), found[i].Text) };
        }
        return found;
    }

    private static bool IsGuessed(FoundSymbol symbol) => symbol.Kind == SymbolKind.Qr && !Ascii.IsValid(symbol.Text);

    private static List<FoundSymbol> Scan(nint scanner, GrayImage image, Encoding encoding)
    {
        var found = new List<FoundSymbol>();
        fixed (byte* pixels = image.Pixels)
        {
            var picture = ImageCreate();
            try
            {
                SetFormat(picture, new CULong(FormatY800));
                SetSize(picture, (uint)image.Width, (uint)image.Height);
                SetData(picture, pixels, new CULong((nuint)image.Pixels.Length), 0);
                if (ScanImage(scanner, picture) < 0) return [];
                for (var symbol = FirstSymbol(picture); symbol != 0 && found.Count < SymbolsMax; symbol = NextSymbol(symbol)) Take(symbol, encoding, found);
            }
            finally
            {
                // Before the pixels are unpinned; libzbar must not free what it does not own, hence no clean-up function above.
                ImageDestroy(picture);
            }
        }
        return found;
    }

    private static void Take(nint symbol, Encoding encoding, List<FoundSymbol> found)
    {
        var kind = KindOf(symbol);
        if (kind <= Partial || !Enum.IsDefined((SymbolKind)kind)) return;
        var length = (int)Math.Min(LengthOf(symbol), TextMax);
        var text = encoding.GetString(new ReadOnlySpan<byte>(TextOf(symbol), length));
        var lines = Math.Max(1, QualityOf(symbol));
        found.Add(new FoundSymbol((SymbolKind)kind, text, (ModifiersOf(symbol) & 1) != 0, lines));
    }

    public void Dispose()
    {
        ScannerDestroy(_scanner);
        if (_rawScanner != 0) ScannerDestroy(_rawScanner);
    }

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_image_scanner_create")]
    private static partial nint ScannerCreate();

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_image_scanner_destroy")]
    private static partial void ScannerDestroy(nint scanner);

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_image_scanner_set_config")]
    private static partial int SetConfig(nint scanner, int symbology, int config, int value);

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_image_create")]
    private static partial nint ImageCreate();

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_image_destroy")]
    private static partial void ImageDestroy(nint image);

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_image_set_format")]
    private static partial void SetFormat(nint image, CULong format);

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_image_set_size")]
    private static partial void SetSize(nint image, uint width, uint height);

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_image_set_data")]
    private static partial void SetData(nint image, byte* pixels, CULong length, nint cleanUp);

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_scan_image")]
    private static partial int ScanImage(nint scanner, nint image);

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_image_first_symbol")]
    private static partial nint FirstSymbol(nint image);

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_symbol_next")]
    private static partial nint NextSymbol(nint symbol);

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_symbol_get_type")]
    private static partial int KindOf(nint symbol);

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_symbol_get_data")]
    private static partial byte* TextOf(nint symbol);

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_symbol_get_data_length")]
    private static partial uint LengthOf(nint symbol);

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_symbol_get_quality")]
    private static partial int QualityOf(nint symbol);

    [LibraryImport(NativeLibraries.Zbar, EntryPoint = "zbar_symbol_get_modifiers")]
    private static partial uint ModifiersOf(nint symbol);
}
