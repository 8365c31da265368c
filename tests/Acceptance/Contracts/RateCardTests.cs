using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Rating;

namespace KeyAccountLogistics.Acceptance.Contracts;

/// <summary>
/// Rate cards that Chinese merchants were quoted (cn_rate_cards_mit), each written as a contract document, read, compiled, and every row rated at weights on both sides of every edge. The cards do not
/// say how weight is rounded: the documents do, to the whole kilogram up. Each price is checked against the card's own figures by hand, and against the slow reference.
/// </summary>
public sealed class RateCardTests
{
    [AcceptanceFact("cn_rate_cards_mit")]
    public void SF_from_Wuxi()
    {
        var regions = Json("logistics_calculator_v2", "sf_wuxi.json").GetProperty("regions").EnumerateObject().Select(r => (Place: r.Name, First: Number(r.Value, "first_kg"), Further: Number(r.Value, "additional_per_kg"))).ToList();
        var card = new Card("SF-WUXI", regions.Select(r => (r.Place, $"first: {Text(r.First)}, further: {Text(r.Further)}")), "first: {to: 1 kg}\n    further: {step: 1 kg}");
        foreach (var r in regions) card.Check(r.Place, kg => r.First + (r.Further * (Whole(kg) - 1)));
        card.Rate("湖北省", 4).ShouldBe(12.40m);
        card.Checked.ShouldBeGreaterThan(300);
    }

    [AcceptanceFact("cn_rate_cards_mit")]
    public void STO_by_its_base_rule_up_to_three_kilograms_and_by_the_kilogram_above()
    {
        var file = Json("logistics_calculator_v2", "shentong.json");
        decimal[] rule = [.. file.GetProperty("base_rule").EnumerateObject().Select(p => p.Value.GetDecimal())];
        var regions = file.GetProperty("regions").EnumerateObject().Select(r => (Place: r.Name, Extra: Number(r.Value, "extra_per_kg"))).ToList();
        var brackets = string.Join(", ", rule.Select((price, i) => $"{{to: {i + 1} kg, price: {Text(price)}}}"));
        var card = new Card("STO", regions.Select(r => (r.Place, $"brackets: [{brackets}, {{price: {Text(rule[^1])}, step: 1 kg, per_step: {Text(r.Extra)}}}]")), "");
        foreach (var r in regions) card.Check(r.Place, kg => Whole(kg) <= rule.Length ? rule[Whole(kg) - 1] : rule[^1] + (r.Extra * (Whole(kg) - rule.Length)));
    }

    [AcceptanceTheory("cn_rate_cards_mit")]
    [InlineData("jym.json", 21)]
    [InlineData("yunda.json", 51)]
    [InlineData("shunxin.json", 60)]
    [InlineData("annengbz.json", 63)]
    [InlineData("annengdsd.json", 63)]
    public void First_and_further_kilograms_with_tiers_read_three_ways(string file, int rows)
    {
        var pricing = Json("wuliu", file).GetProperty("pricing").EnumerateArray().Select(p => new Row(
            p.GetProperty("destination").GetString()!, Number(p, "base_weight_kg"), Number(p, "base_price"),
            [.. p.GetProperty("extra_weight_tiers").EnumerateArray().Select(t => (Number(t, "max_weight"), Number(t, "price_per_kg")))])).ToList();
        pricing.Count.ShouldBe(rows);
        foreach (var readOn in Enum.GetValues<TierReadOn>())
        {
            // The card's last tier ends at 99,999 kg; so does the contract's.
            var card = new Card("TIERS", pricing.Select(p => (p.Place, $"first: {{to: {Text(p.BaseKg)} kg, price: {Text(p.Price)}}}, further: {{step: 1 kg, tier_read_on: {readOn.ToString().ToLowerInvariant()}, tiers: [{p.Tiers()}]}}")), "");
            foreach (var row in pricing) card.Check(row.Place, kg => row.PriceAt(readOn, Whole(kg)));
            if (file is "jym.json") card.Rate("广东省内/东莞市", 5).ShouldBe(10.80m);
            if (file is not "yunda.json") continue;
            card.Rate("广东省内/东莞市", 100).ShouldBe(73.50m);
            card.Rate("广东省内/东莞市", 305).ShouldBe(readOn switch { TierReadOn.Total => 192.00m, TierReadOn.Excess => 206.75m, _ => 206.50m });
        }
    }

