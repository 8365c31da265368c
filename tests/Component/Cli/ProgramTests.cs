using System.Text.Json;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Cli;

/// <summary>The program itself, as a process with <c>--database</c>: what it prints, and the code it ends with.</summary>
public sealed class ProgramTests
{
    private const string ShipmentsCsv = """
        waybill,account,product,origin,destination,accepted_at,promised_by,declared_grams,length_mm,width_mm,height_mm,declared_value,cod_amount,freight_collect,currency
        KT-1001,KA-1,standard,HZ01,SH01,2026-10-12T09:00:00+08:00,2026-10-14T18:00:00+08:00,2000,300,200,100,,,,CNY
        KT-1002,KA-1,standard,HZ01,SH01,2026-10-12T09:00:00+08:00,,1500,,,,100.00,88.50,,CNY
        KT-1003,KA-1,standard,HZ01,SH01,not a time,,1500,,,,,,,CNY

        """;

    private const string EventsCsv = """
        event_id,waybill,kind,occurred_at,captured_at,node,next_node,device,actor,grams,reason
        e-1,KT-1001,collected,2026-10-12T10:00:00+08:00,,HZ01,,,c-1,,
        e-2,KT-1001,weighed,2026-10-12T11:00:00+08:00,,HZ01,,SCALE-1,,2010,
        e-3,KT-1001,delivered,2026-10-13T11:00:00+08:00,,SH01,,,c-2,,

        """;

    private const string ServiceCsv = """
        kind,account,reference,told_at,began_at,done_at,amount,budget,currency
        query,KA-1,Q-1,2026-10-13T10:00:00+08:00,2026-10-13T09:00:00+08:00,2026-10-13T09:20:00+08:00,,,
        invoice_line,KA-1,L-1,2026-10-13T10:00:00+08:00,2026-10-13T09:00:00+08:00,,8.42,8.20,CNY
        invoice_line,KA-1,L-2,2026-10-13T10:00:00+08:00,never,,8.42,8.20,CNY

        """;

    [Fact]
    public Task Import_parcel_verify_rebuild_backup_and_restore_on_SQLite() => LiveThroughAsync(Engine.Sqlite);

    // Some twenty processes; the backend's own tests take each of these ways on both engines.
    [RequiresProgramFact("initdb", "postgres", "pg_ctl")]
    [Trait("Time", "long")]
    public Task Import_parcel_verify_rebuild_backup_and_restore_on_PostgreSQL() => LiveThroughAsync(Engine.Postgres);

    private static async Task LiveThroughAsync(Engine engine)
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        string[] at = ["--database", database.Text, "--data", Path.Combine(database.Directory, "d")];
        var shipments = await WriteAsync(database, "shipments.csv", ShipmentsCsv);
        var events = await WriteAsync(database, "events.csv", EventsCsv);

        var first = await RunAsync(["import", "shipments", shipments, "--json", .. at]);
        (first.Code, Number(first.Out, "taken"), Number(first.Out, "rejected")).ShouldBe((1, 2, 1));
        var rejected = (await File.ReadAllLinesAsync(shipments + ".rejects.csv"))[1];
        rejected.ShouldStartWith("4,accepted_at,");
        rejected.ShouldContain("KT-1003");
        var second = await RunAsync(["import", "shipments", shipments, "--json", .. at]);
        (Number(second.Out, "taken"), Number(second.Out, "unchanged")).ShouldBe((0, 2));
        var taken = await RunAsync(["import", "events", events, "--json", .. at]);
        (taken.Code, Number(taken.Out, "taken")).ShouldBe((0, 3));

        var service = await WriteAsync(database, "service.csv", ServiceCsv);
        var told = await RunAsync(["import", "service", service, "--source", "billing", "--json", .. at]);
        (told.Code, Number(told.Out, "taken"), Number(told.Out, "rejected")).ShouldBe((1, 2, 1));
        (await File.ReadAllLinesAsync(service + ".rejects.csv"))[1].ShouldStartWith("4,began_at,time.malformed,");
        Number((await RunAsync(["import", "service", service, "--source", "billing", "--json", .. at])).Out, "unchanged").ShouldBe(2);

