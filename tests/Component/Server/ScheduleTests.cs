using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Holding;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace KeyAccountLogistics.Component.Server;

public sealed class ScheduleTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Every_modules_jobs_are_on_the_backends_schedule(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine, options => options with { RunJobs = true });
        var scheduler = await backend.Host.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        foreach (var job in new[] { "journal.purge-command-log", "journal.check", "custody.hold-ageing", "custody.scale-drift", "cases.close-due-windows", "dispatch.standing-orders", "dispatch.missed-pickups" })
        {
            var triggers = await scheduler.GetTriggersOfJob(new JobKey(job));
            triggers.ShouldHaveSingleItem(job);
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Seed_03_HOLDAREA_a_hold_ages_and_an_overdue_one_is_said_once_a_look(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        await link.SendScansAsync(1, 1, backend.Time, "KAL-HELD-1");
        await link.AcknowledgedUpToAsync(1);
        var head = await backend.AsAsync(Roles.StationHead);
        var held = await new Holds.HoldsClient(head).HoldAsync(new HoldCommand { CommandId = BackendFixture.NewCommandId(), Parcel = "KAL-HELD-1", Reason = "damaged", Place = "cage-1", Node = BackendFixture.Depot });
        held.Parcel.Held.ShouldBeTrue();
        (await AgeAsync(backend)).ShouldBe("fresh");
        backend.Time.Advance(TimeSpan.FromHours(5));
        (await AgeAsync(backend)).ShouldBe("ageing");
        (await LookAsync(backend)).ShouldBeEmpty();
        backend.Time.Advance(TimeSpan.FromHours(20));
        (await AgeAsync(backend)).ShouldBe("overdue");
        (await LookAsync(backend)).ShouldHaveSingleItem().ShouldContain("KAL-HELD-1 (damaged");
    }

    private static async Task<string> AgeAsync(BackendFixture backend)
    {
        var head = new Holds.HoldsClient(backend.With((await backend.SignInAsync(BackendFixture.NameOf(Roles.StationHead))).AccessToken));
        return (await head.ListAsync(new ListHoldsRequest { Node = BackendFixture.Depot })).Held.ShouldHaveSingleItem().Hold.Age;
    }

    // What this look said.
    private static async Task<IReadOnlyList<string>> LookAsync(BackendFixture backend)
    {
        const int HoldsOverdue = 2002;
        var before = backend.Log.Lines.Count(line => line.EventId == HoldsOverdue);
        await using var scope = backend.Host.Services.CreateScopeAs(Caller.System);
        await ActivatorUtilities.CreateInstance<HoldAgeingJob>(scope.ServiceProvider).LookAsync(CancellationToken.None);
        return [.. backend.Log.Lines.Where(line => line.EventId == HoldsOverdue).Skip(before).Select(line => line.Text)];
    }
}
