using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>
/// The sequences of one boot that are known, as disjoint, non-touching ranges in ascending order: normally one. What lies between them is the gap report.
/// Not thread-safe; a transaction works on a <see cref="Copy"/>.
/// </summary>
internal sealed class SequenceRanges
{
    // A source that leaves this many holes is broken or hostile; its next hole is refused until they are filled.
    internal const int CountMax = 10_000;

    private readonly List<(long First, long Last)> _ranges;

    internal SequenceRanges() => _ranges = [];

    private SequenceRanges(List<(long First, long Last)> ranges) => _ranges = ranges;

    internal IReadOnlyList<(long First, long Last)> Ranges => _ranges;

    internal bool IsFull => _ranges.Count >= CountMax;

    /// <summary>The last sequence up to which nothing is missing, counted from 1; 0 when the first is missing.</summary>
    internal long ContiguousFromOne => _ranges.Count > 0 && _ranges[0].First == 1 ? _ranges[0].Last : 0;

    internal static SequenceRanges Of(IEnumerable<(long First, long Last)> ordered)
    {
        var ranges = new SequenceRanges(ordered.ToList());
        for (var i = 0; i < ranges._ranges.Count; i++)
        {
            Invariant.Holds(ranges._ranges[i].First <= ranges._ranges[i].Last, "a range is not empty");
            Invariant.Holds(i == 0 || ranges._ranges[i - 1].Last < ranges._ranges[i].First, "ranges are disjoint and ascending");
        }
        return ranges;
    }

    internal SequenceRanges Copy() => new([.. _ranges]);

    internal bool Contains(long sequence)
    {
        var at = IndexOfLastStartingAtOrBefore(sequence);
        return at >= 0 && _ranges[at].Last >= sequence;
    }

    internal bool ContainsAll(long first, long last)
    {
        var at = IndexOfLastStartingAtOrBefore(first);
        return at >= 0 && _ranges[at].Last >= last;
    }

    /// <summary>Adds a range. Tells what the table must forget (by first sequence) and the one range that now stands there.</summary>
    internal (IReadOnlyList<long> Forgotten, long First, long Last) Add(long first, long last)
    {
        Invariant.Holds(first >= 1 && first <= last, "a range of sequences starts at 1 or later and is not empty");
        var from = IndexOfLastStartingAtOrBefore(first);
        // Touching counts as overlapping: 1-3 and 4-6 are one range.
        if (from < 0 || _ranges[from].Last < first - 1) from++;
        var forgotten = new List<long>();
        while (from < _ranges.Count && _ranges[from].First <= last + 1)
        {
            var old = _ranges[from];
            (first, last) = (Math.Min(first, old.First), Math.Max(last, old.Last));
            forgotten.Add(old.First);
            _ranges.RemoveAt(from);
        }
        _ranges.Insert(from, (first, last));
        forgotten.Remove(first);
        return (forgotten, first, last);
    }

    /// <summary>The holes, counted from sequence 1.</summary>
    internal IEnumerable<(long First, long Last)> Gaps()
    {
        var expected = 1L;
        foreach (var (first, last) in _ranges)
        {
            if (first > expected) yield return (expected, first - 1);
            expected = last + 1;
        }
    }

    private int IndexOfLastStartingAtOrBefore(long sequence)
    {
        var (low, high) = (0, _ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].First <= sequence) low = middle + 1;
            else high = middle - 1;
        }
        return high;
    }
}
