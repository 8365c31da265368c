using System.Text;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Contracts.Writing;

namespace KeyAccountLogistics.Unit.Contracts;

/// <summary>The contract that issue 4 gives its example in, and short ways to read one.</summary>
internal static class Contract
{
    internal const string Lanes = "from,to,zone,days\n31*,31*,a,1\n31*,32*,b,2\n31*,,c,3\n";
    internal const string Fuel = "from,percent\n2026-01-01,3\n2026-04-01,3.5\n";

    internal const string Sample = """
        contract: KA-2026-0001        # v1, signed; the parcel's acceptance moment picks the version
        account: 华东电商甲
        tariff:
          - id: T-3
            service: standard
            zones: {by: lane, table: lanes.csv}
            first: {to: 1 kg, price: 8.00}
            further: {step: 0.5 kg, price: 1.00, tier_read_on: excess}    # or: total
            volumetric: {divisor: 6000, side: nearest_cm, weight: {mode: CeilStep, step: 0.5 kg}}
        surcharges: [{id: F-1, fuel: {table: fuel.csv, at: acceptance}}]
        weight:   {id: W-2, absolute: 0 g, percent: 0, dispute_by: client, within: 7 d, else: auto_accept}
        handover: {id: H-1, insured: [item_by_item, seal, reweigh], delivery: {high: [code, signature]}}
        promise:  {id: P-1, cut_off: "18:00", calendar: CN, transit: lanes.csv, decided_by: date}          # or: timestamp
        service:  {id: S-1, weights: {T: 30, Q: 30, C: 15, S: 15, O: 10}, sqi_profile: A}
        """;

    /// <summary>What stands beside every contract: the clauses that must be there.</summary>
    internal const string Rest = """
        weight: {id: W-1, absolute: 0 g, percent: 0}
        handover: {id: H-1}
        """;

    internal static string? Table(string name) => name switch { "lanes.csv" => Lanes, "fuel.csv" => Fuel, _ => null };

    internal static ContractTextReading Reading(string yaml, Func<string, string?>? table = null) => ContractText.Read(yaml, table ?? Table);

    internal static ContractVersion Read(string yaml, Func<string, string?>? table = null)
    {
        var reading = Reading(yaml, table);
        reading.Mistakes.Select(m => m.ToString()).ShouldBeEmpty();
        return reading.Versions.ShouldHaveSingleItem();
    }

    /// <summary>A whole document around some clauses; they begin in line 3.</summary>
    internal static string With(string clauses) => "contract: KA-1\naccount: A\n" + clauses + "\n" + Rest;

    internal const string Tariff = "tariff: [{id: T-1, first: {to: 1 kg, price: 8.00}, further: {step: 1 kg, price: 2.00}}]";

    internal static IReadOnlyList<string> Mistakes(string yaml, Func<string, string?>? table = null)
    {
        var reading = Reading(yaml, table);
        reading.Versions.ShouldBeEmpty();
        return [.. reading.Mistakes.Select(m => m.ToString())];
    }

    internal static IEnumerable<ContractVersion> Demos() => DemoTerms.Files().SelectMany(f => Reading(f.Text).Versions);

    internal static string Json(ContractVersion version) => Encoding.UTF8.GetString(ContractJson.Write(version));
}
