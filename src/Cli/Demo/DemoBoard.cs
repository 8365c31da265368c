using System.Collections.Concurrent;
using KeyAccountLogistics.Api.Edge.V1;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>What the demonstration has seen so far: written by the clerks, read by the screen and the summary. Thread-safe.</summary>
internal sealed class DemoBoard
{
    private readonly ConcurrentDictionary<string, StationState> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _headlines = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _notes = new();
    private int _parcels;
    private int _handovers;
    private int _missed;
    private int _cablesPulled;

    public int Parcels => _parcels;

    public int Handovers => _handovers;

    /// <summary>Parcels that no verdict or clear answer came for in time; none is expected.</summary>
    public int Missed => _missed;

    public int CablesPulled => _cablesPulled;

    public IReadOnlyDictionary<string, int> Headlines => _headlines;

    public IEnumerable<StationState> States => _states.Values.OrderBy(one => one.Station, StringComparer.Ordinal);

    public IEnumerable<string> Notes => _notes;

    public void Show(StationState state) => _states[state.Station] = state;

    public void Answered(string headline)
    {
        Interlocked.Increment(ref _parcels);
        _headlines.AddOrUpdate(headline, 1, static (_, n) => n + 1);
    }

    public void HandedOver() => Interlocked.Increment(ref _handovers);

    public void CablePulled() => Interlocked.Increment(ref _cablesPulled);

    public void Miss(string what)
    {
        Interlocked.Increment(ref _missed);
        Note(what);
    }

    public void Note(string what)
    {
        _notes.Enqueue(what);
        while (_notes.Count > 8) _notes.TryDequeue(out _);
    }
}
