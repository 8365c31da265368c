using KeyAccountLogistics.Contracts.Published;

namespace KeyAccountLogistics.Cases.Weight;

/// <summary>
/// What a shipment of an account costs under the contract version of its acceptance: a price with its lines, or the reason why there is none. The seam to rating; thread-safe.
/// </summary>
internal delegate RateOutcome PriceShipment(string account, ShipmentToRate shipment);

/// <summary>Where no rating is composed in.</summary>
internal static class NoRating
{
    internal const string Reason = "NO_RATING";

    internal static RateOutcome Refuse(string account, ShipmentToRate shipment) => new RateOutcome.Refused(
        Reason, null, $"本系统尚未对运单 {shipment.Waybill} 计价。", $"This installation does not rate shipments yet, so {shipment.Waybill} has no price.");
}
