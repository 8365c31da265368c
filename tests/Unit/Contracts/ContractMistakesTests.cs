using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.TestKit;

namespace KeyAccountLogistics.Unit.Contracts;

/// <summary>Issue 4: validation explains every mistake at once, each with its line. An example of each.</summary>
public sealed class ContractMistakesTests
{
    private const string Two = "first: {to: 1 kg, price: 8.00}, further: {step: 1 kg, price: 2.00}";

    [Fact]
    public void Every_mistake_is_told_at_once_with_its_line_and_the_word_that_was_meant()
    {
        var broken = Contract.Sample
            .Replace("service: standard", "servise: standard", StringComparison.Ordinal)
            .Replace("price: 1.00", "price: 1.00 USD", StringComparison.Ordinal)
            .Replace("id: F-1", "id: T-3", StringComparison.Ordinal)
            .Replace("else: auto_accept", "else: autoaccept", StringComparison.Ordinal)
            .Replace("C: 15", "C: 14", StringComparison.Ordinal);
        Contract.Mistakes(broken, name => name is "lanes.csv" ? Contract.Lanes + "44*,,d,61\n" : Contract.Table(name)).ShouldBe(
        [
            "line 5, column 5, tariff[0].servise: is not known; did you mean service?",
            "line 8, column 36, tariff[0].further.price: is in USD; the contract is in CNY.",
            "line 10, column 19, surcharges[0].id: T-3 is the id of another clause; give each its own.",
            "line 11, column 87, weight.else: 'autoaccept' is not known; did you mean auto_accept? Known: auto_accept, decide.",
            "line 14, column 30, service.weights: add to 99; they must add to 100.",
            "lanes.csv line 5, column 8, promise.transit[3].days: '61' does not fit; write working days, 0 to 60.",
        ]);
    }

