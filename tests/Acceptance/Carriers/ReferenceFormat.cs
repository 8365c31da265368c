using System.Text.Json;
using System.Text.RegularExpressions;

namespace KeyAccountLogistics.Acceptance.Carriers;

/// <summary>One format of tracking_number_data read as its own documentation says, straight from the file: regular expression, checksum, look-up. Knows nothing of the product.</summary>
internal sealed class ReferenceFormat
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private readonly Regex _regex;
    private readonly JsonElement _validation;
    private readonly HashSet<string> _couriers = new(StringComparer.Ordinal);

    private ReferenceFormat(string carrier, JsonElement format)
    {
        Carrier = carrier;
        Name = format.GetProperty("name").GetString()!;
        var pattern = format.GetProperty("regex");
        var text = pattern.ValueKind == JsonValueKind.Array ? string.Concat(pattern.EnumerateArray().Select(part => part.GetString())) : pattern.GetString()!;
        _regex = new Regex($@"\A(?:{text})\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        _validation = format.GetProperty("validation");
        Valid = [.. format.GetProperty("test_numbers").GetProperty("valid").EnumerateArray().Select(number => number.GetString()!)];
        Invalid = [.. format.GetProperty("test_numbers").GetProperty("invalid").EnumerateArray().Select(number => number.GetString()!)];
        if (!format.TryGetProperty("additional", out var additional)) return;
        foreach (var table in additional.EnumerateArray().Where(table => table.GetProperty("name").GetString() is "Courier"))
            _couriers.UnionWith(table.GetProperty("lookup").EnumerateArray().Select(row => row.GetProperty("matches").GetString()!));
    }

    internal string Carrier { get; }

    internal string Name { get; }

    internal IReadOnlyList<string> Valid { get; }

    internal IReadOnlyList<string> Invalid { get; }

    internal IReadOnlySet<string> Couriers => _couriers;

    internal static IReadOnlyList<ReferenceFormat> ReadAll(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).SelectMany(file =>
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            var courier = document.RootElement.Clone();
            return courier.GetProperty("tracking_numbers").EnumerateArray().Select(format => new ReferenceFormat(courier.GetProperty("courier_code").GetString()!, format));
        }),
    ];

    /// <summary>Null where the shape is another.</summary>
    internal bool? Judge(string number)
    {
        var match = _regex.Match(number);
        if (!match.Success) return null;
        string Group(string name) => string.Concat(match.Groups[name].Value.Where(c => !char.IsWhiteSpace(c)));
        if (_couriers.Count > 0 && !_couriers.Contains(Group("CountryCode"))) return false;
        if (!_validation.TryGetProperty("checksum", out var checksum)) return true;
        var serial = Group("SerialNumber");
        if (_validation.TryGetProperty("serial_number_format", out var shaping) && shaping.TryGetProperty("prepend_if", out var prepend)
            && Regex.IsMatch(serial, prepend.GetProperty("matches_regex").GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)))
        {
            serial = prepend.GetProperty("content").GetString() + serial;
        }
        return Alphabet[Check(checksum, serial)] == Group("CheckDigit")[0];
    }

    private static int Check(JsonElement sum, string serial)
    {
        int Value(char c) => char.IsAsciiDigit(c) ? c - '0' : (c - 3) % 10;
        int Total(Func<int, int> weight) => serial.Select((c, i) => Value(c) * weight(i)).Sum();
        switch (sum.GetProperty("name").GetString())
        {
            case "mod7": return (int)(long.Parse(serial) % 7);
            case "mod10":
                var (even, odd) = (sum.GetProperty("evens_multiplier").GetInt32(), sum.GetProperty("odds_multiplier").GetInt32());
                if (sum.GetProperty("reverse").GetBoolean()) serial = new string([.. serial.Reverse()]);
                return (10 - (Total(i => i % 2 == 1 ? odd : even) % 10)) % 10;
            case "luhn":
                serial = new string([.. serial.Reverse()]);
                return (10 - (serial.Select((c, i) => i % 2 == 0 ? (Value(c) * 2 / 10) + (Value(c) * 2 % 10) : Value(c)).Sum() % 10)) % 10;
            case "s10":
                return (Total(i => sum.GetProperty("weightings")[i].GetInt32()) % 11) switch { 1 => 0, 0 => 5, var rest => 11 - rest };
            case "sum_product_with_weightings_and_modulo":
                return Total(i => sum.GetProperty("weightings")[i].GetInt32()) % sum.GetProperty("modulo1").GetInt32() % sum.GetProperty("modulo2").GetInt32();
            case "mod_37_36":
                var cd = 36;
                foreach (var c in serial)
                {
                    cd += Alphabet.IndexOf(c, StringComparison.Ordinal);
                    if (cd > 36) cd -= 36;
                    cd *= 2;
                    if (cd > 36) cd -= 37;
                }
                return 37 - cd == 36 ? 0 : 37 - cd;
            case var other: throw new InvalidOperationException($"checksum {other}");
        }
    }
}
