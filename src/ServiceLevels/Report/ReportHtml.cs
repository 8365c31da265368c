using System.Globalization;
using System.Xml.Linq;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.ServiceLevels.Contributing;
using static KeyAccountLogistics.ServiceLevels.Reporting.Markup;
using Card = KeyAccountLogistics.Api.Levels.V1.Scorecard;

namespace KeyAccountLogistics.ServiceLevels.Reporting;

/// <summary>A report as one page of HTML that loads nothing and runs nothing: first the picture, then the evidence. Nobody's name or address stands in it, couriers' neither.</summary>
internal static class ReportHtml
{
    internal static string Write(Reported data, ReportWords words)
    {
        var title = words.This("服务水平报告", "Service level report");
        var policy = E("meta");
        policy.Add(new XAttribute("http-equiv", "Content-Security-Policy"), new XAttribute("content", "default-src 'none'; style-src 'unsafe-inline'"));
        var head = E("head", new XElement("meta", new XAttribute("charset", "utf-8")), policy, new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width")),
            E("title", $"{title} · {words.NameOf(data.Card)} · {data.Card.From}"), E("style", ReportStyle.Css));
        var page = E("html", head, E("body", Picture(data, words, title), ReportEvidence.Indicators(data, words), ReportEvidence.Parcels(data, words), ReportEvidence.Basis(data, words)));
        page.SetAttributeValue("lang", words.Language);
        return Markup.Write(page);
    }

    private static XElement Picture(Reported data, ReportWords words, string title)
    {
        var card = data.Card;
        var section = E("section",
            E("header", E("div", E("h1", words.NameOf(card)), E("p", title), E("small", words.This("客户", "Account") + " " + card.Account)),
                C("div", "right", E("p", E("b", $"{card.From} – {card.To}")), E("small", card.Contract.Length > 0 ? $"{words.This("合同", "Contract")} {card.Contract} v{card.ContractVersion.ToString(CultureInfo.InvariantCulture)}" : words.This("无生效合同", "No contract in force")),
                    E("br"), E("small", $"{words.This("数据截至", "Facts up to")} {ReportTimes.Full(card.AsOfUs, data.Zone)}"))));
        if (card.Reason.Length > 0) section.Add(C("p", "note", words.Why(card.Reason)));
        foreach (var code in card.KnockOuts) section.Add(C("p", "note", words.KnockOut(code)));
        section.Add(C("div", "row", C("section", "gauge", E("h3", words.This("总分与等级", "Score and grade")), ReportPicture.Gauge(card, words), Published(card, words)),
            E("section", E("h3", words.This("各维度得分", "Scores by dimension")), ReportPicture.Dimensions(card, words))));
        section.Add(Figures(data, words));
        if (Exclusions(data, words) is { } exclusions) section.Add(E("p", exclusions));
        section.Add(C("div", "row",
            C("section", "wide", E("h3", words.This("每日准时投递率（%，准时/应投）", "Delivered on time by day (%, on time of due)")), ReportPicture.Calendar(data.OnTime, data.Of(FigureCodes.Punctual), words), Legend(data, words)),
            E("section", E("h3", words.This("历期得分", "Scores of periods")), ReportPicture.Trend(data.Trend, words), E("h3", words.This("服务质量指数：每日失误分", "Service quality index: failure points by day")), ReportPicture.Index(data.Sqi, words), IndexNote(data.Sqi, words))));
        if (BudgetSentence(data, words) is { } sentence) section.Add(E("p", sentence));
        return section;
    }

    private static XElement Figures(Reported data, ReportWords words)
    {
        var punctual = data.Of(FigureCodes.Punctual);
        var row = C("div", "figures");
        Add(words.This("收寄件数", "Parcels accepted"), ReportTimes.Grouped(data.Card.Parcels), "");
        if (punctual is { Denominator.Length: > 0 })
        {
            var (due, met) = (long.Parse(punctual.Denominator, CultureInfo.InvariantCulture), long.Parse(punctual.Numerator, CultureInfo.InvariantCulture));
            var value = ReportTimes.Value(punctual);
            Add(words.This("准时投递", "On time"), value.Length > 0 ? value + " %" : "–", words.This("目标", "target") + $" {punctual.Target} %");
            Add(words.This("应投", "Due"), ReportTimes.Grouped(due), "");
            Add(words.This("晚投", "Late"), ReportTimes.Grouped(due - met), data.Card.InDoubt > 0 ? words.Count(data.Card.InDoubt, "件时间存疑，计为晚投", "in doubt, counted late", "in doubt, counted late") : "");
        }
        Add(words.This("剔除", "Excluded"), ReportTimes.Grouped(data.Card.Excluded), words.This("不计入准时率", "not in punctuality"));
        return row;

        void Add(string label, string figure, string below) => row.Add(E("div", E("small", label), E("b", figure), below.Length > 0 ? E("small", below) : null));
    }

