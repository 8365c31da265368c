using System.Collections.Concurrent;
using System.Threading.Channels;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Watching;

/// <summary>A committed event on its way to those who look on.</summary>
internal sealed record CommittedEvent(Guid Id, long Position, int SourceId, long? ParcelId, long ReceivedUs, LifeFact Fact);

/// <summary>
/// What was just committed, by this process at once and by others within seconds (<see cref="JournalTail"/>), for those who look on. For eyes only: a watcher that cannot
/// keep up loses the oldest entries, and whoever needs every event reads the journal. Thread-safe.
/// </summary>
internal sealed class CommittedFeed
{
    internal const int WaitingMax = 1_000;
    internal const int WatchersMax = 1_000;
    private const int RememberedMax = 50_000;
    private readonly ConcurrentDictionary<Watcher, byte> _watchers = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _offered = [];
    private readonly Queue<Guid> _order = new();

    internal bool IsWatched => !_watchers.IsEmpty;

    /// <summary>Null when there are too many watchers already. Dispose the watcher to leave.</summary>
    internal Watcher? Watch(Func<CommittedEvent, bool> wants)
    {
        if (_watchers.Count >= WatchersMax) return null;
        var watcher = new Watcher(this, wants);
        _watchers.TryAdd(watcher, 0);
        return watcher;
    }

    internal void Publish(IReadOnlyList<AppendedEvent> events)
    {
        if (!IsWatched) return;
        foreach (var e in events) Offer(new CommittedEvent(e.Id, e.Position, e.SourceId, e.ParcelId, e.ReceivedAt.ToUnixMicros(), CustodyRun.FactOf(e)));
    }

    /// <summary>Offers an event to the watchers, once, whoever found it first.</summary>
    internal void Offer(CommittedEvent e)
    {
        lock (_gate)
        {
            if (!_offered.Add(e.Id)) return;
            _order.Enqueue(e.Id);
            if (_order.Count > RememberedMax) _offered.Remove(_order.Dequeue());
        }
        foreach (var (watcher, _) in _watchers) watcher.Offer(e);
    }

    internal sealed class Watcher(CommittedFeed feed, Func<CommittedEvent, bool> wants) : IDisposable
    {
        private readonly Channel<CommittedEvent> _waiting = Channel.CreateBounded<CommittedEvent>(
            new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

        internal ChannelReader<CommittedEvent> Events => _waiting.Reader;

        public void Dispose()
        {
            feed._watchers.TryRemove(this, out _);
            _waiting.Writer.TryComplete();
        }

        internal void Offer(CommittedEvent e)
        {
            if (wants(e)) _waiting.Writer.TryWrite(e);
        }
    }
}
