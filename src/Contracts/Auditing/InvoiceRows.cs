using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Bulk;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Contracts.Auditing;

/// <summary>
/// Whose columns an invoice has: for each field the names it may bear, and the words that mark a returned or redirected shipment. Without a map the usual names are known; a map (YAML or JSON) goes before
/// them: <c>{columns: {waybill: Sendungsnr, weight: Gewicht}, weight_unit: g, words: {returned: [RTO, Rücksendung]}, constants: {service: standard}}</c>.
/// </summary>
internal sealed class InvoiceMap
{
    private static readonly Dictionary<string, string[]> Usual = new(StringComparer.Ordinal)
    {
        ["waybill"] = ["waybill", "awb_code", "awb", "awb_number", "awb_no", "waybill_number", "tracking_number", "运单号", "快递单号"],
        ["weight"] = ["weight_g", "weight_kg", "charged_weight_kg", "charged_weight", "charged_weight_g", "chargeable_weight", "chargeable_weight_kg", "billed_weight", "billed_weight_kg", "weight", "计费重量", "重量"],
        ["origin"] = ["origin", "warehouse_pincode", "origin_pincode", "origin_postcode", "from", "始发地"],
        ["destination"] = ["destination", "customer_pincode", "destination_pincode", "destination_postcode", "to", "目的地"],
        ["zone"] = ["zone", "billed_zone", "分区"],
        ["type"] = ["type_of_shipment", "shipment_type", "type", "类型"],
        ["service"] = ["service", "product", "产品"],
        ["billed"] = ["billing_amount", "billed", "billed_amount", "billing_amount_rs", "amount", "charge", "freight", "金额", "费用"],
        ["declared_value"] = ["declared_value", "声明价值"],
        ["cod"] = ["cod", "cod_amount", "代收货款"],
        ["pieces"] = ["pieces", "件数"],
        ["accepted"] = ["accepted", "accepted_at"],
        ["marks"] = ["marks"],
    };

    private readonly Dictionary<string, string> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    private string[] _returned = ["rto", "return", "退回", "退件"];
    private string[] _redirected = ["redirect", "改寄", "转寄"];

    /// <summary>g or kg; null where the column's name says it.</summary>
    internal string? WeightUnit { get; private set; }

    internal static InvoiceMap Standard { get; } = new();

    /// <summary>Reads a map; a fault names the first thing wrong with it.</summary>
    internal static Outcome<InvoiceMap> Read(string text)
    {
        var (documents, broken) = TermsYaml.Read(text);
        if (broken is not null) return Wrong(broken.ToString());
        if (documents is not [TermsNode.Map root]) return Wrong("it must be one map.");
        var map = new InvoiceMap();
        foreach (var entry in root.Entries)
        {
            switch (entry.Key, entry.Value)
            {
                case ("columns", TermsNode.Map columns):
                    foreach (var column in columns.Entries)
                    {
                        if (!Usual.ContainsKey(column.Key)) return Wrong($"the column {column.Key} is not known; known are {string.Join(", ", Usual.Keys)}.");
                        if (column.Value is not TermsNode.Text name) return Wrong($"columns.{column.Key} must be a column's name.");
                        map._columns[column.Key] = name.Value;
                    }
                    break;
                case ("constants", TermsNode.Map constants):
                    foreach (var constant in constants.Entries)
                    {
                        if (!Usual.ContainsKey(constant.Key) || constant.Value is not TermsNode.Text value) return Wrong($"constants.{constant.Key} must be a known field with a value.");
                        map._constants[constant.Key] = value.Value;
                    }
                    break;
                case ("words", TermsNode.Map words):
                    foreach (var word in words.Entries)
                    {
                        string[] list = word.Value is TermsNode.List many ? [.. many.Items.OfType<TermsNode.Text>().Select(w => w.Value)] : word.Value is TermsNode.Text one ? [one.Value] : [];
                        if (list.Length == 0) return Wrong($"words.{word.Key} must be a list of words.");
                        if (word.Key is "returned") map._returned = list;
                        else if (word.Key is "redirected") map._redirected = list;
                        else return Wrong($"words.{word.Key} is not known; known are returned and redirected.");
                    }
                    break;
                case ("weight_unit", TermsNode.Text { Value: "g" or "kg" } unit):
                    map.WeightUnit = unit.Value;
                    break;
                default:
                    return Wrong($"{entry.Key} is not known, or has not the shape it needs; known are columns, constants, words, weight_unit (g or kg).");
            }
        }
        return map;
    }

    internal int Find(CsvRows rows, string field) => _columns.TryGetValue(field, out var named) ? rows.Column(named) : rows.Column(Usual[field]);

    internal string Name(string field) => _columns.TryGetValue(field, out var named) ? named : Usual[field][0];

    internal string? Constant(string field) => _constants.GetValueOrDefault(field);

    internal bool IsReturned(string type) => Holds(type, _returned);

    internal bool IsRedirected(string type) => Holds(type, _redirected);

    private static bool Holds(string type, string[] words) => Array.Exists(words, w => type.Contains(w, StringComparison.OrdinalIgnoreCase));

    private static Fault.Invalid Wrong(string what) => new("map", "map.unreadable", $"The map cannot be used: {what}");
}

