using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Keeping;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Unit.Contracts.Rating;

public sealed class PriceCurveTests
{
    private const string Document = """
        contract: KA-1
        account: A
        effective: {from: 2026-01-01T00:00:00+08:00}
        tariff:
          - id: T-1
            zones: {by: given}
            first: {to: 1 kg}
            further: {step: 0.5 kg}
            rates: [{zone: near, first: 8.00, further: 1.00}]
          - id: T-2
            services: [heavy]
            brackets: [{to: 3 kg, price: 9.00}, {to: 12 kg, price: 9.00, per_kg: 2.00, per_kg_on: excess}]
        weight: {id: W-1, absolute: 0 g, percent: 0}
        handover: {id: H-1}
        """;

    [Fact]
    public void Every_point_of_a_curve_is_the_price_that_the_shipment_is_rated_at()
    {
        var version = ContractText.Read(Document, static _ => null).Versions.Single();
        var program = RateProgram.Compile(version);
        foreach (var (tariff, service, zone) in new[] { ("T-1", "standard", "near"), ("T-2", "heavy", null) })
        {
            var points = PriceCurve.Of(version).Tariffs.Single(t => t.Clause == tariff).Zones.Single().Points;
            points.Count.ShouldBeGreaterThan(4);
            foreach (var point in points)
            {
                var shipment = new ShipmentToRate
                {
                    Waybill = "W", Service = service, Origin = "310115", Destination = "330106", Zone = zone, Accepted = version.EffectiveFrom,
                    Pieces = [new PieceToRate(Mass.FromMilligrams(point.WeightMg), null)],
                };
                var lines = new RatedLine[program.LinesMax];
                program.Rate(shipment, lines).TotalMinor.ShouldBe(point.Minor);
            }
        }
    }

    [Fact]
    public void A_curve_ends_where_nothing_heavier_is_carried_and_keeps_only_its_corners()
    {
        var version = ContractText.Read(Document, static _ => null).Versions.Single();
        var curves = PriceCurve.Of(version).Tariffs;
        curves[1].Zones[0].Points[^1].WeightMg.ShouldBe(12_000_000);
        var first = curves[0].Zones[0].Points;
        first.Take(2).Select(static p => (p.WeightMg, p.Minor)).ShouldBe([(100_000, 800), (1_000_000, 800)]);
        first.Select(static p => p.Minor).ShouldBe(first.Select(static p => p.Minor).Order());
    }
}
