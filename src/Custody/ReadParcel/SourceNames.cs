using System.Collections.Concurrent;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Custody.Reading;

/// <summary>The names of the journal's sources by number; they never change once given. Thread-safe.</summary>
internal sealed class SourceNames(IJournalReader journal)
{
    private readonly ConcurrentDictionary<int, string> _names = new();

    internal async ValueTask<string> OfAsync(Guid eventId, int sourceId, CancellationToken ct)
    {
        if (_names.TryGetValue(sourceId, out var known)) return known;
        return await journal.FindAsync(eventId, ct) is { } e ? await OfAsync(e, ct) : "";
    }

    internal async ValueTask<string> OfAsync(JournalledEvent e, CancellationToken ct)
    {
        if (_names.TryGetValue(e.SourceId, out var known)) return known;
        return await journal.ProvenanceAsync(e, ct) is { } provenance ? _names[e.SourceId] = provenance.Source : "";
    }
}
