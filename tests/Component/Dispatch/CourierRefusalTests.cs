using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Component.Dispatch;

/// <summary>What a courier's phone tells and the server does not take, each with its code; and the same fact put right, which it does take.</summary>
public sealed class CourierRefusalTests
{
    private const string Insured = "ORDER-I1";

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_is_in_another_couriers_hands_is_another_run(Engine engine)
    {
        await using var bed = await DispatchBed.StartAsync(engine);
        await bed.RegisterAsync(("ORDER-P1", 5_000, 100), ("ORDER-P2", 0, 200));
        await OutAsync(bed, "ORDER-P1", "c-2");
        await OutAsync(bed, "ORDER-P2", bed.Courier);
        var attempt = bed.Fact(3, EventKind.AttemptFailed, "ORDER-P1");
        (attempt.Reason, attempt.Action) = ("nobody_there", "try_again");
        var refused = bed.Fact(4, EventKind.Refused, "ORDER-P1");
        (refused.Reason, refused.Action) = ("not_ordered", "return");
        var money = bed.Fact(5, EventKind.MoneyCollected, "ORDER-P1");
        money.Money = new MoneyMove
        {
            Courier = bed.Courier, Depot = BackendFixture.Depot, Currency = "CNY", Means = PaymentMeans.Cash,
            Items = { new MoneyItem { Parcel = "ORDER-P1", Purpose = MoneyPurpose.Cod, Minor = 5_000, Account = BackendFixture.Account } },
        };
        (await CodesAsync(
            bed, bed.Delivered(1, "ORDER-P1"), bed.Fact(2, EventKind.ConsentRecorded, "ORDER-P1"), attempt, refused, money, bed.Fact(6, EventKind.CodeWrong, "ORDER-P1"), bed.Delivered(7, "ORDER-P2"),
            bed.Delivered(8, "NOBODYS"))).ShouldBe(["another_run", "another_run", "another_run", "another_run", "another_run", "another_run", "", "parcel_unknown"]);
        (await bed.Backend.Database.ScalarAsync("SELECT COUNT(*) FROM dispatch_posting")).ShouldBe(0);
        (await bed.Backend.Database.ScalarAsync("SELECT COUNT(*) FROM dispatch_fact WHERE subject = 'door:ORDER-P1'")).ShouldBe(0);
        // Told again: the same answers, whatever has become of the parcel.
        await bed.AppendAsync(new ParcelEvent
        {
            Id = BackendFixture.NewCommandId(), Kind = EventKind.OutForDelivery, Parcel = "ORDER-P1", Node = BackendFixture.Depot, CapturedAtUs = bed.Backend.Time.Now().ToUnixMicros(),
            From = new Party { Kind = PartyKind.Courier, Id = "c-2" }, To = new Party { Kind = PartyKind.Courier, Id = bed.Courier },
        });
        (await CodesAsync(bed, bed.Delivered(1, "ORDER-P1"), bed.Fact(9, EventKind.ConsentRecorded, "ORDER-P1"))).ShouldBe(["another_run", ""]);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Nobody_has_knocked_who_does_not_say_why_and_a_sender_is_known_and_his_goods_are_looked_at(Engine engine)
    {
        await using var bed = await DispatchBed.StartAsync(engine);
        await bed.RegisterAsync(("ORDER-P1", 0, 100));
        var (order, second) = (await bed.OrderAsync(), await bed.OrderAsync());
        var silent = bed.Fact(1, EventKind.AttemptFailed, "ORDER-P1");
        silent.Action = "try_again";
        ParcelEvent Visit(int id, EventKind kind, string of, string reason = "", DoorVisit? door = null)
        {
            var e = bed.Fact(id, kind, "");
            (e.Reference, e.Reason, e.Door) = (of, reason, door);
            return e;
        }

        (await CodesAsync(
            bed, silent, Visit(2, EventKind.PickupMissed, order), Visit(3, EventKind.PickupMissed, order, " "), Visit(4, EventKind.PickupRefused, order), Visit(5, EventKind.PickupMissed, "PO-NOBODYS", "closed"),
            Visit(6, EventKind.PickupDone, "", door: new DoorVisit { Parcels = 1, Identity = "agreement", InspectionMark = true })))
            .ShouldBe(["reason_missing", "reason_missing", "reason_missing", "reason_missing", "order_unknown", "order_unknown"]);
        (await CodesAsync(
            bed, Visit(11, EventKind.PickupDone, order), Visit(12, EventKind.PickupDone, order, door: new DoorVisit { Parcels = 10, InspectionMark = true }),
            Visit(13, EventKind.PickupDone, order, door: new DoorVisit { Parcels = 10, Identity = "none", InspectionMark = true }),
            Visit(14, EventKind.PickupDone, order, door: new DoorVisit { Parcels = 10, Identity = "his word", InspectionMark = true }),
            Visit(15, EventKind.PickupDone, order, door: new DoorVisit { Parcels = 10, Identity = "agreement" })))
            .ShouldBe(["nothing_there", "identity_missing", "identity_missing", "identity_missing", "inspection_mark_missing"]);
        (await bed.Backend.Database.ScalarAsync("SELECT COUNT(*) FROM dispatch_order WHERE phase = 1")).ShouldBe(2, "nothing of all that has happened");

        (await CodesAsync(
            bed, Visit(21, EventKind.PickupDone, order, door: new DoorVisit { Parcels = 10, Identity = "document", InspectionMark = true }), Visit(22, EventKind.PickupMissed, second, "closed"))).ShouldBe(["", ""]);
        (await bed.Backend.Database.ScalarAsync("SELECT SUM(phase) FROM dispatch_order")).ShouldBe(2 + 3, "one done, one missed");
    }

    /// <summary>SEED-03-INSURED: the contract demands that an insured parcel is weighed again, and the consignee's door is a handover.</summary>
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_insured_parcel_is_weighed_at_the_door_and_held_when_it_weighs_something_else(Engine engine)
    {
        await using var bed = await DispatchBed.StartAsync(engine, terms: WeighingTerms());
        await RegisterInsuredAsync(bed, Insured);
        await bed.RegisterAsync(("ORDER-P1", 0, 100));
        await OutAsync(bed, Insured, bed.Courier);
        ParcelEvent Weighed(int id, long grams)
        {
            var e = bed.Fact(id, EventKind.Weighed, Insured);
            e.Weight = new Weight { MassMg = grams * 1_000, Purpose = WeightPurpose.Delivery, Typed = true, TypedReason = "portable_scale_read" };
            return e;
        }

        (await CodesAsync(bed, bed.Delivered(1, Insured), bed.Delivered(2, "ORDER-P1"))).ShouldBe(["reweigh_missing", ""], "an ordinary one is not weighed");
        var forged = Weighed(11, 5_000);
        forged.Actor = "somebody";
        (await CodesAsync(bed, forged, bed.Delivered(12, Insured), bed.Delivered(13, Insured), Weighed(14, 4_000))).ShouldBe(
            ["other_actor", "reweigh_missing", "reweigh_missing", ""], "neither a weighing that is refused nor one that comes afterwards proves anything");
        (await CodesAsync(bed, Weighed(3, 4_000), bed.Delivered(4, Insured))).ShouldBe(["", "weight_held"], "1 kg less than was handed on");
        (await CodesAsync(bed, bed.Delivered(5, Insured))).ShouldBe(["weight_held"], "the last weighing that was told counts, also in another call");
        (await CodesAsync(bed, Weighed(6, 5_050), bed.Delivered(7, Insured))).ShouldBe(["", ""], "within 100 g of what was handed on");
        (await bed.Backend.Database.ScalarAsync($"SELECT COUNT(*) FROM journal_event WHERE kind = {(int)EventKind.Delivered}")).ShouldBe(2);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_order_to_stop_reaches_the_phone_that_has_nothing_to_tell(Engine engine)
    {
        await using var bed = await DispatchBed.StartAsync(engine);
        await bed.RegisterAsync(("ORDER-P1", 0, 100), ("ORDER-P2", 0, 200));
        await (await bed.RunsAsync()).PlanAsync(new PlanCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot });
        var sheets = await bed.SheetsAsync();
        var number = (await sheets.DrawUpAsync(new DrawUpSheetCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Courier = bed.Courier })).Sheet.Number;
        await bed.SyncAsync(bed.Checked(1, batteryIsGood: true));
        var desk = new Doors.DoorsClient(await bed.Backend.AsAsync(Roles.CustomerService));
        async Task StopAsync(string parcel) => (await desk.InterceptAsync(new InterceptCommand
        {
            CommandId = BackendFixture.NewCommandId(), Parcel = parcel, Action = "stop", Reason = "the sender asks",
        })).Outcome.ShouldBe("ordered");
        await StopAsync("ORDER-P2");
        (await bed.SyncAsync()).Intercepts.ShouldBeEmpty("the sheet is not released: the parcel is the depot's");
        var handover = await bed.HandOverAsync(number, true, "ORDER-P1", "ORDER-P2");
        (await sheets.ReleaseAsync(new ReleaseSheetCommand { CommandId = BackendFixture.NewCommandId(), Number = number, Handover = handover })).Refused.ShouldBeNull();
        (await bed.SyncAsync()).Intercepts.Select(i => (i.Parcel, i.Action, i.Reason)).ShouldBe([("ORDER-P2", "stop", "the sender asks")]);
        await StopAsync("ORDER-P1");
        // His own word does not take the order back.
        var undone = bed.Fact(5, EventKind.ConsentRecorded, "ORDER-P2");
        undone.Corrects = ByteString.CopyFrom(Uuid.Bytes(Guid.Parse((await bed.SyncAsync()).Intercepts.Single(i => i.Parcel == "ORDER-P2").EventId)));
        (await CodesAsync(bed, undone)).ShouldBe(["correction_at_desk"]);
        (await bed.SyncAsync()).Intercepts.Select(i => i.Parcel).ShouldBe(["ORDER-P1", "ORDER-P2"], ignoreOrder: true);
        await bed.BackAsync("ORDER-P2");
        (await bed.SyncAsync()).Intercepts.Select(i => i.Parcel).ShouldBe(["ORDER-P1"], "what is back in the depot is no matter of his");
    }

