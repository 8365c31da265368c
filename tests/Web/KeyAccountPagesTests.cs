using System.Diagnostics;
using System.Text.RegularExpressions;
using KeyAccountLogistics.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>Accounts, contracts, prices and weight cases of the running demonstration, walked through in both languages.</summary>
[Collection(PageTests.Name)]
public sealed class KeyAccountPagesTests(DemoProgram demo, Browser browser) : IClassFixture<DemoProgram>
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    private Task<WatchedPage> SignedInAsync(string role, string language, int width = 1366)
    {
        var person = demo.SignInOf(role);
        return OfficePages.SignedInAsync(browser, demo.Address, person.GetProperty("name").GetString()!, person.GetProperty("password").GetString()!, language, width);
    }

    private Task GoAsync(IPage page, string path) => page.GotoAsync(new Uri(demo.Address, path).ToString());

    [RequiresProgramTheory("chromium")]
    [InlineData("en-GB", "no security agreement", "pickup windows")]
    [InlineData("zh-CN", "无安全协议", "揽收时段")]
    public async Task An_account_manager_sees_at_once_what_an_account_lacks_and_opens_its_record(string language, string missing, string windows)
    {
        await using var opened = await SignedInAsync("KeyAccountManager", language);
        var page = opened.Page;
        await Expect(page.Locator("tbody")).ToContainTextAsync(missing);
        await opened.PictureAsync("accounts-" + language, whole: true);
        await page.Locator("tbody a[href$='HDDS-A']").ClickAsync();
        await Expect(page.Locator("[data-card=sites]")).ToContainTextAsync(windows);
        await Expect(page.Locator(".week-bar").First).ToBeVisibleAsync();
        // Names are masked until somebody says why.
        await Expect(page.Locator("[data-card=contacts]")).ToContainTextAsync("138******78");
        await opened.PictureAsync("account-" + language, whole: true);
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task A_contact_is_shown_in_full_only_with_a_reason_that_stays_in_the_history()
    {
        await using var opened = await SignedInAsync("KeyAccountManager", "en-GB");
        var page = opened.Page;
        await GoAsync(page, "/accounts/HDDS-A");
        await page.Locator("[data-act=reveal]").First.ClickAsync();
        var dialog = page.Locator(".ant-modal");
        await Expect(dialog.Locator(".ant-btn-primary")).ToBeDisabledAsync();
        await dialog.Locator("input").FillAsync("agree on a pickup");
        await dialog.Locator(".ant-btn-primary").ClickAsync();
        await Expect(dialog).ToContainTextAsync("13812345678");
        await opened.PictureAsync("contact-revealed-en");
        await dialog.Locator(".ant-btn-primary").ClickAsync();
        await Expect(page.Locator(".desk")).ToContainTextAsync("agree on a pickup");
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task A_refusal_stands_at_the_field_it_is_about()
    {
        await using var opened = await SignedInAsync("KeyAccountManager", "zh-CN");
        var page = opened.Page;
        await GoAsync(page, "/accounts/MLJJ-D");
        await page.Locator("[data-act=identity]").ClickAsync();
        await page.Locator("#creditCode").FillAsync("91310000MA1K00000X");
        await page.Locator(".ant-modal .ant-btn-primary").ClickAsync();
        await Expect(page.Locator(".ant-form-item-has-error #creditCode")).ToBeVisibleAsync();
        await opened.PictureAsync("refused-zh");
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramTheory("chromium")]
    [InlineData("en-GB", "price rises")]
    [InlineData("zh-CN", "涨价")]
    public async Task A_contract_is_read_clause_by_clause_and_its_versions_are_compared_in_words(string language, string rises)
    {
        await using var opened = await SignedInAsync("KeyAccountManager", language);
        var page = opened.Page;
        await GoAsync(page, "/contracts");
        await Expect(page.Locator("tbody [data-state=proposed]")).ToBeVisibleAsync();
        await opened.PictureAsync("contracts-" + language, whole: true);
        await GoAsync(page, "/contracts/KA-2026-0001/1#T-1");
        await Expect(page.Locator("[data-clause='T-1'] .price-table").First).ToContainTextAsync("8.00");
        await Expect(page.Locator("[data-clause='T-1'] .price-chart svg")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-clause='P-1'] .gates")).ToBeVisibleAsync();
        await opened.PictureAsync("contract-" + language, whole: true);
        await GoAsync(page, "/contracts/KA-2026-0001/2?tab=diff");
        await Expect(page.Locator(".diff-row[data-clause='T-1']")).ToContainTextAsync(rises);
        await opened.PictureAsync("contract-diff-" + language);
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task A_draft_s_mistakes_are_told_with_their_lines()
    {
        await using var opened = await SignedInAsync("KeyAccountManager", "en-GB");
        var page = opened.Page;
        await GoAsync(page, "/contracts/write");
        await page.Locator(".editor textarea").FillAsync("contract: KA-1\naccount: HDDS-A\ntarif:\n  - {id: T-1}\n");
        await page.Locator(".title-row button").First.ClickAsync();
        var unknown = page.Locator(".mistake", new PageLocatorOptions { HasText = "did you mean tariff" });
        await Expect(unknown.Locator(".mistake-at")).ToHaveTextAsync("3");
        await Expect(page.Locator(".editor-lines .wrong").Last).ToHaveTextAsync("3");
        await unknown.ClickAsync();
        await opened.PictureAsync("contract-mistakes-en");
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task What_is_signed_shows_its_hash_and_asks_once_more()
    {
        await using var opened = await SignedInAsync("SalesManager", "en-GB");
        var page = opened.Page;
        await GoAsync(page, "/contracts/KA-2026-0003/2");
        await page.Locator("[data-act=sign]").ClickAsync();
        var dialog = page.Locator(".ant-modal");
        await Expect(dialog.Locator(".signed-what")).ToContainTextAsync(new Regex("[0-9a-f]{64}", RegexOptions.None, MatchLimit));
        await dialog.Locator(".ant-btn-primary").ClickAsync();
        await Expect(dialog.Locator(".ant-form-item-explain-error")).ToHaveCountAsync(2);
        await dialog.Locator(".ant-select").ClickAsync();
        await page.Keyboard.PressAsync("Enter");
        await dialog.Locator("input[type=checkbox]").CheckAsync();
        await opened.PictureAsync("contract-sign-en");
        await dialog.Locator(".ant-btn-primary").ClickAsync();
        await Expect(page.Locator("h1 [data-state=signed]")).ToBeVisibleAsync();
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramTheory("chromium")]
    [InlineData("en-GB", "There is no price")]
    [InlineData("zh-CN", "无法计价")]
    public async Task A_price_stands_as_a_bill_and_no_price_is_a_state_of_its_own(string language, string none)
    {
        const string Question = "account=HDDS-A&service=standard&from=310115&to=330106&accepted=2026-11-05T10:00";
        await using var opened = await SignedInAsync("KeyAccountManager", language);
        var page = opened.Page;
        await GoAsync(page, $"/prices?{Question}&weight=2.345&sides=40+%C3%97+30+%C3%97+20&value=600&cod=50");
        var bill = page.Locator(".bill-card");
        await Expect(bill.Locator("tr[data-clause='T-1']")).ToBeVisibleAsync();
        await Expect(bill.Locator(".weight-bar")).ToContainTextAsync("4.000 kg");
        await page.Locator(".what-if input.ant-input").FillAsync("6.2");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-difference]")).Not.ToHaveAttributeAsync("data-difference", "0");
        await opened.PictureAsync("price-" + language, whole: true);
        await GoAsync(page, $"/prices?{Question}&weight=2.345&cod=99999");
        await Expect(page.Locator(".no-price")).ToContainTextAsync(none);
        await Expect(page.Locator(".bill-card")).ToHaveCountAsync(0);
        await opened.PictureAsync("price-refused-" + language);
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task Client_and_carrier_see_the_same_weight_case_and_settle_it()
    {
        await using var client = await SignedInAsync("ClientUser", "zh-CN", 390);
        await GoAsync(client.Page, "/cases");
        var link = client.Page.Locator("tbody a").First;
        await AskUntilAsync(client.Page, link);
        await client.PictureAsync("cases-client-zh", whole: true);
        var path = await link.GetAttributeAsync("href");
        await GoAsync(client.Page, path!);
        await Expect(client.Page.Locator("[data-card=chain] .chart svg")).ToBeVisibleAsync();
        await Expect(client.Page.Locator("[data-act=accept]")).ToBeVisibleAsync();
        await client.PictureAsync("case-client-zh", whole: true);
        var held = await client.Page.Locator("[data-card=money] tfoot").InnerTextAsync();

        await using var carrier = await SignedInAsync("KeyAccountManager", "en-GB");
        await GoAsync(carrier.Page, "/cases");
        await Expect(carrier.Page.Locator("tbody a").First).ToBeVisibleAsync();
        await carrier.PictureAsync("cases-en", whole: true);
        await GoAsync(carrier.Page, path!);
        var shown = await carrier.Page.Locator("[data-card=money] tfoot").InnerTextAsync();
        Figures(shown).ShouldBe(Figures(held));
        await carrier.PictureAsync("case-en", whole: true);

        await client.Page.Locator("[data-act=dispute]").ClickAsync();
        await client.Page.Locator(".ant-modal .ant-select").ClickAsync();
        await client.Page.Keyboard.PressAsync("Enter");
        await client.PictureAsync("case-dispute-zh");
        await client.Page.Locator(".ant-modal .ant-btn-primary").ClickAsync();
        await Expect(client.Page.Locator("h1 [data-stage=deciding]")).ToBeVisibleAsync();

        await carrier.Page.ReloadAsync();
        await carrier.Page.Locator("[data-act=decide]").ClickAsync();
        await carrier.Page.Locator(".ant-modal input[type=radio]").First.CheckAsync();
        await carrier.Page.Locator(".ant-modal .ant-select").ClickAsync();
        await carrier.Page.Keyboard.PressAsync("Enter");
        await carrier.PictureAsync("case-decide-en");
        await carrier.Page.Locator(".ant-modal .ant-btn-primary").ClickAsync();
        await Expect(carrier.Page.Locator("h1 [data-stage=closed]")).ToBeVisibleAsync();
        client.Complaints.ShouldBeEmpty();
        carrier.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task What_one_may_not_see_is_not_there_and_every_page_fits_a_phone()
    {
        await using var opened = await SignedInAsync("ClientUser", "zh-CN", 390);
        var page = opened.Page;
        await Expect(page.Locator(".desk-menu a[href='/accounts']")).ToHaveCountAsync(0);
        await GoAsync(page, "/accounts");
        await Expect(page.Locator("[role=alert]")).ToBeVisibleAsync();
        foreach (var (path, ready) in new[] { ("/contracts", "tbody a"), ("/contracts/KA-2026-0001/1", ".price-table"), ("/prices", ".price-form"), ("/cases", ".desk-title") })
        {
            await GoAsync(page, path);
            await Expect(page.Locator(ready).First).ToBeVisibleAsync();
            (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth")).ShouldBeTrue($"{path} is wider than the screen");
        }
        await GoAsync(page, "/contracts/KA-2026-0001/1");
        await Expect(page.Locator(".price-table").First).ToBeVisibleAsync();
        await opened.PictureAsync("contract-narrow-zh", whole: true);
        opened.Complaints.ShouldBeEmpty();
    }

    /// <summary>The first parcel that is too heavy has to reach its scale: asks for the list again until there is a case.</summary>
    private static async Task AskUntilAsync(IPage page, ILocator link)
    {
        var again = page.Locator(".toolbar button").Last;
        var began = Stopwatch.StartNew();
        while (await link.CountAsync() == 0 && began.Elapsed < TimeSpan.FromSeconds(60))
        {
            await page.RunAndWaitForResponseAsync(() => again.ClickAsync(), static response => response.Url.EndsWith("/List", StringComparison.Ordinal));
            await Expect(page.Locator("tbody a").Or(page.Locator(".nothing")).First).ToBeVisibleAsync();
        }
    }

    private static string Figures(string text) => string.Concat(text.Where(static c => char.IsAsciiDigit(c) || c == '.'));
}
