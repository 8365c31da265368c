using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Sessions;

/// <summary>One device of a station, as its configuration names it.</summary>
public sealed record DeviceSettings
{
    /// <summary>The device's id, unique in the agent.</summary>
    public required string Id { get; init; }

    /// <summary>Id in <see cref="ProtocolList"/>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Address of the line: <c>/dev/serial/by-id/…</c> or <c>tcp://host:port</c>.</summary>
    public required string Line { get; init; }

    /// <summary>Line settings; the protocol's usual ones when null.</summary>
    public LineSettings? LineSettings { get; init; }

    /// <summary>What the wire does not say.</summary>
    public ProtocolSettings ProtocolSettings { get; init; } = ProtocolSettings.Default;

    /// <summary>When set, an adapter with another <see cref="LineIdentity.Usb"/> is refused.</summary>
    public string? ExpectedUsb { get; init; }

    /// <summary>When silence and garbage are called so.</summary>
    public SessionTiming Timing { get; init; } = SessionTiming.Default;
}

/// <summary>Limits of a session's patience.</summary>
/// <param name="StaleAfter">A streaming device that gave no frame for this long is silent or garbled, and its last weight no longer live.</param>
/// <param name="UnansweredMax">So many polls in a row without answer are silence.</param>
/// <param name="RejectedMax">So many refusals in a row, without a frame between them, are garbage.</param>
/// <param name="RetryMin">First wait before opening again.</param>
/// <param name="RetryMax">Longest wait before opening again.</param>
public sealed record SessionTiming(TimeSpan StaleAfter, int UnansweredMax, int RejectedMax, TimeSpan RetryMin, TimeSpan RetryMax)
{
    /// <summary>1 s, three polls, three refusals, 0.25 to 5 s.</summary>
    public static SessionTiming Default { get; } = new(TimeSpan.FromSeconds(1), 3, 3, TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(5));
}
