using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using KeyAccountLogistics.Kernel;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Verdicts.Terms.Documents;

/// <summary>How single values are written in a document of terms, both ways.</summary>
internal static class TermsText
{
    internal const string MassShape = "a mass like 0.5 kg or 500 g";
    internal const string InstantShape = "an instant with its offset like 2026-01-01T00:00:00+08:00";
    internal const string SpanShape = "hours or days, 1 h to 90 d, like 7 d";
    internal const string TimeShape = "a time of day like 18:00, in quotes";

    // Beyond it nothing is a parcel.
    private static readonly Mass MassMax = Kernel.Mass.FromKilograms(1_000_000);

    private const int NameMax = 200;
    private const int CodeMax = 64;

    private static readonly LocalTimePattern TimePattern = LocalTimePattern.CreateWithInvariantCulture("HH:mm");
    private static readonly InstantPattern UtcPattern = InstantPattern.ExtendedIso;

    internal static readonly IReadOnlyDictionary<string, RoundingReadOn> ReadOnWords =
        new Dictionary<string, RoundingReadOn>(StringComparer.Ordinal) { ["excess"] = RoundingReadOn.Excess, ["total"] = RoundingReadOn.Total };

    internal static readonly IReadOnlyDictionary<string, SideRounding> SideWords = new Dictionary<string, SideRounding>(StringComparer.Ordinal)
    {
        ["none"] = SideRounding.None, ["nearest_cm"] = SideRounding.NearestCm, ["up_cm"] = SideRounding.UpCm,
    };

    internal static readonly IReadOnlyDictionary<string, InsuredChecks> InsuredWords = new Dictionary<string, InsuredChecks>(StringComparer.Ordinal)
    {
        ["item_by_item"] = InsuredChecks.ItemByItem, ["seal"] = InsuredChecks.Seal, ["reweigh"] = InsuredChecks.Reweigh,
    };

    internal static readonly IReadOnlyDictionary<string, TouchCheck> TouchWords = new Dictionary<string, TouchCheck>(StringComparer.Ordinal)
    {
        ["none"] = TouchCheck.None, ["fragile_insured"] = TouchCheck.FragileInsured, ["fragile"] = TouchCheck.Fragile,
    };

    internal static readonly IReadOnlyDictionary<string, RiskClass> RiskWords =
        new Dictionary<string, RiskClass>(StringComparer.Ordinal) { ["ordinary"] = RiskClass.Ordinary, ["high"] = RiskClass.High };

    internal static readonly IReadOnlyDictionary<string, DeliveryProofs> ProofWords = new Dictionary<string, DeliveryProofs>(StringComparer.Ordinal)
    {
        ["code"] = DeliveryProofs.Code, ["signature"] = DeliveryProofs.Signature, ["photo"] = DeliveryProofs.Photo,
    };

    internal static readonly IReadOnlyDictionary<string, DispatchPriority> PriorityWords =
        new Dictionary<string, DispatchPriority>(StringComparer.Ordinal) { ["ordinary"] = DispatchPriority.Ordinary, ["first"] = DispatchPriority.First };

    internal static readonly IReadOnlyDictionary<string, DeliveryConstraints> ConstraintWords = new Dictionary<string, DeliveryConstraints>(StringComparer.Ordinal)
    {
        ["appointment"] = DeliveryConstraints.Appointment, ["to_the_door"] = DeliveryConstraints.ToTheDoor, ["no_locker"] = DeliveryConstraints.NoLocker,
    };

    internal static readonly IReadOnlyDictionary<string, DecidedBy> DecidedByWords =
        new Dictionary<string, DecidedBy>(StringComparer.Ordinal) { ["date"] = DecidedBy.Date, ["timestamp"] = DecidedBy.Timestamp };

    internal static readonly IReadOnlyDictionary<string, DisputeParty> DisputeWords =
        new Dictionary<string, DisputeParty>(StringComparer.Ordinal) { ["client"] = DisputeParty.Client, ["either"] = DisputeParty.Either };

    internal static readonly IReadOnlyDictionary<string, OnSilence> SilenceWords =
        new Dictionary<string, OnSilence>(StringComparer.Ordinal) { ["auto_accept"] = OnSilence.AutoAccept, ["decide"] = OnSilence.Decide };

    internal static readonly IReadOnlyDictionary<string, GateKind> GateWords = new Dictionary<string, GateKind>(StringComparer.Ordinal)
    {
        ["pickup"] = GateKind.Pickup, ["depot_out"] = GateKind.DepotOut, ["hub"] = GateKind.Hub, ["out_for_delivery"] = GateKind.OutForDelivery,
    };

    internal static readonly IReadOnlyDictionary<string, RoundingMode> RoundingWords = new Dictionary<string, RoundingMode>(StringComparer.Ordinal)
    {
        ["CeilStep"] = RoundingMode.CeilStep, ["TruncDecimals"] = RoundingMode.TruncDecimals, ["HalfUpDecimals"] = RoundingMode.HalfUpDecimals,
    };

