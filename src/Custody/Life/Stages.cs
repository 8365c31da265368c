using KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.Custody.Life;

/// <summary>What each kind of event means for the way of a parcel: its rank in the order that parcels pass, and the stage it leads to.</summary>
internal static class Stages
{
    /// <summary>Up to this rank an event happens once in a life; above it a parcel may go round again (a second attempt, another hub).</summary>
    internal const int OnceRankMax = 4;

    internal const int RankMax = 8;

    /// <summary>0 = no place in the order.</summary>
    internal static int RankOf(EventKind kind) => kind switch
    {
        EventKind.OrderAccepted => 1,
        EventKind.PickupArrived => 2,
        EventKind.Collected => 3,
        EventKind.AcceptedAtDepot => 4,
        EventKind.Bagged or EventKind.Loaded or EventKind.DepartedNode or EventKind.ArrivedNode or EventKind.MisroutedCorrected => 5,
        EventKind.OutForDelivery => 6,
        EventKind.AttemptFailed or EventKind.AtPickupPoint or EventKind.Refused or EventKind.ReturnedToCustody => 7,
        EventKind.Delivered or EventKind.Returned => RankMax,
        _ => 0,
    };

    /// <summary>Null: the event says nothing about the stage.</summary>
    internal static ParcelStage? StageOf(EventKind kind) => kind switch
    {
        EventKind.OrderAccepted => ParcelStage.OrderAccepted,
        EventKind.Collected => ParcelStage.Collected,
        EventKind.AcceptedAtDepot => ParcelStage.AcceptedAtDepot,
        EventKind.Bagged or EventKind.Loaded or EventKind.DepartedNode or EventKind.MisroutedCorrected => ParcelStage.InTransit,
        EventKind.ArrivedNode or EventKind.ReturnedToCustody => ParcelStage.AtNode,
        EventKind.OutForDelivery => ParcelStage.OutForDelivery,
        EventKind.AttemptFailed => ParcelStage.AttemptFailed,
        EventKind.AtPickupPoint => ParcelStage.AtPickupPoint,
        EventKind.Refused => ParcelStage.Refused,
        EventKind.Delivered => ParcelStage.Delivered,
        EventKind.Returned => ParcelStage.Returned,
        EventKind.Lost => ParcelStage.Lost,
        EventKind.Cancelled => ParcelStage.Cancelled,
        _ => null,
    };

    /// <summary>A life ends here; what is seen of the parcel afterwards contradicts it and leaves the stage alone.</summary>
    internal static bool IsClosed(ParcelStage stage) => stage is ParcelStage.Delivered or ParcelStage.Returned or ParcelStage.Cancelled;

    /// <summary>True for facts that need the parcel itself in the carrier's hands, so that they cannot follow the end of its life.</summary>
    internal static bool NeedsTheParcel(ParcelEvent e) => e.Kind switch
    {
        EventKind.Scanned or EventKind.Measured or EventKind.Inspected or EventKind.Screened or EventKind.Lost or EventKind.Cancelled => true,
        EventKind.Weighed => e.Weight?.Purpose is not WeightPurpose.Delivery,
        _ => RankOf(e.Kind) > OnceRankMax,
    };

    /// <summary>A device or person of a node had the parcel before it.</summary>
    internal static bool IsSighting(EventKind kind) => kind is EventKind.Scanned or EventKind.Weighed or EventKind.Measured or EventKind.AcceptedAtDepot
        or EventKind.ArrivedNode or EventKind.ReturnedToCustody;

    /// <summary>The word of the API and the pages: <c>out_for_delivery</c>.</summary>
    internal static string WordOf(ParcelStage stage) => stage switch
    {
        ParcelStage.Registered => "registered",
        ParcelStage.OrderAccepted => "order_accepted",
        ParcelStage.Collected => "collected",
        ParcelStage.AcceptedAtDepot => "accepted_at_depot",
        ParcelStage.InTransit => "in_transit",
        ParcelStage.AtNode => "at_node",
        ParcelStage.OutForDelivery => "out_for_delivery",
        ParcelStage.AttemptFailed => "attempt_failed",
        ParcelStage.AtPickupPoint => "at_pickup_point",
        ParcelStage.Refused => "refused",
        ParcelStage.Delivered => "delivered",
        ParcelStage.Returned => "returned",
        ParcelStage.Lost => "lost",
        ParcelStage.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "No such stage."),
    };

    internal static bool TryRead(string word, out ParcelStage stage)
    {
        foreach (var candidate in Enum.GetValues<ParcelStage>())
        {
            if (!string.Equals(WordOf(candidate), word, StringComparison.Ordinal)) continue;
            stage = candidate;
            return true;
        }
        stage = default;
        return false;
    }
}
