using KeyAccountLogistics.EdgeAgent.Around;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.FirmwareAdapters.Stability;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Handovers;
using KeyAccountLogistics.Verdicts.Scales;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;

namespace KeyAccountLogistics.EdgeAgent.Configuration;

/// <summary>One depot's agent as its configuration file describes it; read by <see cref="ReadConfiguration"/>, or made in code by the demo.</summary>
public sealed record AgentConfiguration
{
    /// <summary>The depot's code, as shipments and custody name it.</summary>
    public required string Depot { get; init; }

    /// <summary>The depot's time zone: a scale's verification holds to the end of a local day.</summary>
    public DateTimeZone Zone { get; init; } = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    /// <summary>Where the backend's gRPC port is: <c>http://host:8081</c> (h2c) or <c>https://host:8443</c>.</summary>
    public required Uri Backend { get; init; }

    /// <summary>A PEM file with the authority of the backend's certificate, when it is the installation's own; then no other is trusted.</summary>
    public string? Authority { get; init; }

    /// <summary>Everything the agent keeps: journal, snapshots, key.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The agent's private key; <c>agent.key</c> in the data directory unless set.</summary>
    public string KeyFile { get => field ?? Path.Combine(DataDirectory, "agent.key"); init; }

    /// <summary>Where the station pages are served; null when the backend's process serves them (the demo).</summary>
    public PageEndpoint? Page { get; init; }

    /// <summary>The station page's address as others reach it, told to the backend; empty when there is none.</summary>
    public string StationUrl { get; init; } = "";

    /// <summary>Prefixes of the carrier's own waybills, the issuing one first.</summary>
    public IReadOnlyList<string> WaybillPrefixes { get; init; } = ["KAL"];

    /// <summary>Words that mark badges, seals and commands in barcodes.</summary>
    public ScanWords Words => new(WaybillScheme.Of(WaybillPrefixes[0], [.. WaybillPrefixes.Skip(1)]));

    /// <summary>The stations, at least one.</summary>
    public required IReadOnlyList<StationConfiguration> Stations { get; init; }

    /// <summary>Waiting times and ages.</summary>
    public WindowConfiguration Windows { get; init; } = new();

    /// <summary>When couriers take over, by the depot's shift calendar (SEED-03-SHIFT8); empty when it has none.</summary>
    public IReadOnlyList<HandoverWindow> Shifts { get; init; } = [];

    /// <summary>Limits of the journal on disk.</summary>
    public JournalConfiguration Journal { get; init; } = new();
}

/// <summary>The agent's own web port.</summary>
/// <param name="Address">IP address to listen on; <c>0.0.0.0</c> is every one.</param>
/// <param name="Port">TCP port; 0 takes a free one.</param>
/// <param name="Folder">The built pages; null serves the feed alone.</param>
public sealed record PageEndpoint(string Address, int Port, string? Folder);

/// <summary>What a station's weighing is in the parcel's chain of weights.</summary>
public enum StationPurpose
{
    /// <summary>The depot's first weighing.</summary>
    Depot,

    /// <summary>Weighing again at a handover.</summary>
    Reweigh,

    /// <summary>At pickup.</summary>
    Pickup,

    /// <summary>At delivery.</summary>
    Delivery,
}

/// <summary>One place where somebody scans and weighs.</summary>
public sealed record StationConfiguration
{
    /// <summary>The station's id, unique in the agent.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>What its weighings are.</summary>
    public StationPurpose Purpose { get; init; } = StationPurpose.Depot;

    /// <summary>True when somebody must be signed in before a capture is accepted; false for a bench that runs by itself.</summary>
    public bool Attended { get; init; } = true;

    /// <summary>Where parcels of this station are kept apart.</summary>
    public string HoldPlace { get; init; } = "hold";

    /// <summary>Its devices; at most one scale.</summary>
    public required IReadOnlyList<StationDevice> Devices { get; init; }

    /// <summary>What stands around its scale.</summary>
    public AroundConfiguration Around { get; init; } = new();
}

/// <summary>A device of a station with what is registered about it.</summary>
/// <param name="Kind">Scale or scanner, as its protocol says.</param>
/// <param name="Settings">Protocol, line and timing.</param>
/// <param name="Scale">The scale's registration; null for a scanner.</param>
/// <param name="Stability">When a wire that does not say is called stable.</param>
/// <param name="DailyCheck">The scale's daily check with test weights; null when none is due.</param>
public sealed record StationDevice(DeviceKind Kind, DeviceSettings Settings, ScaleFacts? Scale, StabilityRule Stability, DailyCheckRule? DailyCheck = null);

/// <summary>Waiting times and ages of the stations.</summary>
public sealed record WindowConfiguration
{
    /// <summary>A scan counts for a load placed at most this long after it.</summary>
    public Duration ScanBefore { get; init; } = Duration.FromSeconds(10);

    /// <summary>A scan counts for a load that came to rest at most this long before it.</summary>
    public Duration ScanAfter { get; init; } = Duration.FromSeconds(15);

    /// <summary>The same parcel again within this time is a duplicate, not a new weighing.</summary>
    public Duration Duplicate { get; init; } = Duration.FromHours(12);

    /// <summary>Somebody who neither scans nor acts for this long is signed out.</summary>
    public Duration Idle { get; init; } = Duration.FromMinutes(15);
}

/// <summary>Limits of the journal on disk, in MiB.</summary>
/// <param name="SegmentMib">A segment file's size.</param>
/// <param name="KeepMib">Acknowledged events kept for support.</param>
/// <param name="ReserveMib">Free space below which nothing is accepted.</param>
public sealed record JournalConfiguration(int SegmentMib = 8, int KeepMib = 64, int ReserveMib = 64);

/// <summary>What is wrong in a configuration file, all of it at once.</summary>
public sealed class ConfigurationException(string file, IReadOnlyList<string> mistakes)
    : Exception($"{file} cannot be used:{string.Concat(mistakes.Select(static m => Environment.NewLine + "  " + m))}")
{
    /// <summary>One sentence each, with line and path.</summary>
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
