using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Custody;

public sealed class ImportFileTests
{
    private const string Header =
        "waybill,account,product,origin,destination,accepted_at,promised_by,declared_grams,length_mm,width_mm,height_mm,declared_value,cod_amount,freight_collect,currency\n";

    private const string EventHeader = "event_id,waybill,kind,occurred_at,captured_at,node,next_node,device,actor,grams,reason\n";

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_bad_row_is_named_with_line_column_and_reason_and_the_good_ones_go_in(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var file = Header
            + "ORDER-0001,KA-1,STD,A,B,2026-10-12T08:00:00+08:00,,1500.5,,,,100.00,,,CNY\n"
            + "ORDER-0002,KA-1,STD,A,B,yesterday,,,,,,,,,\n"
            + "ORDER-0003,KA-1,STD,A,B,,,,,,,1.005,,,CNY\n"
            + "ORDER-0004,KA-1,STD,A\n"
            + "ORDER-0005,\"KA-1,STD,A,B,,,,,,,,,,\n"
            + "ORDER-0001,KA-1,STD,A,B,2026-10-12T08:00:00+08:00,,1500.5,,,,100.00,,,CNY\n"
            + "ORDER-0001,KA-1,STD,A,B,,,9,,,,,,,\n"
            + "ORDER-0006,KA-1,STD,A,B,,,,,,,,,,";
        var (done, rejects) = await ImportAsync(backend, "shipments", file);
        (done.Taken, done.Unchanged, done.Rejected, done.Lines, done.Done).ShouldBe((2, 1, 5, 9, true));
        rejects.Select(r => (r.Line, r.Column, r.Code)).ShouldBe(
        [
            (3, "accepted_at", "time.malformed"), (4, "declared_value", "money.decimals"), (5, "", "row.fields"), (6, "", "row.malformed"), (8, "waybill", "shipment.differs"),
        ]);
        rejects[0].Content.ShouldStartWith("ORDER-0002,");
        (await backend.Database.ScalarAsync("SELECT declared_mg FROM custody_shipment WHERE waybill = 'ORDER-0001'")).ShouldBe(1_500_500);
        (await backend.Database.ScalarAsync("SELECT declared_value_minor FROM custody_shipment WHERE waybill = 'ORDER-0001'")).ShouldBe(10_000);
    }

    [Theory]
    [OnSqlite]
    public async Task A_file_that_is_no_table_is_refused_in_words_that_fit_a_screen(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var refused = await Should.ThrowAsync<RpcException>(async () => await ImportAsync(backend, "shipments", "\u001b[31m" + new string('x', 100_000) + "," + new string('y', 100_000) + "\n"));
        refused.Status.Detail.ShouldContain("it has ?[31mxxx");
        refused.Status.Detail.Length.ShouldBeLessThan(600);
    }

    [Theory]
    [OnSqlite]
    public async Task A_map_file_renames_columns_and_formats(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        const string Map = """
            delimiter: ";"
            decimal: ","
            mass: kg
            time: yyyy-MM-dd HH:mm
            zone: Asia/Shanghai
            columns: { waybill: numero, accepted_at: aceito, declared_grams: peso }
            constants: { account: KA-9, product: STD, origin: A, destination: B, promised_by: "", length_mm: "", width_mm: "", height_mm: "",
                         declared_value: "", cod_amount: "", freight_collect: "", currency: "" }
            """;
        var (done, _) = await ImportAsync(backend, "shipments", "numero;aceito;peso\nORDER-0001;2026-10-12 08:00;1,25\n", Map);
        done.Taken.ShouldBe(1);
        (await backend.Database.ScalarAsync("SELECT declared_mg FROM custody_shipment WHERE account = 'KA-9'")).ShouldBe(1_250_000);
        (await backend.Database.ScalarAsync("SELECT accepted_us FROM custody_shipment")).ShouldBe(1_791_763_200_000_000);
    }

