using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Component.Custody;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Component.Dispatch;

/// <summary>A depot's day by RPC: planned, changed, explained; a run sheet that two sign, goes out and is closed; and every refusal on the way.</summary>
public sealed class RunDayTests
{
    private const string Vehicle = "E-BIKE-7";
    private static readonly ByteString Picture = ByteString.CopyFrom(new byte[32]);

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_day_is_planned_changed_and_explained_and_a_depot_does_not_plan_anothers(Engine engine)
    {
        await using var bed = await Bed.StartAsync(engine, second: true);
        await bed.RegisterAsync(("ORDER-P1", 0, 100), ("ORDER-P2", 5_000, 200), ("ORDER-P3", 0, 300), ("ORDER-P4", 0, 400));
        await bed.OrderAsync();
        var runs = await bed.RunsAsync();
        (await runs.GetDayAsync(new GetDayRequest { Depot = BackendFixture.Depot })).ShouldSatisfyAllConditions(
            d => d.Unassigned.Select(u => u.Why).ShouldAllBe(w => w == "not_planned"), d => d.Unassigned.Count.ShouldBe(5), d => d.PlannedUs.ShouldBe(0));
        var plan = new PlanCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot };
        var planned = (await runs.PlanAsync(plan)).Day;
        planned.Unassigned.ShouldBeEmpty(planned.ToString());
        planned.Runs.SelectMany(r => r.Visits).Select(v => v.Stop).Order(StringComparer.Ordinal).ShouldBe(planned.Stops.Select(s => s.Stop).Order(StringComparer.Ordinal));
        planned.Stops.Single(s => s.Kind == "pickup").ShouldSatisfyAllConditions(s => s.Count.ShouldBe(10), s => s.UntilUs.ShouldBeGreaterThan(s.FromUs));
        planned.Stops.Single(s => s.Stop == "ORDER-P2").ShouldSatisfyAllConditions(s => s.CodMinor.ShouldBe(5_000), s => s.Placed.ShouldBeTrue(), s => s.Currency.ShouldBe("CNY"));
        (await runs.PlanAsync(plan)).Day.ShouldBe(planned, "the same command, the same answer");

