using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Contracts.Words;
using KeyAccountLogistics.Contracts.Writing;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Unit.Contracts;

public sealed class ContractDiffTests
{
    private static readonly string[] Figures = ["1", "2026-05-05"];
    private static readonly string[] Words = ["either", "decide", "total", "up", "each", "both_ways", "fragile_insured"];

    private const string Rich = """
        tariff:
          - id: T-1
            zones: {by: lane, rows: [{from: "31*", to: "31*", zone: a}, {zone: b}]}
            rates: [{zone: a, first: {to: 1 kg, price: 5.00}, further: {step: 0.5 kg, price: 0.50}}, {zone: b, brackets: [{to: 1 kg, price: 9.00}, {to: 5 kg, price: 4.00, per_kg: 5.00}, {per_kg: 5.80}]}]
            rounding: {mode: CeilStep, step: 0.5 kg, read_on: excess}
            volumetric: {divisor: 6000, side: nearest_cm}
            minimum: 5.00
        returns: [{id: R-1, kind: return, percent_of_forward: 50}]
        surcharges: [{id: F-1, fuel: {rows: [{from: 2026-01-01, percent: 3}]}}, {id: F-2, remote: {places: ["54*"]}, per_kg: 2.00, until: 2026-12-31}]
        discounts: [{id: X-1, percent: 5, services: [standard]}]
        insurance: [{id: I-1, ordinary: [{to: 500, price: 1}, {per_mille: 5, minimum: 2.00}]}]
        cod: {id: C-1, percent: 3, minimum: 3.00, maximum: 50.00, remit: {working_days: 2}, cut_off: "18:00"}
        rebates: [{id: B-1, period: month, basis: parcels, mode: retroactive, tiers: [{from: 0, percent: 0}, {from: 10000, percent: 3}]}]
        commitments: [{id: V-1, period: month, basis: parcels, at_least: 100, per_missing: 0.50}]
        """;

    [Fact]
    public void A_dearer_first_kilogram_is_said_with_both_figures_in_both_languages()
    {
        var diff = ContractDiff.Between(Contract.Read(Contract.Sample), Contract.Read(Contract.Sample.Replace("price: 8.00", "price: 8.50", StringComparison.Ordinal)));
        diff.Changes.ShouldBe([new ContractChange("T-3", ChangeKind.Changed, new("T-3: first kilogram 8.00 -> 8.50 CNY", "T-3：首公斤 8.00 → 8.50 元"))]);
        diff.RaisesAPrice.ShouldBeTrue();
        diff.Raised.ShouldBe([new PriceRise("T-3", new("the freight rises", "运费上涨"))], "one sentence, not one per zone");
    }

    [Fact]
    public void Clauses_that_come_and_go_are_said_whole()
    {
        var without = Contract.Read(Contract.With(Contract.Tariff));
        var with = Contract.Read(Contract.With(Contract.Tariff + "\nsurcharges: [{id: F-9, marked: sunday, per_piece: 2.00}]"));
        ContractDiff.Between(without, with).Changes.ShouldHaveSingleItem().Text
            .ShouldBe(new("F-9: added: surcharge (applies to parcels marked sunday, a piece 2.00 CNY)", "F-9：新增附加费（适用于 标注 sunday 的快件，每件 2.00 元）"));
        ContractDiff.Between(with, without).Changes.ShouldHaveSingleItem().Text.En.ShouldStartWith("F-9: removed: surcharge");
        ContractDiff.Between(without, with).RaisesAPrice.ShouldBeTrue();
        ContractDiff.Between(with, without).RaisesAPrice.ShouldBeFalse();
        ContractDiff.Between(with, with).Changes.ShouldBeEmpty();
    }

