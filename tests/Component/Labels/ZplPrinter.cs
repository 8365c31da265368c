using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using KeyAccountLogistics.Custody.Labels;

namespace KeyAccountLogistics.Component.Labels;

/// <summary>
/// A printer of 8 dots a millimetre that knows the ZPL commands our labels use, read from the ZPL II programming guide: field origin, boxes, bitmaps in hex, Code 128
/// in mode N with its subset codes, QR with its ten dots of offset. Anything else is a mistake.
/// </summary>
internal static partial class ZplPrinter
{
    internal static LabelPicture Print(string zpl)
    {
        var (width, height) = (0, 0);
        LabelPicture? paper = null;
        var (x, y, module) = (0, 0, 2);
        Action<string>? field = null;
        foreach (Match match in Command().Matches(zpl))
        {
            var (name, text) = (match.Groups[1].Value, match.Groups[2].Value.TrimEnd('\n'));
            var numbers = name is "GF" or "FD" ? [] : Number().Matches(text).Select(static m => int.Parse(m.Value, CultureInfo.InvariantCulture)).ToArray();
            switch (name)
            {
                case "XA" or "XZ" or "CI" or "LH" or "FH": break;
                case "PW": width = numbers[0]; break;
                case "LL": (height, paper) = (numbers[0], new LabelPicture(width, numbers[0])); break;
                case "FO": (x, y) = (numbers[0], numbers[1]); break;
                case "BY": module = numbers[0]; break;
                case "GB": paper!.Fill(x, y, numbers[0], numbers[1]); break;
                case "GF": Bitmap(paper!, x, y, text); break;
                case "BC":
                    text.ShouldStartWith("N,");
                    text.ShouldEndWith(",N,N,N,N");
                    var (barX, barY, barModule, barHeight) = (x, y, module, numbers[0]);
                    field = content => Bars(paper!, barX, barY, barModule, barHeight, content);
                    break;
                case "BQ":
                    var (qrX, qrY, qrModule) = (x, y + 10, numbers[1]);
                    field = content => Matrix(paper!, qrX, qrY, qrModule, content);
                    break;
                case "FD": field.ShouldNotBeNull()(Unescaped(text)); break;
                case "FS": field = null; break;
                default: throw new InvalidOperationException($"^{name} is no command of this printer");
            }
        }
        (height > 0).ShouldBeTrue();
        return paper!;
    }

    private static void Bitmap(LabelPicture paper, int x, int y, string text)
    {
        var parts = text.Split(',');
        parts[0].ShouldBe("A");
        var (bytes, stride) = (Convert.FromHexString(parts[4]), int.Parse(parts[3], CultureInfo.InvariantCulture));
        bytes.Length.ShouldBe(int.Parse(parts[1], CultureInfo.InvariantCulture));
        for (var i = 0; i < bytes.Length * 8; i++)
        {
            if ((bytes[i / 8] & (0x80 >> (i % 8))) != 0) paper.Fill(x + (i % (stride * 8)), y + (i / (stride * 8)), 1, 1);
        }
    }

    /// <summary>Code 128, mode N: the data name their subsets; the printer adds check and stop.</summary>
    private static void Bars(LabelPicture paper, int x, int y, int module, int height, string data)
    {
        var (characters, set) = (new List<int>(), 1);
        for (var i = 0; i < data.Length; i++)
        {
            if (data[i] == '>' && i + 1 < data.Length)
            {
                var code = data[++i] switch { '0' => 30, '=' => 94, '1' => 95, '4' => 98, '5' => 99, '6' => 100, '7' => 101, '8' => 102, '9' => 103, ':' => 104, ';' => 105, var c => throw new InvalidOperationException($">{c} is no subset code") };
                characters.Add(code);
                if (code is 99 or 100 or 101) set = 101 - code;
                if (code >= 103) set = code - 103;
            }
            else if (set == 2)
            {
                characters.Add(int.Parse(data.AsSpan(i++, 2), NumberStyles.None, CultureInfo.InvariantCulture));
            }
            else
            {
                characters.Add(data[i] - ' ');
            }
        }
        characters.Add((characters[0] + Enumerable.Range(1, characters.Count - 1).Sum(i => i * characters[i])) % 103);
        characters.Add(106);
        var modules = Code128.ToModules(characters.ToArray());
        for (var i = 0; i < modules.Length; i++)
        {
            if (modules[i]) paper.Fill(x + (i * module), y, module, height);
        }
    }

    /// <summary>Level, "A" for automatic input, comma, text.</summary>
    private static void Matrix(LabelPicture paper, int x, int y, int module, string data)
    {
        data[1..3].ShouldBe("A,");
        var code = QrCode.Of(data[3..], (QrLevel)"LMQH".IndexOf(data[0], StringComparison.Ordinal));
        for (var i = 0; i < code.Size * code.Size; i++)
        {
            if (code[i % code.Size, i / code.Size]) paper.Fill(x + (i % code.Size * module), y + (i / code.Size * module), module, module);
        }
    }

    private static string Unescaped(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '_')
            {
                bytes.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"\^([A-Z]{2})([^^]*)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Command();

    [GeneratedRegex(@"\d+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Number();
}
