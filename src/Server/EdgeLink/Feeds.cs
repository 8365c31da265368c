using KeyAccountLogistics.Api.Edge.V1;

namespace KeyAccountLogistics.Server.EdgeLink;

/// <summary>
/// Something an agent holds a copy of, under a version: its depot's people, the terms in force, what the depot expects. A link sends what is newer than
/// the copy when it opens and whenever the feed says that it changed.
/// </summary>
internal interface IDepotFeed
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

internal readonly record struct FeedUpdate(ulong Version, IReadOnlyList<BackendMessage> Messages);
