using System.Collections.Concurrent;
using System.Text;

namespace KeyAccountLogistics.Verdicts;

/// <summary>The one spelling of a closed reason on the wire, in the database, in URLs and pages: <c>NotScanned</c> is <c>not_scanned</c>.</summary>
public static class ReasonCode
{
    private static readonly ConcurrentDictionary<Enum, string> Known = new();

    /// <summary>The code of a reason. A value that is not one of its type throws <see cref="ArgumentOutOfRangeException"/>.</summary>
    public static string Of(Enum reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return Known.GetOrAdd(reason, static r =>
        {
            if (!Enum.IsDefined(r.GetType(), r)) throw new ArgumentOutOfRangeException(nameof(reason), r, "Not a reason of this kind.");
            var code = new StringBuilder();
            foreach (var letter in r.ToString())
            {
                if (char.IsAsciiLetterUpper(letter) && code.Length > 0) code.Append('_');
                code.Append(char.ToLowerInvariant(letter));
            }
            return code.ToString();
        });
    }
}
