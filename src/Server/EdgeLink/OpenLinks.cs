using System.Collections.Concurrent;
using KeyAccountLogistics.Api.Edge.V1;
using NodaTime;

namespace KeyAccountLogistics.Server.EdgeLink;

/// <summary>The links open in this process, one per agent, and what each agent last said of its own health.</summary>
internal sealed class OpenLinks
{
    private readonly ConcurrentDictionary<string, Link> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LastSeen> _seen = new(StringComparer.Ordinal);

    /// <summary>An agent's last word, also after its link has closed.</summary>
    internal sealed record LastSeen(string Depot, string Agent, bool Connected, Instant Since, AgentHealth? Health);

    internal IReadOnlyCollection<LastSeen> Seen => [.. _seen.Values];

    /// <summary>Raised when a link opens or closes, or an agent reports.</summary>
    internal event Action? Changed;

    /// <summary>The newest link of an agent wins: the older one is a dead line, or a copy of the agent's disk.</summary>
    internal void Open(Link link, Instant now)
    {
        Link? replaced = null;
        _open.AddOrUpdate(link.Agent, link, (_, older) =>
        {
            replaced = older;
            return link;
        });
        replaced?.End(LinkEnd.Replaced);
        Note(link, connected: true, now, _seen.GetValueOrDefault(link.Agent)?.Health);
    }

    internal void Close(Link link, Instant now)
    {
        if (_open.TryRemove(KeyValuePair.Create(link.Agent, link))) Note(link, connected: false, now, _seen.GetValueOrDefault(link.Agent)?.Health);
    }

    internal void Report(Link link, AgentHealth health, Instant now)
    {
        if (!_open.TryGetValue(link.Agent, out var open) || !ReferenceEquals(open, link)) return;
        var since = _seen.GetValueOrDefault(link.Agent)?.Since ?? now;
        Note(link, connected: true, since, health);
    }

    internal void Revoke(string agent)
    {
        if (_open.TryGetValue(agent, out var link)) link.End(LinkEnd.Revoked);
    }

    internal void EndAll(LinkEnd end)
    {
        foreach (var link in _open.Values) link.End(end);
    }

    /// <summary>Ends all links and waits until each has said its goodbye, so that the sockets are not closed under it.</summary>
    internal async Task DrainAsync(TimeSpan limit, TimeProvider time)
    {
        // Taken before they are told: a link leaves the list before it has written its last word.
        var open = _open.Values.ToArray();
        foreach (var link in open) link.End(LinkEnd.ShuttingDown);
        await Task.WhenAny(Task.WhenAll(open.Select(link => link.Ended)), Task.Delay(limit, time, CancellationToken.None));
    }

    internal IReadOnlyList<string> Agents => [.. _open.Keys];

    private void Note(Link link, bool connected, Instant since, AgentHealth? health)
    {
        _seen[link.Agent] = new LastSeen(link.Depot, link.Agent, connected, since, health);
        Changed?.Invoke();
    }
}
