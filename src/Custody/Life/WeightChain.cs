using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.Custody.Life;

/// <summary>The weights a parcel had, in order: pickup, depot, reweigh, delivery. The declared one belongs to the shipment and is put before them when read.</summary>
internal static class WeightChain
{
    internal static void Apply(ParcelState state, in LifeFact fact)
    {
        if (fact.Event.Weight is not { } weight || !IsWeight(weight)) return;
        // The first is kept for good: it is what the first custodian answered for.
        if (state.WeightRecords.Count >= LifeLimits.WeightsKept) state.WeightRecords.RemoveAt(1);
        var e = fact.Event;
        var record = new WeightRecord
        {
            Purpose = weight.Purpose is WeightPurpose.Unspecified ? Guess(state, e.Kind) : weight.Purpose,
            MassMg = weight.MassMg, Typed = weight.Typed, TypedReason = LifeLimits.Clip(weight.TypedReason),
            Actor = LifeLimits.Clip(e.Actor), Node = LifeLimits.Clip(e.Node), Station = LifeLimits.Clip(e.Station),
            Scale = weight.Scale, Verdict = weight.Verdict, Frames = weight.Frames.Count, AtUs = fact.BestUs, Event = fact.Id,
        };
        state.WeightRecords.Add(record.ToByteString());
    }

    /// <summary>What the present custodian was handed: the last weight of the chain. Null when the parcel was never weighed.</summary>
    internal static WeightRecord? HandedOn(ParcelState state) => state.WeightRecords.Count == 0 ? null : WeightRecord.Parser.ParseFrom(state.WeightRecords[^1]);

    // Law 3: moving, over capacity, not tared and the like have a number on the display and no weight.
    private static bool IsWeight(Weight weight) => weight.MassMg > 0 &&
        (weight.Verdict is null || weight.Verdict.NoVerdict is NoVerdictReason.Unspecified or NoVerdictReason.NoTerms or NoVerdictReason.UnknownParcel);

    private static WeightPurpose Guess(ParcelState state, EventKind kind) => kind switch
    {
        EventKind.Collected => WeightPurpose.Pickup,
        EventKind.Delivered => WeightPurpose.Delivery,
        _ => state.WeightRecords.Count == 0 ? WeightPurpose.Depot : WeightPurpose.Reweigh,
    };
}

internal sealed partial class ParcelState
{
    /// <summary>The chain, taken apart anew at every call.</summary>
    internal IReadOnlyList<WeightRecord> Weights => [.. WeightRecords.Select(static record => WeightRecord.Parser.ParseFrom(record))];
}