        // A stop dragged to the other courier: what it costs is told before, and is what it then costs.
        var from = planned.Runs.First(r => r.Visits.Any(v => v.Stop == "ORDER-P1")).Courier;
        var to = bed.Couriers.Single(c => c != from);
        var preview = await runs.PreviewMoveAsync(new PreviewMoveRequest { Depot = BackendFixture.Depot, Stop = "ORDER-P1", Courier = to, Position = -1 });
        var moved = (await runs.MoveAsync(new MoveStopCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Stop = "ORDER-P1", Courier = to, Position = preview.Places[0].Position })).Day;
        var (before, after) = (planned.Runs.Single(r => r.Courier == to), moved.Runs.Single(r => r.Courier == to));
        after.Visits[preview.Places[0].Position].Stop.ShouldBe("ORDER-P1");
        (after.Metres - before.Metres).ShouldBe(preview.Places[0].Metres);
        (await runs.ExplainAsync(new ExplainStopRequest { Depot = BackendFixture.Depot, Stop = "ORDER-P1" })).ShouldSatisfyAllConditions(
            e => e.Courier.ShouldBe(to), e => e.En.ShouldContain("because"), e => e.Zh.ShouldContain("因为"));
        (await runs.MoveAsync(new MoveStopCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Stop = "NOTHING", Courier = to })).Refused.Code.ShouldBe("stop_unknown");

        // Somebody is ill: the others take what he had, and what they had stays theirs.
        var ill = (await runs.SetAbsentAsync(new SetAbsentCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Courier = to, Absent = true })).Day;
        ill.Runs.Single(r => r.Courier == to).ShouldSatisfyAllConditions(r => r.Absent.ShouldBeTrue(), r => r.Visits.ShouldBeEmpty());
        ill.Runs.Single(r => r.Courier == from).Visits.Count.ShouldBe(5);
        (await runs.ReplanAsync(new PlanCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot })).Day.Unassigned.ShouldBeEmpty();

        (await StatusAsync(async () => await runs.PlanAsync(new PlanCommand { CommandId = BackendFixture.NewCommandId(), Depot = "PEK02" }))).ShouldBe(StatusCode.PermissionDenied);
        (await StatusAsync(async () => await runs.GetDayAsync(new GetDayRequest { Depot = "PEK02" }))).ShouldBe(StatusCode.PermissionDenied);
        (await StatusAsync(async () => await new Runs.RunsClient(await bed.Backend.AsAsync(Roles.Courier)).GetDayAsync(new GetDayRequest { Depot = BackendFixture.Depot }))).ShouldBe(StatusCode.PermissionDenied);
        (await StatusAsync(async () => await runs.GetDayAsync(new GetDayRequest { Depot = BackendFixture.Depot, Day = "tomorrow" }))).ShouldBe(StatusCode.InvalidArgument);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_run_sheet_goes_out_when_vehicle_counts_and_money_agree_and_closes_when_everything_is_accounted_for(Engine engine)
    {
        await using var bed = await Bed.StartAsync(engine);
        await bed.RegisterAsync(("ORDER-P1", 0, 100), ("ORDER-P2", 5_000, 200), ("ORDER-P3", 0, 300));
        await (await bed.RunsAsync()).PlanAsync(new PlanCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot });
        var sheets = await bed.SheetsAsync();
        async Task<SheetReply> DrawAsync(params string[] parcels) => await sheets.DrawUpAsync(new DrawUpSheetCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Courier = bed.Courier, Parcels = { parcels } });
        async Task<SheetReply> ReleaseAsync(string number, string handover) => await sheets.ReleaseAsync(new ReleaseSheetCommand { CommandId = BackendFixture.NewCommandId(), Number = number, Handover = handover });
        var drawn = (await DrawAsync()).Sheet;
        (drawn.State, drawn.Parcels, drawn.CodMinor, drawn.FreightCollectMinor, drawn.VehicleStanding).ShouldBe(("drawn", 3, 5_000L, 0L, "not_checked"), drawn.ToString());
        (await DrawAsync("ORDER-P1")).Refused.ShouldSatisfyAllConditions(r => r.Code.ShouldBe("on_another_sheet"), r => r.Parcels.ShouldBe(["ORDER-P1"]));

        // No passed check, no run (SEED-03-EBIKE): not looked at, found wanting, put right.
        (await ReleaseAsync(drawn.Number, "")).Refused.Code.ShouldBe("vehicle_not_checked");
        await bed.SyncAsync(bed.Checked(1, batteryIsGood: false));
        (await ReleaseAsync(drawn.Number, "")).Refused.ShouldSatisfyAllConditions(r => r.Code.ShouldBe("vehicle_check_failed"), r => r.Figures["failed"].ShouldBe("battery"));
        await bed.SyncAsync(bed.Checked(2, batteryIsGood: true));
        (await ReleaseAsync(drawn.Number, "")).Refused.Code.ShouldBe("another_handover");
        var other = await bed.HandOverAsync("RS-ANOTHER", false, "ORDER-P1");
        (await ReleaseAsync(drawn.Number, other)).Refused.Code.ShouldBe("another_handover");
        await bed.AbandonAsync(other);
        var few = await bed.HandOverAsync(drawn.Number, true, "ORDER-P1");
        (await ReleaseAsync(drawn.Number, few)).Refused.ShouldSatisfyAllConditions(r => r.Code.ShouldBe("counts_differ"), r => r.Parcels.ShouldBe(["ORDER-P2", "ORDER-P3"]));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_couriers_evening_needs_every_parcel_and_every_note(Engine engine)
    {
        await using var bed = await Bed.StartAsync(engine);
        await bed.RegisterAsync(("ORDER-P1", 0, 100), ("ORDER-P2", 5_000, 200), ("ORDER-P3", 0, 300));
        await (await bed.RunsAsync()).PlanAsync(new PlanCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot });
        var sheets = await bed.SheetsAsync();
        var number = (await sheets.DrawUpAsync(new DrawUpSheetCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Courier = bed.Courier })).Sheet.Number;
        async Task<SheetReply> CloseAsync() => await sheets.CloseAsync(new CloseSheetCommand { CommandId = BackendFixture.NewCommandId(), Number = number });
        (await CloseAsync()).Refused.Code.ShouldBe("not_released");
        await bed.SyncAsync(bed.Checked(1, batteryIsGood: true));
        var handover = await bed.HandOverAsync(number, true, "ORDER-P1", "ORDER-P2", "ORDER-P3");
        var release = new ReleaseSheetCommand { CommandId = BackendFixture.NewCommandId(), Number = number, Handover = handover };
        var released = (await sheets.ReleaseAsync(release)).Sheet;
        released.State.ShouldBe("released");
        released.Ordinary.Concat(released.Insured).ShouldAllBe(l => l.WentOut);
        (await sheets.ReleaseAsync(release)).Sheet.ShouldBe(released, "the same command again");
        release.CommandId = BackendFixture.NewCommandId();
        (await sheets.ReleaseAsync(release)).Refused.Code.ShouldBe("already_released");

        // What the phone takes along: exactly the proof, the amounts, nobody's full name.
        var day = await bed.MyDayAsync();
        (day.VehicleStanding, day.Sheets.Single().State, day.Stops.Count, day.CashMinor).ShouldBe(("good", "released", 3, 0L));
        var first = day.Stops.Single(s => s.Stop == "ORDER-P2");
        (first.Name, first.Phone, first.Address).ShouldBe(("欧***", "138******78", "文三路90号3幢2单元501室"));
        first.Parcels.Single().ShouldSatisfyAllConditions(p => p.Proofs.ShouldBe(["signature"]), p => p.CodMinor.ShouldBe(5_000), p => p.State.ShouldBe("open"), p => p.Clause.ShouldBe("none"));
        (await CloseAsync()).Refused.ShouldSatisfyAllConditions(r => r.Code.ShouldBe("unaccounted"), r => r.Parcels.Count.ShouldBe(3));

        var desk = new Doors.DoorsClient(await bed.Backend.AsAsync(Roles.CustomerService));
        (await desk.InterceptAsync(new InterceptCommand { CommandId = BackendFixture.NewCommandId(), Parcel = "ORDER-P3", Action = "return", Reason = "the sender wants it back" })).Outcome.ShouldBe("ordered");
        var collected = bed.Fact(3, EventKind.MoneyCollected, "ORDER-P2");
        collected.Money = new MoneyMove
        {
            Courier = bed.Courier, Depot = BackendFixture.Depot, Currency = "CNY", Means = PaymentMeans.Cash,
            Items = { new MoneyItem { Parcel = "ORDER-P2", Purpose = MoneyPurpose.Cod, Minor = 5_000, Account = BackendFixture.Account } },
        };
        var failed = bed.Fact(6, EventKind.AttemptFailed, "ORDER-P3");
        (failed.Reason, failed.Action) = ("nobody_there", "try_again");
        var told = await bed.SyncAsync(bed.Delivered(4, "ORDER-P1"), collected, bed.Delivered(5, "ORDER-P2"), failed);
        told.Results.ShouldAllBe(r => r.Result == "recorded", told.ToString());
        told.Intercepts.Select(i => (i.Parcel, i.Action)).ShouldBe([("ORDER-P3", "return")]);
        (await bed.MyDayAsync()).ShouldSatisfyAllConditions(d => d.CashMinor.ShouldBe(5_000), d => d.Stops.Count(s => s.State == "done").ShouldBe(2), d => d.Stops.Count(s => s.State == "failed").ShouldBe(1));

        (await CloseAsync()).Refused.ShouldSatisfyAllConditions(r => r.Code.ShouldBe("not_back"), r => r.Parcels.ShouldBe(["ORDER-P3"]));
        await bed.BackAsync("ORDER-P3");
        (await CloseAsync()).Refused.ShouldSatisfyAllConditions(r => r.Code.ShouldBe("cash_not_counted"), r => r.Figures["expected_minor"].ShouldBe("5000"));
        await new Cash.CashClient(await bed.Backend.AsAsync(Roles.StationHead)).CountAsync(new CountCashCommand
        {
            CommandId = BackendFixture.NewCommandId(), Courier = bed.Courier, Depot = BackendFixture.Depot, Currency = "CNY", CountedMinor = 5_000, RunSheet = number,
        });
        var closed = (await CloseAsync()).Sheet;
        (closed.State, closed.CashExpectedMinor, closed.CashOpenMinor).ShouldBe(("closed", 5_000L, 0L), closed.ToString());
        closed.Ordinary.Concat(closed.Insured).OrderBy(l => l.Parcel, StringComparer.Ordinal).Select(l => (l.End, l.Action)).ShouldBe([("delivered", ""), ("delivered", ""), ("attempted", "try_again")]);
        (await CloseAsync()).Refused.Code.ShouldBe("already_closed");
        (await sheets.ListAsync(new ListSheetsRequest { Depot = BackendFixture.Depot })).Sheets.ShouldHaveSingleItem().CodMinor.ShouldBe(5_000);
        (await sheets.PrintAsync(new PrintSheetRequest { Number = number })).Content.ToStringUtf8().ShouldContain("派送路单");
    }

    private static async Task<StatusCode> StatusAsync(Func<Task> call) => (await Should.ThrowAsync<RpcException>(call)).StatusCode;

    /// <summary>A depot at nine in the morning, with a courier and his phone.</summary>
    private sealed class Bed : IAsyncDisposable
    {
        private readonly ByteString _boot = BackendFixture.NewCommandId();
        private readonly ByteString _journal = BackendFixture.NewCommandId();
        private int _sequence;

        private Bed(BackendFixture backend) => Backend = backend;

        internal BackendFixture Backend { get; }

        internal string Courier => Backend.People[Roles.Courier];

        internal List<string> Couriers { get; } = [];

        internal static async Task<Bed> StartAsync(Engine engine, bool second = false)
        {
            var time = new ShiftedTime();
            var nine = time.Now().InZone(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).Date.PlusDays(1).At(new LocalTime(9, 0)).InZoneLeniently(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).ToInstant();
            time.Advance((nine - time.Now()).ToTimeSpan());
            var bed = new Bed(await BackendFixture.StartAsync(
                engine, options => options with { AddMore = services => services.AddTerms(PickupOrderTests.TermsOf(BackendFixture.Account)) }, time: time));
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

        internal async Task OrderAsync()
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

        private async Task AppendAsync(params ParcelEvent[] facts)
        {
            var appended = await Backend.Services.GetRequiredService<IJournal>().AppendAsync(new AppendBatch
            {
                Source = JournalSource.Import("run-day"), Bodies = [.. facts.Select(static f => (ReadOnlyMemory<byte>)f.ToByteArray())], Clock = BatchClock.History, ReceivedAt = Backend.Time.Now(),
            });
            appended.Value.Rejected.ShouldBeEmpty();
        }

        public ValueTask DisposeAsync() => Backend.DisposeAsync();
    }
}