    [Theory]
    [InlineData("brackets: [{to: 2 kg, price: 8.00}, {from: 1 kg, to: 3 kg, price: 9.00}]", "tariff[0].brackets[1].from: overlaps: what lies under 2 kg is held before.")]
    [InlineData("brackets: [{to: 2 kg, price: 8.00}, {from: 3 kg, to: 4 kg, price: 9.00}]", "tariff[0].brackets[1].from: leaves a gap: nothing holds 2 kg to 3 kg.")]
    [InlineData("brackets: [{to: 2 kg, price: 8.00}, {to: 2 kg, price: 9.00}]", "tariff[0].brackets[1].to: holds nothing: it must lie above 2 kg, where the one before ends.")]
    [InlineData("brackets: [{price: 8.00}, {to: 2 kg, price: 9.00}]", "tariff[0].brackets[1].to: comes after an open one and is never reached; the open one stands last.")]
    [InlineData("brackets: [{to: 2 kg}]", "tariff[0].brackets[0]: is without a price; write price, per_kg or per_step.")]
    [InlineData("brackets: [{to: 2 kg, price: 1.00, step: 0.5 kg}], rounding: {mode: CeilStep, step: 0.5 kg}", "tariff[0].brackets[0].step: step and per_step belong together; write both or none.")]
    [InlineData("brackets: [{price: 1.00, step: 0.5 kg, per_step: 0.50}]", "tariff[0]: is without rounding; prices in several steps, or brackets in steps, need it: rounding: {mode: CeilStep, step: 0.5 kg, read_on: excess}.")]
    [InlineData("first: {to: 1 kg, price: 8.00}, further: {step: 1 kg, tiers: [{to: 1 kg, price: 2.00}, {price: 1.00}]}", "tariff[0].further.tiers[0].to: holds nothing: it must lie above 1 kg, where the one before ends.")]
    [InlineData("first: {to: 1 kg, price: 8.00}, further: {step: 1 kg}", "tariff[0].further.price: is missing; write a price like 1.00, or tiers.")]
    [InlineData("first: {to: 1 kg, price: 8.00}, further: {price: 2.00}", "tariff[0].further.step: is missing; write a step above zero like 0.5 kg.")]
    [InlineData("first: {price: 8.00}", "tariff[0].first.to: is missing; write a mass like 0.5 kg or 500 g.")]
    [InlineData("first: 8.00", "tariff[0].first: says no weight; write first: {to: 1 kg, price: 8.00}, or first: {to: 1 kg} at the clause.")]
    [InlineData("first: {to: 1 kg}, further: {step: 1 kg}", "tariff[0].first: has no price, and no rates give one.")]
    [InlineData("further: {step: 1 kg, price: 1.00}, per_parcel: 3.00", "tariff[0].further: stands without first; write the price of the first weight too.")]
    [InlineData("per_parcel: 3.00, brackets: [{price: 1.00}]", "tariff[0].per_parcel: stands beside brackets; a price is first and further, brackets, or per parcel.")]
    [InlineData("pieces: each", "tariff[0]: has no prices; write first and further, brackets, per_parcel, or rates by zone.")]
    [InlineData("per_parcel: 3.0000001", "tariff[0].per_parcel: has 7 decimals; at most 6 make sense in CNY.")]
    [InlineData("per_parcel: 3.00, minimum: 3.001", "tariff[0].minimum: has 3 decimals; at most 2 make sense in CNY.")]
    [InlineData("per_parcel: -3.00", "tariff[0].per_parcel: '-3' does not fit; write a price like 8.00, 0 to 1000000.")]
    [InlineData("per_parcel: 3.00 EUR", "tariff[0].per_parcel: is in EUR; the contract is in CNY.")]
    [InlineData("per_parcel: 3.00, amount_rounding: {unit: 0.001}", "tariff[0].amount_rounding.unit: '0.001' does not fit; write a unit like 0.01, 0.1 or 1, 0.01 to 1000.")]
    [InlineData(Two + ", least: 2 kg", "tariff[0].least: lies above a first weight, whose price is then never reached; write at most 1 kg.")]
    [InlineData(Two + ", rates: [{zone: a, per_parcel: 1.00}]", "tariff[0].rates[0].zone: no zones are given here, so the price of a is never reached; add zones, or leave the zone out.")]
    [InlineData("rates: []", "tariff[0].rates: holds no price; write one, or leave rates out.")]
    [InlineData("zones: {by: lane, rows: [{to: \"31*\", zone: a}, {zone: b}]}, rates: [{zone: a, per_parcel: 1.00}]", "tariff[0].zones.rows[1].zone: the zone b has no price in tariff[0].rates.")]
    [InlineData("zones: {by: lane, rows: [{zone: north}]}, rates: [{zone: north, per_parcel: 1.00}, {zone: nroth, per_parcel: 2.00}]", "tariff[0].rates[1].zone: no row gives the zone nroth; did you mean north?")]
    [InlineData("zones: {by: lane, rows: [{zone: a}]}, rates: [{zone: a, per_parcel: 1.00}, {zone: quebec, per_parcel: 2.00}]", "tariff[0].rates[1].zone: no row gives the zone quebec, so its price is never reached.")]
    [InlineData("zones: {by: lane, rows: [{zone: a}]}, rates: [{zone: a, per_parcel: 1.00}, {zone: a, per_parcel: 2.00}]", "tariff[0].rates[1].zone: a has a price already; this one is never reached.")]
    [InlineData("zones: {by: lane, rows: [{zone: a}]}, rates: [{zone: a, per_parcel: 1.00}, {per_parcel: 2.00}]", "tariff[0].rates[1].zones: every zone has a price of its own, so this one is never reached.")]
    [InlineData("zones: {by: lane, rows: [{to: \"31*\", zone: a}, {to: \"31*\", zone: a}]}, per_parcel: 1.00", "tariff[0].zones.rows[1].to: the lane * > 31* stands in the list already; this row is never reached.")]
    [InlineData("zones: {by: postcode, rows: [{to: 200000-209999, zone: a}, {to: 201000-201999, zone: a}]}, per_parcel: 1.00", "tariff[0].zones.rows[1].to: * > 201000-201999 lies inside * > 200000-209999 of another row; a pair of postcodes has one zone.")]
    [InlineData("zones: {by: postcode, rows: [{to: 200000-209999, zone: a}, {from: 100000, to: 209000-219999, zone: a}]}, per_parcel: 1.00", "tariff[0].zones.rows[1].to: 100000 > 209000-219999 overlaps * > 200000-209999 of another row; a pair of postcodes has one zone.")]
    [InlineData("zones: {by: postcode, rows: [{to: 209999-200000, zone: a}]}, per_parcel: 1.00", "tariff[0].zones.rows[0].to: '209999-200000' does not fit; write a range of postcodes of one length like 200000-201999, or one alone.")]
    [InlineData("zones: {by: region, regions: [{place: \"31*\", region: east}], pairs: [{from: esat, zone: a}, {zone: a}]}, per_parcel: 1.00", "tariff[0].zones.pairs[0].from: no place belongs to the region esat; did you mean east?")]
    [InlineData("zones: {by: region, regions: [{place: \"31*\", region: east}, {place: \"32*\", region: south}], pairs: [{from: east, to: east, zone: a}]}, per_parcel: 1.00", "tariff[0].zones.regions[1].region: south stands in no pair, so its places have no zone.")]
    [InlineData("zones: {by: lanes, table: lanes.csv}, per_parcel: 1.00", "tariff[0].zones.by: 'lanes' is not known; did you mean lane? Known: given, lane, postcode, region.")]
    public void A_mistake_in_a_tariff_is_explained(string tariff, string mistake) =>
        Contract.Mistakes(Contract.With($"tariff: [{{id: T-1, {tariff}}}]")).ShouldHaveSingleItem().ShouldEndWith(", " + mistake);

