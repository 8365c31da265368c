using System.Globalization;
using System.Net;
using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Solving;

/// <summary>The delivery certificate as a page to print (派送证明). Personal details are masked on it, as on the waybill it stands for.</summary>
internal sealed class PrintCertificate(CustodyDb db, ReadParcel read)
{
    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        ["zh"] = ["派送证明", "编号", "运单号", "快件", "原因", "开具网点", "开具人", "开具时间", "目的地", "收件人", "电话", "地址", "派送员签字", "收件人签字", "本证明代替派送存根联。"],
        ["en"] =
        [
            "Delivery certificate", "Serial", "Waybill", "Parcel", "Reason", "Issued at", "Issued by", "Issued", "Destination", "Consignee", "Phone", "Address", "Courier's signature",
            "Consignee's signature", "It stands for the delivery stub of the waybill.",
        ],
    };

    internal async Task<Outcome<PrintedCertificate>> RunAsync(string serial, string language, CancellationToken ct)
    {
        var row = await db.Certificates.AsNoTracking().SingleOrDefaultAsync(c => c.Serial == serial, ct);
        if (row is null) return new Fault.NotFound("certificate.unknown", "No delivery certificate is known under this serial.");
        var life = await read.RunAsync(row.Parcel, ct);
        if (!life.IsOk) return life.Fault;
        var words = Words.GetValueOrDefault(language.Length == 0 ? "zh" : language) ?? Words["en"];
        return new PrintedCertificate { Serial = row.Serial, MediaType = "text/html; charset=utf-8", Content = ByteString.CopyFromUtf8(Page(row, life.Value, words, language)) };
    }

    private static string Page(CertificateRow row, Api.Custody.V1.ParcelLife life, string[] words, string language)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"").Append(language is "en" ? "en" : "zh").Append("\"><meta charset=\"utf-8\"><title>").Append(Text(row.Serial))
            .Append("</title><style>@page{size:A5 landscape;margin:12mm}body{font-family:sans-serif}td{padding:2mm 4mm;border:1px solid #000}table{border-collapse:collapse;width:100%}</style><h1>")
            .Append(Text(words[0])).Append("</h1><table>");
        void Row(int word, string value) => page.Append("<tr><td>").Append(Text(words[word])).Append("</td><td>").Append(Text(value)).Append("</td></tr>");
        Row(1, row.Serial);
        Row(2, life.Summary.Waybill);
        Row(3, row.Parcel);
        Row(4, row.Reason);
        Row(5, row.Node);
        Row(6, row.IssuedBy);
        Row(7, Clock.FromUnixMicros(row.IssuedUs).ToString("uuuu-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture));
        Row(8, life.Summary.Destination);
        Row(9, life.Personal?.ConsigneeName ?? "");
        Row(10, life.Personal?.ConsigneePhone ?? "");
        Row(11, life.Personal?.ConsigneeAddress ?? "");
        Row(12, "");
        Row(13, "");
        return page.Append("</table><p>").Append(Text(words[14])).Append("</p></html>").ToString();
    }

    private static string Text(string value) => WebUtility.HtmlEncode(value);
}
