using System.Collections.Immutable;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>Every lane that has a price has a promise: some row of the transit table holds the whole of it.</summary>
internal static class PromiseCovers
{
    internal static void EveryLane(ImmutableArray<TariffRead> tariffs, PromiseTerms promise)
    {
        if (promise.Transit.IsEmpty) return;   // the table could not be read, which is told
        var transit = promise.Transit.Select(t => t.Lane).ToHashSet();
        if (transit.Contains(Lane.Any)) return;
        var origins = transit.Select(l => l.From).ToHashSet(StringComparer.Ordinal);
        var destinations = transit.Select(l => l.To).ToHashSet(StringComparer.Ordinal);
        foreach (var (lane, row) in tariffs.SelectMany(t => t.Zones.Lanes))
        {
            var from = Wider(lane.From, origins);
            var to = Wider(lane.To, destinations);
            if (!from.Any(f => to.Any(t => transit.Contains(new Lane(f, t))))) row.Mistake("to", $"the lane {lane} has a price and no promise: no row of promise.transit holds all of it.");
        }
    }

    // The patterns that hold everything the pattern holds: itself, and its prefixes with a star. Only those that occur, so that long codes cost no more than short.
    private static List<string> Wider(string pattern, HashSet<string> known)
    {
        var wider = new List<string>();
        if (known.Contains(pattern)) wider.Add(pattern);
        for (var length = pattern.EndsWith('*') ? pattern.Length - 2 : pattern.Length; length >= 0; length--)
        {
            var prefix = string.Concat(pattern.AsSpan(0, length), "*");
            if (known.Contains(prefix)) wider.Add(prefix);
        }
        return wider;
    }
}
