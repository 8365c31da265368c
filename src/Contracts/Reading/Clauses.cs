using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>A number with the currency somebody wrote behind it; null when none.</summary>
internal readonly record struct WrittenAmount(decimal Number, string? Currency);

/// <summary>What the clauses of one document share while they are read: its currency, the ids used so far, and how single figures are written.</summary>
internal sealed class Clauses(string currency)
{
    /// <summary>The highest price of a parcel, a step or a kilogram, in major units.</summary>
    internal const decimal PriceMax = 1_000_000m;

    /// <summary>The highest other amount (declared value, credit limit, a year's freight), in major units.</summary>
    internal const decimal AmountMax = 100_000_000_000m;

    /// <summary>A price may be finer than its currency by so many decimals: 0.0025 a gram is a price, 0.00000025 a slip.</summary>
    internal const int PriceDecimalsMore = 4;

    internal const int PercentDecimals = 4;

    private static readonly LocalDatePattern DatePattern = LocalDatePattern.Iso;
    private static readonly LocalDate FirstDate = new(2000, 1, 1);
    private static readonly LocalDate LastDate = new(2199, 12, 31);

    internal string Currency { get; } = currency;

    /// <summary>The decimals of the currency.</summary>
    internal int Decimals { get; } = Money.Zero(currency).Decimals;

    internal HashSet<ClauseId> Ids { get; } = [];

    /// <summary>The smallest amount of the currency.</summary>
    internal decimal MinorUnit => Decimals switch { 0 => 1m, 3 => 0.001m, 4 => 0.0001m, _ => 0.01m };

    internal ClauseId Id(Section section) => AccountTermsReader.Clause(section, Ids);

    /// <summary>A price: zero or more, a little finer than the currency allowed; the point where it becomes money is the clause's rounding.</summary>
    internal decimal? Price(Section section, string key, bool required, decimal? absent = null) =>
        Figure(section, key, required, absent, 0, PriceMax, Decimals + PriceDecimalsMore, "a price like 8.00");

    /// <summary>An amount of money: no finer than the currency.</summary>
    internal decimal? Amount(Section section, string key, bool required, decimal? absent = null, bool aboveZero = false) =>
        Figure(section, key, required, absent, aboveZero ? MinorUnit : 0, AmountMax, Decimals, aboveZero ? "an amount above zero like 1000.00" : "an amount like 1000.00");

    private decimal? Figure(Section section, string key, bool required, decimal? absent, decimal least, decimal most, int decimals, string shape)
    {
        var written = required ? section.Required<WrittenAmount?>(key, Written, shape) : section.Optional<WrittenAmount?>(key, Written, shape);
        if (written is not { } amount) return section.Has(key) ? null : absent;
        if (amount.Currency is { } other && !string.Equals(other, Currency, StringComparison.Ordinal)) section.Mistake(key, $"is in {other}; the contract is in {Currency}.");
        else if (amount.Number < least || amount.Number > most) section.Mistake(key, $"'{TermsText.Write(amount.Number)}' does not fit; write {shape}, {TermsText.Write(least)} to {TermsText.Write(most)}.");
        else if (DecimalsOf(amount.Number) > decimals) section.Mistake(key, string.Create(CultureInfo.InvariantCulture, $"has {DecimalsOf(amount.Number)} decimals; at most {decimals} make sense in {Currency}."));
        else return amount.Number;
        return null;
    }

    /// <summary>A percentage (or per mille) within limits, at most four decimals.</summary>
    internal static decimal? Percent(Section section, string key, bool required, decimal most = 100, bool aboveZero = false, decimal? absent = null, string word = "a percentage")
    {
        var shape = string.Create(CultureInfo.InvariantCulture, $"{word} {(aboveZero ? "above 0, at most" : "from 0 to")} {most}");
        var number = required ? section.Required<decimal?>(key, NumberOrPercent, shape) : section.Optional<decimal?>(key, NumberOrPercent, shape);
        if (number is not { } percent) return section.Has(key) ? null : absent;
        if (percent < 0 || percent > most || (aboveZero && percent == 0)) section.Mistake(key, $"'{TermsText.Write(percent)}' does not fit; write {shape}.");
        else if (DecimalsOf(percent) > PercentDecimals) section.Mistake(key, string.Create(CultureInfo.InvariantCulture, $"has {DecimalsOf(percent)} decimals; at most {PercentDecimals} make sense."));
        else return percent;
        return null;
    }

    /// <summary>A plain number within limits, at most four decimals.</summary>
    internal static decimal? Number(Section section, string key, bool required, decimal least, decimal most)
    {
        var shape = $"a number from {TermsText.Write(least)} to {TermsText.Write(most)}";
        var number = required ? section.Required<decimal?>(key, TermsText.Number, shape) : section.Optional<decimal?>(key, TermsText.Number, shape);
        if (number is not { } value) return null;
        if (value < least || value > most) section.Mistake(key, $"'{TermsText.Write(value)}' does not fit; write {shape}.");
        else if (DecimalsOf(value) > PercentDecimals) section.Mistake(key, string.Create(CultureInfo.InvariantCulture, $"has {DecimalsOf(value)} decimals; at most {PercentDecimals} make sense."));
        else return value;
        return null;
    }

