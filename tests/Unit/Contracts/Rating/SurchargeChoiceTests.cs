using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;

namespace KeyAccountLogistics.Unit.Contracts.Rating;

/// <summary>Surcharges asked at once answer as each would by itself.</summary>
public sealed class SurchargeChoiceTests
{
    [Fact]
    public void One_look_up_finds_what_each_surcharge_finds_by_itself()
    {
        const int seed = 20_260_301;
        var random = new Random(seed);
        string Digits(int most) => string.Concat(Enumerable.Range(0, 1 + random.Next(most)).Select(_ => (char)('0' + random.Next(3))));
        var met = 0;
        for (var round = 0; round < 300; round++)
        {
            SurchargeWhen[] surcharges =
            [
                .. Enumerable.Range(0, 1 + random.Next(70)).Select(_ => random.Next(3) == 0
                    ? (SurchargeWhen)new SurchargeWhen.Always()
                    : new SurchargeWhen.Remote([.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => random.Next(3) == 0 ? Digits(4) : Digits(3) + "*").Distinct(StringComparer.Ordinal)], (LaneEnds)(1 + random.Next(3)))),
            ];
            var asked = new SurchargeChoice(surcharges);
            for (var draw = 0; draw < 20; draw++)
            {
                var shipment = new ShipmentToRate { Waybill = "W", Service = "standard", Origin = Digits(4), Destination = Digits(4), Pieces = [] };
                var mask = asked.At(shipment);
                for (var i = 0; i < Math.Min(surcharges.Length, SurchargeChoice.Most); i++)
                {
                    var alone = surcharges[i] is SurchargeWhen.Always || (surcharges[i] is SurchargeWhen.Remote remote && new PlacePatterns(remote.Places) is var own
                        && ((remote.Ends is LaneEnds.Destination or LaneEnds.Either && own.Best(shipment.Destination) >= 0) || (remote.Ends is LaneEnds.Origin or LaneEnds.Either && own.Best(shipment.Origin) >= 0)));
                    ((mask >> i & 1) == 1).ShouldBe(alone, $"seed {seed}, round {round}, surcharge {i}: {shipment.Origin} to {shipment.Destination}");
                    if (alone) met++;
                }
            }
        }
        met.ShouldBeGreaterThan(10_000, "the draw meets what it is for");
    }
}
