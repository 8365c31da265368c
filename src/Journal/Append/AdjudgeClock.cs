using KeyAccountLogistics.Kernel;
using NodaTime;
using ClockEvidence = KeyAccountLogistics.Api.Edge.V1.ClockEvidence;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>
/// From what a batch says of its clock to the interval of one event (law 2). Within the boot that met the server the counter carries the time both ways from that
/// contact; a boot that never did has nothing but the gap it lies in, and its wall clock only picks the estimate inside. All in microseconds since 1970.
/// </summary>
internal static class AdjudgeClock
{
    private const long DriftMaxPpm = 100;                                     // five times what a crystal is sold with, for heat and age
    private const long ElapsedMaxUs = 10L * 366 * 24 * 3600 * 1_000_000;      // no boot runs for ten years; a counter beyond it is damage
    private const long InstantMaxUs = 253_402_300_799_000_000;                // the end of year 9999: what NodaTime and both databases can say

    /// <summary>A clock reading that no event may carry: it could not be told apart from damage.</summary>
    internal static bool IsPossible(long micros) => micros is >= 0 and <= InstantMaxUs;

    internal static AdjudgedInterval Judge(BatchClock clock, long capturedUs, long occurredUs, long counterUs, long lastContactUs, long receivedUs)
    {
        var claimed = capturedUs != 0 ? capturedUs : occurredUs;
        return clock.Trust switch
        {
            ClockTrust.Server or ClockTrust.History => Interval(claimed == 0 ? receivedUs : claimed, claimed == 0 ? receivedUs : claimed, claimed == 0 ? receivedUs : claimed, receivedUs),
            ClockTrust.Agent => ByAgent(clock.Evidence!, claimed, counterUs, receivedUs),
            _ => Gap(lastContactUs, claimed, 0, receivedUs),
        };
    }

    private static AdjudgedInterval ByAgent(ClockEvidence evidence, long claimed, long counterUs, long receivedUs)
    {
        // The contact before the boot bounds everything in it from below.
        var floor = Math.Clamp(evidence.PreviousContactUs, 0, receivedUs);
        if (!evidence.ContactInBoot || counterUs <= 0 || !IsPossible(evidence.ContactServerUs)) return Gap(floor, claimed, evidence.WallOffsetUs, receivedUs);
        var elapsed = counterUs - Math.Max(0, evidence.ContactMonotonicUs);
        if (elapsed is > ElapsedMaxUs or < -ElapsedMaxUs) return Gap(floor, claimed, evidence.WallOffsetUs, receivedUs);
        var counted = evidence.ContactServerUs + elapsed;
        var slack = Math.Clamp(evidence.ContactUncertaintyUs, 0, ElapsedMaxUs) + (((Math.Abs(elapsed) / 1_000_000) + 1) * DriftMaxPpm);
        return Interval(Math.Max(floor, counted - slack), Math.Max(floor, counted), Math.Max(floor, counted + slack), receivedUs);
    }

    // Nothing bounds the event but the contacts around it. The wall clock picks the estimate where it agrees; where it is proved wrong the latest moment counts,
    // so that a clock set back gains nothing and staying offline earns nothing. Never met: the claim is all there is for a beginning.
    private static AdjudgedInterval Gap(long floor, long claimed, long offsetUs, long receivedUs)
    {
        var put = Math.Abs(offsetUs) > ElapsedMaxUs * 4 ? claimed : claimed + offsetUs;
        var believed = claimed != 0 && put >= floor && put <= receivedUs;
        var earliest = floor != 0 ? floor : believed ? put : receivedUs;
        return Interval(earliest, believed ? put : receivedUs, receivedUs, receivedUs);
    }

    private static AdjudgedInterval Interval(long earliest, long best, long latest, long receivedUs) =>
        new(Clock.FromUnixMicros(Math.Clamp(earliest, 0, receivedUs)), Clock.FromUnixMicros(Math.Clamp(best, 0, receivedUs)), Clock.FromUnixMicros(Math.Clamp(latest, 0, receivedUs)));
}
