using System.Text;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;

namespace KeyAccountLogistics.Contracts.Bulk;

/// <summary>
/// Writes rated shipments as JSON, one object a line: <c>{"waybill":"…","charge":"12.40","currency":"CNY","chargeable_g":4000,"lines":[{"clause":"T-3","text":"…","amount":"7.00"}]}</c>, or
/// <c>{"waybill":"…","refused":{"reason":"NO_ZONE","clause":"T-3","text":"…"}}</c>. Lines that were made before are not made again.
/// </summary>
internal sealed class RateLines(TraceBuffer json, bool zh)
{
    // Weights come in steps, so a file of a million shipments has few different sentences; the bound is for files where they do not.
    private const int SentencesMax = 20_000;

    private readonly Dictionary<(AmountRule Rule, long X, long Minor, long BillsMg, bool ByVolume), byte[]> _known = [];
    private readonly StringBuilder _text = new(256);

    internal void Charged(RateProgram program, ShipmentToRate shipment, in RateResult result, ReadOnlySpan<RatedLine> lines, TraceBuffer? trace)
    {
        var version = program.Version;
        json.Raw("{\"waybill\":"u8).Quoted(shipment.Waybill).Raw(",\"charge\":"u8);
        Amount(result.TotalMinor, program.Decimals);
        json.Raw(",\"currency\":"u8).Quoted(version.Currency).Raw(",\"chargeable_g\":"u8);
        Thousandths(result.BillsMg);
        json.Raw(",\"lines\":["u8);
        foreach (ref readonly var line in lines) Line(line, result, program);
        json.DropLast().Raw("]"u8);
        if (trace is not null) json.Raw(",\"trace\":"u8).Raw(trace.Bytes);
        json.Raw("}\n"u8);
    }

    internal void Refused(string waybill, RateOutcome.Refused refused, string? field, long? line)
    {
        json.Raw("{\"waybill\":"u8).Quoted(waybill).Raw(",\"refused\":{\"reason\":"u8).Quoted(refused.Reason).Raw(",\"clause\":"u8);
        if (refused.Clause is { } clause) json.Quoted(clause);
        else json.Raw("null"u8);
        if (field is not null) json.Raw(",\"field\":"u8).Quoted(field);
        if (line is { } at) json.Raw(",\"line\":"u8).Number(at);
        json.Raw(",\"text\":"u8).Quoted(zh ? refused.TextZh : refused.TextEn).Raw("}}\n"u8);
    }

    private void Line(in RatedLine line, in RateResult result, RateProgram program)
    {
        // Declared values and cash hardly ever come twice, and the sum of pieces has no rule: they are not worth keeping.
        if (line.Rule is not { } rule || rule.Terms.Basis is AmountBasis.Declared or AmountBasis.Cod)
        {
            Write(line, result, program);
            return;
        }
        // Only freight's sentence speaks of the chargeable weight.
        var isFreight = line.Kind == ChargeKind.Freight;
        var key = (rule, line.X, line.Minor, isFreight ? result.BillsMg : 0, isFreight && result.Basis == Verdicts.Weighing.ChargeBasis.Volumetric);
        if (_known.TryGetValue(key, out var known))
        {
            json.Raw(known);
            return;
        }
        var from = json.Length;
        Write(line, result, program);
        if (_known.Count >= SentencesMax) _known.Clear();
        _known[key] = json.Bytes[from..].ToArray();
    }

    private void Write(in RatedLine line, in RateResult result, RateProgram program)
    {
        Explain.Line(_text.Clear(), line, result, program.Version.Currency, program.Decimals, zh);
        json.Raw("{\"clause\":"u8).Quoted(line.Clause).Raw(",\"text\":"u8).Quoted(_text.ToString()).Raw(",\"amount\":"u8);
        Amount(line.Minor, program.Decimals);
        json.Raw("},"u8);
    }

    private void Amount(long minor, int decimals)
    {
        json.Raw(minor < 0 ? "\"-"u8 : "\""u8);
        var (value, unit) = (Math.Abs(minor), ExtraTerms.PerHundred(decimals) / 100);
        json.Number(value / unit);
        if (decimals > 0)
        {
            Span<byte> rest = stackalloc byte[decimals];
            var left = value % unit;
            for (var i = decimals - 1; i >= 0; i--) (rest[i], left) = ((byte)('0' + (left % 10)), left / 10);
            json.Raw("."u8).Raw(rest);
        }
        json.Raw("\""u8);
    }

    // Grams from milligrams, without zeros at the end.
    private void Thousandths(long milligrams)
    {
        json.Number(milligrams / 1_000);
        var rest = milligrams % 1_000;
        if (rest == 0) return;
        json.Raw("."u8);
        for (var digit = 100; rest > 0; digit /= 10)
        {
            json.Number(rest / digit);
            rest %= digit;
        }
    }
}
