using System.Runtime.InteropServices;
using System.Text;

namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>libdmtx through its C interface: Data Matrix, which libzbar does not read. A search that finds nothing uses all the time it is given.</summary>
internal static unsafe partial class DmtxScanner
{
    private const int Pack8Gray = 300;
    private const int SymbolsMax = 8;
    private const int NoCorrectionLimit = -1;

    /// <summary>FNC1 comes out as this character: in front it says GS1, later it ends an element.</summary>
    private const int GroupSeparator = 0x1D;
    private const int Fnc1Property = 104;

    /// <summary>DmtxMessage begins with three size_t; then the length of the output, and, after two more int and padding, three pointers of which the last is the output.</summary>
    private const int OutputLengthAt = 24;
    private const int OutputAt = 56;

    [StructLayout(LayoutKind.Sequential)]
    private struct Moment
    {
        internal long Seconds;
        internal ulong Microseconds;
    }

    internal static IReadOnlyList<FoundSymbol> Scan(GrayImage image, TimeSpan within)
    {
        var found = new List<FoundSymbol>();
        fixed (byte* pixels = image.Pixels)
        {
            var picture = ImageCreate(pixels, image.Width, image.Height, Pack8Gray);
            if (picture == 0) return found;
            var search = DecodeCreate(picture, 1);
            try
            {
                if (search != 0) _ = SetProperty(search, Fnc1Property, GroupSeparator);
                var until = Add(Now(), new CLong((nint)within.TotalMilliseconds));
                while (search != 0 && found.Count < SymbolsMax && FindNext(search, &until) is var region and not 0)
                {
                    var message = DecodeRegion(search, region, NoCorrectionLimit);
                    if (message != 0)
                    {
                        Take(message, found);
                        MessageDestroy(&message);
                    }
                    RegionDestroy(&region);
                }
            }
            finally
            {
                if (search != 0) DecodeDestroy(&search);
                ImageDestroy(&picture);
            }
        }
        return found;
    }

    private static void Take(nint message, List<FoundSymbol> found)
    {
        var length = *(int*)(message + OutputLengthAt);
        var output = new ReadOnlySpan<byte>(*(byte**)(message + OutputAt), Math.Max(0, length));
        if (output.IsEmpty) return;
        // Data Matrix is Latin-1 unless it says otherwise; what happens to be valid UTF-8 beyond ASCII was meant so.
        var text = Utf8OrLatin1(output);
        var isGs1 = text[0] == GroupSeparator;
        found.Add(new FoundSymbol(SymbolKind.DataMatrix, isGs1 ? text[1..] : text, isGs1, 1));
    }

    private static string Utf8OrLatin1(ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);

    [LibraryImport(NativeLibraries.Dmtx, EntryPoint = "dmtxImageCreate")]
    private static partial nint ImageCreate(byte* pixels, int width, int height, int pack);

    [LibraryImport(NativeLibraries.Dmtx, EntryPoint = "dmtxImageDestroy")]
    private static partial int ImageDestroy(nint* image);

    [LibraryImport(NativeLibraries.Dmtx, EntryPoint = "dmtxDecodeCreate")]
    private static partial nint DecodeCreate(nint image, int scale);

    [LibraryImport(NativeLibraries.Dmtx, EntryPoint = "dmtxDecodeDestroy")]
    private static partial int DecodeDestroy(nint* decode);

    [LibraryImport(NativeLibraries.Dmtx, EntryPoint = "dmtxDecodeSetProp")]
    private static partial int SetProperty(nint decode, int property, int value);

    [LibraryImport(NativeLibraries.Dmtx, EntryPoint = "dmtxRegionFindNext")]
    private static partial nint FindNext(nint decode, Moment* until);

    [LibraryImport(NativeLibraries.Dmtx, EntryPoint = "dmtxRegionDestroy")]
    private static partial int RegionDestroy(nint* region);

    [LibraryImport(NativeLibraries.Dmtx, EntryPoint = "dmtxDecodeMatrixRegion")]
    private static partial nint DecodeRegion(nint decode, nint region, int corrections);

    [LibraryImport(NativeLibraries.Dmtx, EntryPoint = "dmtxMessageDestroy")]
    private static partial int MessageDestroy(nint* message);

    [LibraryImport(NativeLibraries.Dmtx, EntryPoint = "dmtxTimeNow")]
    private static partial Moment Now();

    [LibraryImport(NativeLibraries.Dmtx, EntryPoint = "dmtxTimeAdd")]
    private static partial Moment Add(Moment at, CLong milliseconds);
}