    private static async Task<List<string>> CodesAsync(DispatchBed bed, params ParcelEvent[] facts) => [.. (await bed.SyncAsync(facts)).Results.Select(r => r.Code)];

    private static Task OutAsync(DispatchBed bed, string parcel, string courier) => bed.AppendAsync(new ParcelEvent
    {
        Id = BackendFixture.NewCommandId(), Kind = EventKind.OutForDelivery, Parcel = parcel, Node = BackendFixture.Depot, CapturedAtUs = bed.Backend.Time.Now().ToUnixMicros(),
        From = new Party { Kind = PartyKind.Depot, Id = BackendFixture.Depot }, To = new Party { Kind = PartyKind.Courier, Id = courier },
    });

    // Sealed, so insured; weighed once on its way.
    private static async Task RegisterInsuredAsync(DispatchBed bed, string waybill)
    {
        var now = bed.Backend.Time.Now().ToUnixMicros();
        (await new Shipments.ShipmentsClient(await bed.Backend.AsAdministratorAsync()).RegisterAsync(new RegisterShipmentsRequest
        {
            Shipments = { new ShipmentLine { Waybill = waybill, Account = BackendFixture.Account, Product = "STD", Origin = "PEK02", Destination = BackendFixture.Depot, Seal = "S-1", AcceptedAtUs = now } },
        })).Registered.ShouldBe(1);
        ParcelEvent At(EventKind kind) => new() { Id = BackendFixture.NewCommandId(), Kind = kind, Parcel = waybill, Node = BackendFixture.Depot, CapturedAtUs = now };
        var (arrived, weighed) = (At(EventKind.ArrivedNode), At(EventKind.Weighed));
        arrived.To = new Party { Kind = PartyKind.Depot, Id = BackendFixture.Depot };
        (weighed.Device, weighed.Weight) = ("bench", new Weight
        {
            MassMg = 5_000_000, Scale = new Scale { Device = "bench", Serial = "B", AccuracyClass = "III", IntervalMg = 10_000, CapacityMg = 30_000_000, MinimumMg = 200_000, VerifiedUntilDay = 40_000 },
        });
        await bed.AppendAsync(arrived, weighed);
    }

    private static AccountTerms WeighingTerms() => AccountTermsJson.Read(Encoding.UTF8.GetBytes($$$"""
        {"account":"{{{BackendFixture.Account}}}","name":{"zh":"甲","en":"A"},"contract":"KA-1","version":1,"effective":{"from":"2020-01-01T00:00:00Z"},"currency":"CNY",
         "chargeable":[{"id":"C-1","first":"1 kg","rounding":{"mode":"CeilStep","step":"0.5 kg"}}],
         "weight":{"id":"W-2","absolute":"100 g","percent":"0"},"handover":{"id":"H-1","insured":["reweigh"],"touch":"fragile"}}
        """)).Terms!;
}
