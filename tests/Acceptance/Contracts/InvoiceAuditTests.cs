using System.Globalization;
using System.Text.Json;
using CsvHelper;

namespace KeyAccountLogistics.Acceptance.Contracts;

/// <summary>A real courier's invoice (courier_charge_audit) held against its own rate card, with the client's weights and zones, and with the invoice's own.</summary>
public sealed class InvoiceAuditTests : IDisposable
{
    private static readonly string Contract = Path.Combine(AcceptanceFolder.RepositoryRoot(), "tests", "Acceptance", "Contracts", "courier-audit.contract.yaml");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kal-audit-");

    public void Dispose() => _folder.Delete(recursive: true);

    [AcceptanceFact("courier_charge_audit")]
    public async Task By_the_clients_weights_and_zones_3851_5_too_much_was_billed()
    {
        var (weights, zones) = (Path.Combine(_folder.FullName, "weights.csv"), Path.Combine(_folder.FullName, "zones.csv"));
        await File.WriteAllLinesAsync(weights, ["waybill,grams", .. Weights()]);
        await File.WriteAllLinesAsync(zones, ["origin,destination,zone", .. Zones()]);
        var (code, output, error) = await Kal.RunAsync("audit", "--contract", Contract, "--invoice", Invoice, "--weights", weights, "--zones", zones, "--json");
        error.ShouldBeEmpty();
        code.ShouldBe(1);
        var lines = Kal.Lines(output);
        lines.Count.ShouldBe(125);
        lines[^1].ShouldBe("""{"billed":"13648.2","due":"9796.7","right":22,"over":79,"over_amount":"4426.6","under":23,"under_amount":"575.1"}""");
        // Every difference is explained, and the causes of a line add up to it.
        foreach (var line in lines.SkipLast(1).Select(l => JsonDocument.Parse(l).RootElement))
        {
            var why = line.GetProperty("why").EnumerateArray().ToList();
            why.Sum(w => Number(w, "amount")).ShouldBe(Number(line, "billed") - Number(line, "due"));
            why.ShouldAllBe(w => w.GetProperty("cause").GetString() != "unexplained");
            why.Count.ShouldBe(line.GetProperty("verdict").GetString() == "right" ? 0 : why.Count);
        }
    }

    [AcceptanceFact("courier_charge_audit")]
    public async Task By_the_invoices_own_weights_and_zones_113_lines_reproduce_and_the_other_11_are_RTO_slabs()
    {
        var (_, output, _) = await Kal.RunAsync("audit", "--contract", Contract, "--invoice", Invoice, "--json");
        var lines = Kal.Lines(output).SkipLast(1).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        lines.Count(l => l.GetProperty("verdict").GetString() == "right").ShouldBe(113);
        var other = lines.Where(l => l.GetProperty("verdict").GetString() != "right").ToList();
        other.Count.ShouldBe(11);
        other.ShouldAllBe(l => l.GetProperty("why").EnumerateArray().Single().GetProperty("cause").GetString() == "return_slabs");
    }

    private static string Invoice => AcceptanceFolder.At("courier_charge_audit", "Courier Company - Invoice.csv");

    // data/README.md: the sum of SKU grams times quantity over all order rows; two exact repeats count, GIFTBOX202002 stands twice in the SKU list and is used once.
    private static IEnumerable<string> Weights()
    {
        var grams = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var row in Rows("Company X - SKU Master.csv", "SKU_No", "Weight_g")) grams.TryAdd(row[0], Number(row[1]));
        var orders = Rows("Company X - Order Report.csv", "ExternOrderNo", "SKU_No", "Order_Qty").GroupBy(r => r[0], StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Sum(r => grams[r[1]] * Number(r[2])), StringComparer.Ordinal);
        return Rows("Courier Company - Invoice.csv", "AWB_Code", "Order_ID").Select(r => string.Create(CultureInfo.InvariantCulture, $"{r[0]},{orders[r[1]]:0.###}"));
    }

    private static IEnumerable<string> Zones()
    {
        var zones = Rows("Company X - Pincode Zones.csv", "WarehousePincode", "CustomerPincode", "Zone").Select(r => string.Join(',', r)).Distinct(StringComparer.Ordinal).ToList();
        zones.Count.ShouldBe(108);
        return zones;
    }

    private static List<string[]> Rows(string file, params string[] columns)
    {
        using var stream = File.OpenRead(AcceptanceFolder.At("courier_charge_audit", file));
        using var reader = CsvReader.Create(stream);
        var rows = new List<string[]>();
        while (reader.Read()) rows.Add([.. columns.Select(c => reader.GetString(c).Trim())]);
        return rows;
    }

    private static decimal Number(JsonElement json, string name) => Number(json.GetProperty(name).GetString()!);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