    [Theory]
    [OnSqlite]
    public async Task Events_keep_their_ids_so_that_the_same_file_changes_nothing(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var file = EventHeader
            + "e1,ORDER-0001,collected,2017-10-02T11:07:15-03:00,,HZ01,,,c-1,1200,\n"
            + "e2,ORDER-0001,teleported,2017-10-02T11:07:15-03:00,,,,,,,\n"
            + "e3,ORDER-0001,delivered,,,,,,,,\n"
            + "e4,ORDER-0001,delivered,2099-10-02T11:07:15-03:00,,,,,,,\n";
        var (first, rejects) = await ImportAsync(backend, "events", file);
        (first.Taken, first.Rejected).ShouldBe((1, 3));
        rejects.Select(r => (r.Line, r.Column, r.Code)).ShouldBe([(3, "kind", "event.kind"), (4, "occurred_at", "field.missing"), (5, "occurred_at", "time.future")]);
        var (second, _) = await ImportAsync(backend, "events", file);
        (second.Taken, second.Unchanged, second.Rejected).ShouldBe((0, 1, 3));
    }

    private const string ServiceCsv = """
        kind,account,reference,told_at,revision,parcel,contract,began_at,due_at,done_at,amount,budget,currency,failed,reason,title,opened_at,answer_due_at
        query,KA-1,Q-1,2026-05-09T10:00:00+08:00,,ORDER-0001,,2026-05-09T09:00:00+08:00,,2026-05-09T09:20:00+08:00,,,,,,where is it,,
        invoice_line,KA-1,L-1,2026-05-09T10:00:00+08:00,1,,,2026-05-09T09:00:00+08:00,,,8.42,8.20,CNY,yes,,,,
        ClientMessage,KA-1,M-1,2026-05-09T10:00:00+08:00,,,,2026-05-09T09:00:00+08:00,,,,,,,,,,
        complaint,KA-1,CP-1,2026-05-09T10:00:00+08:00,,,,,,,,,,,,,2026-05-09T09:00:00+08:00,2026-05-10T09:00:00+08:00
        delivered,KA-1,X,2026-05-09T10:00:00+08:00,,,,,,,,,,,,,,
        query,,Q-2,2026-05-09T10:00:00+08:00,,,,2026-05-09T09:00:00+08:00,,,,,,,,,,
        query,KA-1,Q-3,2026-05-09T10:00:00+08:00,,,,,,,,,,,,,,
        remittance,KA-1,R-1,2026-05-09T10:00:00+08:00,,,,,2026-05-09T09:00:00+08:00,,0,,CNY,,,,,
        query,KA-1,Q-4,2099-05-09T10:00:00+08:00,,,,2026-05-09T09:00:00+08:00,,,,,,,,,,
        query,KA-1,Q-5,,,,,2026-05-09T09:00:00+08:00,,,,,,,,,,
        query,KA-1,Q-6,2026-05-09T10:00:00+08:00,,,,2026-05-09T09:00:00+08:00,,2026-05-09T08:00:00+08:00,,,,,,,,

        """;

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Facts_of_service_go_in_row_by_row_and_the_same_file_changes_nothing(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var (first, rejects) = await ImportAsync(backend, "service", ServiceCsv);
        (first.Taken, first.Rejected, first.Done).ShouldBe((4, 7, true));
        rejects.Select(r => (r.Line, r.Column, r.Code)).ShouldBe(
        [
            (6, "kind", "event.kind"), (7, "account", "field.missing"), (8, "began_at", "field.missing"), (9, "amount", "fact.amount"), (10, "told_at", "time.future"), (11, "told_at", "field.missing"),
            (12, "done_at", "fact.backwards"),
        ]);
        (await backend.Database.RowsAsync("SELECT kind, reference, revision FROM level_fact ORDER BY kind", r => $"{r.GetValue(0)} {r.GetValue(1)} {r.GetValue(2)}")).ShouldBe(["150 Q-1 0", "151 L-1 1", "155 M-1 0", "160 CP-1 0"]);
        var (second, _) = await ImportAsync(backend, "service", ServiceCsv);
        (second.Taken, second.Unchanged, second.Rejected).ShouldBe((0, 4, 7));
        // Another word on the same fact is another event: the higher revision, or the later word, stands.
        var (third, _) = await ImportAsync(backend, "service", ServiceCsv.Replace("Q-1,2026-05-09T10:00", "Q-1,2026-05-09T11:00", StringComparison.Ordinal));
        (third.Taken, third.Unchanged).ShouldBe((1, 3));
    }

