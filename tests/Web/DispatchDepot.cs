using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Web;

/// <summary>
/// A depot in the morning: two couriers, neither of whom could take it all, thirty deliveries that are there, and three pickups, of which one fits no vehicle and one is too far away to be in time.
/// </summary>
internal sealed class DispatchDepot : IAsyncDisposable
{
    internal const string SecondCourier = "c-2";
    internal const int Deliveries = 30;
    private const int Longitude = 12_147_000;
    private const int Latitude = 3_123_000;
    private static readonly string Pages = Path.Combine(DemoProgram.Root, "artifacts", "kal", "wwwroot");

    private DispatchDepot(BackendFixture backend) => Backend = backend;

    internal BackendFixture Backend { get; }

    internal string FirstCourier => Backend.People["Courier"];

    /// <summary>Of the order that fits no vehicle.</summary>
    internal string TooLarge { get; private set; } = "";

    /// <summary>Of the order that nobody reaches in time.</summary>
    internal string TooFar { get; private set; } = "";

    internal static async Task<DispatchDepot> StartAsync()
    {
        if (!Directory.Exists(Pages)) throw new DirectoryNotFoundException($"{Pages} is not built. Run: bash deploy/build.sh");
        var time = new ShiftedTime();
        var shanghai = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
        var morning = time.Now().InZone(shanghai).Date.PlusDays(1).At(new LocalTime(8, 40)).InZoneLeniently(shanghai).ToInstant();
        time.Advance((morning - time.Now()).ToTimeSpan());
        var depot = new DispatchDepot(await BackendFixture.StartAsync(
            Engine.Sqlite, options => (options with { WebRoot = Pages }).WithAnyTerms(BackendFixture.Account), time: time));
        await depot.SetCourierAsync(depot.FirstCourier, "沪A·12345");
        await depot.SetCourierAsync(SecondCourier, "E-BIKE-8");
        await depot.RegisterAsync();
        await depot.OrderAsync("S1", 12, TimeSpan.FromHours(1), TimeSpan.FromHours(3), 500, 900);
        depot.TooLarge = await depot.OrderAsync("S2", 300, TimeSpan.FromHours(2), TimeSpan.FromHours(4), -1_200, 600);
        depot.TooFar = await depot.OrderAsync("S3", 4, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(40), 9_000, 9_000);
        return depot;
    }

    private async Task SetCourierAsync(string courier, string vehicle) => (await new Runs.RunsClient(await Backend.AsAsync("StationHead")).SetCourierAsync(new SetCourierCommand
    {
        CommandId = BackendFixture.NewCommandId(),
        Courier = new CourierSetting { Courier = courier, Depot = BackendFixture.Depot, ShiftFrom = 8 * 60, ShiftUntil = 20 * 60, Vehicle = vehicle, LongitudeE5 = Longitude, LatitudeE5 = Latitude, PointsMax = 300, Active = true },
    })).Refused.ShouldBeNull();

    // Around the depot in a spiral: every door in another direction, the same on every machine.
    private async Task RegisterAsync()
    {
        var lines = Enumerable.Range(0, Deliveries).Select(i => new ShipmentLine
        {
            Waybill = $"ORDER-2610{i + 1:D3}", Account = BackendFixture.Account, Product = "STD", Origin = "PEK02", Destination = BackendFixture.Depot, DeclaredMg = 1_000_000,
            CodMinor = i % 6 == 0 ? 12_050 : 0, Currency = i % 6 == 0 ? "CNY" : "",
            LongitudeE5 = Longitude + (int)((400 + (i * 110)) * Math.Cos(i * 2.4)), LatitudeE5 = Latitude + (int)((400 + (i * 110)) * Math.Sin(i * 2.4)),
            Personal = new PersonalDetails { ConsigneeName = "欧阳某某", ConsigneePhone = "13812345678", ConsigneeAddress = "文三路90号3幢2单元501室" },
        }).ToList();
        var registered = await new Shipments.ShipmentsClient(await Backend.AsAdministratorAsync()).RegisterAsync(new RegisterShipmentsRequest { Shipments = { lines } });
        registered.Registered.ShouldBe(Deliveries, registered.ToString());
        var there = await Backend.Services.GetRequiredService<IJournal>().AppendAsync(new AppendBatch
        {
            Source = JournalSource.Import("dispatch-pages"), Bodies = [.. lines.Select(l => (ReadOnlyMemory<byte>)Arrived(l.Waybill).ToByteArray())], Clock = BatchClock.History, ReceivedAt = Backend.Time.Now(),
        });
        there.Value.Rejected.ShouldBeEmpty();
    }

    private ParcelEvent Arrived(string parcel) => new()
    {
        Id = BackendFixture.NewCommandId(), Kind = EventKind.ArrivedNode, Parcel = parcel, Node = BackendFixture.Depot, CapturedAtUs = Backend.Time.Now().ToUnixMicros(),
        To = new Party { Kind = PartyKind.Depot, Id = BackendFixture.Depot },
    };

    private async Task<string> OrderAsync(string site, int parcels, TimeSpan from, TimeSpan until, int east, int north)
    {
        var now = Backend.Time.Now();
        var reply = await new PickupOrders.PickupOrdersClient(await Backend.AsAsync("ClientUser")).OrderAsync(new OrderPickupCommand
        {
            CommandId = BackendFixture.NewCommandId(),
            Order = new PickupOrder
            {
                Account = BackendFixture.Account, Site = site, Depot = BackendFixture.Depot, Parcels = parcels, FromUs = (now + Duration.FromTimeSpan(from)).ToUnixMicros(),
                UntilUs = (now + Duration.FromTimeSpan(until)).ToUnixMicros(), LongitudeE5 = Longitude + east, LatitudeE5 = Latitude + north,
            },
        });
        reply.Refused.ShouldBeNull(reply.ToString());
        return reply.Order.Id;
    }

    public ValueTask DisposeAsync() => Backend.DisposeAsync();
}
