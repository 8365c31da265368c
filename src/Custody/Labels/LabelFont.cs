using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace KeyAccountLogistics.Custody.Labels;

/// <summary>Labels cannot be drawn on this machine: the sentence says what to install.</summary>
internal sealed class LabelFontException(string message) : Exception(message);

/// <summary>A glyph's picture: rows of bits, most significant first.</summary>
internal readonly record struct GlyphBits(int Left, int Top, int Width, int Height, int Stride, byte[] Bits);

/// <summary>A step of an outline in units of the em: M moves, L draws a line, Q a quadratic and C a cubic curve (the last pair of coordinates is its end).</summary>
internal readonly record struct OutlineStep(char Kind, double X, double Y, double X1 = 0, double Y1 = 0, double X2 = 0, double Y2 = 0);

/// <summary>
/// The glyphs of a font with Chinese characters, through FreeType (Debian's libfreetype6): as bits for printers and pictures, as outlines for PDF, so that no
/// printer needs a font and no document carries one. Not thread-safe; dispose it.
/// </summary>
internal sealed unsafe partial class LabelFont : IDisposable
{
    private const string Library = "libfreetype.so.6";
    private const int LoadRender = 4;
    private const int LoadNoScale = 1;
    private const int TargetMono = 2 << 16;

    // FT_FaceRec, FT_GlyphSlotRec, FT_Bitmap and FT_Outline of the 64-bit ABI, unchanged since FreeType 2.0.
    private const int FaceCountAt = 0;
    private const int FamilyNameAt = 40;
    private const int UnitsPerEmAt = 136;
    private const int GlyphAt = 152;
    private const int AdvanceAt = 80;
    private const int BitmapAt = 152;
    private const int BitmapLeftAt = 192;
    private const int OutlineAt = 200;

