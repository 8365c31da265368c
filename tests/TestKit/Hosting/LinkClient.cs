using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.TestKit.Hosting;

/// <summary>The depot's end of an edge link, message by message, for tests that say exactly what goes over the wire.</summary>
public sealed class LinkClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly AsyncDuplexStreamingCall<DepotMessage, BackendMessage> _call;
    private readonly TestAgent _agent;

    private LinkClient(TestAgent agent, AsyncDuplexStreamingCall<DepotMessage, BackendMessage> call, ByteString boot) => (_agent, _call, Boot) = (agent, call, boot);

    /// <summary>The boot that this link's events belong to.</summary>
    public ByteString Boot { get; }

    /// <summary>The server's answer to the hello.</summary>
    public Welcome Welcome { get; private set; } = new();

    /// <summary>Opens a link and waits for the welcome.</summary>
    public static async Task<LinkClient> OpenAsync(TestAgent agent, ByteString? boot = null, Action<Hello>? with = null)
    {
        var link = Start(agent, boot);
        var hello = new Hello { Agent = agent.Id, Boot = link.Boot, Software = "test" };
        with?.Invoke(hello);
        await link.SendAsync(new DepotMessage { Hello = hello });
        link.Welcome = (await link.NextAsync(BackendMessage.BodyOneofCase.Welcome)).Welcome;
        return link;
    }

    /// <summary>Opens the stream without a hello.</summary>
    public static LinkClient Start(TestAgent agent, ByteString? boot = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return new LinkClient(agent, new EdgeLink.EdgeLinkClient(agent.Channel).Connect(), boot ?? BackendFixture.NewCommandId());
    }

    /// <summary>Sends a message.</summary>
    public Task SendAsync(DepotMessage message) => _call.RequestStream.WriteAsync(message);

    /// <summary>Sends scans of one parcel as a batch from that sequence on.</summary>
    public Task SendScansAsync(long firstSequence, int count, TimeProvider time, string parcel = "") =>
        SendAsync(new DepotMessage { Events = Scans(firstSequence, count, time, parcel) });

    /// <summary>A batch of scans: the same sequence is the same event.</summary>
    public EventBatch Scans(long firstSequence, int count, TimeProvider time, string parcel = "") => Scans(firstSequence, count, time, _ => parcel);

    /// <summary>A batch of scans of several parcels: the same sequence is the same event.</summary>
    public EventBatch Scans(long firstSequence, int count, TimeProvider time, Func<long, string> parcelOf)
    {
        ArgumentNullException.ThrowIfNull(parcelOf);
        var now = time.Now().ToUnixMicros();
        var batch = new EventBatch { Boot = Boot, FirstSequence = (ulong)firstSequence, Clock = new Api.Edge.V1.ClockEvidence { ContactInBoot = true, ContactServerUs = now, ContactMonotonicUs = 1, ContactUncertaintyUs = 1_000 } };
        for (var sequence = firstSequence; sequence < firstSequence + count; sequence++)
        {
            batch.Events.Add(new ParcelEvent
            {
                Id = ByteString.CopyFrom(IdOf(Boot, sequence).ToByteArray(bigEndian: true)),
                Kind = EventKind.Scanned, Parcel = parcelOf(sequence), Node = _agent.Depot, CapturedAtUs = 1_772_000_000_000_000 + sequence, MonotonicUs = sequence,
            }.ToByteString());
        }
        return batch;
    }

    /// <summary>The id of the scan that stands at a sequence of a boot.</summary>
    public static Guid IdOf(ByteString boot, long sequence)
    {
        ArgumentNullException.ThrowIfNull(boot);
        return NamedId.From(boot.ToBase64(), sequence.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The next message of a kind; others in between are passed over.</summary>
    public async Task<BackendMessage> NextAsync(BackendMessage.BodyOneofCase kind)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await _call.ResponseStream.MoveNext(patience.Token))
        {
            if (_call.ResponseStream.Current.BodyCase == kind) return _call.ResponseStream.Current;
        }
        throw new InvalidOperationException($"The stream ended before a {kind} came.");
    }

    /// <summary>Reads acknowledgements until everything up to the sequence is acknowledged; their sequences in the order they came.</summary>
    public async Task<IReadOnlyList<ulong>> AcknowledgedUpToAsync(long sequence)
    {
        var seen = new List<ulong>();
        while (seen.Count == 0 || seen[^1] < (ulong)sequence) seen.Add((await NextAsync(BackendMessage.BodyOneofCase.Acknowledged)).Acknowledged.UpToSequence);
        return seen;
    }

    /// <summary>Reads to the end; the goodbye, if there was one, and the status.</summary>
    public async Task<(Goodbye? Goodbye, Status Status)> EndAsync()
    {
        Goodbye? goodbye = null;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (await _call.ResponseStream.MoveNext(patience.Token))
            {
                if (_call.ResponseStream.Current.Goodbye is not { } said) continue;
                goodbye = said;
                // As an agent does: the server waits for it, so that its last words are read before the line closes.
                await CompleteAsync();
            }
            return (goodbye, _call.GetStatus());
        }
        catch (RpcException e)
        {
            return (goodbye, e.Status);
        }
    }

    /// <summary>Says that nothing more comes.</summary>
    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    /// <inheritdoc/>
    public void Dispose() => _call.Dispose();
}
