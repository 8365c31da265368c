using System.Globalization;
using KeyAccountLogistics.Contracts.Auditing;
using KeyAccountLogistics.Contracts.Bulk;
using KeyAccountLogistics.Contracts.Rating;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>What an invoice is held against, beside the contract.</summary>
/// <param name="Invoice">The invoice, CSV.</param>
/// <param name="Weights">Columns waybill and grams: what each really weighed; null = the invoice's own weights.</param>
/// <param name="Zones">Columns origin, destination, zone; null = the contract's zones, or the invoice's own where the contract takes them as given.</param>
/// <param name="Map">Names of the invoice's columns, YAML or JSON; null = the usual ones.</param>
public sealed record AuditFiles(Stream Invoice, Stream? Weights, Stream? Zones, string? Map);

/// <summary>What an audit came to; amounts in major units of the contract's currency.</summary>
/// <param name="Billed">Billed on all lines that could be read.</param>
/// <param name="Due">Due on all lines that have a price.</param>
/// <param name="Right">Lines billed what is due.</param>
/// <param name="Over">Lines billed more.</param>
/// <param name="OverAmount">By how much together.</param>
/// <param name="Under">Lines billed less.</param>
/// <param name="UnderAmount">By how much together, a positive amount.</param>
/// <param name="Refused">Lines on which nothing can be said.</param>
/// <param name="Notes">What else the reader of the answer should know: waybills of the file of weights that the invoice has not, an invoice without lines.</param>
public sealed record AuditSummary(
    decimal Billed, decimal Due, int Right, int Over, decimal OverAmount, int Under, decimal UnderAmount, int Refused, IReadOnlyList<string> Notes);

/// <summary>Holds an invoice - a carrier's, or our own - against a contract, line by line.</summary>
public static class AuditFile
{
    private const int NotedMax = 20;

    /// <summary>Judges each line and writes one line for it, JSON or text, then the summary. A fault: a file is empty, lacks its columns, or the map cannot be read.</summary>
    public static Outcome<AuditSummary> Run(ContractOnFile contract, AuditFiles files, bool json, TextWriter output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(output);
        var map = InvoiceMap.Standard;
        if (files.Map is { } text)
        {
            if (InvoiceMap.Read(text) is var read && !read.IsOk) return read.Fault;
            map = read.Value;
        }
        var notes = new List<string>();
        var truth = InvoiceTruth.Read(files, notes);
        if (!truth.IsOk) return truth.Fault;
        var version = contract.Versions[^1];
        var opened = InvoiceRows.Open(files.Invoice, map, Money.Zero(version.Currency).Decimals, needsWeight: files.Weights is null);
        if (!opened.IsOk) return opened.Fault;
        using var rows = opened.Value;
        var audit = new InvoiceAudit(version);
        var seen = new Dictionary<(string Waybill, bool Returned), long>();
        var onInvoice = new HashSet<string>(StringComparer.Ordinal);
        var (sum, lines) = (new AuditSum(), 0);
        while (rows.Next(out var row))
        {
            ct.ThrowIfCancellationRequested();
            lines++;
            onInvoice.Add(row.Waybill);
            var judged = Judge(row);
            sum.Add(row.Billed, judged);
            output.Write(json ? AuditText.Json(row.Waybill, row.Billed, judged) : AuditText.Line(row.Waybill, row.Billed, judged));
        }
        if (lines == 0) notes.Add("The invoice has no lines.");
        notes.AddRange(truth.Value.NotBilled(onInvoice, NotedMax));
        var summary = sum.Summary(notes);
        output.Write(json ? AuditText.Json(summary) : AuditText.Line(summary, version.Currency));
        return summary;

        AuditedLine Judge(InvoiceRow row)
        {
            if (row.BadField is { } field) return Unread($"Line {row.Line.ToString(CultureInfo.InvariantCulture)} cannot be read: {field}.", RateRefusal.BadLine);
            if (row.Billed < 0) return Unread($"Line {row.Line.ToString(CultureInfo.InvariantCulture)} bills a negative amount: a credit is audited with the line that it corrects.", RateRefusal.OutOfRange);
            var shipment = row.Shipment!;
            // The same waybill billed for the way out and, on a line of its own, for the way back is no duplicate.
            if (seen.TryGetValue((row.Waybill, shipment.Returned), out var earlier)) return audit.Judge(new InvoiceLine(row.Waybill, row.Billed!.Value, null, shipment), earlier);
            seen.Add((row.Waybill, shipment.Returned), row.Line);
            if (truth.Value.Due(shipment, out var reason) is not { } due) return new AuditedLine(AuditVerdict.Refused, null, [], RefusalTexts.Of(reason, null, shipment, 0, null));
            return audit.Judge(new InvoiceLine(row.Waybill, row.Billed!.Value, shipment.Pieces.IsEmpty ? null : shipment, due));
        }

        static AuditedLine Unread(string why, RateRefusal reason) => new(AuditVerdict.Refused, null, [], new RateOutcome.Refused(RefusalTexts.Code(reason), null, why, why));
    }

    private sealed class AuditSum
    {
        private decimal _billed, _due, _over, _under;
        private int _rightLines, _overLines, _underLines, _refusedLines;

        internal void Add(decimal? billed, AuditedLine line)
        {
            _billed += billed ?? 0;
            _due += line.Due ?? 0;
            switch (line.Verdict)
            {
                case AuditVerdict.Right:
                    _rightLines++;
                    break;
                case AuditVerdict.Over:
                    _overLines++;
                    _over += billed!.Value - line.Due!.Value;
                    break;
                case AuditVerdict.Under:
                    _underLines++;
                    _under += line.Due!.Value - billed!.Value;
                    break;
                default:
                    _refusedLines++;
                    break;
            }
        }

        internal AuditSummary Summary(IReadOnlyList<string> notes) => new(_billed, _due, _rightLines, _overLines, _over, _underLines, _under, _refusedLines, notes);
    }
}