        using var life = JsonDocument.Parse((await RunAsync(["parcel", "KT-1001", "--json", .. at])).Out);
        life.RootElement.GetProperty("parcel").GetString().ShouldBe("KT-1001");
        life.RootElement.GetProperty("state").GetString().ShouldBe("delivered");
        var missing = await RunAsync(["parcel", "KT-9999", .. at]);
        missing.Code.ShouldBe(2);
        missing.Error.ShouldContain("KT-9999");

        var verified = await RunAsync(["verify-journal", .. at]);
        (verified.Code, verified.Out.Contains("every link holds", StringComparison.Ordinal)).ShouldBe((0, true), verified.Out + verified.Error);
        var rebuilt = await RunAsync(["rebuild", .. at]);
        (rebuilt.Code, rebuilt.Out.Contains("no difference", StringComparison.Ordinal)).ShouldBe((0, true), rebuilt.Out + rebuilt.Error);

        // The month's score rests on what was imported; the extract is checked without the database.
        var extract = Path.Combine(database.Directory, "proof.zip");
        var proved = await RunAsync(["prove", "--account", "KA-1", "--month", "2026-10", "--out", extract, .. at]);
        (proved.Code, proved.Error).ShouldBe((0, ""));
        var agrees = await RunAsync(["prove", "check", extract]);
        (agrees.Code, agrees.Out.Contains("It agrees", StringComparison.Ordinal)).ShouldBe((0, true), agrees.Out + agrees.Error);
        (await RunAsync(["prove", "--account", "KA-9", "--month", "2026-10", "--out", extract, .. at])).Code.ShouldBe(2);
        (await RunAsync(["prove", "check", events])).Code.ShouldBe(2);
        var report = Path.Combine(database.Directory, "report.csv");
        (await RunAsync(["score", "report", "--account", "KA-1", "--month", "2026-10", "--language", "en", "--format", "csv", "--out", report, .. at])).Code.ShouldBe(0);
        (await File.ReadAllTextAsync(report)).ShouldContain("indicator,T,T2,On-time delivery,1,1,");
        (await File.ReadAllTextAsync(report)).ShouldContain("indicator,C,C2,Cost variance,0.22,8.2,");

        var archive = Path.Combine(database.Directory, "kal.backup");
        (await RunAsync(["backup", archive, .. at])).Code.ShouldBe(0);
        await using var other = await TestDatabase.CreateAsync(engine);
        string[] elsewhere = ["--database", other.Text, "--data", Path.Combine(other.Directory, "d")];
        var restored = await RunAsync(["restore", archive, .. elsewhere]);
        restored.Code.ShouldBe(0, restored.Error);
        (await RunAsync(["verify-journal", .. elsewhere])).Out.ShouldStartWith("5 events");
        var again = await RunAsync(["restore", archive, .. elsewhere]);
        (again.Code, again.Error.Contains("not empty", StringComparison.Ordinal)).ShouldBe((2, true), again.Error);

