using System.Globalization;
using System.Xml.Linq;
using KeyAccountLogistics.Api.Levels.V1;
using NodaTime;
using static KeyAccountLogistics.ServiceLevels.Reporting.Markup;
using Card = KeyAccountLogistics.Api.Levels.V1.Scorecard;

namespace KeyAccountLogistics.ServiceLevels.Reporting;

/// <summary>The drawings of a report, as SVG that stands in the page. Colour never says anything alone: beside it stands the figure.</summary>
internal static class ReportPicture
{
    private const string Good = "#1a7f4b", Fair = "#b7791f", Poor = "#b42318", Quiet = "#e6e9ee", Ink = "#1b2430", Soft = "#5b6675", Blue = "#1f4e8c";

    /// <summary>The score as an arc over 0 to 100 with the limits of grades on it.</summary>
    internal static XElement Gauge(Card card, ReportWords words)
    {
        var (score, has) = Number(card.Score);
        var svg = Svg(200, 132, words.This("总分", "Score") + " " + (has ? card.Score : "-"));
        svg.Add(Arc(0, 100, Quiet, 16));
        if (has && score > 0) svg.Add(Arc(0, (double)score, ColourOf(card.Grade), 16));
        foreach (var limit in new[] { 60, 75, 90 })
        {
            var (x1, y1) = OnArc(limit, 66);
            var (x2, y2) = OnArc(limit, 88);
            svg.Add(Line(x1, y1, x2, y2, "#ffffff", 2));
            var (tx, ty) = OnArc(limit, 95);
            svg.Add(Text(tx, ty + 2, limit.ToString(CultureInfo.InvariantCulture), 8, Soft, limit == 60 || limit == 75 ? "middle" : "start"));
        }
        svg.Add(Text(100, 96, has ? card.Grade : "–", 44, has ? ColourOf(card.Grade) : Soft, "middle", bold: true));
        svg.Add(Text(100, 122, has ? score.ToString("0.00", CultureInfo.InvariantCulture) + " / 100" : words.This("无评分", "no score"), 15, Ink, "middle", bold: true));
        return svg;
    }

    /// <summary>A bar for each dimension; one without a score says so.</summary>
    internal static XElement Dimensions(Card card, ReportWords words)
    {
        var svg = Svg(420, Math.Max(1, card.Dimensions.Count) * 27 + 14, words.This("各维度得分", "Scores by dimension"));
        var y = 4;
        foreach (var d in card.Dimensions)
        {
            var (score, has) = Number(d.Score);
            svg.Add(Text(0, y + 14, $"{d.Dimension}  {words.Dimension(d.Dimension)}", 11.5, Ink, "start", bold: true));
            svg.Add(Text(112, y + 14, words.This("权重", "weight") + " " + d.Weight, 9, Soft, "start"));
            svg.Add(Box(165, y + 3, 190, 14, Quiet));
            if (has) svg.Add(Box(165, y + 3, (double)score * 1.9, 14, ColourOf(score >= 90 ? "A" : score >= 75 ? "B" : score >= 60 ? "C" : "D")));
            svg.Add(has ? Text(362, y + 14, score.ToString("0.00", CultureInfo.InvariantCulture), 11.5, Ink, "start", bold: true) : Text(362, y + 14, words.This("不可评", "not available"), 9, Soft, "start"));
            y += 27;
        }
        foreach (var limit in new[] { 60, 90 })
        {
            svg.Add(Line(165 + limit * 1.9, 4, 165 + limit * 1.9, y - 6, Soft, 0.6, dashed: true));
            svg.Add(Text(165 + limit * 1.9, y + 4, limit.ToString(CultureInfo.InvariantCulture), 8, Soft, "middle"));
        }
        return svg;
    }

    /// <summary>Weeks as rows, Monday first: each day with the percentage on time and what was due.</summary>
    internal static XElement Calendar(IReadOnlyList<ReportDay> days, IndicatorScore? punctual, ReportWords words)
    {
        var (target, known) = Number(punctual?.Target ?? "");
        var (threshold, _) = Number(punctual?.Threshold ?? "");
        // A long period is a calendar of its last ten weeks; the sums stand in the table.
        var shown = days.TakeLast(70).ToList();
        var first = shown[0].Day.PlusDays(1 - (int)shown[0].Day.DayOfWeek);
        var weeks = Period.DaysBetween(first, shown[^1].Day) / 7 + 1;
        const int Wide = 52, High = 52;
        var svg = Svg(7 * Wide + 4, weeks * High + 18, words.This("每日准时投递", "Delivery on time by day"));
        string[] names = words.This("一 二 三 四 五 六 日", "Mon Tue Wed Thu Fri Sat Sun").Split(' ');
        for (var i = 0; i < 7; i++) svg.Add(Text(i * Wide + Wide / 2.0, 10, names[i], 9, Soft, "middle"));
        foreach (var day in shown)
        {
            var place = Period.DaysBetween(first, day.Day);
            var (x, y) = (place % 7 * Wide + 1, place / 7 * High + 15);
            var percent = day.Due == 0 ? 0 : 100m * day.OnTime / day.Due;
            var fill = day.Due == 0 ? "#f6f7f9" : !known ? Blue : percent >= target ? Good : percent >= threshold ? Fair : Poor;
            var ink = day.Due == 0 ? Soft : "#ffffff";
            var cell = new XElement("g", new XElement("title", string.Create(CultureInfo.InvariantCulture, $"{day.Day:uuuu-MM-dd}: {day.OnTime}/{day.Due}")));
            cell.Add(Box(x, y, Wide - 3, High - 3, fill, 3));
            cell.Add(Text(x + 4, y + 10, day.Day.Day.ToString(CultureInfo.InvariantCulture), 8, ink, "start"));
            if (day.Due > 0)
            {
                cell.Add(Text(x + Wide - 7, y + 26, percent == 100 ? "100" : (Math.Floor(percent * 10) / 10).ToString("0.0", CultureInfo.InvariantCulture), 13.5, ink, "end", bold: true));
                cell.Add(Text(x + Wide - 7, y + 40, string.Create(CultureInfo.InvariantCulture, $"{day.OnTime}/{day.Due}"), 8, ink, "end"));
            }
            svg.Add(cell);
        }
        return svg;
    }

