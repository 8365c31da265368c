using System.Globalization;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;

namespace KeyAccountLogistics.Contracts.Auditing;

/// <summary>An audit as lines: JSON for programs, text for people. Amounts are decimals without zeros at the end, as invoices write them.</summary>
internal static class AuditText
{
    internal static string Json(string waybill, decimal? billed, AuditedLine line)
    {
        var json = new TraceBuffer().Text("{\"waybill\":").Quoted(waybill).Text(",\"billed\":");
        Optional(json, billed);
        json.Text(",\"due\":");
        Optional(json, line.Due);
        json.Text(",\"verdict\":").Quoted(TraceWords.Of(line.Verdict));
        if (line.Refusal is { } refused)
        {
            json.Text(",\"refused\":{\"reason\":").Quoted(refused.Reason).Text(",\"clause\":");
            if (refused.Clause is { } clause) json.Quoted(clause);
            else json.Text("null");
            json.Text(",\"text\":").Quoted(refused.TextEn).Text("}");
        }
        json.Text(",\"why\":[");
        for (var i = 0; i < line.Why.Length; i++)
        {
            var cause = line.Why[i];
            json.Text(i == 0 ? "{\"cause\":" : ",{\"cause\":").Quoted(cause.Cause).Text(",\"amount\":").Quoted(Plain(cause.Amount));
            if (cause.Billed is { } b) json.Text(",\"billed\":").Quoted(b);
            if (cause.Due is { } d) json.Text(",\"due\":").Quoted(d);
            json.Text(",\"text\":").Quoted(cause.Text).Text("}");
        }
        return json.Text("]}\n").ToString();
    }

    internal static string Json(AuditSummary sum)
    {
        var json = new TraceBuffer().Text("{\"billed\":").Quoted(Plain(sum.Billed)).Text(",\"due\":").Quoted(Plain(sum.Due))
            .Text(",\"right\":").Number(sum.Right).Text(",\"over\":").Number(sum.Over).Text(",\"over_amount\":").Quoted(Plain(sum.OverAmount))
            .Text(",\"under\":").Number(sum.Under).Text(",\"under_amount\":").Quoted(Plain(sum.UnderAmount));
        if (sum.Refused > 0) json.Text(",\"refused\":").Number(sum.Refused);
        return json.Text("}\n").ToString();
    }

    internal static string Line(string waybill, decimal? billed, AuditedLine line)
    {
        var due = line.Due is { } amount ? Plain(amount) : "-";
        var why = line.Refusal is { } refused ? $"{refused.Reason}: {refused.TextEn}" : string.Join(" ", line.Why.Select(c => $"{c.Text} ({(c.Amount > 0 ? "+" : "")}{Plain(c.Amount)})"));
        return string.Create(CultureInfo.InvariantCulture, $"{waybill,-20} billed {(billed is { } b ? Plain(b) : "-"),10}  due {due,10}  {TraceWords.Of(line.Verdict),-7}  {why}").TrimEnd() + "\n";
    }

    internal static string Line(AuditSummary sum, string currency) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Billed {Plain(sum.Billed)} {currency}, due {Plain(sum.Due)}: {sum.Right} right, {sum.Over} over ({Plain(sum.OverAmount)}), {sum.Under} under ({Plain(sum.UnderAmount)}){(sum.Refused > 0 ? $", {sum.Refused} refused" : "")}.\n");

    private static void Optional(TraceBuffer json, decimal? amount)
    {
        if (amount is { } value) json.Quoted(Plain(value));
        else json.Text("null");
    }

    private static string Plain(decimal amount) => amount.ToString("0.############", CultureInfo.InvariantCulture);
}