    [AcceptanceFact("cn_rate_cards_mit")]
    public void Brackets_of_an_amount_and_then_by_the_kilogram()
    {
        string[] names = ["≤50kg", "50-200kg", "200-500kg", "500-1000kg", "1000-3000kg", "≥3000kg"];
        decimal[] ends = [50, 200, 500, 1_000, 3_000, decimal.MaxValue];
        var cities = Json("logistics_calculator_v2", "prices_updated.json").GetProperty("data").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(c => (Place: $"{p.Name}/{c.Name}", Prices: names.Select(n => c.Value.GetProperty("rates").TryGetProperty(n, out var price) ? price.GetDecimal() : (decimal?)null).ToArray()))).ToList();
        cities.Count.ShouldBe(337);
        // Seven cities have no amount up to 50 kg: there the kilogram price of the next bracket counts from the first kilogram.
        var card = new Card("XINLIANG", cities.Select(c => (c.Place, $"brackets: [{string.Join(", ", c.Prices.Select((price, i) => (price, i)).Where(b => b.price is not null).Select(b => $"{{{(ends[b.i] == decimal.MaxValue ? "" : $"to: {Text(ends[b.i])} kg, ")}{(b.i == 0 ? "price" : "per_kg")}: {Text(b.price!.Value)}}}"))}]")), "");
        foreach (var c in cities)
        {
            card.Check(c.Place, kg =>
            {
                var i = Array.FindIndex(ends, e => Whole(kg) <= e);
                if (c.Prices[i] is null) i++;
                return i == 0 ? c.Prices[0]!.Value : c.Prices[i]!.Value * Whole(kg);
            });
        }
    }

    [AcceptanceFact("cn_rate_cards_mit")]
    public void One_price_a_kilogram()
    {
        var tables = Json("logistics_calculator_v2", "anneng_logistics.json").GetProperty("tables");
        foreach (var name in new[] { "anneng", "anneng_timed" })
        {
            var rows = tables.GetProperty(name).EnumerateArray()
                .SelectMany(r => r.GetProperty("cities").EnumerateArray().Select(c => (Place: $"{r.GetProperty("province").GetString()}/{c.GetString()}".Replace(" ", "", StringComparison.Ordinal), PerKg: Number(r, "unit_price")))).DistinctBy(r => r.Place, StringComparer.Ordinal).ToList();
            var card = new Card("ANNENG", rows.Select(r => (r.Place, $"brackets: [{{per_kg: {Text(r.PerKg)}}}]")), "");
            foreach (var r in rows) card.Check(r.Place, kg => r.PerKg * Whole(kg));
        }
    }

    private static int Whole(decimal kg) => Math.Max(1, (int)Math.Ceiling(kg));

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static decimal Number(JsonElement json, string name) => json.GetProperty(name).GetDecimal();

    private static JsonElement Json(string folder, string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(AcceptanceFolder.At("cn_rate_cards_mit", folder, file)));
        return document.RootElement.Clone();
    }

    private sealed record Row(string Place, decimal BaseKg, decimal Price, ImmutableArray<(decimal Max, decimal PerKg)> Parts)
    {
        internal string Tiers() => string.Join(", ", Parts.Select(t => $"{{to: {Text(t.Max)} kg, price: {Text(t.PerKg)}}}"));

        internal decimal PriceAt(TierReadOn readOn, int kg)
        {
            if (kg <= BaseKg) return Price;
            var excess = kg - BaseKg;
            if (readOn != TierReadOn.Graduated) return Price + (excess * Parts.First(t => (readOn == TierReadOn.Total ? kg : excess) <= t.Max).PerKg);
            var (sum, from) = (Price, BaseKg);
            foreach (var (max, perKg) in Parts)
            {
                var upTo = Math.Min(kg, max);
                if (upTo > from) (sum, from) = (sum + ((upTo - from) * perKg), upTo);
            }
            return sum;
        }
    }

    /// <summary>A rate card as a document: one lane and one zone for each destination.</summary>
    private sealed class Card
    {
        private static readonly decimal[] Weights = [0.2m, 1, 1.01m, 2, 2.5m, 3, 3.001m, 5, 10, 10.2m, 50, 50.1m, 99, 200, 201, 300, 300.5m, 305, 310, 311, 500, 510, 511, 801, 1_000, 1_001, 3_000, 3_001];
        private readonly RateProgram _program;
        private readonly SlowRating _slow;
        private readonly RatedLine[] _lines;

        internal Card(string contract, IEnumerable<(string Place, string Price)> rows, string setting)
        {
            var all = rows.ToList();
            var yaml = new StringBuilder();
            yaml.Append(CultureInfo.InvariantCulture, $"contract: {contract}\naccount: MERCHANT\ntariff:\n  - id: T-1\n    zones:\n      by: lane\n      rows:\n");
            foreach (var (place, _) in all) yaml.Append(CultureInfo.InvariantCulture, $"        - {{from: 无锡市, to: \"{place}\", zone: \"{place}\"}}\n");
            if (setting.Length > 0) yaml.Append(CultureInfo.InvariantCulture, $"    {setting}\n");
            yaml.Append("    rounding: {mode: CeilStep, step: 1 kg, read_on: total}\n    rates:\n");
            foreach (var (place, price) in all) yaml.Append(CultureInfo.InvariantCulture, $"      - {{zone: \"{place}\", {price}}}\n");
            yaml.Append("weight: {id: W-1, absolute: 0 g, percent: 0}\nhandover: {id: H-1}\n");
            var reading = ContractText.Read(yaml.ToString(), _ => null);
            reading.Mistakes.ShouldBeEmpty(yaml.ToString()[..Math.Min(yaml.Length, 4_000)]);
            (_program, _slow) = (RateProgram.Compile(reading.Versions[0]), new SlowRating(reading.Versions[0]));
            _lines = new RatedLine[_program.LinesMax];
        }

        internal int Checked { get; private set; }

        internal decimal Rate(string place, decimal kg)
        {
            var shipment = new ShipmentToRate { Waybill = "1", Service = "standard", Origin = "无锡市", Destination = place, Pieces = [new PieceToRate(Mass.FromKilograms(kg), null)] };
            var result = _program.Rate(shipment, _lines);
            result.IsCharged.ShouldBeTrue($"{place} {kg} kg: {result.Refusal}");
            var charge = result.TotalMinor / 100m;
            charge.ShouldBe(_slow.Rate(shipment).Total);
            return charge;
        }

        internal void Check(string place, Func<decimal, decimal> price)
        {
            foreach (var kg in Weights)
            {
                Rate(place, kg).ShouldBe(Math.Round(price(kg), 2, MidpointRounding.AwayFromZero), $"{place} {kg} kg");
                Checked++;
            }
        }
    }
}
