using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Hosting;
using NodaTime;

namespace KeyAccountLogistics.Simulation.World;

internal enum FactState
{
    /// <summary>Recorded, not yet on the phone's disk.</summary>
    InMemory,

    /// <summary>On the disk, not answered.</summary>
    Waiting,
    Accepted,
    Refused,

    /// <summary>Gone with the phone's memory, never sent.</summary>
    Lost,

    /// <summary>Gone with the phone itself; it may have been sent.</summary>
    Destroyed,
}

/// <summary>A fact as a phone recorded it, and when that truly was.</summary>
internal sealed class PhoneFact
{
    internal required Guid Id { get; init; }

    internal required ByteString Body { get; init; }

    internal required EventKind Kind { get; init; }

    /// <summary>The parcel's code or the order's id.</summary>
    internal required string Subject { get; init; }

    /// <summary>Which step at that door.</summary>
    internal required string Key { get; init; }

    internal required Instant TrueAt { get; init; }

    internal required Guid Boot { get; init; }

    internal required long Sequence { get; init; }

    internal FactState State { get; set; } = FactState.InMemory;

    internal string Code { get; set; } = "";

    /// <summary>It has been in a request that reached the server.</summary>
    internal bool Sent { get; set; }

    /// <summary>When it first reached the server, the server knew this start of the phone's counter.</summary>
    internal bool Anchored { get; set; }
}

/// <summary>
/// A courier's phone as it is meant to work: each act is written to an ordered journal on its own disk before it is sent, ids are minted here, and what is not answered is sent again, in
/// any cut. Its wall clock is whatever its owner made of it; its counter begins anew with each start.
/// </summary>
internal sealed class Phone(string space, string device, string courier)
{
    private const long CounterAtStart = 1_000_000;
    private const int FactsMax = 200;
    private readonly List<PhoneFact> _facts = [];
    private int _minted;
    private int _starts;
    private Instant _startedAt;
    private Guid _known;

    internal string Device { get; } = device;

    internal string Courier { get; } = courier;

    internal Guid Boot { get; private set; }

    internal Duration WallError { get; set; }

    internal bool Destroyed { get; private set; }

    /// <summary>Everything ever recorded on it that it did not lose itself, in the order of its journal.</summary>
    internal IReadOnlyList<PhoneFact> Facts => _facts;

    internal List<PhoneFact> LostFacts { get; } = [];

    /// <summary>Facts that got another answer when they came again.</summary>
    internal List<string> ChangedAnswers { get; } = [];

    /// <summary>The gaps in its numbers that the server last told of.</summary>
    internal int GapsTold { get; set; }

    internal IEnumerable<PhoneFact> Waiting => _facts.Where(f => f.State is FactState.Waiting);

    private ByteString Journal => IdBytes(NamedId.From(space + Device, "journal"));

    internal void Start(Instant now)
    {
        Boot = NamedId.From(space + Device, FormattableString.Invariant($"boot {++_starts}"));
        _startedAt = now;
    }

    internal PhoneFact Record(Instant now, string subject, string key, ParcelEvent fact)
    {
        var id = NamedId.From(space + Device, FormattableString.Invariant($"fact {++_minted}"));
        (fact.Id, fact.Actor, fact.Node, fact.Device) = (IdBytes(id), Courier, BackendFixture.Depot, Device);
        fact.MonotonicUs = Counter(now);
        fact.CapturedAtUs = (now + WallError).ToUnixMicros();
        var recorded = new PhoneFact
        {
            Id = id, Body = fact.ToByteString(), Kind = fact.Kind, Subject = subject, Key = key, TrueAt = now, Boot = Boot, Sequence = _facts.Count + 1,
        };
        _facts.Add(recorded);
        return recorded;
    }

    /// <summary>What was recorded is on the disk from now on.</summary>
    internal void Flush()
    {
        foreach (var fact in _facts.Where(f => f.State is FactState.InMemory)) fact.State = FactState.Waiting;
    }

    /// <summary>Killed: what is not on the disk is gone, and so is the counter.</summary>
    internal void Kill(Instant restartedAt)
    {
        foreach (var fact in _facts.Where(f => f.State is FactState.InMemory))
        {
            fact.State = FactState.Lost;
            LostFacts.Add(fact);
        }
        _facts.RemoveAll(f => f.State is FactState.Lost);
        Start(restartedAt);
    }

    internal void Destroy()
    {
        Destroyed = true;
        foreach (var fact in _facts.Where(f => f.State is FactState.InMemory or FactState.Waiting)) fact.State = FactState.Destroyed;
    }

    /// <summary>The next call: from the first fact without an answer, or a few before it, as many as the cut takes; never of two starts at once.</summary>
    internal SyncRequest Next(Instant now, Draw draw)
    {
        var request = new SyncRequest { Device = Device, Boot = IdBytes(Boot), MonotonicUs = Counter(now), Journal = Journal };
        var first = _facts.FindIndex(f => f.State is FactState.Waiting);
        if (first < 0) return request;
        var boot = _facts[first].Boot;
        var waiting = first;
        for (var back = draw.Chance(0.15) ? draw.Int(1, 6) : 0; back > 0 && first > 0 && _facts[first - 1].Boot == boot; back--) first--;
        var cut = draw.Chance(0.3) ? waiting - first + draw.Int(1, 9) : FactsMax;
        var batch = _facts.Skip(first).TakeWhile(f => f.Boot == boot && f.State is not FactState.InMemory).Take(cut).ToList();
        request.FirstSequence = batch[0].Sequence;
        request.Events.AddRange(batch.Select(f => f.Body));
        if (boot != Boot) request.EventsBoot = IdBytes(boot);
        return request;
    }

    /// <summary>The request reaches the server now.</summary>
    internal void Arrives(SyncRequest request)
    {
        var boot = request.EventsBoot.IsEmpty ? Boot : Uuid.From(request.EventsBoot.Span);
        foreach (var fact in Of(request).Where(f => !f.Sent)) (fact.Sent, fact.Anchored) = (true, boot == _known);
        if (request.EventsBoot.IsEmpty) _known = Boot;
    }

    /// <summary>The answers, and which facts were refused for the first time.</summary>
    internal List<PhoneFact> Take(SyncRequest request, SyncReply reply)
    {
        var refused = new List<PhoneFact>();
        foreach (var (fact, answer) in Of(request).Zip(reply.Results))
        {
            answer.EventId.ShouldBe(fact.Id.ToString("D"), "answers come in the order of the facts");
            if (fact.State is FactState.Accepted or FactState.Refused)
            {
                if ((answer.Result is "refused") != (fact.State is FactState.Refused)) ChangedAnswers.Add($"{fact.Kind} of {fact.Subject} was {fact.State} and is answered {answer.Result}");
                continue;
            }
            (fact.State, fact.Code) = answer.Result is "refused" ? (FactState.Refused, answer.Code) : (FactState.Accepted, "");
            if (fact.State is FactState.Refused) refused.Add(fact);
        }
        reply.Results.Count.ShouldBe(request.Events.Count, "each fact has its answer");
        GapsTold = reply.Gaps.Count;
        return refused;
    }

    private IEnumerable<PhoneFact> Of(SyncRequest request) => _facts.Skip((int)request.FirstSequence - 1).Take(request.Events.Count);

    private long Counter(Instant now) => CounterAtStart + ((now - _startedAt).ToInt64Nanoseconds() / 1_000);

    private static ByteString IdBytes(Guid id) => ByteString.CopyFrom(Uuid.Bytes(id));
}
