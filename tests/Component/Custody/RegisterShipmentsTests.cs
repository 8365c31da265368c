using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Custody;

public sealed class RegisterShipmentsTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_same_again_changes_nothing_and_other_content_is_refused_by_line(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var client = new Shipments.ShipmentsClient(await backend.AsAdministratorAsync());
        var first = await client.RegisterAsync(new RegisterShipmentsRequest { Shipments = { Line("ORDER-0001"), Line("ORDER-0002", s => s.Pieces = 2) } });
        (first.Registered, first.Unchanged, first.Refused.Count).ShouldBe((2, 0, 0));
        var second = await client.RegisterAsync(new RegisterShipmentsRequest { Shipments = { Line("ORDER-0001"), Line("order-0002", s => s.Fragile = true), Line("X"), Line("ORDER-0003") } });
        (second.Registered, second.Unchanged).ShouldBe((1, 1));
        second.Refused.Select(r => (r.Line, r.Code)).ShouldBe([(2, "shipment.differs"), (3, "waybill.unreadable")]);
        (await backend.Database.ScalarAsync("SELECT count(*) FROM custody_parcel")).ShouldBe(4);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Registering_at_the_same_time_registers_once(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var client = new Shipments.ShipmentsClient(await backend.AsAdministratorAsync());
        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            var request = new RegisterShipmentsRequest();
            request.Shipments.AddRange(Enumerable.Range(0, 200).Select(i => Line($"ORDER-{i:0000}")));
            return await client.RegisterAsync(request);
        }));
        replies.Sum(r => r.Registered).ShouldBe(200);
        replies.Sum(r => r.Unchanged).ShouldBe(1_000);
        (await backend.Database.ScalarAsync("SELECT count(*) FROM custody_parcel WHERE piece = 1 AND exceptions = 0")).ShouldBe(200);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_parcel_known_by_its_events_gets_its_shipment(Engine engine)
    {
        await using var bed = await CustodyBed.StartAsync(engine);
        await bed.AppendAsync("a", CustodyBed.Fact(1, "ORDER-0001", 10, EventKind.Scanned), CustodyBed.Fact(2, "ORDER-0002", 10, EventKind.Scanned), CustodyBed.Fact(3, "ORDER-0002-002", 11, EventKind.Scanned));
        (await bed.RegisterAsync(Line("ORDER-0001"), Line("ORDER-0002", s => s.Pieces = 2))).New.ShouldBe(2);
        var single = await bed.ParcelAsync("ORDER-0001");
        (single.Exceptions, single.Piece, single.Account, single.Events).ShouldBe((0, 1, "KA-1", 1));
        var bare = await bed.ParcelAsync("ORDER-0002");
        (bare.Exceptions, bare.Piece, bare.Account).ShouldBe((1, 0, "KA-1"));
        (await bed.ParcelAsync("ORDER-0002-002")).Exceptions.ShouldBe(0);
        await bed.AppendAsync("a", CustodyBed.Fact(4, "ORDER-0002", 20, EventKind.Scanned));
        (await bed.ParcelAsync("ORDER-0002")).Exceptions.ShouldBe(1);
    }

    [Theory]
    [OnSqlite]
    public async Task A_client_registers_for_its_own_account_only(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var client = new Shipments.ShipmentsClient(await backend.AsAsync(Roles.ClientUser));
        var reply = await client.RegisterAsync(new RegisterShipmentsRequest
        {
            Shipments = { Line("ORDER-0001", s => s.Account = BackendFixture.Account), Line("ORDER-0002", s => s.Account = BackendFixture.OtherAccount) },
        });
        reply.Registered.ShouldBe(1);
        reply.Refused.ShouldHaveSingleItem().Code.ShouldBe("account.unknown");
    }

    [Theory]
    [OnSqlite]
    public async Task More_than_a_thousand_at_once_are_refused(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var request = new RegisterShipmentsRequest();
        request.Shipments.AddRange(Enumerable.Range(0, 1_001).Select(i => Line($"ORDER-{i:0000}")));
        var fault = await Should.ThrowAsync<RpcException>(async () => await new Shipments.ShipmentsClient(await backend.AsAdministratorAsync()).RegisterAsync(request));
        fault.StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    private static ShipmentLine Line(string waybill, Action<ShipmentLine>? more = null)
    {
        var line = new ShipmentLine { Waybill = waybill, Account = "KA-1", Product = "STD", Origin = "HZ01", Destination = "SH02", DeclaredMg = 1_000_000 };
        more?.Invoke(line);
        return line;
    }
}