    [Theory]
    [InlineData("tariff: [{id: T-1, service: x, per_parcel: 1}, {id: T-2, services: [x, y], per_parcel: 1}]", "tariff[1].services: x has a tariff already; a service has one.")]
    [InlineData("tariff: [{id: T-1, per_parcel: 1}, {id: T-2, per_parcel: 1}]", "tariff[1].services: there is a tariff for any service already; name the services of this one.")]
    [InlineData("returns: [{id: R-1, kind: return}]", "returns[0]: is without a price; write percent_of_forward, or prices as in a tariff.")]
    [InlineData("returns: [{id: R-1, kind: return, rates: [{zone: q, per_parcel: 1}, {per_parcel: 2}]}]", "returns[0].rates[0].zone: no zones are given here, so the price of q is never reached; add zones, or leave the zone out.")]
    [InlineData("surcharges: [{id: F-1, per_kg: 1, percent: 2}]", "surcharges[0].percent: stands beside per_kg; a surcharge has one price.")]
    [InlineData("surcharges: [{id: F-1, marked: x, oversize: {weight: 1 kg}, per_kg: 1}]", "surcharges[0].marked: stands beside oversize; a surcharge has one occasion, so make it two.")]
    [InlineData("surcharges: [{id: F-1}]", "surcharges[0]: is without a price; write one of per_shipment, per_piece, per_kg, percent, fuel.")]
    [InlineData("surcharges: [{id: F-1, per_kg: 1, from: 2026-05-02, until: 2026-05-01}]", "surcharges[0].until: lies before from; a clause ends on or after the day it begins.")]
    [InlineData("surcharges: [{id: F-1, fuel: {rows: [{from: 2026-05-02, percent: 1}, {from: 2026-05-01, percent: 2}]}}]", "surcharges[0].fuel.rows[1].from: does not come after 2026-05-02; rows ascend by date, each date once.")]
    [InlineData("surcharges: [{id: F-1, until: 2026-01-01, fuel: {rows: [{from: 2026-05-02, percent: 1}]}}]", "surcharges[0].until: lies before the first row of the table (2026-05-02), so no row is ever reached.")]
    [InlineData("surcharges: [{id: F-1, oversize: {longest: 15 inch}, per_kg: 1}]", "surcharges[0].oversize.longest: '15 inch' does not fit; write a length like 150 cm or 1500 mm.")]
    [InlineData("surcharges: [{id: F-1, remote: {places: []}, per_kg: 1}]", "surcharges[0].remote.places: names no place; write place codes, or prefixes with a star.")]
    [InlineData("discounts: [{id: X-1, percent: 0}]", "discounts[0].percent: '0' does not fit; write a percentage above 0, at most 100.")]
    [InlineData("discounts: [{id: X-1, percent: 1.23456}]", "discounts[0].percent: has 5 decimals; at most 4 make sense.")]
    [InlineData("insurance: [{id: I-1, ordinary: [{to: 500, price: 1}]}]", "insurance[0].ordinary[0].to: ends the table, so a higher value has no price; leave to out in the last row, or write a maximum.")]
    [InlineData("insurance: [{id: I-1, ordinary: [{to: 500, price: 1}], maximum: 600}]", "insurance[0].ordinary[0].to: leaves a gap up to the maximum of 600.")]
    [InlineData("insurance: [{id: I-1, ordinary: [{to: 500, price: 1}, {price: 2}], maximum: 500}]", "insurance[0].ordinary[1].to: is never reached: more than 500 (maximum) is not insured.")]
    [InlineData("insurance: [{id: I-1, ordinary: [{to: 500, price: 1}, {from: 600, price: 2}]}]", "insurance[0].ordinary[1].from: leaves a gap: nothing holds 500 to 600.")]
    [InlineData("cod: {id: C-1, percent: 5, minimum: 3.00, maximum: 2.00, remit: {working_days: 1}, cut_off: \"17:00\"}", "cod.maximum: lies below the minimum.")]
    [InlineData("cod: {id: C-1, percent: 5, remit: {working_days: 1, weekly: friday}, cut_off: \"17:00\"}", "cod.remit: is either so many working_days after collection, or weekly on a day.")]
    [InlineData("freight_collect: {id: C-2, refused: both_way}", "freight_collect.refused: 'both_way' is not known; did you mean both_ways? Known: both_ways, way_out.")]
    [InlineData("rebates: [{id: B-1, period: month, basis: parcels, mode: marginal, tiers: [{from: 100, percent: 1}]}]", "rebates[0].tiers[0].from: leaves a gap: the first tier begins with 0 (0 percent for none).")]
    [InlineData("rebates: [{id: B-1, period: month, basis: parcels, mode: marginal, tiers: [{from: 0, to: 99, percent: 1}, {from: 101, percent: 2}]}]", "rebates[0].tiers[1].from: leaves a gap: nothing holds 100.")]
    [InlineData("rebates: [{id: B-1, period: month, basis: parcels, mode: marginal, tiers: [{from: 0, to: 99, percent: 1}, {from: 99, percent: 2}]}]", "rebates[0].tiers[1].from: overlaps: the tier before ends only under 100.")]
    [InlineData("rebates: [{id: B-1, period: month, basis: parcels, mode: marginal, tiers: [{from: 0, percent: 1}, {from: 0, percent: 2}]}]", "rebates[0].tiers[1].from: does not lie above 0; tiers ascend.")]
    [InlineData("commitments: [{id: V-1, period: month, basis: parcels, at_least: 1.5, per_missing: 1}]", "commitments[0].at_least: '1.5' does not fit; write parcels, 1 to 2147483647.")]
    [InlineData("price_lock: {id: L-1, until: 2026-02-30}", "price_lock.until: '2026-02-30' does not fit; write a date like 2026-11-01.")]
    [InlineData("guard: {id: G-1, discount_most: 101}", "guard.discount_most: '101' does not fit; write a percentage from 0 to 100.")]
    [InlineData("credit: {id: K-1, bill_day: 31, due_days: 30, dispute_days: 7}", "credit.bill_day: '31' does not fit; write a day of the month, 1 to 28.")]
    [InlineData("renewal: {id: N-1, automatic: maybe, months: 12, notice_days: 30}", "renewal.automatic: 'maybe' does not fit; write true or false.")]
    [InlineData("service: {id: S-1, weights: {T: 50, Q: 40}}", "service.weights: add to 90; they must add to 100.")]
    [InlineData("service: {id: S-1, weights: {T: 100}, indicators: [{code: T1, target: 95, threshold: 95, floor: 90}]}", "service.indicators[0].threshold: is the target itself (95); between 100 and 60 points there must be a way.")]
    [InlineData("service: {id: S-1, weights: {T: 100}, indicators: [{code: T1, target: 95, threshold: 90, floor: 92}]}", "service.indicators[0].floor: turns back: target, threshold and floor go in one direction.")]
    [InlineData("obligations: [{id: O-1, by: carier, what: {zh: 报告, en: report}, every: month, due_day: 5}]", "obligations[0].by: 'carier' is not known; did you mean carrier? Known: carrier, client.")]
    [InlineData("effective: {from: 2026-02-01T00:00:00+08:00, until: 2026-01-01T00:00:00+08:00}", "effective.until: must lie after from.")]
    [InlineData("currency: yuan", "currency: 'yuan' does not fit; write an ISO 4217 code like CNY.")]
    [InlineData("prmise: {id: P-1}", "prmise: is not known; did you mean promise?")]
    [InlineData("dispatch: {id: W-1}", "dispatch.id: W-1 is the id of another clause; give each its own.")]
    public void A_mistake_in_another_clause_is_explained(string clause, string mistake) =>
        Contract.Mistakes(Contract.With(clause.StartsWith("tariff", StringComparison.Ordinal) ? clause : clause + "\n" + Contract.Tariff)).ShouldHaveSingleItem().ShouldEndWith(", " + mistake);

