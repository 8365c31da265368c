using KeyAccountLogistics.Api.Edge.V1;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>
/// A station's state as its page shows it, followed for good; lets a clerk wait until the station shows something. Looks at the agent itself and not through
/// a session, because a visitor may sign in at the station and the demonstration goes on. Dispose ends it.
/// </summary>
internal sealed class StationWatch : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);   // as often as the page's feed
    private readonly Lock _gate = new();
    private readonly List<(Func<StationState, bool> Until, TaskCompletionSource<StationState> Answer)> _waiting = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly Task _following;
    private StationState? _latest;

    public StationWatch(Func<Task<StationState?>> look, Action<StationState> show, TimeProvider time)
    {
        _time = time;
        _following = FollowAsync(look, show);
    }

    /// <summary>The state once <paramref name="until"/> holds, at once if it does already; null when it did not within <paramref name="limit"/>.</summary>
    public async Task<StationState?> WaitAsync(Func<StationState, bool> until, TimeSpan limit, CancellationToken ct)
    {
        var answer = new TaskCompletionSource<StationState>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_latest is not null && until(_latest)) return _latest;
            _waiting.Add((until, answer));
        }
        try
        {
            return await answer.Task.WaitAsync(limit, _time, ct);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            lock (_gate) _waiting.RemoveAll(one => one.Answer == answer);
        }
    }

    private async Task FollowAsync(Func<Task<StationState?>> look, Action<StationState> show)
    {
        using var timer = new PeriodicTimer(LookEvery, _time);
        try
        {
            do
            {
                if (await look() is { } state) Take(state, show);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The clerk goes home.
        }
    }

    private void Take(StationState state, Action<StationState> show)
    {
        show(state);
        lock (_gate)
        {
            _latest = state;
            foreach (var (until, answer) in _waiting)
            {
                if (until(state)) answer.TrySetResult(state);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
    }
}
