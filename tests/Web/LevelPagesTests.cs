using System.Text.RegularExpressions;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>The service levels' desk: a scorecard, the parcels behind its figures down to the fact, and a parcel left out by two people.</summary>
[Collection(PageTests.Name)]
public sealed class LevelPagesTests(Browser browser)
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    [RequiresProgramTheory("chromium")]
    [InlineData("zh-CN", "zh", "没有查询记录", "存疑", "本月能否兑现")]
    [InlineData("en-GB", "en", "no queries are recorded", "In doubt", "Will we keep our promise")]
    public async Task A_scorecard_opens_the_parcels_behind_its_figures_and_the_facts_that_decided_them(string language, string name, string noQueries, string inDoubt, string question)
    {
        await using var office = await LevelsOffice.StartAsync();
        await using var opened = await OpenAsync(office, language, "CustomerService", $"/levels?month={office.Month}");
        var page = opened.Page;
        await Expect(page.Locator(".grade-badge")).ToBeVisibleAsync();
        await opened.PictureAsync("levels-" + name);
        await page.Locator($"tbody a[href^='/levels/{BackendFixture.Account}']").First.ClickAsync();

        await Expect(page.Locator(".answer-panel")).ToContainTextAsync(question);
        var punctual = page.Locator("[data-indicator=T2]");
        await Expect(punctual).ToHaveAttributeAsync("data-available", "true");
        await Expect(punctual.Locator("[data-behind=T2-value]")).ToHaveTextAsync("95.00 %");
        await Expect(punctual.Locator("[data-behind=T2-score]")).ToHaveTextAsync("80.00");
        await Expect(punctual.Locator("[data-behind=T2-missed]")).ToHaveTextAsync("3");
        // What has no figures says so in words: neither 0 nor 100.
        var queries = page.Locator("[data-indicator=T5]");
        await Expect(queries).ToHaveAttributeAsync("data-available", "false");
        await Expect(queries).ToContainTextAsync(noQueries);
        await Expect(queries.Locator("[data-behind]")).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-card=at-risk]")).ToContainTextAsync(LevelsOffice.Open);
        await Expect(page.Locator("footer")).ToContainTextAsync("Asia/Shanghai");
        await opened.PictureAsync("scorecard-" + name, whole: true);
        (await FitsAsync(page)).ShouldBeTrue("the desk is wider than the screen");

        await punctual.Locator("[data-behind=T2-missed]").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/levels/{BackendFixture.Account}/behind/T2\\?which=missed", RegexOptions.None, MatchLimit));
        await Expect(page.Locator("[data-subject]")).ToHaveCountAsync(3);
        await Expect(page.Locator($"[data-subject='{LevelsOffice.Late}']")).ToHaveAttributeAsync("href", "/parcels/" + LevelsOffice.Late);
        await Expect(page.Locator("tr", new PageLocatorOptions { HasText = LevelsOffice.Doubt })).ToContainTextAsync(inDoubt);
        await opened.PictureAsync("behind-" + name);
        await page.Locator("tr", new PageLocatorOptions { HasText = LevelsOffice.Late }).Locator("[data-raw]").First.ClickAsync();
        await Expect(page.Locator(".raw-event[data-event]")).ToBeVisibleAsync();
        await opened.PictureAsync("behind-fact-" + name);

        // The same parcels, of one depot.
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".raw-event[data-event]")).ToHaveCountAsync(0);
        await page.Locator("[data-slice=depot]").First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("member=HGH01", RegexOptions.None, MatchLimit));
        await Expect(page.Locator("[data-subject]")).ToHaveCountAsync(3);
        await page.SetViewportSizeAsync(390, 844);
        (await FitsAsync(page)).ShouldBeTrue("the desk is wider than a phone");
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task A_parcel_is_left_out_by_two_people_and_the_figure_follows()
    {
        await using var office = await LevelsOffice.StartAsync();
        var behind = $"/levels/{BackendFixture.Account}/behind/T2?which=missed&month={office.Month}";
        await using var first = await OpenAsync(office, "en-GB", "CustomerService", behind);
        await ExcludeAsync(first.Page, confirm: false);
        await Expect(first.Page.Locator(".ant-alert-success")).ToContainTextAsync("Somebody else must confirm it");
        await first.PictureAsync("exclude-proposed-en");
        // Who proposed does not confirm.
        await ExcludeAsync(first.Page, confirm: true);
        await Expect(first.Page.Locator(".ant-modal .ant-alert-error")).ToContainTextAsync("Another person");
        await first.PictureAsync("exclude-refused-en");
        // What waits for another person's word stands with the parcel: why, who and when.
        await first.Page.Keyboard.PressAsync("Escape");
        await first.Page.ReloadAsync();
        var waiting = first.Page.Locator("[data-proposed]");
        await Expect(waiting).ToHaveCountAsync(1);
        await Expect(waiting).ToContainTextAsync("Force majeure");
        await Expect(waiting).ToContainTextAsync("CustomerService");

        await using var second = await OpenAsync(office, "zh-CN", "AreaManager", behind);
        await Expect(second.Page.Locator("[data-proposed=force_majeure]")).ToContainTextAsync("不可抗力");
        await second.PictureAsync("exclude-proposal-zh");
        await ExcludeAsync(second.Page, confirm: true);
        await Expect(second.Page.Locator(".ant-alert-success")).ToContainTextAsync("已剔除");
        await office.UntilAsync("57", "59");
        await second.Page.GotoAsync(new Uri(office.Backend.Pages, $"/levels/{BackendFixture.Account}?month={office.Month}").ToString());
        await Expect(second.Page.Locator("[data-behind=T2-missed]")).ToHaveTextAsync("2");
        await second.Page.Locator("[data-behind=T2-excluded]").ClickAsync();
        await Expect(second.Page.Locator("[data-subject]")).ToHaveCountAsync(1);
        await Expect(second.Page.Locator("tbody")).ToContainTextAsync("不可抗力");
        await second.PictureAsync("excluded-zh");
        first.Complaints.ShouldBeEmpty();
        second.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task A_client_sees_his_own_figures_and_nothing_to_press_and_nothing_of_the_carriers_own()
    {
        await using var office = await LevelsOffice.StartAsync();
        await using var opened = await OpenAsync(office, "zh-CN", "ClientUser", $"/levels/{BackendFixture.Account}/behind/T2?month={office.Month}");
        var page = opened.Page;
        await Expect(page.Locator("[data-subject]")).ToHaveCountAsync(3);
        await Expect(page.Locator("[data-act=exclude]")).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-slice=courier]")).ToHaveCountAsync(0);
        await Expect(page.Locator("#desk")).Not.ToContainTextAsync("c-1");
        await opened.PictureAsync("behind-client-zh");
        foreach (var path in new[] { $"/levels?month={office.Month}", $"/levels/{BackendFixture.Account}?month={office.Month}" })
        {
            await page.GotoAsync(new Uri(office.Backend.Pages, path).ToString());
            await Expect(page.Locator(".grade-badge").First).ToBeVisibleAsync();
            await Expect(page.GetByRole(AriaRole.Tab)).ToHaveCountAsync(path.Contains("KA-", StringComparison.Ordinal) ? 2 : 3);
            await Expect(page.Locator("#desk")).Not.ToContainTextAsync(BackendFixture.OtherAccount);
            await Expect(page.Locator("#desk")).Not.ToContainTextAsync("预警");
            await page.GetByRole(AriaRole.Tab).Nth(1).ClickAsync();
            await Expect(page.Locator("[data-card=at-risk] tbody a:visible, .heat:visible").First).ToBeVisibleAsync();
            await opened.PictureAsync(path.Contains("KA-", StringComparison.Ordinal) ? "scorecard-client-sqi-zh" : "levels-client-risk-zh");
        }
        // Another's account is as if it did not exist, in the address too.
        foreach (var path in new[] { $"/levels/{BackendFixture.OtherAccount}", $"/levels/{BackendFixture.OtherAccount}/behind/T2" })
        {
            await page.GotoAsync(new Uri(office.Backend.Pages, path).ToString());
            await Expect(page.Locator("[role=alert]").First).ToBeVisibleAsync();
            await Expect(page.Locator("[data-subject], [data-indicator]")).ToHaveCountAsync(0);
        }
        opened.Complaints.ShouldBeEmpty();
    }

    /// <summary>Warnings: why in words, about what, whose, until when, what was done; and that one is closed by itself.</summary>
    [RequiresProgramTheory("chromium")]
    [InlineData("zh-CN", "zh", "欠款逾期，最长 43 天", "处理", "客户可能流失", "已于", "原因已消除", "处理记录", "逾期")]
    [InlineData("en-GB", "en", "Money is overdue, the oldest by 43 days", "Act", "The account may be slipping", "Closed by itself", "its cause is gone", "What was done", "late by")]
    public async Task Warnings_say_why_about_what_whose_until_when_and_what_was_done(string language, string name, string overdue, string level, string slipping, string closedItself, string gone, string history, string late)
    {
        await using var office = await LevelsOffice.StartAsync();
        await office.SlipAsync();
        await using var opened = await OpenAsync(office, language, "KeyAccountManager", $"/levels/{BackendFixture.Account}?tab=warnings");
        var page = opened.Page;
        var invoice = page.Locator("[data-reason=overdue]");
        await Expect(invoice).ToContainTextAsync(overdue);
        await Expect(invoice.Locator("[data-level=act]")).ToHaveTextAsync(level);
        await Expect(invoice.Locator("[data-figure=days_31_60_minor]")).ToContainTextAsync("CNY 43,210.00");
        await Expect(invoice.Locator("[data-subjects=invoice]")).ToContainTextAsync(LevelsOffice.Invoice);
        await Expect(invoice.Locator(".warned-who")).ToContainTextAsync("KeyAccountManager");
        await Expect(page.Locator("[data-reason=budget_overspent] [data-subjects=indicator] a")).ToHaveAttributeAsync("href", new Regex($"/levels/{BackendFixture.Account}/behind/T2\\?", RegexOptions.None, MatchLimit));
        var risk = page.Locator("[data-reason=regress_risk]");
        await Expect(risk).ToContainTextAsync(slipping);
        await Expect(risk.Locator("[data-case]")).ToHaveAttributeAsync("href", $"/cases/R-{BackendFixture.Account}-1");
        await opened.PictureAsync("warnings-" + name, whole: true);
        (await FitsAsync(page)).ShouldBeTrue("the desk is wider than the screen");
        // The case that it opened shows the same signs in the same words.
        await risk.Locator("[data-case]").ClickAsync();
        await Expect(page.Locator("[data-sign=overdue]")).ToContainTextAsync("CNY 43,210.00");
        await Expect(page.Locator("[data-sign]")).ToHaveCountAsync(4);
        await opened.PictureAsync("warnings-regress-" + name, whole: true);
        await page.GoBackAsync();

        // Two acts: both stay.
        foreach (var words in new[] { "Called their accountant.", "They pay on Friday." })
        {
            await invoice.Locator("[data-act=act]").ClickAsync();
            await page.Locator(".ant-modal textarea").FillAsync(words);
            await page.Locator(".ant-modal .ant-btn-primary").ClickAsync();
            await Expect(page.Locator(".ant-modal textarea")).ToHaveCountAsync(0);
            await Expect(invoice.Locator(".warned-acts li").Last).ToContainTextAsync(words);
        }
        await Expect(invoice).ToContainTextAsync(history);
        await Expect(invoice.Locator(".warned-acts li")).ToHaveCountAsync(2);

        // Two days on it is late; paid, the night closes it and the page says so.
        office.Backend.Advance(TimeSpan.FromDays(2));
        await page.Clock.SetFixedTimeAsync(office.Backend.Time.Now().ToDateTimeUtc());
        await page.ReloadAsync();
        await Expect(invoice).ToContainTextAsync(late);
        await opened.PictureAsync("warnings-late-" + name, whole: true);
        await office.InvoiceAsync(paid: true);
        await office.Backend.WarnAsync(office.Date.PlusDays(1));
        await page.ReloadAsync();
        await Expect(page.Locator("[data-list=standing] [data-reason=volume_changed]")).ToHaveCountAsync(1);
        await Expect(invoice).ToHaveCountAsync(0);
        await page.Locator("[data-act=closed]").ClickAsync();
        await Expect(invoice).ToContainTextAsync(closedItself);
        await Expect(invoice).ToContainTextAsync(gone);
        await Expect(invoice.Locator(".warned-acts li")).ToHaveCountAsync(2);
        await opened.PictureAsync("warnings-closed-" + name, whole: true);
        await page.SetViewportSizeAsync(390, 844);
        (await FitsAsync(page)).ShouldBeTrue("the desk is wider than a phone");
        opened.Complaints.ShouldBeEmpty();
    }

    private static Task<bool> FitsAsync(IPage page) => page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth");

    private static async Task ExcludeAsync(IPage page, bool confirm)
    {
        await page.Locator("tr", new PageLocatorOptions { HasText = LevelsOffice.Late }).Locator("[data-act=exclude]").ClickAsync();
        var dialog = page.Locator(".ant-modal");
        var chosen = dialog.Locator($"input[type=radio][value={(confirm ? "yes" : "force_majeure")}]");
        await chosen.ClickAsync();
        await Expect(chosen).ToBeCheckedAsync();
        await dialog.Locator(".ant-btn-primary").ClickAsync();
    }

    private async Task<WatchedPage> OpenAsync(LevelsOffice office, string language, string role, string path)
    {
        var opened = await OfficePages.SignedInAsync(browser, office.Backend.Pages, BackendFixture.NameOf(role), BackendFixture.Password, language);
        // The page's clock is the backend's: how long ago a gate was is said by it.
        await opened.Page.Clock.SetFixedTimeAsync(office.Backend.Time.Now().ToDateTimeUtc());
        await opened.Page.GotoAsync(new Uri(office.Backend.Pages, path).ToString());
        return opened;
    }
}
