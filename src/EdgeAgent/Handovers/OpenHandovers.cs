using KeyAccountLogistics.EdgeAgent.Journal;

namespace KeyAccountLogistics.EdgeAgent.Handovers;

/// <summary>
/// Which parcels are in which open handover, over all stations of the agent: a parcel is in one at most (law 7). Keeps the journal from deleting what an
/// open handover is folded from. Thread-safe.
/// </summary>
internal sealed class OpenHandovers(CaptureJournal journal)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _handoverOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (IReadOnlyList<string> Parcels, (Guid Boot, ulong Sequence)? From)> _open = new(StringComparer.Ordinal);

    /// <summary>Takes the parcels for a handover that is about to be opened; null, or the parcels that are in another one with that one's id.</summary>
    public IReadOnlyDictionary<string, string> Reserve(string handover, IReadOnlyList<string> parcels)
    {
        lock (_gate)
        {
            var taken = parcels.Where(_handoverOf.ContainsKey).Distinct(StringComparer.Ordinal).ToDictionary(static p => p, p => _handoverOf[p], StringComparer.Ordinal);
            if (taken.Count > 0) return taken;
            foreach (var parcel in parcels) _handoverOf[parcel] = handover;
            _open[handover] = (parcels, null);
            return taken;
        }
    }

    /// <summary>The opening fact is in the journal, or was found there.</summary>
    public void Journalled(string handover, Guid boot, ulong sequence)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(handover, out var open)) _open[handover] = open with { From = (boot, sequence) };
            Pin();
        }
    }

    /// <summary>Confirmed by both, abandoned, or never opened.</summary>
    public void Release(string handover)
    {
        lock (_gate)
        {
            if (!_open.Remove(handover, out var open)) return;
            foreach (var parcel in open.Parcels) _handoverOf.Remove(parcel);
            Pin();
        }
    }

    private void Pin() => journal.Pin([.. _open.Values.Select(static o => o.From).OfType<(Guid, ulong)>()]);
}
