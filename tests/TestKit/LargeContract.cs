using System.Globalization;

namespace KeyAccountLogistics.TestKit;

/// <summary>The contract whose validation issue 4 puts a time to: 300 lanes, 40 brackets in each of four zones, 12 surcharges.</summary>
public static class LargeContract
{
    public const int Lanes = 300;
    public const int Brackets = 40;
    public const int Surcharges = 12;

    private static readonly string[] Zones = ["a", "b", "c", "d"];

    public static string Yaml { get; } = """
        contract: KA-2026-0300
        account: LARGE
        tariff:
          - id: T-1
            zones: {by: lane, table: lanes.csv}
            rates: {table: brackets.csv}
            volumetric: {divisor: 6000, side: nearest_cm}
        weight: {id: W-1, absolute: 0 g, percent: 0}
        handover: {id: H-1}
        promise: {id: P-1, cut_off: "18:00", calendar: CN, transit: lanes.csv, decided_by: date}
        surcharges:
          - {id: F-1, fuel: {table: fuel.csv}}

        """ + string.Concat(Enumerable.Range(2, Surcharges - 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"  - {{id: F-{i}, marked: mark_{i}, per_piece: {i}.00}}\n")));

    public static string? Table(string name) => name switch
    {
        "lanes.csv" => "from,to,zone,days\n" + string.Concat(Enumerable.Range(0, Lanes).Select(i => string.Create(CultureInfo.InvariantCulture, $"{100 + (i / 20)}*,{300 + (i % 20)}*,{Zones[i % Zones.Length]},{1 + (i % 5)}\n"))),
        "brackets.csv" => "zone,to,price,per_kg\n" + string.Concat(Zones.SelectMany(z => Enumerable.Range(1, Brackets).Select(i => string.Create(CultureInfo.InvariantCulture, $"{z},{i} kg,{2 + (z[0] - 'a')}.00,{i}.50\n")))),
        "fuel.csv" => "from,percent\n" + string.Concat(Enumerable.Range(1, 12).Select(i => string.Create(CultureInfo.InvariantCulture, $"2026-{i:00}-01,{i}.5\n"))),
        _ => null,
    };
}
