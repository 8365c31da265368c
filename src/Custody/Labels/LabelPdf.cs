using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace KeyAccountLogistics.Custody.Labels;

/// <summary>
/// A label as PDF (ISO 32000-1): one page of the paper's size, everything vector: bars and modules as boxes, characters as outlines, so that the document needs no
/// font and prints at any resolution.
/// </summary>
internal static class LabelPdf
{
    private const double PointsPerMm = 72 / 25.4;

    internal static byte[] Of(LabelDrawing drawing, LabelFont font)
    {
        var page = new StringBuilder();
        foreach (var mark in drawing.Marks) Draw(page, mark, drawing.Paper.HeightMm, font);
        var content = Packed(Encoding.ASCII.GetBytes(page.ToString()));
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {Points(drawing.Paper.WidthMm)} {Points(drawing.Paper.HeightMm)}] /Resources << >> /Contents 4 0 R >>",
        ];
        using var pdf = new MemoryStream();
        var places = new List<long>();
        Write(pdf, $"%PDF-1.4\n");
        for (var i = 0; i < objects.Length; i++)
        {
            places.Add(pdf.Position);
            Write(pdf, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }
        places.Add(pdf.Position);
        Write(pdf, $"4 0 obj\n<< /Length {content.Length} /Filter /FlateDecode >>\nstream\n");
        pdf.Write(content);
        Write(pdf, $"\nendstream\nendobj\n");
        var table = pdf.Position;
        Write(pdf, $"xref\n0 {places.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in places) Write(pdf, $"{place:0000000000} 00000 n \n");
        Write(pdf, $"trailer\n<< /Size {places.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return pdf.ToArray();
    }

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(content);
        return packed.ToArray();
    }

    private static void Draw(StringBuilder page, LabelMark mark, double height, LabelFont font)
    {
        switch (mark)
        {
            case LabelMark.Box box:
                Box(page, box.X, height - box.Y - box.Height, box.Width, box.Height);
                page.Append("f\n");
                break;
            case LabelMark.Bars bars:
                foreach (var (from, count) in Runs(bars.Symbol.ToModules())) Box(page, bars.X + (from * bars.Module), height - bars.Y - bars.Height, count * bars.Module, bars.Height);
                page.Append("f\n");
                break;
            case LabelMark.Matrix matrix:
                for (var y = 0; y < matrix.Symbol.Size; y++)
                {
                    var row = y;
                    foreach (var (from, count) in Runs([.. Enumerable.Range(0, matrix.Symbol.Size).Select(x => matrix.Symbol[x, row])]))
                        Box(page, matrix.X + (from * matrix.Module), height - matrix.Y - ((y + 1) * matrix.Module), count * matrix.Module, matrix.Module);
                }
                page.Append("f\n");
                break;
            case LabelMark.Line line: Text(page, line, height, font); break;
        }
    }

    /// <summary>Dark runs: one box for each, so that no viewer shows a hair line between two modules.</summary>
    private static IEnumerable<(int From, int Count)> Runs(bool[] modules)
    {
        for (int at = 0, from = 0; at <= modules.Length; at++)
        {
            if (at < modules.Length && modules[at]) continue;
            if (at > from) yield return (from, at - from);
            from = at + 1;
        }
    }

    private static void Text(StringBuilder page, LabelMark.Line line, double height, LabelFont font)
    {
        var (x, baseLine) = (line.X, height - line.Y - (LabelFont.Ascent * line.Size));
        foreach (var rune in line.Text.EnumerateRunes())
        {
            var (atX, atY) = (0.0, 0.0);
            string Point(double dx, double dy) => $"{Points(x + (dx * line.Size))} {Points(baseLine + (dy * line.Size))} ";
            foreach (var step in font.Outline(rune))
            {
                page.Append(step.Kind switch
                {
                    'M' => Point(step.X, step.Y) + "m\n",
                    'L' => Point(step.X, step.Y) + "l\n",
                    'C' => Point(step.X1, step.Y1) + Point(step.X2, step.Y2) + Point(step.X, step.Y) + "c\n",
                    // PDF has no quadratic curve; the cubic one with controls two thirds of the way is the same.
                    _ => Point(atX + ((step.X1 - atX) * 2 / 3), atY + ((step.Y1 - atY) * 2 / 3)) + Point(step.X + ((step.X1 - step.X) * 2 / 3), step.Y + ((step.Y1 - step.Y) * 2 / 3)) + Point(step.X, step.Y) + "c\n",
                });
                (atX, atY) = (step.X, step.Y);
            }
            page.Append("f\n");
            x += font.Advance(rune) * line.Size;
        }
    }

    private static void Box(StringBuilder page, double x, double y, double width, double height) =>
        page.Append(Points(x)).Append(' ').Append(Points(y)).Append(' ').Append(Points(width)).Append(' ').Append(Points(height)).Append(" re\n");

    private static string Points(double mm) => (mm * PointsPerMm).ToString("0.###", CultureInfo.InvariantCulture);

    private static void Write(MemoryStream pdf, FormattableString text) => pdf.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant(text)));
}
