using System.Text;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Contracts.Writing;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using NodaTime;

namespace KeyAccountLogistics.Unit.Contracts;

public sealed class ReadContractTests
{
    [Fact]
    public void The_contract_of_the_issue_reads_as_it_stands_there()
    {
        var v = Contract.Read(Contract.Sample);
        v.ToString().ShouldBe("KA-2026-0001 v1");
        (v.Account, v.NameZh, v.NameEn, v.Currency).ShouldBe(("华东电商甲", "华东电商甲", "华东电商甲", "CNY"));
        v.EffectiveFrom.ShouldBeNull("a draft");
        v.ToTerms().ShouldBeNull("a draft judges nothing");
        var tariff = v.Tariffs.ShouldHaveSingleItem();
        tariff.Clause.ShouldBe(ClauseId.Parse("T-3"));
        tariff.Chargeable.Services.ShouldBe(["standard"]);
        tariff.Chargeable.First.ShouldBe(Mass.FromKilograms(1));
        tariff.Chargeable.Rounding.ShouldBe(new WeightRounding.CeilStep(Mass.FromGrams(500)));
        tariff.Chargeable.ReadOn.ShouldBe(RoundingReadOn.Excess);
        tariff.Chargeable.Volumetric!.Rounding.ShouldBe(new WeightRounding.CeilStep(Mass.FromGrams(500)));
        tariff.Zones.ShouldBeOfType<ZoneRule.ByLane>().Rows.ShouldBe([new(new("31*", "31*"), "a"), new(new("31*", "32*"), "b"), new(new("31*", "*"), "c")]);
        var price = tariff.Rates.ShouldHaveSingleItem().Price.ShouldBeOfType<PriceRule.FirstFurther>();
        (price.First, price.To, price.Further!.Step, price.Further.ReadOn).ShouldBe((8.00m, Mass.FromKilograms(1), Mass.FromGrams(500), TierReadOn.Excess));
        price.Further.Tiers.ShouldBe([new FurtherTier(null, 1.00m)]);
        tariff.Rounding.ShouldBe(AmountRounding.Cent);
        var fuel = v.Surcharges.ShouldHaveSingleItem();
        fuel.When.ShouldBe(new SurchargeWhen.Always());
        fuel.Price.ShouldBeOfType<SurchargePrice.PercentByDate>().Rows.ShouldBe([new(new LocalDate(2026, 1, 1), 3), new(new LocalDate(2026, 4, 1), 3.5m)]);
        v.Weight.Dispute.ShouldBe(new DisputeTerms(DisputeParty.Client, Duration.FromDays(7), OnSilence.AutoAccept));
        v.Handover.Touch.ShouldBe(TouchCheck.Fragile);
        v.Promise!.Zone.ShouldBe("Asia/Shanghai");
        v.Promise.DaysFor("3100", "3200").ShouldBe(2);
        v.Promise.DaysFor("3100", "4400").ShouldBe(3);
        v.Service!.Weights["T"].ShouldBe(30);
    }

    [Fact]
    public void Every_demo_contract_reads_and_comes_back_from_its_YAML_and_its_JSON()
    {
        foreach (var version in Contract.Demos().Append(Contract.Read(Contract.Sample)))
        {
            var hash = ContractHash.Of(version);
            var yaml = ContractYaml.Write(version);
            ContractHash.Of(Contract.Read(yaml)).ShouldBe(hash, yaml);
            ContractHash.Of(ContractText.ReadJson(ContractJson.Write(version)).Version.ShouldNotBeNull()).ShouldBe(hash);
            ContractYaml.Write(Contract.Read(yaml)).ShouldBe(yaml);
        }
        Contract.Demos().Count().ShouldBe(4);
    }

