using Grpc.Core;
using KeyAccountLogistics.Api.Edge.V1;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>A station's feed, followed for good; lets a clerk wait until the station shows something. Dispose ends it.</summary>
internal sealed class StationWatch : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(Func<StationState, bool> Until, TaskCompletionSource<StationState> Answer)> _waiting = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly Task _following;
    private StationState? _latest;

    public StationWatch(Station.StationClient client, string station, Action<StationState> show, TimeProvider time)
    {
        _time = time;
        _following = FollowAsync(client, station, show);
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

    private async Task FollowAsync(Station.StationClient client, string station, Action<StationState> show)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var call = client.Watch(new WatchStationRequest { Station = station }, cancellationToken: _stop.Token);
                await foreach (var state in call.ResponseStream.ReadAllAsync(_stop.Token)) Take(state, show);
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException)
            {
                if (_stop.IsCancellationRequested) return;
                await Task.Delay(TimeSpan.FromMilliseconds(200), _time, CancellationToken.None);
            }
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
