using System.Globalization;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>Every number explains itself (law 9): each figure of the scorecard, of the budgets, of the index and of the list opens the subjects behind it, as many as it says.</summary>
[Collection(PageTests.Name)]
[Trait("Time", "long")]
public sealed class LevelFiguresTests(Browser browser)
{
    [RequiresProgramTheory("chromium")]
    [InlineData("en-GB", "en", "KeyAccountManager")]
    [InlineData("zh-CN", "zh", "ClientUser")]
    public async Task Every_figure_opens_as_many_subjects_as_it_says(string language, string name, string role)
    {
        await using var office = await LevelsOffice.StartAsync();
        await using var opened = await OfficePages.SignedInAsync(browser, office.Backend.Pages, BackendFixture.NameOf(role), BackendFixture.Password, language, 1440, 900);
        var page = opened.Page;
        await page.Clock.SetFixedTimeAsync(office.Backend.Time.Now().ToDateTimeUtc());
        var card = $"/levels/{BackendFixture.Account}?month={office.Month}";
        await GoAsync(office, page, card);
        await Expect(page.Locator("[data-card=budgets] [data-budget]").First).ToBeVisibleAsync();
        await Expect(page.Locator("[data-card=at-risk] tbody a").First).ToBeVisibleAsync();
        await opened.PictureAsync("figures-card-" + name, whole: true);
        if (name == "zh") (await page.EnglishAsync("DOUBT", "LEVELS-LATE", "LEVELS-OPEN", "LEVELS-", "OPEN")).ShouldBeEmpty();

        // A figure that is no link would be missed here: what counts subjects stands in one.
        (await page.Locator("[data-indicator][data-available=true] td.numbers:nth-of-type(1)").CountAsync()).ShouldBeGreaterThan(0);
        var plain = await page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('[data-indicator][data-available=true]')].flatMap((row) =>
              [...row.querySelectorAll('td:not([data-label]):not(:nth-child(3)), td:nth-child(2), td:nth-child(4), td:nth-child(5), td:nth-child(6)')]
                .filter((cell) => /\d/.test(cell.textContent) && !cell.querySelector('[data-behind]')).map((cell) => row.dataset.indicator + ': ' + cell.textContent))
            """);
        plain.ShouldBeEmpty();
        var risky = await page.Locator("[data-card=at-risk] tbody a").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))");
        var asked = await FollowAsync(office, page, await FiguresAsync(page));
        foreach (var code in new[] { "parcels", "excluded", "in_doubt", "T2-value", "T2-score", "T2-numerator", "T2-denominator", "T2-missed", "T2-open", "T2-in_doubt", "T2-excluded", "T2-budget", "T-score", "T-missed", "Q4-denominator", "Q4-numerator", "T4-denominator" })
            asked.Contains(code).ShouldBeTrue(code);
        foreach (var path in risky)
        {
            await GoAsync(office, page, path);
            await Expect(page.Locator("h1")).ToContainTextAsync(LevelsOffice.Open);
        }

        // The index: the day on which they were late, its components, and its sums.
        await GoAsync(office, page, card + "&tab=sqi");
        await page.Locator($".heat-day[data-day='{office.Day}']").ClickAsync();
        await Expect(page.Locator("[data-card=sqi-day] .components a").First).ToBeVisibleAsync();
        await opened.PictureAsync("figures-sqi-" + name, whole: true);
        if (name == "zh") (await page.EnglishAsync()).ShouldBeEmpty();
        asked = await FollowAsync(office, page, await FiguresAsync(page));
        foreach (var code in new[] { "sqi-points", "sqi-shipments", "sqi-failures", "sqi-sum7", "sqi-sum28", "sqi-right_day_late" }) asked.Contains(code).ShouldBeTrue(code);

        await GoAsync(office, page, $"/levels?month={office.Month}");
        await Expect(page.Locator("tbody .grade-badge").First).ToBeVisibleAsync();
        (await FollowAsync(office, page, await FiguresAsync(page))).Count.ShouldBe(3);
        opened.Complaints.ShouldBeEmpty();
    }

    private static Task GoAsync(LevelsOffice office, IPage page, string path) => page.GotoAsync(new Uri(office.Backend.Pages, path).ToString());

    private static async Task<List<(string Kind, string Path, string Count)>> FiguresAsync(IPage page) =>
        [.. (await page.Locator("[data-behind]").EvaluateAllAsync<string[][]>("links => links.map(link => [link.dataset.behind, link.getAttribute('href'), link.dataset.count ?? ''])")).Select(static l => (l[0], l[1], l[2]))];

    // Opens each by its address and counts what is listed; what adds more than one each is compared by its sum.
    private static async Task<List<string>> FollowAsync(LevelsOffice office, IPage page, List<(string Kind, string Path, string Count)> figures)
    {
        foreach (var same in figures.GroupBy(static f => f.Path, StringComparer.Ordinal))
        {
            await GoAsync(office, page, same.Key);
            await Expect(page.Locator(".behind-figure, .toolbar .ant-segmented").First).ToBeVisibleAsync();
            // Dots stand where the answer is still awaited.
            await Expect(page.Locator("[data-listed], .nothing:not(:text-is('…'))").First).ToBeVisibleAsync();
            while (await page.Locator("[data-act=more]").CountAsync() > 0)
            {
                var before = await page.Locator("[data-subject]").CountAsync();
                await page.Locator("[data-act=more]").ClickAsync();
                await Expect(page.Locator("[data-subject]")).Not.ToHaveCountAsync(before);
            }
            var rows = await page.Locator("[data-subject]").CountAsync();
            var (numerator, denominator) = rows == 0 ? (0, 0) : (await NumberAsync(page.Locator("[data-listed]"), "data-numerator"), await NumberAsync(page.Locator("[data-listed]"), "data-denominator"));
            foreach (var (kind, path, count) in same) Check(kind, path, count, rows, numerator, denominator);
        }
        return [.. figures.Select(static f => f.Kind)];
    }

    private static void Check(string kind, string path, string count, int rows, long numerator, long denominator)
    {
        var expected = kind switch
        {
            // Points and hours are no counts: something stands behind them.
            "T4-numerator" => "",
            // Scans are more than one each.
            "Q4-numerator" or "O1-numerator" => numerator.ToString(CultureInfo.InvariantCulture),
            "Q4-denominator" or "O1-denominator" => denominator.ToString(CultureInfo.InvariantCulture),
            "Q4-missed" or "Q4-budget" or "O1-missed" or "O1-budget" => (denominator - numerator).ToString(CultureInfo.InvariantCulture),
            _ => rows.ToString(CultureInfo.InvariantCulture),
        };
        if (count.Length == 0 || expected.Length == 0) rows.ShouldBeGreaterThan(0, $"{kind} {path}");
        else count.ShouldBe(expected, $"{kind} {path}");
    }

    private static async Task<long> NumberAsync(ILocator at, string attribute) => long.Parse((await at.GetAttributeAsync(attribute))!, CultureInfo.InvariantCulture);
}
