using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts.Scales;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Quartz;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>Whether a scale is believed: the guided check at the station, and the page of those who answer for the scales.</summary>
[Collection(PageTests.Name)]
public sealed class ScalePagesTests(Browser browser)
{
    private static readonly DailyCheckRule Rule = new([Mass.FromKilograms(5), Mass.FromKilograms(20)], LocalTime.Midnight);

    [RequiresProgramFact("chromium")]
    public async Task The_day_begins_with_the_test_weights_and_every_step_is_said()
    {
        await using var bench = await DepotBench.StartAsync(Rule);
        await using var opened = await StationPageTests.SignedInAsync(browser, bench);
        var (page, next, panel) = (opened.Page, opened.Page.Locator(".next"), opened.Page.Locator("section[data-check]"));
        await Expect(next).ToContainTextAsync("请用砝码做秤检 (F5)");
        var code = await bench.RegisterAsync(declaredKg: 2.000m);
        await bench.PlaceAsync(code, 2.000m);
        await Expect(page.Locator("section.verdict h1")).ToHaveTextAsync("请先做秤检");
        await opened.PictureAsync("station-check-due-zh");
        await bench.ClearAsync();

        await page.Keyboard.PressAsync("F5");
        await Expect(next).ToContainTextAsync("放上 5.000 kg 砝码");
        await bench.Scale.PlaceAsync(Mass.FromKilograms(20));
        await Expect(panel).ToContainTextAsync("秤显示 20.000 kg：不是该砝码");
        await opened.PictureAsync("station-check-other-weight-zh");
        await PlaceAsync(bench, 5.010m);
        await Expect(panel.Locator("li[data-passed=true]")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("F7");
        await Expect(panel).ToContainTextAsync("drifting: have it adjusted");
        await opened.PictureAsync("station-check-place-en");
        await PlaceAsync(bench, 20.030m);
        await Expect(panel).ToHaveAttributeAsync("data-check", "failed");
        await Expect(next).ToContainTextAsync("The scale failed its check");
        await opened.PictureAsync("station-check-failed-en");
        bench.Scale.Clear();
        await page.Keyboard.PressAsync("F5");
        await Expect(panel).ToHaveCountAsync(0);

        await page.Keyboard.PressAsync("F5");
        await PlaceAsync(bench, 5m);
        await PlaceAsync(bench, 20m);
        await Expect(panel).ToHaveAttributeAsync("data-check", "passed");
        await opened.PictureAsync("station-check-passed-en");
        bench.Scale.Clear();
        await page.Keyboard.PressAsync("F5");
        await Expect(next).ToContainTextAsync("Scan the parcel");
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task The_drifted_scale_stands_out_with_its_figures_and_comes_back_only_after_its_check()
    {
        await using var bench = await DepotBench.StartAsync(Rule, jobs: true);
        await WeighTwiceAsync(bench.Backend);
        var scheduler = await bench.Backend.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        await scheduler.TriggerJob(new JobKey("custody.scale-drift"));
        await bench.UntilAsync(static s => s.ScaleStanding == "quarantined", "the depot is told");
        await using (var station = await StationPageTests.SignedInAsync(browser, bench))
        {
            await Expect(station.Page.Locator(".next")).ToContainTextAsync("本秤已停用");
            await station.PictureAsync("station-quarantined-zh");
            await using var opened = await OfficePages.SignedInAsync(browser, bench.Backend.Pages, BackendFixture.NameOf("StationHead"), BackendFixture.Password, "en-GB");
            var page = opened.Page;
            await page.Locator("nav a[href='/scales']").ClickAsync();
            await Expect(page.Locator("[data-scale='SCALE-S1']")).ToHaveAttributeAsync("data-standing", "quarantined");
            await Expect(page.Locator("tbody")).ToContainTextAsync("limit 10 g");
            await opened.PictureAsync("scales-en");
            await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Back into service" }).ClickAsync();
            await page.GetByLabel("Reason").FillAsync("adjusted");
            await page.Locator(".ant-modal-footer .ant-btn-primary").ClickAsync();
            await Expect(page.Locator(".ant-modal [role=alert]")).ToContainTextAsync("has not passed its check with test weights");
            await opened.PictureAsync("scales-not-checked-en");

            await station.Page.Keyboard.PressAsync("F5");
            await PlaceAsync(bench, 5m);
            await PlaceAsync(bench, 20m);
            await Expect(station.Page.Locator("section[data-check]")).ToHaveAttributeAsync("data-check", "passed");
            bench.Scale.Clear();
            await DepotBench.WaitAsync(() => bench.Agent.Unsent == 0, "the check is at the backend");
            await page.Locator(".ant-modal-footer .ant-btn-primary").ClickAsync();
            await Expect(page.Locator("[data-scale='SCALE-S1']")).ToHaveAttributeAsync("data-standing", "trusted");
            await bench.UntilAsync(static s => s.ScaleStanding == "trusted", "back in service");
            // The refusal is an answer of the wire, and the browser lists it.
            opened.Complaints.Where(static one => !one.Contains("400", StringComparison.Ordinal)).ShouldBeEmpty();
            station.Complaints.ShouldBeEmpty();
        }
    }

    private static async Task PlaceAsync(DepotBench bench, decimal kilograms)
    {
        bench.Scale.Clear();
        var taken = 0;
        await bench.UntilAsync(s => (taken = s.Check?.Weights.Count ?? 0) >= 0 && s.Check is { Phase: "place_weight", OtherWeightMg: 0 } && s.Weight.State == "zero", "a weight is asked for");
        await bench.Scale.PlaceAsync(Mass.FromKilograms(kilograms));
        await bench.UntilAsync(s => s.Check.Weights.Count == taken + 1, $"{kilograms} kg is taken");
    }

    // A hundred and fifty parcels, each on two of four scales of the depot; the bench's own shows 6 g a kilogram too much.
    private static async Task WeighTwiceAsync(BackendFixture backend)
    {
        var draw = new Random(5);
        string[] scales = ["SCALE-S1", "SCALE-S2", "SCALE-S3", "PORTABLE-7"];
        var at = (backend.Time.Now() - Duration.FromHours(5)).ToUnixTimeTicks() / 10;
        var facts = new List<ParcelEvent>();
        for (var i = 0; i < 150; i++)
        {
            var grams = 500 + (draw.NextDouble() * 9_000);
            var first = draw.Next(4);
            foreach (var scale in (int[])[first, (first + 1 + draw.Next(3)) % 4])
            {
                facts.Add(new ParcelEvent
                {
                    Id = BackendFixture.NewCommandId(), Kind = EventKind.Weighed, Parcel = $"KAL-TWICE-{i}", Node = BackendFixture.Depot, Device = scales[scale], CapturedAtUs = at += 1_000_000,
                    Weight = new Weight
                    {
                        MassMg = (long)Math.Round(grams * (scale == 0 ? 1.006 : 1) / 10) * 10_000,
                        Scale = new Scale { Device = scales[scale], Serial = $"B-{200 + scale}", AccuracyClass = "III", IntervalMg = 10_000, CapacityMg = 30_000_000, MinimumMg = 200_000 },
                    },
                });
            }
        }
        foreach (var chunk in facts.Chunk(100))
        {
            await backend.Services.GetRequiredService<IJournal>().AppendAsync(new AppendBatch
            {
                Source = JournalSource.Import("weighings"), Bodies = [.. chunk.Select(static f => (ReadOnlyMemory<byte>)f.ToByteArray())], Clock = BatchClock.History, ReceivedAt = backend.Time.Now(),
            });
        }
    }
}
