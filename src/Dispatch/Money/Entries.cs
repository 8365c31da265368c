namespace KeyAccountLogistics.Dispatch.Cash;

/// <summary>
/// The entries that events bring, with the reversals of corrected ones, whatever order they arrive in. A correction names an event; the lines under that event are posted again
/// with the other sign under the correction. Lines are never changed. Pure, over what is known of the events concerned.
/// </summary>
internal sealed class Entries
{
    private readonly Dictionary<Guid, List<Posting>> _under = [];
    private readonly Dictionary<Guid, Guid> _corrections = [];
    private readonly List<Posting> _added = [];

    /// <summary>What is to be stored, in the order of coming about.</summary>
    internal IReadOnlyList<Posting> Added => _added;

    /// <summary>Lines stored earlier.</summary>
    internal void Know(Posting stored) => Under(stored.Event).Add(stored);

    /// <summary>That <paramref name="correction"/> corrects <paramref name="corrected"/>. The first correction of an event is the one that counts; a later one has no effect on it.</summary>
    internal void KnowCorrection(Guid corrected, Guid correction) => _corrections.TryAdd(corrected, correction);

    /// <summary>An event comes with its own lines (null: it has none) and, where it corrects another and is the one that counts, with the reversal of that one's.</summary>
    internal void Come(Guid id, Posting? own, Guid? corrects)
    {
        if (own is not null) Post(own);
        if (corrects is not { } named || named == id || !_corrections.TryGetValue(named, out var first) || first != id) return;
        foreach (var posting in Under(named).ToList()) Post(posting.ReversedBy(id));
    }

    // A correction may itself be corrected, and may have come before what it corrects. A fact's lines stand under an event once: they may be there when their correction came in the same
    // batch, and two that name each other end where they meet again.
    private void Post(Posting posting)
    {
        while (Under(posting.Event) is var there && there.All(p => p.Origin != posting.Origin))
        {
            there.Add(posting);
            _added.Add(posting);
            if (!_corrections.TryGetValue(posting.Event, out var correction) || correction == posting.Event) return;
            posting = posting.ReversedBy(correction);
        }
    }

    private List<Posting> Under(Guid id)
    {
        if (!_under.TryGetValue(id, out var postings)) _under[id] = postings = [];
        return postings;
    }
}
