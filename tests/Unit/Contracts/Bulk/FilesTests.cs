using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using KeyAccountLogistics.Contracts.Bulk;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;
using KeyAccountLogistics.Kernel;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Unit.Contracts.Bulk;

/// <summary>Files of shipments and invoices at a contract document: formats, bad lines, what is told and what never crashes.</summary>
public sealed class FilesTests : IDisposable
{
    private const string Document = """
        contract: KA-2026-0001
        account: HDDS-A
        tariff:
          - id: T-3
            zones: {by: lane, rows: [{from: "31*", to: "44*", zone: a}, {from: "31*", to: "31*", zone: b}]}
            first: {to: 1 kg}
            further: {step: 0.5 kg}
            rates: [{zone: a, first: 7.00, further: 0.90}, {zone: b, first: 5.00, further: 0.50}]
        returns: [{id: R-1, kind: return, percent_of_forward: 50}]
        surcharges: [{id: F-1, fuel: {at: acceptance, rows: [{from: 2026-01-01, percent: 10}]}}]
        cod: {id: C-1, percent: 5, minimum: 3.00, remit: {working_days: 1}, cut_off: "17:00"}
        rebates: [{id: B-1, period: month, basis: parcels, mode: retroactive, tiers: [{from: 0, percent: 0}, {from: 2, percent: 10}]}]
        weight: {id: W-1, absolute: 0 g, percent: 0}
        handover: {id: H-1}
        """;

    private const string Card = """
        contract: CARD
        account: X
        currency: INR
        tariff:
          - {id: T-1, zones: {by: given}, first: {to: 0.5 kg}, further: {step: 0.5 kg}, rounding: {mode: CeilStep, step: 0.5 kg, read_on: total}, rates: [{zone: a, first: 10, further: 5}, {zone: b, first: 20, further: 15}]}
        returns:
          - {id: R-1, kind: return, first: {to: 0.5 kg}, further: {step: 0.5 kg}, rates: [{zone: a, first: 8, further: 5}, {zone: b, first: 16, further: 15}]}
        weight: {id: W-1, absolute: 0 g, percent: 0}
        handover: {id: H-1}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kal-files-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_rated_shipment_is_one_line_of_json_as_the_issue_writes_it()
    {
        var (lines, summary) = Rate("waybill,service,origin,destination,accepted,weight_g,cod\nKAL1,standard,3100,4401,2026-10-12T08:00:00+08:00,2340.5,50.00\n");
        lines.ShouldHaveSingleItem().ShouldBe(
            """{"waybill":"KAL1","charge":"13.67","currency":"CNY","chargeable_g":2500,"lines":[{"clause":"T-3","text":"Freight, chargeable weight 2.5 kg: first 1 kg 7.00 CNY + further 3 steps × 0.90 CNY/0.5 kg = 9.70 CNY","amount":"9.70"},{"clause":"F-1","text":"Fuel surcharge (rate from 2026-01-01): 9.70 CNY × 10 % = 0.97 CNY","amount":"0.97"},{"clause":"C-1","text":"Cash on delivery: 50.00 CNY × 5 %, at least 3.00 CNY = 3.00 CNY","amount":"3.00"}]}""");
        summary.ShouldBe(new RateFileSummary(1, 1, 0, new Money(1_367, "CNY")));
    }

    [Theory]
    [InlineData("KAL1,3100,4401,2026-10-12T00:00:00Z,,1", "weight_kg")]
    [InlineData("KAL1,3100,4401,2026-10-12T00:00:00Z,1.2.3,1", "weight_kg")]
    [InlineData("KAL1,3100,4401,2026-10-12T00:00:00Z,99999999999999999999999,1", "weight_kg")]
    [InlineData("KAL1,3100,4401,yesterday,1,1", "accepted")]
    [InlineData("KAL1,3100,4401,2026-02-30T00:00:00Z,1,1", "accepted")]
    [InlineData("KAL1,3100,4401,2026-10-12T00:00:00Z,1,0", "pieces")]
    [InlineData(",3100,4401,2026-10-12T00:00:00Z,1,1", "waybill")]
    [InlineData("KAL1,3100", "line")]
    [InlineData("KAL1,\"3100,4401,2026-10-12T00:00:00Z,1,1", "line")]
    public void A_bad_line_is_refused_with_its_field_and_the_next_is_rated(string bad, string field)
    {
        var (lines, summary) = Rate($"waybill,origin,destination,accepted,weight_kg,pieces\n{bad}\nKAL2,3100,4401,2026-10-12T00:00:00Z,1,1\n");
        var refused = JsonDocument.Parse(lines[0]).RootElement.GetProperty("refused");
        (refused.GetProperty("reason").GetString(), refused.GetProperty("field").GetString(), refused.GetProperty("line").GetInt32()).ShouldBe(("BAD_LINE", field, 2));
        JsonDocument.Parse(lines[1]).RootElement.GetProperty("charge").GetString().ShouldBe("7.70");
        (summary.Charged, summary.Refused).ShouldBe((1, 1));
    }

    [Fact]
    public void A_shipment_without_a_price_is_refused_with_reason_and_clause()
    {
        var (lines, _) = Rate("waybill,origin,destination,accepted,weight_kg,returned\nKAL1,3100,9999,2026-10-12T00:00:00Z,1,\nKAL2,3100,4401,2025-10-12T00:00:00Z,1,true\n");
        lines[0].ShouldStartWith("""{"waybill":"KAL1","refused":{"reason":"NO_ZONE","clause":"T-3","text":"3100 to 9999 has no zone.""");
        lines[1].ShouldStartWith("""{"waybill":"KAL2","refused":{"reason":"NO_FUEL_ROW","clause":"F-1",""");
    }

