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

    /// <summary>The most patterns that can name one place.</summary>
    internal int MatchesMax => _lengths.Length + 1;

    /// <summary>The numbers of the patterns that name a place, the longest first, and how specific each is (as <see cref="Lane"/> counts: a code before a prefix of its length).</summary>
    internal int Find(string place, Span<int> numbers, Span<int> specific)
    {
        var count = 0;
        if (_codes.TryGetValue(place, out var number)) (numbers[count], specific[count++]) = (number, (2 * place.Length) + 1);
        foreach (var length in _lengths)
        {
            if (length <= place.Length && _prefixLookup.TryGetValue(place.AsSpan(0, length), out number)) (numbers[count], specific[count++]) = (number, 2 * length);
        }
        return count;
    }

    /// <summary>The number of the most specific pattern; -1 when none names the place.</summary>
    internal int Best(string place)
    {
        if (_codes.TryGetValue(place, out var number)) return number;
        foreach (var length in _lengths)
        {
            if (length <= place.Length && _prefixLookup.TryGetValue(place.AsSpan(0, length), out number)) return number;
        }
        return -1;
    }
}

/// <summary>Lanes ready to be found: what <see cref="Lane.MostSpecific"/> finds by looking at every row, found by look-up.</summary>
internal sealed class LaneTable
{
    private readonly PlacePatterns _from;
    private readonly PlacePatterns _to;
    private readonly FrozenDictionary<long, int> _rows;

    internal LaneTable(IReadOnlyList<Lane> lanes)
    {
        string[] from = [.. lanes.Select(l => l.From).Distinct(StringComparer.Ordinal)];
        string[] to = [.. lanes.Select(l => l.To).Distinct(StringComparer.Ordinal)];
        (_from, _to) = (new PlacePatterns(from), new PlacePatterns(to));
        var rows = new Dictionary<long, int>();
        var numberOfFrom = Numbered(from);
        var numberOfTo = Numbered(to);
        for (var row = 0; row < lanes.Count; row++) rows.TryAdd(Key(numberOfFrom[lanes[row].From], numberOfTo[lanes[row].To]), row);
        _rows = rows.ToFrozenDictionary();
    }

    /// <summary>The number of the row that fits best, the first of equals; -1 when none fits.</summary>
    internal int Find(string origin, string destination)
    {
        Span<int> from = stackalloc int[_from.MatchesMax];
        Span<int> fromRank = stackalloc int[_from.MatchesMax];
        Span<int> to = stackalloc int[_to.MatchesMax];
        Span<int> toRank = stackalloc int[_to.MatchesMax];
        var (froms, tos) = (_from.Find(origin, from, fromRank), _to.Find(destination, to, toRank));
        var (best, bestRank) = (-1, -1);
        for (var i = 0; i < froms; i++)
        {
            for (var j = 0; j < tos; j++)
            {
                var rank = fromRank[i] + toRank[j];
                if (rank < bestRank || !_rows.TryGetValue(Key(from[i], to[j]), out var row) || (rank == bestRank && row > best)) continue;
                (best, bestRank) = (row, rank);
            }
        }
        return best;
    }

    private static Dictionary<string, int> Numbered(string[] patterns) => patterns.Select((p, i) => (p, i)).ToDictionary(n => n.p, n => n.i, StringComparer.Ordinal);

    private static long Key(int from, int to) => ((long)from << 32) | (uint)to;
}
