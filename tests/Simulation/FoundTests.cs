using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Simulation.Checks;
using KeyAccountLogistics.Simulation.World;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using NodaTime;

namespace KeyAccountLogistics.Simulation;

/// <summary>What simulated days have found, each told on its own.</summary>
public sealed class FoundTests
{
    private static readonly SimParcel Paid = new() { Code = "FOUND1", Account = BackendFixture.Account, Courier = 0, Cod = 5_000, Means = PaymentMeans.Cash };
    private static readonly SimParcel Plain = new() { Code = "FOUND2", Account = BackendFixture.Account, Courier = 0 };

    /// <summary>
    /// The phone's first call of all comes twice at once: both find no fact of it in the journal, and the second must not refuse the money as collected already. Then a call is held back by the
    /// network for twenty minutes: it says an old counter, and what is recorded afterwards must not be dated by it. At last another courier claims a parcel that has been delivered.
    /// </summary>
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_call_twice_at_once_a_copy_held_back_and_anothers_claim_change_nothing(Engine engine)
    {
        await using var backend = await SimBackend.StartAsync(engine, DayPlan.Morning);
        await RegisterAsync(backend);
        var (phone, draw) = (new Phone("found", "phone-1", await backend.HireCourierAsync("sim.first")), new Draw(1, "found"));
        phone.Start(backend.Now);
        foreach (var step in DoorScript.Of(Paid)) Record(backend, phone, Paid, step);
        var request = phone.Next(backend.Now, draw);
        var replies = await Task.WhenAll(SyncAsync(backend, "sim.first", request), SyncAsync(backend, "sim.first", request));
        replies.SelectMany(r => r.Results).ShouldAllBe(r => r.Result != "refused");
        phone.Take(request, replies[0]);
        await TellAllAsync(backend, "sim.first", phone);

        backend.AdvanceTo(backend.Now + Duration.FromMinutes(1));
        var held = phone.Next(backend.Now, draw);
        await SyncAsync(backend, "sim.first", held);
        backend.AdvanceTo(backend.Now + Duration.FromMinutes(5));
        await SyncAsync(backend, "sim.first", phone.Next(backend.Now, draw));
        backend.AdvanceTo(backend.Now + Duration.FromMinutes(15));
        await SyncAsync(backend, "sim.first", held);
        backend.AdvanceTo(backend.Now + Duration.FromMinutes(5));
        foreach (var step in DoorScript.Of(Plain)) Record(backend, phone, Plain, step);
        var told = backend.Now;
        backend.AdvanceTo(backend.Now + Duration.FromHours(2));
        await TellAllAsync(backend, "sim.first", phone);

        var other = new Phone("found", "phone-2", await backend.HireCourierAsync("sim.second"));
        other.Start(backend.Now);
        Record(backend, other, Plain, DoorScript.Of(Plain)[^1]);
        (await SyncAsync(backend, "sim.second", other.Next(backend.Now, draw))).Results[^1].Code.ShouldBe("another_run");

        var rows = await Rows.ReadAsync(backend.Database);
        rows.Journal.Count(r => r.Source.StartsWith("device:", StringComparison.Ordinal)).ShouldBe(3);
        rows.Refused.ShouldHaveSingleItem().Device.ShouldBe("phone-2");
        var late = rows.Journal.Single(r => r.Id == phone.Facts[^1].Id);
        (late.BestUs - (told.ToUnixTimeTicks() / 10)).ShouldBeInRange(-6_000_000, 6_000_000, "the counter says when, in microseconds");
    }

    /// <summary>A parcel is delivered with no network and held afterwards by the depot, which does not know; another is held before its delivery. The times decide, not what came first.</summary>
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_hold_does_not_undo_the_delivery_before_it_that_is_heard_later(Engine engine)
    {
        await using var backend = await SimBackend.StartAsync(engine, DayPlan.Morning);
        await RegisterAsync(backend);
        var phone = new Phone("held", "phone-1", await backend.HireCourierAsync("sim.first"));
        phone.Start(backend.Now);
        await SyncAsync(backend, "sim.first", phone.Next(backend.Now, new Draw(1, "held")));
        backend.AdvanceTo(backend.Now + Duration.FromMinutes(30));
        foreach (var step in DoorScript.Of(Paid)) Record(backend, phone, Paid, step);
        backend.AdvanceTo(backend.Now + Duration.FromMinutes(10));
        var holds = new Holds.HoldsClient(await backend.AsAsync(Roles.DepotClerk));
        foreach (var parcel in new[] { Paid, Plain })
        {
            await holds.HoldAsync(new HoldCommand
            {
                CommandId = BackendFixture.NewCommandId(), Parcel = parcel.Code, Reason = "damaged", Place = "shelf 3", Node = BackendFixture.Depot,
            });
        }
        backend.AdvanceTo(backend.Now + Duration.FromMinutes(10));
        foreach (var step in DoorScript.Of(Plain)) Record(backend, phone, Plain, step);
        backend.AdvanceTo(backend.Now + Duration.FromHours(1));
        var refused = new List<PhoneFact>();
        while (phone.Waiting.Any())
        {
            var request = phone.Next(backend.Now, new Draw(3, "held"));
            refused.AddRange(phone.Take(request, await SyncAsync(backend, "sim.first", request)));
        }
        refused.Select(f => (f.Subject, f.Code)).ShouldBe([(Plain.Code, "parcel_held")]);
    }

    private static async Task TellAllAsync(SimBackend backend, string name, Phone phone)
    {
        var draw = new Draw(2, name);
        while (phone.Waiting.Any())
        {
            var request = phone.Next(backend.Now, draw);
            phone.Take(request, await SyncAsync(backend, name, request)).ShouldBeEmpty();
        }
    }

    private static async Task RegisterAsync(SimBackend backend)
    {
        var request = new RegisterShipmentsRequest();
        request.Shipments.AddRange(new[] { Paid, Plain }.Select(p => new ShipmentLine
        {
            Waybill = p.Code, Account = p.Account, Product = "STD", Origin = "PEK02", Destination = BackendFixture.Depot, CodMinor = p.Cod, Currency = p.HasMoney ? "CNY" : "",
        }));
        (await new Shipments.ShipmentsClient(await backend.AsAsync(Roles.Administrator)).RegisterAsync(request)).Registered.ShouldBe(2);
    }

    private static void Record(SimBackend backend, Phone phone, SimParcel parcel, Step step)
    {
        var fact = step.Make(ByteString.Empty);
        if (fact.Kind is EventKind.MoneyCollected) fact.Money.Courier = phone.Courier;
        phone.Record(backend.Now, parcel.Code, step.Key, fact);
        phone.Flush();
    }

    private static async Task<SyncReply> SyncAsync(SimBackend backend, string name, SyncRequest request) => await new Courier.CourierClient(await backend.AsPersonAsync(name)).SyncAsync(request);
}
