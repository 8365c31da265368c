using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Kernel;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>
/// What the dispatcher and the couriers find in the morning: parcels that came in overnight for the depot's own streets, two couriers, two pickups, and the day planned. Nobody has drawn up
/// a run sheet or looked at a vehicle yet: that is the visitor's. Through the same RPCs as everybody.
/// </summary>
internal sealed class DemoDispatch(CallInvoker administrator, IReadOnlyList<DemoPerson> people, IIds ids, TimeProvider time)
{
    private const int Deliveries = 36;
    private const int Longitude = 12_015_500;
    private const int Latitude = 3_027_400;
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
    private static readonly string[] Streets = ["文三路", "古墩路", "莫干山路", "丰潭路", "学院路", "天目山路"];

    public async Task LeaveMorningAsync(CancellationToken ct)
    {
        var now = time.Now().InZone(Zone);
        var couriers = people.Where(static p => p.Role == "Courier").ToList();
        // Whenever the demonstration is started, the shift is on.
        var from = Math.Max(0, (now.Hour - 1) * 60);
        for (var i = 0; i < couriers.Count; i++) await CourierAsync(couriers[i].Id, $"沪A·{1201 + i}", from, Math.Min(24 * 60, from + 600), ct);
        await RegisterAsync(now, ct);
        await OrderAsync("HDDS-A", "PD-1", 14, 1, 700, 500, ct);
        await OrderAsync("YYSM-B", "NS-1", 5, 2, -600, 900, ct);
        var day = LocalDatePattern.Iso.Format(now.Date);
        var planned = await new Runs.RunsClient(administrator).PlanAsync(new PlanCommand { CommandId = Id(), Depot = DemoBackend.Depot, Day = day }, cancellationToken: ct);
        if (planned.Refused is { } refused) throw new InvalidOperationException($"The demonstration's day could not be planned: {refused.Message}");
    }

    private async Task CourierAsync(string courier, string vehicle, int from, int until, CancellationToken ct)
    {
        var set = await new Runs.RunsClient(administrator).SetCourierAsync(
            new SetCourierCommand
            {
                CommandId = Id(),
                Courier = new CourierSetting
                {
                    Courier = courier, Depot = DemoBackend.Depot, ShiftFrom = from, ShiftUntil = until, Vehicle = vehicle, LongitudeE5 = Longitude, LatitudeE5 = Latitude, Active = true,
                },
            },
            cancellationToken: ct);
        if (set.Refused is { } refused) throw new InvalidOperationException($"The demonstration's courier was refused: {refused.Message}");
    }

    private async Task RegisterAsync(ZonedDateTime now, CancellationToken ct)
    {
        var lines = Enumerable.Range(0, Deliveries).Select(i => Line(i, now)).ToList();
        var registered = await new Shipments.ShipmentsClient(administrator).RegisterAsync(new RegisterShipmentsRequest { CommandId = Id(), Shipments = { lines } }, cancellationToken: ct);
        if (registered.Refused.Count > 0) throw new InvalidOperationException($"The backend refused a demonstration shipment: {registered.Refused[0].Message}");
        var arrived = new RecordEventsRequest { Device = "hub-hz" };
        arrived.Events.Add(lines.Select(l => new ParcelEvent
        {
            Id = Id(), Kind = EventKind.ArrivedNode, Parcel = l.Waybill, Node = DemoBackend.Depot, OccurredAtUs = (now.ToInstant() - Duration.FromHours(3)).ToUnixMicros(),
            CapturedAtUs = (now.ToInstant() - Duration.FromHours(3)).ToUnixMicros(), To = new Party { Kind = PartyKind.Depot, Id = DemoBackend.Depot },
        }.ToByteString()));
        var recorded = await new Captures.CapturesClient(administrator).RecordAsync(arrived, cancellationToken: ct);
        if (recorded.Results.FirstOrDefault(static one => one.Result == "rejected") is { } rejected) throw new InvalidOperationException($"The backend rejected a demonstration arrival: {rejected.Message}");
    }

    // Around the depot in a spiral, every sixth insured, every fourth to be paid for.
    private static ShipmentLine Line(int i, ZonedDateTime now) => new()
    {
        Waybill = string.Create(CultureInfo.InvariantCulture, $"HZ{now.Date.ToString("yyMMdd", CultureInfo.InvariantCulture)}{i + 1:D3}"), Account = i % 6 == 2 ? "YYSM-B" : "HDDS-A", Product = "standard",
        Origin = "310115", Destination = DemoBackend.Depot, DeclaredMg = 800_000 + (i * 37_000), AcceptedAtUs = (now.ToInstant() - Duration.FromHours(20)).ToUnixMicros(),
        DeclaredValueMinor = i % 6 == 2 ? 120_000 : 0, Seal = i % 6 == 2 ? string.Create(CultureInfo.InvariantCulture, $"S-{i:D4}") : "", CodMinor = i % 4 == 1 ? 8_850 + (i * 130) : 0,
        FreightCollectMinor = i % 9 == 4 ? 800 : 0, Currency = "CNY", Fragile = i % 7 == 3,
        LongitudeE5 = Longitude + (int)((250 + (i * 45)) * Math.Cos(i * 2.4)), LatitudeE5 = Latitude + (int)((250 + (i * 45)) * Math.Sin(i * 2.4)),
        Personal = new PersonalDetails
        {
            SenderName = "张三", SenderPhone = "13812345678", ConsigneeName = "欧阳明", ConsigneePhone = "13900001234",
            ConsigneeAddress = string.Create(CultureInfo.InvariantCulture, $"{Streets[i % Streets.Length]}{90 + i}号{(i % 5) + 1}幢"),
        },
    };

    private async Task OrderAsync(string account, string site, int parcels, int inHours, int east, int north, CancellationToken ct)
    {
        var now = time.Now();
        var reply = await new PickupOrders.PickupOrdersClient(administrator).OrderAsync(
            new OrderPickupCommand
            {
                CommandId = Id(),
                Order = new PickupOrder
                {
                    Account = account, Site = site, Depot = DemoBackend.Depot, Parcels = parcels, FromUs = (now + Duration.FromHours(inHours)).ToUnixMicros(), UntilUs = (now + Duration.FromHours(inHours + 2)).ToUnixMicros(),
                    LongitudeE5 = Longitude + east, LatitudeE5 = Latitude + north,
                },
            },
            cancellationToken: ct);
        // On a Sunday or after the cut-off the contract says no, as it would to everybody: then there is one pickup less.
        if (reply.Refused is { Code: not ("not_a_working_day" or "after_cut_off") } refused)
            throw new InvalidOperationException($"The demonstration's pickup was refused: {refused.Code}, {refused.Message}");
    }

    private ByteString Id() => ByteString.CopyFrom(ids.New().ToByteArray(bigEndian: true));
}
