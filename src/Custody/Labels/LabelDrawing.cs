using System.Collections.Immutable;

namespace KeyAccountLogistics.Custody.Labels;

/// <summary>One thing on a label. Millimetres from the paper's upper left corner.</summary>
internal abstract record LabelMark(double X, double Y)
{
    /// <summary>A filled box: lines are thin ones.</summary>
    internal sealed record Box(double X, double Y, double Width, double Height) : LabelMark(X, Y);

    /// <summary>One line of text, <paramref name="Y"/> its upper edge, <paramref name="Size"/> the height of its em square.</summary>
    internal sealed record Line(double X, double Y, string Text, double Size) : LabelMark(X, Y);

    /// <summary>A linear code whose bars begin at <paramref name="X"/>; the quiet zones lie outside.</summary>
    internal sealed record Bars(double X, double Y, Code128 Symbol, double Module, double Height) : LabelMark(X, Y);

    /// <summary>A QR Code without its quiet zone.</summary>
    internal sealed record Matrix(double X, double Y, QrCode Symbol, string Text, double Module) : LabelMark(X, Y);
}

/// <summary>A label with everything in its place; printers only turn it into their own language.</summary>
internal sealed record LabelDrawing(LabelPaper Paper, ImmutableArray<LabelMark> Marks);

/// <summary>How wide a text is at an em of 1.</summary>
internal delegate double MeasureText(string text);

/// <summary>Puts a label's content in its place. Pure: the font's widths come in as a function.</summary>
internal sealed class DrawLabel
{
    private const double Margin = 3;
    private const double Rule = 0.25;
    private const double Leading = 1.25;

    /// <summary>0.375 mm, 3 dots of a 203 dpi printer: what worn printers and hand scanners still manage; then 2 dots, the least that is printed.</summary>
    private static readonly double[] Modules = [0.375, 0.25];

    private readonly ImmutableArray<LabelMark>.Builder _marks = ImmutableArray.CreateBuilder<LabelMark>();
    private readonly LabelPaper _paper;
    private readonly MeasureText _measure;
    private double _y = Margin;

    private DrawLabel(LabelPaper paper, MeasureText measure) => (_paper, _measure) = (paper, measure);

    private double Inner => _paper.WidthMm - (2 * Margin);

    /// <summary>The drawing. Throws <see cref="ArgumentException"/> when the code does not fit the paper.</summary>
    internal static LabelDrawing Of(WaybillLabel label, LabelPaper paper, LabelWords words, MeasureText measure)
    {
        var draw = new DrawLabel(paper, measure);
        draw.Destination(label);
        draw.Code(label, words);
        draw.Party(words.To, label.Consignee, paper.WidthMm > 80 ? 5 : 4.2);
        draw.Party(words.From, label.Sender, paper.WidthMm > 80 ? 3.6 : 3.2);
        draw.ContentsAndSignOff(label, words);
        return new LabelDrawing(paper, draw._marks.ToImmutable());
    }

    private void Destination(WaybillLabel label)
    {
        Text(label.Destination, Margin, 13, Inner * 0.72);
        var aside = Margin + (Inner * 0.74);
        Text(label.Product, aside, 4, Inner * 0.26);
        Text(label.Origin, aside, 3.4, Inner * 0.26, dropBy: 5.5);
        Text(label.Account, aside, 3.4, Inner * 0.26, dropBy: 10);
        _y += 13 * Leading;
        Ruled();
    }

    private void Code(WaybillLabel label, LabelWords words)
    {
        var symbol = label.IsSscc ? Code128.Of("00" + label.Parcel, gs1: true) : Code128.Of(label.Parcel);
        var module = Array.Find(Modules, m => (symbol.Modules + (2 * Code128.QuietModules)) * m <= _paper.WidthMm);
        if (module == 0) throw new ArgumentException($"The code '{label.Parcel}' is too long for a label {_paper.Name}.", nameof(label));
        _y += 1.5;
        // On whole dots of a 203 dpi printer, else its bars would not be equally wide.
        var left = Math.Round((_paper.WidthMm - (symbol.Modules * module)) / 2 * 8) / 8;
        _marks.Add(new LabelMark.Bars(left, Math.Round(_y * 8) / 8, symbol, module, 16));
        _y += 17;
        var shown = label.IsSscc ? "(00) " + label.Parcel : label.Parcel;
        Text(shown, (_paper.WidthMm - (_measure(shown) * 4.2)) / 2, 4.2, Inner);
        _y += 4.2 * Leading;
        if (label.Waybill.Length > 0 && label.Waybill != label.Parcel)
        {
            Text($"{words.Waybill} {label.Waybill}", Margin, 3, Inner);
            _y += 3 * Leading;
        }
        _y += 1;
        Ruled();
    }

