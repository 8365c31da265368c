using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Simulation;

/// <summary>What a phone keeps on its disk of one fact.</summary>
/// <param name="Sequence">Its number in the phone's journal, from 1.</param>
/// <param name="Boot">The start of the phone in which it was made.</param>
/// <param name="Event">The fact.</param>
/// <param name="Truth">When it really was: nobody in the product knows.</param>
internal sealed record PhoneEntry(long Sequence, ByteString Boot, ParcelEvent Event, Instant Truth);

/// <summary>
/// A courier's phone as the page is: an ordered journal on its own disk, ids minted here, sent in any cut until it is answered; a counter that begins anew with every start, and a wall clock that says
/// what somebody set it to.
/// </summary>
internal sealed class SimulatedPhone(string courier, string depot, Random chance, TimeProvider time)
{
    private readonly ByteString _journal = NewId(chance);
    private readonly List<PhoneEntry> _entries = [];
    private readonly Dictionary<string, SyncedFact> _answers = new(StringComparer.Ordinal);
    private ByteString _boot = NewId(chance);
    private Instant _bootedAt = time.Now() - Duration.FromMinutes(5);
    private int _answered;

    internal string Courier => courier;

    internal string Device { get; } = "phone-" + courier;

    internal Duration ClockOff { get; set; }

    internal IReadOnlyList<PhoneEntry> Entries => _entries;

    internal IReadOnlyDictionary<string, SyncedFact> Answers => _answers;

    internal bool IsDrained => _answered == _entries.Count;

    /// <summary>Killed and started anew: the counter begins anew, the disk stays.</summary>
    internal void Restart() => (_boot, _bootedAt) = (NewId(chance), time.Now());

    /// <summary>On the disk when it returns.</summary>
    internal ParcelEvent Record(EventKind kind, string parcel, Action<ParcelEvent>? more = null)
    {
        var now = time.Now();
        var e = new ParcelEvent { Id = NewId(chance), Kind = kind, Parcel = parcel, Actor = courier, Node = depot, MonotonicUs = Counter(now), CapturedAtUs = (now + ClockOff).ToUnixMicros() };
        more?.Invoke(e);
        _entries.Add(new PhoneEntry(_entries.Count + 1, _boot, e, now));
        return e;
    }

    /// <summary>What it would send now: what has no answer, of one start of the counter, at most 200, or fewer where chance cuts it. Null when there is nothing.</summary>
    internal (SyncRequest Request, int Facts)? Next()
    {
        if (IsDrained) return null;
        var first = _entries[_answered];
        var most = chance.Next(3) == 0 ? 1 + chance.Next(20) : 200;
        var facts = _entries.Skip(_answered).TakeWhile(e => e.Boot == first.Boot).Take(most).ToList();
        return (RequestOf(first.Boot == _boot ? ByteString.Empty : first.Boot, first.Sequence, facts.ConvertAll(f => f.Event)), facts.Count);
    }

    /// <summary>A contact with nothing to tell; only when everything of earlier starts has been told.</summary>
    internal SyncRequest Contact() => RequestOf(ByteString.Empty, 0, []);

    internal void Take(SyncReply reply)
    {
        foreach (var result in reply.Results) _answers[result.EventId] = result;
        _answered += reply.Results.Count;
    }

    /// <summary>The planted mistake: what was sent and not answered is told again under fresh ids.</summary>
    internal void MintAnew(int facts)
    {
        for (var i = _answered; i < _answered + facts; i++) _entries[i] = _entries[i] with { Event = new ParcelEvent(_entries[i].Event) { Id = NewId(chance) } };
    }

    internal static string TextOf(ParcelEvent e) => Uuid.From(e.Id.Span).ToString("D");

    private SyncRequest RequestOf(ByteString eventsBoot, long first, IReadOnlyList<ParcelEvent> facts) => new()
    {
        Device = Device, Boot = _boot, EventsBoot = eventsBoot, MonotonicUs = Counter(time.Now()), Journal = _journal, FirstSequence = first, Events = { facts.Select(f => f.ToByteString()) },
    };

    private long Counter(Instant now) => (now - _bootedAt).BclCompatibleTicks / 10;

    private static ByteString NewId(Random chance)
    {
        var bytes = new byte[16];
        chance.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return ByteString.CopyFrom(bytes);
    }
}
