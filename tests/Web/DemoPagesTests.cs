using System.Text.RegularExpressions;
using KeyAccountLogistics.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>The pages of the running demonstration in a real browser, in both languages, and as pictures for people to look at.</summary>
[Collection(PageTests.Name)]
public sealed class DemoPagesTests(DemoProgram demo, Browser browser) : IClassFixture<DemoProgram>
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    private async Task<WatchedPage> StationAsync(string language)
    {
        var opened = await browser.OpenAsync(language, 1280, 800);
        await opened.Page.GotoAsync(demo.Address.ToString());
        await Expect(opened.Page.Locator("main.kiosk")).ToHaveAttributeAsync("data-line", "live");
        return opened;
    }

    private Task<WatchedPage> SignedInAsync(string role, string language = "en-GB", int width = 1366)
    {
        var person = demo.SignInOf(role);
        return OfficePages.SignedInAsync(browser, demo.Address, person.GetProperty("name").GetString()!, person.GetProperty("password").GetString()!, language, width);
    }

    [RequiresProgramFact("chromium")]
    public async Task The_first_page_shows_a_station_where_parcels_are_being_judged()
    {
        await using var opened = await StationAsync("zh-CN");
        var verdict = opened.Page.Locator("section.verdict[data-parcel^=KAL]");
        await Expect(verdict).ToHaveAttributeAsync("data-parcel", new Regex("^KAL[0-9]{13}$", RegexOptions.None, MatchLimit));
        var first = await verdict.GetAttributeAsync("data-parcel");
        await Expect(opened.Page.Locator($"section.verdict[data-parcel^=KAL]:not([data-parcel='{first}'])")).ToBeVisibleAsync();
        await Expect(opened.Page.Locator(".weight-figure")).ToContainTextAsync("kg");
        await Expect(opened.Page.Locator(".pill-live")).ToHaveCountAsync(3);
        await opened.PictureAsync("demo-station-zh");
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task The_station_speaks_the_reader_s_language_and_changes_it_by_a_key()
    {
        await using var opened = await StationAsync("en-GB");
        await Expect(opened.Page.Locator(".next")).ToContainTextAsync("Next");
        await opened.PictureAsync("demo-station-en");
        await opened.Page.Keyboard.PressAsync("F7");
        await Expect(opened.Page.Locator(".next")).ToContainTextAsync("下一步");
        await opened.Page.ReloadAsync();
        await Expect(opened.Page.Locator(".next")).ToContainTextAsync("下一步");
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task Signing_in_refuses_a_wrong_password_in_both_languages_and_lets_the_right_one_in()
    {
        await using var opened = await browser.OpenAsync("en-GB");
        var page = opened.Page;
        await page.GotoAsync(new Uri(demo.Address, "/parcels").ToString());
        await page.Locator("input#name").FillAsync("zhang.wei");
        await page.Locator("input#password").FillAsync("not the password");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("Name or password is wrong.");
        await opened.PictureAsync("sign-in-en");
        await page.Locator("button.language").ClickAsync();
        await Expect(page.Locator(".ant-card-head-title").First).ToHaveTextAsync("登录");
        await page.Locator("button[type=submit]").ClickAsync();
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("用户名或密码不正确");
        await opened.PictureAsync("sign-in-zh");
        var auditor = demo.SignInOf("Auditor");
        await page.Locator("input#name").FillAsync(auditor.GetProperty("name").GetString()!);
        await page.Locator("input#password").FillAsync(auditor.GetProperty("password").GetString()!);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("header.desk-header")).ToContainTextAsync("审计");
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramTheory("chromium")]
    [InlineData("en-GB", "Chain of weights")]
    [InlineData("zh-CN", "重量链")]
    public async Task A_parcel_s_life_goes_down_to_the_bytes_a_device_sent(string language, string chain)
    {
        await using var opened = await SignedInAsync("Auditor", language);
        var weighed = opened.Page.Locator(".timeline-entry[data-kind='41']", new PageLocatorOptions { HasText = "SCALE-" }).First;
        await OpenWeighedParcelAsync(opened, weighed, language);
        await Expect(opened.Page.Locator(".desk")).ToContainTextAsync(chain);
        await Expect(opened.Page.Locator(".chart svg")).ToBeVisibleAsync();
        await Expect(opened.Page.Locator(".desk")).ToContainTextAsync("欧**");
        await Expect(opened.Page.Locator(".desk")).ToContainTextAsync("139******34");
        await weighed.Locator("button.entry").ClickAsync();
        await opened.PictureAsync("parcel-" + language, whole: true);
        await weighed.Locator("button[data-raw]").ClickAsync();
        await Expect(opened.Page.Locator(".raw-frames")).ToContainTextAsync("#1");
        await Expect(opened.Page.Locator(".raw").Last).ToContainTextAsync("000000");
        await opened.PictureAsync("raw-" + language);
        opened.Complaints.ShouldBeEmpty();
    }

    /// <summary>The newest parcels may be waiting for their turn on the scale: looks through the list until one has been weighed.</summary>
    private async Task OpenWeighedParcelAsync(WatchedPage opened, ILocator weighed, string language)
    {
        var page = opened.Page;
        await Expect(page.Locator("tbody a").First).ToBeVisibleAsync();
        var links = await page.Locator("tbody a").EvaluateAllAsync<string[]>("all => all.map(a => a.getAttribute('href'))");
        await opened.PictureAsync("parcels-" + language);
        foreach (var link in links)
        {
            await page.GotoAsync(new Uri(demo.Address, link).ToString());
            await Expect(page.Locator(".parcel-head h1")).ToBeVisibleAsync();
            if (await weighed.CountAsync() > 0 && await page.Locator(".desk").GetByText("欧**").CountAsync() > 0) return;
        }
        throw new InvalidOperationException("No parcel of the first page of the list has been weighed.");
    }

    [RequiresProgramFact("chromium")]
    public async Task A_client_finds_no_other_account_s_parcel()
    {
        await using var opened = await SignedInAsync("ClientUser");
        await Expect(opened.Page.Locator("tbody a").First).ToBeVisibleAsync();
        var accounts = await opened.Page.Locator("tbody tr:not(.ant-table-measure-row) td:nth-child(3)").AllInnerTextsAsync();
        accounts.ShouldNotBeEmpty();
        accounts.ShouldAllBe(account => account == "HDDS-A");
        await opened.Page.GotoAsync(new Uri(demo.Address, "/parcels/KAL2601010000000").ToString());
        await Expect(opened.Page.Locator("[role=alert]")).ToContainTextAsync("is known to you");
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task Searching_finds_nothing_in_words_and_a_page_that_is_not_there_says_so()
    {
        await using var opened = await SignedInAsync("CustomerService", "zh-CN", 420);
        var page = opened.Page;
        await Expect(page.Locator("tbody a").First).ToBeVisibleAsync();
        await opened.PictureAsync("parcels-narrow-zh");
        await page.Locator("input.ant-input").FillAsync("KAL99");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".nothing")).ToContainTextAsync("没有找到快件");
        await page.GotoAsync(new Uri(demo.Address, "/no/such/page").ToString());
        await Expect(page.Locator("[data-page=not-found]")).ToContainTextAsync("/no/such/page");
        await opened.PictureAsync("not-found-zh");
        (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth")).ShouldBeTrue("the page is wider than the screen");
        opened.Complaints.ShouldBeEmpty();
    }
}
