using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Hosting;
using NodaTime;
using ClockEvidence = KeyAccountLogistics.Api.Edge.V1.ClockEvidence;

namespace KeyAccountLogistics.Simulation.World;

/// <summary>A fact of the depot's agent: where in its journal it stands.</summary>
internal sealed record AgentFact(Guid Id, Guid Boot, long Sequence, ByteString Body, Instant TrueAt);

/// <summary>The depot's agent as it is meant to work: numbered facts of each start in a journal on its disk, sent until they are acknowledged, whatever start they are of.</summary>
internal sealed class DepotAgent(SimBackend backend, string space, Draw draw)
{
    private const long CounterAtStart = 1_000_000;
    private const int BatchMax = 1_000;
    private readonly List<AgentFact> _facts = [];
    private readonly Dictionary<Guid, ClockEvidence> _contacts = [];
    private int _acknowledged;
    private int _minted;
    private int _starts;
    private long _sequence;
    private Guid _boot;
    private Instant _startedAt;

    internal IReadOnlyList<AgentFact> Facts => _facts;

    internal void Start()
    {
        _boot = NamedId.From(space, FormattableString.Invariant($"boot {++_starts}"));
        (_sequence, _startedAt) = (0, backend.Now);
    }

    internal void Record(ParcelEvent fact)
    {
        var id = NamedId.From(space, FormattableString.Invariant($"fact {++_minted}"));
        (fact.Id, fact.Node, fact.CapturedAtUs, fact.MonotonicUs) = (Bytes(id), BackendFixture.Depot, backend.Now.ToUnixMicros(), Counter);
        _facts.Add(new AgentFact(id, _boot, ++_sequence, fact.ToByteString(), backend.Now));
    }

    /// <summary>Sends what is not acknowledged; with a kill asked for, it dies once a batch was committed and before it has read so, and begins anew.</summary>
    internal async Task SendAsync(bool killAgent, bool killServer)
    {
        while (_acknowledged < _facts.Count)
        {
            using (var link = await LinkClient.OpenAsync(backend.Agent, Bytes(_boot))) await SendAsync(link, untilKilled: killAgent || killServer);
            if (killServer) await backend.KillAsync();
            if (killAgent) Start();
            (killAgent, killServer) = (false, false);
        }
    }

    private async Task SendAsync(LinkClient link, bool untilKilled)
    {
        _contacts[_boot] = new ClockEvidence { ContactInBoot = true, ContactServerUs = link.Welcome.ServerUs, ContactMonotonicUs = Counter, ContactUncertaintyUs = 1_000 };
        while (_acknowledged < _facts.Count)
        {
            var first = _facts[_acknowledged];
            var cut = draw.Chance(0.3) ? draw.Int(1, 50) : BatchMax;
            var batch = _facts.Skip(_acknowledged).TakeWhile(f => f.Boot == first.Boot).Take(cut).ToList();
            var message = new EventBatch { Boot = Bytes(first.Boot), FirstSequence = (ulong)first.Sequence, Clock = EvidenceOf(first.Boot) };
            message.Events.AddRange(batch.Select(f => f.Body));
            await link.SendAsync(new DepotMessage { Events = message });
            var acknowledged = (await link.NextAsync(BackendMessage.BodyOneofCase.Acknowledged)).Acknowledged;
            acknowledged.Rejected.ShouldBeEmpty();
            acknowledged.UpToSequence.ShouldBe((ulong)batch[^1].Sequence);
            if (untilKilled) return;
            _acknowledged += batch.Count;
        }
    }

    private long Counter => CounterAtStart + ((backend.Now - _startedAt).ToInt64Nanoseconds() / 1_000);

    private ClockEvidence EvidenceOf(Guid boot) => _contacts.GetValueOrDefault(boot) ?? new ClockEvidence { PreviousContactUs = _contacts.Values.Max(c => c.ContactServerUs) };

    private static ByteString Bytes(Guid id) => ByteString.CopyFrom(Uuid.Bytes(id));
}
