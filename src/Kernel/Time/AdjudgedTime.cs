using NodaTime;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// When something happened, as far as the evidence carries: an interval with a best estimate, as opposed to what any one clock claims. Always within last contact and
/// receipt, in whole microseconds. Immutable.
/// </summary>
/// <remarks>
/// Law 2 of the design. A wall clock can be set, so alone it never moves a bound: within one boot the counter carries the time from the last contact, or back from the next
/// one; a boot without contact leaves the whole gap. The wall clock only picks the estimate inside the bounds; where it is proved wrong, the estimate is the latest moment
/// possible, so that a clock set back gains nothing and staying offline earns nothing.
/// </remarks>
public readonly record struct AdjudgedTime
{
    /// <summary>How far a device's crystal may stray, in parts per million: five times what one is sold with, for heat and age.</summary>
    public const int DriftMaxPpm = 100;

    // No device runs ten years between two contacts; a counter beyond it is damage, and would overflow what follows.
    private const long ElapsedMaxMicros = 10L * 366 * 24 * 3600 * 1_000_000;

    private static readonly Instant ClockMin = Instant.FromUtc(1900, 1, 1, 0, 0);
    private static readonly Instant ClockMax = Instant.FromUtc(2300, 1, 1, 0, 0);
    private static readonly Duration OffsetMax = Duration.FromDays(400 * 366);

    private AdjudgedTime(Instant earliest, Instant latest, Instant estimate, AdjudgedBasis basis) =>
        (Earliest, Latest, Estimate, Basis) = (earliest, latest, estimate, basis);

    /// <summary>It was not before this.</summary>
    public Instant Earliest { get; }

    /// <summary>It was not after this.</summary>
    public Instant Latest { get; }

    /// <summary>The best single answer, for ordering and display; a deadline is judged by the interval.</summary>
    public Instant Estimate { get; }

    /// <summary>What the estimate rests on.</summary>
    public AdjudgedBasis Basis { get; }

    /// <summary>Adjudges one capture. Pure: the same evidence gives the same answer, whatever came before or after it.</summary>
    public static AdjudgedTime From(ClockEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var contact = evidence.LastContact.At.ToMicros();
        // A server clock behind the contact's (two servers, a step) leaves a gap of nothing, not a negative one.
        var received = Instant.Max(contact, evidence.ReceivedAt.ToMicros());
        var (earliest, latest, counted) = (contact, received, (Instant?)null);
        var nearest = long.MaxValue;
        foreach (var (anchor, side) in (ReadOnlySpan<(ClockContact?, int)>)[(evidence.LastContact, 1), (evidence.NextContact, -1)])
        {
            if (anchor is null || ElapsedFrom(anchor, evidence) is not { } elapsed || elapsed * side < 0) continue;
            var slack = Micros(Slack(Math.Abs(elapsed), CeilingToMicros(anchor.Uncertainty)));
            var at = anchor.At.ToMicros() + Micros(elapsed);
            // A counter that may have stood still has counted too little: it bounds from the side of its contact alone.
            if (side > 0 || !evidence.CounterStopsInSleep) earliest = Instant.Max(earliest, at - slack);
            if (side < 0 || !evidence.CounterStopsInSleep) latest = Instant.Min(latest, at + slack);
            if (Math.Abs(elapsed) < nearest) (nearest, counted) = (Math.Abs(elapsed), at);
        }
        // Facts that contradict each other carry nothing: the whole gap, and the latest moment in it.
        if (earliest > latest) return new AdjudgedTime(contact, received, received, AdjudgedBasis.Receipt);
        if (counted is not { } carried || evidence.CounterStopsInSleep) return Pick(evidence, earliest, latest);
        return new AdjudgedTime(earliest, latest, Clamp(carried, earliest, latest), AdjudgedBasis.Counter);
    }

    /// <summary>A moment known to the server itself: no uncertainty.</summary>
    public static AdjudgedTime Exactly(Instant instant) =>
        new(instant.ToMicros(), instant.ToMicros(), instant.ToMicros(), AdjudgedBasis.Server);

    /// <summary>
    /// On time if the whole interval lies at or before the deadline, late if all of it lies after; else in doubt, which is counted late and listed until a second fact
    /// narrows it.
    /// </summary>
    public Promptness Judge(Instant deadline)
    {
        if (Latest <= deadline) return Promptness.OnTime;
        return Earliest > deadline ? Promptness.Late : Promptness.InDoubt;
    }

    /// <summary>Narrowed by a second fact: it was not after <paramref name="bound"/>. Null when that contradicts the interval: then one of the facts is false.</summary>
    public AdjudgedTime? NotAfter(Instant bound) => bound.ToMicros() < Earliest ? null : Within(Earliest, Instant.Min(Latest, bound.ToMicros()));

    /// <summary>Narrowed by a second fact: it was not before <paramref name="bound"/>. Null when that contradicts the interval.</summary>
    public AdjudgedTime? NotBefore(Instant bound) => bound.ToMicros() > Latest ? null : Within(Instant.Max(Earliest, bound.ToMicros()), Latest);

    private AdjudgedTime Within(Instant earliest, Instant latest) => new(earliest, latest, Clamp(Estimate, earliest, latest), Basis);

    // Microseconds of the counter from a contact to the capture, negative when the contact came after it; null where the counter does not lead from one to the other.
    private static long? ElapsedFrom(ClockContact contact, ClockEvidence evidence)
    {
        if (contact.BootId != evidence.BootId || contact.CounterMicros < 0 || evidence.CounterMicros < 0) return null;
        if (contact.At < ClockMin || contact.At > ClockMax) return null;
        var elapsed = evidence.CounterMicros - contact.CounterMicros;
        return Math.Abs(elapsed) <= ElapsedMaxMicros ? elapsed : null;
    }

    // The bounds are settled; the wall clock is believed only where it agrees with them.
    private static AdjudgedTime Pick(ClockEvidence evidence, Instant earliest, Instant latest) =>
        ClaimedByWallClock(evidence) is { } claimed && claimed >= earliest && claimed <= latest
            ? new AdjudgedTime(earliest, latest, claimed, AdjudgedBasis.WallClock)
            : new AdjudgedTime(earliest, latest, latest, AdjudgedBasis.Receipt);

    // Null for a clock or offset no device has: the sum could leave the range of Instant.
    private static Instant? ClaimedByWallClock(ClockEvidence evidence)
    {
        var (captured, offset) = (evidence.CapturedAt, evidence.LastContact.Offset);
        if (captured < ClockMin || captured > ClockMax || offset < -OffsetMax || offset > OffsetMax) return null;
        return (captured + offset).ToMicros();
    }

    // A crystal strays in proportion to the true time, which is up to that much longer than the counted: hence the divisor less than a million. Two microseconds for what
    // the readings were floored by and the division cuts off.
    private static long Slack(long counted, long uncertainty) =>
        (long)((((Int128)uncertainty * 1_000_000) + ((Int128)counted * DriftMaxPpm)) / (1_000_000 - DriftMaxPpm)) + 2;

    private static long CeilingToMicros(Duration duration)
    {
        if (duration <= Duration.Zero) return 0;
        return duration >= OffsetMax ? ElapsedMaxMicros : (duration.BclCompatibleTicks + 9) / 10;
    }

    private static Duration Micros(long micros) => Duration.FromTicks(checked(micros * 10));

    private static Instant Clamp(Instant instant, Instant earliest, Instant latest) => Instant.Min(Instant.Max(instant, earliest), latest);

    /// <summary>The estimate and its interval, ISO 8601 in UTC.</summary>
    public override string ToString() => $"{Estimate} [{Earliest} .. {Latest}]";
}

/// <summary>What an <see cref="AdjudgedTime.Estimate"/> rests on.</summary>
public enum AdjudgedBasis
{
    /// <summary>The server's own clock.</summary>
    Server,

    /// <summary>The device's counter since the last contact.</summary>
    Counter,

    /// <summary>The device's wall clock with the measured offset, inside bounds that do not depend on it.</summary>
    WallClock,

    /// <summary>Nothing but the receipt: the wall clock contradicts the bounds.</summary>
    Receipt,
}

/// <summary>How a moment stands to a deadline.</summary>
public enum Promptness
{
    /// <summary>Certainly at or before it.</summary>
    OnTime,

    /// <summary>Certainly after it.</summary>
    Late,

    /// <summary>The evidence does not decide: counted late, and listed.</summary>
    InDoubt,
}
