using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Component.Custody;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Component.Dispatch;

/// <summary>A depot at nine in the morning, with a courier and his phone.</summary>
internal sealed class DispatchBed : IAsyncDisposable
{
    private const string Vehicle = "E-BIKE-7";
    private static readonly ByteString Picture = ByteString.CopyFrom(new byte[32]);
    private readonly ByteString _boot = BackendFixture.NewCommandId();
    private readonly ByteString _journal = BackendFixture.NewCommandId();
    private int _sequence;

    private DispatchBed(BackendFixture backend) => Backend = backend;

    internal BackendFixture Backend { get; }

    internal string Courier => Backend.People[Roles.Courier];

    internal List<string> Couriers { get; } = [];

    internal static async Task<DispatchBed> StartAsync(Engine engine, bool second = false, AccountTerms? terms = null)
    {
        var time = new ShiftedTime();
        var nine = time.Now().InZone(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).Date.PlusDays(1).At(new LocalTime(9, 0)).InZoneLeniently(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).ToInstant();
        time.Advance((nine - time.Now()).ToTimeSpan());
        var bed = new DispatchBed(await BackendFixture.StartAsync(
            engine, options => options with { AddMore = services => services.AddTerms(terms ?? PickupOrderTests.TermsOf(BackendFixture.Account)) }, time: time));
        await bed.SetCourierAsync(bed.Courier, Vehicle);
        // The contact that puts the phone's counter right: before it, nothing it tells can be said to be of today.
        await bed.SyncAsync();
        if (second) await bed.SetCourierAsync("c-2", "E-BIKE-8");
        return bed;
    }

    internal async Task<Runs.RunsClient> RunsAsync() => new(await Backend.AsAsync(Roles.StationHead));

    internal async Task<RunSheets.RunSheetsClient> SheetsAsync() => new(await Backend.AsAsync(Roles.StationHead));

    private async Task SetCourierAsync(string courier, string vehicle)
    {
        var set = await (await RunsAsync()).SetCourierAsync(new SetCourierCommand
        {
            CommandId = BackendFixture.NewCommandId(),
            Courier = new CourierSetting { Courier = courier, Depot = BackendFixture.Depot, ShiftFrom = 8 * 60, ShiftUntil = 20 * 60, Vehicle = vehicle, LongitudeE5 = 12_147_000, LatitudeE5 = 3_123_000, Active = true },
        });
        set.Courier.ParcelsMax.ShouldBe(200);
        Couriers.Add(courier);
    }

    /// <summary>Registers parcels for this depot, so many hundredths of a degree to the north, and brings them into it.</summary>
    internal async Task RegisterAsync(params (string Waybill, long Cod, int North)[] parcels)
    {
        var request = new RegisterShipmentsRequest();
        request.Shipments.AddRange(parcels.Select(p => new ShipmentLine
        {
            Waybill = p.Waybill, Account = BackendFixture.Account, Product = "STD", Origin = "PEK02", Destination = BackendFixture.Depot, DeclaredMg = 1_000_000, CodMinor = p.Cod, Currency = p.Cod > 0 ? "CNY" : "",
            LongitudeE5 = 12_147_000, LatitudeE5 = 3_123_000 + p.North,
            Personal = new PersonalDetails { ConsigneeName = "欧阳某某", ConsigneePhone = "13812345678", ConsigneeAddress = "文三路90号3幢2单元501室" },
        }));
        (await new Shipments.ShipmentsClient(await Backend.AsAdministratorAsync()).RegisterAsync(request)).Registered.ShouldBe(parcels.Length);
        await AppendAsync([.. parcels.Select(p => new ParcelEvent
        {
            Id = BackendFixture.NewCommandId(), Kind = EventKind.ArrivedNode, Parcel = p.Waybill, Node = BackendFixture.Depot, CapturedAtUs = Backend.Time.Now().ToUnixMicros(),
            To = new Party { Kind = PartyKind.Depot, Id = BackendFixture.Depot },
        })]);
    }

    /// <summary>A parcel of any account in any depot's hands.</summary>
    internal async Task RegisterAtAsync(string depot, string account, string waybill)
    {
        var line = new ShipmentLine { Waybill = waybill, Account = account, Product = "STD", Origin = "PEK02", Destination = depot, DeclaredMg = 1_000_000 };
        (await new Shipments.ShipmentsClient(await Backend.AsAdministratorAsync()).RegisterAsync(new RegisterShipmentsRequest { Shipments = { line } })).Registered.ShouldBe(1);
        await AppendAsync(new ParcelEvent
        {
            Id = BackendFixture.NewCommandId(), Kind = EventKind.ArrivedNode, Parcel = waybill, Node = depot, CapturedAtUs = Backend.Time.Now().ToUnixMicros(), To = new Party { Kind = PartyKind.Depot, Id = depot },
        });
    }

    internal async Task<string> OrderAsync()
    {
        var now = Backend.Time.Now();
        var reply = await new PickupOrders.PickupOrdersClient(await Backend.AsAsync(Roles.ClientUser)).OrderAsync(new OrderPickupCommand
        {
            CommandId = BackendFixture.NewCommandId(),
            Order = new PickupOrder
            {
                Account = BackendFixture.Account, Site = "S1", Depot = BackendFixture.Depot, Parcels = 10, FromUs = (now + Duration.FromHours(1)).ToUnixMicros(), UntilUs = (now + Duration.FromHours(3)).ToUnixMicros(),
                LongitudeE5 = 12_147_500, LatitudeE5 = 3_123_500,
            },
        });
        reply.Refused.ShouldBeNull(reply.ToString());
        return reply.Order.Id;
    }

