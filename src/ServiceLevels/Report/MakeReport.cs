using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.ServiceLevels.Published;
using KeyAccountLogistics.ServiceLevels.Reading;

namespace KeyAccountLogistics.ServiceLevels.Reporting;

/// <summary>A period of an account as a file: HTML that needs nothing else, the same printed as PDF, or CSV. Size is bounded by how many parcels are listed; how many there are more is said.</summary>
internal sealed class MakeReport(ReadReport read)
{
    // Some 200 bytes a line in CSV and 500 in HTML: both stay well below what one message may hold.
    internal const int ParcelsInPage = 500;
    internal const int ParcelsInTable = 5_000;
    private const int BytesMax = 3 * 1024 * 1024;

    internal async Task<Outcome<ReportFile>> RunAsync(ReportRequest ask, CancellationToken ct)
    {
        var asked = AskedPeriod.Read(ask.Account, ask.From, ask.To);
        if (!asked.IsOk) return asked.Fault;
        if (ReportWords.For(ask.Language) is not { } words) return new Fault.Invalid("language", "language.unknown", "A report is written in zh or en.");
        if (ask.Format is not ("html" or "pdf" or "csv")) return new Fault.Invalid("format", "format.unknown", "A report is html, pdf or csv.");
        var data = await read.RunAsync(asked.Value, ask.Format is "csv" ? ParcelsInTable : ParcelsInPage, ct);
        if (!data.IsOk) return data.Fault;
        var name = NameOf(data.Value, ask);
        if (ask.Format is "csv") return File("text/csv; charset=utf-8", name, ReportCsv.Write(data.Value, words));
        var html = ReportHtml.Write(data.Value, words);
        if (ask.Format is "html") return File("text/html; charset=utf-8", name, Encoding.UTF8.GetBytes(html));
        var pdf = await PdfPrinter.PrintAsync(html, ct);
        return pdf.IsOk ? File("application/pdf", name, pdf.Value) : pdf.Fault;
    }

    private static Outcome<ReportFile> File(string type, string name, byte[] content) => content.Length <= BytesMax
        ? new ReportFile { MediaType = type, Name = name, Content = UnsafeByteOperations.UnsafeWrap(content) }
        : new Fault.Exhausted("report.too_large", $"The report has {content.Length} bytes, and at most {BytesMax} are sent: ask for a shorter period.");

    // It becomes the name of a file wherever it is saved.
    private static string NameOf(Reported data, ReportRequest ask)
    {
        var account = string.Concat(data.Card.Account.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' ? c : '_'));
        var whole = data.Card.From.EndsWith("-01", StringComparison.Ordinal) && data.OnTime[^1].Day.PlusDays(1).Day == 1 && data.OnTime.Count <= 31;
        return $"{account}_{(whole ? data.Card.From[..7] : $"{data.Card.From}_{data.Card.To}")}_{ask.Language}.{ask.Format}";
    }
}
