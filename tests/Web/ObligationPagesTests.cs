using System.Text.RegularExpressions;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>What contracts oblige both sides to do (SEED-03-FULFIL100): overdue first, marked as met by who may, seen by all.</summary>
[Collection(PageTests.Name)]
public sealed class ObligationPagesTests(Browser browser)
{
    private const string List = "/contracts/obligations";
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    [RequiresProgramTheory("chromium")]
    [InlineData("en-GB", "en")]
    [InlineData("zh-CN", "zh")]
    public async Task Obligations_are_listed_overdue_first_and_marked_as_met(string language, string name)
    {
        var words = new OfficeWords(language);
        await using var backend = await StartAsync();
        await using var opened = await OpenAsync(backend, "SalesManager", language, "/contracts");
        var page = opened.Page;
        await page.Locator($"a[href='{List}']").ClickAsync();
        var rows = page.Locator("[data-obligation]");
        await Expect(rows.First).ToHaveAttributeAsync("data-state", "overdue");
        var states = await rows.EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.state)");
        states.TakeWhile(static s => s is "overdue").Count().ShouldBe(states.Count(static s => s is "overdue"));
        states.Any(static s => s is "open").ShouldBeTrue();
        await opened.PictureAsync("obligations-" + name, whole: true);
        if (name == "zh") (await page.EnglishAsync()).ShouldBeEmpty();

        // The oldest was met a day late; its report is named.
        var key = (await rows.First.GetAttributeAsync("data-obligation"))!;
        var due = key.Split('/')[^1];
        await rows.First.Locator("[data-act=meet]").ClickAsync();
        await page.FormDialog().Locator("#metOn").FillAsync("2999-01-01");
        await page.FormDialog().Locator("#reference").FillAsync("R-11");
        await page.FormDialog().Locator(".ant-btn-primary").ClickAsync();
        await Expect(page.FormDialog().Locator(".ant-form-item-has-error #metOn")).ToBeVisibleAsync();
        await opened.PictureAsync("obligation-meet-" + name);
        if (name == "zh") (await page.EnglishAsync()).ShouldBeEmpty();
        var late = NodaTime.Text.LocalDatePattern.Iso.Format(NodaTime.Text.LocalDatePattern.Iso.Parse(due).Value.PlusDays(1));
        await page.FormDialog().Locator("#metOn").FillAsync(late);
        await page.SendAsync();
        var row = page.Locator($"[data-obligation='{key}']");
        await Expect(row).ToHaveAttributeAsync("data-state", "late");
        await Expect(row).ToContainTextAsync(late);
        await Expect(row).ToContainTextAsync("R-11");
        await Expect(row.Locator("[data-act=meet]")).ToHaveCountAsync(0);

        // By state and span; both stand in the address.
        await page.GetByText(words["obligation.is_late"], new PageGetByTextOptions { Exact = true }).First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("state=late", RegexOptions.None, MatchLimit));
        await Expect(rows).ToHaveCountAsync(1);
        await page.Locator("input[type=date]").First.FillAsync(late);
        await Expect(rows).ToHaveCountAsync(0);
        await Expect(page.Locator(".nothing")).ToContainTextAsync(words["obligation.none"]);
        await page.SetViewportSizeAsync(800, 900);
        await page.GotoAsync(new Uri(backend.Pages, List).ToString());
        await Expect(rows.First).ToBeVisibleAsync();
        (await page.FitsAsync()).ShouldBeTrue("the list is wider than the screen");
        await opened.PictureAsync("obligations-narrow-" + name, whole: true);
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task Who_may_only_read_sees_the_same_list_without_the_button()
    {
        await using var backend = await StartAsync();
        await using var opened = await OpenAsync(backend, "CustomerService", "zh-CN", List + "?account=HDDS-A");
        await Expect(opened.Page.Locator("[data-obligation]").First).ToBeVisibleAsync();
        await Expect(opened.Page.Locator("[data-act=meet]")).ToHaveCountAsync(0);
        // Another account's person sees none of them.
        await using var client = await OpenAsync(backend, "ClientUser", "zh-CN", List);
        await Expect(client.Page.Locator(".nothing")).ToBeVisibleAsync();
        await Expect(client.Page.Locator("[data-obligation]")).ToHaveCountAsync(0);
    }

    private static async Task<BackendFixture> StartAsync()
    {
        var backend = await BackendFixture.StartAsync(Engine.Sqlite, static options => options with { WebRoot = Path.Combine(DemoProgram.Root, "artifacts", "kal", "wwwroot") });
        await backend.SignDemoContractsAsync();
        return backend;
    }

    private async Task<WatchedPage> OpenAsync(BackendFixture backend, string role, string language, string path)
    {
        var opened = await OfficePages.SignedInAsync(browser, backend.Pages, BackendFixture.NameOf(role), BackendFixture.Password, language, 1440, 900);
        await opened.Page.GotoAsync(new Uri(backend.Pages, path).ToString());
        return opened;
    }
}
