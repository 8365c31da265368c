using System.Globalization;
using NodaTime;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// The carrier's own waybill number, as opposed to a <see cref="ParcelCode"/>, which names one physical parcel and may be somebody else's:
/// three letters of the installation, the date of issue as yyMMdd (2000 to 2099), a serial of six digits, a check digit: <c>KAL2610120000017</c>.
/// </summary>
/// <remarks>
/// The check digit is Damm's over date and serial, started from the prefix: every wrong digit and every swap of neighbouring digits is found. A wrong letter is found
/// because a <see cref="WaybillScheme"/> knows its prefixes. Immutable; made only by a <see cref="WaybillScheme"/>. A default value is no number and throws when asked.
/// </remarks>
public readonly record struct WaybillNumber : IComparable<WaybillNumber>
{
    /// <summary>Length of the canonical text.</summary>
    public const int Length = 16;

    /// <summary>The largest serial of one prefix and day.</summary>
    public const int SerialMax = 999_999;

    private const int PrefixLength = 3;
    private const int DateLength = 6;
    private readonly string? _text;

    private WaybillNumber(string text) => _text = text;

    /// <summary>The canonical text: 16 characters of A-Z and 0-9.</summary>
    public string Text => _text ?? throw new InvalidOperationException("A default WaybillNumber is no number.");

    /// <summary>The three letters of the installation that issued it.</summary>
    public string Prefix => Text[..PrefixLength];

    /// <summary>The local date of issue.</summary>
    public LocalDate IssuedOn => TryReadDate(Text.AsSpan(PrefixLength, DateLength), out var date) ? date : throw new InvalidOperationException();

    /// <summary>The serial of that day, 0 to <see cref="SerialMax"/>.</summary>
    public int Serial => int.Parse(Text.AsSpan(PrefixLength + DateLength, 6), NumberStyles.None, CultureInfo.InvariantCulture);

    internal static WaybillNumber Issue(string prefix, LocalDate date, int serial)
    {
        if (date.Year is < 2000 or > 2099) throw new ArgumentOutOfRangeException(nameof(date), date, "A waybill number holds years 2000 to 2099.");
        if (serial is < 0 or > SerialMax) throw new ArgumentOutOfRangeException(nameof(serial), serial, $"A serial is 0 to {SerialMax}.");
        var body = string.Create(CultureInfo.InvariantCulture, $"{prefix}{date.Year % 100:00}{date.Month:00}{date.Day:00}{serial:000000}");
        return new WaybillNumber(body + CheckDigit(body));
    }

    /// <summary>Judges a canonical text of any prefix; the scheme judges the prefix.</summary>
    internal static WaybillFlaw Read(string text, out WaybillNumber number)
    {
        number = default;
        if (text.Length == 0) return WaybillFlaw.Empty;
        if (text.Length != Length) return WaybillFlaw.Length;
        if (!IdentifierText.IsCapitals(text.AsSpan(0, PrefixLength))) return WaybillFlaw.Prefix;
        if (!IdentifierText.IsDigits(text.AsSpan(PrefixLength))) return WaybillFlaw.Characters;
        // The check digit comes before the date: a mistyped date is a mistyped number, and saying so sends the person to the right key.
        if (text[^1] != CheckDigit(text.AsSpan(0, Length - 1))) return WaybillFlaw.CheckDigit;
        if (!TryReadDate(text.AsSpan(PrefixLength, DateLength), out _)) return WaybillFlaw.Date;
        number = new WaybillNumber(text);
        return WaybillFlaw.None;
    }

    /// <summary>
    /// Damm's interim digit started with the letters, each as its place in the alphabet from A = 0 written in decimal (KAL: 10, 0, 11). Starting from another digit
    /// keeps Damm's promise for the digits, and lets two installations' numbers differ in their check digits.
    /// </summary>
    private static char CheckDigit(ReadOnlySpan<char> body)
    {
        var interim = 0;
        foreach (var letter in body[..PrefixLength])
        {
            var place = letter - 'A';
            if (place >= 10) interim = Damm.Fold([(char)('0' + (place / 10))], interim);
            interim = Damm.Fold([(char)('0' + (place % 10))], interim);
        }
        return (char)('0' + Damm.Fold(body[PrefixLength..], interim));
    }

    private static bool TryReadDate(ReadOnlySpan<char> yyMMdd, out LocalDate date)
    {
        var number = int.Parse(yyMMdd, NumberStyles.None, CultureInfo.InvariantCulture);
        var (year, month, day) = (2000 + (number / 10_000), number / 100 % 100, number % 100);
        var valid = month is >= 1 and <= 12 && day >= 1 && day <= CalendarSystem.Iso.GetDaysInMonth(year, month);
        date = valid ? new LocalDate(year, month, day) : default;
        return valid;
    }

    /// <summary>Ordinal, so by prefix, date and serial.</summary>
    public int CompareTo(WaybillNumber other) => string.CompareOrdinal(_text, other._text);

    /// <summary>Before, by <see cref="CompareTo"/>.</summary>
    public static bool operator <(WaybillNumber a, WaybillNumber b) => a.CompareTo(b) < 0;

    /// <summary>After, by <see cref="CompareTo"/>.</summary>
    public static bool operator >(WaybillNumber a, WaybillNumber b) => a.CompareTo(b) > 0;

    /// <summary>Before or the same.</summary>
    public static bool operator <=(WaybillNumber a, WaybillNumber b) => a.CompareTo(b) <= 0;

    /// <summary>After or the same.</summary>
    public static bool operator >=(WaybillNumber a, WaybillNumber b) => a.CompareTo(b) >= 0;

    /// <summary>The canonical text; empty for a default value.</summary>
    public override string ToString() => _text ?? "";
}
