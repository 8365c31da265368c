using System.Runtime.InteropServices;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.ServiceLevels.Proving;

/// <summary>The parts of chains that an extract holds: where two events stand next to each other the later one names the earlier one's hash; what lies between others is not known here.</summary>
internal sealed class ChainParts
{
    private readonly Dictionary<string, Dictionary<long, Link>> _sources = new(StringComparer.Ordinal);

    /// <summary>Chains of which some event is here.</summary>
    internal int Sources => _sources.Count;

    /// <summary>Neighbours whose link was proved; after <see cref="Broken"/>.</summary>
    internal long Links { get; private set; }

    /// <summary>Places where other events stand between ours; after <see cref="Broken"/>.</summary>
    internal long Gaps { get; private set; }

    /// <summary>False when another event stands at its place. The same event may come with a parcel and with an order.</summary>
    internal bool Add(ExtractedEvent e)
    {
        ref var chain = ref CollectionsMarshal.GetValueRefOrAddDefault(_sources, e.Source, out _);
        chain ??= [];
        return chain.TryAdd(e.ChainIndex, new Link(e.Previous, e.Hash)) || chain[e.ChainIndex].Hash.Span.SequenceEqual(e.Hash.Span);
    }

    internal IEnumerable<string> Broken()
    {
        foreach (var (source, chain) in _sources.OrderBy(static s => s.Key, StringComparer.Ordinal))
        {
            long? before = null;
            foreach (var index in chain.Keys.Order())
            {
                if (before is not { } last) Gaps += index > 1 ? 1 : 0;
                else if (index > last + 1) Gaps++;
                else if (chain[index].Previous.Span.SequenceEqual(chain[last].Hash.Span)) Links++;
                else yield return FormattableString.Invariant($"Events {last} and {index} of the chain {source} are not linked: the later one stands on another hash than the earlier one's.");
                before = index;
            }
        }
    }

    private readonly record struct Link(ReadOnlyMemory<byte> Previous, ReadOnlyMemory<byte> Hash);
}