    /// <summary>Scores of the periods before, and this one.</summary>
    internal static XElement Trend(IReadOnlyList<Card> cards, ReportWords words)
    {
        var svg = Svg(270, 150, words.This("历期得分", "Scores of periods"));
        foreach (var limit in new[] { 60, 75, 90 })
        {
            svg.Add(Line(18, 122 - limit * 1.08, 266, 122 - limit * 1.08, "#c9d0d9", 0.6, dashed: true));
            svg.Add(Text(14, 125 - limit * 1.08, limit.ToString(CultureInfo.InvariantCulture), 8, Soft, "end"));
        }
        svg.Add(Line(18, 122, 266, 122, Soft, 0.8));
        var step = 248.0 / Math.Max(6, cards.Count);
        for (var i = 0; i < cards.Count; i++)
        {
            var (score, has) = Number(cards[i].Score);
            var (x, high) = (18 + i * step + step * 0.18, (double)score * 1.08);
            if (has) svg.Add(Box(x, 122 - high, step * 0.64, high, ColourOf(cards[i].Grade)));
            svg.Add(Text(x + step * 0.32, 118 - high, has ? $"{score.ToString("0.0", CultureInfo.InvariantCulture)} {cards[i].Grade}" : "–", 9, Ink, "middle", bold: i == cards.Count - 1));
            svg.Add(Text(x + step * 0.32, 134, cards[i].From[..7], 8, Soft, "middle"));
        }
        return svg;
    }

    /// <summary>Points of the index by day as bars, its mean of 7 days as a line.</summary>
    internal static XElement Index(SqiReply sqi, ReportWords words)
    {
        var svg = Svg(270, 135, words.This("服务质量指数", "Service quality index"));
        var days = sqi.Days.TakeLast(92).ToList();
        var points = days.Select(static d => Number(d.Points).Value).ToList();
        var most = Math.Max(1, points.DefaultIfEmpty(0).Max());
        var step = 244.0 / Math.Max(1, days.Count);
        svg.Add(Line(22, 112, 266, 112, Soft, 0.8), Text(19, 14, most.ToString("0.#", CultureInfo.InvariantCulture), 8, Soft, "end"), Text(19, 115, "0", 8, Soft, "end"));
        for (var i = 0; i < days.Count; i++)
        {
            var high = (double)(points[i] / most) * 100;
            if (high > 0) svg.Add(Box(22 + i * step + step * 0.15, 112 - high, step * 0.7, high, Blue));
        }
        if (days.Count > 0) svg.Add(Text(22, 125, days[0].Day[5..], 8, Soft, "start"), Text(266, 125, days[^1].Day[5..], 8, Soft, "end"));
        return svg;
    }

    internal static string ColourOf(string grade) => grade switch { "A" => Good, "B" => Blue, "C" => Fair, "D" => Poor, _ => Soft };

    internal static (decimal Value, bool Known) Number(string text) => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) ? (value, true) : (0, false);

    private static XElement Svg(double width, double height, string label) => new("svg", new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width:0.##} {height:0.##}")), new XAttribute("role", "img"), new XAttribute("aria-label", Clean(label)));

    private static XElement Arc(double from, double to, string colour, double width)
    {
        var ((x1, y1), (x2, y2)) = (OnArc(from, 76), OnArc(to, 76));
        return new("path", new XAttribute("d", string.Create(CultureInfo.InvariantCulture, $"M {x1:0.##} {y1:0.##} A 76 76 0 0 1 {x2:0.##} {y2:0.##}")), new XAttribute("fill", "none"), new XAttribute("stroke", colour), A("stroke-width", width));
    }

    private static (double X, double Y) OnArc(double score, double radius) => (100 - radius * Math.Cos(Math.PI * score / 100), 100 - radius * Math.Sin(Math.PI * score / 100));

    private static XElement Box(double x, double y, double width, double height, string fill, double round = 1) =>
        new("rect", A("x", x), A("y", y), A("width", width), A("height", height), A("rx", round), new XAttribute("fill", fill));

    private static XElement Line(double x1, double y1, double x2, double y2, string colour, double width, bool dashed = false)
    {
        var line = new XElement("line", A("x1", x1), A("y1", y1), A("x2", x2), A("y2", y2), new XAttribute("stroke", colour), A("stroke-width", width));
        if (dashed) line.Add(new XAttribute("stroke-dasharray", "3 3"));
        return line;
    }

    private static XElement Text(double x, double y, string text, double size, string colour, string anchor, bool bold = false)
    {
        var element = new XElement("text", A("x", x), A("y", y), A("font-size", size), new XAttribute("fill", colour), new XAttribute("text-anchor", anchor), Clean(text));
        if (bold) element.Add(new XAttribute("font-weight", "600"));
        return element;
    }

    private static XAttribute A(string name, double value) => new(name, value.ToString("0.##", CultureInfo.InvariantCulture));
}
