using System.Collections.Frozen;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>Numbered place patterns - codes, prefixes with a star - and which of them name a place. Finding allocates nothing.</summary>
internal sealed class PlacePatterns
{
    private readonly FrozenDictionary<string, int> _codes;
    private readonly FrozenDictionary<string, int> _prefixes;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _prefixLookup;
    private readonly int[] _lengths;

    /// <summary>The first of equal patterns gives the number.</summary>
    internal PlacePatterns(IReadOnlyList<string> patterns)
    {
        var (codes, prefixes) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        for (var i = 0; i < patterns.Count; i++)
        {
            if (patterns[i].EndsWith('*')) prefixes.TryAdd(patterns[i][..^1], i);
            else codes.TryAdd(patterns[i], i);
        }
        _codes = codes.ToFrozenDictionary(StringComparer.Ordinal);
        _prefixes = prefixes.ToFrozenDictionary(StringComparer.Ordinal);
        _prefixLookup = _prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        _lengths = [.. prefixes.Keys.Select(p => p.Length).Distinct().OrderDescending()];
    }

    /// <summary>The number of the most specific pattern; -1 when none names the place.</summary>
    internal int Best(string place)
    {
        var number = -1;
        if (_codes.Count != 0 && _codes.TryGetValue(place, out number)) return number;
        foreach (var length in _lengths)
        {
            if (length <= place.Length && _prefixLookup.TryGetValue(place.AsSpan(0, length), out number)) return number;
        }
        return -1;
    }
}

/// <summary>
/// Lanes ready to be found: what <see cref="Lane.MostSpecific"/> finds by looking at every row, found by look-up. Every pattern that names a place is the start of the longest that does, so the longest
/// of each end decides which rows fit, and the best row of each pair of them is found once.
/// </summary>
internal sealed class LaneTable
{
    // 4 MB; a table with more pairs is searched for each pair that is asked for.
    private const int PairsMax = 1 << 20;

    private readonly Lane[] _lanes;
    private readonly string[] _from;
    private readonly string[] _to;
    private readonly PlacePatterns _fromPatterns;
    private readonly PlacePatterns _toPatterns;
    private readonly Dictionary<(string From, string To), int> _rowOf = [];
    private readonly int[]? _rowOfPair;

    internal LaneTable(IReadOnlyList<Lane> lanes)
    {
        _lanes = [.. lanes];
        _from = [.. lanes.Select(l => l.From).Distinct(StringComparer.Ordinal)];
        _to = [.. lanes.Select(l => l.To).Distinct(StringComparer.Ordinal)];
        (_fromPatterns, _toPatterns) = (new PlacePatterns(_from), new PlacePatterns(_to));
        for (var row = 0; row < _lanes.Length; row++) _rowOf.TryAdd((_lanes[row].From, _lanes[row].To), row);
        if ((long)_from.Length * _to.Length > PairsMax) return;
        _rowOfPair = new int[_from.Length * _to.Length];
        for (var pair = 0; pair < _rowOfPair.Length; pair++) _rowOfPair[pair] = Search(pair / _to.Length, pair % _to.Length);
    }

    /// <summary>The number of the row that fits best, the first of equals; -1 when none fits.</summary>
    internal int Find(string origin, string destination)
    {
        var from = _fromPatterns.Best(origin);
        if (from < 0) return -1;
        var to = _toPatterns.Best(destination);
        if (to < 0) return -1;
        return _rowOfPair is { } found ? found[(from * _to.Length) + to] : Search(from, to);
    }

    // The patterns that name a place whose longest pattern is known: itself, then every shorter beginning with a star. How specific each is counts as Lane counts.
    private int Search(int from, int to)
    {
        var (best, bestRank) = (-1, -1);
        foreach (var (origin, originRank) in Beginnings(_from[from]))
        {
            foreach (var (destination, destinationRank) in Beginnings(_to[to]))
            {
                var rank = originRank + destinationRank;
                if (rank < bestRank || !_rowOf.TryGetValue((origin, destination), out var row) || (rank == bestRank && row > best)) continue;
                (best, bestRank) = (row, rank);
            }
        }
        return best;
    }

    private static IEnumerable<(string Pattern, int Rank)> Beginnings(string longest)
    {
        var literal = longest.EndsWith('*') ? longest[..^1] : longest;
        if (literal.Length == longest.Length) yield return (longest, (2 * literal.Length) + 1);
        for (var length = literal.Length; length >= 0; length--) yield return (string.Concat(literal.AsSpan(0, length), "*"), 2 * length);
    }
}