    [Theory]
    [InlineData("from,to,zone\n31*,31*,a\n", "lanes.csv line 1, column 1, promise.transit: has no column 'days'; read here: from, to, days.")]
    [InlineData("from,to,zone,dyas\n31*,31*,a,1\n", "lanes.csv line 1, column 14, tariff[0].zones: has a column 'dyas', which is not known; did you mean days?")]
    [InlineData("from,to,zone,days\n31*,31*,a\n", "lanes.csv line 2, column 1: has 3 cells where the header has 4.")]
    [InlineData("from,to,zone,days\n31*,\"31*,a,1\n", "lanes.csv line 2, column 5: opens a quote that is not closed.")]
    [InlineData("from,to,zone,days\n31*,31\"*,a,1\n", "lanes.csv line 2, column 7: has a quote inside a cell; put the whole cell into quotes and double those within.")]
    [InlineData("from,to,zone,days\n31*,\"31*\"x,a,1\n", "lanes.csv line 2, column 10: goes on after a closing quote; a comma or the end of the line belongs there.")]
    [InlineData("from,to,zone,zone,days\n31*,31*,a,a,1\n", "lanes.csv line 1, column 14: has the column 'zone' twice; keep one.")]
    [InlineData("", "lanes.csv line 1, column 1: is empty; begin it with a line of column names.")]
    [InlineData("from,to,zone,days\n", "lanes.csv line 1, column 1, tariff[0].zones: has no rows.")]
    [InlineData("from,to,zone,days\n31*,31*,,1\n", "lanes.csv line 2, column 1, tariff[0].zones.rows[0].zone: is missing; write a zone like b, without blanks.")]
    [InlineData(null, "line 6, column 30, tariff[0].zones: names lanes.csv, which does not stand beside the document; put it there, or write the rows here (rows: […]).")]
    public void A_mistake_in_a_table_is_told_with_the_tables_name_and_line(string? lanes, string mistake)
    {
        var told = Contract.Mistakes(Contract.Sample, name => name is "lanes.csv" ? lanes : Contract.Table(name));
        told.ShouldContain(m => string.Equals(m, mistake, StringComparison.Ordinal), string.Join('\n', told));
    }

