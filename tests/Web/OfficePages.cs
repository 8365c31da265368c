using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>The backend's pages, signed in.</summary>
internal static class OfficePages
{
    public static async Task<WatchedPage> SignedInAsync(Browser browser, Uri pages, string name, string password, string language, int width = 1366, int height = 768)
    {
        var opened = await browser.OpenAsync(language, width, height);
        await opened.Page.GotoAsync(new Uri(pages, "/sign-in").ToString());
        await opened.Page.Locator("input#name").FillAsync(name);
        await opened.Page.Locator("input#password").FillAsync(password);
        await opened.Page.Keyboard.PressAsync("Enter");
        await Expect(opened.Page.Locator("header.desk-header")).ToBeVisibleAsync();
        return opened;
    }
}
