using System.Globalization;
using System.Net;
using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Dispatch.Runs;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Dispatch.Sheets;

/// <summary>The run sheet (派送路单) as a page to print, A4, with room for both signatures. No name and no address stands on it: a sheet gets lost.</summary>
internal sealed class PrintSheet(LoadSheet sheets)
{
    private static readonly string[] Zh =
        ["派送路单", "编号", "网点", "快递员", "车辆", "日期", "序号", "快件", "客户", "代收货款", "到付运费", "封签", "易碎", "结果", "保价件（逐件交接）", "普通件", "件数合计", "代收货款合计", "到付运费合计", "交出人签字", "接收人签字"];

    private static readonly string[] En =
    [
        "Run sheet", "Number", "Depot", "Courier", "Vehicle", "Day", "No.", "Parcel", "Client", "Cash on delivery", "Freight to collect", "Seal", "Fragile", "Result", "Insured parcels (handed over one by one)",
        "Other parcels", "Parcels in all", "Cash on delivery in all", "Freight to collect in all", "Given by (signature)", "Taken by (signature)",
    ];

    internal async Task<Outcome<PrintedSheet>> RunAsync(PrintSheetRequest ask, CancellationToken ct)
    {
        if (await sheets.RunAsync(ask.Number, ct) is not { } loaded) return LoadSheet.Unknown;
        var isEnglish = ask.Language is "en";
        return new PrintedSheet { MediaType = "text/html; charset=utf-8", Content = ByteString.CopyFromUtf8(Page(loaded.Sheet, isEnglish ? En : Zh, isEnglish ? "en" : "zh")) };
    }

    private static string Page(RunSheet sheet, string[] words, string language)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"").Append(language).Append("\"><meta charset=\"utf-8\"><title>").Append(Text(sheet.Number)).Append("</title><style>")
            .Append("@page{size:A4;margin:12mm}body{font:10pt sans-serif}h1{font-size:16pt}h2{font-size:12pt;margin:6mm 0 2mm}table{border-collapse:collapse;width:100%}")
            .Append("td,th{border:1px solid #000;padding:1mm 2mm;text-align:left}td.m{text-align:right;white-space:nowrap}thead{display:table-header-group}tr{break-inside:avoid}.s td{height:16mm;vertical-align:top;width:50%}</style><h1>")
            .Append(Text(words[0])).Append("</h1><table>");
        foreach (var (word, value) in new[] { (1, sheet.Number), (2, sheet.Depot), (3, sheet.Courier), (4, sheet.Vehicle), (5, LoadDay.TextOf(sheet.Day)) })
            page.Append("<tr><td>").Append(Text(words[word])).Append("</td><td>").Append(Text(value)).Append("</td></tr>");
        page.Append("</table>");
        Lines(page, words, words[14], [.. sheet.Insured]);
        Lines(page, words, words[15], [.. sheet.Ordinary]);
        var (parcels, cod, freight, currency) = sheet.Totals;
        page.Append("<h2></h2><table><tr><td>").Append(Text(words[16])).Append("</td><td class=m>").Append(parcels.ToString(CultureInfo.InvariantCulture)).Append("</td></tr><tr><td>").Append(Text(words[17]))
            .Append("</td><td class=m>").Append(Amount(cod, currency)).Append("</td></tr><tr><td>").Append(Text(words[18])).Append("</td><td class=m>").Append(Amount(freight, currency)).Append("</td></tr></table>")
            .Append("<h2></h2><table class=s><tr><td>").Append(Text(words[19])).Append("</td><td>").Append(Text(words[20])).Append("</td></tr></table></html>");
        return page.ToString();
    }

    private static void Lines(StringBuilder page, string[] words, string title, IReadOnlyList<SheetLine> lines)
    {
        if (lines.Count == 0) return;
        page.Append("<h2>").Append(Text(title)).Append("</h2><table><thead><tr>");
        foreach (var word in words[6..14]) page.Append("<th>").Append(Text(word)).Append("</th>");
        page.Append("</tr></thead>");
        foreach (var l in lines)
        {
            page.Append("<tr><td class=m>").Append(l.Position.ToString(CultureInfo.InvariantCulture)).Append("</td><td>").Append(Text(l.Parcel)).Append("</td><td>").Append(Text(l.Account)).Append("</td><td class=m>")
                .Append(l.CodMinor == 0 ? "" : Amount(l.CodMinor, l.Currency)).Append("</td><td class=m>").Append(l.FreightCollectMinor == 0 ? "" : Amount(l.FreightCollectMinor, l.Currency)).Append("</td><td>")
                .Append(Text(l.Seal)).Append("</td><td>").Append(l.Fragile ? "✓" : "").Append("</td><td></td></tr>");
        }
        page.Append("</table>");
    }

    private static string Amount(long minor, string currency) => currency.Length == 0 ? "0" : Text(new Money(minor, currency).ToString());

    private static string Text(string value) => WebUtility.HtmlEncode(value);
}
