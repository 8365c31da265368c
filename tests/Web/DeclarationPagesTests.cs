using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>Force majeure on its page: declared by one person, confirmed by another, read by the client without names, and taken back.</summary>
[Collection(PageTests.Name)]
public sealed class DeclarationPagesTests(Browser browser)
{
    private const string Why = "Typhoon Doksuri, notice 2026-17";

    [RequiresProgramFact("chromium")]
    public async Task Force_majeure_is_declared_by_one_confirmed_by_another_and_taken_back()
    {
        await using var office = await LevelsOffice.StartAsync();
        await using var first = await OpenAsync(office, "zh-CN", "CustomerService");
        await Expect(first.Page.Locator(".nothing")).ToContainTextAsync("没有声明");
        await first.Page.Locator("[data-act=declare]").ClickAsync();
        var dialog = first.Page.Locator(".ant-modal");
        await dialog.Locator("#regions").FillAsync("3301 33");
        await dialog.Locator("#why").FillAsync(Why);
        // Later than it may be: said at its field, in the reader's language.
        await dialog.Locator("#from").FillAsync("2026-10-12T08:00");
        await dialog.Locator("#until").FillAsync("2027-10-13T20:00");
        await dialog.Locator(".ant-btn-primary").ClickAsync();
        await Expect(dialog.Locator(".ant-form-item-explain-error")).ToContainTextAsync("最长 92 天");
        await first.PictureAsync("declare-refused-zh");
        await dialog.Locator("#until").FillAsync("2026-10-13T20:00");
        await dialog.Locator(".ant-btn-primary").ClickAsync();
        var row = first.Page.Locator("[data-declared]");
        await Expect(row).ToHaveAttributeAsync("data-state", "asked");
        await Expect(row).ToContainTextAsync("未确认");
        await Expect(row).ToContainTextAsync("3301");
        // Who declared it does not confirm it.
        await Expect(row.Locator("[data-act=confirm]")).ToHaveCountAsync(0);
        await first.PictureAsync("declared-zh");

        await using var second = await OpenAsync(office, "en-GB", "AreaManager");
        row = second.Page.Locator("[data-declared]");
        await Expect(row).ToContainTextAsync("12/10/2026, 08:00");
        await Expect(row).ToContainTextAsync("CustomerService");
        await row.Locator("[data-act=confirm]").ClickAsync();
        await second.PictureAsync("declare-confirm-en");
        await second.Page.Locator(".ant-modal .ant-btn-primary").ClickAsync();
        await Expect(row).ToHaveAttributeAsync("data-state", "confirmed");
        await second.PictureAsync("declared-en");

        await using var client = await OpenAsync(office, "en-GB", "ClientUser");
        await Expect(client.Page.Locator("[data-declared]")).ToContainTextAsync(Why);
        await Expect(client.Page.Locator("[data-declared]")).Not.ToContainTextAsync("CustomerService");
        await Expect(client.Page.Locator("[data-act]:visible")).ToHaveCountAsync(0);

        await row.Locator("[data-act=withdraw]").ClickAsync();
        await second.Page.Locator(".ant-modal .ant-btn-primary").ClickAsync();
        await Expect(row).ToHaveAttributeAsync("data-state", "withdrawn");
        await Expect(row.Locator("[data-act]")).ToHaveCountAsync(0);
        await second.Page.SetViewportSizeAsync(390, 844);
        (await second.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth")).ShouldBeTrue("the desk is wider than a phone");
        await second.PictureAsync("declared-narrow-en");
        foreach (var opened in new[] { first, second, client }) opened.Complaints.ShouldBeEmpty();
    }

    private async Task<WatchedPage> OpenAsync(LevelsOffice office, string language, string role)
    {
        var opened = await OfficePages.SignedInAsync(browser, office.Backend.Pages, BackendFixture.NameOf(role), BackendFixture.Password, language);
        await opened.Page.GotoAsync(new Uri(office.Backend.Pages, "/levels?tab=declared").ToString());
        return opened;
    }
}
