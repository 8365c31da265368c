namespace KeyAccountLogistics.Verdicts.Terms;

/// <summary>
/// A pair of place patterns: a place code, a prefix ending in <c>*</c>, or <c>*</c> alone. As opposed to a route, which names the nodes between.
/// </summary>
/// <param name="From">The origin's pattern.</param>
/// <param name="To">The destination's pattern.</param>
public sealed record Lane(string From, string To)
{
    /// <summary>From anywhere to anywhere.</summary>
    public static Lane Any { get; } = new("*", "*");

    /// <summary>True when the pattern names both places.</summary>
    public bool Matches(string origin, string destination) => Specificity(From, origin) >= 0 && Specificity(To, destination) >= 0;

    /// <summary>
    /// The row whose lane fits best: the longer the literal part of both patterns the better, a whole code before a prefix; the first of equals.
    /// Null when no row fits.
    /// </summary>
    internal static T? MostSpecific<T>(IEnumerable<T> rows, Func<T, Lane> lane, string origin, string destination)
        where T : class
    {
        T? best = null;
        var bestRank = -1;
        foreach (var row in rows)
        {
            var from = Specificity(lane(row).From, origin);
            var to = Specificity(lane(row).To, destination);
            if (from < 0 || to < 0 || from + to <= bestRank) continue;
            (best, bestRank) = (row, from + to);
        }
        return best;
    }

    private static int Specificity(string pattern, string place)
    {
        if (!pattern.EndsWith('*')) return string.Equals(pattern, place, StringComparison.Ordinal) ? (2 * pattern.Length) + 1 : -1;
        return place.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) ? 2 * (pattern.Length - 1) : -1;
    }

    /// <summary><c>3100 > 32*</c></summary>
    public override string ToString() => $"{From} > {To}";
}
