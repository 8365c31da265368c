using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Rating;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;
using static KeyAccountLogistics.Unit.Contracts.Rating.Rated;

namespace KeyAccountLogistics.Unit.Contracts.Rating;

/// <summary>Where no row matches there is a reason, never a zero (laws 3 and 4).</summary>
public sealed class RefusalTests
{
    private static readonly LaneZone[] Lanes = [new(new Lane("31*", "44*"), "a"), new(new Lane("31*", "10*"), "z")];

    [Fact]
    public void What_the_contract_has_no_row_for()
    {
        var lanes = Contract(v => v with { Tariffs = [v.Tariffs[0] with { Zones = new ZoneRule.ByLane([.. Lanes]), Rates = [new ZoneRate(["a"], FirstFurther(8, 1))] }] });
        Says(lanes, Shipment("1")).ShouldBe("8.00: T-3 8.00");
        Says(lanes, Shipment("1") with { Destination = "9999" }).ShouldBe("NO_ZONE T-3");
        Says(lanes, Shipment("1") with { Destination = "1000" }).ShouldBe("NO_RATE T-3");
        var given = Contract(v => v with { Tariffs = [v.Tariffs[0] with { Zones = new ZoneRule.Given(), Rates = [new ZoneRate(["a"], FirstFurther(8, 1))] }] });
        Says(given, Shipment("1")).ShouldBe("NO_ZONE T-3");
        Says(given, Shipment("1") with { Zone = "b" }).ShouldBe("NO_RATE T-3");
        Says(given, Shipment("1") with { Zone = "a" }).ShouldBe("8.00: T-3 8.00");
        var express = Contract(v => v with { Tariffs = [v.Tariffs[0] with { Chargeable = v.Tariffs[0].Chargeable with { Services = ["express"] } }] });
        Says(express, Shipment()).ShouldBe("NO_SERVICE");
        Says(Contract(), Shipment("1") with { Returned = true }).ShouldBe("NO_RETURN");
        Says(Contract(), Shipment("1") with { Redirected = true }).ShouldBe("NO_REDIRECT");
    }

    [Fact]
    public void What_is_heavier_than_the_last_bracket_or_tier()
    {
        var brackets = Contract(v => v with { Tariffs = [Tariff(new PriceRule.Brackets([new Bracket(Kg("5"), 10, 0, RoundingReadOn.Total, null, 0)]))] });
        Says(brackets, Shipment("5")).ShouldBe("10.00: T-3 10.00");
        Says(brackets, Shipment("5.001")).ShouldBe("TOO_HEAVY T-3");
        Says(Contract(v => v with { Tariffs = [Tariff(new PriceRule.FirstFurther(8, Kg("1"), null))] }), Shipment("1.001")).ShouldBe("TOO_HEAVY T-3");
        var refused = Rate(brackets, Shipment("7")).ShouldBeOfType<RateOutcome.Refused>();
        refused.TextEn.ShouldBe("The chargeable weight of 7 kg is above the heaviest that the tariff carries. (clause T-3)");
        refused.TextZh.ShouldContain("7 kg");
    }

    [Fact]
    public void Services_that_were_not_agreed()
    {
        var all = Contract(v => GoldenPricesTests.WithCod(GoldenPricesTests.Insured(v)));
        Says(Contract(), Shipment("1") with { CodMinor = 100 }).ShouldBe("NO_COD");
        Says(all, Shipment("1") with { CodMinor = 10_000_001 }).ShouldBe("COD_TOO_HIGH C-1");
        Says(Contract(), Shipment("1") with { FreightCollect = true }).ShouldBe("NO_FREIGHT_COLLECT");
        Says(Contract(), Shipment("1") with { DeclaredValueMinor = 100 }).ShouldBe("NOT_INSURABLE");
        Says(all, Shipment("1") with { DeclaredValueMinor = 2_000_001 }).ShouldBe("INSURED_TOO_HIGH I-1");
        Says(all, Shipment("1") with { DeclaredValueMinor = 0 }).ShouldBe("OUT_OF_RANGE I-1");   // a declared zero is a mistake, not no value
        Says(all, Shipment("1") with { CodMinor = -1 }).ShouldBe("OUT_OF_RANGE C-1");
    }

    [Fact]
    public void Numbers_that_no_shipment_has()
    {
        Says(Contract(), Shipment("0")).ShouldBe("OUT_OF_RANGE T-3");
        Says(Contract(), Shipment("-1")).ShouldBe("OUT_OF_RANGE T-3");
        Says(Contract(), Shipment() with { Pieces = [] }).ShouldBe("OUT_OF_RANGE");
        Says(Contract(), Shipment() with { Pieces = default }).ShouldBe("OUT_OF_RANGE");
        Says(Contract(), Shipment("2000000")).ShouldBe("OUT_OF_RANGE T-3");
        Says(Contract(), Shipment() with { Pieces = [new PieceToRate(Mass.FromMilligrams(long.MaxValue), null), new PieceToRate(Mass.FromMilligrams(long.MaxValue), null)] }).ShouldBe("OUT_OF_RANGE T-3");
        Says(Contract(v => v with { Tariffs = [Tariff(FirstFurther(1_000_000_000, 1_000_000_000, "0.000001"))] }), Shipment("900000")).ShouldBe("OUT_OF_RANGE T-3");
    }