    [Fact]
    public void A_file_without_the_columns_is_told_and_so_is_an_empty_one()
    {
        RateFile.Run(Opened(Document), Bytes("a,b\n1,2\n"), new RateFileOptions(true), TextWriter.Null, null, default).Fault.Message.ShouldBe("The file needs the columns waybill and weight_g (or weight_kg); it has a, b.");
        RateFile.Run(Opened(Document), Bytes(""), new RateFileOptions(true), TextWriter.Null, null, default).Fault.Code.ShouldBe("csv.empty");
        var path = Path.Combine(_folder.FullName, "bad.yaml");
        File.WriteAllText(path, "contract: X\naccount: Y\n");
        ContractOnFile.Open(path).Fault.Message.ShouldContain("tariff");
    }

    [Fact]
    public void The_trace_of_a_line_replays()
    {
        using var output = new StringWriter();
        RateFile.Run(Opened(Document), Bytes("waybill,origin,destination,accepted,weight_kg\n\"K,\"\"1\",3100,4401,2026-10-12T00:00:00Z,3.2\n"), new RateFileOptions(true, Trace: true), output, null, default).IsOk.ShouldBeTrue();
        var trace = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("trace").GetRawText();
        var read = RateTrace.Read(trace).ShouldNotBeNull();
        read.Shipment.Waybill.ShouldBe("K,\"1");
        var replayed = RateReplay.Of(read);
        (replayed.Differs, replayed.TotalMinor).ShouldBe((null, 1_265));
        // A trace whose numbers were changed does not replay.
        RateReplay.Of(RateTrace.Read(trace.Replace("\"amount\":1150", "\"amount\":1151", StringComparison.Ordinal)).ShouldNotBeNull()).Differs.ShouldNotBeNull();
        RateTrace.Read(trace[..^10]).ShouldBeNull();
    }

    [Fact]
    public void Times_read_by_hand_are_those_of_the_pattern() => Seeded.Holds(
        from seconds in Seeded.Longs(0, 7_258_118_400)
        from offset in Gen.Choose(-18 * 60, 18 * 60)
        select (seconds, offset),
        drawn =>
        {
            var time = Instant.FromUnixTimeSeconds(drawn.seconds).WithOffset(Offset.FromSeconds(drawn.offset * 60));
            if (time.Year < 1970) return true;
            ShipmentRows.TryAccepted(Encoding.UTF8.GetBytes(OffsetDateTimePattern.Rfc3339.Format(time)), out var read).ShouldBeTrue();
            return read == time.ToInstant();
        });

