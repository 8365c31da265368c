using System.Collections.Concurrent;
using System.Threading.Channels;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Custody.WatchDepot;

/// <summary>
/// What this process has just committed, for those who look on. For eyes only: a watcher that cannot keep up loses the oldest entries, and whoever needs every event reads
/// the journal. Thread-safe.
/// </summary>
internal sealed class CommittedFeed
{
    internal const int WaitingMax = 1_000;
    internal const int WatchersMax = 1_000;
    private readonly ConcurrentDictionary<Watcher, byte> _watchers = new();

    /// <summary>Null when there are too many watchers already. Dispose the watcher to leave.</summary>
    internal Watcher? Watch(Func<ParcelEvent, bool> wants)
    {
        if (_watchers.Count >= WatchersMax) return null;
        var watcher = new Watcher(this, wants);
        _watchers.TryAdd(watcher, 0);
        return watcher;
    }

    internal void Publish(IReadOnlyList<AppendedEvent> events)
    {
        if (_watchers.IsEmpty) return;
        foreach (var e in events)
        {
            foreach (var (watcher, _) in _watchers) watcher.Offer(e);
        }
    }

    internal sealed class Watcher(CommittedFeed feed, Func<ParcelEvent, bool> wants) : IDisposable
    {
        private readonly Channel<AppendedEvent> _waiting = Channel.CreateBounded<AppendedEvent>(
            new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

        internal ChannelReader<AppendedEvent> Events => _waiting.Reader;

        public void Dispose()
        {
            feed._watchers.TryRemove(this, out _);
            _waiting.Writer.TryComplete();
        }

        internal void Offer(AppendedEvent e)
        {
            if (wants(e.Event)) _waiting.Writer.TryWrite(e);
        }
    }
}
