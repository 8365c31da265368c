using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Component.Custody;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Dispatch.Orders;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using DoorFindings = KeyAccountLogistics.Api.Dispatch.V1.DoorFindings;

namespace KeyAccountLogistics.Component.Dispatch;

public sealed class PickupOrderTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_client_orders_changes_and_cancels_its_own_pickups_and_a_miss_is_told_once(Engine engine)
    {
        await using var backend = await StartAsync(engine);
        var client = new PickupOrders.PickupOrdersClient(await backend.AsAsync(Roles.ClientUser));
        var command = Order(backend, 1, 3);
        var order = (await client.OrderAsync(command)).Order;
        (order.Phase, order.Order.Contract).ShouldBe(("open", "KA-1"));
        (await client.OrderAsync(command)).Order.ShouldBe(order);
        (await client.OrderAsync(Order(backend, -1, 3))).Refused.Code.ShouldBe("window_past");
        (await Should.ThrowAsync<RpcException>(async () => await client.OrderAsync(Order(backend, 1, 3, BackendFixture.OtherAccount)))).StatusCode.ShouldBe(StatusCode.NotFound);

        var changed = (await client.ChangeAsync(new ChangePickupCommand { CommandId = BackendFixture.NewCommandId(), Id = order.Id, Parcels = 12 })).Order;
        (changed.Order.Parcels, changed.Order.FromUs).ShouldBe((12, order.Order.FromUs));
        var second = (await client.OrderAsync(Order(backend, 2, 4))).Order;
        (await client.CancelAsync(new CancelPickupCommand { CommandId = BackendFixture.NewCommandId(), Id = second.Id, Reason = "sold out" })).Order.Phase.ShouldBe("cancelled");
        (await client.CancelAsync(new CancelPickupCommand { CommandId = BackendFixture.NewCommandId(), Id = second.Id, Reason = "again" })).Refused.Code.ShouldBe("closed");

        backend.Time.Advance(TimeSpan.FromHours(4));
        (await MissedAsync(backend)).ShouldBe(1);
        (await MissedAsync(backend)).ShouldBe(0);
        var clerk = new PickupOrders.PickupOrdersClient(backend.With((await backend.SignInAsync(BackendFixture.NameOf(Roles.DepotClerk))).AccessToken));
        (await clerk.GetAsync(new GetOrderRequest { Id = order.Id })).ShouldSatisfyAllConditions(o => o.Phase.ShouldBe("missed"), o => o.WasMissed.ShouldBeTrue());
        // Collected after all: done, late, and the miss stands.
        var found = new DoorFindings { Parcels = 12, Labelled = 12, Identity = "agreement", Inspected = true };
        var done = (await clerk.ReportAsync(new ReportPickupCommand { CommandId = BackendFixture.NewCommandId(), Id = order.Id, Found = found })).Order;
        (done.Phase, done.Punctuality, done.Taken, done.WasMissed).ShouldBe(("done", "late", 12, true));
        (await clerk.ListAsync(new ListOrdersRequest { LateOnly = true })).Orders.ShouldHaveSingleItem().Id.ShouldBe(order.Id);
        (await backend.Database.ScalarAsync($"SELECT COUNT(*) FROM journal_event WHERE kind = {(int)EventKind.PickupMissed}")).ShouldBe(1);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_the_law_forbids_is_refused_at_the_door_with_its_reason(Engine engine)
    {
        await using var backend = await StartAsync(engine);
        var clerk = new PickupOrders.PickupOrdersClient(await backend.AsAsync(Roles.DepotClerk));
        foreach (var (found, reason) in new[]
        {
            (new DoorFindings { Parcels = 1, Labelled = 1, Identity = "none", Inspected = true }, "identity_missing"),
            (new DoorFindings { Parcels = 1, Labelled = 1, Identity = "agreement" }, "inspection_mark_missing"),
            (new DoorFindings { Parcels = 1, Labelled = 1, Identity = "agreement", InspectionRefused = true }, "inspection_refused"),
            (new DoorFindings { Parcels = 1, Labelled = 1, Identity = "agreement", Inspected = true, Suspicious = true }, "prohibited_goods"),
        })
        {
            var order = (await clerk.OrderAsync(Order(backend, 1, 3))).Order;
            var reported = (await clerk.ReportAsync(new ReportPickupCommand { CommandId = BackendFixture.NewCommandId(), Id = order.Id, Found = found })).Order;
            (reported.Phase, reported.Reason, reported.Taken).ShouldBe(("refused", reason, 0));
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Orders_of_a_standing_pickup_are_made_ahead_once_and_end_with_it_SEED_00_RM_FIXED(Engine engine)
    {
        await using var backend = await StartAsync(engine);
        var client = new PickupOrders.PickupOrdersClient(await backend.AsAsync(Roles.ClientUser));
        var standing = new Api.Dispatch.V1.StandingPickup
        {
            Account = BackendFixture.Account, Site = "S1", Depot = BackendFixture.Depot, Zone = "Asia/Shanghai", Region = "none", FirstDay = "2020-01-01", Parcels = 20,
        };
        for (var day = 1; day <= 7; day++) standing.Windows.Add(new Api.Dispatch.V1.StandingWindow { Day = day, From = "23:00", Until = "23:59" });
        var set = await client.SetStandingAsync(new SetStandingCommand { CommandId = BackendFixture.NewCommandId(), Standing = standing });
        set.OrdersMade.ShouldBeInRange(7, 8, "today's window may be past");
        (await MakeAsync(backend)).ShouldBe(0);
        var orders = (await client.ListAsync(new ListOrdersRequest())).Orders;
        await client.CancelAsync(new CancelPickupCommand { CommandId = BackendFixture.NewCommandId(), Id = orders[^1].Id, Reason = "inventory" });
        (await MakeAsync(backend)).ShouldBe(0, "what the client has cancelled is not made again");
        backend.Time.Advance(TimeSpan.FromHours(24));
        (await MakeAsync(backend)).ShouldBe(1);

        client = new PickupOrders.PickupOrdersClient(backend.With((await backend.SignInAsync(BackendFixture.NameOf(Roles.ClientUser))).AccessToken));
        // The same with fewer days: orders of the others are cancelled.
        var fewer = set.Standing.Clone();
        fewer.Windows.RemoveAt(6);
        fewer.Windows.RemoveAt(5);
        var reset = await client.SetStandingAsync(new SetStandingCommand { CommandId = BackendFixture.NewCommandId(), Standing = fewer });
        reset.Standing.Id.ShouldBe(set.Standing.Id);
        reset.OrdersCancelled.ShouldBeInRange(1, 3);
        var ended = await client.EndStandingAsync(new EndStandingCommand { CommandId = BackendFixture.NewCommandId(), Id = set.Standing.Id, LastDay = "2020-01-02" });
        ended.OrdersCancelled.ShouldBeGreaterThan(0);
        (await client.ListAsync(new ListOrdersRequest { Phase = "open", FromUs = backend.Time.Now().ToUnixMicros() })).Orders.ShouldBeEmpty();
        (await MakeAsync(backend)).ShouldBe(0);
    }

    internal static async Task<BackendFixture> StartAsync(Engine engine) => await BackendFixture.StartAsync(engine, options => options with
    {
        AddMore = services => services.AddSingleton<ITermsInForce>(new GivenTerms(new TermsSnapshot(1, [TermsOf(BackendFixture.Account)]))),
    });

    /// <summary>Any contract: no calendar and no cut-off of its own, so that a test does not depend on the day it runs.</summary>
    internal static AccountTerms TermsOf(string account) => new()
    {
        Account = account, NameZh = "甲", NameEn = "A", Contract = "KA-1", Version = 1, EffectiveFrom = Instant.FromUtc(2020, 1, 1, 0, 0), Currency = "CNY",
        Chargeable = [], Weight = new WeightTerms(ClauseId.Parse("W-1"), Mass.Zero, 0), Handover = HandoverTerms.Strictest,
    };

    private static OrderPickupCommand Order(BackendFixture backend, int fromHours, int untilHours, string account = BackendFixture.Account) => new()
    {
        CommandId = BackendFixture.NewCommandId(),
        Order = new PickupOrder
        {
            Account = account, Site = "S1", Depot = BackendFixture.Depot, Parcels = 10, FromUs = (backend.Time.Now() + Duration.FromHours(fromHours)).ToUnixMicros(),
            UntilUs = (backend.Time.Now() + Duration.FromHours(untilHours)).ToUnixMicros(),
        },
    };

    private static async Task<int> MissedAsync(BackendFixture backend)
    {
        await using var scope = backend.Host.Services.CreateScopeAs(Caller.System);
        return (await scope.ServiceProvider.GetRequiredService<TellMissedPickups>().RunAsync(CancellationToken.None)).Value;
    }

    private static async Task<int> MakeAsync(BackendFixture backend)
    {
        await using var scope = backend.Host.Services.CreateScopeAs(Caller.System);
        return (await scope.ServiceProvider.GetRequiredService<SetStanding>().MakeAllAsync(CancellationToken.None)).Value;
    }
}
