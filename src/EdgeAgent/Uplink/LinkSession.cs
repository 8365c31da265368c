using System.Threading.Channels;
using Grpc.Core;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Journal;
using KeyAccountLogistics.EdgeAgent.Stations;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.EdgeAgent.Uplink;

/// <summary>How a connection ended.</summary>
internal sealed record LinkEnded(string State, string Reason, bool WasWelcomed);

/// <summary>
/// One connection from hello to its end: hearing on one task, saying on another, which alone writes to the stream. Nothing here is ever waited for by a
/// station.
/// </summary>
internal sealed class LinkSession(UplinkServices services, UplinkLimits limits, SemaphoreSlim moreToSend)
{
    private readonly Channel<DepotMessage> _small = Channel.CreateBounded<DepotMessage>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly TimeProvider _time = services.Clock.Time;
    private bool _welcomed;
    private Goodbye? _goodbye;

    public async Task<LinkEnded> RunAsync(EdgeLink.EdgeLinkClient client, CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var headers = new Metadata { { "authorization", "Bearer " + services.Key.SignToken(services.Identity.Agent, services.Clock.TokenNow) } };
        using var call = client.Connect(new CallOptions(headers, cancellationToken: ending.Token));
        using var sender = new EventSender(services.Journal, services.Clock, limits);
        try
        {
            var saidAt = services.Clock.MonotonicMicros;
            await call.RequestStream.WriteAsync(new DepotMessage { Hello = Hello() }, ending.Token);
            await WelcomeAsync(call, sender, saidAt, ending.Token);
            var saying = SayAsync(call, sender, ending.Token);
            var reporting = ReportAsync(ending.Token);
            try
            {
                while (await call.ResponseStream.MoveNext(ending.Token)) Hear(call.ResponseStream.Current, sender);
            }
            finally
            {
                await ending.CancelAsync();
                await Task.WhenAll(Quietly(saying), Quietly(reporting));
            }
            return Ended("the backend closed the link");
        }
        catch (RpcException refused)
        {
            LearnTime(refused);
            return Refused(refused);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Ended("the link ended");
        }
        finally
        {
            services.Manifest.ForgetParts();
        }
    }

    private Hello Hello()
    {
        var hello = new Hello
        {
            Agent = services.Identity.Agent,
            Boot = FactMaker.ToBytes(services.Journal.CurrentBoot),
            Software = services.Software,
            ClockUs = services.Clock.Stamp().WallMicros,
            MonotonicUs = services.Clock.MonotonicMicros,
            TermsVersion = services.Terms.Now.Version,
            ManifestVersion = services.Manifest.Version,
            PeopleVersion = services.People.Version,
            ScalesVersion = services.Doubts.Version,
        };
        // Boots whose events are kept are named even when all are acknowledged: a backend set back to an older copy then says so.
        foreach (var (boot, first, last) in services.Journal.Kept().TakeLast(BootsNamedMax))
            hello.Unsent.Add(new UnsentBoot { Boot = FactMaker.ToBytes(boot), FirstSequence = first, LastSequence = last });
        return hello;
    }

    private const int BootsNamedMax = 1_000;

