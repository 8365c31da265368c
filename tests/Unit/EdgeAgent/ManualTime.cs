namespace KeyAccountLogistics.Unit.EdgeAgent;

/// <summary>Time that stands until it is moved; wall clock and counter apart, since the wall clock can be set.</summary>
internal sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _wall = new(2026, 1, 12, 8, 0, 0, TimeSpan.Zero);
    private readonly List<ManualTimer> _timers = [];
    private long _ticks = 1_000;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _wall;

    public override long GetTimestamp() => _ticks;

    /// <summary>Time passes; timers that fall due on the way run at their moment, in order.</summary>
    public void Pass(TimeSpan span)
    {
        var end = _ticks + span.Ticks;
        while (_timers.Where(t => t.DueAt <= end).MinBy(static t => t.DueAt) is { } next)
        {
            Move(Math.Max(0, next.DueAt!.Value - _ticks));
            next.Run();
        }
        Move(end - _ticks);
    }

    private void Move(long ticks)
    {
        _wall += TimeSpan.FromTicks(ticks);
        _ticks += ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        _timers.Add(timer);
        return timer;
    }

    private sealed class ManualTimer(ManualTime time, Action callback) : ITimer
    {
        private TimeSpan _period;

        public long? DueAt { get; private set; }

        public void Run()
        {
            DueAt = _period > TimeSpan.Zero ? DueAt + _period.Ticks : null;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            (DueAt, _period) = (dueTime < TimeSpan.Zero ? null : time._ticks + dueTime.Ticks, period);
            return true;
        }

        public void Dispose()
        {
            DueAt = null;
            time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Somebody sets the wall clock; the counter does not notice.</summary>
    public void SetWall(TimeSpan by) => _wall += by;
}
