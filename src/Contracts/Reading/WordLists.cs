using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using KeyAccountLogistics.Contracts.Document;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>The words of a contract document that stand for one of a few things, both ways; those shared with depots are in <c>TermsText</c>.</summary>
internal static class WordLists
{
    internal static readonly IReadOnlyDictionary<string, AmountRoundingMode> RoundingWords = new Dictionary<string, AmountRoundingMode>(StringComparer.Ordinal)
    {
        ["half_up"] = AmountRoundingMode.HalfUp, ["up"] = AmountRoundingMode.Up, ["down"] = AmountRoundingMode.Down,
    };

    internal static readonly IReadOnlyDictionary<string, PieceRule> PieceWords =
        new Dictionary<string, PieceRule>(StringComparer.Ordinal) { ["together"] = PieceRule.Together, ["each"] = PieceRule.Each };

    internal static readonly IReadOnlyDictionary<string, ZoneBy> ZoneWords = new Dictionary<string, ZoneBy>(StringComparer.Ordinal)
    {
        ["given"] = ZoneBy.Given, ["lane"] = ZoneBy.Lane, ["postcode"] = ZoneBy.Postcode, ["region"] = ZoneBy.Region,
    };

    internal static readonly IReadOnlyDictionary<string, TierReadOn> TierWords = new Dictionary<string, TierReadOn>(StringComparer.Ordinal)
    {
        ["total"] = TierReadOn.Total, ["excess"] = TierReadOn.Excess, ["graduated"] = TierReadOn.Graduated,
    };

    internal static readonly IReadOnlyDictionary<string, ReturnKind> ReturnWords =
        new Dictionary<string, ReturnKind>(StringComparer.Ordinal) { ["return"] = ReturnKind.Return, ["redirect"] = ReturnKind.Redirect };

    internal static readonly IReadOnlyDictionary<string, LaneEnds> EndWords = new Dictionary<string, LaneEnds>(StringComparer.Ordinal)
    {
        ["destination"] = LaneEnds.Destination, ["origin"] = LaneEnds.Origin, ["either"] = LaneEnds.Either,
    };

    internal static readonly IReadOnlyDictionary<string, FuelAt> FuelWords = new Dictionary<string, FuelAt>(StringComparer.Ordinal) { ["acceptance"] = FuelAt.Acceptance };

    internal static readonly IReadOnlyDictionary<string, RefusedFreight> RefusedWords =
        new Dictionary<string, RefusedFreight>(StringComparer.Ordinal) { ["both_ways"] = RefusedFreight.BothWays, ["way_out"] = RefusedFreight.WayOut };

    internal static readonly IReadOnlyDictionary<string, IsoDayOfWeek> DayWords = new Dictionary<string, IsoDayOfWeek>(StringComparer.Ordinal)
    {
        ["monday"] = IsoDayOfWeek.Monday, ["tuesday"] = IsoDayOfWeek.Tuesday, ["wednesday"] = IsoDayOfWeek.Wednesday, ["thursday"] = IsoDayOfWeek.Thursday,
        ["friday"] = IsoDayOfWeek.Friday, ["saturday"] = IsoDayOfWeek.Saturday, ["sunday"] = IsoDayOfWeek.Sunday,
    };

    internal static readonly IReadOnlyDictionary<string, TermPeriod> PeriodWords =
        new Dictionary<string, TermPeriod>(StringComparer.Ordinal) { ["month"] = TermPeriod.Month, ["quarter"] = TermPeriod.Quarter, ["year"] = TermPeriod.Year };

    internal static readonly IReadOnlyDictionary<string, VolumeBasis> BasisWords =
        new Dictionary<string, VolumeBasis>(StringComparer.Ordinal) { ["parcels"] = VolumeBasis.Parcels, ["freight"] = VolumeBasis.Freight };

    internal static readonly IReadOnlyDictionary<string, RebateMode> RebateWords =
        new Dictionary<string, RebateMode>(StringComparer.Ordinal) { ["marginal"] = RebateMode.Marginal, ["retroactive"] = RebateMode.Retroactive };

    internal static readonly IReadOnlyDictionary<string, ObligationParty> PartyWords =
        new Dictionary<string, ObligationParty>(StringComparer.Ordinal) { ["carrier"] = ObligationParty.Carrier, ["client"] = ObligationParty.Client };

    internal enum ZoneBy
    {
        Given = 1,
        Lane = 2,
        Postcode = 3,
        Region = 4,
    }

    internal enum FuelAt
    {
        Acceptance = 1,
    }

    internal const string LengthShape = "a length like 150 cm or 1500 mm";

    internal const int LengthMaxMm = 100_000;

    internal static bool Truth(string text, [NotNullWhen(true)] out bool? value)
    {
        value = text switch { "true" => true, "false" => false, _ => null };
        return value is not null;
    }

    /// <summary>Whole millimetres, from mm, cm or m.</summary>
    internal static bool Length(string text, [NotNullWhen(true)] out int? value)
    {
        value = null;
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0 || !decimal.TryParse(text.AsSpan(0, blank), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > LengthMaxMm) return false;
        var mm = number * text[(blank + 1)..] switch { "mm" => 1, "cm" => 10, "m" => 1_000, _ => 0 };
        if (mm is < 1 or > LengthMaxMm || mm != decimal.Truncate(mm)) return false;
        value = decimal.ToInt32(mm);
        return true;
    }

    internal static string WriteLength(int mm) => mm % 10 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{mm / 10} cm") : string.Create(CultureInfo.InvariantCulture, $"{mm} mm");

    internal const string PostcodeShape = "a range of postcodes of one length like 200000-201999, or one alone";

    /// <summary>Digits only, two to twelve of them, one length, ascending.</summary>
    internal static bool Postcodes(string text, [NotNullWhen(true)] out PostcodeRange? value)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var (first, last) = dash < 0 ? (text, text) : (text[..dash], text[(dash + 1)..]);
        var fits = first.Length is >= 2 and <= 12 && first.Length == last.Length && first.All(char.IsAsciiDigit) && last.All(char.IsAsciiDigit) && string.CompareOrdinal(first, last) <= 0;
        value = fits ? new PostcodeRange(first, last) : null;
        return fits;
    }

    internal static string Write(PostcodeRange range) => string.Equals(range.First, range.Last, StringComparison.Ordinal) ? range.First : $"{range.First}-{range.Last}";
}
