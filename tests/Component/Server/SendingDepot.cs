using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Server;

/// <summary>
/// A depot that has scans without end and sends them as fast as the window lets it, over one line after another, as an agent with a journal does: what was not
/// acknowledged is sent again, what was is not.
/// </summary>
internal sealed class SendingDepot(TestAgent agent, TimeProvider time, Random random) : IDisposable
{
    private const int WindowEvents = 800;
    private const int BatchEventsMax = 120;
    private const int ParcelsOfItsOwn = 40;
    private const int ParcelsOfAll = 15;
    private readonly SemaphoreSlim _room = new(0);
    private GrpcChannel? _channel;
    private LinkClient? _link;
    private Task _life = Task.CompletedTask;
    private long _sent;
    private long _acknowledged;

    /// <summary>The boot its events are numbered in.</summary>
    internal ByteString Boot { get; } = BackendFixture.NewCommandId();

    /// <summary>The highest sequence that ever left.</summary>
    internal long Sent => Interlocked.Read(ref _sent);

    /// <summary>The highest sequence that the server said is safe.</summary>
    internal long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>How many events the server turned out to have although it never came to acknowledge them: those that could be applied twice.</summary>
    internal long KeptUnacknowledged { get; private set; }

    /// <summary>Raised after each batch sent and each acknowledgement.</summary>
    internal event Action? Progress;

    /// <summary>Every status that a line ended with while the depot tried to be linked.</summary>
    internal List<Status> Refusals { get; } = [];

    /// <summary>Links, tried again until the limit, and sends until the line ends.</summary>
    internal async Task LinkAsync(Uri grpc, bool trustWelcome, CancellationToken limit)
    {
        _link = await OpenAsync(grpc, limit);
        // Or it sends again what the server says it has: an agent that lost its positions does.
        if (trustWelcome) Interlocked.Exchange(ref _acknowledged, SafeOf(_link));
        var ended = new CancellationTokenSource();
        _life = Task.WhenAll(SendAsync(_link, Acknowledged + 1, ended.Token), ReceiveAsync(_link, ended));
    }

    /// <summary>Waits until the line has ended by itself.</summary>
    internal async Task<long> UnlinkedAsync(CancellationToken limit)
    {
        await _life.WaitAsync(limit);
        _link!.Dispose();
        return Sent - Acknowledged;
    }

    /// <summary>Sends nothing new any more; returns when everything sent is acknowledged.</summary>
    internal async Task DrainAsync(Uri grpc, CancellationToken limit)
    {
        using var link = await OpenAsync(grpc, limit);
        for (var first = Acknowledged + 1; first <= Sent; first += BatchEventsMax) await link.SendAsync(new DepotMessage { Events = Batch(link, first, (int)Math.Min(BatchEventsMax, Sent - first + 1)) });
        if (Acknowledged < Sent) _acknowledged = (long)(await link.AcknowledgedUpToAsync(Sent))[^1];
        await link.CompleteAsync();
        (await link.EndAsync()).Status.StatusCode.ShouldBe(StatusCode.OK);
    }

    public void Dispose()
    {
        _link?.Dispose();
        _channel?.Dispose();
        _room.Dispose();
    }

    /// <summary>Which parcel stands at a sequence: some are scanned at every depot, so that sources meet in the same rows.</summary>
    private string ParcelAt(long sequence) => sequence % 4 == 0 ? $"SHARED-{sequence * 7 % ParcelsOfAll:D2}" : $"{agent.Id[..8].ToUpperInvariant()}-{sequence * 13 % ParcelsOfItsOwn:D2}";

    private static long SafeOf(LinkClient link) => link.Welcome.Acknowledged.Count == 0 ? 0 : (long)link.Welcome.Acknowledged[0].UpToSequence;

    private EventBatch Batch(LinkClient link, long first, int count) => link.Scans(first, count, time, ParcelAt);

    private async Task<LinkClient> OpenAsync(Uri grpc, CancellationToken limit)
    {
        _channel?.Dispose();
        _channel = BackendFixture.Open(grpc, () => agent.Token());
        agent.Channel = _channel;
        while (true)
        {
            try
            {
                var link = await LinkClient.OpenAsync(agent, Boot, hello =>
                {
                    if (Sent > 0) hello.Unsent.Add(new UnsentBoot { Boot = Boot, FirstSequence = 1, LastSequence = (ulong)Sent });
                });
                SafeOf(link).ShouldBeInRange(Acknowledged, Sent, "what was acknowledged is there, and nothing that was never sent");
                KeptUnacknowledged += SafeOf(link) - Acknowledged;
                return link;
            }
            catch (RpcException refused) when (!limit.IsCancellationRequested)
            {
                Refusals.Add(refused.Status);
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit);
            }
        }
    }

    private async Task SendAsync(LinkClient link, long first, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                var count = random.Next(1, BatchEventsMax + 1);
                while (first - 1 + count - Acknowledged > WindowEvents) await _room.WaitAsync(ended);
                InterlockedMax(ref _sent, first + count - 1);
                await link.SendAsync(new DepotMessage { Events = Batch(link, first, count) });
                first += count;
                Progress?.Invoke();
            }
        }
        catch (Exception gone) when (gone is RpcException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // The line ended.
        }
    }

    private async Task ReceiveAsync(LinkClient link, CancellationTokenSource ended)
    {
        try
        {
            while (true)
            {
                var upTo = (long)(await link.NextAsync(BackendMessage.BodyOneofCase.Acknowledged)).Acknowledged.UpToSequence;
                upTo.ShouldBeLessThanOrEqualTo(Sent);
                InterlockedMax(ref _acknowledged, upTo);
                _room.Release();
                Progress?.Invoke();
            }
        }
        catch (Exception gone) when (gone is RpcException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // The server is gone, or said that it cannot go on.
        }
        finally
        {
            // A sender that waits for room is let go.
            await ended.CancelAsync();
            link.Dispose();
        }
    }

    private static void InterlockedMax(ref long place, long value)
    {
        var seen = Interlocked.Read(ref place);
        while (seen < value && Interlocked.CompareExchange(ref place, value, seen) is var now && now != seen) seen = now;
    }
}
