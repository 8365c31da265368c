namespace KeyAccountLogistics.Unit.EdgeAgent;

/// <summary>Time that stands until it is moved; wall clock and counter apart, since the wall clock can be set.</summary>
internal sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _wall = new(2026, 1, 12, 8, 0, 0, TimeSpan.Zero);
    private long _ticks = 1_000;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _wall;

    public override long GetTimestamp() => _ticks;

    public void Pass(TimeSpan span)
    {
        _wall += span;
        _ticks += span.Ticks;
    }

    /// <summary>Somebody sets the wall clock; the counter does not notice.</summary>
    public void SetWall(TimeSpan by) => _wall += by;
}
