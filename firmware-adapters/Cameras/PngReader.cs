using System.Buffers.Binary;
using System.IO.Compression;

namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>
/// PNG to brightness (ISO/IEC 15948): every colour type and depth, palettes, transparency, interlacing. Sizes are checked before anything is allocated,
/// and no more is unpacked than the picture holds.
/// </summary>
internal static class PngReader
{
    private const int ChunkOverhead = 12;
    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Adam7: first column and row, and the steps, of each pass.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Interlaced = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    internal static bool IsPng(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature);

    internal static GrayImage Decode(ReadOnlySpan<byte> bytes)
    {
        var header = new PngHeader();
        using var packed = new MemoryStream();
        for (var at = Signature.Length; ;)
        {
            if (bytes.Length - at < ChunkOverhead) throw Damaged("it ends before its last part");
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - ChunkOverhead) throw Damaged("a part is longer than the file");
            var type = bytes.Slice(at + 4, 4);
            var content = bytes.Slice(at + 8, (int)length);
            if (PngCrc.Of(bytes.Slice(at + 4, 4 + (int)length)) != BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 8 + (int)length)..])) throw Damaged("a checksum does not match");
            at += ChunkOverhead + (int)length;
            if (type.SequenceEqual("IHDR"u8)) header = PngHeader.Read(content);
            else if (header.Width == 0) throw Damaged("it does not begin with its header");
            else if (type.SequenceEqual("PLTE"u8)) header.TakePalette(content);
            else if (type.SequenceEqual("tRNS"u8)) header.TakeTransparency(content);
            else if (type.SequenceEqual("IDAT"u8)) packed.Write(content);
            else if (type.SequenceEqual("IEND"u8)) break;
            else if ((type[0] & 0x20) == 0) throw Damaged("it holds a critical part that no standard names");
        }
        packed.Position = 0;
        try
        {
            return Unpack(header, packed);
        }
        catch (InvalidDataException)
        {
            throw Damaged("its compressed content does not unpack");
        }
        catch (EndOfStreamException)
        {
            throw Damaged("its content ends too early");
        }
    }

    internal static ImageFileException Damaged(string how) => new($"The PNG picture is damaged: {how}.");

    private static GrayImage Unpack(PngHeader header, Stream packed)
    {
        using var stream = new ZLibStream(packed, CompressionMode.Decompress);
        var pixels = new byte[header.Width * header.Height];
        foreach (var (x, y, stepX, stepY) in header.IsInterlaced ? Interlaced : [(0, 0, 1, 1)])
        {
            var (columns, rows) = ((header.Width - x + stepX - 1) / stepX, (header.Height - y + stepY - 1) / stepY);
            if (columns <= 0 || rows <= 0) continue;
            var line = new byte[((columns * header.BitsPerPixel) + 7) / 8];
            var above = new byte[line.Length];
            for (var row = 0; row < rows; row++)
            {
                var filter = stream.ReadByte();
                if (filter < 0) throw new EndOfStreamException();
                stream.ReadExactly(line);
                Unfilter(filter, line, above, Math.Max(1, header.BitsPerPixel / 8));
                var at = ((y + (row * stepY)) * header.Width) + x;
                for (var column = 0; column < columns; column++, at += stepX) pixels[at] = header.Brightness(line, column);
                (line, above) = (above, line);
            }
        }
        return new GrayImage(header.Width, header.Height, pixels);
    }

    private static void Unfilter(int filter, Span<byte> line, ReadOnlySpan<byte> above, int step)
    {
        switch (filter)
        {
            case 0: break;
            case 1: for (var i = step; i < line.Length; i++) line[i] = Low(line[i] + line[i - step]); break;
            case 2: for (var i = 0; i < line.Length; i++) line[i] = Low(line[i] + above[i]); break;
            case 3: for (var i = 0; i < line.Length; i++) line[i] = Low(line[i] + (((i < step ? 0 : line[i - step]) + above[i]) / 2)); break;
            case 4: for (var i = 0; i < line.Length; i++) line[i] = Low(line[i] + Paeth(i < step ? 0 : line[i - step], above[i], i < step ? 0 : above[i - step])); break;
            default: throw Damaged("a line has a filter that no standard names");
        }

        static byte Low(int sum) => (byte)(sum & 0xFF);
    }

    private static int Paeth(int left, int above, int corner)
    {
        var guess = left + above - corner;
        var (toLeft, toAbove, toCorner) = (Math.Abs(guess - left), Math.Abs(guess - above), Math.Abs(guess - corner));
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
}

