using System.Text;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>
/// The text of a trace: the shipment as it was asked for, then each step with the row of the contract it used, whole. What a clause says is written once, at compilation, and copied with the numbers put
/// in. <see cref="RateTrace"/> reads it.
/// </summary>
internal static class TraceJson
{
    internal static byte[] Head(ContractVersion version) => Encoding.UTF8.GetBytes(Head(version.Contract, version.Version, version.Currency));

    internal static string Head(string contract, uint version, string currency) =>
        new TraceBuffer().Text("{\"trace\":1,\"contract\":").Quoted(contract).Text(",\"version\":").Number(version).Text(",\"currency\":").Quoted(currency).Text(",\"shipment\":").ToString();

    internal static void Begin(TraceBuffer trace, ReadOnlySpan<byte> head, ShipmentToRate shipment)
    {
        trace.Clear();
        trace.Raw(head).Raw("{\"waybill\":"u8).Quoted(shipment.Waybill).Raw(",\"service\":"u8).Quoted(shipment.Service)
            .Raw(",\"origin\":"u8).Quoted(shipment.Origin).Raw(",\"destination\":"u8).Quoted(shipment.Destination);
        if (shipment.Zone is { } zone) trace.Raw(",\"zone\":"u8).Quoted(zone);
        // Ticks, of 100 ns: what dates are compared in, so nothing is lost.
        if (shipment.Accepted is { } accepted) trace.Raw(",\"accepted_ticks\":"u8).Number(accepted.ToUnixTimeTicks());
        trace.Raw(",\"pieces\":["u8);
        foreach (var piece in shipment.Pieces)
        {
            trace.Raw("["u8).Number(piece.Weight.Milligrams);
            if (piece.Sides is { } sides) trace.Raw(","u8).Number(sides.LengthMm).Raw(","u8).Number(sides.WidthMm).Raw(","u8).Number(sides.HeightMm);
            trace.Raw("],"u8);
        }
        trace.DropLast().Raw("]"u8);
        if (shipment.DeclaredValueMinor is { } declared) trace.Raw(",\"declared\":"u8).Number(declared);
        if (shipment.CodMinor is { } cod) trace.Raw(",\"cod\":"u8).Number(cod);
        if (shipment.FreightCollect) trace.Raw(",\"freight_collect\":true"u8);
        if (shipment.Fragile) trace.Raw(",\"fragile\":true"u8);
        if (shipment.Returned) trace.Raw(",\"returned\":true"u8);
        if (shipment.Redirected) trace.Raw(",\"redirected\":true"u8);
        if (!shipment.Marks.IsDefaultOrEmpty)
        {
            trace.Raw(",\"marks\":["u8);
            foreach (var mark in shipment.Marks) trace.Quoted(mark).Raw(","u8);
            trace.DropLast().Raw("]"u8);
        }
        trace.Raw("},\"steps\":["u8);
    }

    internal static void Weigh(TraceBuffer trace, WeighRule rule, int from, int count, long actual, long volume, int divisor, long bills) =>
        trace.Raw("{\"step\":\"weigh\",\"piece\":"u8).Number(from).Raw(",\"count\":"u8).Number(count).Raw(",\"actual\":"u8).Number(actual).Raw(",\"volume\":"u8).Number(volume)
            .Raw(",\"divisor\":"u8).Number(divisor).Raw(",\"bills\":"u8).Number(bills).Raw(","u8).Raw(rule.Json).Raw("},"u8);

    internal static void Amount(TraceBuffer trace, AmountRule rule, long x, long minor) =>
        trace.Raw("{\"step\":\"amount\",\"of\":"u8).Number(x).Raw(",\"amount\":"u8).Number(minor).Raw(","u8).Raw(rule.Json).Raw("},"u8);

    internal static void Sum(TraceBuffer trace, SumRule sum, long minor) =>
        trace.Raw("{\"step\":\"sum\",\"amount\":"u8).Number(minor).Raw(","u8).Raw(sum.Json).Raw("},"u8);

    internal static void End(TraceBuffer trace, long total) => trace.DropLast().Raw("],\"total\":"u8).Number(total).Raw("}"u8);
}
