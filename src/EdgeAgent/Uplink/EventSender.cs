using Google.Protobuf;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Clocks;
using KeyAccountLogistics.EdgeAgent.Journal;
using KeyAccountLogistics.EdgeAgent.Stations;

namespace KeyAccountLogistics.EdgeAgent.Uplink;

/// <summary>
/// Decides what goes up next on one connection: what the present boot has just journalled first, the backlog in what room is left. Within a boot always
/// in order; between boots order does not matter, since the backend knows events by boot and sequence. Not thread-safe but for <see cref="Acknowledged"/>.
/// </summary>
internal sealed class EventSender(CaptureJournal journal, AgentClock clock, UplinkLimits limits) : IDisposable
{
    private readonly Dictionary<Guid, JournalReader> _readers = [];
    private readonly Lock _gate = new();
    private readonly List<(Guid Boot, ulong Last, int Events, bool Backlog, long SentMicros)> _underWay = [];
    private long _backlogNotBefore;
    private int _window = limits.BatchEvents;
    private int _batch = limits.BatchEvents;

    /// <summary>What the backend's welcome allows.</summary>
    public void Allow(int windowEvents, int batchEventsMax)
    {
        _batch = Math.Clamp(batchEventsMax, 1, limits.BatchEvents);
        _window = Math.Max(_batch, windowEvents);
    }

    public int UnderWay
    {
        get { lock (_gate) return _underWay.Sum(static u => u.Events); }
    }

    /// <summary>
    /// The next batch to send; null when there is nothing, or no room until something is acknowledged. <paramref name="rest"/> is how long the backlog still
    /// rests, when only that holds it back.
    /// </summary>
    public EventBatch? Next(out TimeSpan? rest)
    {
        rest = null;
        int room, backlogBatches;
        long restMicros;
        lock (_gate)
        {
            room = _window - _underWay.Sum(static u => u.Events);
            backlogBatches = _underWay.Count(static u => u.Backlog);
            restMicros = _backlogNotBefore - clock.MonotonicMicros;
        }
        if (room <= 0) return null;
        var unsent = journal.Unsent();
        var present = journal.CurrentBoot;
        foreach (var range in unsent.Reverse())
        {
            if (range.Boot == present && Batch(range, room, backlog: false) is { } live) return live;
        }
        if (backlogBatches >= limits.BacklogBatches) return null;
        foreach (var range in unsent)
        {
            if (range.Boot == present) continue;
            if (restMicros > 0)
            {
                rest = TimeSpan.FromMicroseconds(restMicros);
                return null;
            }
            if (Batch(range, room, backlog: true) is { } old) return old;
        }
        return null;
    }

    /// <summary>Everything of the boot up to the sequence is safe.</summary>
    public void Acknowledged(Guid boot, ulong upTo)
    {
        var now = clock.MonotonicMicros;
        lock (_gate)
        {
            foreach (var done in _underWay)
            {
                if (done.Backlog && done.Boot == boot && done.Last <= upTo) _backlogNotBefore = now + Math.Min(limits.BacklogRest * (now - done.SentMicros), limits.BacklogRestMax.Ticks / 10);
            }
            _underWay.RemoveAll(u => u.Boot == boot && u.Last <= upTo);
        }
        journal.Acknowledge(boot, upTo);
    }

    public void Dispose()
    {
        foreach (var reader in _readers.Values) reader.Dispose();
        _readers.Clear();
    }

    private EventBatch? Batch(UnsentRange range, int room, bool backlog)
    {
        if (!_readers.TryGetValue(range.Boot, out var reader)) _readers[range.Boot] = reader = new JournalReader(journal, range.Boot, range.First);
        if (reader.Next > range.Last) return null;
        var events = reader.Read(Math.Min(_batch, room), limits.BatchBytes);
        if (events.Count == 0) return null;
        var batch = new EventBatch
        {
            Boot = FactMaker.ToBytes(range.Boot),
            FirstSequence = events[0].Sequence,
            Clock = EvidenceOf(range.OfThisProcess ? clock.Evidence() : range.Clock),
        };
        // The bytes go out verbatim, exactly as journalled; they are not touched again, so no copy is needed.
        foreach (var (_, body) in events) batch.Events.Add(UnsafeByteOperations.UnsafeWrap(body));
        lock (_gate) _underWay.Add((range.Boot, events[^1].Sequence, events.Count, backlog, clock.MonotonicMicros));
        return batch;
    }

    public static ClockEvidence EvidenceOf(BootClock? clock) => clock is null ? new ClockEvidence() : new ClockEvidence
    {
        ContactInBoot = clock.MetServer,
        ContactServerUs = clock.ContactServerMicros,
        ContactMonotonicUs = clock.ContactMonotonicMicros,
        ContactUncertaintyUs = clock.UncertaintyMicros,
        PreviousContactUs = clock.PreviousContactMicros,
        WallOffsetUs = clock.WallOffsetMicros,
    };
}
