using NodaTime;

namespace KeyAccountLogistics.FirmwareAdapters.Sessions;

/// <summary>Where a device stands, for people who look at a station and wonder why there is no weight.</summary>
public enum DeviceState : byte
{
    /// <summary>Nothing is at the line's address, and nothing has been since the session began.</summary>
    Absent,

    /// <summary>Something is there and does not let itself be opened; the session keeps trying.</summary>
    Opening,

    /// <summary>Open, and nothing comes (or no answer).</summary>
    Silent,

    /// <summary>Bytes come, and no frame is among them: wrong baud rate, wrong protocol, a bad cable.</summary>
    Garbled,

    /// <summary>Whole frames come. A scanner is live when it is open: it has nothing to say until it scans.</summary>
    Live,

    /// <summary>It was there and is gone; the session waits for its return, for ever.</summary>
    Lost,
}

/// <summary>One change of state: what is logged, once. A session's first one may go from absent to absent: it was looked for and is not there.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="From">State before.</param>
/// <param name="To">State now.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="At">When, by the agent's clock.</param>
public sealed record DeviceChange(string DeviceId, DeviceState From, DeviceState To, string Reason, Instant At);

/// <summary>What a session counted since it began. A snapshot.</summary>
/// <param name="Bytes">Bytes received.</param>
/// <param name="Accepted">Frames that became readings.</param>
/// <param name="Rejected">Frames and noise that were refused.</param>
/// <param name="Damaged">Bytes the line marked as damaged.</param>
/// <param name="Opened">Times the line was opened.</param>
/// <param name="Lost">Times the line was lost.</param>
/// <param name="Unanswered">Polls without answer.</param>
public readonly record struct DeviceCounters(long Bytes, long Accepted, long Rejected, long Damaged, long Opened, long Lost, long Unanswered);

/// <summary>A session as it stands. A snapshot.</summary>
/// <param name="State">State.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Since">Since when.</param>
/// <param name="Counters">Counters.</param>
/// <param name="Usb">USB identity of the adapter, or empty.</param>
public sealed record DeviceStatus(DeviceState State, string Reason, Instant Since, DeviceCounters Counters, string Usb);

/// <summary>When and in which order a reading was received.</summary>
/// <param name="At">When its last bytes were read, by the agent's wall clock.</param>
/// <param name="Timestamp">The same moment by <see cref="TimeProvider.GetTimestamp"/>, which no clock change touches: use it for windows and ages.</param>
/// <param name="Sequence">Counts the readings of this session from 1, without gaps.</param>
public readonly record struct Receipt(Instant At, long Timestamp, long Sequence);