    [Fact]
    public void Dated_terms_want_a_date_inside_of_them()
    {
        var fuel = new SurchargeClause(
            ClauseId.Parse("F-1"), new SurchargeWhen.Always(), new SurchargePrice.PercentByDate([new DatedPercent(new LocalDate(2026, 1, 1), 10), new DatedPercent(new LocalDate(2026, 10, 12), 20)]),
            [], null, null, DrawnContract.China, AmountRounding.Cent);
        var version = Contract(v => v with { Surcharges = [fuel] });
        Says(version, Shipment("1") with { Accepted = Instant.FromUtc(2025, 12, 31, 15, 59) }).ShouldBe("NO_FUEL_ROW F-1");       // 23:59 in Shanghai
        Says(version, Shipment("1") with { Accepted = Instant.FromUtc(2025, 12, 31, 16, 0) }).ShouldBe("8.80: T-3 8.00, F-1 0.80");
        Says(version, Shipment("1") with { Accepted = Instant.FromUtc(2026, 10, 11, 15, 59) }).ShouldBe("8.80: T-3 8.00, F-1 0.80");
        Says(version, Shipment("1") with { Accepted = Instant.FromUtc(2026, 10, 11, 16, 0) }).ShouldBe("9.60: T-3 8.00, F-1 1.60");
        Says(version, Shipment("1") with { Accepted = null }).ShouldBe("NO_ACCEPTANCE F-1");
        Says(Contract(), Shipment("1") with { Accepted = null }).ShouldBe("8.00: T-3 8.00");
        var peak = Contract(v => v with { Surcharges = [fuel with { Price = new SurchargePrice.PerShipment(2), From = new LocalDate(2026, 11, 1), Until = new LocalDate(2026, 11, 12) }] });
        Says(peak, Shipment("1")).ShouldBe("8.00: T-3 8.00");
        Says(peak, Shipment("1") with { Accepted = Instant.FromUtc(2026, 11, 12, 15, 59) }).ShouldBe("10.00: T-3 8.00, F-1 2.00");
        Says(peak, Shipment("1") with { Accepted = Instant.FromUtc(2026, 11, 12, 16, 0) }).ShouldBe("8.00: T-3 8.00");
    }

    [Fact]
    public void The_acceptance_moment_picks_the_version_and_late_rating_uses_the_same_one()
    {
        var first = Contract(v => v with { EffectiveFrom = Instant.FromUtc(2026, 1, 1, 0, 0), EffectiveUntil = Instant.FromUtc(2026, 7, 1, 0, 0) });
        var second = first with { Version = 2, EffectiveFrom = Instant.FromUtc(2026, 7, 1, 0, 0), EffectiveUntil = null, Tariffs = [Tariff(FirstFurther(9, 1))] };
        var door = new RateInForce([RateProgram.Compile(first), RateProgram.Compile(second)]);
        string Of(Instant? accepted) => door.Rate("HDDS-A", Shipment("1") with { Accepted = accepted }) is RateOutcome.Charged c ? $"v{c.Version} {c.Total}" : "none";
        Of(Instant.FromUtc(2026, 6, 30, 23, 59)).ShouldBe("v1 8.00 CNY");
        Of(Instant.FromUtc(2026, 7, 1, 0, 0)).ShouldBe("v2 9.00 CNY");
        door.Rate("HDDS-A", Shipment("1") with { Accepted = Instant.FromUtc(2025, 6, 1, 0, 0) }).ShouldBeOfType<RateOutcome.Refused>().Reason.ShouldBe("NOT_IN_FORCE");
        door.Rate("HDDS-A", Shipment("1") with { Accepted = null }).ShouldBeOfType<RateOutcome.Refused>().Reason.ShouldBe("NO_ACCEPTANCE");
        door.Rate("NOBODY", Shipment("1")).ShouldBeOfType<RateOutcome.Refused>().Reason.ShouldBe("NO_CONTRACT");

        var old = Shipment("1") with { Accepted = Instant.FromUtc(2026, 6, 1, 0, 0) };
        var charged = door.Rate("HDDS-A", old, trace: true).ShouldBeOfType<RateOutcome.Charged>();
        var correction = door.Rerate(charged, "charge-7", old with { Pieces = [new PieceToRate(Kg("2.1"), null)] }).ShouldNotBeNull();
        correction.Corrects.ShouldBe("charge-7");
        correction.Second.Version.ShouldBe(1u);
        correction.Difference.ToString().ShouldBe("3.00 CNY");
        correction.Lines.ShouldHaveSingleItem().TextEn.ShouldStartWith("Corrects charge-7: was 8.00 CNY");
        door.Rerate(charged, "charge-7", old).ShouldNotBeNull().Lines.ShouldBeEmpty();
    }

    [Fact]
    public void The_drawn_shipments_of_the_properties_meet_every_reason_and_more_prices_than_refusals()
    {
        var met = new Dictionary<RateRefusal, int>();
        for (var seed = 1; seed <= 400; seed++)
        {
            var drawn = new DrawnContract(seed);
            var program = RateProgram.Compile(drawn.Version());
            var lines = new RatedLine[program.LinesMax];
            for (var i = 0; i < 20; i++)
            {
                var reason = program.Rate(drawn.Shipment(), lines).Refusal;
                met[reason] = met.GetValueOrDefault(reason) + 1;
            }
        }
        met.Keys.Order().ShouldBe(Enum.GetValues<RateRefusal>().Where(r => r is not (RateRefusal.BadLine or RateRefusal.NoContract or RateRefusal.NoWeight)));
        met[RateRefusal.None].ShouldBeGreaterThan(1_600);
    }
}
