using System.Globalization;
using System.Text;
using KeyAccountLogistics.Contracts.Bulk;
using KeyAccountLogistics.Contracts.Rating;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>How a file of shipments is rated.</summary>
/// <param name="Json">One JSON object a line; else a line of text.</param>
/// <param name="Chinese">Sentences in Chinese; else in English.</param>
/// <param name="Trace">Puts the trace into each JSON object.</param>
public sealed record RateFileOptions(bool Json, bool Chinese = false, bool Trace = false);

/// <summary>What rating a file came to.</summary>
/// <param name="Lines">Lines read.</param>
/// <param name="Charged">Shipments with a price.</param>
/// <param name="Refused">Shipments without, bad lines among them.</param>
/// <param name="Total">The sum of all charges.</param>
public sealed record RateFileSummary(long Lines, long Charged, long Refused, Money Total);

/// <summary>Rates a CSV file of shipments by a contract document, streaming: memory does not grow with the file.</summary>
public static class RateFile
{
    private const int FlushBytes = 32 * 1024;
    private const int ProgressEvery = 50_000;

    /// <summary>The columns of the file, for a help text.</summary>
    public static string Columns => ShipmentRows.Columns;

    /// <summary>
    /// Rates each line and writes one line for it, in the file's order; a line that cannot be read is refused with reason <c>BAD_LINE</c> and its field. <paramref name="progress"/> hears the number of
    /// lines now and then. A fault: the file is empty or has not the columns that rating needs.
    /// </summary>
    public static Outcome<RateFileSummary> Run(ContractOnFile contract, Stream shipments, RateFileOptions options, TextWriter output, Action<long>? progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        var programs = contract.Programs();
        var opened = ShipmentRows.Open(shipments, programs.Latest.Decimals);
        if (!opened.IsOk) return opened.Fault;
        using var rows = opened.Value;
        var (buffer, steps, trace) = (new TraceBuffer(), options.Trace ? new RateSteps() : null, new TraceBuffer());
        var json = new RateLines(buffer, options.Chinese);
        var lines = new RatedLine[programs.LinesMax];
        var chars = new char[2 * FlushBytes];
        long read = 0, charged = 0, total = 0;
        while (rows.Next(out var row))
        {
            if (++read % ProgressEvery == 0)
            {
                ct.ThrowIfCancellationRequested();
                progress?.Invoke(read);
            }
            if (row.Shipment is not { } shipment)
            {
                var bad = BadLine(row);
                if (options.Json) json.Refused(row.Waybill, bad, row.BadField, row.Line);
                else Tell(buffer, row.Waybill, bad, options.Chinese);
            }
            else if (programs.For(shipment, out var why) is not { } program)
            {
                Refuse(RefusalTexts.Of(why, null, shipment, 0, null));
            }
            else
            {
                var result = program.Rate(shipment, lines, steps);
                if (!result.IsCharged)
                {
                    Refuse(RefusalTexts.Of(result.Refusal, result.Clause, shipment, result.BillsMg, result.Zone));
                }
                else
                {
                    charged++;
                    total += result.TotalMinor;
                    steps?.WriteTo(trace);
                    if (options.Json) json.Charged(program, shipment, result, lines.AsSpan(0, result.Lines), steps is null ? null : trace);
                    else Tell(buffer, program, shipment, result, lines.AsSpan(0, result.Lines), options.Chinese);
                }
            }
            if (buffer.Length >= FlushBytes) Flush(buffer, ref chars, output);

            void Refuse(RateOutcome.Refused refused)
            {
                if (options.Json) json.Refused(shipment.Waybill, refused, null, null);
                else Tell(buffer, shipment.Waybill, refused, options.Chinese);
            }
        }
        Flush(buffer, ref chars, output);
        progress?.Invoke(read);
        return new RateFileSummary(read, charged, read - charged, new Money(total, contract.Currency));
    }

    private static RateOutcome.Refused BadLine(ShipmentRow row)
    {
        var line = row.Line.ToString(CultureInfo.InvariantCulture);
        return new RateOutcome.Refused(
            RefusalTexts.Code(RateRefusal.BadLine), null, $"第 {line} 行无法读取：{row.BadField}。", $"Line {line} cannot be read: {row.BadField}.");
    }

    private static void Tell(TraceBuffer buffer, string waybill, RateOutcome.Refused refused, bool zh) =>
        buffer.Text(waybill).Text("  ").Text(refused.Reason).Text("  ").Text(zh ? refused.TextZh : refused.TextEn).Text("\n");

    private static void Tell(TraceBuffer buffer, RateProgram program, ShipmentToRate shipment, in RateResult result, ReadOnlySpan<RatedLine> lines, bool zh)
    {
        buffer.Text(shipment.Waybill).Text("  ").Text(Explain.Amount(result.TotalMinor, program.Decimals)).Text(" ").Text(program.Version.Currency).Text("\n");
        var text = new StringBuilder();
        foreach (ref readonly var line in lines)
        {
            Explain.Line(text.Clear(), line, result, program.Version.Currency, program.Decimals, zh);
            buffer.Text("    ").Text(line.Clause).Text("  ").Text(text.ToString()).Text("\n");
        }
    }

    private static void Flush(TraceBuffer buffer, ref char[] chars, TextWriter output)
    {
        if (chars.Length < buffer.Length) chars = new char[buffer.Length];
        output.Write(chars, 0, Encoding.UTF8.GetChars(buffer.Bytes, chars));
        buffer.Clear();
    }
}
