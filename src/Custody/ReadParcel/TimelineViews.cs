using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;

namespace KeyAccountLogistics.Custody.Reading;

/// <summary>An event as a line of a parcel's life. Pure.</summary>
internal static class TimelineViews
{
    /// <param name="fact">The event with its adjudged time.</param>
    /// <param name="receivedUs">When the server got it.</param>
    /// <param name="source">The chain it came in by.</param>
    internal static TimelineEntry Entry(LifeFact fact, long receivedUs, string source)
    {
        var e = fact.Event;
        var entry = new TimelineEntry
        {
            EventId = ParcelViews.IdOf(e.Id), Kind = e.Kind, AtUs = fact.BestUs, EarliestUs = fact.EarliestUs, LatestUs = fact.LatestUs, OccurredAtUs = e.OccurredAtUs,
            CapturedAtUs = e.CapturedAtUs, ReceivedAtUs = receivedUs, Node = e.Node, NextNode = e.NextNode, Station = e.Station, Device = e.Device, Actor = e.Actor,
            Reason = e.Reason, Action = e.Action, Handover = e.Handover, From = e.From, To = e.To, Weight = WithoutFrames(e.Weight), Source = source, Place = e.Place,
            Reference = e.Reference, Checklist = e.Checklist, Hold = e.Hold, Size = e.Size, Photo = e.Photo,
        };
        return entry;
    }

    internal static void Mark(TimelineEntry entry, ByteString id, ParcelState state, IReadOnlyDictionary<ByteString, ByteString> corrected)
    {
        if (corrected.TryGetValue(id, out var by)) entry.CorrectedBy = ParcelViews.IdOf(by);
        entry.OutOfOrder = state.Exceptions.Any(x => x.Code is ExceptionCodes.OutOfOrder && x.Event == id);
    }

    private static Weight? WithoutFrames(Weight? weight)
    {
        if (weight is null || weight.Frames.Count == 0) return weight;
        var bare = weight.Clone();
        bare.Frames.Clear();
        return bare;
    }
}
