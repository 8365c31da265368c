using System.Globalization;
using System.Xml.Linq;
using KeyAccountLogistics.Api.Levels.V1;
using static KeyAccountLogistics.ServiceLevels.Reporting.Markup;

namespace KeyAccountLogistics.ServiceLevels.Reporting;

/// <summary>The pages behind the picture: every indicator, the parcels that missed their promise or were left out, and what all of it rests on.</summary>
internal static class ReportEvidence
{
    internal static XElement Indicators(Reported data, ReportWords words)
    {
        var body = E("tbody");
        foreach (var d in data.Card.Dimensions)
        {
            var cell = E("td", $"{d.Dimension} {words.Dimension(d.Dimension)} · {words.This("权重", "weight")} {d.Weight}");
            cell.SetAttributeValue("colspan", "9");
            body.Add(C("tr", "dimension", cell, C("td", "n", d.Score.Length > 0 ? Short(d.Score) : "–")));
            foreach (var i in d.Indicators) body.Add(Row(i, words));
        }
        var section = C("section", "page", E("h2", words.This("全部指标", "Every indicator")),
            C("p", "quiet", words.This(
                "目标得 100 分，及格得 60 分，其间按比例计。不可评的指标不计 0 分也不计 100 分，其权重分给同维度的其他指标。时间存疑的件计为未达标。",
                "The target gives 100 points, the threshold 60, in proportion between. What is not available is neither 0 nor 100: its weight goes to the other indicators of its dimension. What the clocks leave in doubt counts as missed.")),
            E("table", E("thead", E("tr", E("th", ""), C("th", "name", words.This("指标", "Indicator")), C("th", "n", words.This("分子", "Numerator")), C("th", "n", words.This("分母", "Denominator")), C("th", "n", words.This("剔除", "Excluded")),
                C("th", "n", words.This("数值", "Value")), C("th", "n", words.This("目标", "Target")), C("th", "n", words.This("及格", "Threshold")), C("th", "n", words.This("权重", "Weight")), C("th", "n", words.This("得分", "Score")))), body));
        if (data.Card.Restated.Count > 0)
        {
            section.Add(E("h2", words.This("首次公布后的更正", "Restated since first published")), E("ul", data.Card.Restated.Select(r => E("li", RestatedText(r, data, words))).ToArray<object?>()));
        }
        return section;
    }

    internal static XElement Parcels(Reported data, ReportWords words)
    {
        var section = C("section", "page", E("h2", words.This("晚投快件", "Late parcels")));
        section.Add(data.Late.Items.Count == 0 ? E("p", words.This("本期没有晚投快件。", "No parcel was late in this period.")) : Late(data, words));
        if (data.Late.More) section.Add(C("p", "note", More(data.Late, words)));
        section.Add(E("h2", words.This("剔除的快件", "Excluded parcels")),
            C("p", "quiet", words.This("由两人分别确认，不计入准时率。", "Each left out of punctuality by two persons' word.")));
        section.Add(data.Excluded.Items.Count == 0 ? E("p", words.This("本期没有剔除的快件。", "None was excluded in this period.")) : E("table",
            E("thead", E("tr", E("th", words.This("运单", "Parcel")), E("th", words.This("计入日", "Day")), E("th", words.This("线路", "Lane")), E("th", words.This("原因", "Reason")))),
            E("tbody", data.Excluded.Items.Select(b => E("tr", C("td", "mono", b.Subject), C("td", "nowrap", b.Day), C("td", "nowrap", b.Lane), E("td", words.Reason(b.Reason)))).ToArray<object?>())));
        if (data.Excluded.More) section.Add(C("p", "note", More(data.Excluded, words)));
        return section;
    }

    internal static XElement Basis(Reported data, ReportWords words)
    {
        var card = data.Card;
        var month = card.From[..7];
        return E("section", E("h2", words.This("依据与复算", "What this rests on, and how to check it")),
            E("dl",
                E("dt", words.This("合同版本", "Contract version")), E("dd", card.Contract.Length > 0 ? $"{card.Contract} v{card.ContractVersion.ToString(CultureInfo.InvariantCulture)}" : "–"),
                E("dt", words.This("评分方案 SHA-256", "Hash of the plan, SHA-256")), E("dd", C("span", "mono", card.PlanHash)),
                E("dt", words.This("数据截至", "Facts up to")), E("dd", $"{ReportTimes.Full(card.AsOfUs, data.Zone)} ({data.Zone.Id})"),
                E("dt", words.This("报告时间", "Report made")), E("dd", $"{ReportTimes.Full(data.MadeAt.ToUnixMicros(), data.Zone)} ({data.Zone.Id})")),
            E("p", words.This(
                "本报告的每个数字都由事件日志算出，贵方可自行复算：先用 kal prove 导出本期的日志摘录、合同文本和结果，再用 kal prove check 离线重新计算，程序会说明一致，或指出哪个数字不同：",
                "Every figure here is computed from the event journal, and you can compute it again: kal prove exports the period's events, the contract and the result; kal prove check computes the score from them offline and says that it agrees, or which figure differs:")),
            C("p", "mono", $"kal prove --account {card.Account} --month {month} --out proof.zip"), C("p", "mono", "kal prove check proof.zip"));
    }

