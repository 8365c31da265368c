using System.Globalization;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Server.Access;

/// <summary>Pages of lists (law 10): so many rows, and where the next page begins.</summary>
internal static class Paging
{
    internal const int SizeDefault = 100;
    internal const int SizeMax = 500;

    internal static int Size(int asked) => asked <= 0 ? SizeDefault : Math.Min(asked, SizeMax);

    /// <summary>The number in a page token; null for the first page.</summary>
    internal static Outcome<long?> Number(string token)
    {
        if (token.Length == 0) return Outcome<long?>.Ok(null);
        return long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Outcome<long?>.Ok(number)
            : new Fault.Invalid("page_token", "page.malformed", "The page token is not one that this list gave out.");
    }

    /// <summary>Cuts one row more than a page down to the page; the token names its last row when there is more.</summary>
    internal static (List<T> Page, string Next) Cut<T>(List<T> rows, int size, Func<T, string> token) =>
        rows.Count > size ? (rows[..size], token(rows[size - 1])) : (rows, string.Empty);
}
