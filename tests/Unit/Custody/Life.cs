using System.Buffers.Binary;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;

namespace KeyAccountLogistics.Unit.Custody;

/// <summary>Facts in minutes of one day, with ids that ascend as they are made unless said otherwise.</summary>
internal sealed class Life
{
    private readonly List<LifeFact> _facts = [];
    private long _next = 1;

    internal IReadOnlyList<LifeFact> Facts => _facts;

    internal ParcelState State => ParcelFold.Fold(_facts);

    internal static long Minute(int minute) => minute * 60_000_000L;

    internal static ByteString Id(long number)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return ByteString.CopyFrom(bytes);
    }

    /// <summary>An event at a minute known exactly, or plus and minus some minutes.</summary>
    internal ByteString At(int minute, EventKind kind, Action<ParcelEvent>? more = null, int doubt = 0)
    {
        var e = new ParcelEvent { Id = Id(_next++), Kind = kind, Parcel = "KAL2610120000017" };
        more?.Invoke(e);
        _facts.Add(new LifeFact(e, Minute(minute - doubt), Minute(minute), Minute(minute + doubt)));
        return e.Id;
    }

    internal static Party Party(PartyKind kind, string id) => new() { Kind = kind, Id = id };

    internal static Action<ParcelEvent> Handover(string id, Party from, Party to) => e => { e.Handover = id; e.From = from; e.To = to; };
}
