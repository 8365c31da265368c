using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Custody.Life;

/// <summary>One journalled event of a parcel with its adjudged time (law 2), in microseconds since 1970: what the fold sees, and all it sees.</summary>
internal readonly record struct LifeFact(ParcelEvent Event, long EarliestUs, long BestUs, long LatestUs, long ReceivedUs = 0, SourceKind Source = default)
{
    internal ByteString Id => Event.Id;
}

/// <summary>The one order of a parcel's facts: best time, then id. Arrival has no part in it.</summary>
internal sealed class LifeOrder : IComparer<LifeFact>
{
    internal static readonly LifeOrder Instance = new();

    public int Compare(LifeFact x, LifeFact y) => Compare(x.BestUs, x.Id, y.BestUs, y.Id);

    internal static int Compare(long bestA, ByteString idA, long bestB, ByteString idB)
    {
        var byTime = bestA.CompareTo(bestB);
        return byTime != 0 ? byTime : idA.Span.SequenceCompareTo(idB.Span);
    }
}