        await database.ExecuteAsync("UPDATE journal_event SET best_us = best_us + 1 WHERE chain_index = 2");
        var broken = await RunAsync(["verify-journal", .. at]);
        broken.Code.ShouldBe(1);
        broken.Out.ShouldContain("BROKEN  import:import: link 2 changed");
    }

    [RequiresProgramFact("/usr/lib/x86_64-linux-gnu/libzbar.so.0", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")]
    public async Task A_label_is_printed_and_its_picture_read_again()
    {
        await using var database = await TestDatabase.CreateAsync(Engine.Sqlite);
        string[] at = ["--database", database.Text, "--data", Path.Combine(database.Directory, "d")];
        await RunAsync(["import", "shipments", await WriteAsync(database, "shipments.csv", ShipmentsCsv), .. at]);
        var (picture, printer, broken) = (Path.Combine(database.Directory, "label.png"), Path.Combine(database.Directory, "label.zpl"), Path.Combine(database.Directory, "broken.png"));
        var printed = await RunAsync(["label", "KT-1001", "--format", "png", "--out", picture, .. at]);
        printed.Code.ShouldBe(0, printed.Error);
        (await RunAsync(["label", "kt-1001", "--format", "zpl", "--paper", "76x130", "--out", printer, .. at])).Code.ShouldBe(0);
        (await File.ReadAllTextAsync(printer)).ShouldContain("^PW608^LL1040");
        var unknown = await RunAsync(["label", "KT-9999", "--format", "pdf", .. at]);
        (unknown.Code, unknown.Error.Contains("KT-9999", StringComparison.Ordinal)).ShouldBe((2, true), unknown.Error);

        await File.WriteAllTextAsync(broken, "no picture");
        var read = await RunAsync(["read-image", picture, broken, Path.Combine(database.Directory, "none.png"), "--json"]);
        read.Code.ShouldBe(1, read.Error);
        var lines = read.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3);
        using var first = JsonDocument.Parse(lines[0]);
        first.RootElement.GetProperty("file").GetString().ShouldBe(picture);
        first.RootElement.GetProperty("ms").GetDecimal().ShouldBeGreaterThan(0);
        first.RootElement.TryGetProperty("error", out _).ShouldBeFalse();
        first.RootElement.GetProperty("codes").EnumerateArray().Select(static c => (c.GetProperty("format").GetString(), c.GetProperty("text").GetString()))
            .ShouldBe([("Code 128", "KT-1001"), ("QR Code", "KT-1001")], ignoreOrder: true);
        lines[1].ShouldContain("\"codes\":[]");
        lines[1].ShouldContain("\"error\":\"This is neither a PNG, a JPEG nor a WebP picture.\"");
        lines[2].ShouldContain("\"error\":");
        var plain = await RunAsync(["read-image", picture]);
        (plain.Code, plain.Out.Contains("Code 128 KT-1001", StringComparison.Ordinal)).ShouldBe((0, true), plain.Out);
    }

    [Fact]
    public async Task A_demonstration_ends_with_every_parcel_answered_and_every_event_in_the_backend()
    {
        var demo = await RunAsync(["demo", "--exit-when-done", "--fast", "--parcels", "16", "--urls", "http://127.0.0.1:0"]);
        demo.Code.ShouldBe(0, demo.Error);
        using var summary = JsonDocument.Parse(demo.Out);
        int Figure(string name) => summary.RootElement.GetProperty(name).GetInt32();
        Figure("parcels").ShouldBeGreaterThanOrEqualTo(32);
        (Figure("missed"), Figure("unsent"), Figure("broken_links"), Figure("handovers")).ShouldBe((0, 0, 0, 2), demo.Error);
        var answers = summary.RootElement.GetProperty("answers");
        foreach (var story in new[] { "same_bill", "over", "under", "held_under", "duplicate", "unknown_parcel", "waybill_problem" }) answers.GetProperty(story).GetInt32().ShouldBeGreaterThan(0, story);
    }

    [Fact]
    public async Task What_cannot_be_run_says_what_to_type_instead()
    {
        var nowhere = await RunAsync(["parcel", "KT-1"]);
        (nowhere.Code, nowhere.Error.Contains("--server URL", StringComparison.Ordinal)).ShouldBe((2, true), nowhere.Error);
        var closed = await RunAsync(["parcel", "KT-1", "--server", "http://127.0.0.1:9"]);
        (closed.Code, closed.Error.Contains("cannot be reached", StringComparison.Ordinal)).ShouldBe((3, true), closed.Error);
        (await RunAsync(["parcel"])).Code.ShouldBe(2, "a line that cannot be read");
        (await RunAsync(["parcel", "--help"])).Code.ShouldBe(0);
        var garbled = await RunAsync(["verify-journal", "--database", "mysql://x"]);
        garbled.Code.ShouldBe(2);
        garbled.Error.ShouldContain("sqlite:PATH");
    }

    private static async Task<string> WriteAsync(TestDatabase database, string name, string content)
    {
        var path = Path.Combine(database.Directory, name);
        await File.WriteAllTextAsync(path, content);
        return path;
    }

    private static int Number(string json, string field)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(field).GetInt32();
    }

    private static Task<(int Code, string Out, string Error)> RunAsync(string[] arguments) => KalProcess.RunAsync(null, arguments);
}
