using System.Diagnostics;
using System.Globalization;
using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Cameras;
using KeyAccountLogistics.TestKit;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Acceptance.Pictures;

/// <summary>
/// Photographs and renderings with their expected text, a rate for each folder beside zbarimg's on the same files in the same run. Where zbarimg reads a picture
/// rightly, so do we; what has no barcode gives none.
/// </summary>
public sealed class ReadImageTests(ITestOutputHelper output)
{
    private const string Data = "barcode_images";
    private const string Zbar = "/usr/lib/x86_64-linux-gnu/libzbar.so.0";
    private static readonly string[] Extensions = [".png", ".jpg", ".webp"];

    [AcceptanceTheory(Data, "zbarimg", Zbar)]
    [InlineData("code128-1")]
    [InlineData("code128-2")]
    [InlineData("code39-1")]
    [InlineData("ean13-1")]
    [InlineData("itf-1")]
    [InlineData("qrcode-1")]
    [InlineData("qrcode-2")]
    public void No_folder_is_read_worse_than_by_zbarimg(string folder)
    {
        var (pictures, ours, theirs) = (0, 0, 0);
        var worse = new List<string>();
        foreach (var (path, expected) in PicturesOf(folder))
        {
            var read = Read(path).Any(code => IsSame(code.Text, expected));
            var byZbar = IsSame(Zbarimg(path), expected);
            (pictures, ours, theirs) = (pictures + 1, ours + (read ? 1 : 0), theirs + (byZbar ? 1 : 0));
            if (byZbar && !read) worse.Add(Path.GetFileName(path));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder}: {pictures} pictures, read {ours}, zbarimg {theirs}"));
        pictures.ShouldBeGreaterThan(0);
        worse.ShouldBeEmpty();
        ours.ShouldBeGreaterThanOrEqualTo(theirs);
    }

    [AcceptanceTheory(Data, Zbar, "/usr/lib/x86_64-linux-gnu/libdmtx.so.0")]
    [InlineData("datamatrix-1", 20)]
    [InlineData("datamatrix-2", 6)]
    public void Data_Matrix_is_read_by_the_other_library(string folder, int atLeast)
    {
        var pictures = PicturesOf(folder).ToList();
        // A search for Data Matrix takes the time it is given; on a busy machine the usual one is short.
        var read = pictures.Count(p => ReadCodes.Run(ImageFile.Read(p.Path), TimeSpan.FromSeconds(10), TimeProvider.System).Any(code => IsSame(code.Text, p.Expected)));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder}: {pictures.Count} pictures, read {read}"));
        read.ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    [AcceptanceFact(Data, Zbar)]
    public void Nothing_is_read_where_nothing_stands()
    {
        var pictures = FilesOf("falsepositives-1").ToList();
        pictures.Count.ShouldBeGreaterThan(10);
        foreach (var path in pictures) Read(path).ShouldBeEmpty(path);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"falsepositives-1: {pictures.Count} pictures, nothing read"));
    }

    private static IReadOnlyList<PictureCode> Read(string path) => ReadCodes.Run(ImageFile.Read(path), ReadCodes.UsualBudget, TimeProvider.System);

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(AcceptanceFolder.At(Data, folder)).Where(static p => Extensions.Contains(Path.GetExtension(p), StringComparer.Ordinal)).Order(StringComparer.Ordinal);

    private static IEnumerable<(string Path, string Expected)> PicturesOf(string folder) =>
        FilesOf(folder).Select(static path => (path, Path.ChangeExtension(path, ".txt"))).Where(static p => File.Exists(p.Item2)).Select(static p => (p.path, File.ReadAllText(p.Item2)));

    private static bool IsSame(string read, string expected) => string.Equals(Plain(read), Plain(expected), StringComparison.Ordinal);

    private static string Plain(string text) => text.ReplaceLineEndings("\n").Trim();

    private static string Zbarimg(string path)
    {
        using var process = Process.Start(new ProcessStartInfo(Requires.PathOf("zbarimg")!, ["-q", "--raw", "--nodbus", path]) { UseShellExecute = false, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }
}