/// <summary>What the parts before the pixels say, and the brightness of one pixel by it.</summary>
internal sealed class PngHeader
{
    private const int Truecolour = 2, Indexed = 3, WithAlpha = 4;
    private int _colour;
    private int _depth;
    private byte[]? _palette;
    private byte[] _opacities = [];
    private (int Red, int Green, int Blue)? _transparent;

    internal int Width { get; private init; }

    internal int Height { get; private init; }

    internal bool IsInterlaced { get; private init; }

    internal int BitsPerPixel => _depth * _colour switch { Truecolour => 3, WithAlpha => 2, Truecolour | WithAlpha => 4, _ => 1 };

    internal static PngHeader Read(ReadOnlySpan<byte> content)
    {
        if (content.Length != 13) throw PngReader.Damaged("its header has the wrong length");
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(content), BinaryPrimitives.ReadUInt32BigEndian(content[4..]));
        ImageFile.CheckSize(width, height);
        var (depth, colour, interlace) = (content[8], content[9], content[12]);
        var known = colour switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            Indexed => depth is 1 or 2 or 4 or 8,
            Truecolour or WithAlpha or (Truecolour | WithAlpha) => depth is 8 or 16,
            _ => false,
        };
        if (!known || content[10] != 0 || content[11] != 0 || interlace > 1) throw PngReader.Damaged("its header says what no standard names");
        return new PngHeader { Width = (int)width, Height = (int)height, IsInterlaced = interlace == 1, _colour = colour, _depth = depth };
    }

    internal void TakePalette(ReadOnlySpan<byte> content)
    {
        if (content.Length is 0 or > 768 || content.Length % 3 != 0) throw PngReader.Damaged("its palette has the wrong length");
        _palette = content.ToArray();
    }

    internal void TakeTransparency(ReadOnlySpan<byte> content)
    {
        if (_colour == Indexed) _opacities = content.ToArray();
        else if (_colour == 0 && content.Length >= 2) _transparent = (Wide(content), Wide(content), Wide(content));
        else if (_colour == Truecolour && content.Length >= 6) _transparent = (Wide(content), Wide(content[2..]), Wide(content[4..]));
    }

    internal byte Brightness(ReadOnlySpan<byte> line, int column)
    {
        switch (_colour)
        {
            case 0:
                var gray = Sample(line, column);
                return _transparent?.Red == gray ? (byte)255 : To8(gray);
            case Indexed:
                var index = Sample(line, column);
                if (_palette is null || index * 3 >= _palette.Length) throw PngReader.Damaged("a pixel has no colour in the palette");
                return GrayImage.Brightness(_palette[index * 3], _palette[(index * 3) + 1], _palette[(index * 3) + 2], index < _opacities.Length ? _opacities[index] : 255);
            case WithAlpha:
                var shade = To8(Sample(line, column * 2));
                return GrayImage.Brightness(shade, shade, shade, To8(Sample(line, (column * 2) + 1)));
            case Truecolour:
                var (red, green, blue) = (Sample(line, column * 3), Sample(line, (column * 3) + 1), Sample(line, (column * 3) + 2));
                return _transparent == (red, green, blue) ? (byte)255 : GrayImage.Brightness(To8(red), To8(green), To8(blue));
            default:
                return GrayImage.Brightness(To8(Sample(line, column * 4)), To8(Sample(line, (column * 4) + 1)), To8(Sample(line, (column * 4) + 2)), To8(Sample(line, (column * 4) + 3)));
        }
    }

    /// <summary>The sample as it stands, of 1 to 16 bits.</summary>
    private int Sample(ReadOnlySpan<byte> line, int index)
    {
        if (_depth == 8) return line[index];
        if (_depth == 16) return Wide(line[(index * 2)..]);
        var bit = index * _depth;
        return (line[bit / 8] >> (8 - _depth - (bit % 8))) & ((1 << _depth) - 1);
    }

    private byte To8(int sample) => _depth switch { 8 => (byte)sample, 16 => (byte)(sample >> 8), _ => (byte)(sample * 255 / ((1 << _depth) - 1)) };

    private static int Wide(ReadOnlySpan<byte> two) => BinaryPrimitives.ReadUInt16BigEndian(two);
}

/// <summary>CRC-32 of PNG's parts (ISO 3309).</summary>
internal static class PngCrc
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(static n =>
    {
        var c = (uint)n;
        for (var k = 0; k < 8; k++) c = (c & 1) != 0 ? 0xEDB8_8320 ^ (c >> 1) : c >> 1;
        return c;
    })];

    internal static uint Of(ReadOnlySpan<byte> bytes)
    {
        var c = 0xFFFF_FFFF;
        foreach (var b in bytes) c = Table[(c ^ b) & 0xFF] ^ (c >> 8);
        return ~c;
    }
}
