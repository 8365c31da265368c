using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Hosting;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Api.Identity.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary>
/// A backend as the protocol describes it, written from edge_link.proto: keeps what it acknowledged, knows an event by boot and sequence, and can be stopped,
/// started, set back and told to refuse.
/// </summary>
internal sealed class FakeBackend : IAsyncDisposable
{
    private WebApplication? _app;
    private int _port;

    /// <summary>Everything acknowledged, by boot and sequence.</summary>
    public ConcurrentDictionary<(Guid Boot, ulong Sequence), byte[]> Events { get; } = [];

    /// <summary>Events that came again.</summary>
    public int Duplicates;

    /// <summary>Events that came a second time under the same boot and sequence with another content: never allowed.</summary>
    public ConcurrentBag<(Guid Boot, ulong Sequence)> Contradictions { get; } = [];

    public ConcurrentBag<ClockEvidence> Clocks { get; } = [];

    public ConcurrentQueue<(Guid Boot, ulong First, int Count)> Batches { get; } = [];

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = [];

    public ConcurrentQueue<AgentHealth> Health { get; } = [];

    public ConcurrentQueue<Hello> Hellos { get; } = [];

    public TermsSnapshot? Terms { get; set; }

    public PeopleSnapshot? People { get; set; }

    public ScaleDoubts? Scales { get; set; }

    public ConcurrentQueue<ManifestUpdate> Manifest { get; } = [];

    /// <summary>When set, every link is refused with it.</summary>
    public Status? Refuse { get; set; }

    /// <summary>Waits this long before each acknowledgement.</summary>
    public TimeSpan AcknowledgeAfter { get; set; }

    /// <summary>Added to what this server's clock says.</summary>
    public TimeSpan ClockAhead { get; set; }

    public int WindowEvents { get; set; } = 4_000;

    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    public IReadOnlyList<ParcelEvent> Facts => [.. Events.OrderBy(static e => e.Key.Boot).ThenBy(static e => e.Key.Sequence).Select(static e => ParcelEvent.Parser.ParseFrom(e.Value))];

    public long NowMicros => (DateTimeOffset.UnixEpoch.Ticks is var epoch ? (TimeProvider.System.GetUtcNow() + ClockAhead).Ticks - epoch : 0) / 10;

    public static async Task<FakeBackend> StartAsync()
    {
        var backend = new FakeBackend();
        await backend.ResumeAsync();
        return backend;
    }