    private static XElement Late(Reported data, ReportWords words) => E("table",
        E("thead", E("tr", E("th", words.This("运单", "Parcel")), E("th", words.This("承诺时间", "Due")), E("th", words.This("首次投递", "First attempt")), C("th", "n", words.This("晚", "Late by")), E("th", words.This("线路", "Lane")), E("th", words.This("责任环节", "Charged to")))),
        E("tbody", data.Late.Items.Select(b => E("tr", C("td", "mono", b.Subject), C("td", "nowrap", b.DueUs == 0 ? b.Day : ReportTimes.Short(b.DueUs, data.Zone)), C("td", "nowrap", Delivered(b, data, words)),
            C("td", "n", LateBy(b, words)), C("td", "nowrap", b.Lane), E("td", words.Gate(b.ChargedTo)))).ToArray<object?>()));

    private static string Delivered(Behind b, Reported data, ReportWords words) => b.BestUs == 0 ? words.This("无", "none")
        : b.InDoubt ? $"{ReportTimes.Short(b.EarliestUs, data.Zone)} – {ReportTimes.Short(b.LatestUs, data.Zone)} ({words.This("存疑", "in doubt")})" : ReportTimes.Short(b.BestUs, data.Zone);

    private static string LateBy(Behind b, ReportWords words)
    {
        if (b.DueUs == 0 || b.BestUs <= b.DueUs) return "–";
        var minutes = (b.BestUs - b.DueUs + 59_999_999) / 60_000_000;
        return minutes < 60 ? string.Create(CultureInfo.InvariantCulture, $"{minutes} {words.This("分", "min")}") : string.Create(CultureInfo.InvariantCulture, $"{minutes / 60} {words.This("小时", "h")} {minutes % 60:00} {words.This("分", "min")}");
    }

    private static string More(ReportList list, ReportWords words) => words.This(
        $"此处列出前 {ReportTimes.Grouped(list.Items.Count)} 件；CSV 报告列出更多，全部见评分页。", $"The first {ReportTimes.Grouped(list.Items.Count)} are listed; the CSV report lists more, the scorecard's page all.");

    private static XElement Row(IndicatorScore i, ReportWords words)
    {
        var unit = i.Unit is "percent" ? " %" : i.Unit is "ppm" ? " ppm" : " " + words.Unit(i.Unit);
        var row = E("tr", C("td", "nowrap", i.Indicator), E("td", words.NameOf(i)));
        var why = C("td", "why", $"{words.This("不可评：", "Not available: ")}{words.Why(i)}");
        var levels = new object[] { C("td", "n", i.Target + unit), C("td", "n", i.Threshold + unit), C("td", "n", i.Weight) };
        if (i.Denominator.Length == 0)
        {
            why.SetAttributeValue("colspan", "4");
            row.Add(why, levels, C("td", "n", "–"));
            return row;
        }
        var value = ReportTimes.Value(i);
        row.Add(C("td", "n", Grouped(i.Numerator)), C("td", "n", Grouped(i.Denominator)), C("td", "n", ReportTimes.Grouped(i.Excluded)), C("td", "n", value.Length > 0 ? value + unit : "–"));
        if (i.Score.Length > 0)
        {
            row.Add(levels, C("td", "n", C("b", GradeOf(i.Score), Short(i.Score))));
            return row;
        }
        why.SetAttributeValue("colspan", "3");
        row.Add(levels[0], why);
        return row;
    }

    /// <summary>A restated figure by its name, before and after, in the units of its target.</summary>
    internal static string RestatedText(Restatement r, Reported data, ReportWords words)
    {
        var name = data.Of(r.Indicator) is { } i ? $"{i.Indicator} {words.NameOf(i)}" : words.Figure(r.Indicator);
        var unit = r.Unit is "percent" or "ppm" or "hours" ? " " + words.Unit(r.Unit) : "";
        return $"{name}{words.This("：", ": ")}{Side(r.WasValue, r.Was)} → {Side(r.IsValue, r.Is)} ({words.Because(r.Because)}, {ReportTimes.Full(r.AtUs, data.Zone)})";

        string Side(string value, string of)
        {
            var figures = string.Join('/', of.Split('/').Select(Grouped)) + (r.Currency.Length > 0 ? " " + r.Currency : "");
            if (r.Unit is "count") return figures;
            return $"{(ReportTimes.Value(value, r.Unit) is { Length: > 0 } shown ? shown + unit : "–")} ({figures})";
        }
    }

    private static string GradeOf(string score) => ReportPicture.Number(score).Value switch { >= 90 => "A", >= 75 => "B", >= 60 => "C", _ => "D" };

    private static string Short(string score) => ReportPicture.Number(score).Value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Grouped(string number) => ReportPicture.Number(number) is (var value, true) ? value.ToString("#,0.##", CultureInfo.InvariantCulture) : "";
}
