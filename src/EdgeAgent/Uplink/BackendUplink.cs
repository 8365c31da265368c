using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.EdgeAgent.Uplink;

/// <summary>
/// The line to the backend, tried for ever with jittered backoff. Offline is a state, not a failure: nothing at a station waits for it (law 6).
/// </summary>
internal sealed class BackendUplink : IAsyncDisposable
{
    private const int BlobPartBytes = 256 << 10;
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClockSaveEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAtOldestEvery = TimeSpan.FromSeconds(5);

    private readonly UplinkServices _services;
    private readonly UplinkLimits _limits;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _moreToSend = new(0);
    private readonly HashSet<string> _refusedBlobs = new(StringComparer.Ordinal);
    private Task _running = Task.CompletedTask;

    public BackendUplink(UplinkServices services, UplinkLimits limits)
    {
        _services = services;
        _limits = limits;
        services.Journal.Committed += Pulse;
    }

    public void Start()
    {
        _running = Task.WhenAll(Task.Run(ConnectForEverAsync, CancellationToken.None), Task.Run(SaveForEverAsync, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        Save(clock: true);
        _stopping.Dispose();
    }

    private void Pulse()
    {
        if (_moreToSend.CurrentCount == 0) _moreToSend.Release();
    }

    private async Task ConnectForEverAsync()
    {
        var backoff = _limits.BackoffMin;
        using var channel = BackendChannel.Open(_services.Configuration, _services.Logs);
        var client = new EdgeLink.EdgeLinkClient(channel);
        while (!_stopping.IsCancellationRequested)
        {
            _services.Status.Set("connecting", _services.Status.State is "connected" ? "" : _services.Status.ToWire().Reason, Now);
            var ended = await ConnectOnceAsync(client);
            if (_stopping.IsCancellationRequested) return;
            if (ended.WasWelcomed) backoff = _limits.BackoffMin;
            // Full jitter above half: a hundred depots that lost the same backend do not come back in step.
            var wait = backoff * (0.5 + (_services.Jitter.NextDouble() * 0.5));
            backoff = backoff * 2 < _limits.BackoffMax ? backoff * 2 : _limits.BackoffMax;
            _services.Status.Set(ended.State, ended.Reason, Now);
            UplinkLog.Down(_services.Log, ended.State, ended.Reason, wait.TotalSeconds);
            await WaitAsync(wait);
        }
    }

    private async Task<LinkEnded> ConnectOnceAsync(EdgeLink.EdgeLinkClient client)
    {
        try
        {
            CutOffBacklog();
            var session = new LinkSession(_services, _limits, _moreToSend);
            using var blobs = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            var uploading = UploadBlobsAsync(client, blobs.Token);
            var ended = await session.RunAsync(client, _stopping.Token);
            await blobs.CancelAsync();
            await uploading;
            return ended;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return new LinkEnded("offline", "stopping", WasWelcomed: false);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or UnauthorizedAccessException)
        {
            return new LinkEnded("offline", fault.Message, WasWelcomed: false);
        }
        catch (Exception fault)
        {
            UplinkLog.Failed(_services.Log, fault);
            return new LinkEnded("offline", fault.Message, WasWelcomed: false);
        }
    }

    /// <summary>A long backlog is cut off as a boot of its own before the hello, so that live events pass it.</summary>
    private void CutOffBacklog()
    {
        var present = _services.Journal.CurrentBoot;
        foreach (var range in _services.Journal.Unsent())
        {
            if (range.Boot == present && range.Count > _limits.CutOffAt) _services.Journal.CutBoot();
        }
    }

    private async Task UploadBlobsAsync(EdgeLink.EdgeLinkClient client, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(5), _services.Clock.Time, ct);
                if (_services.Status.State is not "connected" || _services.Journal.UnsentCount > 0) continue;   // after their events
                foreach (var path in _services.Blobs.Waiting()) await UploadAsync(client, path, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The connection ended; what was not sent is sent on the next.
        }
    }

    private async Task UploadAsync(EdgeLink.EdgeLinkClient client, string path, CancellationToken ct)
    {
        var name = Path.GetFileName(path);
        try
        {
            if (_refusedBlobs.Contains(name) || BlobStore.NamedBy(path) is not var (hash, eventId) || _services.Blobs.Read(path) is not { } content) return;
            var headers = new Metadata { { "authorization", "Bearer " + _services.Key.SignToken(_services.Identity.Agent, _services.Clock.TokenNow) } };
            using var call = client.UploadBlob(new CallOptions(headers, cancellationToken: ct));
            for (var at = 0; at < content.Length; at += BlobPartBytes)
            {
                var part = new BlobPart { Content = ByteString.CopyFrom(content.AsSpan(at, Math.Min(BlobPartBytes, content.Length - at))) };
                if (at == 0) (part.Sha256, part.Length, part.MediaType, part.EventId) = (ByteString.CopyFrom(hash), content.Length, BlobStore.MediaType(path), ByteString.CopyFrom(eventId));
                await call.RequestStream.WriteAsync(part, ct);
            }
            await call.RequestStream.CompleteAsync();
            await call;
            _services.Blobs.Done(path);
            UplinkLog.BlobStored(_services.Log, name);
        }
        catch (Exception failed) when (failed is RpcException or IOException)
        {
            // A refusal stays one: the file is kept for support, and tried again at the next start.
            if (failed is RpcException { StatusCode: StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.FailedPrecondition }) _refusedBlobs.Add(name);
            UplinkLog.BlobFailed(_services.Log, name, failed.Message);
        }
    }

    /// <summary>Positions, clock and manifest reach the disk now and then, away from every hot path; losing a little of them costs a resend.</summary>
    private async Task SaveForEverAsync()
    {
        var clockSaved = _services.Clock.MonotonicMicros;
        var manifestPause = SaveEvery;
        var manifestSaved = clockSaved;
        var lookedAtOldest = 0L;
        while (!_stopping.IsCancellationRequested)
        {
            await WaitAsync(SaveEvery);
            var now = _services.Clock.MonotonicMicros;
            var clockDue = now - clockSaved >= ClockSaveEvery.Ticks / 10;
            if (clockDue) clockSaved = now;
            Save(clockDue);
            if (now - lookedAtOldest >= LookAtOldestEvery.Ticks / 10)
            {
                lookedAtOldest = now;
                LookAtOldest();
            }
            if (!_services.Manifest.NeedsSaving || now - manifestSaved < manifestPause.Ticks / 10) continue;
            SaveManifest();
            manifestSaved = _services.Clock.MonotonicMicros;
            // A large manifest that changes all the time takes at most a twentieth of the disk's time.
            manifestPause = TimeSpan.FromMicroseconds(Math.Max(SaveEvery.TotalMicroseconds, (manifestSaved - now) * 20));
        }
        SaveManifest();
    }

    private void LookAtOldest()
    {
        try
        {
            _services.Status.OldestUnsentMicros = OldestUnsent.Micros(_services.Journal);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            UplinkLog.NotSaved(_services.Log, fault.Message);
        }
    }

    private void Save(bool clock)
    {
        try
        {
            _services.Journal.SaveStateIfChanged();
            if (clock) _services.Clock.Save();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            UplinkLog.NotSaved(_services.Log, fault.Message);
        }
    }

    private void SaveManifest()
    {
        if (!_services.Manifest.NeedsSaving) return;
        try
        {
            _services.Manifest.Save();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            UplinkLog.NotSaved(_services.Log, fault.Message);
        }
    }

    private long Now => _services.Clock.Stamp().WallMicros;

    private async Task WaitAsync(TimeSpan wait)
    {
        try
        {
            await Task.Delay(wait, _services.Clock.Time, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopping.
        }
    }
}