    internal enum RoundingMode
    {
        CeilStep = 1,
        TruncDecimals = 2,
        HalfUpDecimals = 3,
    }

    internal static bool Name(string text, [NotNullWhen(true)] out string? value) => Within(text, NameMax, static c => !char.IsControl(c), out value);

    internal static bool Code(string text, [NotNullWhen(true)] out string? value) =>
        Within(text, CodeMax, static c => !char.IsControl(c) && !char.IsWhiteSpace(c), out value);

    // A place code, a prefix with a star at its end, or a star.
    internal static bool Place(string text, [NotNullWhen(true)] out string? value) =>
        Code(text, out value) && text.IndexOf('*', StringComparison.Ordinal) is var star && (star < 0 || star == text.Length - 1);

    internal static bool Currency(string text, [NotNullWhen(true)] out string? value) => (value = Money.IsCurrency(text) ? text : null) is not null;

    internal static bool Clause(string text, [NotNullWhen(true)] out ClauseId? value) => (value = ClauseId.TryParse(text)) is not null;

    internal static bool Zone(string text, [NotNullWhen(true)] out string? value) =>
        (value = DateTimeZoneProviders.Tzdb.GetZoneOrNull(text) is null ? null : text) is not null;

    internal static bool Number(string text, [NotNullWhen(true)] out decimal? value)
    {
        var ok = decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        value = ok ? number : null;
        return ok;
    }

    internal static bool Percent(string text, [NotNullWhen(true)] out decimal? value) =>
        Number(text.EndsWith('%') ? text[..^1].TrimEnd() : text, out value) && value is >= 0 and <= 100;

    internal static Parse<int?> Whole(int from, int to) => (string text, [NotNullWhen(true)] out int? value) =>
    {
        var ok = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to;
        value = ok ? number : null;
        return ok;
    };

    internal static bool Mass(string text, [NotNullWhen(true)] out Mass? value)
    {
        value = null;
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0 || !Number(text[..blank], out var number) || number is not (>= 0 and <= 1_000_000_000)) return false;
        if (text[(blank + 1)..] is not ("kg" or "g") || !Kernel.Mass.TryFrom(number.Value, text.AsSpan(blank + 1), out var mass)) return false;
        if (mass.Grams != (text.EndsWith("kg", StringComparison.Ordinal) ? number * 1_000 : number)) return false;
        value = mass;
        return mass <= MassMax;
    }

    internal static bool PositiveMass(string text, [NotNullWhen(true)] out Mass? value) => Mass(text, out value) && value.Value > Kernel.Mass.Zero;

    internal static bool At(string text, [NotNullWhen(true)] out Instant? value)
    {
        var parsed = OffsetDateTimePattern.Rfc3339.Parse(text);
        value = parsed.Success && parsed.Value.ToInstant().ToMicros() == parsed.Value.ToInstant() ? parsed.Value.ToInstant() : null;
        return value is not null;
    }

    // Whole hours or days: 12 h, 7 d; at most 90 days.
    internal static bool Span(string text, [NotNullWhen(true)] out Duration? value)
    {
        value = null;
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0 || !int.TryParse(text.AsSpan(0, blank), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 2_160) return false;
        var span = text[(blank + 1)..] switch { "h" => Duration.FromHours(number), "d" => Duration.FromDays(number), _ => Duration.Zero };
        if (span <= Duration.Zero || span > Duration.FromDays(90)) return false;
        value = span;
        return true;
    }

    internal static string Write(Duration span) => string.Create(
        CultureInfo.InvariantCulture, $"{(span.TotalHours % 24 == 0 ? span.Days : (int)span.TotalHours)} {(span.TotalHours % 24 == 0 ? "d" : "h")}");

    internal static bool TimeOfDay(string text, [NotNullWhen(true)] out LocalTime? value)
    {
        var parsed = TimePattern.Parse(text);
        value = parsed.Success ? parsed.Value : null;
        return value is not null;
    }

    internal static string Write(Mass mass) => Write(mass.Grams) + " g";

    internal static string Write(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    internal static string Write(Instant instant) => UtcPattern.Format(instant);

    internal static string Write(LocalTime time) => TimePattern.Format(time);

    internal static string WordOf<T>(IReadOnlyDictionary<string, T> words, T value)
        where T : struct, Enum => words.First(w => EqualityComparer<T>.Default.Equals(w.Value, value)).Key;

    private static bool Within(string text, int most, Func<char, bool> fits, [NotNullWhen(true)] out string? value)
    {
        value = text.Length >= 1 && text.Length <= most && text.All(fits) && text.AsSpan().Trim().Length == text.Length ? text : null;
        return value is not null;
    }
}
