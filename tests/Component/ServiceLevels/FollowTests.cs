using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Following;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;
using static KeyAccountLogistics.Component.ServiceLevels.LevelsBed;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>Counters do not depend on how facts came, and following loses and doubles nothing (law 5).</summary>
public sealed class FollowTests
{
    private const int Parcels = 40;

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Order_repetition_and_batches_of_arrival_change_no_counter(Engine engine)
    {
        List<string>? first = null;
        foreach (var seed in new[] { 1, 2 })
        {
            await using var bed = await StartAsync(engine);
            if (seed == 1) await RegisterAsync(bed);
            await ArriveAsync(bed, seed, 1 + 13 * (seed - 1));
            if (seed == 2) await RegisterAsync(bed);
            await bed.FollowedAsync();
            await bed.AgreesAsync();
            var counters = await CountersAsync(bed.Backend.Database);
            counters.Count.ShouldBeGreaterThan(50);
            (first ??= counters).ShouldBe(counters);
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_restart_in_the_middle_loses_and_doubles_nothing(Engine engine)
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        await using (var bed = await StartAsync(engine, database, WithoutFollower))
        {
            await RegisterAsync(bed);
            await ArriveAsync(bed, 1, 7);
            var follow = bed.Backend.Services.GetRequiredService<FollowFacts>();
            (await follow.RunOnceAsync(CancellationToken.None)).Value.ShouldBeTrue();
            // Killed between what was written and the commit: nothing of it is there, and it is done again.
            var gate = bed.Backend.Services.GetRequiredService<IWriteGate>();
            var before = await CountersAsync(database);
            await Should.ThrowAsync<OperationCanceledException>(() => gate.RunAsync<bool>(async (transaction, ct) =>
            {
                await follow.FollowAsync(transaction.Statements, Subjects.OfParcels(Enumerable.Range(1, Parcels).Select(static i => (long)i).ToList()), ct);
                await transaction.Statements.FlushAsync(ct);
                throw new OperationCanceledException("killed");
            }));
            (await CountersAsync(database)).ShouldBe(before);
        }
        await using (var bed = await StartAsync(engine, database))
        {
            await bed.FollowedAsync();
            await bed.AgreesAsync();
            // Noted once more, as after a crash between two systems: asked again, and nothing changes.
            var before = await CountersAsync(database);
            await bed.Backend.Services.GetRequiredService<IWriteGate>().RunAsync<bool>(async (transaction, ct) =>
            {
                await bed.Backend.Services.GetRequiredService<FollowFacts>().FollowAsync(transaction.Statements, Subjects.OfParcels(Enumerable.Range(1, Parcels).Select(static i => (long)i).ToList()), ct);
                return true;
            });
            (await CountersAsync(database)).ShouldBe(before);
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Two_followers_beside_each_other_and_facts_meanwhile(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await RegisterAsync(bed);
        var follow = bed.Backend.Services.GetRequiredService<FollowFacts>();
        using var stop = new CancellationTokenSource();
        var beside = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) (await follow.RunOnceAsync(CancellationToken.None)).IsOk.ShouldBeTrue();
        });
        await ArriveAsync(bed, 3, 5);
        await bed.FollowedAsync();
        await stop.CancelAsync();
        await beside;
        await bed.AgreesAsync();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_rebuild_finds_no_difference_and_puts_right_what_was_spoilt(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await RegisterAsync(bed);
        await ArriveAsync(bed, 1, 20);
        await bed.FollowedAsync();
        (await RebuildAsync(bed, dryRun: true)).ShouldBe((Parcels, 0));
        await bed.Backend.Database.ExecuteAsync("UPDATE level_subject SET body = (SELECT body FROM level_subject WHERE subject = 'p:2') WHERE subject = 'p:1'");
        // The counters are held against what the parcels are said to add, so they differ too.
        (await RebuildAsync(bed, dryRun: true)).Differences.ShouldBeGreaterThan(1);
        (await RebuildAsync(bed, dryRun: false)).Differences.ShouldBeGreaterThan(1);
        (await RebuildAsync(bed, dryRun: true)).ShouldBe((Parcels, 0));
        await bed.AgreesAsync();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_rebuild_puts_sums_of_days_and_months_right_that_nobody_contributed(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await RegisterAsync(bed);
        await ArriveAsync(bed, 1, 20);
        await bed.FollowedAsync();
        var before = await CountersAsync(bed.Backend.Database);
        var october = (2026 * 12) + 9;
        await bed.Backend.Database.ExecuteAsync("DELETE FROM level_mark WHERE figure = 'T2'");
        (await RebuildAsync(bed, dryRun: true)).Differences.ShouldBeGreaterThan(0);
        (await RebuildAsync(bed, dryRun: false)).Differences.ShouldBeGreaterThan(0);
        (await RebuildAsync(bed, dryRun: true)).ShouldBe((Parcels, 0));
        // As after a server of an older version, which counts days alone: a figure short, one never counted; a month without any day, and a day too much.
        await bed.Backend.Database.ExecuteAsync($"UPDATE level_month SET numerator = numerator - 3, open = open + 1 WHERE figure = 'parcels' AND month = {october}");
        await bed.Backend.Database.ExecuteAsync($"DELETE FROM level_month WHERE figure = 'T2' AND month = {october}");
        await bed.Backend.Database.ExecuteAsync($"INSERT INTO level_month(month, account, figure, numerator, denominator, left_out, in_doubt, open) VALUES ({october - 30}, '{BackendFixture.Account}', 'T2', 1, 2, 0, 0, 0)");
        await bed.Backend.Database.ExecuteAsync($"UPDATE level_counter SET denominator = denominator + 1 WHERE account = '{BackendFixture.Account}' AND figure = 'T2' AND kind = 0 AND day = {AccountDays.NumberOf(new(2026, 10, 10))}");
        (await CountersAsync(bed.Backend.Database)).ShouldNotBe(before);
        var found = new List<ProjectionDifference>();
        await foreach (var step in LevelsOf(bed).RebuildAsync(dryRun: false)) found.AddRange(step.Found);
        found.Select(static d => (d.Projection, d.Key, d.Field)).ShouldBe(
        [
            ("level counter", BackendFixture.Account + " 2024-04", "T2"),
            ("level counter", BackendFixture.Account + " 2026-10-10 All", "T2"),
            ("level counter", BackendFixture.Account + " 2026-10", "T2"),
            ("level counter", BackendFixture.Account + " 2026-10", "parcels"),
        ]);
        (await CountersAsync(bed.Backend.Database)).ShouldBe(before);
        (await RebuildAsync(bed, dryRun: true)).ShouldBe((Parcels, 0));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Terms_that_come_after_the_parcels_count_them_anew(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await RegisterAsync(bed);
        await ArriveAsync(bed, 1, 20);
        await bed.FollowedAsync();
        var follow = ActivatorUtilities.CreateInstance<FollowTerms>(bed.Backend.Services);
        var now = bed.Backend.Services.GetRequiredService<ITermsInForce>().Now;
        await follow.LookAsync(now, CancellationToken.None);
        await bed.FollowedAsync();
        var before = await CountersAsync(bed.Backend.Database);
        // Decided by date from now on: parcels are found again, and what they add is taken back and added anew.
        await follow.LookAsync(new TermsSnapshot(2, now.All.Select(t => t with { Promise = t.Promise! with { DecidedBy = DecidedBy.Date } })), CancellationToken.None);
        (await bed.Backend.Database.ScalarAsync("SELECT COUNT(*) FROM level_terms")).ShouldBe(2);
        await bed.FollowedAsync();
        (await CountersAsync(bed.Backend.Database)).ShouldBe(before, "the backend itself still has the old terms");
        await bed.AgreesAsync();
    }

    private static void WithoutFollower(IServiceCollection services) =>
        services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType == typeof(Follower)));

    private static IRebuildProjections LevelsOf(LevelsBed bed) => bed.Backend.Services.GetServices<IRebuildProjections>().Single(static p => p.Name == "levels");

    private static async Task<(long Keys, long Differences)> RebuildAsync(LevelsBed bed, bool dryRun)
    {
        RebuildStep? last = null;
        await foreach (var step in LevelsOf(bed).RebuildAsync(dryRun)) last = step;
        return (last!.Keys, last.Differences);
    }

    private static Task RegisterAsync(LevelsBed bed) => bed.RegisterAsync(BackendFixture.Account, [.. Enumerable.Range(0, Parcels).Select(CodeOf)]);

    private static string CodeOf(int parcel) => FormattableString.Invariant($"LEVELFOLLOW{parcel:000}");

    // The same facts for every seed; the seed decides the order, and which come twice.
    private static async Task ArriveAsync(LevelsBed bed, int seed, int batch)
    {
        EventKind[] way = [EventKind.Collected, EventKind.DepartedNode, EventKind.ArrivedNode, EventKind.OutForDelivery, EventKind.AttemptFailed, EventKind.Delivered];
        var facts = Enumerable.Range(0, Parcels).SelectMany(p => way.Select((kind, step) =>
            (Fact: Fact(1_000 + p * 10 + step, kind, CodeOf(p), At(8, 10) + Duration.FromHours(step * 9 + p * 37 % 40)), Place: (p * 7919 + step * 104_729) * (seed * 2 + 1) % 1_009))).ToList();
        var arrival = facts.OrderBy(f => f.Place).Concat(facts.Where(f => f.Place % 5 == 0)).Select(f => f.Fact).ToList();
        foreach (var chunk in arrival.Chunk(batch * 6)) await bed.AppendAsync(chunk);
    }
}
