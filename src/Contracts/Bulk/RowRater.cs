using System.Buffers;
using System.Globalization;
using System.Text;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;

namespace KeyAccountLogistics.Contracts.Bulk;

/// <summary>What some rows came to: the text to write for them, and the sums. Dispose gives the text's memory back.</summary>
internal sealed record RatedRows(char[] Text, int Length, int Lines, int Charged, long TotalMinor) : IDisposable
{
    public void Dispose() => ArrayPool<char>.Shared.Return(Text);
}

/// <summary>Rates rows and writes a line for each. Keeps its buffers and its sentences from batch to batch; not thread-safe.</summary>
internal sealed class RowRater
{
    private readonly ProgramsByMoment _programs;
    private readonly RateFileOptions _options;
    private readonly TraceBuffer _text = new();
    private readonly TraceBuffer _trace = new();
    private readonly RateSteps? _steps;
    private readonly RateLines _json;
    private readonly RatedLine[] _lines;
    private readonly StringBuilder _sentence = new();

    internal RowRater(ProgramsByMoment programs, RateFileOptions options)
    {
        (_programs, _options) = (programs, options);
        _steps = options.Trace ? new RateSteps() : null;
        _json = new RateLines(_text, options.Chinese);
        _lines = new RatedLine[programs.LinesMax];
    }

    internal RatedRows Run(List<ShipmentRow> rows)
    {
        _text.Clear();
        var (charged, total) = (0, 0L);
        foreach (var row in rows)
        {
            if (row.Shipment is not { } shipment) Refuse(row.Waybill, BadLine(row), row.BadField, row.Line);
            else if (_programs.For(shipment, out var why) is not { } program) Refuse(shipment.Waybill, RefusalTexts.Of(why, null, shipment, 0, null));
            else
            {
                var result = program.Rate(shipment, _lines, _steps);
                if (!result.IsCharged)
                {
                    Refuse(shipment.Waybill, RefusalTexts.Of(result.Refusal, result.Clause, shipment, result.BillsMg, result.Zone));
                    continue;
                }
                charged++;
                total += result.TotalMinor;
                Charge(program, shipment, result);
            }
        }
        var chars = ArrayPool<char>.Shared.Rent(_text.Length);
        return new RatedRows(chars, Encoding.UTF8.GetChars(_text.Bytes, chars), rows.Count, charged, total);
    }

    private void Charge(RateProgram program, ShipmentToRate shipment, in RateResult result)
    {
        var lines = _lines.AsSpan(0, result.Lines);
        _steps?.WriteTo(_trace);
        if (_options.Json)
        {
            _json.Charged(program, shipment, result, lines, _steps is null ? null : _trace);
            return;
        }
        _text.Text(shipment.Waybill).Text("  ").Text(Explain.Amount(result.TotalMinor, program.Decimals)).Text(" ").Text(program.Version.Currency).Text("\n");
        foreach (ref readonly var line in lines)
        {
            Explain.Line(_sentence.Clear(), line, result, program.Version.Currency, program.Decimals, _options.Chinese);
            _text.Text("    ").Text(line.Clause).Text("  ").Text(_sentence.ToString()).Text("\n");
        }
    }

    private void Refuse(string waybill, RateOutcome.Refused refused, string? field = null, long? line = null)
    {
        if (_options.Json) _json.Refused(waybill, refused, field, line);
        else _text.Text(waybill).Text("  ").Text(refused.Reason).Text("  ").Text(_options.Chinese ? refused.TextZh : refused.TextEn).Text("\n");
    }

    private static RateOutcome.Refused BadLine(ShipmentRow row)
    {
        var line = row.Line.ToString(CultureInfo.InvariantCulture);
        return new RateOutcome.Refused(RefusalTexts.Code(RateRefusal.BadLine), null, $"第 {line} 行无法读取：{row.BadField}。", $"Line {line} cannot be read: {row.BadField}.");
    }
}