/// <summary>A row of an invoice, or the field that cannot be read.</summary>
internal readonly record struct InvoiceRow(string Waybill, decimal? Billed, ShipmentToRate? Shipment, string? BadField, long Line);

/// <summary>An invoice's lines, streaming.</summary>
internal sealed class InvoiceRows : IDisposable
{
    private readonly CsvRows _rows;
    private readonly InvoiceMap _map;
    private readonly Dictionary<string, int> _at = new(StringComparer.Ordinal);
    private readonly string _unit;
    private readonly decimal _minorPerMajor;

    private InvoiceRows(CsvRows rows, InvoiceMap map, int decimals)
    {
        (_rows, _map, _minorPerMajor) = (rows, map, Rating.ExtraTerms.PerHundred(decimals) / 100);
        foreach (var field in new[] { "waybill", "weight", "origin", "destination", "zone", "type", "service", "billed", "declared_value", "cod", "pieces", "accepted", "marks" }) _at[field] = map.Find(rows, field);
        var weight = _at["weight"] >= 0 ? CsvRows.Normal(rows.Headers[_at["weight"]]) : "";
        _unit = map.WeightUnit ?? (weight.EndsWith("_g", StringComparison.Ordinal) || weight.EndsWith("grams", StringComparison.Ordinal) ? "g" : "kg");
    }

    /// <summary>Opens an invoice. <paramref name="needsWeight"/>: false where weights come from elsewhere.</summary>
    internal static Outcome<InvoiceRows> Open(Stream content, InvoiceMap map, int decimals, bool needsWeight)
    {
        var opened = CsvRows.Open(content, "invoice");
        if (!opened.IsOk) return opened.Fault;
        var rows = new InvoiceRows(opened.Value, map, decimals);
        string[] needed = needsWeight ? ["waybill", "billed", "weight"] : ["waybill", "billed"];
        var missing = needed.Where(f => rows._at[f] < 0 && map.Constant(f) is null).Select(map.Name).ToList();
        if (missing.Count == 0) return rows;
        var has = string.Join(", ", opened.Value.Headers.Take(40));
        rows.Dispose();
        return new Fault.Invalid("invoice", "csv.columns", $"The invoice lacks the columns {string.Join(", ", missing)}; it has {has}. Name them in a map file.");
    }

    /// <summary>The next line; false at the end.</summary>
    internal bool Next(out InvoiceRow row)
    {
        row = default;
        if (!_rows.Next(out var isDamaged)) return false;
        var waybill = Text("waybill");
        row = new InvoiceRow(waybill, null, null, isDamaged ? "line" : null, _rows.Line);
        if (isDamaged) return true;
        if (waybill.Length == 0) row = row with { BadField = "waybill" };
        else if (!_rows.TryNumber(_at["billed"], out var billed) || billed is null) row = row with { BadField = _map.Name("billed") };
        else row = Read(row with { Billed = billed });
        return true;
    }

    public void Dispose() => _rows.Dispose();

    private InvoiceRow Read(InvoiceRow row)
    {
        if (!_rows.TryNumber(_at["weight"], out var number)) return row with { BadField = _map.Name("weight") };
        var weight = default(Mass);
        if (number is { } value && (value <= 0 || !Mass.TryFrom(value, _unit, out weight))) return row with { BadField = _map.Name("weight") };
        if (!ShipmentRows.TryAccepted(_rows.Utf8(_at["accepted"]), out var accepted)) return row with { BadField = _map.Name("accepted") };
        if (!TryMinor("declared_value", out var declared)) return row with { BadField = _map.Name("declared_value") };
        if (!TryMinor("cod", out var cod)) return row with { BadField = _map.Name("cod") };
        var pieces = 1;
        if (_rows.TryNumber(_at["pieces"], out var count) && count is { } many) pieces = many is >= 1 and <= Rating.WeighRule.PiecesMax && many == decimal.Truncate(many) ? (int)many : 0;
        if (pieces == 0) return row with { BadField = _map.Name("pieces") };
        var type = Text("type");
        return row with
        {
            Shipment = new ShipmentToRate
            {
                Waybill = row.Waybill,
                Service = Text("service"),
                Origin = Text("origin"),
                Destination = Text("destination"),
                Zone = Text("zone") is { Length: > 0 } zone ? zone : null,
                Accepted = accepted,
                Pieces = number is null ? [] : ShipmentRows.Pieces(weight, pieces, null),
                DeclaredValueMinor = declared,
                CodMinor = cod,
                Returned = _map.IsReturned(type),
                Redirected = _map.IsRedirected(type),
                Marks = Text("marks") is { Length: > 0 } marks ? [.. marks.Split([' ', ';', '|'], StringSplitOptions.RemoveEmptyEntries)] : ImmutableArray<string>.Empty,
            },
        };
    }

    private bool TryMinor(string field, out long? minor)
    {
        minor = null;
        if (!_rows.TryNumber(_at[field], out var number)) return false;
        // Invoices write 0 where there is none.
        if (number is not { } value || value == 0) return true;
        if (Math.Abs(value) > 1_000_000_000_000m || value * _minorPerMajor != decimal.Truncate(value * _minorPerMajor)) return false;
        minor = decimal.ToInt64(value * _minorPerMajor);
        return true;
    }

    private string Text(string field) => _at[field] >= 0 ? _rows.Text(_at[field]) : _map.Constant(field) ?? "";
}
