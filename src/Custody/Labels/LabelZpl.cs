using System.Globalization;
using System.Text;

namespace KeyAccountLogistics.Custody.Labels;

/// <summary>
/// A label in ZPL II for a 203 dpi printer (8 dots a millimetre): the codes by the printer's own commands, texts as pictures, because which fonts a printer holds,
/// and whether Chinese is among them, nobody at the backend knows.
/// </summary>
internal static class LabelZpl
{
    private const int DotsPerMm = 8;

    internal static string Of(LabelDrawing drawing, LabelFont font)
    {
        var zpl = new StringBuilder("^XA^CI28\n");
        Append(zpl, $"^PW{drawing.Paper.WidthMm * DotsPerMm}^LL{drawing.Paper.HeightMm * DotsPerMm}^LH0,0\n");
        foreach (var mark in drawing.Marks)
        {
            var (x, y) = (Dots(mark.X), Dots(mark.Y));
            switch (mark)
            {
                case LabelMark.Box box: Append(zpl, $"^FO{x},{y}^GB{Dots(box.Width)},{Math.Max(1, Dots(box.Height))},{Math.Max(1, Dots(box.Height))}^FS\n"); break;
                case LabelMark.Bars bars: Append(zpl, $"^FO{x},{y}^BY{Dots(bars.Module)}^BCN,{Dots(bars.Height)},N,N,N,N^FH^FD{Characters(bars.Symbol)}^FS\n"); break;
                case LabelMark.Matrix matrix: Append(zpl, $"^FO{x},{y}^BQN,2,{Dots(matrix.Module)}^FH^FD{"LMQH"[(int)matrix.Symbol.Level]}A,{Escaped(matrix.Text)}^FS\n"); break;
                case LabelMark.Line line: Text(zpl, line, x, y, font); break;
            }
        }
        return zpl.Append("^XZ\n").ToString();
    }

    private static void Text(StringBuilder zpl, LabelMark.Line line, int x, int y, LabelFont font)
    {
        var em = Dots(line.Size);
        // Glyphs may reach a little beyond the em square on each side.
        var slack = Math.Max(2, em / 4);
        var picture = new LabelPicture((int)Math.Ceiling(font.Measure(line.Text) * em) + (2 * slack), (em * 3 / 2) + slack);
        picture.Write(font, line.Text, slack, 0, em);
        Append(zpl, $"^FO{Math.Max(0, x - slack)},{y}^GFA,{picture.Bits.Length},{picture.Bits.Length},{picture.Stride},{Convert.ToHexString(picture.Bits)}^FS\n");
    }

    /// <summary>The symbol characters one by one, so that the printed symbol is the one made here and not the printer's own idea of a short one (^BC, mode N).</summary>
    private static string Characters(Code128 symbol)
    {
        var data = new StringBuilder();
        var set = symbol.Characters[0] - Code128.StartA;
        data.Append(">9>:>;".AsSpan(set * 2, 2));
        // The printer adds the check and stop characters.
        foreach (var character in symbol.Characters.AsSpan(1, symbol.Characters.Length - 3))
        {
            if (character == Code128.Fnc1) data.Append(">8");
            else if (set == 2 && character < 100) data.Append(character.ToString("00", CultureInfo.InvariantCulture));
            else if (character == Code128.Shift && set != 2) data.Append(">4");
            else if (character >= Code128.CodeC && character <= Code128.CodeA)
            {
                data.Append(character switch { Code128.CodeC => ">5", Code128.CodeB => ">6", _ => ">7" });
                set = Code128.CodeA - character;
            }
            else
            {
                data.Append(Escaped(character + ' '));
            }
        }
        return data.ToString();
    }

    /// <summary>In sets A and B the data of ^BC are the characters of set B; some have a meaning of their own and go by their codes.</summary>
    private static string Escaped(int ascii) => ascii switch
    {
        '>' => ">0",
        '~' => ">=",
        127 => ">1",
        _ => Escaped(((char)ascii).ToString()),
    };

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is (byte)'_' or (byte)'^' or (byte)'~' or < 0x20 or > 0x7E) escaped.Append('_').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            else escaped.Append((char)b);
        }
        return escaped.ToString();
    }

    private static int Dots(double mm) => (int)Math.Round(mm * DotsPerMm);

    private static void Append(StringBuilder zpl, FormattableString text) => zpl.Append(FormattableString.Invariant(text));
}
