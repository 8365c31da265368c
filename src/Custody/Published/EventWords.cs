using System.Collections.Frozen;
using System.Text;
using KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.Custody.Published;

/// <summary>The words of event kinds in CSV files, pages and prints, as opposed to the enum names of the wire: <c>out_for_delivery</c>. Thread-safe.</summary>
public static class EventWords
{
    private static readonly FrozenDictionary<EventKind, string> Words =
        Enum.GetValues<EventKind>().Where(k => k is not EventKind.Unspecified).ToFrozenDictionary(k => k, k => Snake(k.ToString()));

    private static readonly FrozenDictionary<string, EventKind> Kinds =
        Words.ToFrozenDictionary(w => w.Value.Replace("_", "", StringComparison.Ordinal), w => w.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>The word of a kind; a kind of a later version than this program gives its number.</summary>
    public static string Of(EventKind kind) =>
        Words.TryGetValue(kind, out var word) ? word : ((int)kind).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Reads a word in any usual spelling: <c>out_for_delivery</c>, <c>OutForDelivery</c>, <c>OUT-FOR-DELIVERY</c>. False when there is no such kind.</summary>
    public static bool TryRead(string text, out EventKind kind)
    {
        ArgumentNullException.ThrowIfNull(text);
        var packed = text.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        return Kinds.TryGetValue(packed, out kind);
    }

    private static string Snake(string pascal)
    {
        var word = new StringBuilder(pascal.Length + 4);
        foreach (var c in pascal)
        {
            if (char.IsAsciiLetterUpper(c) && word.Length > 0) word.Append('_');
            word.Append(char.ToLowerInvariant(c));
        }
        return word.ToString();
    }
}
