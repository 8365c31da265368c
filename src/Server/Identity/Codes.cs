using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Server.Identity;

/// <summary>The written form of the codes that scopes are made of.</summary>
internal static class Codes
{
    internal const string Every = "*";
    internal const int LengthMax = 64;
    internal const int CountMax = 1_000;

    /// <summary>Null when every code is letters, digits, <c>-</c>, <c>_</c> or <c>.</c>, or the list is the one word <c>*</c>.</summary>
    internal static Fault? Refuse(IReadOnlyList<string> codes, string field)
    {
        if (codes.Count > CountMax) return new Fault.Invalid(field, "scope.too_long", $"At most {CountMax} codes, or * for all of them.");
        if (codes is [Every]) return null;
        return codes.FirstOrDefault(code => !IsCode(code)) is { } wrong
            ? new Fault.Invalid(field, "scope.malformed", $"'{Shown(wrong)}' is not a code of letters, digits, '-', '_' and '.', up to {LengthMax} long; * stands alone.")
            : null;
    }

    internal static bool IsCode(string code) => code.Length is > 0 and <= LengthMax && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>The list as a caller's reach: null is everything.</summary>
    internal static IReadOnlyList<string>? Reach(string[] codes) => codes is [Every] ? null : codes;

    /// <summary>Whether a reach lies within another: nobody gives away more than they have.</summary>
    internal static bool Within(IReadOnlyList<string> asked, IReadOnlyList<string>? own) =>
        own is null || (asked is not [Every] && asked.All(code => own.Contains(code, StringComparer.Ordinal)));

    internal static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
