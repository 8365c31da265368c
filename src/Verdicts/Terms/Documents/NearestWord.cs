namespace KeyAccountLogistics.Verdicts.Terms.Documents;

/// <summary>The known word that somebody who wrote an unknown one most likely meant.</summary>
internal static class NearestWord
{
    private const int LengthMax = 64;

    /// <summary>The word at the smallest edit distance, where that is at most a third of its length (at least one); null when none is near.</summary>
    internal static string? Of(string unknown, IEnumerable<string> known)
    {
        if (unknown.Length is 0 or > LengthMax) return null;
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var word in known)
        {
            var distance = Distance(unknown.ToLowerInvariant(), word.ToLowerInvariant());
            if (distance >= bestDistance || distance > Math.Max(1, word.Length / 3)) continue;
            (best, bestDistance) = (word, distance);
        }
        return best;
    }

    // Optimal string alignment: insertions, deletions, replacements, and neighbours swapped.
    private static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) cost[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) cost[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var same = a[i - 1] == b[j - 1] ? 0 : 1;
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }
        return cost[a.Length, b.Length];
    }
}