    private static XElement Published(Card card, ReportWords words) => E("small",
        card.FirstScore.Length == 0 ? words.This("本期尚未首次公布", "Not published yet")
        : string.Equals(card.FirstScore, card.Score, StringComparison.Ordinal) ? words.This("与首次公布一致", "As first published")
        : words.This($"首次公布：{card.FirstScore} {card.FirstGrade}，更正见指标页", $"First published: {card.FirstScore} {card.FirstGrade}; changes: see indicators"));

    private static XElement Legend(Reported data, ReportWords words) => E("small", data.Of(FigureCodes.Punctual) is not { } i ? ""
        : words.This($"绿：达到目标 {i.Target} %；黄：达到 {i.Threshold} %；红：低于 {i.Threshold} %；浅灰：当日无应投件", $"Green: target of {i.Target} % met; amber: at least {i.Threshold} %; red: below {i.Threshold} %; pale: nothing due"));

    // Where the contract's weights change within the period another series begins, and points of two are never added.
    internal static XElement IndexNote(SqiReply sqi, ReportWords words)
    {
        var note = E("small");
        foreach (var days in Series(sqi))
        {
            if (note.Nodes().Any()) note.Add(E("br"));
            if (days[0].BeginsSeries && !string.Equals(days[0].Day, sqi.Days[0].Day, StringComparison.Ordinal)) note.Add(words.This($"{days[0].Day} 起按权重方案 {days[0].Profile} 另计：", $"From {days[0].Day} a new series, weights {days[0].Profile}: "));
            note.Add(SeriesNote(days, words));
        }
        if (sqi.Days.Count == 0) note.Add(SeriesNote([], words));
        if (sqi.Unverified) note.Add(words.This($"（权重方案 {ProfilesOf(sqi)}，未经核实）", $" (weights {ProfilesOf(sqi)}, not verified)"));
        return note;
    }

    private static string ProfilesOf(SqiReply sqi) => string.Join(", ", sqi.Days.Select(static d => d.Profile).Where(static p => p.Length > 0).DefaultIfEmpty(sqi.Profile).Distinct(StringComparer.Ordinal));

    private static List<List<SqiDay>> Series(SqiReply sqi)
    {
        var series = new List<List<SqiDay>>();
        foreach (var day in sqi.Days)
        {
            if (series.Count == 0 || day.BeginsSeries) series.Add([]);
            series[^1].Add(day);
        }
        return series;
    }

    private static string SeriesNote(List<SqiDay> days, ReportWords words)
    {
        var (points, failures, shipments) = (days.Sum(static d => ReportPicture.Number(d.Points).Value), days.Sum(static d => d.Failures), days.Sum(static d => d.Shipments));
        var parts = days.SelectMany(static d => d.ByComponent).GroupBy(static c => c.Key, StringComparer.Ordinal).OrderByDescending(static g => g.Sum(static c => c.Value)).ThenBy(static g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{words.Component(g.Key)} {g.Sum(static c => c.Value).ToString(CultureInfo.InvariantCulture)}");
        var (p, f, n) = (points.ToString("#,0.##", CultureInfo.InvariantCulture), ReportTimes.Grouped(failures), ReportTimes.Grouped(shipments));
        return words.This($"{n} 件，{f} 次失误，共 {p} 分", $"{n} parcels, {f} failures, {p} points") + (failures == 0 ? "" : words.This("：", ": ") + string.Join(words.This("、", ", "), parts));
    }

    // Beside the score and not behind it: what is left out makes it better. Said by reason where the list is whole.
    private static string? Exclusions(Reported data, ReportWords words)
    {
        if (data.Card.Excluded == 0) return null;
        var reasons = data.Excluded.More ? [] : data.Excluded.Items.GroupBy(static b => b.Reason, StringComparer.Ordinal).OrderByDescending(static g => g.Count()).ThenBy(static g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{words.Reason(g.Key)} {ReportTimes.Grouped(g.Count())}").ToList();
        return words.This("剔除（由两人分别确认，不计入准时率）：", "Excluded from punctuality by two persons' word: ") + (reasons.Count > 0 ? string.Join(words.This("、", ", "), reasons) : ReportTimes.Grouped(data.Card.Excluded)) + words.This("。", ".");
    }

    private static string? BudgetSentence(Reported data, ReportWords words) => data.Budgets.FirstOrDefault(static b => b.Indicator is FigureCodes.Punctual) is not { } b ? null : words.This(
        $"晚投额度：按目标 {b.Target} %，本期预计应投 {ReportTimes.Grouped(b.Expected)} 件，可晚投 {ReportTimes.Grouped(b.Allowed)} 件，已用 {ReportTimes.Grouped(b.Failed)} 件，{(b.Left >= 0 ? $"剩余 {ReportTimes.Grouped(b.Left)}" : $"超出 {ReportTimes.Grouped(-b.Left)}")} 件。",
        $"Budget of late deliveries: at a target of {b.Target} %, {ReportTimes.Grouped(b.Allowed)} of {ReportTimes.Grouped(b.Expected)} expected in the period may be late; {ReportTimes.Grouped(b.Failed)} are so far, {(b.Left >= 0 ? $"{ReportTimes.Grouped(b.Left)} are left" : $"over by {ReportTimes.Grouped(-b.Left)}")}.");
}
