using KeyAccountLogistics.Api.Edge.V1;

namespace KeyAccountLogistics.Journal;

/// <summary>
/// Something a depot's agent holds a copy of, under a version: its people, the terms in force, what the depot expects. The link that serves the agent sends what is newer
/// than the copy when it opens and whenever the feed says that it changed. Register implementations as singletons. Thread-safe.
/// </summary>
public interface IDepotFeed
{
    /// <summary>Raised in this process at a change; changes of other processes are found by looking every few seconds.</summary>
    event Action? Changed;

    /// <summary>How old a copy may grow before it is sent again unchanged; null = it does not age.</summary>
    TimeSpan? RefreshAfter { get; }

    /// <summary>The version named in the agent's hello.</summary>
    ulong HeldBy(Hello hello);

    /// <summary>The messages that bring a copy of version <paramref name="held"/> (0 = none) up to date, and the version it then has; none when it is up to date.</summary>
    Task<FeedUpdate> SinceAsync(string depot, ulong held, CancellationToken ct);
}

/// <summary>What to send, in order, and the version the copy has afterwards.</summary>
public readonly record struct FeedUpdate(ulong Version, IReadOnlyList<BackendMessage> Messages);