    private void Party(string word, (string Name, string Phone, string Address) party, double size)
    {
        _y += 1.2;
        var head = size * 1.5;
        Text(word, Margin, head, Inner);
        var left = Margin + Math.Max(9, (_measure(word) * head) + 2);
        var width = _paper.WidthMm - Margin - left;
        var top = _y;
        if (party is not { Name: "", Phone: "" })
        {
            Text($"{party.Name}  {party.Phone}".Trim(), left, size, width);
            _y += size * Leading;
        }
        foreach (var line in Wrapped(party.Address, size, width, linesMax: 2))
        {
            Text(line, left, size, width);
            _y += size * Leading;
        }
        _y = Math.Max(_y, top + (head * Leading)) + 1;
        Ruled();
    }

    private void ContentsAndSignOff(WaybillLabel label, LabelWords words)
    {
        var qr = QrCode.Of(label.Link, QrLevel.Medium);
        // The largest whole number of dots a module with which it stays within a third of the width.
        var dots = Math.Clamp((int)(_paper.WidthMm / 3.0 * 8 / (qr.Size + (2 * QrCode.QuietModules))), 3, 10);
        var side = qr.Size * dots / 8.0;
        var quiet = QrCode.QuietModules * dots / 8.0;
        // A printer's own QR command may begin ten dots lower than it is told.
        var (left, top) = (Math.Floor((_paper.WidthMm - Math.Max(Margin, quiet) - side) * 8) / 8, Math.Ceiling((_y + Math.Max(quiet, 2)) * 8) / 8);
        _marks.Add(new LabelMark.Matrix(left, top, qr, label.Link, dots / 8.0));
        var width = left - quiet - Margin;
        _y += 1.5;
        foreach (var (word, value) in new[] { (words.Pieces, label.Pieces), (words.Mass, label.Mass), (words.CashOnDelivery, label.CashOnDelivery), (words.FreightCollect, label.FreightCollect) })
        {
            if (value.Length == 0) continue;
            Text($"{word} {value}", Margin, 3.8, width);
            _y += 3.8 * Leading;
        }
        var marks = string.Join("  ", new[] { label.Insured ? words.Insured : "", label.Fragile ? words.Fragile : "" }.Where(static m => m.Length > 0));
        if (marks.Length > 0) Text(marks, Margin, 5, width);
        _y = Math.Max(_y + (marks.Length > 0 ? 5 * Leading : 0), top + side + Math.Max(quiet, 2));
        Ruled();
        _y = Math.Max(_y + 2, _paper.HeightMm - Margin - 9);
        Text(words.SignedBy, Margin, 3.4, Inner * 0.5);
        Text(words.Date, Margin + (Inner * 0.62), 3.4, Inner * 0.36);
    }

    private void Ruled() => _marks.Add(new LabelMark.Box(Margin, _y, Inner, Rule));

    /// <summary>One line; what is too wide is set smaller, down to two thirds, then cut with a sign that it was.</summary>
    private void Text(string text, double x, double size, double width, double dropBy = 0)
    {
        if (text.Length == 0) return;
        var wide = _measure(text) * size;
        if (wide > width) size = Math.Max(size * 2 / 3, size * width / wide);
        while (text.Length > 1 && _measure(text) * size > width) text = WithoutLast(text.EndsWith('…') ? text[..^1] : text) + "…";
        _marks.Add(new LabelMark.Line(x, _y + dropBy, text, size));
    }

    private IEnumerable<string> Wrapped(string text, double size, double width, int linesMax)
    {
        for (var line = 1; text.Length > 0 && line <= linesMax; line++)
        {
            var count = text.Length;
            while (line < linesMax && count > 1 && _measure(text[..count]) * size > width) count = WithoutLast(text[..count]).Length;
            // A mask stays together.
            while (count < text.Length && count > 1 && text[count] == '*') count--;
            // Western addresses break at blanks.
            if (count < text.Length && text.LastIndexOf(' ', count - 1) is var blank && blank > count / 2) count = blank + 1;
            yield return text[..count].Trim();
            text = text[count..];
        }
    }

    private static string WithoutLast(string text) => text.Length > 1 && char.IsLowSurrogate(text[^1]) ? text[..^2] : text[..^1];
}