    [Fact]
    public void A_table_with_a_byte_order_mark_quotes_and_empty_lines_is_read()
    {
        var table = "\uFEFFfrom,to,zone,days,note\r\n\"31*\",31*,a,1,\"within \"\"the\"\" city, mostly\"\r\n\r\n31*,,c,3,\r\n";
        Contract.Read(Contract.Sample, name => name is "lanes.csv" ? table : Contract.Table(name)).Promise!.Transit.Length.ShouldBe(2);
    }

    [Fact]
    public void A_lane_with_a_price_and_no_promise_is_told() =>
        Contract.Mistakes(Contract.With("""
            tariff: [{id: T-1, zones: {by: lane, rows: [{from: "31*", to: "32*", zone: a}, {from: "31*", zone: a}]}, per_parcel: 1}]
            promise: {id: P-1, cut_off: "18:00", calendar: CN, transit: [{from: "31*", to: "3*", days: 1}, {from: "3100", days: 2}], decided_by: date}
            """)).ShouldHaveSingleItem().ShouldBe("line 3, column 80, tariff[0].zones.rows[1].to: the lane 31* > * has a price and no promise: no row of promise.transit holds all of it.");

    [Fact]
    public void A_table_of_brackets_by_zone_and_one_of_two_figures_by_zone_are_prices()
    {
        const string Tariff = "tariff: [{id: T-1, zones: {by: given}, first: {to: 0.5 kg}, further: {step: 0.5 kg}, rates: {table: rates.csv}, rounding: {mode: CeilStep, step: 0.5 kg}}]";
        var figures = Contract.Read(Contract.With(Tariff), _ => "zone,first,further\na,29.5,23.6\nb,33,28.3\n");
        figures.Tariffs[0].Rates.Length.ShouldBe(2);
        var brackets = Contract.Read(Contract.With(Tariff), _ => "zone,to,price,per_kg\na,1 kg,8.00,\na,,,7.50\nb,,9.00,\n");
        brackets.Tariffs[0].Rates[0].Price.ShouldBeOfType<KeyAccountLogistics.Contracts.Document.PriceRule.Brackets>().Rows.Length.ShouldBe(2);
    }

