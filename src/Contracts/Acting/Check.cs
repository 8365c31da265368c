using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Contracts.Acting;

/// <summary>The rules of single fields: each gives null, or the fault that names the field.</summary>
internal static class Check
{
    internal const int TextMax = 120;
    internal const int LongTextMax = 2_000;

    private static readonly LocalTimePattern Minutes = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    internal static Fault? Text(string field, string text, int max = TextMax, bool needed = true)
    {
        if (needed && string.IsNullOrWhiteSpace(text)) return new Fault.Invalid(field, "field.missing", $"The {field} is missing.");
        return text.Length > max || text.Any(static c => char.IsControl(c) && c is not '\n')
            ? new Fault.Invalid(field, "field.malformed", string.Create(CultureInfo.InvariantCulture, $"The {field} is longer than {max} characters or holds control characters."))
            : null;
    }

    internal static Fault? Code(string field, string text) => text.Length is >= 2 and <= 40 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        ? null
        : new Fault.Invalid(field, "code.malformed", $"The {field} is a code of 2 to 40 letters, digits, '-', '_' and '.'.");

    internal static Fault? Word(string field, string text, IReadOnlyList<string> words) => words.Contains(text, StringComparer.Ordinal)
        ? null
        : new Fault.Invalid(field, "word.unknown", $"The {field} is one of: {string.Join(", ", words)}.");

    internal static LocalDate? Day(string text) => LocalDatePattern.Iso.Parse(text) is { Success: true } read ? read.Value : null;

    internal static string Day(LocalDate day) => LocalDatePattern.Iso.Format(day);

    /// <summary>Minutes of the day; null for what is no time. 24:00 is the day's end.</summary>
    internal static int? Minute(string text) => string.Equals(text, "24:00", StringComparison.Ordinal) ? 1440 : Minutes.Parse(text) is { Success: true } read ? (read.Value.Hour * 60) + read.Value.Minute : null;

    internal static string Minute(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    internal static Fault? First(params ReadOnlySpan<Fault?> faults)
    {
        foreach (var fault in faults)
        {
            if (fault is not null) return fault;
        }
        return null;
    }
}