    private async Task WelcomeAsync(AsyncDuplexStreamingCall<DepotMessage, BackendMessage> call, EventSender sender, long saidAt, CancellationToken ct)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(limits.WelcomeWithin);
        if (!await call.ResponseStream.MoveNext(late.Token)) throw new RpcException(new Status(StatusCode.Unavailable, "The backend closed the link before its welcome."));
        if (call.ResponseStream.Current.Welcome is not { } welcome) throw new RpcException(new Status(StatusCode.Internal, "The backend's first word was no welcome."));
        Measure(saidAt, services.Clock.MonotonicMicros, welcome.ServerUs);
        foreach (var safe in welcome.Acknowledged)
        {
            if (safe.Boot.Length == 16) services.Journal.BackendHolds(new Guid(safe.Boot.Span, bigEndian: true), safe.UpToSequence);
        }
        sender.Allow(welcome.WindowEvents, welcome.BatchEventsMax);
        _welcomed = true;
        services.Status.Set("connected", "", services.Clock.Stamp().WallMicros);
        UplinkLog.Connected(services.Log, services.Identity.Agent, services.Journal.UnsentCount);
    }

    /// <summary>The one writer: probes and health between batches, batches as long as there is room, else waits for an acknowledgement or an event.</summary>
    private async Task SayAsync(AsyncDuplexStreamingCall<DepotMessage, BackendMessage> call, EventSender sender, CancellationToken ct)
    {
        // After a goodbye nothing more is said: the backend waits for that, so that its last words are read before the line closes.
        while (_goodbye is null)
        {
            while (_small.Reader.TryRead(out var message)) await call.RequestStream.WriteAsync(message, ct);
            if (sender.Next(out var rest) is { } batch)
            {
                await call.RequestStream.WriteAsync(new DepotMessage { Events = batch }, ct);
                continue;
            }
            if (rest is { } pause) await moreToSend.WaitAsync(pause, ct);
            else await moreToSend.WaitAsync(ct);
        }
        await call.RequestStream.CompleteAsync();
    }

    private async Task ReportAsync(CancellationToken ct)
    {
        var probed = long.MinValue / 2;
        while (true)
        {
            if (services.Clock.MonotonicMicros - probed >= limits.ProbeEvery.Ticks / 10)
            {
                probed = services.Clock.MonotonicMicros;
                Say(new DepotMessage { Probe = new TimeProbe { ClockUs = services.Clock.Stamp().WallMicros, MonotonicUs = probed } });
            }
            Say(new DepotMessage { Health = Health() });
            await Task.Delay(limits.HealthEvery, _time, ct);
        }
    }

    private void Say(DepotMessage message)
    {
        _small.Writer.TryWrite(message);
        moreToSend.Release();
    }

    private AgentHealth Health()
    {
        var health = new AgentHealth { Unsent = services.Journal.UnsentCount, DiskFreeBytes = services.Journal.FreeBytes, StationUrl = services.StationUrl(), OldestUnsentUs = services.Status.OldestUnsentMicros };
        health.Devices.AddRange(services.Devices());
        return health;
    }

    private void Hear(BackendMessage message, EventSender sender)
    {
        switch (message.BodyCase)
        {
            case BackendMessage.BodyOneofCase.Acknowledged: HearAcknowledgement(message.Acknowledged, sender); break;
            case BackendMessage.BodyOneofCase.Time: Measure(message.Time.ProbeMonotonicUs, services.Clock.MonotonicMicros, message.Time.ServerUs); break;
            case BackendMessage.BodyOneofCase.Terms: services.Terms.Replace(message.Terms); break;
            case BackendMessage.BodyOneofCase.Manifest:
                if (!services.Manifest.Apply(message.Manifest)) throw new RpcException(new Status(StatusCode.ResourceExhausted, "The manifest is larger than any depot's."));
                break;
            case BackendMessage.BodyOneofCase.People: services.People.Replace(message.People); break;
            case BackendMessage.BodyOneofCase.Scales: services.Doubts.Replace(message.Scales); break;
            case BackendMessage.BodyOneofCase.Goodbye:
                _goodbye = message.Goodbye;
                moreToSend.Release();
                break;
        }
    }

    private void HearAcknowledgement(Acknowledgement acknowledged, EventSender sender)
    {
        if (acknowledged.Boot.Length != 16) return;
        foreach (var rejected in acknowledged.Rejected) UplinkLog.Rejected(services.Log, rejected.Sequence, rejected.Code, rejected.Message);
        sender.Acknowledged(new Guid(acknowledged.Boot.Span, bigEndian: true), acknowledged.UpToSequence);
        moreToSend.Release();
    }

    private void Measure(long said, long heard, long serverMicros)
    {
        if (said <= 0 || heard < said || serverMicros <= 0 || !services.Clock.Measured(said, heard, serverMicros)) return;
        services.Journal.NoteClock(services.Clock.Evidence());
    }

    /// <summary>A refused token may be refused because this machine's clock is wrong: the trailer says the right time, and the next token is signed by it.</summary>
    private void LearnTime(RpcException refused)
    {
        if (refused.StatusCode != StatusCode.Unauthenticated || refused.Trailers?.GetValue("kal-server-us") is not { } text) return;
        if (long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var micros))
            services.Clock.ToldTime(micros);
    }

    private LinkEnded Refused(RpcException refused)
    {
        var reason = _goodbye is { } goodbye ? $"{goodbye.Code}: {goodbye.Message}" : refused.Status.Detail;
        var state = refused.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.InvalidArgument or StatusCode.Unimplemented ? "refused" : "offline";
        return new LinkEnded(state, reason.Length > 0 ? reason : refused.StatusCode.ToString(), _welcomed);
    }

    private LinkEnded Ended(string reason) => new("offline", _goodbye is { } goodbye ? $"{goodbye.Code}: {goodbye.Message}" : reason, _welcomed);

    private async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception ended) when (ended is OperationCanceledException or RpcException or IOException or InvalidOperationException)
        {
            UplinkLog.SideEnded(services.Log, ended.Message);
        }
    }
}
