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
/// A courier's depot at nine in the morning under the three demonstration contracts: thirty stops of one run, on a sheet that both have signed. Some are to be paid for, some insured, with code,
/// photo and weighing as their contract has it; two are pickups. The phone reaches it over a line that can be cut.
/// </summary>
internal sealed class CourierDepot : IAsyncDisposable
{
    internal const int Deliveries = 28;
    internal const string Vehicle = "沪A·12345";
    private const int Longitude = 12_147_000;
    private const int Latitude = 3_123_000;
    private static readonly string Pages = Path.Combine(DemoProgram.Root, "artifacts", "kal", "wwwroot");
    private readonly List<ShipmentLine> _lines = [];

    private CourierDepot(BackendFixture backend) => (Backend, Line) = (backend, new TcpRelay(backend.Pages));

    internal BackendFixture Backend { get; }

    internal TcpRelay Line { get; }

    internal string Courier => Backend.People["Courier"];

    internal string Sheet { get; private set; } = "";

    internal static string CodeOf(int index) => FormattableString.Invariant($"ROUND-{index + 1:D3}");

    internal static async Task<CourierDepot> StartAsync()
    {
        if (!Directory.Exists(Pages)) throw new DirectoryNotFoundException($"{Pages} is not built. Run: bash deploy/build.sh");
        var time = new ShiftedTime();
        var shanghai = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
        // A day on which the contracts' clients work.
        var nine = WorkingCalendar.China.AddWorkingDays(time.Now().InZone(shanghai).Date, 1).Date.At(new LocalTime(9, 0)).InZoneLeniently(shanghai).ToInstant();
        time.Advance((nine - time.Now()).ToTimeSpan());
        var depot = new CourierDepot(await BackendFixture.StartAsync(Engine.Sqlite, options => options with { WebRoot = Pages }, time: time));
        await depot.Backend.SignDemoContractsAsync();
        (await (await depot.RunsAsync()).SetCourierAsync(new SetCourierCommand
        {
            CommandId = BackendFixture.NewCommandId(),
            Courier = new CourierSetting
            {
                Courier = depot.Courier, Depot = BackendFixture.Depot, ShiftFrom = 8 * 60, ShiftUntil = 20 * 60, Vehicle = Vehicle, LongitudeE5 = Longitude, LatitudeE5 = Latitude, Active = true,
            },
        })).Refused.ShouldBeNull();
        await depot.RegisterAsync();
        await depot.OrderAsync("HDDS-A", "仓库", 12);
        await depot.OrderAsync("YYSM-B", "前台", 3);
        return depot;
    }

    private async Task<Runs.RunsClient> RunsAsync() => new(await Backend.AsAsync("StationHead"));

    /// <summary>Plans the day, draws the sheet and hands the parcels over; the vehicle must have been checked.</summary>
    internal async Task SendOutAsync()
    {
        var day = Backend.Time.Now().InZone(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).Date.ToString("uuuu-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var planned = await (await RunsAsync()).PlanAsync(new PlanCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Day = day });
        planned.Day.ShouldNotBeNull(planned.ToString());
        planned.Day.Unassigned.ShouldBeEmpty();
        var sheets = new RunSheets.RunSheetsClient(await Backend.AsAsync("StationHead"));
        var drawn = await sheets.DrawUpAsync(new DrawUpSheetCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Day = day, Courier = Courier });
        drawn.Sheet.ShouldNotBeNull(drawn.ToString());
        Sheet = drawn.Sheet.Number;
        var released = await sheets.ReleaseAsync(new ReleaseSheetCommand { CommandId = BackendFixture.NewCommandId(), Number = Sheet, Handover = await HandOverAsync(drawn.Sheet) });
        released.Sheet.ShouldNotBeNull(released.ToString());
    }

    private async Task<string> HandOverAsync(SheetView sheet)
    {
        var handovers = new Handovers.HandoversClient(await Backend.AsAsync("DepotClerk"));
        var parcels = sheet.Insured.Concat(sheet.Ordinary).ToList();
        var opened = Good(await handovers.OpenAsync(new OpenHandoverCommand
        {
            CommandId = BackendFixture.NewCommandId(), RunSheet = sheet.Number,
            Opened = new HandoverOpened
            {
                Kind = HandoverKind.DepotToCourier, Giver = new Party { Kind = PartyKind.Depot, Id = BackendFixture.Depot }, Receiver = new Party { Kind = PartyKind.Courier, Id = Courier }, Place = BackendFixture.Depot,
                Expected = { parcels.Select(p => new ExpectedParcel { Parcel = p.Parcel }) },
            },
        }));
        // What is insured is weighed again at the handover (SEED-03-INSURED).
        await AppendAsync([.. sheet.Insured.Select(p => Weighed(p.Parcel, 1_000_000))]);
        foreach (var parcel in parcels)
        {
            Good(await handovers.CheckLineAsync(new CheckLineCommand
            {
                CommandId = BackendFixture.NewCommandId(), Handover = opened.Id, Parcel = parcel.Parcel,
                Line = new HandoverLine
                {
                    Result = LineResult.Accepted, PackagingOk = true, TouchOk = true, Reweighed = parcel.Insured, SealFound = parcel.Seal, CodMinor = parcel.CodMinor,
                    FreightCollectMinor = parcel.FreightCollectMinor, Currency = parcel.Currency,
                },
            }));
        }
        var counted = Good(await handovers.CountAsync(new CountHandoverCommand { CommandId = BackendFixture.NewCommandId(), Handover = opened.Id }));
        foreach (var (side, role) in new[] { (Side.Giver, "DepotClerk"), (Side.Receiver, "Courier") })
        {
            Good(await handovers.ConfirmAsync(new ConfirmHandoverCommand
            {
                CommandId = BackendFixture.NewCommandId(), Handover = opened.Id, NameOrBadge = BackendFixture.NameOf(role), Pin = BackendFixture.Pin,
                Confirmation = new HandoverConfirmation { Side = side, Method = ConfirmationMethod.Pin, Totals = counted.Totals },
            }));
        }
        return opened.Id;
    }