    [Fact]
    public void Several_documents_are_versions_of_one_contract_each_after_the_one_before()
    {
        var first = Contract.With(Contract.Tariff + "\neffective: {from: 2026-01-01T00:00:00Z}");
        Told(first).ShouldBe("is KA-1 v1 after KA-1 v1; an amendment has the next number and stands after what it amends.");
        Told("version: 2\n" + first).ShouldBe("is not in force later than KA-1 v1; say from when it is.");
        Told(first.Replace("KA-1", "KA-2", StringComparison.Ordinal)).ShouldBe("is of contract KA-2, the text begins with KA-1; a contract has a text of its own.");
        Told(first.Replace("account: A", "account: B", StringComparison.Ordinal)).ShouldBe("is of account B, KA-1 v1 of A; a contract has one account.");
        Told(first + "\ncurrency: USD").ShouldBe("is in USD, KA-1 v1 in CNY; a contract keeps its currency.");
        Contract.Reading(first + "\n---\nversion: 2\n" + first.Replace("2026-01", "2026-07", StringComparison.Ordinal)).Versions.Length.ShouldBe(2);

        string Told(string second) => Contract.Reading(first + "\n---\n" + second).Mistakes.ShouldHaveSingleItem().Message;
    }

    [Fact]
    public void Everything_has_a_limit()
    {
        Contract.Mistakes(new string('#', ContractText.LengthMax + 1)).ShouldHaveSingleItem().ShouldContain("characters; at most");
        var rows = string.Concat(Enumerable.Range(0, TableNodes.RowsMax + 1).Select(i => $"{i},*,a,1\n"));
        Contract.Mistakes(Contract.Sample, name => name is "lanes.csv" ? "from,to,zone,days\n" + rows : Contract.Table(name)).ShouldContain(m => m.Contains("has more than 5000 rows", StringComparison.Ordinal));
        var bad = "from,to,zone,days\n" + string.Concat(Enumerable.Range(0, 600).Select(i => $"{i},*,a,x\n"));
        var told = Contract.Mistakes(Contract.Sample, name => name is "lanes.csv" ? bad : Contract.Table(name));
        told.Count.ShouldBe(ContractReading.MistakesMax + 1);
        told[^1].ShouldBe("has 100 mistakes more; mend these first.");
        Contract.Mistakes(Contract.Sample.Replace("table: lanes.csv", "table: ../lanes.csv", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("without a folder");
    }

    /// <summary>300 lanes, 40 brackets, 12 surcharges: each table is asked for once, and every row is read. How long it takes stands in the benchmarks.</summary>
    [Fact]
    public void A_large_contract_asks_for_each_table_once()
    {
        var asked = new List<string>();
        var version = Contract.Read(LargeContract.Yaml, name =>
        {
            asked.Add(name);
            return LargeContract.Table(name);
        });
        asked.Order(StringComparer.Ordinal).ShouldBe(["brackets.csv", "fuel.csv", "lanes.csv"]);
        version.Promise!.Transit.Length.ShouldBe(LargeContract.Lanes);
        version.Surcharges.Length.ShouldBe(LargeContract.Surcharges);
    }
}
