using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>What a writer remembers of a source between transactions: the head of its chain and what it has sent. Replaced as a whole on commit, never changed in place.</summary>
internal sealed class SourceState
{
    private const int BootsMax = 16;

    internal required int Id { get; init; }

    internal required JournalSource Source { get; init; }

    internal required long HeadIndex { get; set; }

    internal required ReadOnlyMemory<byte> HeadHash { get; set; }

    internal required long LastContactUs { get; set; }

    internal required byte[]? LastEvidence { get; set; }

    internal Dictionary<Guid, BootState> Boots { get; private init; } = [];

    /// <summary>A copy that a transaction may change; kept if it commits.</summary>
    internal SourceState Draft()
    {
        var draft = new SourceState
        {
            // A copy of its own: the slice of a batch's hashes would keep them all alive.
            Id = Id, Source = Source, HeadIndex = HeadIndex, HeadHash = HeadHash.ToArray(), LastContactUs = LastContactUs, LastEvidence = LastEvidence,
            Boots = new Dictionary<Guid, BootState>(Boots),
        };
        // An agent that restarts daily for years leaves thousands of boots in the table; only the present few are worth memory.
        if (draft.Boots.Count > BootsMax) draft.Boots.Clear();
        return draft;
    }
}

/// <summary>One boot's row and the sequences known of it. Ranges are copied before they are changed.</summary>
internal sealed record BootState(int Id, SequenceRanges Known);

/// <summary>A writer's sources, bounded. Only its writer changes it; readers see whole states.</summary>
internal sealed class SourceCache
{
    private const int SourcesMax = 20_000;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, SourceState> _states = new(StringComparer.Ordinal);

    internal SourceState? Find(string source) => _states.GetValueOrDefault(source);

    internal void Keep(IEnumerable<SourceState> drafts)
    {
        if (_states.Count > SourcesMax) _states.Clear();
        foreach (var draft in drafts) _states[draft.Source.Name] = draft;
    }

    internal void Forget(IEnumerable<string> sources)
    {
        foreach (var source in sources) _states.TryRemove(source, out _);
    }
}