    [Fact]
    public void A_difference_on_an_invoice_is_taken_apart_into_weight_zone_and_mistakes()
    {
        const string invoice = """
            AWB_Code,Charged_Weight (kg),Warehouse_Pincode,Customer_Pincode,Zone,Type_of_Shipment,Billing Amount (Rs.)
            1,0.5,11,22,a,Forward charges,10
            2,1.2,11,22,a,Forward charges,20
            3,1.2,11,22,b,Forward charges,50
            4,1.0,11,22,a,Forward and RTO charges,31
            5,0.5,11,22,a,Forward and RTO charges,10
            6,0.5,11,22,a,Forward charges,11.5
            1,0.5,11,22,a,Forward charges,10
            7,0.5,11,99,a,Forward charges,10
            8,abc,11,22,a,Forward charges,10
            9,0.5,11,22,a,Forward charges,-10
            10,0.5,11,22,a,Forward charges,
            """;
        var (lines, sum) = Audit(invoice, "waybill,grams\n1,400\n2,900\n3,300\n4,900\n5,100\n6,100\n7,1\n8,1\n9,1\n10,1\n77,5\n1,401\n", "origin,destination,zone\n11,22,a\n11,22,b\n");
        Why(lines[0]).ShouldBe("1 right");
        Why(lines[1]).ShouldBe("2 over weight 5");
        Why(lines[2]).ShouldBe("3 over weight 10, zone 30");
        Why(lines[3]).ShouldBe("4 over return_slabs 3");
        Why(lines[4]).ShouldBe("5 under return -8");
        Why(lines[5]).ShouldBe("6 over unexplained 1.5");
        Why(lines[6]).ShouldBe("1 over duplicate 10");
        lines.Skip(7).Select(l => l.GetProperty("refused").GetProperty("reason").GetString()).ShouldBe(["NO_ZONE", "BAD_LINE", "OUT_OF_RANGE", "BAD_LINE"]);
        (sum.Right, sum.Over, sum.OverAmount, sum.Under, sum.UnderAmount, sum.Refused).ShouldBe((1, 5, 59.5m, 1, 8, 4));
        sum.Notes.Count.ShouldBe(3);
        sum.Notes.ShouldContain(n => n.Contains("1 waybills of the file of weights are not on the invoice: 77", StringComparison.Ordinal));
    }

    [Fact]
    public void A_zone_that_the_invoice_took_is_named_also_where_the_contract_finds_zones_itself()
    {
        const string invoice = "waybill,weight_kg,origin,destination,zone,accepted,billed\n1,2,3100,4401,b,2026-10-12T00:00:00Z,6.60\n2,2,3100,4401,a,2026-10-12T00:00:00Z,8.80\n";
        using var output = new StringWriter();
        AuditFile.Run(Opened(Document), new AuditFiles(Bytes(invoice), null, null, null), true, output, default).Value.Under.ShouldBe(2);
        var lines = output.ToString().Split('\n').Take(2).Select(l => Why(JsonDocument.Parse(l).RootElement)).ToList();
        // Due 8.80 by zone a and ten percent for fuel; the second line leaves the fuel out.
        lines.ShouldBe(["1 under zone -3.08", "2 under line_left_out -0.88"]);
    }

    [Fact]
    public void Another_invoice_needs_a_map()
    {
        const string invoice = "Sendung;Gramm;Tarifzone;Art;Betrag\nA1;400;a;Rücksendung;18.00\n";
        const string map = "{columns: {waybill: Sendung, weight: Gramm, zone: Tarifzone, type: Art, billed: Betrag}, weight_unit: g, words: {returned: [Rücksendung]}}";
        Why(Audit(invoice, map: map).Lines.ShouldHaveSingleItem()).ShouldBe("A1 right");
        Run(invoice, map: null).Fault.Message.ShouldStartWith("The invoice lacks the columns waybill, billing_amount, weight_g; it has Sendung, Gramm");
        Run(invoice, map: "{columns: {wbill: x}}").Fault.Message.ShouldContain("wbill is not known");
        Run(invoice, map: "{columns: [").Fault.Code.ShouldBe("map.unreadable");
        Run("", map: null).Fault.Code.ShouldBe("csv.empty");
        Run("awb,weight_kg,amount\n", map: null).Value.Notes.ShouldBe(["The invoice has no lines."]);
    }

    [Fact]
    public void A_draft_beside_the_contract_that_rated()
    {
        const string shipments = """
            waybill,account,origin,destination,accepted,weight_kg
            1,A,3100,4401,2026-10-12T00:00:00Z,1
            2,A,3100,4401,2026-10-13T00:00:00Z,2
            3,B,3100,3101,2026-10-13T00:00:00Z,1
            4,B,3100,3300,2026-10-13T00:00:00Z,1
            5,B,3100,3300,never,1
            """;
        var draft = Document.Replace("first: 7.00", "first: 6.00", StringComparison.Ordinal).Replace("zone: b}]}", "zone: c}]}", StringComparison.Ordinal).Replace("{zone: b,", "{zone: c,", StringComparison.Ordinal)
            .Replace("to: \"31*\", zone: c", "to: \"32*\", zone: c", StringComparison.Ordinal);
        var costs = Opened(Document.Replace("contract: KA-2026-0001", "contract: COSTS", StringComparison.Ordinal).Replace("7.00", "4.00", StringComparison.Ordinal).Replace("percent: 10}]}}", "percent: 0}]}}", StringComparison.Ordinal), "costs.yaml");
        var sum = WhatIfFile.Run(Opened(draft, "draft.yaml"), Opened(Document), costs, Bytes(shipments), null, default).Value;
        // Current: 7.70, 9.68, 5.50; the draft no longer carries 3100 > 3101, and is 1.10 cheaper on the other two.
        (sum.Shipments, sum.BadLines).ShouldBe((4, 1));
        sum.Total.ShouldBe(new WhatIfFigures("total", Cny(2_288), Cny(1_518), Cny(-220), 1, 2, Cny(4_00 + 5_80 + 5_00)));
        (sum.Total.MarginCurrent, sum.WithoutCost).ShouldBe((Cny(808), 1));
        sum.NewRefusals.Select(r => (r.Key, r.Value)).ShouldBe([("NO_ZONE", 1L)]);
        sum.Accounts.Select(a => (a.Name, a.Change.Minor)).ShouldBe([("A", -220), ("B", 0)]);
        sum.Lanes[0].Name.ShouldBe("3100 > 4401");
        // October's rebate, ten percent of the freight: 7.00 + 8.80 + 5.00 now, 6.00 + 7.80 under the draft.
        (sum.SettlementsCurrent, sum.SettlementsDraft).ShouldBe((Cny(-208), Cny(-138)));
        JsonDocument.Parse(sum.ToJson()).RootElement.GetProperty("total").GetProperty("change").GetString().ShouldBe("-2.20");
        sum.ToText().ShouldContain("No longer carried: 1 shipments, NO_ZONE.");
    }

