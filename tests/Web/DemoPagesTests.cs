using System.Text.RegularExpressions;
using KeyAccountLogistics.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>The pages of the running demonstration in a real browser, in both languages, and as pictures for people to look at.</summary>
public sealed class DemoPagesTests(DemoProgram demo, Browser browser) : IClassFixture<DemoProgram>, IClassFixture<Browser>
{
    private static string Picture(string name) => Path.Combine(DemoProgram.Screenshots, name + ".png");

    private async Task<WatchedPage> StationAsync(string language)
    {
        var opened = await browser.OpenAsync(language);
        await opened.Page.GotoAsync(demo.Address.ToString());
        await Expect(opened.Page.Locator("main.kiosk")).ToHaveAttributeAsync("data-line", "live");
        return opened;
    }

    private async Task<WatchedPage> SignedInAsync(string role, string language = "en")
    {
        var opened = await browser.OpenAsync(language);
        var person = demo.SignInOf(role);
        await opened.Page.GotoAsync(new Uri(demo.Address, "/sign-in").ToString());
        await opened.Page.Locator("input#name").FillAsync(person.GetProperty("name").GetString()!);
        await opened.Page.Locator("input#password").FillAsync(person.GetProperty("password").GetString()!);
        await opened.Page.Locator("button[type=submit]").ClickAsync();
        await Expect(opened.Page.Locator("header.desk-header")).ToBeVisibleAsync();
        return opened;
    }

    [RequiresProgramFact("chromium")]
    public async Task The_first_page_shows_a_station_where_parcels_are_being_judged()
    {
        var opened = await StationAsync("zh-CN");
        var verdict = opened.Page.Locator("section.verdict[data-parcel]");
        await Expect(verdict).ToHaveAttributeAsync("data-parcel", new Regex("^KAL[0-9]{13}$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        var first = await verdict.GetAttributeAsync("data-parcel");
        await Expect(verdict).Not.ToHaveAttributeAsync("data-parcel", first!);
        await Expect(opened.Page.Locator(".weight-figure")).ToContainTextAsync("kg");
        await Expect(opened.Page.Locator(".pill-live")).Not.ToHaveCountAsync(0);
        await opened.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture("station-zh") });
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task The_station_speaks_the_reader_s_language_and_changes_it_at_once()
    {
        var opened = await StationAsync("en-GB");
        await Expect(opened.Page.Locator(".next")).ToContainTextAsync("Next");
        await opened.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture("station-en") });
        await opened.Page.Locator("header button.language").ClickAsync();
        await Expect(opened.Page.Locator(".next")).ToContainTextAsync("下一步");
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task A_wrong_password_gets_a_clear_answer_and_no_entry()
    {
        var opened = await browser.OpenAsync("en-GB");
        await opened.Page.GotoAsync(new Uri(demo.Address, "/sign-in").ToString());
        await opened.Page.Locator("input#name").FillAsync("zhang.wei");
        await opened.Page.Locator("input#password").FillAsync("not the password");
        await opened.Page.Locator("button[type=submit]").ClickAsync();
        await Expect(opened.Page.Locator("[role=alert]")).ToContainTextAsync("Name or password is wrong.");
        await opened.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture("sign-in-en") });
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramTheory("chromium")]
    [InlineData("en-GB")]
    [InlineData("zh-CN")]
    public async Task A_parcel_s_life_goes_down_to_the_bytes_a_device_sent(string language)
    {
        var opened = await SignedInAsync("Auditor", language);
        var weighed = opened.Page.Locator(".timeline-entry[data-kind='41']").First;
        await OpenWeighedParcelAsync(opened.Page, weighed);
        await Expect(opened.Page.Locator(".chart svg")).ToBeVisibleAsync();
        await opened.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture("parcel-" + language), FullPage = true });
        await weighed.Locator("button.entry").ClickAsync();
        await weighed.Locator("button[data-raw]").ClickAsync();
        await Expect(opened.Page.Locator(".raw").First).ToContainTextAsync("000000");
        await opened.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture("raw-" + language) });
        opened.Complaints.ShouldBeEmpty();
    }

    /// <summary>The newest parcels may be waiting for their turn on the scale: looks through the list until one has been weighed.</summary>
    private async Task OpenWeighedParcelAsync(IPage page, ILocator weighed)
    {
        await Expect(page.Locator("tbody a").First).ToBeVisibleAsync();
        var links = await page.Locator("tbody a").EvaluateAllAsync<string[]>("all => all.map(a => a.getAttribute('href'))");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture("parcels") });
        foreach (var link in links)
        {
            await page.GotoAsync(new Uri(demo.Address, link).ToString());
            await Expect(page.Locator(".parcel-head h1")).ToBeVisibleAsync();
            if (await weighed.CountAsync() > 0) return;
        }
        throw new InvalidOperationException("No parcel of the first page of the list has been weighed.");
    }

    [RequiresProgramFact("chromium")]
    public async Task A_client_finds_no_other_account_s_parcel()
    {
        var opened = await SignedInAsync("ClientUser");
        await Expect(opened.Page.Locator("tbody a").First).ToBeVisibleAsync();
        var accounts = await opened.Page.Locator("tbody tr td:nth-child(2)").AllInnerTextsAsync();
        accounts.ShouldNotBeEmpty();
        accounts.ShouldAllBe(account => account == "HDDS-A");
        await opened.Page.GotoAsync(new Uri(demo.Address, "/parcels/KAL2601010000000").ToString());
        await Expect(opened.Page.Locator("[role=alert], .ant-alert")).ToContainTextAsync("is known to you");
    }
}

/// <summary>What the station says when its agent has gone.</summary>
public sealed class LostAgentTests(DemoProgram demo, Browser browser) : IClassFixture<DemoProgram>, IClassFixture<Browser>
{
    [RequiresProgramFact("chromium")]
    public async Task A_killed_agent_shows_at_once_and_no_old_weight_is_shown_as_live()
    {
        var opened = await browser.OpenAsync("en-GB");
        await opened.Page.GotoAsync(demo.Address.ToString());
        await Expect(opened.Page.Locator("main.kiosk")).ToHaveAttributeAsync("data-line", "live");
        demo.Kill();
        await Expect(opened.Page.Locator("main.kiosk")).ToHaveAttributeAsync("data-line", "lost");
        await Expect(opened.Page.Locator(".banner")).ToContainTextAsync("No connection");
        await Expect(opened.Page.Locator(".weight-figure")).Not.ToContainTextAsync(new Regex("[0-9]", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await opened.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(DemoProgram.Screenshots, "station-lost.png") });
    }
}