    internal static int? Whole(Section section, string key, bool required, int from, int to, string what, int? absent = null)
    {
        var shape = string.Create(CultureInfo.InvariantCulture, $"{what}, {from} to {to}");
        return required ? section.Required(key, TermsText.Whole(from, to), shape) : section.Optional(key, TermsText.Whole(from, to), shape, absent);
    }

    internal static LocalDate? Date(Section section, string key, bool required)
    {
        const string Shape = "a date like 2026-11-01";
        return required ? section.Required<LocalDate?>(key, DateText, Shape) : section.Optional<LocalDate?>(key, DateText, Shape);
    }

    /// <summary>The dates of a clause, both ends included, and the time zone they are read in.</summary>
    internal static (LocalDate? From, LocalDate? Until, DateTimeZone Zone) Dates(Section section)
    {
        var from = Date(section, "from", required: false);
        var until = Date(section, "until", required: false);
        if (until < from) section.Mistake("until", "lies before from; a clause ends on or after the day it begins.");
        return (from, until, Zone(section));
    }

    internal static DateTimeZone Zone(Section section) =>
        DateTimeZoneProviders.Tzdb[section.Optional<string>("time_zone", TermsText.Zone, "a time zone like Asia/Shanghai", ContractReader.ZoneDefault) ?? ContractReader.ZoneDefault];

    /// <summary>The services a clause names, sorted; empty = any.</summary>
    internal static System.Collections.Immutable.ImmutableArray<string> Services(Section section)
    {
        const string Shape = "a service, or a list of them";
        if (section.Has("service") && section.Has("services")) section.Mistake("service", "stands beside services; keep one of the two.");
        var named = section.Texts(section.Has("service") ? "service" : "services", AccountTermsReader.ServicesMax, TermsText.Code, Shape) ?? [];
        if (named.GroupBy(s => s, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) section.Mistake(section.Has("service") ? "service" : "services", $"names {twice.Key} twice.");
        return [.. named.Order(StringComparer.Ordinal)];
    }

    /// <summary>A service belongs to one clause of a kind, and at most one clause is for any other.</summary>
    internal static void OnePerService(Section section, IReadOnlyCollection<string> services, HashSet<string> seen, string clause)
    {
        if (services.FirstOrDefault(s => !seen.Add(s)) is { } twice) section.Mistake("services", $"{twice} has {clause} already; a service has one.");
        if (services.Count == 0 && !seen.Add("")) section.Mistake("services", $"there is {clause} for any service already; name the services of this one.");
    }

    internal static string? Mark(Section section, string key, bool required)
    {
        const string Shape = "a word like pre_sorted, without blanks";
        return required ? section.Required<string>(key, TermsText.Code, Shape) : section.Optional<string>(key, TermsText.Code, Shape);
    }

    /// <summary>How an amount is rounded; the smallest unit of the currency, half up, where nothing is said.</summary>
    internal AmountRounding Rounding(Section parent, decimal? unitDefault = null)
    {
        var usual = new AmountRounding(unitDefault ?? MinorUnit, AmountRoundingMode.HalfUp);
        if (parent.Child("amount_rounding", required: false, "unit and mode") is not { } section) return usual;
        var unit = Figure(section, "unit", required: false, usual.Unit, MinorUnit, 1_000, Decimals, "a unit like 0.01, 0.1 or 1") ?? usual.Unit;
        var mode = section.Word("mode", WordLists.RoundingWords, required: false, AmountRoundingMode.HalfUp);
        section.Close();
        return new AmountRounding(unit, mode == default ? AmountRoundingMode.HalfUp : mode);
    }

    internal static int DecimalsOf(decimal number)
    {
        var decimals = 0;
        for (; decimals < 28 && number != decimal.Truncate(number); decimals++) number *= 10;
        return decimals;
    }

    internal static bool DateText(string text, [NotNullWhen(true)] out LocalDate? value)
    {
        var parsed = DatePattern.Parse(text);
        value = parsed.Success && parsed.Value >= FirstDate && parsed.Value <= LastDate ? parsed.Value : null;
        return value is not null;
    }

    internal static string Write(LocalDate date) => DatePattern.Format(date);

    private static bool NumberOrPercent(string text, [NotNullWhen(true)] out decimal? value) =>
        TermsText.Number(text.EndsWith('%') ? text[..^1].TrimEnd() : text, out value) && Math.Abs(value.Value) <= 1_000_000;

    // 8.00, or 8.00 CNY. Larger than any limit is not a number here, so that nothing that follows can overflow.
    private static bool Written(string text, [NotNullWhen(true)] out WrittenAmount? value)
    {
        value = null;
        var blank = text.LastIndexOf(' ');
        var unit = blank < 0 ? null : text[(blank + 1)..];
        if (unit is not null && !Money.IsCurrency(unit)) return false;
        if (!TermsText.Number(blank < 0 ? text : text[..blank].TrimEnd(), out var number) || Math.Abs(number.Value) > 1_000_000_000_000m) return false;
        value = new WrittenAmount(number.Value, unit);
        return true;
    }
}
