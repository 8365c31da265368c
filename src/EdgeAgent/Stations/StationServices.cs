using KeyAccountLogistics.EdgeAgent.Clocks;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.EdgeAgent.Handovers;
using KeyAccountLogistics.EdgeAgent.Journal;
using KeyAccountLogistics.EdgeAgent.People;
using KeyAccountLogistics.EdgeAgent.Snapshots;
using KeyAccountLogistics.EdgeAgent.Uplink;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>What the stations of one agent share.</summary>
internal sealed record StationServices
{
    public required AgentConfiguration Configuration { get; init; }

    public required ScanWords Words { get; init; }

    public required AgentClock Clock { get; init; }

    public required IIds Ids { get; init; }

    public required CaptureJournal Journal { get; init; }

    public required HeldTerms Terms { get; init; }

    public required Manifest Manifest { get; init; }

    public required HeldDoubts Doubts { get; init; }

    public required DepotPeople People { get; init; }

    public required StationSessions Sessions { get; init; }

    public required OpenHandovers Handovers { get; init; }

    public required ParcelsSeen Seen { get; init; }

    public required BlobStore Blobs { get; init; }

    public required LinkStatus Link { get; init; }

    public required ILogger Log { get; init; }
}
