using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.EdgeAgent.Clocks;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Weighing;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>Makes facts of one station: id, both clocks, place. The id is minted here, before anything is sent (law 5).</summary>
internal sealed class FactMaker(AgentClock clock, IIds ids, string depot, string station)
{
    /// <summary>A fact with its time; a command's id becomes the id of the fact it makes, so that the command again finds it, also after a crash.</summary>
    public ParcelEvent New(EventKind kind, string actor, string parcel = "", ByteString? id = null)
    {
        var stamp = clock.Stamp();
        return new ParcelEvent
        {
            Id = id ?? ToBytes(ids.New()),
            Kind = kind,
            Parcel = parcel,
            CapturedAtUs = stamp.WallMicros,
            MonotonicUs = stamp.MonotonicMicros,
            Node = depot,
            Station = station,
            Actor = actor,
        };
    }

    /// <summary>A hold with its reason and place, in the custody of the depot's staff.</summary>
    public ParcelEvent Held(string parcel, string actor, string reason, string place, ByteString? id = null)
    {
        var held = New(EventKind.Held, actor, parcel, id);
        held.Reason = reason;
        held.Place = place;
        held.Hold = new Hold { Reason = reason, Owner = actor };
        return held;
    }

    /// <summary>A fact that puts another right.</summary>
    public ParcelEvent Corrected(ByteString wrong, string parcel, string actor, string reason)
    {
        var corrected = New(EventKind.Corrected, actor, parcel);
        corrected.Corrects = wrong;
        corrected.Reason = reason;
        return corrected;
    }

    public static ByteString ToBytes(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return ByteString.CopyFrom(bytes);
    }

    public static string Text(ByteString id) => id.Length == 16 ? new Guid(id.Span, bigEndian: true).ToString() : "";

    /// <summary>The scale as registered, travelling with each of its weights.</summary>
    public static Scale ToWire(ScaleFacts facts) => new()
    {
        Device = facts.Device,
        Serial = facts.Serial,
        AccuracyClass = facts.Class.ToString(),
        IntervalMg = facts.Interval.Milligrams,
        CapacityMg = facts.Capacity.Milligrams,
        MinimumMg = facts.Minimum.Milligrams,
        VerifiedUntilDay = facts.VerifiedUntil is { } until ? NodaTime.Period.DaysBetween(new NodaTime.LocalDate(1970, 1, 1), until) : 0,
    };
}