    [Fact]
    public async Task Whoever_sees_some_accounts_only_brings_no_file_that_grades_the_carrier()
    {
        await using var backend = await BackendFixture.StartAsync(Engine.Sqlite);
        foreach (var role in new[] { KeyAccountLogistics.Server.Access.Roles.ClientUser, KeyAccountLogistics.Server.Access.Roles.Courier })
        {
            using var call = new Shipments.ShipmentsClient(await backend.AsAsync(role)).Import();
            await call.RequestStream.WriteAsync(new ImportPart { Header = new ImportHeader { Kind = "service" }, Content = ByteString.CopyFromUtf8(ServiceCsv) });
            await call.RequestStream.CompleteAsync();
            (await Should.ThrowAsync<RpcException>(async () => await call.ResponseStream.MoveNext(CancellationToken.None))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        }
        (await backend.Database.ScalarAsync("SELECT count(*) FROM level_fact")).ShouldBe(0);
    }

    [Theory]
    [OnSqlite]
    public async Task A_file_that_was_broken_off_goes_on_behind_what_is_safe(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var rows = string.Concat(Enumerable.Range(0, 2_500).Select(i => $"ORDER-{i:00000},KA-1,STD,A,B,,,,,,,,,,\n"));
        var bytes = Encoding.UTF8.GetBytes(Header + rows);
        var cut = Array.LastIndexOf(bytes, (byte)'\n', bytes.Length * 2 / 3) + 1;
        var header = new ImportHeader { Kind = "shipments", FileSha256 = ByteString.CopyFrom(SHA256.HashData(bytes)) };
        var broken = await Should.ThrowAsync<RpcException>(() => SendAsync(backend, header, bytes[..cut]));
        broken.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        var safe = await backend.Database.ScalarAsync("SELECT count(*) FROM custody_shipment");
        safe.ShouldBeInRange(1_000, 2_499);
        var (done, _) = await SendAsync(backend, header, bytes);
        (done.Taken, done.Unchanged, done.Lines, done.Done).ShouldBe((2_500, 0, 2_501, true));
    }

    [Theory]
    [InlineData("parcels", Header, "", "import.kind")]
    [InlineData("shipments", "", "", "import.empty")]
    [InlineData("shipments", "waybill,account\n", "", "import.columns")]
    [InlineData("shipments", Header, "zone: Mars/Olympus", "import.map")]
    [InlineData("shipments", Header, "columns: { colour: x }", "import.map")]
    [InlineData("shipments", Header, "colums: 1", "import.map")]
    public async Task What_cannot_be_taken_in_at_all_is_a_fault_with_its_reason(string kind, string content, string map, string code)
    {
        await using var backend = await BackendFixture.StartAsync(Engine.Sqlite);
        var fault = await Should.ThrowAsync<RpcException>(() => ImportAsync(backend, kind, content, map));
        fault.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        fault.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason.ShouldBe(code);
    }

    private static Task<(ImportProgress Done, List<RejectedLine> Rejects)> ImportAsync(BackendFixture backend, string kind, string csv, string map = "")
    {
        var bytes = Encoding.UTF8.GetBytes(csv);
        return SendAsync(backend, new ImportHeader { Kind = kind, FileSha256 = ByteString.CopyFrom(SHA256.HashData(bytes)), MapYaml = map }, bytes);
    }

    private static async Task<(ImportProgress Done, List<RejectedLine> Rejects)> SendAsync(BackendFixture backend, ImportHeader header, byte[] bytes)
    {
        using var call = new Shipments.ShipmentsClient(await backend.AsAdministratorAsync()).Import();
        await call.RequestStream.WriteAsync(new ImportPart { Header = header, Content = ByteString.CopyFrom(bytes) });
        await call.RequestStream.CompleteAsync();
        var (last, rejects) = (new ImportProgress(), new List<RejectedLine>());
        await foreach (var progress in call.ResponseStream.ReadAllAsync())
        {
            rejects.AddRange(progress.Rejects);
            last = progress;
        }
        return (last, rejects);
    }
}
