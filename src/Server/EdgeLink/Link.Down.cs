using Grpc.Core;
using KeyAccountLogistics.Api.Edge.V1;

namespace KeyAccountLogistics.Server.EdgeLink;

// The downward half: feeds, and the one task that writes to the stream.
internal sealed partial class Link
{
    private async Task FeedAsync(Hello hello)
    {
        var copies = services.Feeds.Select(feed => new Copy(feed, feed.HeldBy(hello), services.Time.GetTimestamp())).ToArray();
        void Look()
        {
            if (_look.CurrentCount == 0) _look.Release();
        }
        foreach (var feed in services.Feeds) feed.Changed += Look;
        try
        {
            var isFirst = true;
            while (!_ending.IsCancellationRequested)
            {
                await _look.WaitAsync(services.Limits.LookEvery, _ending.Token);
                if (!isFirst) await GiveWayAsync();
                var began = services.Time.GetTimestamp();
                for (var i = 0; i < copies.Length; i++) copies[i] = await FeedOneAsync(copies[i]);
                if (!isFirst) await RestAsync(services.Time.GetElapsedTime(began));
                isFirst = false;
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Ended.
        }
        finally
        {
            foreach (var feed in services.Feeds) feed.Changed -= Look;
        }
    }

    // What an agent is told gives way to what it tells, for a while: a backlog changes thousands of parcels between two looks, and the agent knows its own events.
    private async Task GiveWayAsync()
    {
        var since = services.Time.GetTimestamp();
        while (Volatile.Read(ref _unacknowledged) >= services.Limits.BatchEventsMax && services.Time.GetElapsedTime(since) < services.Limits.RestMax)
            await Task.Delay(services.Limits.LookEvery, services.Time, _ending.Token);
    }

    private async Task RestAsync(TimeSpan took)
    {
        if (took < services.Limits.LookShort) return;
        var rest = took * services.Limits.RestFactor;
        await Task.Delay(rest < services.Limits.RestMax ? rest : services.Limits.RestMax, services.Time, _ending.Token);
    }

    private sealed record Copy(IDepotFeed Feed, ulong Version, long SentAt, bool Sent = false);

    private async Task<Copy> FeedOneAsync(Copy copy)
    {
        try
        {
            var aged = copy.Feed.RefreshAfter is { } after && (!copy.Sent || services.Time.GetElapsedTime(copy.SentAt) >= after);
            var update = await copy.Feed.SinceAsync(Depot, aged ? 0 : copy.Version, _ending.Token);
            if (update.Messages.Count == 0) return copy;
            foreach (var message in update.Messages) await SendAsync(message);
            return new Copy(copy.Feed, update.Version, services.Time.GetTimestamp(), Sent: true);
        }
        catch (ObjectDisposedException)
        {
            // The server is being taken down under it, and the link ends with it.
            return copy;
        }
        catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException or TimeoutException)
        {
            EdgeLinkLog.FeedFailed(services.Log, Agent, e);
            return copy;
        }
    }

    private void SayGoodbye()
    {
        if (_end is { Status: not (StatusCode.OK or StatusCode.Cancelled) } end)
            _saidGoodbye = _down.Writer.TryWrite(new BackendMessage { Goodbye = new Goodbye { Code = end.Code, Message = end.Message } });
    }

    private ValueTask SendAsync(BackendMessage message) => _down.Writer.WriteAsync(message, _ending.Token);

    private async Task WriteAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var message in _down.Reader.ReadAllAsync(ct)) await down.WriteAsync(message, ct);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException or RpcException)
        {
            // The line is gone; what was not written, the agent asks for again when it is back.
            End(LinkEnd.Refused(StatusCode.Cancelled, "the line was lost"));
        }
    }
}