    /// <summary>Fonts with simplified Chinese, as Debian installs them; the first that is there.</summary>
    private static readonly (string Path, string Package)[] Fonts =
    [
        ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "fonts-noto-cjk"),
        ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", "fonts-wqy-microhei"),
        ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", "fonts-wqy-zenhei"),
        ("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", "fonts-droid-fallback"),
    ];

    private static readonly Lazy<bool> HasLibrary = new(static () => NativeLibrary.TryLoad(Library, Assembly.GetExecutingAssembly(), DllImportSearchPath.SafeDirectories, out _));
    private readonly nint _library;
    private nint _face;

    private LabelFont()
    {
        if (Init(out _library) != 0) throw new LabelFontException("FreeType refuses to start.");
    }

    /// <summary>Design units of the em square.</summary>
    private double UnitsPerEm => *(ushort*)(_face + UnitsPerEmAt);

    /// <summary>Height of the em square above the base line: 0.88 in the design of Chinese fonts. (The font's own ascender makes room for accents on capitals.)</summary>
    internal const double Ascent = 0.88;

    /// <summary>The installed font. Throws <see cref="LabelFontException"/> with what to install when FreeType or a font is missing.</summary>
    internal static LabelFont Open()
    {
        if (!HasLibrary.Value) throw new LabelFontException($"Labels are drawn with {Library}, which is not on this machine. On Debian: apt-get install libfreetype6 fonts-noto-cjk");
        var path = Array.Find(Fonts, static f => File.Exists(f.Path)).Path
            ?? throw new LabelFontException($"Labels need a font with Chinese characters, and none is installed. On Debian: apt-get install {Fonts[0].Package}");
        var font = new LabelFont();
        try
        {
            font.OpenFace(path);
            return font;
        }
        catch
        {
            font.Dispose();
            throw;
        }
    }

    /// <summary>A collection holds the same characters in the shapes of several countries: the simplified Chinese ones.</summary>
    private void OpenFace(string path)
    {
        if (NewFace(_library, path, 0, out _face) != 0) throw new LabelFontException($"{path} is no font that FreeType reads.");
        var count = *(long*)(_face + FaceCountAt);
        for (var i = 1; i < count && Family(_face)?.Contains(" SC", StringComparison.Ordinal) != true; i++)
        {
            if (NewFace(_library, path, i, out var next) != 0) break;
            if (Family(next)?.EndsWith(" SC", StringComparison.Ordinal) != true)
            {
                _ = DoneFace(next);
                continue;
            }
            _ = DoneFace(_face);
            _face = next;
        }
    }

    private static string? Family(nint face) => Marshal.PtrToStringUTF8(*(nint*)(face + FamilyNameAt));

    /// <summary>Width of a text at an em of 1.</summary>
    internal double Measure(string text) => text.EnumerateRunes().Sum(Advance);

    /// <summary>How far the next glyph stands, as a share of the em. A character that the font lacks has its empty box.</summary>
    internal double Advance(Rune rune)
    {
        Load(rune, LoadNoScale);
        return *(long*)(*(nint*)(_face + GlyphAt) + AdvanceAt) / UnitsPerEm;
    }

    /// <summary>The glyph in black and white at <paramref name="pixels"/> an em; Left and Top are from the pen on the base line, Top upward.</summary>
    internal GlyphBits Render(Rune rune, int pixels)
    {
        if (SetPixelSizes(_face, 0, (uint)pixels) != 0) throw new LabelFontException("The font cannot be set to that size.");
        Load(rune, LoadRender | TargetMono);
        var slot = *(nint*)(_face + GlyphAt);
        var (rows, width, pitch) = (*(int*)(slot + BitmapAt), *(int*)(slot + BitmapAt + 4), *(int*)(slot + BitmapAt + 8));
        var bits = new byte[rows * Math.Abs(pitch)];
        if (bits.Length > 0) new ReadOnlySpan<byte>(*(void**)(slot + BitmapAt + 16), bits.Length).CopyTo(bits);
        return new GlyphBits(*(int*)(slot + BitmapLeftAt), *(int*)(slot + BitmapLeftAt + 4), width, rows, Math.Abs(pitch), bits);
    }

    /// <summary>The glyph's outline, y upward from the base line, an em of 1.</summary>
    internal IReadOnlyList<OutlineStep> Outline(Rune rune)
    {
        Load(rune, LoadNoScale);
        var outline = *(nint*)(_face + GlyphAt) + OutlineAt;
        var contours = *(short*)outline;
        var points = *(long**)(outline + 8);
        var tags = *(byte**)(outline + 16);
        var ends = *(short**)(outline + 24);
        var steps = new List<OutlineStep>();
        for (int contour = 0, start = 0; contour < contours; contour++)
        {
            AddContour(steps, points, tags, start, ends[contour]);
            start = ends[contour] + 1;
        }
        return steps;
    }

    /// <summary>Tag bits: 1 on the curve, 2 a control point of a cubic; two quadratic controls in a row have a point between them.</summary>
    private void AddContour(List<OutlineStep> steps, long* points, byte* tags, int first, int last)
    {
        var count = last - first + 1;
        if (count < 2) return;
        var em = UnitsPerEm;
        (double X, double Y) At(int i) => (points[2 * (first + (i % count))] / em, points[(2 * (first + (i % count))) + 1] / em);
        int Tag(int i) => tags[first + (i % count)] & 3;
        var begin = 0;
        while (begin < count && (Tag(begin) & 1) == 0) begin++;
        // A contour of quadratic controls only begins between two of them.
        var (startX, startY) = begin < count ? At(begin) : Middle(At(0), At(count - 1));
        if (begin == count) begin = -1;
        steps.Add(new OutlineStep('M', startX, startY));
        for (var i = begin + 1; i <= begin + count;)
        {
            if ((Tag(i) & 1) != 0)
            {
                var (x, y) = At(i++);
                steps.Add(new OutlineStep('L', x, y));
            }
            else if (Tag(i) == 2)
            {
                var (x1, y1) = At(i);
                var (x2, y2) = At(i + 1);
                var (x, y) = At(i + 2);
                steps.Add(new OutlineStep('C', x, y, x1, y1, x2, y2));
                i += 3;
            }
            else
            {
                var control = At(i);
                var isOn = i + 1 > begin + count || (Tag(i + 1) & 1) != 0;
                var (x, y) = i + 1 > begin + count ? (startX, startY) : isOn ? At(i + 1) : Middle(control, At(i + 1));
                steps.Add(new OutlineStep('Q', x, y, control.X, control.Y));
                i += isOn ? 2 : 1;
            }
        }

        static (double X, double Y) Middle((double X, double Y) a, (double X, double Y) b) => ((a.X + b.X) / 2, (a.Y + b.Y) / 2);
    }

    private void Load(Rune rune, int flags)
    {
        if (LoadChar(_face, new CULong((uint)rune.Value), flags) != 0) throw new LabelFontException($"The font has no glyph for U+{rune.Value:X4}.");
    }

    public void Dispose()
    {
        if (_face != 0) _ = DoneFace(_face);
        _ = Done(_library);
        _face = 0;
    }

    [LibraryImport(Library, EntryPoint = "FT_Init_FreeType")]
    private static partial int Init(out nint library);

    [LibraryImport(Library, EntryPoint = "FT_Done_FreeType")]
    private static partial int Done(nint library);

    [LibraryImport(Library, EntryPoint = "FT_New_Face", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NewFace(nint library, string path, nint index, out nint face);

    [LibraryImport(Library, EntryPoint = "FT_Done_Face")]
    private static partial int DoneFace(nint face);

    [LibraryImport(Library, EntryPoint = "FT_Set_Pixel_Sizes")]
    private static partial int SetPixelSizes(nint face, uint width, uint height);

    [LibraryImport(Library, EntryPoint = "FT_Load_Char")]
    private static partial int LoadChar(nint face, CULong code, int flags);
}
