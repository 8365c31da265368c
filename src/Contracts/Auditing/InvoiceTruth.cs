using System.Globalization;
using KeyAccountLogistics.Contracts.Bulk;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;

namespace KeyAccountLogistics.Contracts.Auditing;

/// <summary>What the client knows better than the invoice: real weights by waybill, zones by pair of places. Kept in memory: an invoice's, not a year's.</summary>
internal sealed class InvoiceTruth
{
    private readonly Dictionary<string, Mass>? _weights;
    private readonly Dictionary<(string Origin, string Destination), string>? _zones;

    private InvoiceTruth(Dictionary<string, Mass>? weights, Dictionary<(string, string), string>? zones) => (_weights, _zones) = (weights, zones);

    /// <summary>Reads the files; rows that cannot be read or contradict one before are noted and left out.</summary>
    internal static Outcome<InvoiceTruth> Read(AuditFiles files, List<string> notes)
    {
        Dictionary<string, Mass>? weights = null;
        if (files.Weights is { } weightFile)
        {
            if (Weights(weightFile, notes) is var read && !read.IsOk) return read.Fault;
            weights = read.Value;
        }
        if (files.Zones is not { } zoneFile) return new InvoiceTruth(weights, null);
        var zones = Zones(zoneFile, notes);
        return zones.IsOk ? new InvoiceTruth(weights, zones.Value) : zones.Fault;
    }

    /// <summary>The shipment as it was; null with a reason where that is not known.</summary>
    internal ShipmentToRate? Due(ShipmentToRate billed, out RateRefusal why)
    {
        why = RateRefusal.None;
        var due = billed;
        if (_weights is not null)
        {
            if (!_weights.TryGetValue(billed.Waybill, out var weight))
            {
                why = RateRefusal.NoWeight;
                return null;
            }
            due = due with { Pieces = ShipmentRows.Pieces(weight, Math.Max(1, billed.Pieces.Length), null) };
        }
        if (_zones is null) return due;
        if (_zones.TryGetValue((billed.Origin, billed.Destination), out var zone)) return due with { Zone = zone };
        why = RateRefusal.NoZone;
        return null;
    }

    /// <summary>The waybills with a weight that the invoice does not bill, as one note; none when there are none.</summary>
    internal IEnumerable<string> NotBilled(IEnumerable<string> billed, int named)
    {
        if (_weights is null) yield break;
        var left = _weights.Keys.Except(billed, StringComparer.Ordinal).ToList();
        if (left.Count == 0) yield break;
        yield return string.Create(CultureInfo.InvariantCulture, $"{left.Count} waybills of the file of weights are not on the invoice: {string.Join(", ", left.Take(named))}{(left.Count > named ? ", …" : ".")}");
    }

    private static Outcome<Dictionary<string, Mass>> Weights(Stream content, List<string> notes)
    {
        var opened = CsvRows.Open(content, "weights");
        if (!opened.IsOk) return opened.Fault;
        using var rows = opened.Value;
        var (waybill, grams) = (rows.Column("waybill", "awb_code", "awb"), rows.Column("grams", "weight_g", "g"));
        if (waybill < 0 || grams < 0) return new Fault.Invalid("weights", "csv.columns", $"The file of weights needs the columns waybill and grams; it has {string.Join(", ", rows.Headers.Take(40))}.");
        var weights = new Dictionary<string, Mass>(StringComparer.Ordinal);
        while (rows.Next(out var isDamaged))
        {
            var key = rows.Text(waybill);
            if (isDamaged || key.Length == 0 || !rows.TryNumber(grams, out var number) || number is not > 0 || !Mass.TryFrom(number.Value, "g", out var weight))
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"Line {rows.Line} of the file of weights cannot be read and is left out."));
            else if (!weights.TryAdd(key, weight) && weights[key] != weight)
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"Line {rows.Line} of the file of weights gives {key} another weight than a line before; the first counts."));
        }
        return weights;
    }

    private static Outcome<Dictionary<(string, string), string>> Zones(Stream content, List<string> notes)
    {
        var opened = CsvRows.Open(content, "zones");
        if (!opened.IsOk) return opened.Fault;
        using var rows = opened.Value;
        var (origin, destination, zone) = (rows.Column("origin", "warehouse_pincode", "warehousepincode", "from"), rows.Column("destination", "customer_pincode", "customerpincode", "to"), rows.Column("zone"));
        if (origin < 0 || destination < 0 || zone < 0)
            return new Fault.Invalid("zones", "csv.columns", $"The file of zones needs the columns origin, destination and zone; it has {string.Join(", ", rows.Headers.Take(40))}.");
        var zones = new Dictionary<(string, string), string>();
        while (rows.Next(out var isDamaged))
        {
            var (key, name) = ((rows.Text(origin), rows.Text(destination)), rows.Text(zone));
            if (isDamaged || key.Item1.Length == 0 || key.Item2.Length == 0 || name.Length == 0)
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"Line {rows.Line} of the file of zones cannot be read and is left out."));
            else if (!zones.TryAdd(key, name) && !string.Equals(zones[key], name, StringComparison.Ordinal))
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"Line {rows.Line} of the file of zones gives {key.Item1} > {key.Item2} another zone than a line before; the first counts."));
        }
        return zones;
    }
}
