using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;
using static KeyAccountLogistics.Unit.Contracts.Rating.Rated;

namespace KeyAccountLogistics.Unit.Contracts.Rating;

// The prices of domain.md 4.5 and data/README.md.
public sealed class GoldenPricesTests
{
    private static readonly Dimensions Box = Dimensions.TryFromMillimetres(400, 300, 200)!.Value;   // 24,000 cm³

    public static TheoryData<int, WeightRounding, string> Modes => new()
    {
        { 12_000, new WeightRounding.CeilStep(Kg("0.1")), "10.80" },
        { 12_000, new WeightRounding.CeilStep(Kg("0.5")), "11.00" },
        { 12_000, new WeightRounding.TruncDecimals(2), "10.68" },
        { 12_000, new WeightRounding.HalfUpDecimals(1), "10.60" },
        { 12_000, new WeightRounding.CeilStep(Kg("1")), "12.00" },
        { 6_000, new WeightRounding.CeilStep(Kg("0.1")), "14.00" },
        { 6_000, new WeightRounding.TruncDecimals(2), "14.00" },
        { 6_000, new WeightRounding.HalfUpDecimals(1), "14.00" },
    };

    [Theory]
    [MemberData(nameof(Modes))]
    public void Eight_yuan_the_first_kilogram_and_two_each_further(int divisor, WeightRounding rounding, string fee)
    {
        var version = Contract(v => v with { Tariffs = [Tariff(FirstFurther(8.00m, 2.00m), Weigh(rounding, divisor: divisor))] });
        Says(version, Shipment() with { Pieces = [new PieceToRate(Kg("2.345"), Box)] }).ShouldBe($"{fee}: T-3 {fee}");
        Says(version, Shipment("0.4")).ShouldBe("8.00: T-3 8.00");
    }

    [Theory]
    [InlineData("7.00", "1.80", "4", "12.40")]    // SF Wuxi to Hubei
    [InlineData("8.00", "0.70", "5", "10.80")]    // J&T Dongguan
    public void Quoted_prices_of_first_and_further_kilograms(string first, string further, string kg, string charge)
    {
        var version = Contract(v => v with { Tariffs = [Tariff(FirstFurther(Price(first), Price(further)), Weigh(new WeightRounding.CeilStep(Kg("1"))))] });
        Says(version, Shipment(kg)).ShouldBe($"{charge}: T-3 {charge}");
    }

    [Theory]
    [InlineData("Total", "100", "73.50")]
    [InlineData("Total", "305", "192.00")]
    [InlineData("Excess", "305", "206.75")]
    [InlineData("Graduated", "305", "206.50")]
    public void Yunda_to_Dongguan_by_the_weight_the_tier_is_read_on(string readOn, string kg, string charge)
    {
        FurtherTier[] tiers = [new(Kg("300"), 0.65m), new(Kg("800"), 0.60m), new(null, 0.55m)];
        var price = new PriceRule.FirstFurther(15.00m, Kg("10"), new FurtherRule(Kg("1"), Enum.Parse<TierReadOn>(readOn), [.. tiers]));
        var version = Contract(v => v with { Tariffs = [Tariff(price, Weigh(new WeightRounding.CeilStep(Kg("1")), first: "10"))] });
        Says(version, Shipment(kg)).ShouldBe($"{charge}: T-3 {charge}");
    }

    [Theory]
    [InlineData(500, false, 1)]
    [InlineData(501, false, 2)]
    [InlineData(1_000, false, 2)]
    [InlineData(1_001, false, 5)]
    [InlineData(3_100, false, 16)]   // 15.5
    [InlineData(2_900, false, 15)]   // 14.5
    [InlineData(1_300, false, 7)]    // 6.5
    [InlineData(1_001, true, 8)]
    [InlineData(500, true, 2)]
    [InlineData(1_000, true, 5)]
    public void Insured_value_in_whole_yuan_half_up(int declared, bool fragile, int fee) =>
        Says(Contract(Insured), Shipment("1") with { DeclaredValueMinor = declared * 100L, Fragile = fragile }).ShouldBe($"{8 + fee}.00: T-3 8.00, I-1 {fee}.00");

    [Theory]
    [InlineData(5_000, "3.00")]
    [InlineData(100_000, "50.00")]
    public void Cash_on_delivery_five_percent_at_least_three_yuan(long cod, string fee) =>
        Says(Contract(WithCod), Shipment("1") with { CodMinor = cod }).ShouldEndWith($"C-1 {fee}");

