using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Clocks;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.EdgeAgent.Journal;
using KeyAccountLogistics.EdgeAgent.People;
using KeyAccountLogistics.EdgeAgent.Snapshots;

namespace KeyAccountLogistics.EdgeAgent.Uplink;

/// <summary>What the uplink works with.</summary>
internal sealed record UplinkServices
{
    public required AgentConfiguration Configuration { get; init; }

    public required AgentIdentity Identity { get; init; }

    public required AgentKey Key { get; init; }

    public required AgentClock Clock { get; init; }

    public required CaptureJournal Journal { get; init; }

    public required HeldTerms Terms { get; init; }

    public required Manifest Manifest { get; init; }

    public required HeldDoubts Doubts { get; init; }

    public required DepotPeople People { get; init; }

    public required BlobStore Blobs { get; init; }

    public required LinkStatus Status { get; init; }

    /// <summary>The present health of every device, for the health report.</summary>
    public required Func<IReadOnlyList<DeviceHealth>> Devices { get; init; }

    /// <summary>Where others reach the station page; empty when nowhere.</summary>
    public required Func<string> StationUrl { get; init; }

    public required Random Jitter { get; init; }

    public required string Software { get; init; }

    public required ILoggerFactory Logs { get; init; }

    public required ILogger Log { get; init; }
}

/// <summary>The uplink's pace and limits.</summary>
internal sealed record UplinkLimits
{
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan WelcomeWithin { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan HealthEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A boot with more unsent events than this is cut off at a new connection, so that live events need not queue behind it.</summary>
    public int CutOffAt { get; init; } = 2_000;

    /// <summary>Backlog batches under way at a time: a live event waits behind no more than these.</summary>
    public int BacklogBatches { get; init; } = 1;

    /// <summary>
    /// After each batch the backlog rests so many times as long as the batch took, so that it is under way for less than a twentieth of the time: live verdicts keep
    /// their p95. 900,000 events are through in minutes all the same.
    /// </summary>
    public int BacklogRest { get; init; } = 24;

    /// <summary>The longest rest: over a slow line, where the batch's time is the line's and not the machine's, the backlog still goes up at 200 events/s and more.</summary>
    public TimeSpan BacklogRestMax { get; init; } = TimeSpan.FromSeconds(2);

    public int BatchEvents { get; init; } = 500;

    public int BatchBytes { get; init; } = 1 << 20;
}
