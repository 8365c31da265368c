using System.Diagnostics;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Simulation.Checks;
using KeyAccountLogistics.Simulation.World;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Databases;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Simulation;

/// <summary>A depot's day with its disturbances, at its close.</summary>
public sealed class DepotDayTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_day_of_3000_parcels_15_couriers_and_200_disturbances_closes_with_everything_accounted_for()
    {
        var (broken, _) = await RunAsync(Engine.Sqlite, RunSettings.SeedOr(5), DaySize.Full);
        broken.ShouldBeEmpty();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_small_day_closes_so_on_both_databases_and_the_same_seed_gives_the_same_books(Engine engine)
    {
        var seed = RunSettings.SeedOr(7);
        var (broken, books) = await RunAsync(engine, seed, DaySize.Small);
        broken.ShouldBeEmpty();
        (await RunAsync(engine, seed, DaySize.Small)).Books.ShouldBe(books);
    }

    internal static async Task<(IReadOnlyList<string> Broken, string Books)> RunAsync(Engine engine, ulong seed, DaySize size, ITestOutputHelper? output = null)
    {
        var watch = Stopwatch.StartNew();
        await using var day = await Day.StartAsync(engine, seed, size);
        IReadOnlyList<string> before = [];
        day.BeforeCount = async () => before = await DayChecks.BeforeCountAsync(day);
        await day.RunAsync();
        var ran = watch.Elapsed;
        IReadOnlyList<string> broken = [.. before, .. await DayChecks.AtCloseAsync(day)];
        var books = await Books.HashAsync(day);
        output?.WriteLine(FormattableString.Invariant(
            $"seed {seed}: {day.Parcels.Count} parcels, {day.Calls} calls, server opened {day.Backend.Generation} times, {day.Couriers.Sum(c => c.Phones.Count)} phones, {day.Couriers.SelectMany(c => c.Phones).Sum(p => p.Facts.Count)} facts, ran {ran.TotalSeconds:F1} s, checked {(watch.Elapsed - ran).TotalSeconds:F1} s, books {books[..12]}, broken {broken.Count}"));
        foreach (var line in broken.Take(40)) output?.WriteLine("  " + line);
        return (broken, books);
    }

    private Task<(IReadOnlyList<string> Broken, string Books)> RunAsync(Engine engine, ulong seed, DaySize size) => RunAsync(engine, seed, size, output);
}