    private static Handover Good(HandoverReply reply)
    {
        reply.Refused.ShouldBeNull(reply.ToString());
        return reply.Handover;
    }

    internal async Task<string> DeliveryCodeAsync(string parcel) =>
        (await new Doors.DoorsClient(await Backend.AsAsync("StationHead")).RevealCodeAsync(new RevealCodeRequest { Parcel = parcel, Reason = "sent to the consignee" })).Code;

    internal async Task InterceptAsync(string parcel) => (await new Doors.DoorsClient(await Backend.AsAsync("CustomerService")).InterceptAsync(new InterceptCommand
    {
        CommandId = BackendFixture.NewCommandId(), Parcel = parcel, Action = "return", Reason = "the sender wants it back",
    })).Outcome.ShouldBe("ordered");

    // Around the depot in a spiral. Every seventh is insured, every fourth to be paid for.
    private async Task RegisterAsync()
    {
        var accepted = (Backend.Time.Now() - Duration.FromHours(20)).ToUnixMicros();
        string[] streets = ["文三路", "古墩路", "莫干山路", "丰潭路"];
        _lines.AddRange(Enumerable.Range(0, Deliveries).Select(i => new ShipmentLine
        {
            Waybill = CodeOf(i), Account = i % 7 == 3 ? "YYSM-B" : "HDDS-A", Product = "standard", Origin = "330106", Destination = BackendFixture.Depot, DeclaredMg = 1_000_000, AcceptedAtUs = accepted,
            DeclaredValueMinor = i % 7 == 3 ? 120_000 : 0, CodMinor = i % 4 == 1 ? 12_050 : 0, FreightCollectMinor = i % 8 == 5 ? 800 : 0, Currency = "CNY", Fragile = i % 9 == 4, Seal = i % 7 == 3 ? FormattableString.Invariant($"SEAL-{i:D4}") : "",
            LongitudeE5 = Longitude + (int)((300 + (i * 60)) * Math.Cos(i * 2.4)), LatitudeE5 = Latitude + (int)((300 + (i * 60)) * Math.Sin(i * 2.4)),
            Personal = new PersonalDetails { ConsigneeName = "欧阳某某", ConsigneePhone = "13812345678", ConsigneeAddress = FormattableString.Invariant($"{streets[i % 4]}{90 + i}号{(i % 5) + 1}幢") },
        }));
        var registered = await new Shipments.ShipmentsClient(await Backend.AsAdministratorAsync()).RegisterAsync(new RegisterShipmentsRequest { Shipments = { _lines } });
        registered.Registered.ShouldBe(Deliveries, registered.ToString());
        await AppendAsync([.. _lines.Select(l => new ParcelEvent
        {
            Id = BackendFixture.NewCommandId(), Kind = EventKind.ArrivedNode, Parcel = l.Waybill, Node = BackendFixture.Depot, CapturedAtUs = Backend.Time.Now().ToUnixMicros(),
            To = new Party { Kind = PartyKind.Depot, Id = BackendFixture.Depot },
        })]);
    }

    private ParcelEvent Weighed(string parcel, long massMg) => new()
    {
        Id = BackendFixture.NewCommandId(), Kind = EventKind.Weighed, Parcel = parcel, Node = BackendFixture.Depot, CapturedAtUs = Backend.Time.Now().ToUnixMicros(),
        OccurredAtUs = Backend.Time.Now().ToUnixMicros(), Weight = new Weight { MassMg = massMg, Purpose = WeightPurpose.Reweigh,
            Scale = new Scale { Device = "SCALE-S1", Serial = "B123", AccuracyClass = "III", IntervalMg = 10_000, CapacityMg = 30_000_000, MinimumMg = 200_000, VerifiedUntilDay = 40_000 },
        },
    };

    private async Task AppendAsync(ParcelEvent[] facts)
    {
        var appended = await Backend.Services.GetRequiredService<IJournal>().AppendAsync(new AppendBatch
        {
            Source = JournalSource.Import("courier-pages"), Bodies = [.. facts.Select(static f => (ReadOnlyMemory<byte>)f.ToByteArray())], Clock = BatchClock.History, ReceivedAt = Backend.Time.Now(),
        });
        appended.Value.Rejected.ShouldBeEmpty();
    }

    private async Task OrderAsync(string account, string site, int parcels)
    {
        var now = Backend.Time.Now();
        var reply = await new PickupOrders.PickupOrdersClient(await Backend.AsAsync("DepotClerk")).OrderAsync(new OrderPickupCommand
        {
            CommandId = BackendFixture.NewCommandId(),
            Order = new PickupOrder
            {
                Account = account, Site = site, Depot = BackendFixture.Depot, Parcels = parcels, FromUs = (now + Duration.FromHours(2)).ToUnixMicros(), UntilUs = (now + Duration.FromHours(6)).ToUnixMicros(),
                LongitudeE5 = Longitude + 500, LatitudeE5 = Latitude - 700,
            },
        });
        reply.Refused.ShouldBeNull(reply.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await Line.DisposeAsync();
        await Backend.DisposeAsync();
    }
}