    /// <summary>domain.md 4.2, article 22 (announced ten days ahead) and the price lock: what raises a price, and what does not.</summary>
    [Theory]
    [InlineData("price: 5.00}, further", "price: 5.01}, further", "T-1: the freight of zone a rises")]
    [InlineData("price: 5.00}, further", "price: 4.99}, further", "")]
    [InlineData("price: 5.00}, further: {step: 0.5 kg, price: 0.50}", "price: 5.00}, further: {step: 1 kg, price: 1.00}", "")]
    [InlineData("price: 5.00}, further: {step: 0.5 kg, price: 0.50}", "price: 4.00}, further: {step: 0.5 kg, price: 0.51}", "T-1: the freight of zone a rises")]
    [InlineData("{to: 5 kg, price: 4.00, per_kg: 5.00}", "{to: 6 kg, price: 4.00, per_kg: 5.00}", "")]
    [InlineData("{to: 5 kg, price: 4.00, per_kg: 5.00}", "{to: 5 kg, price: 4.02, per_kg: 4.99}", "T-1: the freight of zone b rises")]
    [InlineData("{to: 5 kg, price: 4.00, per_kg: 5.00}", "{to: 5 kg, price: 4.00, per_kg: 4.90}", "")]
    [InlineData("{per_kg: 5.80}", "{per_kg: 5.80, price: 0.01}", "T-1: the freight of zone b rises")]
    [InlineData("from: \"31*\", to: \"31*\", zone: a", "from: \"31*\", to: \"32*\", zone: a", "T-1: zones changed, and some lane may cost more")]
    [InlineData("{mode: CeilStep, step: 0.5 kg", "{mode: CeilStep, step: 0.1 kg", "")]
    [InlineData("{mode: CeilStep, step: 0.5 kg", "{mode: CeilStep, step: 1 kg", "T-1: weights are rounded otherwise, which may bill more")]
    [InlineData("divisor: 6000", "divisor: 5000", "T-1: volume counts for more")]
    [InlineData("divisor: 6000", "divisor: 8000", "")]
    [InlineData("minimum: 5.00\n", "minimum: 6.00\n", "T-1: the least freight a shipment rises")]
    [InlineData("minimum: 5.00\n", "pieces: together\n", "")]
    [InlineData("percent_of_forward: 50", "percent_of_forward: 60", "R-1: the way back or the redirect costs more")]
    [InlineData("[{from: 2026-01-01, percent: 3}]", "[{from: 2026-01-01, percent: 3}, {from: 2026-05-01, percent: 3.1}]", "F-1: the surcharge rises")]
    [InlineData("[{from: 2026-01-01, percent: 3}]", "[{from: 2026-01-01, percent: 3}, {from: 2026-05-01, percent: 2.9}]", "")]
    [InlineData("places: [\"54*\"]", "places: [\"54*\", \"65*\"]", "F-2: the surcharge may reach more shipments")]
    [InlineData("until: 2026-12-31", "until: 2027-12-31", "F-2: the surcharge may reach more shipments")]
    [InlineData("percent: 5, services", "percent: 4, services", "X-1: the discount falls or reaches less")]
    [InlineData("percent: 5, services", "percent: 6, services", "")]
    [InlineData("per_mille: 5,", "per_mille: 5.1,", "I-1: insuring a value costs more")]
    [InlineData("percent: 3, minimum: 3.00, maximum: 50.00", "percent: 3, minimum: 3.00", "C-1: collecting money costs more")]
    [InlineData("{from: 10000, percent: 3}", "{from: 12000, percent: 3}", "B-1: the rebate falls or reaches less")]
    [InlineData("{from: 10000, percent: 3}", "{from: 9000, percent: 3}", "")]
    [InlineData("at_least: 100", "at_least: 101", "V-1: more is committed, or missing it costs more")]
    public void What_raises_a_price_is_found_and_what_lowers_it_is_not_taken_for_a_rise(string what, string with, string raised)
    {
        var changed = Rich.Replace(what, with, StringComparison.Ordinal);
        string.Equals(changed, Rich, StringComparison.Ordinal).ShouldBeFalse();
        var diff = ContractDiff.Between(Contract.Read(Contract.With(Rich)), Contract.Read(Contract.With(changed)));
        diff.Changes.ShouldNotBeEmpty();
        string.Join("; ", diff.Raised.Select(r => $"{r.Clause}: {r.Why.En}")).ShouldBe(raised);
    }

