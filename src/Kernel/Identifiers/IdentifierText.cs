namespace KeyAccountLogistics.Kernel;

/// <summary>
/// Puts right what keyboards, Chinese input methods and printed spacing do to an identifier, without guessing at its characters: an O stays an O.
/// </summary>
internal static class IdentifierText
{
    /// <summary>Longest text looked at; beyond it nothing is an identifier (law 10).</summary>
    internal const int LengthMax = 200;

    /// <summary>
    /// Full-width forms become ASCII, every dash becomes a hyphen, blanks and invisible characters go, ASCII letters become capitals. Anything else stays, for the
    /// parser to refuse. Null when the text is longer than <see cref="LengthMax"/>.
    /// </summary>
    internal static string? Canonical(ReadOnlySpan<char> text)
    {
        if (text.Length > LengthMax) return null;
        Span<char> kept = stackalloc char[LengthMax];
        var length = 0;
        foreach (var raw in text)
        {
            var c = raw is >= '\uFF01' and <= '\uFF5E' ? (char)(raw - 0xFEE0) : raw;
            if (char.IsWhiteSpace(c) || IsInvisible(c)) continue;
            if (IsDash(c)) c = '-';
            kept[length++] = char.IsAsciiLetterLower(c) ? (char)(c - 32) : c;
        }
        return new string(kept[..length]);
    }

    internal static bool IsDigits(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
        }
        return text.Length > 0;
    }

    internal static bool IsCapitals(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterUpper(c)) return false;
        }
        return text.Length > 0;
    }

    // Soft hyphen, zero-width space to right-to-left mark, word joiner, byte-order mark.
    private static bool IsInvisible(char c) => c is '\u00AD' or (>= '\u200B' and <= '\u200F') or '\u2060' or '\uFEFF';

    // Hyphen to horizontal bar, minus sign, small and half-width katakana dashes: what a Chinese or Japanese keyboard may type for "-".
    private static bool IsDash(char c) => c is '-' or (>= '\u2010' and <= '\u2015') or '\u2212' or '\uFE58' or '\uFE63' or '\u30FC';
}
