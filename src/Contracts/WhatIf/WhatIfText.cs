using System.Globalization;
using System.Text;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;

namespace KeyAccountLogistics.Contracts.WhatIf;

/// <summary>A comparison as one JSON object, or as text for people.</summary>
internal static class WhatIfText
{
    internal static string Json(WhatIfSummary sum)
    {
        var json = new TraceBuffer().Text("{\"draft\":").Quoted(sum.Draft).Text(",\"against\":").Quoted(sum.Against).Text(",\"currency\":").Quoted(sum.Currency)
            .Text(",\"shipments\":").Number(sum.Shipments).Text(",\"bad_lines\":").Number(sum.BadLines).Text(",\"total\":");
        Part(json, sum.Total);
        json.Text(",\"settlements\":{\"current\":").Quoted(Amount(sum.SettlementsCurrent)).Text(",\"draft\":").Quoted(Amount(sum.SettlementsDraft)).Text("},\"without_cost\":").Number(sum.WithoutCost).Text(",\"new_refusals\":{");
        Each(json, sum.NewRefusals, r => json.Quoted(r.Key).Text(":").Number(r.Value));
        json.Text("},\"accounts\":[");
        Each(json, sum.Accounts, a =>
        {
            json.Text("{\"account\":").Quoted(a.Name).Text(",");
            Figures(json, a);
            json.Text("}");
        });
        json.Text("],\"lanes\":[");
        Each(json, sum.Lanes, l =>
        {
            json.Text("{\"lane\":").Quoted(l.Name).Text(",");
            Figures(json, l);
            json.Text("}");
        });
        return json.Text("]}").ToString();
    }

    internal static string Text(WhatIfSummary sum, int lanes)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{sum.Draft} against {sum.Against}: {sum.Shipments} shipments{(sum.BadLines > 0 ? $", {sum.BadLines} bad lines" : "")}, amounts in {sum.Currency}.\n");
        text.Append(CultureInfo.InvariantCulture, $"{"",-24} {"current",14} {"draft",14} {"change",14} {"margin",14} {"draft margin",14}\n");
        Row(text, sum.Total);
        text.Append(CultureInfo.InvariantCulture, $"{"rebates, commitments",-24} {Amount(sum.SettlementsCurrent),14} {Amount(sum.SettlementsDraft),14} {Amount(sum.SettlementsDraft - sum.SettlementsCurrent),14}\n");
        foreach (var (reason, count) in sum.NewRefusals) text.Append(CultureInfo.InvariantCulture, $"No longer carried: {count} shipments, {reason}.\n");
        if (sum.Total.CurrentRefused > 0) text.Append(CultureInfo.InvariantCulture, $"Refused by the current version: {sum.Total.CurrentRefused} shipments.\n");
        if (sum.WithoutCost > 0) text.Append(CultureInfo.InvariantCulture, $"Without a cost: {sum.WithoutCost} shipments; the margin is too high by what they cost.\n");
        text.Append("\nAccounts\n");
        foreach (var account in sum.Accounts) Row(text, account);
        text.Append("\nLanes, the largest change first\n");
        foreach (var lane in sum.Lanes.Take(lanes)) Row(text, lane);
        if (sum.Lanes.Count > lanes) text.Append(CultureInfo.InvariantCulture, $"and {sum.Lanes.Count - lanes} more\n");
        return text.ToString();
    }

    private static void Row(StringBuilder text, WhatIfFigures f) => text.Append(
        CultureInfo.InvariantCulture,
        $"{f.Name,-24} {Amount(f.Current),14} {Amount(f.Draft),14} {Amount(f.Change),14} {(f.MarginCurrent is { } m ? Amount(m) : "-"),14} {(f.MarginDraft is { } d ? Amount(d) : "-"),14}\n");

    private static void Part(TraceBuffer json, WhatIfFigures figures)
    {
        json.Text("{");
        Figures(json, figures);
        json.Text("}");
    }

    private static void Figures(TraceBuffer json, WhatIfFigures f)
    {
        json.Text("\"current\":").Quoted(Amount(f.Current)).Text(",\"draft\":").Quoted(Amount(f.Draft)).Text(",\"change\":").Quoted(Amount(f.Change))
            .Text(",\"current_refused\":").Number(f.CurrentRefused).Text(",\"draft_refused\":").Number(f.DraftRefused);
        if (f.Cost is { } cost) json.Text(",\"cost\":").Quoted(Amount(cost)).Text(",\"margin_current\":").Quoted(Amount(f.MarginCurrent!.Value)).Text(",\"margin_draft\":").Quoted(Amount(f.MarginDraft!.Value));
    }

    private static void Each<T>(TraceBuffer json, IEnumerable<T> items, Action<T> write)
    {
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst) json.Text(",");
            isFirst = false;
            write(item);
        }
    }

    private static string Amount(Money money) => money.Amount.ToString("F" + money.Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
