using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Cameras;

namespace KeyAccountLogistics.Unit.Firmware.Pictures;

/// <summary>PNG of every kind, read to the brightness of its samples; damage is said, and never more than that.</summary>
public sealed class PngReaderTests
{
    public static TheoryData<int, int, bool> Kinds()
    {
        var kinds = new TheoryData<int, int, bool>();
        foreach (var (colour, depths) in ((int, int[])[])[(0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16])])
        {
            foreach (var depth in depths)
            {
                kinds.Add(colour, depth, false);
                kinds.Add(colour, depth, true);
            }
        }
        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_colour_type_and_depth_interlaced_and_not(int colour, int depth, bool interlaced)
    {
        var max = (1 << depth) - 1;
        int Sample(int x, int y, int channel) => colour == 3 ? (x + y) % Math.Min(4, max + 1) : ((x * 37) + (y * 101) + (channel * 59)) * (depth == 16 ? 257 : 1) % (max + 1);
        byte[] palette = [0, 0, 0, 255, 255, 255, 200, 30, 90, 10, 220, 40];
        var before = colour == 3 ? new[] { ("PLTE", palette[..(Math.Min(4, max + 1) * 3)]), ("tRNS", new byte[] { 255, 128 }) } : [("tEXt", "who\0cares"u8.ToArray())];
        // Sizes at which some passes of Adam7 are empty, and lines end within a byte.
        foreach (var (width, height) in ((int, int)[])[(1, 1), (3, 2), (5, 9), (19, 13)])
        {
            var image = ImageFile.Decode(PngWriter.Write(width, height, depth, colour, Sample, static line => line % 5, interlaced, before));
            (image.Width, image.Height).ShouldBe((width, height));
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++) image.Pixels[(y * width) + x].ShouldBe(Expected(x, y), $"{x}, {y} of {width} x {height}");
            }
        }

        byte Expected(int x, int y)
        {
            int To8(int channel) => depth switch { 16 => Sample(x, y, channel) >> 8, 8 => Sample(x, y, channel), _ => Sample(x, y, channel) * 255 / max };
            switch (colour)
            {
                case 0: return (byte)To8(0);
                case 2: return GrayImage.Brightness(To8(0), To8(1), To8(2));
                case 3:
                    var index = Sample(x, y, 0);
                    return GrayImage.Brightness(palette[index * 3], palette[(index * 3) + 1], palette[(index * 3) + 2], index == 1 ? 128 : 255);
                case 4: return GrayImage.Brightness(To8(0), To8(0), To8(0), To8(1));
                default: return GrayImage.Brightness(To8(0), To8(1), To8(2), To8(3));
            }
        }
    }

    [Fact]
    public void What_is_transparent_is_white_paper()
    {
        GrayImage.Brightness(0, 0, 0, 0).ShouldBe((byte)255);
        var image = ImageFile.Decode(PngWriter.Write(2, 1, 8, 0, static (x, _, _) => x == 0 ? 7 : 8, static _ => 0, false, ("tRNS", [0, 7])));
        image.Pixels.ShouldBe([255, 8]);
    }

    [Fact]
    public void A_picture_cut_or_changed_at_any_byte_is_damaged_or_the_same()
    {
        var whole = PngWriter.Write(9, 7, 8, 2, static (x, y, c) => (x * y * 31) + c & 0xFF, static line => line % 5, true);
        var pixels = ImageFile.Decode(whole).Pixels;
        for (var length = 0; length < whole.Length; length++) Should.Throw<ImageFileException>(() => ImageFile.Decode(whole.AsSpan(0, length)));
        for (var at = 0; at < whole.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])whole.Clone();
                changed[at] ^= (byte)(1 << bit);
                Should.Throw<ImageFileException>(() => ImageFile.Decode(changed), $"bit {bit} of byte {at}");
            }
        }
        ImageFile.Decode(whole).Pixels.ShouldBe(pixels);
    }

    [Fact]
    public void Wrong_content_with_right_checksums_is_damaged()
    {
        static byte[] Of(params (string Type, byte[] Content)[] chunks)
        {
            using var png = new MemoryStream();
            png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
            foreach (var (type, content) in chunks) PngWriter.Chunk(png, type, content);
            return png.ToArray();
        }
        static byte[] Header(int width, int height, byte depth, byte colour, byte interlace = 0) =>
            [(byte)(width >> 24), (byte)(width >> 16 & 0xFF), (byte)(width >> 8 & 0xFF), (byte)(width & 0xFF), (byte)(height >> 24), (byte)(height >> 16 & 0xFF), (byte)(height >> 8 & 0xFF), (byte)(height & 0xFF), depth, colour, 0, 0, interlace];
        (string Reason, byte[] Png)[] wrong =
        [
            ("at most", Of(("IHDR", Header(30_000, 30_000, 8, 0)), ("IEND", []))),
            ("no pixels", Of(("IHDR", Header(0, 5, 8, 0)), ("IEND", []))),
            ("header", Of(("IHDR", Header(5, 5, 3, 0)), ("IEND", []))),
            ("header", Of(("IHDR", Header(5, 5, 8, 2, 2)), ("IEND", []))),
            ("header", Of(("IDAT", [1, 2, 3]), ("IEND", []))),
            ("too early", Of(("IHDR", Header(5, 5, 8, 0)), ("IEND", []))),
            ("unpack", Of(("IHDR", Header(5, 5, 8, 0)), ("IDAT", [1, 2, 3, 4, 5, 6]), ("IEND", []))),
            ("palette", Of(("IHDR", Header(1, 1, 8, 3)), ("PLTE", [1, 2]), ("IEND", []))),
            ("critical", Of(("IHDR", Header(1, 1, 8, 0)), ("JUNK", []), ("IEND", []))),
            ("no colour in the palette", PngWriter.Write(1, 1, 8, 3, static (_, _, _) => 9, static _ => 0, false, ("PLTE", [1, 2, 3]))),
            ("filter", PngWriter.Write(1, 1, 8, 0, static (_, _, _) => 9, static _ => 7)),
        ];
        foreach (var (reason, png) in wrong) Should.Throw<ImageFileException>(() => ImageFile.Decode(png)).Message.ShouldContain(reason);
    }

    [Fact]
    public void Other_files_are_told_by_their_content()
    {
        Should.Throw<ImageFileException>(static () => ImageFile.Decode([])).Message.ShouldBe("The file is empty.");
        Should.Throw<ImageFileException>(static () => ImageFile.Decode("GIF89a....."u8)).Message.ShouldContain("neither");
        Should.Throw<ImageFileException>(static () => ImageFile.Decode(Encoding.ASCII.GetBytes("RIFF....WEBPVP8 nonsense")));
        Should.Throw<ImageFileException>(static () => ImageFile.Decode([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4]));
    }
}
