using KeyAccountLogistics.Custody.Labels;
using KeyAccountLogistics.FirmwareAdapters.Cameras;
using KeyAccountLogistics.TestKit;

namespace KeyAccountLogistics.Unit.Firmware.Pictures;

/// <summary>Codes of our own making, in pictures that get worse: what libzbar alone does not read is read in another version of the picture.</summary>
public sealed class ReadCodesTests
{
    private const string Zbar = "/usr/lib/x86_64-linux-gnu/libzbar.so.0";
    private const string Text = "KAL2610120000017";

    /// <summary>A label-like picture: bars above a QR Code, each module so many pixels.</summary>
    private static GrayImage Picture(int module, int quiet = 10, int dark = 0, int light = 255)
    {
        var (bars, qr) = (Code128.Of(Text).ToModules(), QrCode.Of("https://example.com/" + Text, QrLevel.Medium));
        var (width, height) = ((bars.Length + (2 * quiet)) * module, (40 + (2 * quiet) + qr.Size + quiet) * module);
        var pixels = new byte[width * height];
        Array.Fill(pixels, (byte)light);
        void Dark(int x, int y, int rows)
        {
            for (var row = y * module; row < (y + rows) * module; row++) pixels.AsSpan((row * width) + (x * module), module).Fill((byte)dark);
        }
        for (var i = 0; i < bars.Length; i++)
        {
            if (bars[i]) Dark(quiet + i, quiet, 40);
        }
        for (var y = 0; y < qr.Size; y++)
        {
            for (var x = 0; x < qr.Size; x++)
            {
                if (qr[x, y]) Dark(quiet + x, quiet + 40 + quiet + y, 1);
            }
        }
        return new GrayImage(width, height, pixels);
    }

    private static List<(string, string)> Read(GrayImage image) => [.. ReadCodes.Run(image, TimeSpan.FromSeconds(20), TimeProvider.System).Select(static c => (c.Format, c.Text))];

    [RequiresProgramFact(Zbar)]
    public void Both_codes_of_a_label_are_read() =>
        Read(Picture(3)).ShouldBe([("Code 128", Text), ("QR Code", "https://example.com/" + Text)], ignoreOrder: true);

    [RequiresProgramTheory(Zbar)]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(45)]
    [InlineData(20)]
    public void Turned_pictures_are_read(double degrees) => Read(ImageChanges.Turned(Picture(3), degrees)!).ShouldContain(("QR Code", "https://example.com/" + Text));

    [RequiresProgramTheory(Zbar)]
    [InlineData(45)]
    [InlineData(30)]
    public void Slanted_bars_are_read(double degrees) => Read(ImageChanges.Turned(Picture(3), degrees)!).ShouldContain(("Code 128", Text));

    [RequiresProgramTheory(Zbar)]
    [InlineData(120, 140)]
    [InlineData(0, 40)]
    [InlineData(200, 255)]
    public void Faint_pictures_are_read(int dark, int light) => Read(Picture(3, dark: dark, light: light)).ShouldContain(("Code 128", Text));

    [RequiresProgramFact(Zbar)]
    public void One_pixel_a_module_is_enough() => Read(Picture(1)).ShouldContain(("Code 128", Text));

    [RequiresProgramFact(Zbar)]
    public void A_picture_cut_at_the_code_is_read() => Read(Picture(3, quiet: 0)).ShouldContain(("Code 128", Text));

    [RequiresProgramFact(Zbar)]
    public void A_shadow_across_the_picture_does_not_hide_the_codes()
    {
        var image = Picture(3, dark: 60);
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++) image.Pixels[(y * image.Width) + x] = (byte)(image.Pixels[(y * image.Width) + x] * (image.Width + 20 - x) / (image.Width + 20));
        }
        Read(image).ShouldContain(("QR Code", "https://example.com/" + Text));
    }

    [RequiresProgramFact(Zbar)]
    public void Grain_and_stripes_are_no_codes()
    {
        var random = new Random(20261128);
        for (var i = 0; i < 6; i++)
        {
            var pixels = new byte[400 * 300];
            var stripes = Enumerable.Range(0, 400).Select(_ => (byte)(random.Next(2) * 255)).ToArray();
            for (var at = 0; at < pixels.Length; at++) pixels[at] = i % 2 == 0 ? (byte)random.Next(256) : stripes[at % 400];
            ReadCodes.Run(new GrayImage(400, 300, pixels), TimeSpan.FromSeconds(2), TimeProvider.System).ShouldBeEmpty();
        }
    }

    [RequiresProgramFact(Zbar)]
    public void A_picture_of_one_pixel_has_no_code() => Read(new GrayImage(1, 1, [0])).ShouldBeEmpty();
}
