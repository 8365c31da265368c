using System.Diagnostics;
using System.Text;
using KeyAccountLogistics.Custody.Labels;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit;

namespace KeyAccountLogistics.Component.Labels;

/// <summary>Waybill labels in every form and paper, read back by zbarimg: a program that nobody here wrote.</summary>
public sealed class LabelTests : IDisposable
{
    private const string Font = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
    private readonly string _folder = Directory.CreateTempSubdirectory("kal-label-").FullName;

    private static readonly WaybillLabel Own = new()
    {
        Parcel = "KAL2610120000017", Waybill = "KAL2610120000017", Link = "KAL2610120000017", Destination = "杭州西湖01", Origin = "SH-02", Product = "次日达", Account = "KA-0007",
        Consignee = ("欧阳**", "138******78", "浙江省杭州市西湖区文三路90号3幢***"), Sender = ("张*", "139******11", "上海市浦东新区张江高科技园区祖冲之路***"),
        Pieces = "1/3", Mass = "2.35 kg", CashOnDelivery = "199.00 CNY", FreightCollect = "12.00 CNY", Insured = true, Fragile = true,
    };

    public static TheoryData<string, string, string> Contents()
    {
        var contents = new TheoryData<string, string, string>();
        foreach (var paper in (string[])["100x150", "76x130"])
        {
            foreach (var code in (string[])["KAL2610120000017", "106141411234567897", "SF1234567890123", "RB123456785GB", "KT-1001_A~b^c>d", "7", "ABCDEFGHIJKLMNOPQRST"])
            {
                foreach (var format in (string[])["png", "pdf", "zpl"]) contents.Add(code, paper, format);
            }
        }
        return contents;
    }

    [RequiresProgramTheory("zbarimg", "pdftoppm", Font)]
    [MemberData(nameof(Contents))]
    public void Every_form_of_a_label_is_read_back(string code, string paper, string format)
    {
        var isSscc = Sscc.TryRead(code, out _);
        var label = Own with { Parcel = code, IsSscc = isSscc, Link = isSscc ? "https://id.gs1.org/00/" + code : code };
        using var font = LabelFont.Open();
        var drawing = DrawLabel.Of(label, LabelPaper.Find(paper)!, LabelWords.Chinese, font.Measure);
        var read = ReadBack(format switch
        {
            "png" => Keep("label.png", LabelPicture.Of(drawing, font, 8).ToPng(8)),
            "pdf" => Rendered(Keep("label.pdf", LabelPdf.Of(drawing, font))),
            _ => Keep("label.png", ZplPrinter.Print(LabelZpl.Of(drawing, font)).ToPng(8)),
        });
        read.ShouldBe([$"CODE-128:{(isSscc ? "00" : "")}{code}", "QR-Code:" + label.Link], ignoreOrder: true);
    }

    [RequiresProgramTheory("zbarimg")]
    [InlineData("0123456789", 1)]
    [InlineData("KAL2610120000017", 1)]
    [InlineData("https://example.com/kal/KAL2610120000017?x=1", 3)]
    [InlineData("运单 KAL2610120000017 杭州", 3)]
    public void QR_Codes_of_every_version_and_level_are_read_back(string text, int versionMin)
    {
        foreach (var level in Enum.GetValues<QrLevel>())
        {
            for (var length = text.Length; ; length = (length * 3 / 2) + 1)
            {
                var longer = string.Concat(Enumerable.Repeat(text, (length / text.Length) + 1))[..length];
                QrCode code;
                try
                {
                    code = QrCode.Of(longer, level);
                }
                catch (ArgumentException)
                {
                    break;
                }
                code.Version.ShouldBeGreaterThanOrEqualTo(level == QrLevel.Low ? Math.Min(versionMin, 2) : versionMin == 1 ? 1 : 2);
                var picture = new LabelPicture((code.Size + 8) * 4, (code.Size + 8) * 4);
                for (var i = 0; i < code.Size * code.Size; i++)
                {
                    if (code[i % code.Size, i / code.Size]) picture.Fill(((i % code.Size) + 4) * 4, ((i / code.Size) + 4) * 4, 4, 4);
                }
                ReadBack(Keep("qr.png", picture.ToPng(8))).ShouldBe(["QR-Code:" + longer], $"version {code.Version}, level {level}");
            }
        }
        QrCode.Of(text, QrLevel.High).Version.ShouldBeGreaterThanOrEqualTo(versionMin);
    }

