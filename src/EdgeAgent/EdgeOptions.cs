using KeyAccountLogistics.EdgeAgent.Clocks;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.EdgeAgent.Uplink;
using KeyAccountLogistics.FirmwareAdapters.Nodes;
using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeyAccountLogistics.EdgeAgent;

/// <summary>What an agent is made of: its configuration, and what tests replace.</summary>
public sealed record EdgeOptions
{
    /// <summary>The depot, its stations and devices.</summary>
    public required AgentConfiguration Configuration { get; init; }

    /// <summary>Wall clock and counter; the counter must run on while the machine sleeps.</summary>
    public TimeProvider Time { get; init; } = new BootTimeProvider();

    /// <summary>Ids of facts; null mints them from <see cref="Time"/>.</summary>
    public IIds? Ids { get; init; }

    /// <summary>Spreads reconnections; seeded by the caller.</summary>
    public Random Jitter { get; init; } = new(Environment.ProcessId);

    /// <summary>Where the agent logs.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Name and version told to the backend.</summary>
    public string Software { get; init; } = "kal edge";

    internal IDeviceNodes Nodes { get; init; } = DeviceNodes.OfThisMachine;

    internal IDurableFiles Files { get; init; } = new LinuxFiles();

    internal UplinkLimits Uplink { get; init; } = new();
}