    /// <summary>Whatever changes the hash is said: each figure and word of the demo contracts, one after the other, takes other values.</summary>
    [Fact]
    public void Nothing_that_is_signed_changes_without_a_word()
    {
        foreach (var version in new[] { Contract.Demos().Last(), Contract.Read(Contract.With(Rich)) })
        {
            var hash = ContractHash.Of(version);
            var document = ContractNodes.Of(version);
            var leaves = Leaves(document).ToList();
            for (var at = 2; at < leaves.Count; at++)   // after the contract's number and the version's, which the heading of a comparison says
            {
                var others = char.IsAsciiDigit(leaves[at][0]) ? Figures : Words;
                foreach (var other in others.Append(leaves[at] + "1"))
                {
                    var count = at;
                    var reading = ContractReader.Read(Replaced(document, ref count, other), static _ => null);
                    if (reading.Version is not { } changed || ContractHash.Of(changed) == hash) continue;
                    ContractDiff.Between(version, changed).Changes.ShouldNotBeEmpty($"leaf {at}, {leaves[at]} -> {other}");
                }
            }
        }
    }

    [Fact]
    public void The_words_of_every_clause_stand_in_both_languages()
    {
        foreach (var version in Contract.Demos().Concat(Seeded.Sample(DrawnDocument.Any, 20)))
        {
            foreach (var clause in ContractWords.Of(version))
            {
                clause.Title.En.ShouldNotBeEmpty();
                clause.Title.Zh.ShouldContain(c => c > '\u2E80', clause.Kind);
                clause.Facts.ShouldNotBeEmpty();
                clause.Facts.ShouldAllBe(f => f.About.En.Length > 0 && f.About.Zh.Length > 0 && f.Is.En.Length > 0 && f.Is.Zh.Length > 0);
                clause.Facts.DistinctBy(f => f.Key, StringComparer.Ordinal).Count().ShouldBe(clause.Facts.Length, clause.Id);
            }
        }
    }

    [Fact]
    public void A_price_compared_at_the_golden_weights_of_the_domain()
    {
        // data/README.md, Yunda Dongguan 305 kg, by the tier of the total, of the excess, and graduated.
        PriceRule Yunda(string readOn) => Contract.Read(Contract.With($$$"""
            tariff: [{id: T-1, first: {to: 1 kg, price: 2.00}, further: {step: 1 kg, tier_read_on: {{{readOn}}}, tiers: [{to: 10 kg, price: 1.00}, {to: 50 kg, price: 0.80}, {price: 0.60}]}}]
            """)).Tariffs[0].Rates[0].Price;
        PriceCompare.At(Yunda("total"), Mass.FromKilograms(51)).ShouldBe(2 + (50 * 0.60m));
        PriceCompare.At(Yunda("excess"), Mass.FromKilograms(51)).ShouldBe(2 + (50 * 0.80m));
        PriceCompare.At(Yunda("graduated"), Mass.FromKilograms(51)).ShouldBe(2 + (9 * 1.00m) + (40 * 0.80m) + (1 * 0.60m));
        PriceCompare.Rises(Yunda("total"), Yunda("excess")).ShouldBeTrue();
        PriceCompare.Rises(Yunda("total"), Yunda("total")).ShouldBeFalse();
    }

    private static IEnumerable<string> Leaves(TermsNode node) => node switch
    {
        TermsNode.Map map => map.Entries.SelectMany(e => Leaves(e.Value)),
        TermsNode.List list => list.Items.SelectMany(Leaves),
        TermsNode.Text text => [text.Value],
        _ => [],
    };

    private static TermsNode Replaced(TermsNode node, ref int count, string by)
    {
        switch (node)
        {
            case TermsNode.Text text:
                return count-- == 0 ? text with { Value = by } : text;
            case TermsNode.List list:
                var items = new List<TermsNode>();
                foreach (var item in list.Items) items.Add(Replaced(item, ref count, by));
                return list with { Items = [.. items] };
            case TermsNode.Map map:
                var entries = new List<TermsEntry>();
                foreach (var entry in map.Entries) entries.Add(entry with { Value = Replaced(entry.Value, ref count, by) });
                return map with { Entries = [.. entries] };
            default:
                return node;
        }
    }
}
