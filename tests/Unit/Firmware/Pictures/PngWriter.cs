using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Cameras;

namespace KeyAccountLogistics.Unit.Firmware.Pictures;

/// <summary>Writes PNG of every kind from its samples, by the standard and not by the reader: filters straight from their definitions, Adam7 by its printed pattern.</summary>
internal static class PngWriter
{
    private const string Adam7 = "1646264677777777565656567777777736463646777777775656565677777777";

    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="depth">Bits a sample.</param>
    /// <param name="colour">Colour type of the header.</param>
    /// <param name="sample">Sample of column, row and channel.</param>
    /// <param name="filter">Filter of each line, counted over all passes.</param>
    /// <param name="interlaced">Adam7.</param>
    /// <param name="before">Chunks before the pixels.</param>
    internal static byte[] Write(
        int width, int height, int depth, int colour, Func<int, int, int, int> sample, Func<int, int> filter, bool interlaced = false, params (string Type, byte[] Content)[] before)
    {
        var channels = colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var line = 0;
            for (var pass = 1; pass <= (interlaced ? 7 : 1); pass++)
            {
                var before1 = Array.Empty<byte>();
                for (var y = 0; y < height; y++)
                {
                    var row = y;
                    var columns = Enumerable.Range(0, width).Where(x => !interlaced || Adam7[(row % 8 * 8) + (x % 8)] - '0' == pass).ToList();
                    if (columns.Count == 0) continue;
                    var raw = Pack(columns.SelectMany(x => Enumerable.Range(0, channels).Select(c => sample(x, row, c))), depth);
                    if (before1.Length != raw.Length) before1 = new byte[raw.Length];
                    zlib.WriteByte((byte)filter(line));
                    zlib.Write(Filtered(filter(line), raw, before1, Math.Max(1, channels * depth / 8)));
                    before1 = raw;
                    line++;
                }
            }
        }
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)colour, interlaced ? (byte)1 : (byte)0);
        Chunk(png, "IHDR", header);
        foreach (var (type, content) in before) Chunk(png, type, content);
        var all = packed.ToArray();
        // In two pieces: a picture's data may be cut anywhere.
        Chunk(png, "IDAT", all[..(all.Length / 2)]);
        Chunk(png, "IDAT", all[(all.Length / 2)..]);
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    internal static void Chunk(MemoryStream png, string type, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content];
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        png.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, PngCrc.Of(named));
        png.Write(number);
    }

    private static byte[] Pack(IEnumerable<int> samples, int depth)
    {
        var bits = samples.SelectMany(s => Enumerable.Range(0, depth).Select(i => (s >> (depth - 1 - i)) & 1)).ToList();
        while (bits.Count % 8 != 0) bits.Add(0);
        return [.. bits.Chunk(8).Select(static b => (byte)b.Aggregate(0, static (sum, bit) => (sum << 1) | bit))];
    }

    private static byte[] Filtered(int filter, byte[] raw, byte[] above, int step) => [.. raw.Select((value, i) =>
    {
        int a = i < step ? 0 : raw[i - step], b = above[i], c = i < step ? 0 : above[i - step];
        var predicted = filter switch
        {
            0 => 0,
            1 => a,
            2 => b,
            3 => (a + b) / 2,
            _ => new[] { a, b, c }.MinBy(p => Math.Abs(a + b - c - p)),
        };
        return (byte)((value - predicted) & 0xFF);
    })];
}