    /// <summary>The part that depots judge by is what the terms files before the contract documents said; dispute and gates came with these.</summary>
    [Fact]
    public void The_demo_contracts_give_depots_the_terms_they_had()
    {
        string[] before =
        [
            """{"account":"HDDS-A","name":{"zh":"华东电商甲","en":"East China E-Commerce A"},"contract":"KA-2026-0001","version":1,"effective":{"from":"2025-12-31T16:00:00Z"},"currency":"CNY","chargeable":[{"id":"T-1","services":["express","standard"],"first":"1000 g","rounding":{"mode":"CeilStep","step":"500 g","read_on":"excess"},"volumetric":{"divisor":6000,"side":"nearest_cm","lanes":[{"from":"31*","to":"31*","divisor":12000},{"from":"33*","to":"33*","divisor":12000}]}},{"id":"T-2","first":"1000 g","rounding":{"mode":"CeilStep","step":"1000 g","read_on":"excess"},"volumetric":{"divisor":6000,"side":"none"}}],"weight":{"id":"W-2","absolute":"0 g","percent":"0"},"handover":{"id":"H-1","insured_from":"1000","insured":["item_by_item","seal","reweigh"],"touch":"fragile","delivery":{"ordinary":["signature"],"high":["code","signature"]}},"promise":{"id":"P-1","cut_off":"18:00","zone":"Asia/Shanghai","calendar":"CN","transit":[{"from":"31*","to":"31*","days":1},{"from":"31*","to":"33*","days":1},{"from":"*","to":"*","days":3}],"decided_by":"date"}}""",
            """{"account":"XYSP-C","name":{"zh":"鲜悦食品","en":"Fresh Joy Foods"},"contract":"KA-2026-0003","version":1,"effective":{"from":"2025-12-31T16:00:00Z"},"currency":"CNY","chargeable":[{"id":"T-1","first":"1000 g","rounding":{"mode":"TruncDecimals","decimals":2,"read_on":"total"}}],"weight":{"id":"W-4","absolute":"20 g","percent":"0.5"},"handover":{"id":"H-2","insured_from":"500","insured":["item_by_item","reweigh"],"touch":"none","delivery":{"ordinary":["signature"],"high":["code","photo"]}},"promise":{"id":"P-1","cut_off":"16:00","zone":"Asia/Shanghai","calendar":"CN","transit":[{"from":"*","to":"*","days":1}],"by":"20:00","decided_by":"timestamp"}}""",
            """{"account":"YYSM-B","name":{"zh":"粤远数码","en":"Yueyuan Digital"},"contract":"KA-2026-0002","version":1,"effective":{"from":"2025-12-31T16:00:00Z","until":"2026-06-30T16:00:00Z"},"currency":"CNY","chargeable":[{"id":"T-1","first":"1000 g","rounding":{"mode":"CeilStep","step":"100 g","read_on":"excess"},"volumetric":{"divisor":8000,"side":"up_cm"}}],"weight":{"id":"W-1","absolute":"0 g","percent":"0"},"handover":{"id":"H-1","insured_from":"300","insured":["item_by_item","seal","reweigh"],"touch":"fragile","delivery":{"ordinary":["signature"],"high":["code","signature"]}},"promise":{"id":"P-1","cut_off":"20:00","zone":"Asia/Shanghai","calendar":"CN","transit":[{"from":"*","to":"*","days":2}],"by":"18:00","decided_by":"timestamp"},"dispatch":{"id":"D-1","priority":"first","delivery":["appointment","no_locker"]}}""",
            """{"account":"YYSM-B","name":{"zh":"粤远数码","en":"Yueyuan Digital"},"contract":"KA-2026-0002","version":2,"effective":{"from":"2026-06-30T16:00:00Z"},"currency":"CNY","chargeable":[{"id":"T-1","first":"1000 g","rounding":{"mode":"CeilStep","step":"100 g","read_on":"excess"},"volumetric":{"divisor":6000,"side":"up_cm"}}],"weight":{"id":"W-1","absolute":"0 g","percent":"0"},"handover":{"id":"H-1","insured_from":"300","insured":["item_by_item","seal","reweigh"],"touch":"fragile","delivery":{"ordinary":["signature"],"high":["code","signature"]}},"promise":{"id":"P-1","cut_off":"20:00","zone":"Asia/Shanghai","calendar":"CN","transit":[{"from":"*","to":"*","days":2}],"by":"18:00","decided_by":"timestamp"},"dispatch":{"id":"D-1","priority":"first","delivery":["appointment","no_locker"]}}""",
        ];
        Contract.Demos()
            .Select(v => v.ToTerms().ShouldNotBeNull())
            .Select(t => t with { Weight = t.Weight with { Dispute = null }, Promise = t.Promise! with { Gates = [] } })
            .Select(t => Encoding.UTF8.GetString(AccountTermsJson.Write(t))).ShouldBe(before);
    }
}
