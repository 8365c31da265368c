using System.Buffers.Binary;
using System.IO.Compression;

namespace KeyAccountLogistics.Custody.Labels;

/// <summary>A black and white picture, one bit a dot, black is 1.</summary>
internal sealed class LabelPicture(int width, int height)
{
    internal int Width { get; } = width;

    internal int Height { get; } = height;

    /// <summary>Bytes a row.</summary>
    internal int Stride { get; } = (width + 7) / 8;

    internal byte[] Bits { get; } = new byte[(width + 7) / 8 * height];

    /// <summary>Blackens a rectangle; what lies outside the picture is left out.</summary>
    internal void Fill(int x, int y, int columns, int rows)
    {
        for (var row = Math.Max(0, y); row < Math.Min(Height, y + rows); row++)
        {
            for (var column = Math.Max(0, x); column < Math.Min(Width, x + columns); column++) Bits[(row * Stride) + (column / 8)] |= (byte)(0x80 >> (column % 8));
        }
    }

    /// <summary>Draws a line of text with its upper edge at <paramref name="y"/>.</summary>
    internal void Write(LabelFont font, string text, double x, int y, int em)
    {
        var baseLine = y + (int)Math.Round(LabelFont.Ascent * em);
        foreach (var rune in text.EnumerateRunes())
        {
            var glyph = font.Render(rune, em);
            for (var row = 0; row < glyph.Height; row++)
            {
                for (var column = 0; column < glyph.Width; column++)
                {
                    if ((glyph.Bits[(row * glyph.Stride) + (column / 8)] & (0x80 >> (column % 8))) != 0) Fill((int)Math.Round(x) + glyph.Left + column, baseLine - glyph.Top + row, 1, 1);
                }
            }
            x += font.Advance(rune) * em;
        }
    }

    /// <summary>The whole label at <paramref name="dots"/> dots a millimetre; a multiple of 8 keeps the bars equally wide.</summary>
    internal static LabelPicture Of(LabelDrawing drawing, LabelFont font, int dots)
    {
        var picture = new LabelPicture(drawing.Paper.WidthMm * dots, drawing.Paper.HeightMm * dots);
        int Dots(double mm) => (int)Math.Round(mm * dots);
        foreach (var mark in drawing.Marks)
        {
            switch (mark)
            {
                case LabelMark.Box box: picture.Fill(Dots(box.X), Dots(box.Y), Dots(box.Width), Math.Max(1, Dots(box.Height))); break;
                case LabelMark.Line line: picture.Write(font, line.Text, line.X * dots, Dots(line.Y), Dots(line.Size)); break;
                case LabelMark.Bars bars:
                    var modules = bars.Symbol.ToModules();
                    for (var i = 0; i < modules.Length; i++)
                    {
                        if (modules[i]) picture.Fill(Dots(bars.X) + (i * Dots(bars.Module)), Dots(bars.Y), Dots(bars.Module), Dots(bars.Height));
                    }
                    break;
                case LabelMark.Matrix matrix:
                    var side = Dots(matrix.Module);
                    for (var i = 0; i < matrix.Symbol.Size * matrix.Symbol.Size; i++)
                    {
                        var (x, y) = (i % matrix.Symbol.Size, i / matrix.Symbol.Size);
                        if (matrix.Symbol[x, y]) picture.Fill(Dots(matrix.X) + (x * side), Dots(matrix.Y) + (y * side), side, side);
                    }
                    break;
            }
        }
        return picture;
    }

    /// <summary>The picture as PNG (ISO/IEC 15948), one bit a pixel, with its size on paper.</summary>
    internal byte[] ToPng(int dotsPerMm)
    {
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        header[8] = 1;
        Chunk(png, "IHDR"u8, header);
        var size = new byte[9];
        BinaryPrimitives.WriteInt32BigEndian(size, dotsPerMm * 1_000);
        BinaryPrimitives.WriteInt32BigEndian(size.AsSpan(4), dotsPerMm * 1_000);
        size[8] = 1;
        Chunk(png, "pHYs"u8, size);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var row = new byte[Stride];
            for (var y = 0; y < Height; y++)
            {
                zlib.WriteByte(0);
                for (var i = 0; i < Stride; i++) row[i] = (byte)(0xFF ^ Bits[(y * Stride) + i]);
                zlib.Write(row);
            }
        }
        Chunk(png, "IDAT"u8, packed.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        png.Write(type);
        png.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc([.. type, .. content]));
        png.Write(number);
    }

    /// <summary>CRC-32 (ISO 3309), bit by bit: a label has a few kilobytes.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFF_FFFF;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1;
        }
        return ~crc;
    }
}