    [Fact]
    public void A_large_file_is_answered_line_by_line_in_its_order_and_up_to_where_it_breaks()
    {
        const int rows = 5_000;
        var csv = new StringBuilder("waybill,origin,destination,accepted,weight_kg\n");
        for (var i = 0; i < rows; i++) csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"KAL{i},3100,{(i % 7 == 0 ? "9999" : "4401")},2026-10-12T00:00:00Z,{1 + (i % 9)}\n");
        var heard = new List<long>();
        using var output = new StringWriter();
        var summary = RateFile.Run(Opened(Document), Bytes(csv.ToString()), new RateFileOptions(true), output, heard.Add, default).Value;
        var refused = (rows + 6) / 7;
        (summary.Lines, summary.Charged, summary.Refused).ShouldBe((rows, rows - refused, refused));
        var answered = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        answered.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("waybill").GetString()).ShouldBe(Enumerable.Range(0, rows).Select(i => $"KAL{i}"));
        summary.Total.Minor.ShouldBe(answered.Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.TryGetProperty("charge", out _)).Sum(line => (long)(decimal.Parse(line.GetProperty("charge").GetString()!, System.Globalization.CultureInfo.InvariantCulture) * 100)));
        heard.ShouldBe([rows]);

        using var until = new StringWriter();
        var broken = csv.Append('x', 3_000_000).Append('\n').ToString();
        Should.Throw<IOException>(() => RateFile.Run(Opened(Document), Bytes(broken), new RateFileOptions(true), until, null, default)).Message.ShouldContain("no CSV file");
        until.ToString().ShouldBe(output.ToString(), "what stood before the break is answered");
    }

    private static Money Cny(long minor) => new(minor, "CNY");

    private static string Why(JsonElement line)
    {
        var why = string.Join(", ", line.GetProperty("why").EnumerateArray().Select(w => $"{w.GetProperty("cause").GetString()} {w.GetProperty("amount").GetString()}"));
        return $"{line.GetProperty("waybill").GetString()} {line.GetProperty("verdict").GetString()} {why}".TrimEnd();
    }

    private (List<string> Lines, RateFileSummary Summary) Rate(string csv)
    {
        using var output = new StringWriter();
        var summary = RateFile.Run(Opened(Document), Bytes(csv), new RateFileOptions(true), output, null, default).Value;
        return ([.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)], summary);
    }

    private (List<JsonElement> Lines, AuditSummary Summary) Audit(string invoice, string? weights = null, string? zones = null, string? map = null)
    {
        using var output = new StringWriter();
        var files = new AuditFiles(Bytes(invoice), weights is null ? null : Bytes(weights), zones is null ? null : Bytes(zones), map);
        var summary = AuditFile.Run(Opened(Card), files, true, output, default).Value;
        return ([.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).SkipLast(1).Select(l => JsonDocument.Parse(l).RootElement)], summary);
    }

    private Outcome<AuditSummary> Run(string invoice, string? map) => AuditFile.Run(Opened(Card), new AuditFiles(Bytes(invoice), null, null, map), true, TextWriter.Null, default);

    private ContractOnFile Opened(string yaml, string name = "contract.yaml")
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, yaml);
        var opened = ContractOnFile.Open(path);
        return opened.IsOk ? opened.Value : throw new InvalidOperationException(opened.Fault.Message);
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
