using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.ServiceLevels.Counting;
using KeyAccountLogistics.ServiceLevels.Lapsing;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static KeyAccountLogistics.Component.ServiceLevels.LevelsBed;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>What the night finds out: parcels that nobody attempted, and whether the figures are what the journal says.</summary>
public sealed class LapseTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_parcel_nobody_attempted_is_late_once_however_often_the_night_asks_and_in_time_when_the_phone_is_heard(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.RegisterAsync(BackendFixture.Account, "LAPSESTUCK", "LAPSEGOOD", "LAPSEPHONE");
        await bed.AppendAsync(
            Fact(1, EventKind.Collected, "LAPSESTUCK", At(8, 12)), Fact(2, EventKind.Collected, "LAPSEPHONE", At(8, 12)), Delivered(3, "LAPSEGOOD", At(10, 12)));
        (await bed.FigureAsync("T2")).ShouldBe("1/1 excluded 0 in doubt 0 open 2");
        for (var again = 0; again < 2; again++)
        {
            await RunAsync<TellLapses>(bed, static job => job.RunAsync(CancellationToken.None));
            (await bed.FigureAsync("T2")).ShouldBe("1/3 excluded 0 in doubt 0 open 0");
        }
        // On the 20th both are ten days late: lost until seen.
        (await bed.FigureAsync("Q1")).ShouldBe("2/3 excluded 0 in doubt 0 open 0");
        (await bed.Backend.Database.ScalarAsync($"SELECT COUNT(*) FROM journal_event WHERE kind = {(int)EventKind.PromiseLapsed}")).ShouldBe(4);
        (await bed.BehindAsync("T2")).Select(static b => b.Subject).Order(StringComparer.Ordinal).ShouldBe(["LAPSEPHONE", "LAPSESTUCK"]);
        // The courier had been there in time, without network; the other is found in a hub.
        await bed.AppendAsync(Delivered(4, "LAPSEPHONE", At(10, 15)));
        (await bed.FigureAsync("T2")).ShouldBe("2/3 excluded 0 in doubt 0 open 0");
        bed.Backend.Advance(TimeSpan.FromMinutes(4));
        await bed.AppendAsync(Fact(5, EventKind.ArrivedNode, "LAPSESTUCK", bed.Backend.Time.Now() - Duration.FromMinutes(1)));
        (await bed.FigureAsync("Q1")).ShouldBe("0/3 excluded 0 in doubt 0 open 0");
        await bed.AgreesAsync();
        (await ServiceFactTests.RebuildAsync(bed, dryRun: true)).ShouldBe(0);
        var proved = await ProofTests.CheckAsync(await ProofTests.ProveAsync(await bed.AsAsync(Roles.ClientUser), BackendFixture.Account));
        proved.Findings.ShouldBeEmpty();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_night_counts_an_account_again_and_says_what_is_off(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await RunAsync<CountOneAgain>(bed, static job => job.RunAsync(CancellationToken.None));
        Ids(bed).ShouldNotContain(5005, "there is no account yet");
        await bed.RegisterAsync(BackendFixture.Account, "NIGHT1", "NIGHT2");
        await bed.AppendAsync(Delivered(1, "NIGHT1", At(10, 12)), Delivered(2, "NIGHT2", At(11, 12)));
        await bed.FollowedAsync();
        // In November October is over.
        bed.Backend.Advance(TimeSpan.FromDays(14));
        await RunAsync<CountOneAgain>(bed, static job => job.RunAsync(CancellationToken.None));
        Ids(bed).ShouldContain(5005);
        Ids(bed).ShouldNotContain(5006);
        bed.Backend.Log.ExpectError("counted again");
        await bed.Backend.Database.ExecuteAsync("UPDATE level_counter SET numerator = numerator + 1 WHERE figure = 'T2' AND kind = 0");
        await RunAsync<CountOneAgain>(bed, static job => job.RunAsync(CancellationToken.None));
        Ids(bed).ShouldContain(5006);
    }

    private static IEnumerable<int> Ids(LevelsBed bed) => bed.Backend.Log.Lines.Select(static l => l.EventId);

    private static async Task RunAsync<TJob>(LevelsBed bed, Func<TJob, Task<Fault?>> run)
    {
        await bed.FollowedAsync();
        await using var scope = bed.Backend.Services.CreateScopeAs(Caller.System);
        (await run(ActivatorUtilities.CreateInstance<TJob>(scope.ServiceProvider))).ShouldBeNull();
    }
}