    [Fact]
    public void What_a_QR_Code_of_version_10_does_not_hold_is_refused()
    {
        QrCode.Of(new string('A', 174), QrLevel.High).Version.ShouldBe(10);
        Should.Throw<ArgumentException>(static () => QrCode.Of(new string('A', 175), QrLevel.High));
        QrCode.Of(new string('1', 652), QrLevel.Low).Version.ShouldBe(10);
        Should.Throw<ArgumentException>(static () => QrCode.Of(new string('1', 653), QrLevel.Low));
        Should.Throw<ArgumentException>(static () => QrCode.Of("", QrLevel.Low));
    }

    [RequiresProgramFact(Font)]
    public void Nothing_stands_outside_the_paper_or_on_the_bars()
    {
        using var font = LabelFont.Open();
        var endless = Own with
        {
            Destination = new string('杭', 40), Consignee = (new string('王', 30), new string('1', 40), new string('路', 200)), Sender = ("", "", string.Concat(Enumerable.Repeat("Long Street ", 30))),
            Product = new string('x', 50), CashOnDelivery = new string('9', 60),
        };
        foreach (var paper in new[] { LabelPaper.Large, LabelPaper.OnePart })
        {
            foreach (var label in new[] { Own, endless, Own with { Consignee = ("", "", ""), Sender = ("", "", ""), Mass = "", CashOnDelivery = "", FreightCollect = "", Insured = false, Fragile = false } })
            {
                var drawing = DrawLabel.Of(label, paper, LabelWords.English, font.Measure);
                var bars = drawing.Marks.OfType<LabelMark.Bars>().Single();
                bars.X.ShouldBeGreaterThanOrEqualTo(Code128.QuietModules * bars.Module - 0.125);
                var matrix = drawing.Marks.OfType<LabelMark.Matrix>().Single();
                (matrix.X + ((matrix.Symbol.Size + QrCode.QuietModules) * matrix.Module)).ShouldBeLessThanOrEqualTo(paper.WidthMm + 0.01);
                foreach (var line in drawing.Marks.OfType<LabelMark.Line>())
                {
                    (line.X + (font.Measure(line.Text) * line.Size)).ShouldBeLessThanOrEqualTo(paper.WidthMm - 2, line.Text);
                    (line.Y + line.Size).ShouldBeLessThanOrEqualTo(paper.HeightMm, line.Text);
                    (line.Y >= bars.Y + bars.Height || line.Y + line.Size <= bars.Y).ShouldBeTrue(line.Text);
                    drawing.Marks.OfType<LabelMark.Box>().ShouldAllBe(rule => rule.Y <= line.Y || rule.Y >= line.Y + line.Size, $"'{line.Text}' is ruled through");
                }
            }
        }
    }

    [RequiresProgramFact(Font)]
    public void A_code_that_is_too_long_for_the_paper_is_refused()
    {
        using var font = LabelFont.Open();
        Should.Throw<ArgumentException>(() => DrawLabel.Of(Own with { Parcel = new string('x', 40) }, LabelPaper.OnePart, LabelWords.Chinese, font.Measure)).Message.ShouldContain("too long");
    }

    private string Keep(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private string Rendered(string pdf)
    {
        Run("pdftoppm", "-r", "203", "-png", "-singlefile", pdf, Path.Combine(_folder, "page"));
        return Path.Combine(_folder, "page.png");
    }

    private static List<string> ReadBack(string picture) => [.. Run("zbarimg", "-q", "--nodbus", picture).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Requires.PathOf(program)!, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit(30_000).ShouldBeTrue();
        errors.Wait();
        return output;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
