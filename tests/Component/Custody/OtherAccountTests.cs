using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Google.Protobuf;

namespace KeyAccountLogistics.Component.Custody;

/// <summary>Somebody names a waybill of another account: the same answer as for one that does not exist, and nothing changes (law 11).</summary>
public sealed class OtherAccountTests
{
    private const string Own = "ORDER-OWN";
    private const string Others = "ORDER-OTHERS";
    private const string Nobodys = "ORDER-NOBODYS";

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Another_accounts_waybill_is_answered_like_one_that_does_not_exist(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        await RegisterAsync(backend);
        var parcels = new Parcels.ParcelsClient(await backend.AsAsync(Roles.ClientUser));
        (await parcels.GetAsync(new GetParcelRequest { Code = Own })).Summary.Parcel.ShouldBe(Own);
        (await parcels.FindAsync(new FindParcelsRequest())).Parcels.Select(p => p.Parcel).ShouldBe([Own]);

        var (others, nobodys) = (await RefusalAsync(Others), await RefusalAsync(Nobodys));
        others.StatusCode.ShouldBe(StatusCode.NotFound);
        others.Detail.Replace(Others, "X", StringComparison.Ordinal).ShouldBe(nobodys.Detail.Replace(Nobodys, "X", StringComparison.Ordinal));
        others.Detail.ShouldContain("account");

        async Task<Status> RefusalAsync(string waybill) => (await Should.ThrowAsync<RpcException>(async () => await parcels.GetAsync(new GetParcelRequest { Code = waybill }))).Status;
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_clients_system_cannot_record_anything_about_another_accounts_waybill_and_its_own_goes_in(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        await RegisterAsync(backend);
        var key = await new ApiKeys.ApiKeysClient(await backend.AsAdministratorAsync()).CreateAsync(new CreateApiKeyRequest
        {
            CommandId = BackendFixture.NewCommandId(), Name = "the client's warehouse", Accounts = { BackendFixture.Account }, Permissions = { Permission.EventRecord, Permission.ParcelRead },
        });
        var captures = new Captures.CapturesClient(backend.With(key.Secret));
        var request = new RecordEventsRequest { Device = "dock-1" };
        foreach (var (waybill, n) in new[] { (Own, 1), (Others, 2), (Nobodys, 3) }) request.Events.Add(CustodyBed.Fact(n, waybill, n, EventKind.Scanned).ToByteString());
        var results = (await captures.RecordAsync(request)).Results;
        results.Select(r => (r.Result, r.Code)).ShouldBe([("recorded", ""), ("rejected", "parcel.unknown"), ("rejected", "parcel.unknown")]);
        (await backend.Database.ScalarAsync("SELECT COUNT(*) FROM journal_event")).ShouldBe(1);
        (await backend.Database.ScalarAsync($"SELECT events FROM custody_parcel WHERE code = '{Others}'")).ShouldBe(0);
    }

    private static async Task RegisterAsync(BackendFixture backend)
    {
        var reply = await new Shipments.ShipmentsClient(await backend.AsAdministratorAsync()).RegisterAsync(new RegisterShipmentsRequest
        {
            Shipments = { Line(Own, BackendFixture.Account), Line(Others, BackendFixture.OtherAccount) },
        });
        reply.Registered.ShouldBe(2);
    }

    private static ShipmentLine Line(string waybill, string account) =>
        new() { Waybill = waybill, Account = account, Product = "STD", Origin = BackendFixture.Depot, Destination = "PEK02", DeclaredMg = 1_000_000 };
}
