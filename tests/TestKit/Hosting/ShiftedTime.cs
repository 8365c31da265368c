namespace KeyAccountLogistics.TestKit.Hosting;

/// <summary>
/// The system's clock, moved by what the test says: waits and timers run as ever, only "now" differs. With a moment given, "now" stands there until it is moved: what is
/// recorded is then the same in each run. Thread-safe.
/// </summary>
public sealed class ShiftedTime(DateTimeOffset? standsAt = null) : TimeProvider
{
    private long _shiftTicks;

    /// <summary>Moves "now" forward, or back.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _shiftTicks, by.Ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => (standsAt ?? System.GetUtcNow()) + TimeSpan.FromTicks(Interlocked.Read(ref _shiftTicks));

    /// <inheritdoc/>
    public override long GetTimestamp() => System.GetTimestamp() + (long)(Interlocked.Read(ref _shiftTicks) * ((double)System.TimestampFrequency / TimeSpan.TicksPerSecond));

    /// <inheritdoc/>
    public override long TimestampFrequency => System.TimestampFrequency;
}
