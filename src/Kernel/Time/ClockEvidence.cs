using NodaTime;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// A moment when a device (edge agent, phone) and the server spoke, in the clocks of both. Enrolment is the first, so before a capture there always was one.
/// </summary>
/// <param name="At">The server's clock at the contact.</param>
/// <param name="BootId">The device's boot then.</param>
/// <param name="CounterMicros">The device's monotonic counter then, microseconds since that boot; not negative.</param>
/// <param name="Offset">Server clock minus the device's wall clock, as measured then.</param>
/// <param name="Uncertainty">Half the round trip of the measurement; not negative.</param>
public sealed record ClockContact(Instant At, Guid BootId, long CounterMicros, Duration Offset, Duration Uncertainty);

/// <summary>What the adjudged time of one capture is judged from (law 2): three clocks, the boot and the counter.</summary>
/// <param name="CapturedAt">The device's wall clock at the capture, as it stood, right or wrong.</param>
/// <param name="BootId">The device's boot at the capture.</param>
/// <param name="CounterMicros">The device's monotonic counter at the capture, microseconds since that boot.</param>
/// <param name="LastContact">The last contact before the capture.</param>
/// <param name="ReceivedAt">The server's clock when the capture came in.</param>
/// <param name="NextContact">
/// A contact after the capture in the same boot, where there was one: from it the counter carries the time backwards, so that a reboot while offline costs only what was
/// captured before it. One of another boot says nothing.
/// </param>
/// <param name="CounterStopsInSleep">
/// True where the counter does not run while the device sleeps (a browser's performance.now, CLOCK_MONOTONIC). An agent reads CLOCK_BOOTTIME and says false.
/// </param>
public sealed record ClockEvidence(
    Instant CapturedAt, Guid BootId, long CounterMicros, ClockContact LastContact, Instant ReceivedAt, ClockContact? NextContact = null, bool CounterStopsInSleep = false);
