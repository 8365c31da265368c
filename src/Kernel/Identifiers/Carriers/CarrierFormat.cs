using System.Globalization;
using System.Text.RegularExpressions;

namespace KeyAccountLogistics.Kernel.Carriers;

/// <summary>One format of one carrier's tracking numbers: a shape over the whole number, and a check where the carrier has one.</summary>
/// <param name="Carrier">The carrier's code.</param>
/// <param name="Name">The format's name.</param>
/// <param name="Shape">Over the canonical text; its named groups are the parts.</param>
/// <param name="Check">Null where no check digit is known.</param>
internal sealed record CarrierFormat(string Carrier, string Name, Regex Shape, CarrierCheck? Check)
{
    /// <summary>What this format makes of a canonical text; null when the shape is another.</summary>
    internal NumberCandidate? Judge(string canonical)
    {
        var match = Shape.Match(canonical);
        if (!match.Success) return null;
        var parts = Shape.GetGroupNames().Skip(1).Select(name => match.Groups[name]).Where(group => group.Success)
            .OrderBy(group => group.Index).ThenByDescending(group => group.Length)
            .Select(group => new NumberPart(group.Name, group.Value)).ToList();
        return new NumberCandidate(Carrier, Name, Check?.Holds(match.Groups) ?? true, Check is not null, parts);
    }
}

/// <summary>
/// The check of a format: an algorithm over group <c>SerialNumber</c> that gives group <c>CheckDigit</c>, and what else must hold. Source: CHECKSUM_ALGORITHMS.md of
/// jkeen/tracking_number_data (MIT), UPU S10, DPD Parcel Label Specification 2.4.1.
/// </summary>
internal sealed class CarrierCheck
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static readonly int[] S10Weights = [8, 6, 4, 2, 3, 5, 9, 7];

    private readonly Func<string, int> _algorithm;
    private readonly string _prepended = "";
    private readonly IReadOnlySet<string>? _posts;

    /// <summary>From the table's notation, e.g. <c>mod10 3 1 prepend=91</c>; the posts are those the table names.</summary>
    internal CarrierCheck(string notation, IReadOnlySet<string> posts)
    {
        var words = notation.Split(' ');
        _algorithm = Algorithm(words);
        foreach (var word in words)
        {
            if (word.StartsWith("prepend=", StringComparison.Ordinal)) _prepended = word["prepend=".Length..];
            if (word is "posts") _posts = posts;
        }
    }

    internal bool Holds(GroupCollection groups)
    {
        if (_posts is not null && !_posts.Contains(groups["CountryCode"].Value)) return false;
        var serial = groups["SerialNumber"].Value;
        if (!serial.StartsWith(_prepended, StringComparison.Ordinal)) serial = _prepended + serial;
        return groups["CheckDigit"].ValueSpan is [var check] && _algorithm(serial) == Alphabet.IndexOf(check, StringComparison.Ordinal);
    }

    private static Func<string, int> Algorithm(string[] words)
    {
        switch (words[0])
        {
            case "mod10":
                var (even, odd, reverse) = (Number(words[1]), Number(words[2]), words.Contains("reverse", StringComparer.Ordinal));
                return serial => ToTen(Sum(serial, i => (reverse ? serial.Length - 1 - i : i) % 2 == 0 ? even : odd));
            case "luhn":
                return Luhn;
            case "mod7":
                return serial => serial.Aggregate(0, (rest, digit) => ((rest * 10) + Value(digit)) % 7);
            case "weights":
                var (weights, first, second) = (words[1].Split(',').Select(Number).ToArray(), Number(words[2]), Number(words[3]));
                return serial => Sum(serial, i => weights[i]) % first % second;
            case "s10":
                return serial => (11 - (Sum(serial, i => S10Weights[i]) % 11)) switch { 10 => 0, 11 => 5, var digit => digit };
            case "mod37_36":
                return Mod37;
            default:
                throw new InvariantBrokenException($"The carrier table names a check that does not exist: {words[0]}.", null);
        }
    }

    /// <summary>Letters count as UPS counts them: their ASCII code less three, of which the last digit.</summary>
    private static int Value(char c) => char.IsAsciiDigit(c) ? c - '0' : (c - 3) % 10;

    private static int Sum(string serial, Func<int, int> weight)
    {
        var sum = 0;
        for (var i = 0; i < serial.Length; i++) sum += Value(serial[i]) * weight(i);
        return sum;
    }

    private static int ToTen(int sum) => (10 - (sum % 10)) % 10;

    private static int Luhn(string serial)
    {
        var sum = 0;
        for (var i = 0; i < serial.Length; i++)
        {
            var doubled = Value(serial[serial.Length - 1 - i]) * (i % 2 == 0 ? 2 : 1);
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return ToTen(sum);
    }

    /// <summary>ISO/IEC 7064 MOD 37,36.</summary>
    private static int Mod37(string serial)
    {
        var product = 36;
        foreach (var c in serial)
        {
            var sum = product + Alphabet.IndexOf(c, StringComparison.Ordinal);
            product = (sum > 36 ? sum - 36 : sum) * 2;
            if (product > 36) product -= 37;
        }
        return (37 - product) % 36;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>The table, read once from the embedded resource.</summary>
internal static class CarrierFormatTable
{
    private static readonly Lazy<IReadOnlyList<CarrierFormat>> Rows = new(Read);

    /// <summary>The most telling format first: the order of the answer.</summary>
    internal static IReadOnlyList<CarrierFormat> All => Rows.Value;

    private static List<CarrierFormat> Read()
    {
        var rows = new List<CarrierFormat>();
        var posts = new HashSet<string>(StringComparer.Ordinal);
        using var resource = typeof(CarrierFormatTable).Assembly.GetManifestResourceStream("carriers.formats")!;
        using var reader = new StreamReader(resource);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var columns = line.Split('\t');
            if (columns is ["@posts", var codes])
            {
                posts.UnionWith(codes.Split(' '));
                continue;
            }
            Invariant.Holds(columns.Length == 4, "A row of the carrier table has four columns.");
            // Linear in the text whatever it holds: shapes have no look-around and no back reference.
            var shape = new Regex($@"\A(?:{columns[2]})\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            rows.Add(new CarrierFormat(columns[0], columns[1], shape, columns[3] is "-" ? null : new CarrierCheck(columns[3], posts)));
        }
        return rows;
    }
}