    [Fact]
    public void The_lines_come_in_the_order_of_the_bill()
    {
        var china = TestKit.Rating.DrawnContract.China;
        var version = Contract(v => WithCod(Insured(v)) with
        {
            Returns = [new ReturnClause(ClauseId.Parse("R-1"), ReturnKind.Return, [], [], 50, AmountRounding.Cent)],
            Discounts = [new DiscountClause(ClauseId.Parse("D-1"), 10, [], null, null, null, china)],
            Surcharges =
            [
                new SurchargeClause(ClauseId.Parse("F-2"), new SurchargeWhen.Remote(["44*"], LaneEnds.Destination), new SurchargePrice.PerShipment(3), [], null, null, china, AmountRounding.Cent),
                new SurchargeClause(ClauseId.Parse("F-1"), new SurchargeWhen.Always(), new SurchargePrice.PercentByDate([new DatedPercent(new LocalDate(2026, 10, 1), 12.5m)]), [], null, null, china, AmountRounding.Cent),
            ],
            FreightCollect = new FreightCollectClause(ClauseId.Parse("FC-1"), 1, RefusedFreight.BothWays, AmountRounding.Cent),
        });
        var shipment = Shipment("2") with { Returned = true, DeclaredValueMinor = 50_000, CodMinor = 5_000, FreightCollect = true };
        // Fuel: 12.5 % of 10.00 - 1.00 = 1.125.
        Says(version, shipment).ShouldBe("23.13: T-3 10.00, R-1 5.00, D-1 -1.00, F-2 3.00, F-1 1.13, I-1 1.00, C-1 3.00, FC-1 1.00");
    }

    [Fact]
    public void The_line_says_in_both_languages_how_it_came_about()
    {
        var charged = Rate(Contract(), Shipment()).ShouldBeOfType<RateOutcome.Charged>();
        charged.Chargeable.ShouldBe(Kg("2.5"));
        charged.Lines[0].TextZh.ShouldBe("运费，计费重量2.5 kg：首重1 kg 8.00元 + 续重3步×1.00元/0.5 kg = 11.00元");
        charged.Lines[0].TextEn.ShouldBe("Freight, chargeable weight 2.5 kg: first 1 kg 8.00 CNY + further 3 steps × 1.00 CNY/0.5 kg = 11.00 CNY");
    }

    [Fact]
    public void Pieces_together_have_one_first_weight_and_each_by_itself_its_own()
    {
        var shipment = Shipment() with { Pieces = [new PieceToRate(Kg("0.4"), null), new PieceToRate(Kg("1.3"), null)] };
        Says(Contract(), shipment).ShouldBe("10.00: T-3 10.00");                                                                                  // 1.7 → 2.0
        Says(Contract(v => v with { Tariffs = [v.Tariffs[0] with { Pieces = PieceRule.Each }] }), shipment).ShouldBe("17.00: T-3 17.00");         // 8 + 9
        Says(Contract(v => v with { Tariffs = [v.Tariffs[0] with { Pieces = PieceRule.Each, Minimum = 20 }] }), shipment).ShouldBe("20.00: T-3 20.00");
        Says(Contract(v => v with { Tariffs = [Tariff(new PriceRule.PerParcel(5.5m))] }), shipment).ShouldBe("11.00: T-3 11.00");
    }

    [Fact]
    public void A_consignee_who_refuses_freight_collect_costs_the_shipper_what_the_clause_says()
    {
        static ContractVersion With(ContractVersion v, RefusedFreight refused) => v with
        {
            Returns = [new ReturnClause(ClauseId.Parse("R-1"), ReturnKind.Return, [], [], 100, AmountRounding.Cent)],
            FreightCollect = new FreightCollectClause(ClauseId.Parse("FC-1"), 0, refused, AmountRounding.Cent),
        };
        var shipment = Shipment("1") with { Returned = true, FreightCollect = true };
        Says(Contract(v => With(v, RefusedFreight.BothWays)), shipment).ShouldBe("16.00: T-3 8.00, R-1 8.00");
        Says(Contract(v => With(v, RefusedFreight.WayOut)), shipment).ShouldBe("8.00: T-3 8.00");
    }

    internal static ContractVersion WithCod(ContractVersion version) => version with
    {
        Cod = new CodClause(ClauseId.Parse("C-1"), 5, 3, null, 100_000, new RemitCycle.WorkingDays(3), new LocalTime(18, 0), AmountRounding.Cent),
    };

    internal static ContractVersion Insured(ContractVersion version) => version with
    {
        Insurance =
        [
            new InsuranceClause(
                ClauseId.Parse("I-1"), [], [new InsuranceRow(500, 1, 0, 0), new InsuranceRow(1_000, 2, 0, 0), new InsuranceRow(null, 0, 5, 0)],
                [new InsuranceRow(500, 2, 0, 0), new InsuranceRow(1_000, 5, 0, 0), new InsuranceRow(null, 0, 8, 0)], 20_000, new AmountRounding(1, AmountRoundingMode.HalfUp)),
        ],
    };

    private static decimal Price(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
