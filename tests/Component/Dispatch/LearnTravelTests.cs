using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Dispatch.Runs;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Component.Dispatch;

/// <summary>How much longer ways are than straight lines, learned from what a depot's couriers drove.</summary>
public sealed class LearnTravelTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Legs_that_took_twice_the_straight_line_make_tomorrows_plans_reckon_with_it(Engine engine)
    {
        await using var bed = await DispatchBed.StartAsync(engine);
        // A kilometre and a ninth apart, straight.
        await bed.RegisterAsync(("LEARN-1", 0, 1_000), ("LEARN-2", 0, 2_000), ("LEARN-3", 0, 3_000));
        var number = (await (await bed.SheetsAsync()).DrawUpAsync(new DrawUpSheetCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Courier = bed.Courier, Parcels = { "LEARN-1", "LEARN-2", "LEARN-3" } })).Sheet.Number;
        await bed.SyncAsync(bed.Checked(1, batteryIsGood: true));
        var handover = await bed.HandOverAsync(number, true, "LEARN-1", "LEARN-2", "LEARN-3");
        (await (await bed.SheetsAsync()).ReleaseAsync(new ReleaseSheetCommand { CommandId = BackendFixture.NewCommandId(), Number = number, Handover = handover })).Sheet.State.ShouldBe("released");
        for (var door = 1; door <= 3; door++)
        {
            (await bed.SyncAsync(bed.Delivered(door, $"LEARN-{door}"))).Results.Single().Result.ShouldBe("recorded");
            // 2,224 m at 4.5 m/s, and three minutes at the door before.
            bed.Backend.Advance(TimeSpan.FromSeconds((2 * 1_112 / 4.5) + 180));
        }
        bed.Backend.Advance(TimeSpan.FromHours(20));
        await using (var scope = bed.Backend.Services.CreateScopeAs(Caller.System))
        {
            (await ActivatorUtilities.CreateInstance<LearnTravel>(scope.ServiceProvider).RunAsync(CancellationToken.None)).ShouldBeNull();
        }
        (await bed.Backend.Database.ScalarAsync("SELECT legs FROM dispatch_travel")).ShouldBe(2);
        (await bed.Backend.Database.ScalarAsync("SELECT detour_per_mille FROM dispatch_travel")).ShouldBeInRange(1_455, 1_470, "two legs weigh little beside what is usual");

        // There and back is planned with it.
        await bed.RegisterAsync(("LEARN-4", 0, 1_000));
        var planned = (await (await bed.RunsAsync()).PlanAsync(new PlanCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot })).Day;
        planned.Runs.Single().Metres.ShouldBeInRange(3_200, 3_320);
    }
}