    /// <summary>Comes up, at the same address as before.</summary>
    public async Task ResumeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.UseGrpcLimits();
            kestrel.Listen(IPAddress.Loopback, _port, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(this);
        builder.Services.AddSingleton<FakeEdgeLink>();
        builder.Services.AddSingleton<FakeEnrolment>();
        builder.Services.AddGrpc(static grpc => grpc.MaxReceiveMessageSize = 8 << 20);
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(300));
        _app = builder.Build();
        _app.MapGrpcService<FakeEdgeLink>();
        _app.MapGrpcService<FakeEnrolment>();
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        _port = Address.Port;
    }

    /// <summary>Goes down, as it would in an update.</summary>
    public async Task StopAsync()
    {
        if (_app is null) return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private ulong SafeUpTo(Guid boot)
    {
        var safe = 0ul;
        while (Events.ContainsKey((boot, safe + 1))) safe++;
        return safe;
    }

    private sealed class FakeEdgeLink(FakeBackend backend) : EdgeLink.EdgeLinkBase
    {
        public override async Task Connect(IAsyncStreamReader<DepotMessage> requestStream, IServerStreamWriter<BackendMessage> responseStream, ServerCallContext context)
        {
            if (backend.Refuse is { } refuse)
            {
                context.ResponseTrailers.Add("kal-server-us", backend.NowMicros.ToString(System.Globalization.CultureInfo.InvariantCulture));
                throw new RpcException(refuse);
            }
            (await requestStream.MoveNext(context.CancellationToken)).ShouldBeTrue();
            var hello = requestStream.Current.Hello;
            backend.Hellos.Enqueue(hello);
            var welcome = new Welcome { Depot = "HZ-01", WindowEvents = backend.WindowEvents, BatchEventsMax = 500, ServerUs = backend.NowMicros };
            foreach (var unsent in hello.Unsent)
                welcome.Acknowledged.Add(new BootAcknowledged { Boot = unsent.Boot, UpToSequence = backend.SafeUpTo(new Guid(unsent.Boot.Span, bigEndian: true)) });
            await responseStream.WriteAsync(new BackendMessage { Welcome = welcome });
            if (backend.Terms is { } terms && terms.Version != hello.TermsVersion) await responseStream.WriteAsync(new BackendMessage { Terms = terms });
            if (backend.Scales is { } scales && scales.Version != hello.ScalesVersion) await responseStream.WriteAsync(new BackendMessage { Scales = scales });
            if (backend.People is { } people) await responseStream.WriteAsync(new BackendMessage { People = people });
            foreach (var update in backend.Manifest) await responseStream.WriteAsync(new BackendMessage { Manifest = update });
            while (await requestStream.MoveNext(context.CancellationToken)) await HearAsync(requestStream.Current, responseStream);
        }

        public override async Task<BlobStored> UploadBlob(IAsyncStreamReader<BlobPart> requestStream, ServerCallContext context)
        {
            using var content = new MemoryStream();
            ByteString? name = null;
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                name ??= requestStream.Current.Sha256;
                if (requestStream.Current.EventId is { Length: > 0 } id && !backend.Facts.Any(f => f.Id.Equals(id))) throw new RpcException(new Status(StatusCode.NotFound, "no such event"));
                requestStream.Current.Content.WriteTo(content);
            }
            backend.Blobs[Convert.ToHexStringLower(name!.Span)] = content.ToArray();
            return new BlobStored { Sha256 = name };
        }

        private async Task HearAsync(DepotMessage message, IServerStreamWriter<BackendMessage> down)
        {
            switch (message.BodyCase)
            {
                case DepotMessage.BodyOneofCase.Events: await TakeAsync(message.Events, down); break;
                case DepotMessage.BodyOneofCase.Health: backend.Health.Enqueue(message.Health); break;
                case DepotMessage.BodyOneofCase.Probe:
                    await down.WriteAsync(new BackendMessage
                    {
                        Time = new TimeAnswer { ProbeClockUs = message.Probe.ClockUs, ProbeMonotonicUs = message.Probe.MonotonicUs, ServerUs = backend.NowMicros },
                    });
                    break;
            }
        }

        private async Task TakeAsync(EventBatch batch, IServerStreamWriter<BackendMessage> down)
        {
            var boot = new Guid(batch.Boot.Span, bigEndian: true);
            backend.Batches.Enqueue((boot, batch.FirstSequence, batch.Events.Count));
            backend.Clocks.Add(batch.Clock);
            for (var i = 0; i < batch.Events.Count; i++)
            {
                var key = (boot, batch.FirstSequence + (ulong)i);
                var body = batch.Events[i].ToByteArray();
                if (backend.Events.TryAdd(key, body)) continue;
                Interlocked.Increment(ref backend.Duplicates);
                if (!backend.Events[key].AsSpan().SequenceEqual(body)) backend.Contradictions.Add(key);
            }
            if (backend.AcknowledgeAfter > TimeSpan.Zero) await Task.Delay(backend.AcknowledgeAfter, TimeProvider.System);
            await down.WriteAsync(new BackendMessage { Acknowledged = new Acknowledgement { Boot = batch.Boot, UpToSequence = batch.FirstSequence + (ulong)batch.Events.Count - 1 } });
        }
    }

    private sealed class FakeEnrolment(FakeBackend backend) : Enrolment.EnrolmentBase
    {
        public override Task<EnrolReply> Enrol(EnrolRequest request, ServerCallContext context) => request.Code == "GOOD-CODE"
            ? Task.FromResult(new EnrolReply { Agent = "agent-1", Depot = "HZ-01", ServerUs = backend.NowMicros })
            : throw new RpcException(new Status(StatusCode.PermissionDenied, "The enrolment code is unknown, was used, or its time has passed."));
    }
}
