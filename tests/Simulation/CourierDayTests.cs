using System.Globalization;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.TestKit.Databases;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Simulation;

/// <summary>Days of a depot under faults drawn from a seed: KAL_SEED=n draws others (tests/soak.sh day MINUTES).</summary>
public sealed class CourierDayTests(ITestOutputHelper output)
{
    private static int Seed(int usual) => int.TryParse(Environment.GetEnvironmentVariable("KAL_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : long.TryParse(Environment.GetEnvironmentVariable("KAL_SEED"), out var large) ? (int)(large % int.MaxValue) : usual;

    [Fact]
    public async Task Three_thousand_parcels_fifteen_couriers_and_more_than_two_hundred_disturbances_leave_nothing_unaccounted()
    {
        var seed = Seed(20_261_012);
        await using var day = await SimulatedDay.RunAsync(seed, DaySize.Whole);
        output.WriteLine($"seed {seed}: " + string.Join(", ", day.Disturbances.Select(d => $"{d.Key} {d.Value}")));
        day.Disturbances.Values.Sum().ShouldBeGreaterThanOrEqualTo(200, $"seed {seed}");
        (await DayChecker.ViolationsAsync(day)).ShouldBeEmpty($"seed {seed}");
    }

    [Theory]
    [OnSqlite(1)]
    [OnPostgres(2)]
    public async Task The_same_seed_gives_the_same_books(Engine engine, int seed)
    {
        await using var first = await SimulatedDay.RunAsync(seed, DaySize.Small, engine);
        (await DayChecker.ViolationsAsync(first)).ShouldBeEmpty($"seed {seed}");
        await using var second = await SimulatedDay.RunAsync(seed, DaySize.Small);
        (await second.BooksAsync()).ShouldBe(await first.BooksAsync());
    }

    [Fact]
    public async Task A_lost_answer_told_again_under_fresh_ids_is_found()
    {
        await using var day = await SimulatedDay.RunAsync(3, DaySize.Small with { Mistaken = true });
        day.Disturbances["answer lost"].ShouldBeGreaterThan(0);
        var found = await DayChecker.ViolationsAsync(day);
        found.ShouldContain(violation => violation.Contains("2 deliveries are recorded, 1 happened", StringComparison.Ordinal), string.Join('\n', found.Take(10)));
    }
}
