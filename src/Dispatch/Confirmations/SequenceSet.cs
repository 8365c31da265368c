using System.Globalization;

namespace KeyAccountLogistics.Dispatch.Confirmations;

/// <summary>Which numbers of a phone's journal have been seen, as ranges; what is missing below the highest is the gap report. Numbers count from 1. Immutable.</summary>
internal sealed class SequenceSet
{
    /// <summary>A phone that loses more than so many stretches is reported as such and begins a new journal.</summary>
    internal const int RangesMax = 200;

    private readonly (long First, long Last)[] _ranges;

    private SequenceSet((long, long)[] ranges) => _ranges = ranges;

    internal static SequenceSet Empty { get; } = new([]);

    internal bool IsFull => _ranges.Length >= RangesMax;

    internal IReadOnlyList<(long First, long Last)> Gaps =>
        [.. _ranges.Select((r, i) => (First: i == 0 ? 1 : _ranges[i - 1].Last + 1, Last: r.First - 1)).Where(g => g.First <= g.Last)];

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    internal static SequenceSet Read(string text) => new([.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(r => r.Split('-')).Select(r => (Number(r[0]), Number(r[1])))]);

    internal SequenceSet With(long first, long last)
    {
        if (first > last) return this;
        var merged = new List<(long First, long Last)>(_ranges.Length + 1);
        foreach (var range in _ranges.Append((First: first, Last: last)).OrderBy(r => r.First).ThenBy(r => r.Last))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1) merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else merged.Add(range);
        }
        return new SequenceSet([.. merged]);
    }

    public override string ToString() => string.Join(',', _ranges.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.First}-{r.Last}")));

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