    internal Task BackAsync(string parcel) => AppendAsync(new ParcelEvent
    {
        Id = BackendFixture.NewCommandId(), Kind = EventKind.ReturnedToCustody, Parcel = parcel, Node = BackendFixture.Depot, CapturedAtUs = Backend.Time.Now().ToUnixMicros(),
        From = new Party { Kind = PartyKind.Courier, Id = Courier }, To = new Party { Kind = PartyKind.Depot, Id = BackendFixture.Depot },
    });

    internal async Task<string> HandOverAsync(string sheet, bool sign, params string[] parcels)
    {
        var handovers = new Handovers.HandoversClient(await Backend.AsAsync(Roles.DepotClerk));
        var opened = Good(await handovers.OpenAsync(new OpenHandoverCommand
        {
            CommandId = BackendFixture.NewCommandId(), RunSheet = sheet,
            Opened = new HandoverOpened
            {
                Kind = HandoverKind.DepotToCourier, Giver = new Party { Kind = PartyKind.Depot, Id = BackendFixture.Depot }, Receiver = new Party { Kind = PartyKind.Courier, Id = Courier }, Place = BackendFixture.Depot,
                Expected = { parcels.Select(p => new ExpectedParcel { Parcel = p }) },
            },
        }));
        if (!sign) return opened.Id;
        foreach (var parcel in parcels)
        {
            var cod = opened.Lines.Single(l => l.Expected?.Parcel == parcel).Expected;
            Good(await handovers.CheckLineAsync(new CheckLineCommand
            {
                CommandId = BackendFixture.NewCommandId(), Handover = opened.Id, Parcel = parcel,
                Line = new HandoverLine { Result = LineResult.Accepted, PackagingOk = true, TouchOk = true, CodMinor = cod.CodMinor, FreightCollectMinor = cod.FreightCollectMinor, Currency = cod.Currency },
            }));
        }
        var counted = Good(await handovers.CountAsync(new CountHandoverCommand { CommandId = BackendFixture.NewCommandId(), Handover = opened.Id }));
        foreach (var (side, name) in new[] { (Side.Giver, BackendFixture.NameOf(Roles.DepotClerk)), (Side.Receiver, BackendFixture.NameOf(Roles.Courier)) })
        {
            Good(await handovers.ConfirmAsync(new ConfirmHandoverCommand
            {
                CommandId = BackendFixture.NewCommandId(), Handover = opened.Id, NameOrBadge = name, Pin = BackendFixture.Pin,
                Confirmation = new HandoverConfirmation { Side = side, Method = ConfirmationMethod.Pin, Totals = counted.Totals },
            }));
        }
        return opened.Id;
    }

    internal async Task AbandonAsync(string handover) => await new Handovers.HandoversClient(await Backend.AsAsync(Roles.DepotClerk)).AbandonAsync(new AbandonHandoverCommand
    {
        CommandId = BackendFixture.NewCommandId(), Handover = handover, Reason = "not_agreed",
    });

    internal async Task<MyDayReply> MyDayAsync() => await new Courier.CourierClient(await Backend.AsAsync(Roles.Courier)).MyDayAsync(new MyDayRequest());

    internal async Task<SyncReply> SyncAsync(params ParcelEvent[] facts)
    {
        var request = new SyncRequest { Device = "phone-1", Boot = _boot, MonotonicUs = Counter, Journal = _journal, FirstSequence = _sequence + 1, Events = { facts.Select(f => f.ToByteString()) } };
        _sequence += facts.Length;
        var client = new Courier.CourierClient(await Backend.AsAsync(Roles.Courier));
        var reply = await client.SyncAsync(request);
        return reply;
    }

    private long Counter => Backend.Time.GetTimestamp() / (Backend.Time.TimestampFrequency / 1_000_000);

    internal ParcelEvent Fact(int id, EventKind kind, string parcel) => new()
    {
        Id = ByteString.CopyFrom(Uuid.Bytes(NamedId.From("run-day", id.ToString(System.Globalization.CultureInfo.InvariantCulture)))), Kind = kind, Parcel = parcel, Actor = Courier, Node = BackendFixture.Depot,
        MonotonicUs = Counter, CapturedAtUs = Backend.Time.Now().ToUnixMicros(),
    };

    internal ParcelEvent Delivered(int id, string parcel)
    {
        var e = Fact(id, EventKind.Delivered, parcel);
        e.Proof = new DeliveryProof { To = HandedTo.Consignee, InspectionOffered = true, SignatureSha256 = Picture };
        return e;
    }

    internal ParcelEvent Checked(int id, bool batteryIsGood)
    {
        var e = Fact(id + 100, EventKind.VehicleChecked, "");
        e.Reference = Vehicle;
        e.Checklist = new Checklist { Id = "vehicle" };
        foreach (var group in new[] { "tyres", "running", "battery", "tools" }) e.Checklist.Items.Add(new ChecklistItem { Id = group, Passed = batteryIsGood || group != "battery" });
        return e;
    }

    private static Handover Good(HandoverReply reply)
    {
        reply.Refused.ShouldBeNull(reply.ToString());
        return reply.Handover;
    }

    /// <summary>As another system of the carrier's has told it.</summary>
    internal async Task AppendAsync(params ParcelEvent[] facts)
    {
        var appended = await Backend.Services.GetRequiredService<IJournal>().AppendAsync(new AppendBatch
        {
            Source = JournalSource.Import("run-day"), Bodies = [.. facts.Select(static f => (ReadOnlyMemory<byte>)f.ToByteArray())], Clock = BatchClock.History, ReceivedAt = Backend.Time.Now(),
        });
        appended.Value.Rejected.ShouldBeEmpty();
    }

    public ValueTask DisposeAsync() => Backend.DisposeAsync();
}
