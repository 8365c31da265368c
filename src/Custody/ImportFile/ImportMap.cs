using System.Globalization;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Kernel;
using NodaTime;
using NodaTime.Text;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace KeyAccountLogistics.Custody.Import;

/// <summary>
/// How a file that is not canonical is read: which column is which, how times and numbers are written, what words mean. An empty map is the canonical file (RFC 4180,
/// RFC 3339 times, decimal point, grams and major currency units). Immutable.
/// </summary>
internal sealed class ImportMap
{
    private readonly MapFile _file;
    private readonly LocalDateTimePattern? _pattern;
    private readonly DateTimeZone _zone;

    private ImportMap(MapFile file, LocalDateTimePattern? pattern, DateTimeZone zone) => (_file, _pattern, _zone) = (file, pattern, zone);

    internal static ImportMap Canonical { get; } = new(new MapFile(), null, DateTimeZone.Utc);

    internal char Delimiter => _file.Delimiter is { Length: 1 } given ? given[0] : ',';

    /// <summary>Reads the map file; the fault says what is wrong in it.</summary>
    internal static Outcome<ImportMap> Read(string yaml)
    {
        if (string.IsNullOrWhiteSpace(yaml)) return Canonical;
        MapFile file;
        try
        {
            file = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<MapFile>(yaml) ?? new MapFile();
        }
        catch (YamlException wrong)
        {
            return Wrong(string.Create(CultureInfo.InvariantCulture, $"line {wrong.Start.Line}: {wrong.InnerException?.Message ?? wrong.Message}"));
        }
        if (file.Delimiter is not null && (file.Delimiter.Length != 1 || !char.IsAscii(file.Delimiter[0]))) return Wrong("the delimiter is one ASCII character");
        if (file.Decimal is not (null or "." or ",")) return Wrong("decimal is '.' or ','");
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(file.Zone ?? "Etc/UTC");
        if (zone is null) return Wrong($"'{file.Zone}' is no time zone of the IANA list");
        LocalDateTimePattern? pattern = null;
        if (file.Time is not null && !TryPattern(file.Time, out pattern)) return Wrong($"'{file.Time}' is no time pattern; write for example yyyy-MM-dd HH:mm:ss");
        var unknown = file.Columns.Keys.Concat(file.Constants.Keys).FirstOrDefault(c => !Columns.All.Contains(c, StringComparer.Ordinal));
        if (unknown is not null) return Wrong($"'{unknown}' is no canonical column; the columns are {string.Join(", ", Columns.All)}");
        var word = file.Kinds.Values.FirstOrDefault(static k => !EventWords.TryRead(k, out _) && ServiceWords.Read(k) is null);
        return word is null ? new ImportMap(file, pattern, zone) : Wrong($"'{word}' is no kind of event");
    }

    /// <summary>The name that a canonical column has in the file.</summary>
    internal string NameOf(string canonical) => _file.Columns.GetValueOrDefault(canonical) ?? canonical;

    /// <summary>What every row has in a column that the file lacks; null when the map does not say.</summary>
    internal string? ConstantOf(string canonical) => _file.Constants.GetValueOrDefault(canonical);

    internal string KindOf(string word) => _file.Kinds.GetValueOrDefault(word) ?? word;

    /// <summary>False when the text is no time by the map; ambiguous local times are the earlier, skipped ones the moment after the gap.</summary>
    internal bool TryTime(string text, out Instant instant)
    {
        instant = default;
        if (_pattern is null)
        {
            var parsed = OffsetDateTimePattern.Rfc3339.Parse(text);
            if (parsed.Success) instant = parsed.Value.ToInstant().ToMicros();
            return parsed.Success;
        }
        var local = _pattern.Parse(text);
        if (local.Success) instant = local.Value.InZoneLeniently(_zone).ToInstant().ToMicros();
        return local.Success;
    }

    internal bool TryNumber(string text, out decimal number)
    {
        if (_file.Decimal is ",") text = text.Replace(".", "", StringComparison.Ordinal).Replace(',', '.');
        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>The unit in which the file writes masses; grams where the map says nothing.</summary>
    internal string MassUnit => _file.Mass ?? "g";

    private static bool TryPattern(string text, out LocalDateTimePattern? pattern)
    {
        try
        {
            pattern = LocalDateTimePattern.CreateWithInvariantCulture(text);
            return true;
        }
        catch (InvalidPatternException)
        {
            pattern = null;
            return false;
        }
    }

    private static Outcome<ImportMap> Wrong(string why) => new Fault.Invalid("header.map_yaml", "import.map", $"The map file cannot be used: {why}.");

    private sealed class MapFile
    {
        public Dictionary<string, string> Columns { get; set; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Constants { get; set; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Kinds { get; set; } = new(StringComparer.Ordinal);

        public string? Delimiter { get; set; }

        public string? Time { get; set; }

        public string? Zone { get; set; }

        public string? Decimal { get; set; }

        public string? Mass { get; set; }
    }
}

/// <summary>The canonical columns (issue 2 section 10).</summary>
internal static class Columns
{
    internal static readonly string[] Shipments =
    [
        "waybill", "account", "product", "origin", "destination", "accepted_at", "promised_by", "declared_grams", "length_mm", "width_mm", "height_mm", "declared_value",
        "cod_amount", "freight_collect", "currency",
    ];

    /// <summary>Columns a shipments file may have beside the canonical ones.</summary>
    internal static readonly string[] ShipmentsOptional = ["pieces", "fragile", "seal", "longitude", "latitude", "gates"];

    internal static readonly string[] Events = ["event_id", "waybill", "kind", "occurred_at", "captured_at", "node", "next_node", "device", "actor", "grams", "reason"];

    internal static readonly string[] EventsOptional = ["action", "place", "reference"];

    internal static readonly string[] Service = ["kind", "account", "reference", "told_at"];

    /// <summary>What a fact of service may say; which of it a kind needs is the kind's matter.</summary>
    internal static readonly string[] ServiceOptional =
    [
        "revision", "parcel", "contract", "contract_version", "node", "began_at", "due_at", "done_at", "amount", "budget", "currency", "failed", "reason", "title",
        "about", "opened_at", "answer_due_at", "answered_at", "statute_due_at", "closed_at", "reopened_at", "found",
    ];

    internal static readonly string[] All = [.. Shipments.Concat(ShipmentsOptional).Concat(Events).Concat(EventsOptional).Concat(Service).Concat(ServiceOptional).Distinct(StringComparer.Ordinal)];
}
