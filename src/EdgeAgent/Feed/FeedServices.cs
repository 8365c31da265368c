using System.Collections.Concurrent;
using KeyAccountLogistics.EdgeAgent.Clocks;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.EdgeAgent.People;
using KeyAccountLogistics.EdgeAgent.Stations;

namespace KeyAccountLogistics.EdgeAgent.Feed;

/// <summary>What the feed works with.</summary>
internal sealed record FeedServices
{
    public required string Depot { get; init; }

    public required string Agent { get; init; }

    /// <summary>The depot's time zone, in which its pages show times: an IANA id.</summary>
    public required string Zone { get; init; }

    public required IReadOnlyDictionary<string, Station> Stations { get; init; }

    public required DepotPeople People { get; init; }

    public required StationSessions Sessions { get; init; }

    public required AgentClock Clock { get; init; }

    public required BlobStore Blobs { get; init; }

    public required StationWatchers Watchers { get; init; }

    public required CancellationToken Stopping { get; init; }

    public required ILogger Log { get; init; }
}

/// <summary>Who watches which station: a change wakes them, however many changes there were, they see the newest. Thread-safe.</summary>
internal sealed class StationWatchers
{
    private readonly ConcurrentDictionary<Subscription, string> _subscriptions = new();

    public Subscription Subscribe(Station station)
    {
        var subscription = new Subscription(this);
        _subscriptions[subscription] = station.Configuration.Id;
        return subscription;
    }

    public void Changed(string station)
    {
        foreach (var (subscription, of) in _subscriptions)
        {
            if (string.Equals(of, station, StringComparison.Ordinal)) subscription.Wake();
        }
    }

    public void ChangedAll()
    {
        foreach (var subscription in _subscriptions.Keys) subscription.Wake();
    }

    internal sealed class Subscription(StationWatchers watchers) : IDisposable
    {
        private readonly SemaphoreSlim _changed = new(0, 1);

        public void Wake()
        {
            // Between the test and the release another change may have woken it: that is the same news.
            if (_changed.CurrentCount > 0) return;
            try
            {
                _changed.Release();
            }
            catch (SemaphoreFullException)
            {
                return;
            }
        }

        /// <summary>Waits for a change or for the time.</summary>
        public Task WaitAsync(TimeSpan atMost, CancellationToken ct) => _changed.WaitAsync(atMost, ct);

        public void Dispose() => watchers._subscriptions.TryRemove(this, out _);
    }
}
